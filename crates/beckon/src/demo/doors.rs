//! The demo's first page: its doors, its clock, and what to try.

use super::places::Places;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use beckon_core::time::{DAY, HOUR, Span};
use beckon_server::access::session;
use beckon_server::app::App;
use beckon_server::demo::PACES;
use beckon_server::i18n::Locale;
use std::collections::HashMap;
use std::sync::Arc;

const STYLE: &str = include_str!("../../templates/doors.css");
const SCRIPT: &str = include_str!("../../templates/doors.js");
const ICON: &str = include_str!("../../../../web/icon.svg");
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Clone)]
struct Doors {
    app: Arc<App>,
    places: Places,
}

#[derive(Template)]
#[template(path = "doors.html")]
struct Page {
    ru: bool,
    shop: String,
    mailbox: String,
    paces: [u32; 3],
    pace: u32,
    clock: String,
}

/// The page of the doors.
pub fn router(app: Arc<App>, places: Places) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/enter", get(enter))
        .route("/enter/", get(enter))
        .route("/clock", get(clock))
        .route("/tomorrow", post(tomorrow))
        .route("/pace", post(pace))
        .route("/doors.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/doors.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/icon.svg", get(|| async { asset("image/svg+xml", ICON) }))
        .with_state(Doors { app, places })
}

fn asset(kind: &'static str, body: &'static str) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response()
}

async fn page(
    State(doors): State<Doors>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let locale = language(&query, &headers);
    let page = Page {
        ru: locale == Locale::Ru,
        shop: format!("http://{}", doors.places.shop),
        mailbox: format!("http://{}", doors.places.mailbox),
        paces: PACES,
        pace: doors.app.clock.factor() as u32,
        clock: time_of_day(&doors.app),
    };
    let policy = [(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))];
    // The shop and the mailbox stand on the same host and read the same cookie.
    let kept =
        [(header::SET_COOKIE, format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax", locale.code()))];
    (policy, kept, Html(page.render().unwrap_or_default())).into_response()
}

/// The language chosen by the switch, before, or by the browser.
fn language(query: &HashMap<String, String>, headers: &HeaderMap) -> Locale {
    let kept = session::cookie(headers, "lang").and_then(Locale::parse);
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let chosen = query.get("lang").and_then(|lang| Locale::parse(lang));
    chosen.or(kept).or_else(|| Locale::accepted(asked?)).unwrap_or_default()
}

/// Whether a request comes from a page of the demo or was typed, not from a page of somebody else.
fn is_own(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    matches!(site, None | Some("same-origin" | "same-site" | "none"))
}

/// The admin's door: who comes through it is signed in by a ticket of one use.
async fn enter(
    State(doors): State<Doors>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let Some(demo) = doors.app.demo.get().filter(|_| is_own(&headers)) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let ticket = demo.ticket(language(&query, &headers), doors.app.clock.wall());
    Redirect::to(&format!("http://{}/demo/enter?ticket={ticket}", doors.places.admin)).into_response()
}

/// Jumps to tomorrow at nine, living through what lies between.
async fn tomorrow(State(doors): State<Doors>, headers: HeaderMap) -> Response {
    let Some(demo) = doors.app.demo.get().filter(|_| is_own(&headers)) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let now = doors.app.now();
    let tomorrow = now.plus(Span(DAY.0 - super::of_day(now) + HOUR.times(9).0));
    // Somebody listens as long as the demo runs.
    let _ = demo.jump.send(Some(tomorrow));
    Redirect::to("/").into_response()
}

async fn clock(State(doors): State<Doors>) -> String {
    time_of_day(&doors.app)
}

/// Chooses how fast time runs. Only a page of this origin may: the demo listens where every page of the browser can
/// post.
async fn pace(
    State(doors): State<Doors>,
    headers: HeaderMap,
    axum::Form(form): axum::Form<HashMap<String, String>>,
) -> Response {
    let wanted =
        form.get("pace").and_then(|pace| pace.parse::<u32>().ok()).filter(|pace| PACES.contains(pace));
    match wanted {
        Some(pace) if is_own(&headers) => {
            doors.app.clock.set_factor(f64::from(pace));
            Redirect::to("/").into_response()
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Day of the week and hour of the shop, in Moscow.
fn time_of_day(app: &App) -> String {
    let local = app.now().0 + HOUR.times(3).0;
    let minutes = local.rem_euclid(DAY.0) / 60_000;
    let morning = app.demo.get().is_some_and(|demo| demo.is_morning(app.clock.wall()));
    let said = if morning { " morning" } else { "" };
    format!("{} {:02}:{:02}{said}", local.div_euclid(DAY.0), minutes / 60, minutes % 60)
}
