//! Customers as examples: the journals of the first who began a series, of whom the most telling are shown.

use crate::report::{Example, ExampleLine};
use beckon_core::ids::ProfileId;
use beckon_core::time::ShopTime;
use beckon_core::why::Journal;
use std::collections::BTreeMap;

/// People whose journal is kept.
const KEPT: usize = 400;
/// Lines kept of each.
const LINES: usize = 40;

/// The journals that are kept.
#[derive(Default)]
pub(crate) struct Examples(BTreeMap<ProfileId, Vec<ExampleLine>>);

impl Examples {
    pub(crate) fn line(&mut self, at: ShopTime, profile: ProfileId, line: &Journal) {
        let begins = line.what == "entered" && self.0.len() < KEPT;
        let lines = if begins { Some(self.0.entry(profile).or_default()) } else { self.0.get_mut(&profile) };
        if let Some(lines) = lines.filter(|lines| lines.len() < LINES) {
            lines.push(ExampleLine { at, line: line.clone() });
        }
    }

    /// One who clicked, one whose message had to wait or was of the holdout, and one who was not written to. Of
    /// each the shortest tale that tells it.
    pub(crate) fn report(mut self) -> Vec<Example> {
        let kinds: [fn(&ExampleLine) -> bool; 3] = [
            |line| line.line.what == "clicked",
            |line| line.line.what == "held" || line.line.why.iter().any(|why| why.code == "held_out"),
            |line| line.line.what == "withheld",
        ];
        let mut told = Vec::new();
        for kind in kinds {
            // Whose record was joined to another has the end of her tale there.
            let whole = |lines: &[ExampleLine]| lines.iter().all(|line| line.line.what != "merged");
            let of_it = self.0.iter().filter(|(_, lines)| lines.iter().any(kind) && whole(lines));
            let Some(profile) = of_it.min_by_key(|(id, lines)| (lines.len(), **id)).map(|(id, _)| *id) else {
                continue;
            };
            let lines = self.0.remove(&profile).unwrap_or_default();
            told.push(Example { profile, lines });
        }
        told
    }
}
