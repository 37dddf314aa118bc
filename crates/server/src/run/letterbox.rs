//! Letters and parked inputs as they are kept: JSON that says what it is.

use beckon_core::desk::Work;
use beckon_core::event::Incoming;
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::{Bucket, ShopId};
use beckon_core::input::{Letter, Recipient};
use beckon_core::time::ShopTime;
use beckon_store::{LetterKey, LetterWrite, ParkedWrite};
use serde::{Deserialize, Serialize};

/// What was parked, so that it can be tried again.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parked {
    /// An event.
    Event(Box<Incoming>),
    /// A letter.
    Letter(Recipient, Box<Letter>),
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

/// A piece of work that could not be done, for a person. A customer's own timer is not parked: it comes again.
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
