//! What conditions count: the newest times of an event, exact to the millisecond up to the largest threshold.

use super::facts::Stamp;
use crate::limits;
use crate::record;
use crate::time::{ShopTime, Span};

record! {
    /// The newest occurrences of one event.
    pub struct Measure {
        /// Hash of the event's name.
        1 event: u32,
        /// Newest first, at most [`limits::MEASURE_TIMES_MAX`].
        2 stamps: Vec<Stamp>,
    }
}

impl Measure {
    /// Counts an occurrence.
    pub fn add(&mut self, stamp: &Stamp) {
        if let Err(at) = self.stamps.binary_search_by(|s| stamp.cmp(s)) {
            self.stamps.insert(at, stamp.clone());
            self.stamps.truncate(limits::MEASURE_TIMES_MAX);
        }
    }

    /// Whether it occurred at least `k` times in the `window` up to `now`, and when that changes by itself: the moment
    /// the k-th newest leaves the window.
    #[must_use]
    pub fn at_least(&self, k: usize, window: Option<Span>, now: ShopTime) -> (bool, Option<ShopTime>) {
        let Some(kth) = k.checked_sub(1).and_then(|i| self.stamps.get(i)) else { return (k == 0, None) };
        match window {
            None => (true, None),
            Some(window) => {
                let leaves = kth.at.plus(window);
                if now < leaves { (true, Some(leaves)) } else { (false, None) }
            }
        }
    }
}
