//! Two runs side by side, with the difference of each figure.

use super::{COLUMNS, Page};
use beckon_core::money::Currency;
use beckon_replay::{Figures, Money as Sums, Report};
use beckon_server::why_text::Words;

/// Two runs side by side.
pub fn compared(words: &Words, what: &str, one: &Report, other: &Report) -> String {
    let mut page = Page { words, out: String::new() };
    page.title("simulate-compared", &[("what", what.to_owned().into())]);
    let heads = ["simulate-as-it-is", "simulate-changed", "simulate-difference"].map(|key| page.t(key));
    page.line(&format!("  {:<28}{:>14}{:>14}{:>14}", "", heads[0], heads[1], heads[2]));
    page.side_by_side(&one.total, &other.total);
    for (name, journey) in &one.journeys {
        let Some(changed) = other.journeys.get(name) else { continue };
        if one.journeys.len() > 1 && journey.figures.approved + changed.figures.approved > 0 {
            let title = words.journey(name);
            page.line(&format!("  {title}"));
            page.side_by_side(&journey.figures, &changed.figures);
        }
    }
    page.out
}

impl Page<'_> {
    fn side_by_side(&mut self, one: &Figures, other: &Figures) {
        for (key, of) in COLUMNS {
            let name = self.t(key);
            self.pair(&name, of(one), of(other), 1);
        }
        let codes = one.credited.keys().chain(other.credited.keys());
        for code in codes.collect::<std::collections::BTreeSet<_>>() {
            let scale = 10u64.pow(Currency::parse(code).unwrap_or_default().digits());
            let of = |sums: &Sums| sums.get(code).and_then(|n| u64::try_from(*n).ok()).unwrap_or(0);
            let name = format!("{}, {code}", self.t("simulate-credited"));
            self.pair(&name, of(&one.credited), of(&other.credited), scale);
        }
    }

    fn pair(&mut self, name: &str, one: u64, other: u64, scale: u64) {
        let (one, other) = (one / scale, other / scale);
        let sign = match other.cmp(&one) {
            std::cmp::Ordering::Less => "\u{2212}",
            std::cmp::Ordering::Equal => "",
            std::cmp::Ordering::Greater => "+",
        };
        let difference = format!("{sign}{}", self.n(other.abs_diff(one)));
        let (one, other) = (self.n(one), self.n(other));
        self.line(&format!("  {name:<28}{one:>14}{other:>14}{difference:>14}"));
    }
}
