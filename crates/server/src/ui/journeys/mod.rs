//! Journeys: switched on and off, seen as a map with its numbers, set, and edited as text.

mod map;
mod numbers;

pub use numbers::page as numbers_page;

use super::customers::refused;
use super::form::Fields;
use super::layout::{Page, html, html_with};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::api::journeys as api;
use crate::app::App;
use crate::journeys::{self, Change};
use crate::numbers::{JourneyNumbers, of_all, of_journey};
use crate::settings::JourneyDocument;
use crate::setup::READY;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use beckon_core::plan::{Action, Journey};
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

/// Which part of a journey's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Map,
    Numbers,
    Settings,
    Text,
}

/// What all pages of a journey begin with.
#[derive(Template)]
#[template(path = "journeys/head.html")]
pub(super) struct Head {
    page: Page,
    name: String,
    title: String,
    on: bool,
    may: bool,
    tab: Tab,
    trouble: String,
}

impl Head {
    pub(super) fn new(app: &App, page: &Page, name: &str, tab: Tab) -> Result<Head, Refused> {
        let state = app.shop();
        let document = state.journeys.get(name).ok_or_else(|| Refused::missing("journey"))?;
        let view = api::view(app, name, document, false);
        Ok(Head {
            page: page.clone(),
            name: name.to_owned(),
            title: answer::words(app, page.locale).journey(name),
            on: document.on,
            may: page.may(Right::Edit),
            tab,
            trouble: view.trouble.unwrap_or_default(),
        })
    }
}

#[derive(Template)]
#[template(path = "journeys/map.html")]
struct MapPage {
    page: Page,
    head: Head,
    map: Option<map::Map>,
    numbers: JourneyNumbers,
}

/// `GET /journeys/{name}`: the map, with the numbers since the beginning.
pub async fn one(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let frame = page.clone();
    let read = answer::work(app, move |app| {
        let head = Head::new(app, &frame, &name, Tab::Map)?;
        let numbers = of_journey(app, &name, ShopTime(0), app.now().plus(DAY))?;
        let journey = api::planned(app, &name);
        let map = journey
            .map(|journey| map::Map::new(&frame, &journey, &numbers, &answer::words(app, frame.locale)));
        Ok(MapPage { page: frame, head, map, numbers })
    });
    match read.await {
        Ok(map) => html(&map),
        Err(why) => refused(page, &why),
    }
}

/// A split with its arms, for the settings.
struct Split {
    name: String,
    arms: Vec<String>,
    only: Option<String>,
}

#[derive(Template)]
#[template(path = "journeys/settings.html")]
struct SettingsPage {
    page: Page,
    head: Head,
    holdout: String,
    priority: String,
    after: String,
    global_holdout: String,
    splits: Vec<Split>,
    error: String,
}

fn percent(ppm: u32) -> String {
    let percent = f64::from(ppm) / 1e4;
    format!("{percent}%")
}

fn settings_page(
    app: &App,
    page: &Page,
    name: &str,
    typed: Option<(&Fields, String)>,
) -> Result<SettingsPage, Refused> {
    let head = Head::new(app, page, name, Tab::Settings)?;
    let journey = api::planned(app, name);
    let splits = journey.as_ref().map(splits).unwrap_or_default();
    let mut settings = SettingsPage {
        page: page.clone(),
        head,
        holdout: journey.as_ref().map(|journey| percent(journey.holdout_ppm)).unwrap_or_default(),
        priority: journey.as_ref().map(|journey| journey.priority.to_string()).unwrap_or_default(),
        after: journey.as_ref().map(|journey| journey.entry.after.to_string()).unwrap_or_default(),
        global_holdout: percent(app.shop().settings.global_holdout_ppm),
        splits,
        error: String::new(),
    };
    if let Some((fields, error)) = typed {
        settings.holdout = fields.text("holdout").to_owned();
        settings.priority = fields.text("priority").to_owned();
        settings.after = fields.text("after").to_owned();
        settings.global_holdout = fields.text("global_holdout").to_owned();
        settings.error = error;
    }
    Ok(settings)
}

fn splits(journey: &Journey) -> Vec<Split> {
    let steps = journey.graph(journey.current).map(|graph| graph.steps.as_slice()).unwrap_or_default();
    let split = |step: &beckon_core::plan::Step| match &step.action {
        Action::Split { only, arms } => Some(Split {
            name: step.name.clone(),
            arms: arms.iter().map(|(name, ..)| name.clone()).collect(),
            only: only.clone(),
        }),
        _ => None,
    };
    steps.iter().filter_map(split).collect()
}

/// `GET /journeys/{name}/settings`
pub async fn settings(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    match settings_page(&app, &page, &name, None) {
        Ok(settings) => html(&settings),
        Err(why) => refused(page, &why),
    }
}

/// `POST /journeys/{name}/settings`: only what differs is set beside the text.
pub async fn set(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    let frame = page.clone();
    let done = answer::work(app, move |app| {
        let now = settings_page(app, &frame, &name, None)?;
        let mut set = Vec::new();
        let mut differs = |key: &str, before: &str| {
            let value = fields.text(key);
            if value != before {
                set.push((key.to_owned(), value.to_owned()));
            }
        };
        differs("holdout", &now.holdout);
        differs("priority", &now.priority);
        differs("after", &now.after);
        differs("global_holdout", &now.global_holdout);
        for split in &now.splits {
            differs(&split.name, split.only.as_deref().unwrap_or("test"));
        }
        let change = Change { set, ..Change::default() };
        match api::apply(app, Some(&name), &change, frame.by()) {
            Ok(_) => Ok((name, None)),
            Err(why) if why.code == "bad_setting" => {
                let again = settings_page(app, &frame, &name, Some((&fields, why.message)))?;
                Ok((name, Some(again)))
            }
            Err(why) => Err(why),
        }
    });
    match done.await {
        Ok((name, None)) => page.redirect(&format!("/journeys/{name}/settings"), "flash-saved"),
        Ok((_, Some(again))) => html_with(StatusCode::UNPROCESSABLE_ENTITY, &again),
        Err(why) => refused(page, &why),
    }
}

/// A line of a text beside an error.
struct Around {
    number: usize,
    text: String,
    wrong: bool,
}

/// What is wrong with a text.
struct Wrong {
    line: usize,
    what: String,
    hint: String,
    around: Vec<Around>,
}

#[derive(Template)]
#[template(path = "journeys/text.html")]
struct TextPage {
    page: Page,
    head: Head,
    text: String,
    graph: u32,
    wrong: Option<Wrong>,
}

/// `GET /journeys/{name}/text`
pub async fn text(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    match text_page(&app, &page, &name, None) {
        Ok(text) => html(&text),
        Err(why) => refused(page, &why),
    }
}

fn text_page(
    app: &App,
    page: &Page,
    name: &str,
    typed: Option<(String, Wrong)>,
) -> Result<TextPage, Refused> {
    let head = Head::new(app, page, name, Tab::Text)?;
    let state = app.shop();
    let document = state.journeys.get(name).ok_or_else(|| Refused::missing("journey"))?;
    let (text, wrong) = match typed {
        Some((text, wrong)) => (text, Some(wrong)),
        None => (document.text.clone(), None),
    };
    Ok(TextPage { page: page.clone(), head, text, graph: document.graph.max(1), wrong })
}

/// `POST /journeys/{name}/text`: publishes it, or shows it again with the line that is wrong.
pub async fn publish(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    // A browser sends CR LF, whatever was typed.
    let text = fields.raw("text").replace("\r\n", "\n");
    let frame = page.clone();
    let done = answer::work(app, move |app| {
        let change = Change { text: Some(text.clone()), ..Change::default() };
        let tried = journeys::is_text_of(&name, &text)
            .map_err(Refused::from)
            .and_then(|()| api::apply(app, Some(&name), &change, frame.by()));
        match tried {
            Ok(_) => Ok((name, None)),
            Err(why) if matches!(why.code, "bad_text" | "bad_setting") => {
                let wrong = wrong(&text, &why);
                let again = text_page(app, &frame, &name, Some((text, wrong)))?;
                Ok((name, Some(again)))
            }
            Err(why) => Err(why),
        }
    });
    match done.await {
        Ok((name, None)) => page.redirect(&format!("/journeys/{name}"), "flash-published"),
        Ok((_, Some(again))) => html_with(StatusCode::UNPROCESSABLE_ENTITY, &again),
        Err(why) => refused(page, &why),
    }
}

fn wrong(text: &str, why: &Refused) -> Wrong {
    let line = why.line.unwrap_or(0);
    let around =
        (1..).zip(text.lines()).filter(|(number, _)| line > 0 && number + 2 >= line && *number <= line + 2);
    Wrong {
        line,
        what: why.what.clone().unwrap_or_else(|| why.message.clone()),
        hint: why.hint.clone().unwrap_or_default(),
        around: around
            .map(|(number, text)| Around { number, text: text.to_owned(), wrong: number == line })
            .collect(),
    }
}

/// `POST /journeys/{name}/switch`
pub async fn switch(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    let on = fields.text("on") == "1";
    let back =
        if fields.text("back") == "list" { "/journeys".to_owned() } else { format!("/journeys/{name}") };
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
