//! Measures of lists against what came next, and how sure they are.

/// Depths at which lists are cut.
pub const DEPTHS: [usize; 3] = [5, 10, 20];

/// A measure and its standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figure {
    /// Mean over all questions.
    pub value: f64,
    /// Standard error. Questions of one session hang together, so it counts sessions and not questions: the ratio
    /// of two sums over sessions, linearised (Cochran, Sampling Techniques, 1977, 6.3). 0 below two sessions.
    pub error: f64,
}

/// The measures at one depth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AtDepth {
    /// Lists that hold the next item.
    pub hit_rate: Figure,
    /// One divided by the next item's place, 0 when it is not in the list.
    pub mrr: Figure,
    /// Of all different items still to come in the session, the share in the list.
    pub recall: Figure,
    /// Gain of the next item, discounted by the logarithm of its place.
    pub ndcg: Figure,
}

/// The measures over some of the questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    /// Questions.
    pub questions: usize,
    /// Sessions they come from.
    pub sessions: usize,
    /// By [`DEPTHS`].
    pub at: [AtDepth; 3],
}

/// Number of measures at all depths.
const ALL: usize = 4 * DEPTHS.len();

/// Sums as sessions come.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    sessions: Vec<(f64, [f64; ALL])>,
    open: (f64, [f64; ALL]),
}

impl Tally {
    /// Counts one question: the place of the next item in the list, from 0, and for each depth the share of what is
    /// to come.
    pub(crate) fn count(&mut self, place: Option<usize>, recall: [f64; 3]) {
        self.open.0 += 1.0;
        for (at, depth) in DEPTHS.into_iter().enumerate() {
            let sums = &mut self.open.1[4 * at..4 * at + 4];
            if let Some(place) = place.filter(|place| *place < depth) {
                let rank = place as f64 + 1.0;
                sums[0] += 1.0;
                sums[1] += 1.0 / rank;
                sums[3] += 1.0 / (rank + 1.0).log2();
            }
            sums[2] += recall[at];
        }
    }

    /// Ends a session.
    pub(crate) fn end_session(&mut self) {
        let session = std::mem::take(&mut self.open);
        if session.0 > 0.0 {
            self.sessions.push(session);
        }
    }

    /// All sums as figures.
    pub(crate) fn measures(&self) -> Measures {
        let questions: f64 = self.sessions.iter().map(|session| session.0).sum();
        let figure = |measure: usize| {
            let sum: f64 = self.sessions.iter().map(|session| session.1[measure]).sum();
            let value = sum / questions.max(1.0);
            let count = self.sessions.len() as f64;
            let off: f64 = self.sessions.iter().map(|(n, sums)| (sums[measure] - value * n).powi(2)).sum();
            let error = if count < 2.0 { 0.0 } else { (off * count / (count - 1.0)).sqrt() / questions };
            Figure { value, error }
        };
        let at = std::array::from_fn(|at| AtDepth {
            hit_rate: figure(4 * at),
            mrr: figure(4 * at + 1),
            recall: figure(4 * at + 2),
            ndcg: figure(4 * at + 3),
        });
        Measures { questions: questions as usize, sessions: self.sessions.len(), at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_and_errors_of_known_sessions() {
        let mut tally = Tally::default();
        for hit in [true, false, false, true] {
            tally.count(hit.then_some(1), [0.5; 3]);
            tally.end_session();
        }
        let measures = tally.measures();
        assert_eq!((measures.questions, measures.sessions), (4, 4));
        let five = measures.at[0];
        assert_eq!((five.hit_rate.value, five.mrr.value, five.recall.value), (0.5, 0.25, 0.5));
        assert!((five.ndcg.value - 0.5 / 3_f64.log2()).abs() < 1e-12);
        // One question each: the error of a mean of four zeros and ones.
        assert!((five.hit_rate.error - (1.0_f64 / 3.0).sqrt() / 2.0).abs() < 1e-12);
        assert_eq!(five.recall.error, 0.0);
    }

    #[test]
    fn questions_of_one_session_make_nothing_surer() {
        let tally = |repeat: usize| {
            let mut tally = Tally::default();
            for hit in [true, false, false, true, false] {
                (0..repeat).for_each(|_| tally.count(hit.then_some(0), [0.0; 3]));
                tally.end_session();
            }
            tally.measures().at[0].hit_rate
        };
        assert!((tally(1).error - tally(50).error).abs() < 1e-12);
        assert_eq!(Tally::default().measures().at[2].hit_rate, Figure::default());
    }
}
