//! The report for people, as text: a table by day, figures by reason, and three customers in words.

mod compared;

pub use compared::compared;

use super::tried::Tried;
use beckon_core::money::{Currency, Money};
use beckon_core::time::Span;
use beckon_replay::{Example, Figures, Money as Sums, Report};
use beckon_server::i18n::{Locale, Value, grouped, t};
use beckon_server::why_text::Words;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Columns of a terminal that everybody has.
const WIDTH: usize = 80;
/// Characters of the longest bar beside a figure, and in the table of days.
const BAR: u64 = 22;
const DAY_BAR: u64 = 7;

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
    ("simulate-withheld", withheld),
    ("simulate-opened", |f| f.opened),
    ("simulate-clicked", |f| f.clicked),
    ("simulate-orders", |f| f.orders),
];
/// What stands in the table of days, with the width of each column.
const BY_DAY: [(Column, usize); 6] = [
    (("simulate-entered", |f| f.entered), 8),
    (("simulate-sent", |f| f.sent), 11),
    (("simulate-withheld", withheld), 9),
    (("simulate-opened", |f| f.opened), 8),
    (("simulate-clicked", |f| f.clicked), 8),
    (("simulate-orders", |f| f.orders), 7),
];
const MORE: [Column; 9] = [
    ("simulate-approved", |f| f.approved),
    ("simulate-held-out", |f| f.held_out),
    ("simulate-waiting", |f| f.waiting),
    ("simulate-never", |f| f.never),
    ("simulate-unknown", |f| f.unknown),
    ("simulate-retried", |f| f.retried),
    ("simulate-unsubscribed", |f| f.unsubscribed),
    ("simulate-complained", |f| f.complained),
    ("simulate-credited-orders", |f| f.credited_orders),
];

fn withheld(figures: &Figures) -> u64 {
    figures.withdrawn + figures.refused
}

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

    /// A sentence in lines that fit, each under the first.
    fn wrapped(&mut self, indent: usize, text: &str) {
        let mut line = String::new();
        for word in text.split(' ') {
            let long = line.chars().count() + 1 + word.chars().count() > WIDTH - indent;
            if long && !line.is_empty() {
                self.line(&format!("{:indent$}{line}", ""));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.line(&format!("{:indent$}{line}", ""));
    }

    /// A figure under its name, with a bar; a long name has the line before for itself.
    fn counted(&mut self, name: &str, value: u64, most: u64) {
        let (value, bar) = (self.n(value), bar(value, most, BAR));
        let long = name.chars().count() > 44;
        if long {
            self.wrapped(2, name);
        }
        let name = if long { "" } else { name };
        self.line(&format!("  {name:<44}{value:>10}  {bar}"));
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
        self.wrapped(0, &text);
        let names: Vec<String> = tried.names_on().into_iter().map(|name| self.words.journey(name)).collect();
        let text = self.say("simulate-journeys", &[("names", names.join(", ").into())]);
        self.wrapped(0, &text);
        if tried.lacks_goods {
            let text = self.t("simulate-goods-invented");
            self.wrapped(0, &text);
        }
        let text = self.say(
            "simulate-people",
            &[
                ("events", report.events.into()),
                ("people", report.people.into()),
                ("address", report.with_address.into()),
                ("consented", report.consented.into()),
            ],
        );
        self.wrapped(0, &text);
    }

    fn days(&mut self, report: &Report) {
        self.title("simulate-by-day", &[]);
        let mut head = format!("  {:<6}", self.t("simulate-day"));
        for ((key, _), width) in BY_DAY {
            write_cell(&mut head, &self.t(key), width);
        }
        write_cell(&mut head, &self.t("simulate-credited"), 13);
        self.line(&head);
        let most = report.days.iter().map(|day| day.figures.sent).max().unwrap_or(0);
        for (n, day) in report.days.iter().enumerate() {
            let bar = bar(day.figures.sent, most, DAY_BAR);
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
        for ((_, of), width) in BY_DAY {
            write_cell(&mut row, &self.n(of(figures)), width);
        }
        write_cell(&mut row, &self.money(&figures.credited), 13);
        self.line(&format!("{row} {bar}"));
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
            let name = self.words.reason(code);
            self.counted(&name, n, most);
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
        self.wrapped(2, &peak);
        let key = if channel.rate_held { "simulate-rate-held" } else { "simulate-rate-not-held" };
        let queue = self.say(key, &[("queue", self.words.span(channel.longest_queue).into())]);
        self.wrapped(2, &queue);
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
            self.wrapped(2, &text);
        }
    }

    fn conflicts(&mut self, report: &Report) {
        self.title("simulate-conflicts", &[]);
        if report.conflicts.is_empty() {
            let none = self.t("simulate-no-conflicts");
            self.wrapped(2, &none);
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
            self.wrapped(2, &text);
        }
        let text = self.say("simulate-caps", &[("people", report.caps.people.into())]);
        self.wrapped(2, &text);
        let most = report.caps.by_cap.values().copied().max().unwrap_or(0);
        for (cap, n) in &report.caps.by_cap {
            let name = self.cap(cap);
            self.counted(&name, *n, most);
        }
    }

    /// A cap of the report's figures, as `2 in 1d`, in words.
    fn cap(&self, cap: &str) -> String {
        let Some((sent, within)) = cap.split_once(" in ") else { return cap.to_owned() };
        let within = Span::parse(within).map_or_else(|| within.to_owned(), |span| self.words.span(span));
        let sent: Value = sent.parse::<u64>().map_or_else(|_| sent.to_owned().into(), Into::into);
        self.say("simulate-cap", &[("sent", sent), ("within", within.into())])
    }

    fn standing(&mut self, report: &Report) {
        self.title("simulate-standing", &[]);
        let most = report.standing.iter().map(|at| at.people).max().unwrap_or(0);
        for at in &report.standing {
            let name = format!("{}: {}", self.words.journey(&at.journey), at.step);
            self.counted(&name, at.people, most);
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
            self.wrapped(4, &format!("{moment}  {what}{step}"));
            for why in &at.line.why {
                let why = self.words.say(why);
                self.wrapped(8, &why);
            }
        }
    }
}

/// To the right, and a blank before whatever is too wide.
fn write_cell(row: &mut String, text: &str, width: usize) {
    let width = width - 1;
    // Writing to a String cannot fail.
    let _ = write!(row, " {text:>width$}");
}

fn bar(value: u64, most: u64, longest: u64) -> String {
    "█".repeat(usize::try_from((value * longest).div_ceil(most.max(1))).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_core::time::ShopTime;

    #[test]
    fn a_bar_shows_the_share_and_whatever_is_there_shows() {
        assert_eq!(bar(0, 10, BAR), "");
        assert_eq!(bar(1, 1_000_000, BAR).chars().count(), 1);
        assert_eq!(bar(10, 10, BAR).chars().count() as u64, BAR);
        assert_eq!(bar(0, 0, BAR), "");
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
