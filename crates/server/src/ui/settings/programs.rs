//! Settings, programs: who owns the shop, who stands by, and how far each has followed.

use crate::app::App;
use crate::ops::nodes::{Part, Programs, buckets, look};
use crate::save::blocking;
use crate::ui::layout::{Page, broken, fragment, html};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use beckon_core::time::Span;
use beckon_store::NodeRow;
use std::sync::Arc;
use std::time::Duration;

/// A program in the words of the page.
struct Row {
    /// Class of its badge.
    kind: &'static str,
    part: String,
    name: String,
    is_own: bool,
    since: String,
    lease: String,
    heard: String,
    buckets: u16,
    events: String,
    plane: String,
    version: String,
    admin: String,
}

/// What the page says of all of them.
struct Told {
    is_shared: bool,
    nobody_owns: bool,
    inbox: u64,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "settings/programs.html")]
struct ProgramsPage {
    page: Page,
    told: Told,
}

#[derive(Template)]
#[template(path = "settings/programs_list.html")]
struct ProgramsPart {
    page: Page,
    told: Told,
}

fn told(page: &Page, app: &App, programs: Programs) -> Told {
    let owned = |row: &NodeRow| row.epoch.is_some() && !row.left.is_zero();
    let nobody_owns = programs.is_shared && !programs.rows.iter().any(owned);
    let rows = programs.rows.into_iter().map(|row| self::row(page, app, row)).collect();
    Told { is_shared: programs.is_shared, nobody_owns, inbox: programs.inbox, rows }
}

fn row(page: &Page, app: &App, row: NodeRow) -> Row {
    let span = |of: Duration| page.words.span(&Span(i64::try_from(of.as_millis()).unwrap_or(i64::MAX)));
    let part = Part::of(&row);
    Row {
        kind: match part {
            Part::Owner => "good",
            Part::Standby => "info",
            Part::Draining => "warn",
            Part::Silent => "bad",
        },
        part: page.t(&format!("program-is-{}", part.code())),
        is_own: row.id == app.node.id(),
        since: span(row.since),
        lease: row.epoch.map_or_else(String::new, |_| span(row.left)),
        heard: span(row.silent),
        buckets: buckets(&row),
        events: row.state.events_behind.map_or_else(|| page.t("program-filling"), span),
        plane: row.state.plane_behind.map_or_else(String::new, span),
        name: row.name,
        version: row.state.version,
        admin: row.state.admin,
    }
}

/// `GET /settings/programs`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    match blocking(&app, look).await {
        Ok(programs) => {
            let told = told(&page, &app, programs);
            html(&ProgramsPage { page, told })
        }
        Err(why) => broken(page, &why),
    }
}

/// `GET /settings/programs/list`: the part that asks for itself.
pub async fn live(page: Page, State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match blocking(&app, look).await {
        Ok(programs) => {
            let told = told(&page, &app, programs);
            fragment(&headers, &ProgramsPart { page, told })
        }
        Err(why) => broken(page, &why),
    }
}
