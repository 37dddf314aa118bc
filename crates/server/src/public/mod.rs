//! What shoppers and their mail programs reach: tracker, tracking API, and the links of our mails. It shares
//! no cookie and no origin with the admin.

mod click;
mod leave;
mod machine;
mod page;
mod recommend;
mod show;

use crate::app::App;
use crate::intake::Tracking;
use crate::run::task::feedback;
use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use beckon_core::ids::MessageId;
use beckon_core::input::{Feedback, Reaction};
use beckon_store::MessageRow;
use std::sync::Arc;

/// The tracker as it is served.
const TRACKER: &str = include_str!("../../../../web/beckon.js");
/// Recommendations on the shop's pages, which the tracker loads where there are some.
const WIDGETS: &str = include_str!("../../../../web/widgets.js");
/// Their look where the shop has none of its own for them.
const WIDGETS_STYLE: &str = include_str!("../../../../web/widgets.css");
/// The look of the few public pages.
const STYLE: &str = include_str!("../../../../web/public.css");

/// The public router.
pub fn router(app: Arc<App>) -> Router {
    let ours = Router::new()
        .route("/c/{token}", get(click::follow))
        .route("/r/{token}", get(click::restore))
        .route("/r/cart", get(click::cart))
        .route("/o/{token}", get(click::pixel))
        .route("/u/{token}", get(leave::ask).post(leave::unsubscribe))
        .route("/p/{token}", get(leave::preferences).post(leave::choose))
        .route("/v/{token}", get(show::in_browser))
        .route("/beckon.js", get(tracker))
        .route("/widgets.js", get(async || asset("text/javascript; charset=utf-8", WIDGETS)))
        .route("/widgets.css", get(async || asset("text/css; charset=utf-8", WIDGETS_STYLE)))
        .route("/public.css", get(style))
        .route("/health", get(|| async { "ok" }))
        .route("/health/live", get(crate::ops::health::live))
        .with_state(app.clone());
    ours.merge(recommend::router(app.clone())).merge(crate::track::router(Tracking(app)))
}

async fn tracker() -> Response {
    asset("text/javascript; charset=utf-8", TRACKER)
}

async fn style() -> Response {
    asset("text/css; charset=utf-8", STYLE)
}

fn asset(kind: &'static str, body: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, body).into_response()
}

/// The row of a message of one of our tokens.
async fn row_of(app: &Arc<App>, message: u64) -> Option<MessageRow> {
    let app = app.clone();
    let read = move || app.store.message(crate::app::SHOP, MessageId(message)).ok().flatten();
    tokio::task::spawn_blocking(read).await.ok().flatten()
}

/// Notes a reaction; comes back when it is on disk, or when it was handed to a task that insists.
async fn react(app: &Arc<App>, row: &MessageRow, kind: Reaction) -> bool {
    let first = match kind {
        Reaction::Opened => row.opened_at.is_none(),
        Reaction::OpenedByMachine => row.machine_opened_at.is_none(),
        Reaction::Clicked => row.clicked_at.is_none(),
        Reaction::ClickedByMachine => row.machine_clicked_at.is_none(),
        Reaction::Unsubscribed | Reaction::Complained | Reaction::Bounced => row.ended_badly_at.is_none(),
    };
    let reaction = Feedback {
        message: row.id,
        address: row.address,
        journey: row.journey.clone(),
        step: row.step.clone(),
        kind,
        at: app.now(),
        first,
    };
    let (shop, profile) = (row.shop, row.profile);
    let told = app.decider.ask(|reply| feedback(shop, profile, reaction.clone(), reply)).await;
    if told.is_ok() {
        return true;
    }
    let app = app.clone();
    tokio::spawn(async move {
        app.decider.insist(|reply| feedback(shop, profile, reaction.clone(), reply)).await;
    });
    false
}

/// What every public page says about itself.
fn guarded(mut response: Response, csp: &'static str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(csp));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

/// A header as text, empty when it is missing or no text.
fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
}
