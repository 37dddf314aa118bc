//! Counts that fade with time, kept so that the order of events does not matter.
//!
//! Forward decay (Cormode et al., ICDE 2009): an event at time t weighs 2^(t / half-life), once and for all.
//! Kept as a logarithm it never overflows, needs no touching while time passes, and two counts compare
//! without knowing the time.

/// What remains of a weight after a time, 1 for none or a negative one.
pub(crate) fn remaining(passed_ms: i64, half_life_ms: i64) -> f64 {
    if passed_ms <= 0 { 1.0 } else { (-(passed_ms as f64) / half_life_ms as f64).exp2() }
}

/// A fading count, as the base-2 logarithm of its forward-decayed sum.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(crate) struct FadingCount(f64);

impl Default for FadingCount {
    fn default() -> Self {
        Self(f64::NEG_INFINITY)
    }
}

impl FadingCount {
    /// Adds a positive weight at a time.
    pub(crate) fn add(&mut self, weight: f64, at_ms: i64, half_life_ms: i64) {
        let added = at_ms as f64 / half_life_ms as f64 + weight.log2();
        let (high, low) = if added > self.0 { (added, self.0) } else { (self.0, added) };
        self.0 = high + (low - high).exp2().ln_1p() / std::f64::consts::LN_2;
    }

    /// What it is worth at a time; 0 when nothing was ever added.
    pub(crate) fn at(self, now_ms: i64, half_life_ms: i64) -> f64 {
        // The bound keeps sums and quotients of hostile times finite.
        (self.0 - now_ms as f64 / half_life_ms as f64).exp2().min(1e12)
    }

    /// A number that sorts like the count, the lowest for nothing.
    pub(crate) fn sort_key(self) -> u32 {
        if self.0 == f64::NEG_INFINITY {
            return 0;
        }
        let bits = (self.0 as f32).to_bits();
        if bits >> 31 == 0 { bits | 0x8000_0000 } else { !bits }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF_MS: i64 = 1_000;

    #[test]
    fn halves_with_each_half_life_and_adds_up_in_any_order() {
        let mut forward = FadingCount::default();
        let mut backward = FadingCount::default();
        for at_ms in [0, 1_000, 2_000] {
            forward.add(1.0, at_ms, HALF_MS);
            backward.add(1.0, 2_000 - at_ms, HALF_MS);
        }
        assert!((forward.at(2_000, HALF_MS) - 1.75).abs() < 1e-9);
        assert!((backward.at(2_000, HALF_MS) - 1.75).abs() < 1e-9);
        assert_eq!(FadingCount::default().at(5, HALF_MS), 0.0);
    }

    #[test]
    fn sorts_by_worth() {
        let count = |weight, at_ms| {
            let mut count = FadingCount::default();
            count.add(weight, at_ms, HALF_MS);
            count.sort_key()
        };
        assert!(FadingCount::default().sort_key() < count(1.0, -900_000));
        assert!(count(1.0, -900_000) < count(1.0, -100));
        assert!(count(1.0, -100) < count(1.0, 5));
        assert!(count(1.0, 5) < count(2.0, 5));
        assert!(count(2.0, 5) < count(1.0, 9_000));
    }

    #[test]
    fn stays_a_number_at_the_ends_of_time() {
        let mut count = FadingCount::default();
        for at_ms in [i64::MIN, 0, i64::MAX, i64::MIN] {
            count.add(1.0, at_ms, HALF_MS);
            assert!(!count.at(0, HALF_MS).is_nan());
        }
    }
}
