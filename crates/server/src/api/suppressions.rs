//! Addresses that get no marketing any more, and stopping one from the shop's side.

use super::answer::{self, Answer, Refused};
use super::ask::{self, Query};
use crate::access::audit;
use crate::app::{App, SHOP};
use crate::people::{self, AddressView};
use crate::run::task::Task;
use crate::track::identity;
use crate::when::When;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use beckon_core::address::Said;
use beckon_core::ids::{Door, DoorKind, ProfileId};
use beckon_core::input::{Letter, Recipient};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which address.
#[derive(Debug, Deserialize)]
pub struct Asked {
    email: Option<String>,
}

/// What is known of an address.
#[derive(Clone, Debug, Serialize)]
pub struct SuppressionView {
    /// The address as it is kept.
    pub email: String,
    /// Whether marketing to it is stopped, and why.
    #[serde(flatten)]
    pub state: AddressView,
    /// When somebody unsubscribed it.
    pub unsubscribed_at: When,
    /// When a message was reported as spam.
    pub complained_at: When,
    /// When it turned out not to exist.
    pub bounced_at: When,
    /// When something was last handed over to it.
    pub handed_at: When,
}

fn normal(text: Option<&str>) -> Result<String, Refused> {
    let text = text.unwrap_or_default();
    identity::email(text).ok_or_else(|| Refused::bad(format!("`email` is not an address: `{text}`")))
}

fn view(app: &App, email: String) -> Result<SuppressionView, Refused> {
    let address = people::address(app, &email)?;
    Ok(SuppressionView {
        email,
        state: AddressView { stopped: address.stopped().is_some(), reason: address.stopped() },
        unsubscribed_at: When(address.unsubscribed_at),
        complained_at: When(address.complained_at),
        bounced_at: When(address.bounced_at),
        handed_at: When(address.handed_at),
    })
}

/// `GET /api/v1/suppressions?email=…`
///
/// # Errors
/// The address is none.
pub async fn one(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Answer<SuppressionView> {
    let email = normal(asked.email.as_deref())?;
    answer::work(app, move |app| view(app, email)).await.map(Json)
}

/// What a shop says of an address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    email: String,
    #[serde(default)]
    reason: Option<String>,
}

/// `POST /api/v1/suppressions`: it is answered when the row of the address is on disk, so that no message to it is begun
/// after the answer.
///
/// # Errors
/// The address or the reason is none, or the store does not answer.
pub async fn stop(State(app): State<Arc<App>>, body: Bytes) -> Answer<SuppressionView> {
    let stop: Stop = ask::body(&body, "{\"email\": …, \"reason\": …}")?;
    let email = normal(Some(&stop.email))?;
    let what = match stop.reason.as_deref() {
        None | Some("unsubscribed") => Said::Unsubscribed,
        Some("complained") => Said::Complained,
        Some("bounced") => Said::Bounced,
        Some(other) => {
            let why = format!("`{other}` is no reason: use unsubscribed, complained or bounced");
            return Err(Refused::bad(why));
        }
    };
    let door = Door::new(DoorKind::Email, email.clone());
    let holder = {
        let door = (door.bucket(SHOP), door.id(SHOP));
        answer::work(app.clone(), move |app| Ok(app.store.holders(SHOP, &[door])?)).await?
    };
    let profile = holder.first().map_or(ProfileId(0), |row| row.profile);
    let letter = Letter::AddressReport { door: door.id(SHOP), profile, what, at: app.now() };
    tell_door(&app, &door, letter).await?;
    let reason = stop.reason.as_deref().unwrap_or("unsubscribed");
    let changes = vec![audit::changed("reason", None, Some(reason))];
    audit::note(&app, "suppression.made", &audit::masked(&email), changes).await;
    let view = answer::work(app, move |app| view(app, email)).await?;
    if view.state.stopped { Ok(Json(view)) } else { Err(not_written()) }
}

/// Hands a letter to a door; its row is on disk when this returns.
async fn tell_door(app: &App, door: &Door, letter: Letter) -> Result<(), Refused> {
    let to = Recipient::Door { bucket: door.bucket(SHOP), door: door.id(SHOP) };
    let done = app.decider.ask(|reply| Task::Letter { to, letter: Box::new(letter), reply }).await;
    done.map(drop).map_err(|_| not_written())
}

fn not_written() -> Refused {
    let why = "the address could not be written: repeat in a moment";
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why)
}
