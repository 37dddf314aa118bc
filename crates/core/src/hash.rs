//! The one hash of Beckon. It decides where a customer lives and which arm she is in, so it can never change.
//!
//! XXH3-64 (xxHash specification, Yann Collet) over a domain tag, the shop and length-prefixed parts. Every use has a
//! tag of its own, so that the bucket, the holdout and the arm of one customer do not correlate.

use crate::shop_id::ShopId;
use xxhash_rust::xxh3::Xxh3;

/// What a hash is for. Numbers are for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Tag {
    /// Which of the 1,024 buckets a door is in.
    Bucket = 1,
    /// The draw for the holdout.
    Holdout = 2,
    /// The draw for an arm of a split.
    Arm = 3,
    /// Spreading work over time.
    Jitter = 4,
    /// The number of a door (identity).
    Door = 5,
    /// The number of a profile.
    Profile = 6,
    /// The number of a message.
    Message = 7,
    /// The number of an event, from its message id.
    Event = 8,
    /// The number of an offer, from its id in the shop.
    Offer = 9,
    /// The number of a durable letter between buckets.
    Letter = 10,
    /// A cart that has no id of its own.
    Cart = 11,
    /// What a cart holds, to see that it changed.
    CartContent = 12,
    /// Draws of a modelled channel in a replay; never stored.
    Model = 200,
}

/// XXH3-64 of the tag, the shop and each part with its length before it.
#[must_use]
pub fn hash(tag: Tag, shop: ShopId, parts: &[&[u8]]) -> u64 {
    let mut state = Xxh3::new();
    state.update(&[tag as u8]);
    state.update(&shop.0.to_le_bytes());
    for part in parts {
        state.update(&(part.len() as u32).to_le_bytes());
        state.update(part);
    }
    state.digest()
}

/// A hash as a draw in [0, 1) with 53 bits.
#[must_use]
pub fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1u64 << 53) as f64
}
