//! The report for people, as text: a table by day, figures by reason, and three customers in words.

use super::tried::Tried;
use beckon_core::money::{Currency, Money};
use beckon_replay::{Example, Figures, Money as Sums, Report};
use beckon_server::i18n::{Locale, Value, grouped, t};
use beckon_server::why_text::Words;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Characters of the longest bar.
const BAR: u64 = 24;

/// The report of one run. Writing to a text cannot fail.
pub fn report(words: &Words, tried: &Tried, asked: (u32, u32, u64), report: &Report) -> String {
    let mut page = Page { words, out: String::new() };
    page.head(tried, asked, report);
    page.days(report);
    page.totals(report);
    page.channel(report);
    page.conflicts(report);
    page.standing(report);
    page.examples(report);
    page.out
}

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

struct Page<'a> {
    words: &'a Words,
    out: String,
}

/// A figure of a journey, under the key of its name.
type Column = (&'static str, fn(&Figures) -> u64);

const COLUMNS: [Column; 8] = [
    ("simulate-entered", |f| f.entered),
    ("simulate-approved", |f| f.approved),
    ("simulate-sent", |f| f.sent),
    ("simulate-held-out", |f| f.held_out),
    ("simulate-withheld", |f| f.withdrawn + f.refused),
    ("simulate-opened", |f| f.opened),
    ("simulate-clicked", |f| f.clicked),
    ("simulate-orders", |f| f.orders),
];
const MORE: [Column; 7] = [
    ("simulate-waiting", |f| f.waiting),
    ("simulate-never", |f| f.never),
    ("simulate-unknown", |f| f.unknown),
    ("simulate-retried", |f| f.retried),
    ("simulate-unsubscribed", |f| f.unsubscribed),
    ("simulate-complained", |f| f.complained),
    ("simulate-credited-orders", |f| f.credited_orders),
];

impl Page<'_> {
    fn t(&self, key: &str) -> String {
        t(self.words.locale, key, &[])
    }

    fn say(&self, key: &str, args: &[(&str, Value<'static>)]) -> String {
        t(self.words.locale, key, args)
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn title(&mut self, key: &str, args: &[(&str, Value<'static>)]) {
        let text = self.say(key, args);
        self.line(&format!("\n{text}"));
    }

    fn n(&self, number: u64) -> String {
        let separator = if self.words.locale == Locale::Ru { "\u{a0}" } else { "," };
        grouped(i64::try_from(number).unwrap_or(i64::MAX), separator)
    }

    /// Whole units, each currency on its own; a currency nobody knows has no name.
    fn money(&self, sums: &Sums) -> String {
        let each = sums.iter().filter(|(_, minor)| **minor != 0).map(|(code, minor)| {
            let currency = Currency::parse(code).unwrap_or_default();
            let whole = Money { minor: *minor, currency }.decimal();
            let whole = whole.split('.').next().and_then(|w| w.parse::<u64>().ok()).unwrap_or(0);
            let name = if currency == Currency::NONE { "" } else { code.as_str() };
            format!("{} {name}", self.n(whole)).trim_end().to_owned()
        });
        let text = each.collect::<Vec<_>>().join(" + ");
        if text.is_empty() { "0".to_owned() } else { text }
    }

    fn head(&mut self, tried: &Tried, (shoppers, days, seed): (u32, u32, u64), report: &Report) {
        let text = self.say(
            "simulate-head",
            &[("shoppers", shoppers.into()), ("days", days.into()), ("seed", seed.to_string().into())],
        );
        self.line(&text);
        let names: Vec<String> = tried.names_on().into_iter().map(|name| self.words.journey(name)).collect();
        let text = self.say("simulate-journeys", &[("names", names.join(", ").into())]);
        self.line(&text);
        let text = self.say(
            "simulate-people",
            &[
                ("events", report.events.into()),
                ("people", report.people.into()),
                ("address", report.with_address.into()),
                ("consented", report.consented.into()),
            ],
        );
        self.line(&text);
    }

    fn days(&mut self, report: &Report) {
        self.title("simulate-by-day", &[]);
        let width = 11;
        let mut head = format!("  {:<6}", self.t("simulate-day"));
        for (key, _) in COLUMNS {
            write_cell(&mut head, &self.t(key), width);
        }
        write_cell(&mut head, &self.t("simulate-credited"), 16);
        let bars = self.t("simulate-bar");
        self.line(&format!("{head}  {bars}"));
        let most = report.days.iter().map(|day| day.figures.sent).max().unwrap_or(0);
        for (n, day) in report.days.iter().enumerate() {
            let bar = bar(day.figures.sent, most);
            let name = (n + 1).to_string();
            self.day(&name, &day.figures, &bar);
        }
        let total = self.t("simulate-total");
        self.day(&total, &report.total, "");
        for (name, journey) in report.journeys.iter().filter(|_| report.journeys.len() > 1) {
            if journey.figures != Figures::default() {
                let title = self.words.journey(name);
                self.line(&format!("  {title}"));
                self.day("", &journey.figures, "");
            }
        }
    }

    fn day(&mut self, name: &str, figures: &Figures, bar: &str) {
        let mut row = format!("  {name:<6}");
        for (_, of) in COLUMNS {
            write_cell(&mut row, &self.n(of(figures)), 11);
        }
        write_cell(&mut row, &self.money(&figures.credited), 16);
        self.line(&format!("{row}  {bar}"));
    }

    fn totals(&mut self, report: &Report) {
        self.title("simulate-more", &[]);
        for (key, of) in MORE {
            let (name, value) = (self.t(key), self.n(of(&report.total)));
            self.line(&format!("  {name:<44}{value:>12}"));
        }
        let (name, value) = (self.t("simulate-ordered"), self.money(&report.total.ordered));
        self.line(&format!("  {name:<44}{value:>12}"));
        self.reasons("simulate-why-withheld", &report.total.withheld);
        self.reasons("simulate-why-put-off", &report.total.put_off);
        self.reasons("simulate-why-not-entered", &report.total.not_entered);
    }

    /// Counts by reason, the most frequent first, with bars.
    fn reasons(&mut self, title: &str, counts: &BTreeMap<String, u64>) {
        if counts.is_empty() {
            return;
        }
        self.title(title, &[]);
        let mut all: Vec<(&String, u64)> = counts.iter().map(|(code, n)| (code, *n)).collect();
        all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let most = all.first().map_or(0, |(_, n)| *n);
        for (code, n) in all {
            let (name, value, bar) = (self.words.reason(code), self.n(n), bar(n, most));
            self.line(&format!("  {name:<60}{value:>12}  {bar}"));
        }
    }

    fn channel(&mut self, report: &Report) {
        self.title("simulate-channel", &[]);
        let channel = &report.channel;
        let peak = self.say(
            "simulate-peak",
            &[
                ("at", self.words.moment(channel.peak_hour).into()),
                ("handed", channel.peak_handed.into()),
                ("most", ((channel.rate_per_sec * 3_600.0) as u64).into()),
            ],
        );
        self.line(&format!("  {peak}"));
        let key = if channel.rate_held { "simulate-rate-held" } else { "simulate-rate-not-held" };
        let queue = self.say(key, &[("queue", self.words.span(channel.longest_queue).into())]);
        self.line(&format!("  {queue}"));
        if let Some(wait) = &report.longest_wait {
            let waited = self.words.span(wait.handed.since(wait.due));
            let text = self.say(
                "simulate-longest-wait",
                &[
                    ("wait", waited.into()),
                    ("journey", self.words.journey(&wait.journey).into()),
                    ("step", wait.step.clone().into()),
                    ("due", self.words.moment(wait.due).into()),
                ],
            );
            self.line(&format!("  {text}"));
        }
    }

    fn conflicts(&mut self, report: &Report) {
        self.title("simulate-conflicts", &[]);
        if report.conflicts.is_empty() {
            let none = self.t("simulate-no-conflicts");
            self.line(&format!("  {none}"));
        }
        for conflict in &report.conflicts {
            let text = self.say(
                "simulate-conflict",
                &[
                    ("winner", self.words.journey(&conflict.winner).into()),
                    ("loser", self.words.journey(&conflict.loser).into()),
                    ("times", conflict.times.into()),
                    ("later", conflict.sent_later.into()),
                    ("withheld", conflict.withheld.values().sum::<u64>().into()),
                    ("other", conflict.other.into()),
                ],
            );
            self.line(&format!("  {text}"));
        }
        let text = self.say("simulate-caps", &[("people", report.caps.people.into())]);
        self.line(&format!("  {text}"));
        for (cap, n) in &report.caps.by_cap {
            let n = self.n(*n);
            self.line(&format!("    {cap:<20}{n:>12}"));
        }
    }

    fn standing(&mut self, report: &Report) {
        self.title("simulate-standing", &[]);
        let most = report.standing.iter().map(|at| at.people).max().unwrap_or(0);
        for at in &report.standing {
            let name = format!("{}: {}", self.words.journey(&at.journey), at.step);
            let (value, bar) = (self.n(at.people), bar(at.people, most));
            self.line(&format!("  {name:<44}{value:>12}  {bar}"));
        }
    }

    fn examples(&mut self, report: &Report) {
        if !report.examples.is_empty() {
            self.title("simulate-examples", &[]);
        }
        for example in &report.examples {
            self.example(example);
        }
    }

    fn example(&mut self, example: &Example) {
        self.line(&format!("  {}", example.profile));
        for at in &example.lines {
            let moment = self.words.moment(at.at);
            let what = self.words.what(&at.line.what);
            let step = if at.line.step.is_empty() { String::new() } else { format!(" ({})", at.line.step) };
            self.line(&format!("    {moment}  {what}{step}"));
            for why in &at.line.why {
                let why = self.words.say(why);
                self.line(&format!("        {why}"));
            }
        }
    }

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

fn write_cell(row: &mut String, text: &str, width: usize) {
    // Writing to a String cannot fail.
    let _ = write!(row, "{text:>width$}");
}

fn bar(value: u64, most: u64) -> String {
    "█".repeat(usize::try_from((value * BAR).div_ceil(most.max(1))).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_core::time::ShopTime;

    #[test]
    fn a_bar_shows_the_share_and_whatever_is_there_shows() {
        assert_eq!(bar(0, 10), "");
        assert_eq!(bar(1, 1_000_000).chars().count(), 1);
        assert_eq!(bar(10, 10).chars().count() as u64, BAR);
        assert_eq!(bar(0, 0), "");
    }

    #[test]
    fn every_word_of_an_empty_report_is_there_in_both_languages() {
        let tried = Tried::read(None, &[], &[]).unwrap();
        for locale in Locale::ALL {
            let words = tried.words(locale);
            let empty = Report { from: ShopTime(0), ..Report::default() };
            let mut text = report(&words, &tried, (1, 1, 7), &empty);
            text.push_str(&compared(&words, "a=b", &empty, &empty));
            assert!(!text.contains('⟦'), "{text}");
        }
    }
}
