//! The demo's strip with the shop's time, its guide, and the way in. Without a demo none of it is there.

pub mod frame;

use super::layout::{Page, broken, fragment, problem};
use super::sign_in::own_path;
use crate::access::session::{self, session_cookie, set_cookie};
use crate::access::staff;
use crate::access::visit::Visit;
use crate::access::visit::{LANG, add_cookie};
use crate::app::App;
use crate::demo::PACES;
use crate::form::Fields;
use crate::save::blocking;
use askama::Template;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use beckon_core::time::{DAY, HOUR};
use frame::Frame;
use std::sync::Arc;

/// A chosen language is kept for a year.
const CHOICE_SECS: i64 = 31_536_000;

#[derive(Template)]
#[template(path = "demo/clock.html")]
struct ClockPart {
    page: Page,
    frame: Frame,
}

#[derive(Template)]
#[template(path = "demo/steps.html")]
struct StepsPart {
    page: Page,
    frame: Frame,
}

fn missing(page: Page) -> Response {
    problem(page, StatusCode::NOT_FOUND, "problem-missing")
}

/// `GET /demo/clock`
pub async fn clock(page: Page, headers: HeaderMap) -> Response {
    match page.demo.clone() {
        Some(frame) => fragment(&headers, &ClockPart { page, frame }),
        None => missing(page),
    }
}

/// `GET /demo/guide`
pub async fn guide(page: Page, headers: HeaderMap) -> Response {
    match page.demo.clone() {
        Some(frame) => fragment(&headers, &StepsPart { page, frame }),
        None => missing(page),
    }
}

/// `POST /demo/guide`: puts the guide away, or takes it out again.
pub async fn put_away(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let Some(demo) = app.demo.get() else { return missing(page) };
    demo.note(|guide| guide.hidden = !fields.has("show"));
    Redirect::to(own_path(fields.text("back"))).into_response()
}

/// `POST /demo/time`: another pace, or the jump to tomorrow morning.
pub async fn time(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let Some(demo) = app.demo.get() else { return missing(page) };
    let pace = fields.whole("pace").and_then(|pace| u32::try_from(pace).ok());
    if let Some(pace) = pace.filter(|pace| PACES.contains(pace)) {
        app.clock.set_factor(f64::from(pace));
    }
    if fields.has("tomorrow") {
        let morning = page.words.day_start(app.now().plus(DAY)).plus(HOUR.times(9));
        // Somebody listens as long as the demo runs.
        let _ = demo.jump.send(Some(morning));
    }
    Redirect::to(own_path(fields.text("back"))).into_response()
}

/// `GET /demo/enter?ticket=…`: lets in whoever comes through the door of the demo's first page.
pub async fn enter(
    page: Page,
    Extension(visit): Extension<Visit>,
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(demo) = app.demo.get() else { return missing(page) };
    let query = Fields::parse(query.unwrap_or_default().as_bytes());
    let next = own_path(query.text("next")).to_owned();
    let Some(locale) = demo.redeem(query.text("ticket"), app.clock.wall()) else {
        // Whoever reloads the address is in already.
        return Redirect::to(if page.staff.is_some() { &next } else { &demo.doors }).into_response();
    };
    let (email, from) = (demo.staff.clone(), visit);
    let begun = blocking(&app, move |app| {
        staff::change(&app.plane, &email, |document| document.locale = locale.code().to_owned())
            .map_err(|why| beckon_store::Error::Unavailable(why.to_string()))?;
        session::begin(app, &email, &from)
    });
    match begun.await {
        Ok(token) => {
            app.plane_changed.notify_one();
            let mut response = Redirect::to(&next).into_response();
            add_cookie(&mut response, &session_cookie(&token, page.secure));
            add_cookie(&mut response, &set_cookie(LANG, locale.code(), CHOICE_SECS, page.secure));
            response
        }
        Err(why) => broken(page, &why),
    }
}
