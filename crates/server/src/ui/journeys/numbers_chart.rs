//! The chart of a journey's numbers: counts, revenue or the average order by hour or by day.

use super::super::chart::{Captions, Chart, Shape};
use super::super::layout::Page;
use crate::api::answer::Refused;
use crate::app::{App, SHOP};
use crate::numbers::hours;
use beckon_core::money::{Currency, Money};
use beckon_core::time::{HOUR, ShopTime};
use std::collections::BTreeMap;

/// Something the chart may show.
pub(super) struct Metric {
    /// As addresses and counts name it.
    pub name: &'static str,
    /// Key of its title.
    pub key: &'static str,
    /// Key of the unit of its axis; empty where the values carry their currency.
    unit: &'static str,
    from: From,
}

/// Where the values come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Counts,
    Orders,
    Revenue,
    Average,
}

/// Everything the chart may show, in the order of its choice.
pub(super) const METRICS: [Metric; 9] = [
    counted("sent", "n-sent", "unit-letters"),
    counted("entered", "n-entered", "unit-people"),
    counted("opened", "n-opened", "unit-letters"),
    counted("clicked", "n-clicked", "unit-letters"),
    counted("goal", "n-goal", "unit-people"),
    Metric { name: "ordered", key: "n-ordered", unit: "unit-orders", from: From::Orders },
    Metric { name: "revenue", key: "n-revenue", unit: "", from: From::Revenue },
    Metric { name: "average", key: "rate-average", unit: "", from: From::Average },
    counted("unsubscribed", "n-unsubscribed", "unit-people"),
];

const fn counted(name: &'static str, key: &'static str, unit: &'static str) -> Metric {
    Metric { name, key, unit, from: From::Counts }
}

/// Orders and what they earned, by currency.
type Earned = BTreeMap<String, (u64, i64)>;

/// Draws one metric of a journey over a span.
pub(super) fn of(
    app: &App,
    page: &Page,
    name: &str,
    metric: &Metric,
    span: (ShopTime, ShopTime),
    hourly: bool,
) -> Result<Chart, Refused> {
    let places = places(page, span, hourly);
    match metric.from {
        From::Counts => {
            let mut sums: BTreeMap<ShopTime, i64> = places.iter().map(|at| (*at, 0)).collect();
            for row in app.store.hourly(SHOP, metric.name, hours(span.0, span.1))? {
                let at = place(page, ShopTime(i64::from(row.hour) * HOUR.0), hourly);
                if row.journey == name {
                    *sums.entry(at).or_default() += row.n;
                }
            }
            Ok(numbers(page, metric, sums, hourly))
        }
        From::Orders => {
            let earned = earned(app, name, &places, span.1)?;
            let orders = |earned: &Earned| earned.values().map(|(orders, _)| orders.cast_signed()).sum();
            let sums = places.iter().zip(&earned).map(|(at, earned)| (*at, orders(earned))).collect();
            Ok(numbers(page, metric, sums, hourly))
        }
        From::Revenue | From::Average => {
            Ok(money(page, metric, &places, &earned(app, name, &places, span.1)?, hourly))
        }
    }
}

/// The hour or the day a moment belongs to.
fn place(page: &Page, at: ShopTime, hourly: bool) -> ShopTime {
    if hourly { ShopTime(at.0 - at.0 % HOUR.0) } else { page.words.day_start(at) }
}

/// Every hour or day of the time has its place, also where nothing happened.
fn places(page: &Page, (from, until): (ShopTime, ShopTime), hourly: bool) -> Vec<ShopTime> {
    let mut places = Vec::new();
    let mut at = from;
    while at < until {
        let place = place(page, at, hourly);
        if places.last() != Some(&place) {
            places.push(place);
        }
        at = at.plus(HOUR);
    }
    places
}

fn earned(app: &App, name: &str, places: &[ShopTime], until: ShopTime) -> Result<Vec<Earned>, Refused> {
    let mut all = Vec::with_capacity(places.len());
    for (at, start) in places.iter().enumerate() {
        let end = places.get(at + 1).copied().unwrap_or(until);
        let mut earned = Earned::new();
        for credit in app.store.credits(SHOP, *start, end)?.into_iter().filter(|c| c.journey == name) {
            let sum = earned.entry(credit.currency).or_default();
            *sum = (sum.0 + credit.orders, sum.1.saturating_add(credit.minor));
        }
        all.push(earned);
    }
    Ok(all)
}

fn numbers(page: &Page, metric: &Metric, sums: BTreeMap<ShopTime, i64>, hourly: bool) -> Chart {
    let total: i64 = sums.values().sum();
    let values: Vec<(String, f64)> =
        sums.iter().map(|(at, n)| (label(page, at, hourly), *n as f64)).collect();
    let unit = page.t(metric.unit);
    let title = format!("{}, {unit}", page.t(metric.key));
    let captions = Captions {
        title,
        summary: page.with("n-in-all", "count", &page.words.number(total)),
        label_head: head(page, hourly),
        value_head: unit,
    };
    Chart::new(captions, Shape::Bars, &values, |n| page.words.number(n.round() as i64))
}

/// In the currency in which most was earned: sums of several have no common axis.
fn money(page: &Page, metric: &Metric, places: &[ShopTime], earned: &[Earned], hourly: bool) -> Chart {
    let mut totals = Earned::new();
    for (code, (orders, minor)) in earned.iter().flatten() {
        let sum = totals.entry(code.clone()).or_default();
        *sum = (sum.0 + orders, sum.1.saturating_add(*minor));
    }
    let most = totals.into_iter().max_by_key(|(_, (_, minor))| *minor);
    let (code, total) = most.unwrap_or_default();
    let currency = Currency::parse(&code).unwrap_or_default();
    let value = |(orders, minor): (u64, i64)| match metric.from {
        From::Average if orders == 0 => 0,
        From::Average => minor / orders.cast_signed(),
        _ => minor,
    };
    let write = |minor: f64| page.words.money(&Money { minor: minor.round() as i64, currency });
    let of = |earned: &Earned| value(earned.get(&code).copied().unwrap_or_default()) as f64;
    let values = places.iter().zip(earned).map(|(at, earned)| (label(page, at, hourly), of(earned)));
    let values: Vec<(String, f64)> = values.collect();
    let key = if metric.from == From::Average { "n-on-average" } else { "n-in-all" };
    let title = page.t(metric.key);
    let captions = Captions {
        title: if code.is_empty() { title } else { format!("{title}, {code}") },
        summary: page.with(key, "count", &write(value(total) as f64)),
        label_head: head(page, hourly),
        value_head: if code.is_empty() { page.t(metric.key) } else { code.clone() },
    };
    Chart::new(captions, Shape::Bars, &values, write).when_empty(&page.t("n-no-orders"))
}

fn head(page: &Page, hourly: bool) -> String {
    page.t(if hourly { "period-hour" } else { "period-date" })
}

fn label(page: &Page, at: &ShopTime, hourly: bool) -> String {
    if hourly { page.words.clock(at)[..5].to_owned() } else { page.words.day_month(at) }
}
