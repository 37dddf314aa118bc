//! The inbox: what arrived at a program that does not own the buckets, kept until the owner applies it.
//!
//! Anybody may insert, under no epoch. The owner finds rows by their being there and deletes each in the
//! commit that applies it, never by "all after the last one": a row with a lower number may be committed
//! after a higher one was read.

use beckon_core::ids::{Bucket, ShopId};
use beckon_core::time::ShopTime;

/// Names a row of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InboxKey {
    /// The bucket of the door by which it came, or of the customer.
    pub bucket: Bucket,
    /// Shop.
    pub shop: ShopId,
    /// Unique within both: the number of an event, or a hash of what it says.
    pub number: u64,
}

/// Something that arrived; one with the key of a row that is there is left out.
#[derive(Clone, Debug)]
pub struct InboxWrite {
    /// Which.
    pub key: InboxKey,
    /// When it arrived.
    pub at: ShopTime,
    /// What, as JSON.
    pub body: Vec<u8>,
}

/// Something that arrived and was not applied yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxRow {
    /// Which.
    pub key: InboxKey,
    /// As JSON.
    pub body: Vec<u8>,
}

/// What another program on the same database tells: a hint to look, never the only way to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Something was put into the inbox.
    Inbox,
    /// The buckets were given back.
    Free,
    /// The shop's plane was changed.
    Plane,
}

impl Hint {
    /// As it is told.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Hint::Inbox => "inbox",
            Hint::Free => "free",
            Hint::Plane => "plane",
        }
    }

    /// What a word means; one of a later release means nothing yet.
    pub(crate) fn read(word: &str) -> Option<Hint> {
        [Hint::Inbox, Hint::Free, Hint::Plane].into_iter().find(|hint| hint.word() == word)
    }
}
