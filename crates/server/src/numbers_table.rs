//! The numbers of a journey as a table for a spreadsheet: a row per day and step.

use crate::api::answer::Refused;
use crate::app::{App, SHOP};
use crate::i18n::Locale;
use crate::numbers::hours;
use crate::words::Words;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use beckon_core::money::{Currency, Money};
use beckon_core::time::{HOUR, ShopTime, Span};
use std::collections::BTreeMap;

/// Columns that are counted.
const COUNTED: [&str; 8] =
    ["entered", "sent", "opened", "clicked", "goal", "unsubscribed", "bounced", "ghost"];

/// What happened at a step in a day.
#[derive(Default)]
struct Row {
    counts: [i64; COUNTED.len()],
    /// Orders and their revenue in minor units, by currency.
    earned: BTreeMap<String, (u64, i64)>,
}

/// Writes the table over a span, days as the shop's zone has them. A day with orders in several currencies has a row
/// for each; the counts stand in the first. Of orders at most the last three years of a span are told.
///
/// # Errors
/// There is no such journey, or the store cannot be read.
pub fn of_journey(app: &App, name: &str, from: ShopTime, until: ShopTime) -> Result<String, Refused> {
    let state = app.shop();
    if !state.journeys.contains_key(name) {
        return Err(Refused::missing("journey"));
    }
    let words = Words::new(Locale::En, &state.settings.time_zone);
    let mut rows: BTreeMap<(ShopTime, String), Row> = BTreeMap::new();
    for (column, metric) in COUNTED.iter().enumerate() {
        let counted = app.store.hourly(SHOP, metric, hours(from, until))?;
        for row in counted.into_iter().filter(|row| row.journey == name) {
            let day = words.day_start(ShopTime(i64::from(row.hour) * HOUR.0));
            rows.entry((day, row.step)).or_default().counts[column] += row.n;
        }
    }
    for (day, from, until) in days(&words, from.max(until.minus(YEARS)), until) {
        let credits = app.store.credits(SHOP, from, until)?;
        for credit in credits.into_iter().filter(|credit| credit.journey == name) {
            let earned = &mut rows.entry((day, credit.step)).or_default().earned;
            let sum = earned.entry(credit.currency).or_default();
            *sum = (sum.0 + credit.orders, sum.1.saturating_add(credit.minor));
        }
    }
    let mut text = format!("day,step,{},orders,revenue,currency\r\n", COUNTED.join(","));
    for ((day, step), row) in &rows {
        write(&mut text, &words.iso_day(*day), step, row);
    }
    Ok(text)
}

/// The longest time of orders that is told: each day of it is a look into the store.
const YEARS: Span = beckon_core::time::DAY.times(3 * 366);

/// The days of a span with the part of each that is in it.
fn days(words: &Words, from: ShopTime, until: ShopTime) -> Vec<(ShopTime, ShopTime, ShopTime)> {
    let mut days = Vec::new();
    let mut at = from;
    while at < until {
        let day = words.day_start(at);
        // A day has 25 hours at most, and 27 hours after its start it is the next one, before noon.
        let next = words.day_start(day.plus(HOUR.times(27))).min(until).max(at.plus(Span(1)));
        days.push((day, at, next));
        at = next;
    }
    days
}

fn write(text: &mut String, day: &str, step: &str, row: &Row) {
    let counts = |counts: &[i64]| counts.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
    let line = |text: &mut String, counted: &[i64], earned: &str| {
        text.push_str(&format!("{day},{},{},{earned}\r\n", cell(step), counts(counted)));
    };
    if row.earned.is_empty() {
        line(text, &row.counts, "0,,");
    }
    for (at, (code, (orders, minor))) in row.earned.iter().enumerate() {
        let currency = Currency::parse(code).unwrap_or_default();
        let sum = Money { minor: *minor, currency };
        let counted = if at == 0 { row.counts } else { [0; COUNTED.len()] };
        line(text, &counted, &format!("{orders},{},{}", sum.decimal(), cell(code)));
    }
}

/// The table as a file of its own.
#[must_use]
pub fn file(text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"numbers.csv\""),
    ];
    (headers, text).into_response()
}

/// A text as a cell (RFC 4180). One that a spreadsheet would take for a formula is made plain text by an apostrophe
/// (OWASP, "CSV injection").
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("classic-first"), "classic-first");
        assert_eq!(cell("=HYPERLINK(\"x\",1)"), "\"'=HYPERLINK(\"\"x\"\",1)\"");
        for evil in ["+1", "-1", "@a", "\tx"] {
            assert!(cell(evil).starts_with('\''), "{evil}");
        }
        assert_eq!(cell("\rx"), "\"'\rx\"");
    }
}
