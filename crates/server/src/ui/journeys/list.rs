//! The list of journeys: what each did lately, switching it, taking a ready-made one over.

use super::super::customers::refused;
use super::super::layout::{Page, html};
use crate::access::rights::Right;
use crate::api::answer;
use crate::api::answer::Refused;
use crate::api::journeys as api;
use crate::app::App;
use crate::form::Fields;
use crate::journeys::{self, Change};
use crate::numbers::{JourneyNumbers, of_all};
use crate::settings::JourneyDocument;
use crate::setup::READY;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use beckon_core::time::{DAY, ShopTime};
use std::sync::Arc;

/// Over how long the list counts.
const LIST_DAYS: i64 = 7;

/// A journey of the list.
struct Row {
    name: String,
    title: String,
    on: bool,
    since: Option<ShopTime>,
    trouble: String,
    numbers: JourneyNumbers,
}

/// One that ships and is not applied yet.
struct Ready {
    name: &'static str,
    title: String,
}

#[derive(Template)]
#[template(path = "journeys/list.html")]
struct List {
    page: Page,
    rows: Vec<Row>,
    ready: Vec<Ready>,
    may: bool,
}

/// `GET /journeys`
pub async fn list(page: Page, State(app): State<Arc<App>>) -> Response {
    let frame = page.clone();
    let read = answer::work(app, move |app| {
        let now = app.now();
        let mut numbers = of_all(app, now.minus(DAY.times(LIST_DAYS)), now.plus(DAY))?;
        let (state, words) = (app.shop(), answer::words(app, frame.locale));
        let row = |(name, document): (&String, &JourneyDocument)| {
            let view = api::view(app, name, document, false);
            Row {
                title: words.journey(name),
                on: document.on,
                since: view.on_since.some(),
                trouble: view.trouble.unwrap_or_default(),
                numbers: numbers.remove(name).unwrap_or_default(),
                name: name.clone(),
            }
        };
        let rows = state.journeys.iter().map(row).collect();
        let missing = READY.iter().filter(|(name, _)| !state.journeys.contains_key(*name));
        let ready =
            missing.map(|(name, text)| Ready { name, title: title_of(text, name, frame.locale.code()) });
        Ok(List { rows, ready: ready.collect(), may: frame.may(Right::Edit), page: frame })
    });
    match read.await {
        Ok(list) => html(&list),
        Err(why) => refused(page, &why),
    }
}

fn title_of(text: &str, name: &str, language: &str) -> String {
    let journey = beckon_core::plan::parse(text).ok();
    let title = journey.as_ref().and_then(|journey| journey.title.get(language));
    title.cloned().unwrap_or_else(|| name.to_owned())
}

/// `POST /journeys/{name}/switch`
pub async fn switch(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    let on = fields.text("on") == "1";
    let back = match fields.text("back") {
        "list" => "/journeys".to_owned(),
        "stages" => "/stages".to_owned(),
        _ => format!("/journeys/{name}"),
    };
    let by = page.by().to_owned();
    let done = answer::work(app, move |app| {
        let change = Change { on: Some(on), ..Change::default() };
        api::apply(app, Some(&name), &change, &by)
    });
    match done.await {
        Ok(_) => page.redirect(&back, if on { "flash-journey-on" } else { "flash-journey-off" }),
        Err(why) => refused(page, &why),
    }
}

/// `POST /journeys`: takes a ready-made one over, switched off.
pub async fn take(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let name = fields.text("name").to_owned();
    let Some(text) = journeys::ready(&name) else { return refused(page, &Refused::missing("journey")) };
    if app.shop().journeys.contains_key(&name) {
        return page.redirect(&format!("/journeys/{name}"), "");
    }
    let by = page.by().to_owned();
    let done = answer::work(app, move |app| {
        let change = Change { text: Some(text.to_owned()), ..Change::default() };
        api::apply(app, None, &change, &by)
    });
    match done.await {
        Ok(name) => page.redirect(&format!("/journeys/{name}"), "flash-journey-taken"),
        Err(why) => refused(page, &why),
    }
}
