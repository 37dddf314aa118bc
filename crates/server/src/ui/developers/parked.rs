//! Parked inputs: what could not be applied, to be tried again or dropped.

use crate::app::{App, SHOP};
use crate::form::Fields;
use crate::run::letterbox::Parked;
use crate::run::parked::{Place, Settled, settle};
use crate::save::blocking;
use crate::ui::layout::{Page, broken, html};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use beckon_core::ids::Bucket;
use beckon_core::time::ShopTime;
use beckon_store::{PageKey, ParkedRow};
use std::sync::Arc;

/// Rows of a page.
const ROWS: usize = 50;

struct Line {
    bucket: u16,
    number: String,
    at: ShopTime,
    at_ms: i64,
    name: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "developers/parked.html")]
struct ParkedPage {
    page: Page,
    lines: Vec<Line>,
    older: String,
    newer: String,
}

/// `GET /developers/parked`
pub async fn page(page: Page, State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    let query = Fields::parse(query.unwrap_or_default().as_bytes());
    let before = query.whole("at").map(|at| PageKey { at: ShopTime(at), id: number(query.text("number")) });
    let rows = match blocking(&app, move |app| app.store.parked(SHOP, before, ROWS)).await {
        Ok(rows) => rows,
        Err(why) => return broken(page, &why),
    };
    let older = match rows.last() {
        Some(last) if rows.len() == ROWS => format!("?at={}&number={:016x}", last.at.0, last.number),
        _ => String::new(),
    };
    let newer = if before.is_some() { "/developers/parked".to_owned() } else { String::new() };
    let lines = rows.iter().map(|row| line(&page, row)).collect();
    html(&ParkedPage { page, lines, older, newer })
}

fn line(page: &Page, row: &ParkedRow) -> Line {
    let name = match serde_json::from_slice::<Parked>(&row.body) {
        Ok(Parked::Event(incoming)) => incoming.event.fact.name().to_owned(),
        Ok(Parked::Letter(..)) => page.t("parked-letter"),
        Ok(Parked::CountAsSent(..)) => page.t("parked-count"),
        Err(_) => page.t("parked-unreadable"),
    };
    let number = format!("{:016x}", row.number);
    Line { bucket: row.bucket.0, number, at: row.at, at_ms: row.at.0, name, reason: row.reason.clone() }
}

fn number(text: &str) -> u64 {
    u64::from_str_radix(text, 16).unwrap_or(0)
}

/// `POST /developers/parked`: tries an input again, or drops it.
pub async fn submit(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let bucket =
        Bucket(fields.whole("bucket").and_then(|bucket| u16::try_from(bucket).ok()).unwrap_or(u16::MAX));
    let place = Place {
        bucket,
        number: number(fields.text("number")),
        at: ShopTime(fields.whole("at").unwrap_or(0)),
    };
    let done = settle(&app, place, fields.text("action") == "drop").await;
    match done {
        Ok(settled) => page.redirect("/developers/parked", flash(settled)),
        Err(why) => broken(page, &why),
    }
}

fn flash(settled: Settled) -> &'static str {
    match settled {
        Settled::Applied => "flash-parked-done",
        Settled::Dropped => "flash-removed",
        Settled::Again => "flash-parked-again",
        Settled::Gone => "flash-parked-gone",
        Settled::Unreadable => "flash-parked-unreadable",
    }
}
