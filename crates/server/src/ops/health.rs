//! Whether the program lives, and whether it is ready: for systemd, containers and balancers, in words for
//! people.
//!
//! Nothing here is secret or personal, because anybody who reaches the admin side may ask.

use crate::app::{App, SHOP};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use beckon_core::time::{SECOND, Span, WallTime};
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Without a sign of life for so long the decider is taken for stuck: a batch takes far less, even on a slow
/// disk.
pub const STUCK_AFTER: Span = SECOND.times(20);
/// So long after a commit that failed events may come again: without them nobody would find out that the disk
/// has room.
pub const TRIED_AGAIN_AFTER: Span = SECOND.times(15);
/// How long the store may take to answer.
const STORE_PATIENCE: Duration = Duration::from_secs(3);

/// What is looked at, each in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Whether requests may come.
    pub ready: bool,
    /// Version of the program.
    pub version: &'static str,
    /// Whether the store answers and takes commits.
    pub store: String,
    /// What it is among the programs on one database: `owner`, `standby`, or `draining` while it is about to
    /// stop and sends visitors elsewhere.
    pub role: &'static str,
    /// Whether the shop is loaded.
    pub shop: String,
    /// Whether the decider lives.
    pub decider: String,
    /// Whether mails go out; a shop that is paused is ready all the same.
    pub sending: String,
}

impl Health {
    /// Looks at everything, at a moment of the wall clock.
    pub async fn at(app: &Arc<App>, now: WallTime) -> Health {
        let asked = app.clone();
        let head = tokio::task::spawn_blocking(move || asked.store.head().map(drop));
        let shared = app.decider.shared();
        let store = match tokio::time::timeout(STORE_PATIENCE, head).await {
            Ok(Ok(Ok(()))) if !shared.unavailable.load(Ordering::Relaxed) => Ok("answers"),
            Ok(Ok(Ok(()))) if now.since(shared.failed_at()) >= TRIED_AGAIN_AFTER => {
                Ok("took no commit when it was last asked to; is asked again with the next event")
            }
            Ok(Ok(Ok(()))) => Err("takes no commits: look at the disk and at the log"),
            Ok(_) => Err("cannot be read: look at the log"),
            Err(_) => Err("does not answer within 3 seconds"),
        };
        let quiet = now.since(shared.beat());
        let decider = if quiet < STUCK_AFTER {
            Ok("works".to_owned())
        } else {
            Err(format!("has not been heard of for {} s: restart the program", quiet.0 / SECOND.0))
        };
        let state = app.shop();
        let shop = if state.troubles.is_empty() {
            "loaded".to_owned()
        } else {
            format!("loaded; {} documents cannot be used, see the log", state.troubles.len())
        };
        debug_assert_eq!(state.shop, SHOP);
        let sending = match () {
            () if app.store.suspicion().is_some() => {
                "paused: the data was restored or copied, nothing is sent until somebody confirms it under Settings"
            }
            () if !app.role.owns() => "left to the program that owns the shop",
            () if state.settings.stopped => "stopped by staff under Settings",
            () if app.smtp().is_err() => "waits: no relay or no sender is set",
            () => "on",
        };
        Health {
            ready: store.is_ok() && decider.is_ok() && !app.role.is_draining(),
            version: env!("CARGO_PKG_VERSION"),
            store: store.unwrap_or_else(|why| why).to_owned(),
            role: match () {
                () if app.role.is_draining() => "draining",
                () if app.role.owns() => "owner",
                () => "standby",
            },
            shop,
            decider: decider.unwrap_or_else(|why| why),
            sending: sending.to_owned(),
        }
    }
}

/// `GET /health/live`: the program answers.
pub async fn live() -> &'static str {
    "live"
}

/// `GET /health/ready`: 200 when requests may come, else 503; JSON with a word for each part.
pub async fn ready(State(app): State<Arc<App>>) -> Health {
    Health::at(&app, app.clock.wall()).await
}

impl IntoResponse for Health {
    fn into_response(self) -> Response {
        let status = if self.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        (status, Json(self)).into_response()
    }
}
