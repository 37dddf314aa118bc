//! Sessions foretold: learn from past ones, then say for every beginning of every later one what comes next.

use crate::evaluate::PREDICTED;
use crate::visits::{Click, Profile, VisitModel, by_session};

/// What was predicted after a beginning of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// The session's id.
    pub session: String,
    /// Clicks known, counting only those on items that the past knows too.
    pub prefix_length: usize,
    /// Up to twenty items, best first.
    pub items: Vec<String>,
}

/// Predicts for each session of `test`, after each of its clicks but the last, the next item. Clicks on items
/// that `train` does not know are left out first. With `new_only` nothing is predicted that the session holds
/// already.
pub fn sessions(train: &[Click], test: &[Click], profile: Profile, new_only: bool) -> Vec<Prediction> {
    let model = VisitModel::learn(train, profile);
    let mut predictions = Vec::new();
    for (name, items) in by_session(test) {
        let known: Vec<&str> = items.into_iter().filter(|item| model.knows(item)).collect();
        for prefix_length in 1..known.len() {
            let prefix = &known[..prefix_length];
            let mut next = model.next(prefix, |item| !new_only || !prefix.contains(&item));
            next.truncate(PREDICTED);
            let items = next.into_iter().map(str::to_owned).collect();
            predictions.push(Prediction { session: name.to_owned(), prefix_length, items });
        }
    }
    predictions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clicks(rows: &[(&'static str, &'static str, f64)]) -> Vec<Click<'static>> {
        rows.iter().map(|(session, item, time)| Click { session, item, time: *time }).collect()
    }

    #[test]
    fn every_beginning_is_asked_for_in_the_order_of_time_without_unknown_items() {
        let train = clicks(&[("1", "a", 1.0), ("1", "b", 2.0), ("2", "b", 3.0), ("2", "c", 4.0)]);
        let test = clicks(&[
            ("9", "c", 30.0),
            ("9", "a", 10.0),
            ("9", "never", 15.0),
            ("9", "b", 20.0),
            ("8", "a", 1.0),
        ]);
        let predictions = sessions(&train, &test, Profile::Ranked, true);
        let asked: Vec<_> = predictions.iter().map(|one| (one.session.as_str(), one.prefix_length)).collect();
        assert_eq!(asked, [("9", 1), ("9", 2)]);
        assert_eq!(predictions[0].items[0], "b", "after a");
        assert_eq!(predictions[1].items, ["c"], "after a and b nothing else is new");
        let all = sessions(&train, &test, Profile::Ranked, false);
        assert!(all[1].items.contains(&"a".to_owned()) && all[1].items.contains(&"c".to_owned()));
    }
}
