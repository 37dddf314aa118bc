//! All we may ask of the world, as data.

use crate::gate::approved::Approved;
use crate::ids::{DoorId, MessageId};
use crate::input::{Letter, Reaction, Recipient};
use crate::time::ShopTime;
use crate::why::{Journal, Reason};

/// What `decide` gives back.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The customer as she is now.
    pub profile: crate::profile::Profile,
    /// What to do.
    pub effects: Vec<Effect>,
    /// What was considered, and why it came out so.
    pub why: Vec<Journal>,
    /// What to count.
    pub counts: Vec<Count>,
    /// Who came to a step or left one.
    pub standing: Vec<Standing>,
    /// The answer to a claim.
    pub verdict: Option<Verdict>,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A message was decided on: to be sent, or withheld at once.
    Message(Box<NewMessage>),
    /// A message of hers changes its state.
    Move {
        /// Which.
        message: MessageId,
        /// To what.
        to: MessageEnd,
        /// Why, for the numbers and the screen.
        reason: Reason,
    },
    /// Somebody reacted to a message.
    Mark {
        /// Which.
        message: MessageId,
        /// How.
        kind: Reaction,
        /// When.
        at: ShopTime,
    },
    /// Work for another bucket.
    Letter(Recipient, Letter),
}

/// Where a message goes from approved, claimed or handing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageEnd {
    /// Cancelled before it was handed over.
    Withheld,
    /// The next byte may leave.
    Handing,
    /// Of the holdout: it would have been handed over now.
    Ghost,
    /// Taken by the channel.
    Sent,
    /// Refused for good.
    Never,
    /// Nobody can say.
    Unknown,
    /// Back to the outbox until this moment, from handing.
    Again(ShopTime),
    /// Back to the outbox until this moment, from a claim.
    Later(ShopTime),
    /// Back to the outbox until this moment, from unknown: a person asked for it.
    Repeated(ShopTime),
}

/// A message that was decided on. Only the gate makes one that is approved.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMessage {
    /// Its number.
    pub id: MessageId,
    /// The address's door.
    pub address: DoorId,
    /// Journey by name.
    pub journey: String,
    /// Step by name.
    pub step: String,
    /// Template by name.
    pub template: String,
    /// `email`, or `none` for a ghost.
    pub channel: &'static str,
    /// 0 transactional, 1 triggered, 2 mass.
    pub lane: u8,
    /// Approved by the gate, or withheld.
    pub approved: Option<Approved>,
    /// When it fell due.
    pub due: ShopTime,
    /// Not to be sent after.
    pub deadline: ShopTime,
    /// Why, with the values compared.
    pub why: Vec<Reason>,
    /// Products it is about: id and quantity.
    pub items: Vec<(String, u32)>,
}

/// Something counted for a journey's numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Journey by name.
    pub journey: String,
    /// Step by name, or empty.
    pub step: String,
    /// What.
    pub metric: String,
}

/// How the number of people at one step of one version of a journey changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Journey by name.
    pub journey: String,
    /// Version of the graph.
    pub graph: u32,
    /// Key of the step: its name may be gone with its version.
    pub step: u32,
    /// By how many.
    pub n: i64,
}

/// The answer to a claim, or to the wish to send a message again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Hand it over.
    Hand,
    /// It is a ghost: done.
    Ghost,
    /// What it shows has changed: render again and claim again.
    RenderAgain,
    /// Not before this moment.
    Later(ShopTime),
    /// It is not to be sent any more.
    Withheld,
    /// It is not to be sent again.
    NotAgain(Reason),
}
