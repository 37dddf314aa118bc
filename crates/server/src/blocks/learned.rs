//! What was learned of the shop's own visits, for the order that re-ranked blocks show.

use beckon_core::time::ShopTime;
use beckon_recommend::LiveVisits;
use std::sync::{Mutex, PoisonError};

/// Fewer looks at products than these are no history to learn an order from.
pub const CLICKS_MIN: usize = 5_000;

/// Visits as they happen, and what was learned of them.
#[derive(Debug, Default)]
pub struct Learned {
    pub(crate) live: LiveVisits,
    pub(crate) known: Mutex<Known>,
}

/// What is known of the learned order, for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Looks at products it was learned from; 0 while none is in use.
    pub clicks: usize,
    /// Until when on the shop's clock.
    pub until: ShopTime,
    /// Looks there were when it was last tried; 0 before that.
    pub tried: usize,
}

impl Learned {
    /// Counts a look at a product.
    pub fn observe(&self, visitor: u64, item: &str, at: ShopTime) {
        self.live.observe(visitor, item, at.0);
    }

    /// What is known now.
    #[must_use]
    pub fn known(&self) -> Known {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
