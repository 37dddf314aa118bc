//! The last two weeks, day by day: events, messages sent, and what orders credited to messages earned.

use super::super::chart::{Captions, Chart, Shape};
use super::super::layout::Page;
use crate::app::{App, SHOP};
use crate::numbers::hour_of;
use beckon_core::money::{Currency, Money};
use beckon_core::time::{DAY, HOUR, ShopTime};
use beckon_store::Result;
use std::collections::BTreeMap;

/// Days of a chart.
const DAYS: i64 = 14;

/// The charts; that of revenue only once there is some.
///
/// # Errors
/// The store cannot be read.
pub fn read(app: &App, page: &Page) -> Result<Vec<Chart>> {
    let days = days(app, page);
    let mut charts = vec![
        counted(app, page, &days, "sent", ["home-chart", "home-chart-summary", "home-chart-messages"])?,
        counted(app, page, &days, "events", ["home-events-chart", "home-events-summary", "home-events"])?,
    ];
    charts.extend(revenue(app, page, &days)?);
    Ok(charts)
}

/// Where days begin in the shop's zone, the oldest first, and the moment now as the last end.
fn days(app: &App, page: &Page) -> Vec<ShopTime> {
    let now = app.now();
    let today = page.words.day_start(now);
    // Noon of a day is in that day whatever the clocks were changed by.
    let noon = |back: i64| page.words.day_start(today.plus(HOUR.times(12)).minus(DAY.times(back)));
    let mut days: Vec<ShopTime> = (1..DAYS).rev().map(noon).collect();
    days.extend([today, now.plus(HOUR)]);
    days
}

fn counted(app: &App, page: &Page, days: &[ShopTime], metric: &str, keys: [&str; 3]) -> Result<Chart> {
    let span = (hour_of(days[0]), hour_of(days[days.len() - 1]) + 1);
    let rows = app.store.hourly(SHOP, metric, span)?;
    let sum = |from: ShopTime, until: ShopTime| -> i64 {
        let hours = hour_of(from)..hour_of(until);
        rows.iter().filter(|row| hours.contains(&row.hour)).map(|row| row.n).sum()
    };
    let values: Vec<(String, f64)> =
        days.windows(2).map(|day| (page.words.day_month(&day[0]), sum(day[0], day[1]) as f64)).collect();
    let total = values.iter().map(|(_, n)| *n as i64).sum::<i64>();
    let [title, summary, unit] = keys;
    let captions = Captions {
        title: page.t(title),
        summary: page.count(summary, total),
        label_head: page.t("home-chart-day"),
        value_head: page.t(unit),
    };
    Ok(Chart::new(captions, Shape::Bars, &values, |value| page.words.number(value as i64)))
}

/// In the currency in which most was earned.
fn revenue(app: &App, page: &Page, days: &[ShopTime]) -> Result<Option<Chart>> {
    let mut by_day = Vec::new();
    let mut totals: BTreeMap<String, i64> = BTreeMap::new();
    for day in days.windows(2) {
        let mut earned: BTreeMap<String, i64> = BTreeMap::new();
        for credit in app.store.credits(SHOP, day[0], day[1])? {
            *earned.entry(credit.currency.clone()).or_default() += credit.minor;
            *totals.entry(credit.currency).or_default() += credit.minor;
        }
        by_day.push((page.words.day_month(&day[0]), earned));
    }
    let Some((code, total)) = totals.into_iter().max_by_key(|(_, minor)| *minor) else { return Ok(None) };
    let currency = Currency::parse(&code).unwrap_or_default();
    let write = |minor: f64| page.words.money(&Money { minor: minor.round() as i64, currency });
    let value = |earned: &BTreeMap<String, i64>| earned.get(&code).copied().unwrap_or(0) as f64;
    let values: Vec<(String, f64)> =
        by_day.iter().map(|(label, earned)| (label.clone(), value(earned))).collect();
    let captions = Captions {
        title: page.t("home-revenue-chart"),
        summary: page.with("home-revenue-summary", "sum", &write(total as f64)),
        label_head: page.t("home-chart-day"),
        value_head: code.clone(),
    };
    Ok(Some(Chart::new(captions, Shape::Bars, &values, write)))
}
