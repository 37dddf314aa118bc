//! The panel of one step: what it does, who stands there, how its letter looks, why letters were not sent.

use super::super::customers::refused;
use super::super::layout::{Page, html};
use super::map::{counted, kind, stats};
use super::map_page::Asked;
use super::tell::Teller;
use super::{Choice, Head, Tab};
use crate::api::answer::{self, Refused};
use crate::api::messages::inert;
use crate::app::App;
use crate::facts::message;
use crate::flow::Standing;
use crate::numbers::of_journey;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use beckon_core::plan::{Action, Journey, Step};
use beckon_core::time::Span;
use beckon_render::Rendered;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A letter as it would look.
struct Preview {
    subject: String,
    why_not: String,
}

#[derive(Template)]
#[template(path = "journeys/step.html")]
struct StepPage {
    page: Page,
    head: Head,
    spans: Vec<Choice>,
    name: String,
    title: String,
    does: String,
    icon: &'static str,
    came: i64,
    standing: i64,
    stats: Vec<(String, String)>,
    ways: Vec<(String, String)>,
    exits: Vec<(String, String)>,
    withheld: Vec<(String, String)>,
    preview: Option<Preview>,
    settings: super::settings::Form,
}

/// `GET /journeys/{name}/steps/{step}`
pub async fn page(
    page: Page,
    State(app): State<Arc<App>>,
    Path((name, step)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| read(app, frame, &name, &step, &asked)).await {
        Ok(step) => html(&step),
        Err(why) => refused(page, &why),
    }
}

/// A step of the newest graph.
fn find<'a>(journey: &'a Journey, step: &str) -> Result<&'a Step, Refused> {
    let graph = journey.graph(journey.current);
    let found = graph.and_then(|graph| graph.steps.iter().find(|known| known.name == step));
    found.ok_or_else(|| Refused::missing("step"))
}

fn read(app: &App, page: Page, name: &str, step: &str, asked: &Asked) -> Result<StepPage, Refused> {
    let head = Head::new(app, &page, name, Tab::Map)?;
    let journey = crate::journeys::planned(app, name).ok_or_else(|| Refused::missing("step"))?;
    let found = find(&journey, step)?;
    let mut all = of_journey(app, name, asked.from(app, name), app.now().plus(Span(1)))?;
    let came = all.steps.values().filter_map(|other| other.went.get(step)).sum();
    let numbers = all.steps.remove(step).unwrap_or_default();
    let words = answer::words(app, page.locale);
    let teller = Teller { page: &page, words: &words };
    let steps = &journey.graph(journey.current).cloned().unwrap_or_default().steps;
    let called = |to: &String| match steps.iter().find(|step| step.name == *to) {
        Some(next) => teller.step(next),
        None => page.t("map-finished"),
    };
    let is_mail = matches!(found.action, Action::Message(_));
    Ok(StepPage {
        spans: asked.choices(&page, &format!("/journeys/{name}/steps/{step}")),
        name: step.to_owned(),
        title: teller.step(found),
        does: teller.action(found),
        icon: kind(found).1,
        came,
        standing: Standing::of(app, name)?.at(found.key),
        stats: if is_mail { stats(&page, &numbers) } else { Vec::new() },
        ways: numbers.went.iter().map(|(to, n)| (called(to), page.words.number(*n))).collect(),
        exits: counted(&teller, numbers.exit.iter()),
        withheld: counted(&teller, numbers.withheld.iter().chain(&numbers.skipped)),
        preview: is_mail.then(|| preview_of(app, &page, found)),
        settings: super::settings::Form::of_step(app, &page, name, step)?,
        head,
        page,
    })
}

fn preview_of(app: &App, page: &Page, step: &Step) -> Preview {
    match example(app, step, page.locale.code()) {
        Ok(rendered) => Preview { subject: rendered.subject, why_not: String::new() },
        Err(why) => Preview { subject: String::new(), why_not: page.with("step-preview-none", "why", &why) },
    }
}

/// The letter of a step for an invented customer of this shop.
fn example(app: &App, step: &Step, locale: &str) -> Result<Rendered, String> {
    let Action::Message(said) = &step.action else { return Err("no message".to_owned()) };
    let state = app.shop();
    let template = state.template(&said.template, locale);
    let template = template.ok_or_else(|| format!("there is no template `{}`", said.template))?;
    let mut facts = beckon_render::sample(locale);
    let shop = message::shop(&state);
    if !shop.name.is_empty() {
        facts.shop = shop;
    }
    beckon_render::render(&template, &facts, &app.links(), 0).map_err(|why| why.to_string())
}

/// Which language a letter is shown in.
#[derive(Debug, Default, Deserialize)]
pub struct Language {
    #[serde(default)]
    locale: String,
}

/// `GET /journeys/{name}/steps/{step}/preview`: the letter for its frame; no link in it leads anywhere.
pub async fn preview(
    page: Page,
    State(app): State<Arc<App>>,
    Path((name, step)): Path<(String, String)>,
    Query(language): Query<Language>,
) -> Response {
    let own = page.locale.code();
    let made = answer::work(app, move |app| {
        let journey = crate::journeys::planned(app, &name).ok_or_else(|| Refused::missing("step"))?;
        let locale = if language.locale.is_empty() { own } else { &language.locale };
        let rendered = example(app, find(&journey, &step)?, locale);
        let rendered = rendered.map_err(|why| Refused::new(StatusCode::CONFLICT, "template", why))?;
        // The opening picture would ask our own server for a message that is none.
        Ok(rendered.html.replace(&app.links().open(0), "data:,"))
    });
    match made.await {
        // The goods of an example are invented: no picture is fetched for them.
        Ok(html) => inert(super::super::messages::unlinked(html), &BTreeSet::new()),
        Err(why) => refused(page, &why),
    }
}
