//! What we did with a customer: where she stands, what waits, what was sent. Decided once, never folded again.

use crate::ids::{DoorId, MessageId};
use crate::record;
use crate::time::{ShopTime, Span};
use crate::wire::{Hash64, Unknown};

record! {
    /// A place in a journey.
    pub struct Position {
        /// Journey: hash of its name.
        1 journey: u32,
        /// Version of the graph she walks on.
        2 graph: u32,
        /// Step: hash of its id.
        3 step: u32,
        /// What the journey is about (a cart); 0 when it is about the person.
        4 subject: Hash64,
        /// The start from which waits may count: `left_at` for a journey of leaving.
        5 t0: ShopTime,
        /// When the step wants to be looked at again; `NEVER` while a message is on its way.
        6 wake: ShopTime,
        /// Number of the event that opened the entry, with visits the `occurrence` of its messages.
        7 occurrence: Hash64,
        /// How often this position came to a message step.
        8 visits: u32,
        /// [`PositionState`] as a number.
        9 state: u32,
        /// When its last message was sent; 0 when none was.
        10 sent_at: ShopTime,
        /// Content of the subject at entry: a cart that changed may enter again.
        11 content: Hash64,
        /// By how much `t0` was moved away from what opened the entry; what happens since then counts for exits.
        12 shift: Span,
        /// The goal was counted.
        13 reached: bool,
        /// She is counted among those who stand at her step.
        14 counted: bool,
        /// When she was moved to another version of the graph; 0 when she never was.
        15 moved_at: ShopTime,
    }
}

/// What a position is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum PositionState {
    /// It stands before its step, to be taken at `wake`.
    Arrived = 0,
    /// It waits for `wake` or for an event.
    Waiting = 1,
    /// Its message is a candidate.
    Messaging = 2,
    /// It walked to the end; kept so that the same thing does not begin again.
    Done = 3,
}

impl Position {
    /// What it is doing.
    #[must_use]
    pub fn state(&self) -> PositionState {
        match self.state {
            1 => PositionState::Waiting,
            2 => PositionState::Messaging,
            3 => PositionState::Done,
            _ => PositionState::Arrived,
        }
    }

    /// When what opened the entry happened.
    #[must_use]
    pub fn began(&self) -> ShopTime {
        self.t0.minus(self.shift)
    }

    /// Steps she has behind her that send messages: how far she is, whichever arm she walks.
    #[must_use]
    pub fn messages_behind(&self) -> u32 {
        self.visits.saturating_sub(u32::from(self.state() == PositionState::Messaging))
    }

    /// Same journey about the same thing.
    #[must_use]
    pub fn same_as(&self, other: &Position) -> bool {
        (self.journey, self.subject) == (other.journey, other.subject)
    }
}

record! {
    /// A message that waits.
    pub struct Candidate {
        /// Its number.
        1 message: MessageId,
        /// Journey: hash of its name.
        2 journey: u32,
        /// Step: hash of its id.
        3 step: u32,
        /// What it is about.
        4 subject: Hash64,
        /// When it fell due.
        5 due: ShopTime,
        /// Not after this.
        6 deadline: ShopTime,
        /// Not before this: a cap, quiet hours or a rival holds it.
        7 held_until: ShopTime,
        /// [`CandidateState`] as a number.
        8 state: u32,
        /// It is of the holdout: it goes the whole way and is not sent.
        9 ghost: bool,
        /// A person asked to send it again: its journey has gone on.
        10 repeated: bool,
    }
}

/// How far a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum CandidateState {
    /// It waits for the gate.
    Waiting = 0,
    /// The gate let it pass; it is in the outbox.
    Approved = 1,
    /// Its first byte may have left.
    Handing = 2,
}

impl Candidate {
    /// How far it is.
    #[must_use]
    pub fn state(&self) -> CandidateState {
        match self.state {
            1 => CandidateState::Approved,
            2 => CandidateState::Handing,
            _ => CandidateState::Waiting,
        }
    }
}

record! {
    /// A message that reached the channel, for caps.
    pub struct Send {
        /// When.
        1 at: ShopTime,
        /// Class of the journey.
        2 class: u32,
        /// Journey: hash of its name.
        3 journey: u32,
        /// Step: hash of its id.
        4 step: u32,
        /// What it was about.
        5 subject: Hash64,
        /// Which.
        6 message: MessageId,
    }
}

record! {
    /// What became of a message whose candidate has not arrived yet.
    pub struct EarlyOutcome {
        /// Which message.
        1 message: MessageId,
        /// It was taken, or may have been.
        2 sent: bool,
        /// It may be decided anew.
        3 again: bool,
        /// The door of the address it was written to.
        4 address: DoorId,
        /// That address does not exist.
        5 bounced: bool,
    }
}

record! {
    /// The arm of a journey's holdout she was in.
    pub struct Exposure {
        /// Journey: hash of its name.
        1 journey: u32,
        /// 1 treated, 2 held out, 3 mixed: two profiles of hers were in both.
        2 arm: u32,
        /// First time.
        3 at: ShopTime,
        /// She reached the goal within its time of `at`, and was counted.
        4 converted: bool,
    }
}

impl Exposure {
    /// An exposure that begins now.
    #[must_use]
    pub fn new(journey: u32, held_out: bool, at: ShopTime) -> Exposure {
        let arm = if held_out { 2 } else { 1 };
        Exposure { journey, arm, at, converted: false, unknown: Unknown::default() }
    }

    /// The arm as counts name it; `None` for who was in both.
    #[must_use]
    pub fn arm_name(&self) -> Option<&'static str> {
        match self.arm {
            1 => Some("treated"),
            2 => Some("held_out"),
            _ => None,
        }
    }
}
