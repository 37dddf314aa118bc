//! One customer, live: who she is, where she stands and what comes next, what was sent, what happened.

use super::super::layout::{Page, fragment, html};
use super::timeline::{self, Line};
use super::{MessageLine, ahead, full_name, is_link, kind_key, line, refused};
use crate::api::answer::{self, Refused};
use crate::api::{export, messages, profiles};
use crate::app::App;
use crate::people::{self, GoodsView, Portrait};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use beckon_core::profile::Profile;
use beckon_recommend::{Purpose, Query as Recommend};
use serde::Deserialize;
use std::sync::{Arc, PoisonError};

/// Messages shown beside the timeline.
const MESSAGES: usize = 20;
/// Products recommended for her.
const RECOMMENDED: usize = 6;

#[derive(Template)]
#[template(path = "customers/one.html")]
struct One {
    page: Page,
    title: String,
    person: Arc<Portrait>,
    side: Side,
    main: Main,
    /// The newest lines are shown, so new ones may come.
    live: bool,
}

/// Who she is and where she stands.
#[derive(Template)]
#[template(path = "customers/side.html")]
struct Side {
    page: Page,
    person: Arc<Portrait>,
    stands: Vec<Stand>,
    arms: Vec<(String, String)>,
    recommended: Vec<GoodsView>,
}

/// Where she stands in a journey.
struct Stand {
    journey: String,
    title: String,
    state: String,
    step: String,
    ahead: String,
}

/// What was sent and what happened.
#[derive(Template)]
#[template(path = "customers/main.html")]
struct Main {
    page: Page,
    messages: Vec<MessageLine>,
    lines: Vec<Line>,
    older: String,
}

/// Where a timeline goes on.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    before: Option<String>,
}

/// `GET /customers/{id}`
pub async fn one(
    page: Page,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Response {
    let (asked, frame) = (id.clone(), page.clone());
    let read = answer::work(app, move |app| {
        let profile = profiles::found(app, profiles::number(&asked)?)?;
        let main = main_part(app, &frame, &profile, part.before.as_deref())?;
        let side = side_part(app, &frame, profile)?;
        let person = side.person.clone();
        let name = full_name(
            person.first_name.as_deref().unwrap_or_default(),
            person.last_name.as_deref().unwrap_or_default(),
        );
        let titles = [name, person.email.clone().unwrap_or_default()];
        let title = titles.into_iter().find(|text| !text.is_empty());
        let title = title.unwrap_or_else(|| frame.t("customer-unknown"));
        Ok(One { page: frame, title, person, side, main, live: part.before.is_none() })
    });
    match read.await {
        // She was merged: her page is that of the other number now.
        Ok(one) if one.person.id.to_string() != id => {
            Redirect::to(&format!("/customers/{}", one.person.id)).into_response()
        }
        Ok(one) => html(&one),
        Err(why) => refused(page, &why),
    }
}

/// `GET /customers/{id}/side`: a part that asks for itself again and again.
pub async fn side(
    page: Page,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let frame = page.clone();
    let read = answer::work(app, move |app| {
        let profile = profiles::found(app, profiles::number(&id)?)?;
        side_part(app, &frame, profile)
    });
    match read.await {
        Ok(part) => fragment(&headers, &part),
        Err(why) => refused(page, &why),
    }
}

/// `GET /customers/{id}/timeline`: messages and timeline, likewise.
pub async fn main(
    page: Page,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let frame = page.clone();
    let read = answer::work(app, move |app| {
        let profile = profiles::found(app, profiles::number(&id)?)?;
        main_part(app, &frame, &profile, None)
    });
    match read.await {
        Ok(part) => fragment(&headers, &part),
        Err(why) => refused(page, &why),
    }
}

/// `GET /customers/{id}/export`: all that is kept of her, as a file.
pub async fn export(page: Page, State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let locale = page.locale;
    let name = id.clone();
    let read = answer::work(app, move |app| export::everything(app, &id, &answer::words(app, locale)));
    match read.await {
        Ok(all) => {
            // The id was read as a number: it holds nothing that a header cannot.
            let file = format!("attachment; filename=\"customer-{name}.json\"");
            let text = serde_json::to_string_pretty(&all).unwrap_or_default();
            let kind = "application/json; charset=utf-8".to_owned();
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, file)], text).into_response()
        }
        Err(why) => refused(page, &why),
    }
}

fn side_part(app: &App, page: &Page, profile: Profile) -> Result<Side, Refused> {
    let words = answer::words(app, page.locale);
    let person = people::person(app, profile)?;
    let portrait = people::portrait(app, &person)?;
    let plan = app.shop().plan.clone();
    let positions = portrait.journeys.iter().zip(&person.profile.hot.positions);
    let stands = positions.map(|(stand, position)| Stand {
        journey: stand.journey.clone(),
        title: words.journey(&stand.journey),
        state: page.t(stand_key(stand.state)),
        step: stand.step.clone(),
        ahead: ahead::ahead(page, &plan, &person.profile, position),
    });
    let arm = |arm: &people::ArmView| (words.journey(&arm.journey), page.t(arm_key(arm.arm)));
    Ok(Side {
        page: page.clone(),
        stands: stands.collect(),
        arms: portrait.holdout.iter().map(arm).collect(),
        recommended: recommended(app, &portrait)?,
        person: Arc::new(portrait),
    })
}

/// What would be recommended to her now: what she has in the cart and what she bought last is left out.
fn recommended(app: &App, person: &Portrait) -> Result<Vec<GoodsView>, Refused> {
    let cart: Vec<&str> = person.cart.lines.iter().map(|line| line.product_id.as_str()).collect();
    let bought = person.orders.iter().flat_map(|order| order.items.iter().map(String::as_str));
    let exclude: Vec<&str> = cart.iter().copied().chain(bought).collect();
    let picks = {
        let recommender = app.recommender.read().unwrap_or_else(PoisonError::into_inner);
        recommender.recommend(&Recommend {
            seeds: &cart,
            visitor: Some(person.id.0),
            exclude: &exclude,
            n: RECOMMENDED,
            purpose: Purpose::Personal,
            ..Recommend::default()
        })
    };
    let offers = people::offers(app, picks.iter().map(|pick| pick.item.as_str()))?;
    let known = picks.iter().filter(|pick| offers.contains_key(&pick.item));
    Ok(known.map(|pick| GoodsView::of(&pick.item, None, &offers)).collect())
}

fn main_part(app: &App, page: &Page, profile: &Profile, before: Option<&str>) -> Result<Main, Refused> {
    let words = answer::words(app, page.locale);
    let filter = messages::Asked {
        profile: Some(profile.id.to_string()),
        limit: Some(MESSAGES),
        ..messages::Asked::default()
    };
    let found = messages::found(app, &filter, &words)?;
    let own = found.messages.into_iter().map(|view| line(page, view, &words, String::new())).collect();
    let (lines, older) = timeline::lines(app, page, profile, before)?;
    Ok(Main { page: page.clone(), messages: own, lines, older })
}

fn stand_key(state: &str) -> &'static str {
    match state {
        "waiting" => "stand-waiting",
        "messaging" => "stand-messaging",
        "done" => "stand-done",
        _ => "stand-arrived",
    }
}

fn arm_key(arm: &str) -> &'static str {
    match arm {
        "treated" => "arm-treated",
        "held_out" => "arm-held-out",
        _ => "arm-mixed",
    }
}
