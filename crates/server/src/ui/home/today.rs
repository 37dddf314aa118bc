//! The numbers of today so far, beside those of yesterday and of a week ago at the same time of day.

use super::super::layout::Page;
use crate::app::{App, SHOP};
use crate::i18n;
use crate::numbers::hour_of;
use beckon_core::money::{Currency, Money};
use beckon_core::time::{DAY, HOUR, ShopTime, Span};
use beckon_store::Result;
use std::collections::BTreeMap;

/// What is counted, in the order in which it is shown.
const METRICS: [(&str, &str); 5] = [
    ("events", "home-events"),
    ("entered", "home-entered"),
    ("sent", "home-sent"),
    ("opened", "home-opened"),
    ("clicked", "home-clicked"),
];

/// The numbers of a day so far.
pub struct Today {
    /// A tile each.
    pub tiles: Vec<Tile>,
    /// Orders credited to messages.
    pub orders: u64,
    /// What they earned, by currency.
    pub earned: Vec<Money>,
    /// The same of yesterday and of a week ago, in words.
    pub orders_before: String,
}

/// A number with what it is compared to.
pub struct Tile {
    /// Key of its name.
    pub key: &'static str,
    /// The number.
    pub value: i64,
    /// Its share of what was sent, where that says something.
    pub share: String,
    /// Yesterday and a week ago, in words.
    pub before: String,
}

impl Today {
    /// Reads them.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn read(app: &App, page: &Page) -> Result<Today> {
        let now = app.now();
        let start = page.words.day_start(now);
        let counts = [0, 1, 7].map(|days| Counts::until(app, start, now, DAY.times(days)));
        let [today, yesterday, week] = counts;
        let (today, yesterday, week) = (today?, yesterday?, week?);
        let before = |yesterday: i64, week: i64| {
            let number = |n: i64| page.words.number(n).into();
            i18n::t(page.locale, "home-before", &[("yesterday", number(yesterday)), ("week", number(week))])
        };
        let sent = today.of("sent");
        let tile = |(metric, key): (&str, &'static str)| {
            let value = today.of(metric);
            let of_sent = matches!(metric, "opened" | "clicked") && sent > 0;
            let share = if of_sent { page.words.share(value, sent) } else { String::new() };
            Tile { key, value, share, before: before(yesterday.of(metric), week.of(metric)) }
        };
        let whole = |orders: u64| i64::try_from(orders).unwrap_or(i64::MAX);
        Ok(Today {
            tiles: METRICS.into_iter().map(tile).collect(),
            orders: today.orders,
            orders_before: before(whole(yesterday.orders), whole(week.orders)),
            earned: today.earned,
        })
    }
}

/// What was counted from the start of a day to a time of it.
struct Counts {
    metrics: BTreeMap<String, f64>,
    orders: u64,
    earned: Vec<Money>,
}

impl Counts {
    /// Of the day that lies `back` before today, to the same time. Counts are of whole hours: of the hour that has
    /// begun the same part is taken as has passed today.
    fn until(app: &App, start: ShopTime, now: ShopTime, back: Span) -> Result<Counts> {
        let (start, until) = (start.minus(back), now.minus(back));
        let last = hour_of(until);
        let mut metrics = BTreeMap::new();
        let mut add = |hours: (u32, u32), part: f64| -> Result<()> {
            let shop = app.store.numbers(SHOP, Some(""), hours)?;
            for row in app.store.numbers(SHOP, None, hours)?.into_iter().chain(shop) {
                *metrics.entry(row.metric).or_insert(0.0) += row.n as f64 * part;
            }
            Ok(())
        };
        add((hour_of(start), last), 1.0)?;
        let passed = until.0.rem_euclid(HOUR.0) as f64 / HOUR.0 as f64;
        add((last, last + 1), if back.0 == 0 { 1.0 } else { passed })?;
        let (mut orders, mut earned) = (0, BTreeMap::new());
        // What was credited a moment ago may carry the time of a browser that is a little fast.
        let end = if back.0 == 0 { until.plus(HOUR) } else { until };
        for credit in app.store.credits(SHOP, start, end)? {
            orders += credit.orders;
            *earned.entry(credit.currency).or_insert(0) += credit.minor;
        }
        let money = |(code, minor): (String, i64)| Money {
            minor,
            currency: Currency::parse(&code).unwrap_or_default(),
        };
        Ok(Counts { metrics, orders, earned: earned.into_iter().map(money).collect() })
    }

    fn of(&self, metric: &str) -> i64 {
        self.metrics.get(metric).map_or(0, |n| n.round() as i64)
    }
}
