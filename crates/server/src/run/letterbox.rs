//! Letters and parked inputs as they are kept: JSON that says what it is.

use super::task::Task;
use beckon_core::desk::Work;
use beckon_core::event::Incoming;
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::{Bucket, MessageId, ShopId};
use beckon_core::input::{Input, Letter, Recipient};
use beckon_core::time::ShopTime;
use beckon_store::{InboxKey, InboxRow, InboxWrite, LetterKey, LetterWrite, ParkedWrite};
use serde::{Deserialize, Serialize};

/// What was parked, so that it can be tried again.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parked {
    /// An event.
    Event(Box<Incoming>),
    /// A letter.
    Letter(Recipient, Box<Letter>),
    /// A person decided that a message of which nobody can say whether it arrived counts as sent; the note
    /// says who.
    CountAsSent(MessageId, String),
}

/// Something that stood in the inbox.
pub struct FromInbox {
    /// Which.
    pub key: InboxKey,
    /// What; its bytes where they cannot be read.
    pub what: Result<Parked, Vec<u8>>,
}

impl FromInbox {
    /// Reads a row.
    #[must_use]
    pub fn read(row: InboxRow) -> FromInbox {
        FromInbox { key: row.key, what: serde_json::from_slice(&row.body).map_err(|_| row.body) }
    }

    /// It cannot be applied, for a person.
    #[must_use]
    pub fn parked(&self, at: ShopTime, reason: &str) -> ParkedWrite {
        let InboxKey { bucket, shop, number } = self.key;
        let body = match &self.what {
            Ok(parked) => serde_json::to_vec(parked).unwrap_or_default(),
            Err(body) => body.clone(),
        };
        ParkedWrite { shop, bucket, number, at, reason: reason.chars().take(500).collect(), body }
    }
}

/// What a task says, for the inbox; nothing where only the owner can do it.
#[must_use]
pub fn arrived(task: &Task, at: ShopTime) -> Option<Vec<InboxWrite>> {
    let row = |shop, bucket, number: Option<u64>, what: &Parked| {
        let body = serde_json::to_vec(what).unwrap_or_default();
        let number = number.unwrap_or_else(|| hash(Tag::Letter, shop, &[&body]));
        InboxWrite { key: InboxKey { bucket, shop, number }, at, body }
    };
    let letter = |shop, to: Recipient, letter: Letter| {
        Some(vec![row(shop, bucket(&to), None, &Parked::Letter(to, Box::new(letter)))])
    };
    match task {
        Task::Events { shop, events, .. } => {
            let event = |incoming: &Incoming| {
                let door = incoming.identities.first()?.door.bucket(*shop);
                let what = Parked::Event(Box::new(incoming.clone()));
                Some(row(*shop, door, Some(incoming.event.number), &what))
            };
            // One without an identity is nobody's, and is left out by the owner too.
            Some(events.iter().filter_map(event).collect())
        }
        Task::Input { shop, profile, input: Input::Feedback(feedback), .. } => {
            letter(*shop, Recipient::Profile(*profile), Letter::Feedback(feedback.clone()))
        }
        Task::Input { shop, profile, input: Input::Event(incoming), .. } => {
            letter(*shop, Recipient::Profile(*profile), Letter::Event(incoming.clone()))
        }
        Task::Letter { to, letter: said, .. } => letter(crate::app::SHOP, to.clone(), (**said).clone()),
        Task::CountAsSent { row: message, note, .. } => {
            let what = Parked::CountAsSent(message.id, note.clone());
            Some(vec![row(message.shop, message.id.bucket(), None, &what)])
        }
        _ => None,
    }
}

/// A letter to be kept.
#[must_use]
pub fn letter(shop: ShopId, at: ShopTime, to: &Recipient, letter: &Letter, number: u64) -> LetterWrite {
    let body = serde_json::to_vec(&(to, letter)).unwrap_or_default();
    LetterWrite { key: LetterKey { bucket: bucket(to), shop, number }, at, body }
}

/// Reads a kept letter.
///
/// # Errors
/// It is not one.
pub fn read(body: &[u8]) -> serde_json::Result<(Recipient, Letter)> {
    serde_json::from_slice(body)
}

fn bucket(to: &Recipient) -> Bucket {
    match to {
        Recipient::Profile(profile) => profile.bucket(),
        Recipient::Door { bucket, .. } => *bucket,
    }
}

/// A piece of work that could not be done, for a person. A customer's own timer is not parked: it comes
/// again.
#[must_use]
pub fn parked(shop: ShopId, at: ShopTime, work: &Work, reason: &str) -> Option<ParkedWrite> {
    let (bucket, parked) = match work {
        Work::Event(incoming) => {
            (incoming.identities.first()?.door.bucket(shop), Parked::Event(incoming.clone()))
        }
        Work::Letter(to, letter) => (bucket(to), Parked::Letter(to.clone(), Box::new(letter.clone()))),
        Work::Input(..) => return None,
    };
    let body = serde_json::to_vec(&parked).unwrap_or_default();
    let number = hash(Tag::Letter, shop, &[&body]);
    Some(ParkedWrite { shop, bucket, number, at, reason: reason.chars().take(500).collect(), body })
}
