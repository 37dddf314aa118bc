//! What a journey does, in a sentence or two.

use super::tell::Teller;
use crate::i18n;
use crate::journeys::stages::letters;
use beckon_core::plan::{Action, EntryOn, Graph, Journey};

/// What it does: when it begins, its letters with their times, its tests and its proof.
pub(super) fn of(teller: &Teller, journey: &Journey) -> String {
    let page = teller.page;
    let after = teller.words.span(journey.entry.after);
    let class = if journey.entry.on == EntryOn::Left { "left" } else { "event" };
    let begins = [("class", class.into()), ("after", after.as_str().into())];
    let mut told = vec![i18n::t(page.locale, "summary-begins", &begins)];
    let empty = Graph::default();
    let graph = journey.graph(journey.current).unwrap_or(&empty);
    let letters: Vec<String> = letters(journey).into_iter().map(|at| teller.words.span(at)).collect();
    let list = letters.join(", ");
    let args = [("count", letters.len().into()), ("list", list.as_str().into())];
    told.push(i18n::t(page.locale, "summary-letters", &args));
    for step in &graph.steps {
        if let Action::Split { only: None, arms } = &step.action {
            told.push(page.count("summary-test", arms.len()));
        }
    }
    if journey.holdout_ppm > 0 {
        let share = page.words.share(journey.holdout_ppm, 1_000_000_u32);
        told.push(page.with("summary-holdout", "share", &share));
    }
    told.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_core::plan::parse;
    use beckon_core::time::{DAY, MINUTE, Span};

    #[test]
    fn letters_are_told_with_their_times() {
        let mut journey = parse(include_str!("../../../../../plans/abandoned-cart.yaml")).unwrap();
        let times = |journey: &Journey| letters(journey);
        assert_eq!(times(&journey), [MINUTE.times(15), DAY.times(2), DAY.times(5)]);
        journey.set("variant", "once").unwrap();
        assert_eq!(times(&journey), [MINUTE.times(15)]);
        journey.set("variant", "three-days").unwrap();
        journey.set("three-days-1d.for", "36h").unwrap();
        assert_eq!(times(&journey), [MINUTE.times(15), Span(DAY.0 * 3 / 2), DAY.times(3)]);
    }
}
