//! All that can reach a customer.

use crate::event::Incoming;
use crate::ids::{Door, DoorId, DoorKind, MessageId, ProfileId};
use crate::time::ShopTime;
use crate::wire::Hash64;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is decided on.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Something was reported.
    Event(Box<Incoming>),
    /// Her own time has come: see [`crate::decide::due`].
    Wake,
    /// A sender is about to hand a message over.
    Claim(Claim),
    /// What became of a message that was handed over.
    Outcome(Outcome),
    /// A person wants a message sent again of which nobody can say whether it arrived.
    Repeat(Repeat),
    /// A reaction to a message that was sent.
    Feedback(Feedback),
    /// A letter from another customer's bucket, or from a door.
    Letter(Letter),
}

/// The last look before the first byte leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which message.
    pub message: MessageId,
    /// Hash of the cart that was rendered: a cart that changed since is rendered again.
    pub content: Hash64,
    /// The address it was rendered to, likewise: what was asked of another address says nothing of this one.
    pub address: DoorId,
}

/// The wish to send a message again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// Which message.
    pub message: MessageId,
    /// The door of the address it was written to: she may have another by now.
    pub address: DoorId,
    /// Its journey by name.
    pub journey: String,
    /// Its step by name.
    pub step: String,
    /// Not to be sent after.
    pub deadline: ShopTime,
    /// The person knows that the deadline has passed, and wants it sent all the same.
    pub late: bool,
    /// Who asked, for the notes of the message.
    pub note: String,
}

/// Facts from outside the profile that [`crate::decide::needs`] asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Offers by the id events use: whether they can be ordered now. A missing one is not in the catalogue.
    pub offers: BTreeMap<String, bool>,
    /// What the address's own door says.
    pub address: crate::address::Address,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Which message.
    pub message: MessageId,
    /// The door of the address it was written to.
    pub address: DoorId,
    /// What the channel said.
    pub result: Delivered,
    /// The channel's words, for a person.
    pub note: String,
}

/// What a channel said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// Taken.
    Sent,
    /// Not now; try again at this moment.
    Retry(ShopTime),
    /// Refused for good; `true`: the address does not exist.
    Never(bool),
    /// Nobody can say.
    Unknown,
    /// It was not even begun: the template said so, or cannot cope.
    Unrendered,
}

/// A reaction to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// Which message.
    pub message: MessageId,
    /// The door of the address it was written to; 0 in letters of an older release.
    #[serde(default)]
    pub address: DoorId,
    /// Its journey by name.
    pub journey: String,
    /// Its step by name.
    pub step: String,
    /// What happened.
    pub kind: Reaction,
    /// When.
    pub at: ShopTime,
    /// The first of its kind for this message: only that one is counted.
    pub first: bool,
}

/// Kinds of reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reaction {
    /// Pictures were fetched by a person's mail program.
    Opened,
    /// Pictures were fetched by a machine.
    OpenedByMachine,
    /// A person followed a link.
    Clicked,
    /// A scanner followed a link.
    ClickedByMachine,
    /// She asked to get no more.
    Unsubscribed,
    /// It was reported as spam.
    Complained,
    /// It came back for good.
    Bounced,
}

/// Work that belongs to another customer or door; durable until applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum Letter {
    /// To a door: this profile says the identity is hers.
    ClaimDoor {
        /// Which identity.
        door: Door,
        /// Who says so.
        claimant: ProfileId,
        /// How well it is known.
        proved: bool,
        /// When it was said.
        at: ShopTime,
    },
    /// To the claimant: the identity belongs to somebody else.
    Held {
        /// Kind of the identity.
        kind: DoorKind,
        /// The identity.
        door: DoorId,
        /// Who holds it.
        holder: ProfileId,
        /// Both sides are proved: they are one person.
        proved: bool,
    },
    /// To the holder: be merged into the claimant, if nothing speaks against it.
    JoinInto {
        /// The claimant.
        target: ProfileId,
        /// Kind of the identity both have.
        via: DoorKind,
        /// That identity.
        door: DoorId,
        /// It is proved on both sides.
        proved: bool,
        /// The claimant's user ids, cards, addresses and telephones: what may speak against it.
        strong: Vec<Door>,
    },
    /// To the target: all that the source knew.
    Absorb {
        /// The source.
        from: ProfileId,
        /// Its hot half.
        hot: Vec<u8>,
        /// Its warm half.
        warm: Vec<u8>,
    },
    /// To a door: its holder was merged, or the browser is another's now.
    Rebind {
        /// Which identity.
        door: Door,
        /// Who held it.
        from: ProfileId,
        /// Who holds it from now on.
        to: ProfileId,
        /// Its old holder remains somebody else: a browser changed hands.
        moved: bool,
        /// When.
        at: ShopTime,
    },
    /// To an order's door: what one source said of it.
    OrderReport(Box<crate::order::Report>),
    /// To an address's door.
    AddressReport {
        /// The address.
        door: DoorId,
        /// Whose profile says so.
        profile: ProfileId,
        /// What happened.
        what: crate::address::Said,
        /// When.
        at: ShopTime,
    },
    /// To a profile: what the address's door says now.
    AddressIs {
        /// The address.
        door: DoorId,
        /// Mail to it is stopped.
        stopped: bool,
    },
    /// To a profile: an event that entered by another door, or whose profile was merged.
    Event(Box<Incoming>),
    /// To a profile that took over from the addressee.
    Feedback(Feedback),
    /// To a profile that took over while a message was being handed over: what became of it.
    Outcome {
        /// Which message.
        message: MessageId,
        /// It was taken, or may have been; else it did not arrive.
        sent: bool,
        /// It did not arrive and may be decided anew.
        again: bool,
        /// The door of the address it was written to; 0 in letters of an older release.
        #[serde(default)]
        address: DoorId,
        /// That address does not exist.
        #[serde(default)]
        bounced: bool,
    },
}

/// To whom a letter goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// A customer.
    Profile(ProfileId),
    /// A door, by its bucket and number.
    Door {
        /// Bucket.
        bucket: crate::ids::Bucket,
        /// Number.
        door: DoorId,
    },
}
