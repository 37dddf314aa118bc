//! The numbers of a journey as a table for a spreadsheet: a row per day and step.

use super::super::customers::refused;
use super::super::layout::Page;
use super::numbers::PERIODS;
use crate::api::answer::{self, Refused};
use crate::app::{App, SHOP};
use crate::numbers::hours;
use crate::ui::words::Words;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use beckon_core::time::{HOUR, ShopTime, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Columns that are counted.
const COUNTED: [&str; 8] =
    ["entered", "sent", "opened", "clicked", "goal", "unsubscribed", "bounced", "ghost"];

/// `GET /journeys/{name}/numbers.csv`
pub async fn csv(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let words = page.words.clone();
    let asked = query.get("period").cloned().unwrap_or_default();
    let span = period(&asked).unwrap_or(PERIODS[1].2);
    match answer::work(app, move |app| table(app, &words, &name, span)).await {
        Ok(text) => file(text),
        Err(why) => refused(page, &why),
    }
}

/// How long a period is, by its name: day, week, month, quarter.
pub(crate) fn period(name: &str) -> Option<Span> {
    PERIODS.iter().find(|(known, ..)| *known == name).map(|(.., span)| *span)
}

/// A table as a file of its own.
pub(crate) fn file(text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"numbers.csv\""),
    ];
    (headers, text).into_response()
}

/// The numbers of a journey by day and step, and its orders.
pub(crate) fn table(app: &App, words: &Words, name: &str, span: Span) -> Result<String, Refused> {
    if !app.shop().journeys.contains_key(name) {
        return Err(Refused::missing("journey"));
    }
    let until = app.now().plus(Span(1));
    let from = until.minus(span);
    let day = |hour: u32| words.day_start(ShopTime(i64::from(hour) * HOUR.0));
    let mut rows: BTreeMap<(ShopTime, String), BTreeMap<String, i64>> = BTreeMap::new();
    for metric in COUNTED {
        for row in app.store.hourly(SHOP, metric, hours(from, until))? {
            if row.journey == name {
                let sums = rows.entry((day(row.hour), row.step)).or_default();
                *sums.entry(metric.to_owned()).or_default() += row.n;
            }
        }
    }
    let mut text = String::from("day,step");
    COUNTED.iter().for_each(|metric| text.extend([",", metric]));
    text.push_str(",orders,revenue,currency\r\n");
    let day_of = |at: &ShopTime| words.machine(at).chars().take(10).collect::<String>();
    for ((at, step), sums) in &rows {
        let counts = COUNTED.iter().map(|metric| sums.get(*metric).copied().unwrap_or(0).to_string());
        let counts: Vec<String> = counts.collect();
        text.push_str(&format!("{},{},{},,,\r\n", day_of(at), cell(step), counts.join(",")));
    }
    for credit in app.store.credits(SHOP, from, until)?.iter().filter(|credit| credit.journey == name) {
        let currency = beckon_core::money::Currency::parse(&credit.currency).unwrap_or_default();
        let sum = beckon_core::money::Money { minor: credit.minor, currency };
        let none = ",".repeat(COUNTED.len());
        let step = cell(&credit.step);
        let money = format!("{},{},{}", credit.orders, sum.decimal(), cell(&credit.currency));
        text.push_str(&format!("all,{step}{none},{money}\r\n"));
    }
    Ok(text)
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
