//! What identities are signed with: since when, and a new one.

use super::answer::{Answer, Refused};
use super::ask;
use super::settings::BY;
use crate::app::App;
use crate::ops;
use crate::when::When;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use beckon_core::time::{ShopTime, WallTime};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What may be told of the key again and again.
#[derive(Debug, Serialize)]
pub struct SigningView {
    /// Whether there is one.
    made: bool,
    made_at: When,
    /// Until when signatures of the key before count.
    old_counts_until: When,
}

/// A key that was just made.
#[derive(Debug, Serialize)]
pub struct Made {
    /// The key itself: no other answer has it.
    key: String,
    #[serde(flatten)]
    view: SigningView,
}

fn view(app: &App) -> SigningView {
    let state = app.shop();
    let signing = state.signing.as_ref();
    let old = signing.and_then(|signing| signing.old_counts_until(app.clock.wall()));
    let when = |at: Option<WallTime>| When::from(at.map(|at| ShopTime(at.0)));
    SigningView {
        made: signing.is_some(),
        made_at: when(signing.map(|signing| WallTime(signing.made_at))),
        old_counts_until: when(old),
    }
}

/// `GET /api/v1/signing`
///
/// # Errors
/// None.
pub async fn one(State(app): State<Arc<App>>) -> Answer<SigningView> {
    Ok(Json(view(&app)))
}

/// How a key is renewed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    end_old: bool,
}

/// `POST /api/v1/signing`
///
/// # Errors
/// Somebody else made one at the same time.
pub async fn renew(State(app): State<Arc<App>>, body: Bytes) -> Result<(StatusCode, Json<Made>), Refused> {
    let wanted: Wanted = ask::body(&body, "{\"end_old\": true or false}")?;
    let (saved, key) = ops::signing::renew(&app, BY, wanted.end_old).await;
    Result::from(saved)?;
    Ok((StatusCode::CREATED, Json(Made { key, view: view(&app) })))
}
