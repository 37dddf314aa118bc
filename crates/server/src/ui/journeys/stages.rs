//! The stage screen: all journeys along a customer's way, and which goes first.

use super::super::customers::refused;
use super::super::layout::{Page, html};
use super::tell::Teller;
use crate::access::rights::Right;
use crate::api::answer;
use crate::api::journeys as api;
use crate::app::App;
use crate::form::Fields;
use crate::journeys::stages::{self, OnStage};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use beckon_core::plan::Stage;
use std::sync::Arc;

/// A stage with its journeys.
struct StageView {
    title: String,
    journeys: Vec<Row>,
}

/// A journey on its stage.
struct Row {
    name: String,
    title: String,
    class: String,
    priority: u16,
    letters: String,
    on: bool,
    ready: bool,
    sent: String,
    revenue: Vec<String>,
}

#[derive(Template)]
#[template(path = "journeys/stages.html")]
struct StagesPage {
    page: Page,
    stages: Vec<StageView>,
    /// All of the shop's, those that go first first.
    order: Vec<(String, String, u16)>,
    may: bool,
}

/// `GET /stages`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    let frame = page.clone();
    let read = answer::work(app, move |app| {
        let words = answer::words(app, frame.locale);
        let teller = Teller { page: &frame, words: &words };
        let all = stages::all(app)?;
        let on = |stage: Stage| StageView {
            title: match stage {
                Stage::Visit => frame.t("stage-visit"),
                Stage::Cart => frame.t("stage-cart"),
                Stage::Order => frame.t("stage-order"),
                Stage::After => frame.t("stage-after"),
                Stage::Silence => frame.t("stage-silence"),
            },
            journeys: all
                .iter()
                .filter(|one| one.journey.stage == stage)
                .map(|one| row(&teller, one))
                .collect(),
        };
        let own = all.iter().filter(|one| !one.ready);
        let order = own.map(|one| (one.journey.name.clone(), title(&teller, one), one.journey.priority));
        Ok(StagesPage {
            stages: Stage::ALL.into_iter().map(on).collect(),
            order: order.collect(),
            may: frame.may(Right::Edit),
            page: frame,
        })
    });
    match read.await {
        Ok(stages) => html(&stages),
        Err(why) => refused(page, &why),
    }
}

fn title(teller: &Teller, one: &OnStage) -> String {
    teller.title(&one.journey.title).unwrap_or_else(|| one.journey.name.clone())
}

fn row(teller: &Teller, one: &OnStage) -> Row {
    let write = &teller.page.words;
    let letters: Vec<String> =
        stages::letters(&one.journey).into_iter().map(|at| teller.words.span(at)).collect();
    let class = format!("{:?}", one.journey.class);
    Row {
        name: one.journey.name.clone(),
        title: title(teller, one),
        class: teller.page.with("stage-class", "class", &class),
        priority: one.journey.priority,
        letters: letters.join(" · "),
        on: one.journey.on,
        ready: one.ready,
        sent: write.number(one.numbers.sent),
        revenue: one.numbers.revenue.iter().map(|sum| write.money(&sum.money)).collect(),
    }
}

/// `POST /stages`: the whole order as it was dragged, or one journey a place up or down.
pub async fn order(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let by = page.by().to_owned();
    let done = answer::work(app, move |app| {
        let own = stages::all(app)?.into_iter().filter(|one| !one.ready);
        let now: Vec<String> = own.map(|one| one.journey.name).collect();
        api::reorder(app, &wanted(&now, &fields), &by)
    });
    match done.await {
        Ok(()) => page.redirect("/stages#order", "flash-saved"),
        Err(why) => refused(page, &why),
    }
}

fn wanted(now: &[String], fields: &Fields) -> Vec<String> {
    let mut order = now.to_vec();
    let at = |name: &str| now.iter().position(|known| known == name);
    if let Some(place) = at(fields.text("up")).filter(|place| *place > 0) {
        order.swap(place, place - 1);
    } else if let Some(place) = at(fields.text("down")).filter(|place| place + 1 < now.len()) {
        order.swap(place, place + 1);
    } else if !fields.has("up") && !fields.has("down") {
        order = fields.all("name").map(str::to_owned).collect();
    }
    order
}
