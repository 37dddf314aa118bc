//! What others ask of the decider, and what they are told.

use super::letterbox::{FromInbox, Parked};
use beckon_core::effect::Verdict;
use beckon_core::event::Incoming;
use beckon_core::ids::{DoorId, MessageId, ProfileId, ShopId};
use beckon_core::input::Reaction;
use beckon_core::input::{Feedback, Input, Letter, Recipient};
use beckon_core::time::ShopTime;
use beckon_store::{InboxKey, LetterRow, MessageRow};
use tokio::sync::oneshot;

/// Something to be done in the next commit.
pub enum Task {
    /// Events of one request: all or none.
    Events {
        /// Shop.
        shop: ShopId,
        /// The events.
        events: Vec<Incoming>,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// An input of one customer.
    Input {
        /// Shop.
        shop: ShopId,
        /// Who.
        profile: ProfileId,
        /// What.
        input: Input,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// A customer's own time has come.
    Wake {
        /// Shop.
        shop: ShopId,
        /// Who.
        profile: ProfileId,
    },
    /// The sender takes messages out of the outbox, as many as it can send now.
    Take {
        /// At most so many.
        most: usize,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// The sender gives a message back that it could not even begin to hand over.
    GiveBack {
        /// Shop.
        shop: ShopId,
        /// Which.
        message: MessageId,
        /// Not to be tried before.
        not_before: ShopTime,
        /// Why, for a person.
        note: String,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// What a message says, kept so that it can be shown as it was sent.
    Keep {
        /// Shop.
        shop: ShopId,
        /// Which.
        message: MessageId,
        /// The facts it was rendered with, as JSON.
        body: Vec<u8>,
        /// Who it is for, and what is asked of her: the claim that goes with it.
        profile: ProfileId,
        /// Hash of the cart that was rendered.
        content: beckon_core::wire::Hash64,
        /// The address's door.
        address: DoorId,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// A person decided that a message of which nobody can say whether it arrived counts as sent.
    CountAsSent {
        /// The message as it was read; it must still be unknown.
        row: Box<MessageRow>,
        /// Who decided, for the notes of the message.
        note: String,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// A person wants a message sent again of which nobody can say whether it arrived.
    SendAgain {
        /// The message as it was read; it must still be unknown.
        row: Box<MessageRow>,
        /// Also after its deadline.
        late: bool,
        /// Who decided, for the notes of the message.
        note: String,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// Words of customers that an older release wrote are filled in.
    Words {
        /// Whose.
        profiles: Vec<ProfileId>,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// A letter that was parked and is tried again.
    Letter {
        /// To whom.
        to: Recipient,
        /// What it says.
        letter: Box<Letter>,
        /// Where the answer goes.
        reply: oneshot::Sender<Answer>,
    },
    /// Something that another program put into the inbox.
    Inbox(Box<FromInbox>),
    /// A message that was on its way when the program ended.
    Interrupted(Box<MessageRow>),
    /// A letter that was not applied when the program ended.
    Kept(Box<LetterRow>),
    /// Asks whether somebody listens.
    Nothing,
    /// Stops the decider.
    Stop,
}

/// What came of a task.
#[derive(Debug)]
pub enum Answer {
    /// It is on disk.
    Done,
    /// The answer to a claim.
    Verdict(Verdict),
    /// Messages that are the sender's now.
    Taken(Vec<MessageRow>),
    /// It stands in the inbox, and takes effect when the owner has applied it.
    Kept(Vec<InboxKey>),
    /// Too much waits; nothing of it happened.
    Busy,
    /// It could not be written; nothing of it happened.
    Unavailable,
    /// It never can be written; nothing of it happened, and asking again will not help.
    Refused,
}

impl Task {
    /// How much of a commit it takes up.
    #[must_use]
    pub fn weight(&self) -> usize {
        match self {
            Task::Events { events, .. } => events.len(),
            _ => 1,
        }
    }

    /// The events it brings.
    #[must_use]
    pub fn events(&self) -> &[Incoming] {
        match self {
            Task::Events { events, .. } => events,
            Task::Inbox(row) => match &row.what {
                Ok(Parked::Event(incoming)) => std::slice::from_ref(&**incoming),
                _ => &[],
            },
            _ => &[],
        }
    }

    /// Whether it is done only when it has taken effect, not yet when nothing can lose it: an unsubscribe,
    /// and whatever a member of staff asks for.
    #[must_use]
    pub fn must_take_effect(&self) -> bool {
        match self {
            Task::Events { .. } => false,
            Task::Input { input: Input::Feedback(feedback), .. } => !matches!(
                feedback.kind,
                Reaction::Opened | Reaction::OpenedByMachine | Reaction::Clicked | Reaction::ClickedByMachine
            ),
            _ => true,
        }
    }

    /// Tells whoever asked, if somebody did.
    pub fn tell(self, answer: Answer) {
        let reply = match self {
            Task::Events { reply, .. }
            | Task::Input { reply, .. }
            | Task::Take { reply, .. }
            | Task::Letter { reply, .. }
            | Task::CountAsSent { reply, .. }
            | Task::SendAgain { reply, .. }
            | Task::Words { reply, .. }
            | Task::GiveBack { reply, .. }
            | Task::Keep { reply, .. } => reply,
            Task::Wake { .. }
            | Task::Inbox(_)
            | Task::Interrupted(_)
            | Task::Kept(_)
            | Task::Nothing
            | Task::Stop => return,
        };
        // A caller that gave up has nothing to be told.
        drop(reply.send(answer));
    }

    /// Whether it was read from the store at the start, and must be read again when it could not be done.
    #[must_use]
    pub fn is_leftover(&self) -> bool {
        matches!(self, Task::Interrupted(_) | Task::Kept(_))
    }
}

/// Feedback as an input.
#[must_use]
pub fn feedback(
    shop: ShopId,
    profile: ProfileId,
    feedback: Feedback,
    reply: oneshot::Sender<Answer>,
) -> Task {
    Task::Input { shop, profile, input: Input::Feedback(feedback), reply }
}
