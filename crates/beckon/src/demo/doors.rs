//! The demo's first page: its doors, its clock, and what to try.

use super::places::{Places, STAFF};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use beckon_core::time::{DAY, HOUR};
use beckon_server::app::App;
use std::collections::HashMap;
use std::sync::Arc;

const STYLE: &str = include_str!("../../templates/doors.css");
const SCRIPT: &str = include_str!("../../templates/doors.js");
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Paces a visitor may choose.
const PACES: [u32; 4] = [1, 60, 600, 3_600];

#[derive(Clone)]
struct Doors {
    app: Arc<App>,
    places: Places,
}

#[derive(Template)]
#[template(path = "doors.html")]
struct Page<'a> {
    ru: bool,
    shop: String,
    admin: String,
    mailbox: String,
    staff: (&'a str, &'a str),
    paces: [u32; 4],
    pace: u32,
    clock: String,
}

/// The page of the doors.
pub fn router(app: Arc<App>, places: Places) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/clock", get(clock))
        .route("/pace", post(pace))
        .route("/doors.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/doors.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }))
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
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let ru = match query.get("lang").map(String::as_str) {
        Some("ru") => true,
        Some("en") => false,
        _ => asked.to_ascii_lowercase().starts_with("ru"),
    };
    let page = Page {
        ru,
        shop: format!("http://{}", doors.places.shop),
        admin: format!("http://{}", doors.places.admin),
        mailbox: format!("http://{}", doors.places.mailbox),
        staff: STAFF,
        paces: PACES,
        pace: doors.app.clock.factor() as u32,
        clock: time_of_day(&doors.app),
    };
    let policy = [(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY))];
    (policy, Html(page.render().unwrap_or_default())).into_response()
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
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()).unwrap_or("same-origin");
    let wanted =
        form.get("pace").and_then(|pace| pace.parse::<u32>().ok()).filter(|pace| PACES.contains(pace));
    match wanted {
        Some(pace) if site == "same-origin" => {
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
    format!("{} {:02}:{:02}", local.div_euclid(DAY.0), minutes / 60, minutes % 60)
}
