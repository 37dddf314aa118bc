//! The numbers of a journey as a table for a spreadsheet, over one of the times to choose from.

use super::super::customers::refused;
use super::super::layout::Page;
use super::numbers::PERIODS;
use crate::api::answer;
use crate::app::App;
use crate::numbers_table;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use beckon_core::time::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// `GET /journeys/{name}/numbers.csv`
pub async fn csv(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let asked = query.get("period").cloned().unwrap_or_default();
    let period = PERIODS.iter().find(|(known, ..)| *known == asked).unwrap_or(&PERIODS[1]);
    let made = answer::work(app, move |app| {
        let until = app.now().plus(Span(1));
        numbers_table::of_journey(app, &name, until.minus(period.2), until)
    });
    match made.await {
        Ok(text) => numbers_table::file(text),
        Err(why) => refused(page, &why),
    }
}
