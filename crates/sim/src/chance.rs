//! Chance as a hash: the same seed and the same question always give the same answer, in any order of asking.

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Answers questions by a seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The answers of a seed.
    pub(crate) fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// 64 even bits for a question and the numbers it is asked about.
    pub(crate) fn bits(self, question: &str, about: &[u64]) -> u64 {
        let start = xxh3_64_with_seed(question.as_bytes(), self.0);
        about.iter().fold(start, |state, number| xxh3_64_with_seed(&number.to_le_bytes(), state))
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(crate) fn below(self, question: &str, about: &[u64], end: u64) -> u64 {
        // The bias of a remainder is below 2^-40 for the small ends asked for here.
        self.bits(question, about).checked_rem(end).unwrap_or(0)
    }

    /// Whether it happens, of a hundred cases in `percent`.
    pub(crate) fn percent(self, question: &str, about: &[u64], percent: u64) -> bool {
        self.below(question, about, 100) < percent
    }
}
