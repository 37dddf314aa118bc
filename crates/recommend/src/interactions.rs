//! What shoppers do with items, as the index is told of it, and the clock that keeps wrong times harmless.

use crate::limits::MAX_CLOCK_SKEW_MS;

/// What a shopper did with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Looked at its page.
    View,
    /// Put it in the cart.
    Cart,
    /// Ordered it. Each line of an order is one interaction; lines of one visitor within five minutes are one
    /// order.
    Order,
}

/// One thing one visitor did with one item.
#[derive(Clone, Copy, Debug)]
pub struct Interaction<'a> {
    /// Who: any number that stays the same for the visitor.
    pub visitor: u64,
    /// The item's id, as in the catalogue.
    pub item: &'a str,
    /// What.
    pub kind: Kind,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// True when it just came in, false when it is read back from history. A live one whose time is more than
    /// a day away from the clock counts at the clock; history keeps its own time.
    pub live: bool,
}

/// The newest time known. It only moves forward.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    newest_ms: Option<i64>,
    /// The owner tells the time, so no event may be later than it.
    told: bool,
}

impl Clock {
    pub(crate) fn tell(&mut self, now_ms: i64) {
        self.newest_ms = Some(self.now_ms().max(now_ms));
        self.told = true;
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.newest_ms.unwrap_or(i64::MIN)
    }

    pub(crate) fn is_set(&self) -> bool {
        self.newest_ms.is_some()
    }

    /// The time at which an event counts.
    pub(crate) fn place(&mut self, at_ms: i64, live: bool) -> i64 {
        let Some(now_ms) = self.newest_ms else {
            self.newest_ms = Some(at_ms);
            return at_ms;
        };
        let far = at_ms.saturating_sub(now_ms).saturating_abs() > MAX_CLOCK_SKEW_MS;
        let placed_ms = if (live && far) || (self.told && at_ms > now_ms) { now_ms } else { at_ms };
        self.newest_ms = Some(now_ms.max(placed_ms));
        placed_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;

    #[test]
    fn a_live_event_far_from_the_clock_counts_now_and_does_not_move_it() {
        let mut clock = Clock::default();
        assert_eq!(clock.place(1_000 * DAY_MS, true), 1_000 * DAY_MS);
        assert_eq!(clock.place(9_000 * DAY_MS, true), 1_000 * DAY_MS);
        assert_eq!(clock.place(i64::MIN, true), 1_000 * DAY_MS);
        assert_eq!(clock.place(1_000 * DAY_MS + 5, true), 1_000 * DAY_MS + 5);
        assert_eq!(clock.now_ms(), 1_000 * DAY_MS + 5);
    }

    #[test]
    fn history_keeps_its_time_but_never_passes_the_time_told() {
        let mut clock = Clock::default();
        assert_eq!(clock.place(DAY_MS, false), DAY_MS);
        assert_eq!(clock.place(50 * DAY_MS, false), 50 * DAY_MS);
        clock.tell(60 * DAY_MS);
        assert_eq!(clock.place(2 * DAY_MS, false), 2 * DAY_MS);
        assert_eq!(clock.place(i64::MAX, false), 60 * DAY_MS);
        clock.tell(3 * DAY_MS);
        assert_eq!(clock.now_ms(), 60 * DAY_MS);
    }
}
