//! The numbers of a journey: what was counted, and what orders it earned.

use crate::amount::Amount;
use crate::app::{App, SHOP};
use crate::flow::is_level;
use beckon_core::money::{Currency, Money};
use beckon_core::time::{HOUR, ShopTime};
use beckon_store::{CountRow, CreditSum, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// Numbers of a journey, or of one of its steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(default)]
pub struct Numbers {
    /// People who entered.
    pub entered: i64,
    /// People who did not, by reason.
    pub not_entered: BTreeMap<String, i64>,
    /// Messages the gate let pass.
    pub approved: i64,
    /// Messages the channel took.
    pub sent: i64,
    /// Messages nobody can say of whether they were taken.
    pub unknown: i64,
    /// Messages refused for good.
    pub never: i64,
    /// Tries that were put off by the channel.
    pub retried: i64,
    /// Messages of the control group that went the whole way and were not sent.
    pub ghost: i64,
    /// People of the control group.
    pub held_out: i64,
    /// People not of it.
    pub treated: i64,
    /// Messages withheld, by reason.
    pub withheld: BTreeMap<String, i64>,
    /// Steps passed over, by reason.
    pub skipped: BTreeMap<String, i64>,
    /// First opens by a person.
    pub opened: i64,
    /// First opens by a machine.
    pub opened_by_machine: i64,
    /// First clicks by a person.
    pub clicked: i64,
    /// First clicks by a scanner.
    pub clicked_by_machine: i64,
    /// Unsubscriptions from these messages.
    pub unsubscribed: i64,
    /// Reports as spam.
    pub complained: i64,
    /// Messages that came back.
    pub bounced: i64,
    /// Orders credited.
    pub ordered: u64,
    /// Messages that earned an order, however many.
    pub converted: u64,
    /// What they earned, by currency.
    pub revenue: Vec<Amount>,
    /// People who reached the goal.
    pub goal: i64,
    /// People who left, by reason.
    pub exit: BTreeMap<String, i64>,
    /// Ways drawn at a split.
    pub arms: BTreeMap<String, i64>,
    /// Where they went on from a step, by the next step's name; empty is the end.
    pub went: BTreeMap<String, i64>,
    /// Moved here from an older version, by version.
    pub moved: BTreeMap<String, i64>,
    /// People of the control group who reached the goal.
    pub goal_held_out: i64,
    /// People with an order credited to the journey; those whose profile was not kept with the order are missing.
    pub buyers: u64,
    /// Of them, people who placed another order after the first of these, whatever led to it and until today.
    pub returned: u64,
}

/// Numbers of a journey with those of its steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct JourneyNumbers {
    /// Of the whole.
    #[serde(flatten)]
    pub all: Numbers,
    /// By step.
    pub steps: BTreeMap<String, Numbers>,
}

/// Reads the numbers of one journey over a span, to whole hours.
///
/// # Errors
/// The store cannot be read.
pub fn of_journey(app: &App, journey: &str, from: ShopTime, until: ShopTime) -> Result<JourneyNumbers> {
    let counts = app.store.numbers(SHOP, Some(journey), hours(from, until))?;
    let credits = app.store.credits(SHOP, from, until)?;
    let mut numbers = sum(&counts, credits.iter().filter(|credit| credit.journey == journey));
    for buyers in app.store.buyers(SHOP, from, until)?.iter().filter(|sum| sum.journey == journey) {
        (numbers.all.buyers, numbers.all.returned) = (buyers.buyers, buyers.returned);
    }
    Ok(numbers)
}

/// Reads the numbers of all journeys.
///
/// # Errors
/// The store cannot be read.
pub fn of_all(app: &App, from: ShopTime, until: ShopTime) -> Result<BTreeMap<String, JourneyNumbers>> {
    let counts = app.store.numbers(SHOP, None, hours(from, until))?;
    let credits = app.store.credits(SHOP, from, until)?;
    let mut names: Vec<&String> =
        counts.iter().filter(|count| !is_level(&count.metric)).map(|count| &count.journey).collect();
    names.extend(credits.iter().map(|credit| &credit.journey));
    names.sort_unstable();
    names.dedup();
    let one = |name: &String| {
        let own: Vec<CountRow> = counts.iter().filter(|count| count.journey == *name).cloned().collect();
        (name.clone(), sum(&own, credits.iter().filter(|credit| credit.journey == *name)))
    };
    Ok(names.into_iter().map(one).collect())
}

/// The hour of a moment, as numbers count it: hours since 1970.
#[must_use]
pub fn hour_of(at: ShopTime) -> u32 {
    u32::try_from(at.0.div_euclid(HOUR.0)).unwrap_or(0)
}

/// The hours a span touches, the last not included.
#[must_use]
pub fn hours(from: ShopTime, until: ShopTime) -> (u32, u32) {
    let hour = |at: ShopTime| u32::try_from((at.0.max(0)) / HOUR.0).unwrap_or(u32::MAX);
    (hour(from), hour(until.plus(HOUR).minus(beckon_core::time::Span(1))))
}

fn sum<'a>(counts: &[CountRow], credits: impl Iterator<Item = &'a CreditSum>) -> JourneyNumbers {
    let mut numbers = JourneyNumbers::default();
    for count in counts.iter().filter(|count| !is_level(&count.metric)) {
        numbers.all.add(&count.metric, count.n);
        if !count.step.is_empty() {
            numbers.steps.entry(count.step.clone()).or_default().add(&count.metric, count.n);
        }
    }
    for credit in credits {
        numbers.all.earn(credit);
        if !credit.step.is_empty() {
            numbers.steps.entry(credit.step.clone()).or_default().earn(credit);
        }
    }
    numbers
}

impl Numbers {
    /// What became of the messages of both.
    #[must_use]
    pub fn and(mut self, other: &Numbers) -> Numbers {
        for (mine, theirs) in [
            (&mut self.entered, other.entered),
            (&mut self.approved, other.approved),
            (&mut self.sent, other.sent),
            (&mut self.unknown, other.unknown),
            (&mut self.never, other.never),
            (&mut self.unsubscribed, other.unsubscribed),
            (&mut self.complained, other.complained),
            (&mut self.bounced, other.bounced),
        ] {
            *mine += theirs;
        }
        for (reason, n) in &other.withheld {
            *self.withheld.entry(reason.clone()).or_default() += n;
        }
        self
    }

    fn add(&mut self, metric: &str, n: i64) {
        if let Some((group, reason)) = metric.split_once(':') {
            let group = match group {
                "not_entered" => &mut self.not_entered,
                "withheld" => &mut self.withheld,
                "skipped" => &mut self.skipped,
                "exit" => &mut self.exit,
                "arm" => &mut self.arms,
                "to" => &mut self.went,
                "moved" => &mut self.moved,
                "goal" if reason == "held_out" => {
                    self.goal_held_out += n;
                    return;
                }
                _ => return,
            };
            *group.entry(reason.to_owned()).or_default() += n;
            return;
        }
        let slot = match metric {
            "entered" => &mut self.entered,
            "approved" => &mut self.approved,
            "sent" => &mut self.sent,
            "unknown" => &mut self.unknown,
            "never" => &mut self.never,
            "retried" => &mut self.retried,
            "ghost" => &mut self.ghost,
            "held_out" => &mut self.held_out,
            "treated" => &mut self.treated,
            "opened" => &mut self.opened,
            "opened_by_machine" => &mut self.opened_by_machine,
            "clicked" => &mut self.clicked,
            "clicked_by_machine" => &mut self.clicked_by_machine,
            "unsubscribed" => &mut self.unsubscribed,
            "complained" => &mut self.complained,
            "bounced" => &mut self.bounced,
            "goal" => &mut self.goal,
            _ => return,
        };
        *slot += n;
    }

    fn earn(&mut self, credit: &CreditSum) {
        self.ordered += credit.orders;
        self.converted += credit.messages;
        let currency = Currency::parse(&credit.currency).unwrap_or_default();
        let earned =
            |before: i64| Amount::from(Money { minor: before.saturating_add(credit.minor), currency });
        match self.revenue.iter_mut().find(|sum| sum.money.currency == currency) {
            Some(sum) => *sum = earned(sum.minor),
            None => self.revenue.push(earned(0)),
        }
    }

    /// Whether any message of this step was considered: waits and splits have none.
    #[must_use]
    pub fn is_about_messages(&self) -> bool {
        let ended = self.approved + self.sent + self.never + self.unknown + self.ghost;
        ended + self.withheld_all() + self.skipped.values().sum::<i64>() > 0
    }

    /// Messages that ended in a state, by its name; 0 for states in which none ends.
    #[must_use]
    pub fn in_state(&self, state: &str) -> i64 {
        match state {
            "sent" => self.sent,
            "never" => self.never,
            "unknown" => self.unknown,
            "withheld" => self.withheld_all(),
            "ghost" => self.ghost,
            _ => 0,
        }
    }

    /// All messages withheld.
    #[must_use]
    pub fn withheld_all(&self) -> i64 {
        self.withheld.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(step: &str, metric: &str, n: i64) -> CountRow {
        CountRow { hour: 1, journey: "cart".to_owned(), step: step.to_owned(), metric: metric.to_owned(), n }
    }

    fn credit(step: &str, currency: &str, minor: i64) -> CreditSum {
        let (journey, step, currency) = ("cart".to_owned(), step.to_owned(), currency.to_owned());
        CreditSum { journey, step, currency, orders: 2, messages: 1, minor }
    }

    #[test]
    fn the_whole_is_the_sum_of_its_steps() {
        let counts = [
            count("", "entered", 7),
            count("", "not_entered:history", 2),
            count("first", "sent", 4),
            count("second", "sent", 1),
            count("first", "withheld:consent_missing", 2),
            count("second", "withheld:consent_missing", 1),
            count("first", "what-a-later-release-counts", 9),
            count("", "exit:order", 3),
        ];
        let credits =
            [credit("first", "RUB", 150_050), credit("second", "RUB", 50), credit("first", "EUR", 100)];
        let numbers = sum(&counts, credits.iter());
        assert_eq!((numbers.all.entered, numbers.all.sent), (7, 5));
        assert_eq!((numbers.all.ordered, numbers.all.converted), (6, 3));
        assert_eq!(numbers.all.withheld_all(), 3);
        assert_eq!(numbers.all.exit["order"], 3);
        assert_eq!(numbers.steps["first"].sent, 4);
        let rub = numbers.all.revenue.iter().find(|sum| sum.currency == "RUB").unwrap();
        assert_eq!((rub.minor, rub.amount.as_str()), (150_100, "1501"));
        assert_eq!(numbers.all.revenue.len(), 2);
    }

    #[test]
    fn a_span_covers_every_hour_it_touches() {
        assert_eq!(hours(ShopTime(0), ShopTime(1)), (0, 1));
        assert_eq!(hours(ShopTime(HOUR.0), ShopTime(2 * HOUR.0)), (1, 2));
        assert_eq!(hours(ShopTime(-5), ShopTime::NEVER).0, 0);
    }
}
