//! A write is data: everything that one group commit changes, over any buckets of the node, in one
//! transaction.
//!
//! The order of the lists is the order of execution. Either all of it happens, or nothing.

use beckon_core::event::Strength;
use beckon_core::ids::{Bucket, DoorId, DoorKind, MessageId, ProfileId, ShopId};
use beckon_core::time::ShopTime;

/// One group commit.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// The epoch of the node; a commit of an older epoch than the store's is a [`crate::Error::Conflict`].
    pub epoch: u64,
    /// The shop's clock at the commit; kept so that a fast clock goes on where it was after a restart.
    pub now: ShopTime,
    /// Profiles, new or changed.
    pub profiles: Vec<ProfileWrite>,
    /// Words by which profiles are found.
    pub words: Vec<WordsWrite>,
    /// Who holds which identity.
    pub identities: Vec<IdentityWrite>,
    /// Events; one that is there already (same bucket, shop, number) is left as it is.
    pub events: Vec<EventWrite>,
    /// Events seen at a door whose profile lives in another bucket.
    pub seen: Vec<SeenWrite>,
    /// New messages, and changes of state.
    pub messages: Vec<MessageWrite>,
    /// What was considered and why.
    pub journal: Vec<JournalWrite>,
    /// Orders with their one credit.
    pub orders: Vec<OrderWrite>,
    /// What is known of an address: suppression, bounces, how often it was written to.
    pub addresses: Vec<AddressWrite>,
    /// Letters to other buckets, kept until the commit that applies them.
    pub letters: Vec<LetterWrite>,
    /// Letters applied by this commit.
    pub letters_done: Vec<LetterKey>,
    /// What stood in the inbox and is applied by this commit; one that is gone was applied by another, and
    /// the commit is a conflict.
    pub inbox_done: Vec<crate::InboxKey>,
    /// Inputs that could not be applied, kept with the reason.
    pub parked: Vec<ParkedWrite>,
    /// Sums for the journeys' numbers.
    pub counts: Vec<CountDelta>,
}

/// Bytes that the hot half of a profile may have.
pub const HOT_MAX_BYTES: usize = 1_024;
/// Bytes that the warm half of a profile may have.
pub const WARM_MAX_BYTES: usize = 16 * 1_024;

/// What became of a commit that happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Its number: one more than the commit before it.
    pub number: u64,
    /// For each event of the commit whether it is new; `false` was there already and was left as it was.
    pub new_events: Vec<bool>,
    /// New messages that were there already and were left as they were.
    pub known_messages: Vec<MessageId>,
}

/// A profile as it is to be.
#[derive(Clone, Debug)]
pub struct ProfileWrite {
    /// Shop.
    pub shop: ShopId,
    /// Whose; contains the bucket.
    pub id: ProfileId,
    /// The new version; the stored one must be one less (0 = not there yet), else the commit is a conflict.
    pub version: u64,
    /// State read and written with every event, at most [`HOT_MAX_BYTES`].
    pub hot: Vec<u8>,
    /// The rest, at most [`WARM_MAX_BYTES`]; `None` leaves it as it is.
    pub warm: Option<Vec<u8>>,
    /// When it must be looked at again by itself. A lower bound: an earlier stored one stays, and the early
    /// wake-up finds nothing and moves it.
    pub due: Option<ShopTime>,
    /// Written by a wake-up: the stored due is replaced by `due`, or removed when that is `None`.
    pub woken: bool,
}

/// The words by which a profile is found, beside its identities; they replace those that were there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordsWrite {
    /// Shop.
    pub shop: ShopId,
    /// Whose.
    pub profile: ProfileId,
    /// In small letters, in order, each once.
    pub words: Vec<String>,
}

/// An identity's holder.
#[derive(Clone, Debug)]
pub struct IdentityWrite {
    /// Shop.
    pub shop: ShopId,
    /// The door's bucket.
    pub bucket: Bucket,
    /// The door's number.
    pub door: DoorId,
    /// Which kind.
    pub kind: DoorKind,
    /// The identity's text: one of the few places where it stands.
    pub value: String,
    /// Who holds it.
    pub profile: ProfileId,
    /// How well that is known.
    pub strength: Strength,
    /// Since when.
    pub since: ShopTime,
    /// How many different holders it had on the day `moves_day`: a shared or hostile browser.
    pub moves: u8,
    /// Days since 1970 of `moves`.
    pub moves_day: u32,
}

/// An event of a profile.
#[derive(Clone, Debug)]
pub struct EventWrite {
    /// Shop.
    pub shop: ShopId,
    /// Whose; its bucket is the event's.
    pub profile: ProfileId,
    /// Hash of the message id.
    pub number: u64,
    /// When it happened.
    pub at: ShopTime,
    /// The event as JSON, without personal text.
    pub body: Vec<u8>,
}

/// That an event passed this door, kept for seven days.
#[derive(Clone, Copy, Debug)]
pub struct SeenWrite {
    /// Shop.
    pub shop: ShopId,
    /// The door's bucket.
    pub bucket: Bucket,
    /// Hash of the message id.
    pub number: u64,
    /// When.
    pub at: ShopTime,
}

/// A message, new or changed.
#[derive(Clone, Debug)]
pub enum MessageWrite {
    /// A message that was decided on: to be sent, or withheld at once. One that is there already is left as
    /// it is.
    New(Box<crate::MessageRow>),
    /// A change of state, with its guard. Moving to `Approved`, `Handing` or a final state sets its time;
    /// `Handing` counts a try.
    Move {
        /// Shop.
        shop: ShopId,
        /// Which; contains the bucket.
        id: MessageId,
        /// The states it may be in now; in any other the commit is a [`crate::Error::Conflict`].
        from: &'static [MessageState],
        /// The state it is to be in.
        to: MessageState,
        /// When.
        at: ShopTime,
        /// Not before this moment may it be tried again ([`MessageState::Approved`] after a retry).
        not_before: Option<ShopTime>,
        /// Code of the reason for the new state; empty when there is none.
        reason: String,
        /// What the channel answered, or the reasons as JSON; appended to what is there.
        note: Option<String>,
    },
    /// What the message says, as it is handed over: so that it can be shown as it was sent.
    Body {
        /// Shop.
        shop: ShopId,
        /// Which.
        id: MessageId,
        /// The facts it was rendered with, as JSON.
        body: Vec<u8>,
    },
    /// Something happened to a message that was sent: first human open, machine open, click, and so on. Only
    /// a time that is not set yet is set; the first bad end also becomes the reason where there is none. A
    /// message that is no longer kept is passed over.
    Mark {
        /// Shop.
        shop: ShopId,
        /// Which.
        id: MessageId,
        /// What happened.
        mark: Mark,
        /// When.
        at: ShopTime,
    },
}

/// What may happen to a message after it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A person opened it.
    Opened,
    /// A machine fetched its pictures.
    OpenedByMachine,
    /// A person followed a link.
    Clicked,
    /// A scanner followed a link.
    ClickedByMachine,
    /// It came back.
    Bounced,
    /// It was reported as spam.
    Complained,
    /// It led to an unsubscription.
    Unsubscribed,
}

/// States of a message. Numbers are for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MessageState {
    /// The gate let it pass; it waits to be sent.
    Approved = 1,
    /// A sender took it; safe to take back.
    Claimed = 2,
    /// The next byte may reach the channel: committed before it is written.
    Handing = 3,
    /// The channel took it.
    Sent = 4,
    /// The channel refused it for good.
    Never = 5,
    /// The line broke where nobody can say whether it was taken.
    Unknown = 6,
    /// Not sent, with the reason.
    Withheld = 7,
    /// Of the holdout: it went the whole way and was not sent.
    Ghost = 8,
}

impl MessageState {
    /// The state of a stored number.
    #[must_use]
    pub fn from_number(n: u8) -> Option<MessageState> {
        use MessageState::*;
        [Approved, Claimed, Handing, Sent, Never, Unknown, Withheld, Ghost]
            .into_iter()
            .find(|state| *state as u8 == n)
    }

    /// Whether nothing more is done with the message by itself.
    #[must_use]
    pub fn is_final(self) -> bool {
        !matches!(self, MessageState::Approved | MessageState::Claimed | MessageState::Handing)
    }
}

/// A line of a profile's journal.
#[derive(Clone, Debug)]
pub struct JournalWrite {
    /// Shop.
    pub shop: ShopId,
    /// Whose.
    pub profile: ProfileId,
    /// When.
    pub at: ShopTime,
    /// What was considered, and the reasons with the values compared: JSON without personal text.
    pub body: Vec<u8>,
}

/// An order at its door, with its credit. Both replace what was there.
#[derive(Clone, Debug)]
pub struct OrderWrite {
    /// Shop.
    pub shop: ShopId,
    /// The order's bucket.
    pub bucket: Bucket,
    /// The order's door.
    pub door: DoorId,
    /// The new version; the stored one must be one less.
    pub version: u64,
    /// State, as a record.
    pub body: Vec<u8>,
    /// Which message earned it; `None` removes an earlier credit.
    pub credit: Option<CreditWrite>,
    /// What it owes to blocks of recommendations, in place of what was there.
    pub block_credits: Vec<BlockCreditWrite>,
    /// Who placed it and when; `None` while that is unknown, and once it is cancelled.
    pub placed: Option<(ProfileId, ShopTime)>,
}

/// What an order owes to a block of recommendations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockCreditWrite {
    /// Block by name.
    pub block: String,
    /// Arm of its test by name; empty where there is none.
    pub arm: String,
    /// When the order was placed.
    pub at: ShopTime,
    /// Pieces; 0 when cancelled.
    pub units: u32,
    /// What they cost in minor units; 0 when cancelled.
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: String,
}

/// What an order earned a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditWrite {
    /// Journey by name.
    pub journey: String,
    /// Step by name.
    pub step: String,
    /// The message.
    pub message: MessageId,
    /// When the order was placed.
    pub at: ShopTime,
    /// Net total in minor units; 0 when cancelled.
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: String,
}

/// What is known of an address.
#[derive(Clone, Debug)]
pub struct AddressWrite {
    /// Shop.
    pub shop: ShopId,
    /// The address's bucket.
    pub bucket: Bucket,
    /// The address's door.
    pub door: DoorId,
    /// The new version; the stored one must be one less.
    pub version: u64,
    /// State, as a record.
    pub body: Vec<u8>,
}

/// A letter to a bucket: work that belongs to another customer or door.
#[derive(Clone, Debug)]
pub struct LetterWrite {
    /// Which; a letter with the key of one that is there is left out.
    pub key: LetterKey,
    /// When it was written.
    pub at: ShopTime,
    /// The letter, as JSON.
    pub body: Vec<u8>,
}

/// Names a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LetterKey {
    /// The bucket it goes to.
    pub bucket: Bucket,
    /// Shop.
    pub shop: ShopId,
    /// Unique within both.
    pub number: u64,
}

/// An input that could not be applied.
#[derive(Clone, Debug)]
pub struct ParkedWrite {
    /// Shop.
    pub shop: ShopId,
    /// Bucket of the door or the profile.
    pub bucket: Bucket,
    /// Hash of the input.
    pub number: u64,
    /// When.
    pub at: ShopTime,
    /// Why, for a person.
    pub reason: String,
    /// The input, as JSON, so that it can be tried again.
    pub body: Vec<u8>,
}

/// Something that was counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountDelta {
    /// Shop.
    pub shop: ShopId,
    /// Hours since 1970, shop's clock.
    pub hour: u32,
    /// Journey by name.
    pub journey: String,
    /// Step by name; empty for the journey itself.
    pub step: String,
    /// What: `entered`, `sent`, `withheld:consent` …
    pub metric: String,
    /// How many more.
    pub n: i64,
}
