//! How often somebody comes to a shop that is not a demonstration.
//!
//! Most people come once and few come often: visits, like purchases, follow a negative binomial distribution
//! (Ehrenberg 1959; Fader, Hardie and Lee 2005). Here everybody's own rate is the one visit that all make, and a
//! share of the rest that is the square of an exponential draw, whose spread (variance five times the square of the
//! mean) is that of a gamma of shape 0.2.
//!
//! What it is set by: of the customers in the CDNOW data 51 % bought on one day only in a year and a half, the average
//! one on 2.9 days; the Retailrocket data has 2,756,101 events by 1,407,580 visitors in four and a half months, two
//! each, and its visits of more than two views have 5.5 on average, 4 in the middle (Diginetica: 4.9 and 4 of visits
//! with more than one). Customers whom a shop knows come more often than visitors: [`VISITS`] a month by default.

use crate::chance::Chance;
use beckon_core::time::{DAY, HOUR, Span};

/// Visits a month of the average shopper, where nobody says otherwise: half of all come once.
pub const VISITS: f64 = 2.0;
/// The most that may be asked for: twice a day.
pub const VISITS_MAX: f64 = 60.0;
/// Days of a month.
const MONTH: f64 = 30.0;
/// Nobody comes more often than this, on average.
const GAP_LEAST: Span = Span(6 * HOUR.0);
/// Of a hundred visits that ended with a full cart, those that are followed by a look into it within two days.
const BACK_FOR_CART: u64 = 10;

/// The rhythm of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rhythm {
    /// Between two visits, on average.
    gap: Span,
}

impl Rhythm {
    /// Hers, when the average shopper comes `visits` times a month.
    pub(super) fn new(chance: Chance, who: u32, visits: f64) -> Rhythm {
        // 53 bits, and never 0: the logarithm must be finite.
        let draw = ((chance.bits("rhythm", &[u64::from(who)]) >> 11) + 1) as f64 / (1u64 << 53) as f64;
        let more = (visits.clamp(1.0, VISITS_MAX) - 1.0) * draw.ln().powi(2) / 2.0;
        let gap = MONTH / (1.0 + more) * DAY.0 as f64;
        Rhythm { gap: Span((gap as i64).max(GAP_LEAST.0)) }
    }

    /// Days to her first visit.
    pub(super) fn first_days(self, chance: Chance, who: u32) -> u64 {
        days(chance.below("first of a gap", &[u64::from(who)], self.gap.0.unsigned_abs()))
    }

    /// Days from a visit to the next: from half a gap to one and a half.
    pub(super) fn gap_days(self, chance: Chance, about: [u64; 2], cart: bool) -> u64 {
        if cart && chance.percent("back for the cart", &about, BACK_FOR_CART) {
            return chance.below("back within", &about, 3);
        }
        let gap = self.gap.0.unsigned_abs();
        // What is less than a day is a day in so many cases.
        let rest = chance.below("rest of a day", &about, DAY.0.unsigned_abs());
        days(gap / 2 + chance.below("gap of a rhythm", &about, gap) + rest)
    }
}

fn days(millis: u64) -> u64 {
    millis / DAY.0.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::super::{Events, Setting};
    use super::*;
    use crate::shop::Shop;
    use beckon_core::event::Fact;
    use beckon_core::time::ShopTime;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    const START: ShopTime = ShopTime(1_772_398_800_000);

    /// Visits by person, and events, of a month.
    fn month(people: u32, visits: f64) -> (BTreeMap<String, u64>, u64, u64) {
        let setting = Setting { origin: String::new(), seed: 3, people, start: START };
        let events = Events::new(Arc::new(Shop::new(1)), setting).visiting(visits);
        let until = START.plus(DAY.times(30));
        let (mut by, mut all, mut pages) = (BTreeMap::new(), 0, 0);
        for (_, incoming) in events.take_while(|(at, _)| *at < until) {
            all += 1;
            if let Fact::Page { path } = &incoming.event.fact {
                pages += 1;
                if path == "/" {
                    *by.entry(incoming.identities[0].door.value.clone()).or_default() += 1;
                }
            }
        }
        (by, all, pages)
    }

    #[test]
    fn the_average_shopper_comes_as_often_as_was_said_and_half_of_them_once() {
        for visits in [1.0, 2.0, 6.0] {
            let (by, all, pages) = month(2_000, visits);
            let sum: u64 = by.values().sum();
            let mean = sum as f64 / 2_000.0;
            assert!((visits * 0.85..visits * 1.3).contains(&mean), "{visits}: {mean}");
            let of_a_visit = pages as f64 / sum as f64;
            assert!((5.0..10.0).contains(&of_a_visit), "{of_a_visit} pages, {} events", all / sum);
        }
        let (by, ..) = month(2_000, VISITS);
        // By browser: who has two of them may have come once with each.
        let once = by.values().filter(|visits| **visits == 1).count() as f64 / by.len() as f64;
        assert!((0.4..0.7).contains(&once), "{once}");
        assert!(by.values().any(|visits| *visits > 8), "nobody comes often");
    }

    #[test]
    fn a_rate_beyond_all_bounds_is_the_greatest_or_the_least() {
        let gap = |visits| Rhythm::new(Chance::new(1), 5, visits);
        assert_eq!(gap(1e300), gap(VISITS_MAX));
        assert_eq!(gap(-4.0), gap(1.0));
        assert!(gap(1.0).gap == Span(30 * DAY.0));
    }
}
