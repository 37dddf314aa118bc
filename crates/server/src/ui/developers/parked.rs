//! Parked inputs: what could not be applied, to be tried again or dropped.

use crate::access::audit;
use crate::app::{App, SHOP};
use crate::run::letterbox::Parked;
use crate::run::task::Task;
use crate::ui::form::Fields;
use crate::ui::layout::{Page, broken, html};
use crate::ui::save::blocking;
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
        Ok(settled) => page.redirect("/developers/parked", settled.flash()),
        Err(why) => broken(page, &why),
    }
}

/// Which parked input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Bucket of the customer it is about.
    pub bucket: Bucket,
    /// Its number.
    pub number: u64,
    /// When it was parked; tried in vain, it is parked anew.
    pub at: ShopTime,
}

/// What came of a parked input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It was applied.
    Applied,
    /// It was dropped.
    Dropped,
    /// It was tried in vain, and is parked again.
    Again,
    /// It is no longer there.
    Gone,
    /// It cannot be read.
    Unreadable,
}

impl Settled {
    fn flash(self) -> &'static str {
        match self {
            Settled::Applied => "flash-parked-done",
            Settled::Dropped => "flash-removed",
            Settled::Again => "flash-parked-again",
            Settled::Gone => "flash-parked-gone",
            Settled::Unreadable => "flash-parked-unreadable",
        }
    }
}

/// Tries an input again, or drops it, and tells the log.
///
/// # Errors
/// The store or the decider does not answer; the input stays.
pub(crate) async fn settle(app: &Arc<App>, place: Place, drop: bool) -> Result<Settled, String> {
    let found = blocking(app, move |app| row(app, place)).await.map_err(|why| why.to_string())?;
    let Some(row) = found else { return Ok(Settled::Gone) };
    if !drop && !again(app, &row).await? {
        return Ok(Settled::Unreadable);
    }
    // Tried in vain, it is there again under the same number with a later time: only the one that was tried goes.
    let taken = blocking(app, move |app| match self::row(app, place)? {
        Some(_) => app.store.take_parked(SHOP, place.bucket, place.number),
        None => Ok(None),
    });
    let taken = taken.await;
    let action = if drop { "parked.dropped" } else { "parked.retried" };
    audit::note(app, action, &format!("{:016x}", place.number), Vec::new()).await;
    match taken {
        Ok(Some(_)) if drop => Ok(Settled::Dropped),
        Ok(Some(_)) => Ok(Settled::Applied),
        Ok(None) => Ok(Settled::Again),
        Err(why) => Err(why.to_string()),
    }
}

/// A parked input as it was shown: of this number and this time.
fn row(app: &App, place: Place) -> beckon_store::Result<Option<ParkedRow>> {
    let Place { bucket, number, at } = place;
    // The first row before the key one past this one is this one, if it is still there.
    let past = PageKey { at: ShopTime(at.0.saturating_add(1)), id: i64::MIN as u64 };
    let rows = app.store.parked(SHOP, Some(past), ROWS)?;
    Ok(rows.into_iter().find(|row| (row.bucket, row.number, row.at) == (bucket, number, at)))
}

/// Submits an input once more and waits until it is decided; `false` when it cannot be read.
async fn again(app: &Arc<App>, row: &ParkedRow) -> Result<bool, String> {
    let Ok(parked) = serde_json::from_slice::<Parked>(&row.body) else { return Ok(false) };
    let asked = match parked {
        Parked::Event(incoming) => {
            let events = vec![*incoming];
            app.decider.ask(|reply| Task::Events { shop: SHOP, events, reply }).await
        }
        Parked::Letter(to, letter) => app.decider.ask(|reply| Task::Letter { to, letter, reply }).await,
    };
    asked.map(|_| true).map_err(|why| format!("the decider did not take it: {why:?}"))
}
