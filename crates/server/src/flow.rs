//! Who stands where in a journey now.
//!
//! The sums are kept under the hour 0 by the same commit that moves somebody, so reading them costs a row per step.

use crate::app::{App, SHOP};
use beckon_store::{CountRow, Result};
use std::collections::BTreeMap;

/// How many stand at the steps of a journey, by version and by the key of the step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing(BTreeMap<u32, BTreeMap<u32, i64>>);

/// How a count of who stands somewhere begins; the version follows.
const METRIC: &str = "standing:";

/// Whether a row of counts is a level and no flow.
#[must_use]
pub fn is_level(metric: &str) -> bool {
    metric.starts_with(METRIC)
}

impl Standing {
    /// Reads it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn of(app: &App, journey: &str) -> Result<Standing> {
        Ok(Standing::from_rows(&app.store.numbers(SHOP, Some(journey), (0, 1))?))
    }

    fn from_rows(rows: &[CountRow]) -> Standing {
        let mut standing = Standing::default();
        for row in rows {
            let version = row.metric.strip_prefix(METRIC).and_then(|version| version.parse().ok());
            let step = u32::from_str_radix(&row.step, 16).ok();
            if let (Some(version), Some(step)) = (version, step)
                && row.n > 0
            {
                *standing.0.entry(version).or_default().entry(step).or_default() += row.n;
            }
        }
        standing
    }

    /// How many stand at a step, in any version.
    #[must_use]
    pub fn at(&self, step: u32) -> i64 {
        self.0.values().filter_map(|steps| steps.get(&step)).sum()
    }

    /// How many stand in a version.
    #[must_use]
    pub fn in_version(&self, version: u32) -> i64 {
        self.0.get(&version).map_or(0, |steps| steps.values().sum())
    }

    /// How many stand at a step of one version.
    #[must_use]
    pub fn at_in(&self, version: u32, step: u32) -> i64 {
        self.0.get(&version).and_then(|steps| steps.get(&step)).copied().unwrap_or(0)
    }

    /// How many stand in the journey.
    #[must_use]
    pub fn all(&self) -> i64 {
        self.0.values().flat_map(BTreeMap::values).sum()
    }

    /// Versions somebody stands in.
    pub fn versions(&self) -> impl Iterator<Item = u32> {
        self.0.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_is_read_by_version_and_step() {
        let row = |step: &str, metric: &str, n| {
            let (journey, step, metric) = ("cart".to_owned(), step.to_owned(), metric.to_owned());
            CountRow { hour: 0, journey, step, metric, n }
        };
        let rows = [
            row("000000ff", "standing:1", 3),
            row("000000ff", "standing:2", 4),
            row("00000001", "standing:2", 5),
            row("00000002", "standing:2", 0),
            row("first", "sent", 9),
        ];
        let standing = Standing::from_rows(&rows);
        assert_eq!((standing.at(255), standing.in_version(2), standing.all()), (7, 9, 12));
        assert_eq!((standing.at_in(1, 255), standing.at_in(1, 1)), (3, 0));
        assert_eq!(standing.versions().collect::<Vec<_>>(), [1, 2]);
    }
}
