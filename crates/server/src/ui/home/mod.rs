//! Home: how today goes and what needs a decision.

mod charts;
mod today;
mod todo;

use super::chart::Chart;
use super::layout::{Page, broken, fragment, html};
use crate::app::App;
use crate::save::blocking;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;
use today::Today;
use todo::Todo;

#[derive(Template)]
#[template(path = "home/page.html")]
struct Home {
    page: Page,
    today: Today,
    todo: Vec<Todo>,
    charts: Vec<Chart>,
}

#[derive(Template)]
#[template(path = "home/today.html")]
struct TodayPart {
    page: Page,
    today: Today,
}

/// `GET /`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    let frame = page.clone();
    let read = blocking(&app, move |app| {
        let today = Today::read(app, &frame)?;
        let todo = todo::read(app, &frame)?;
        let charts = charts::read(app, &frame)?;
        Ok(Home { page: frame, today, todo, charts })
    });
    match read.await {
        Ok(home) => html(&home),
        Err(why) => broken(page, &why),
    }
}

/// `GET /home/today`: the numbers, again and again.
pub async fn live(page: Page, State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let frame = page.clone();
    match blocking(&app, move |app| Today::read(app, &frame)).await {
        Ok(today) => fragment(&headers, &TodayPart { page, today }),
        Err(why) => broken(page, &why),
    }
}
