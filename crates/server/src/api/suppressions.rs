//! Addresses that get no marketing any more, and stopping one from the shop's side.

use super::answer::{self, Answer, Refused};
use super::ask::Query;
use crate::access::audit;
use crate::app::App;
use crate::people::stop::{self, Stop};
use crate::people::{self, AddressView};
use crate::track::identity;
use crate::when::When;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
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
struct Asking {
    email: String,
    #[serde(default)]
    reason: Option<String>,
}

impl Asking {
    fn stop(&self) -> Result<Stop, Refused> {
        let email = normal(Some(&self.email))?;
        let reason = self.reason.as_deref().unwrap_or(USUAL);
        let what = stop::reason(reason).ok_or_else(|| {
            Refused::bad(format!("`{reason}` is no reason: use unsubscribed, complained or bounced"))
        })?;
        Ok(Stop { email, what })
    }
}

/// The reason of an address that comes without one.
const USUAL: &str = "unsubscribed";

/// What came of a request.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Stopped {
    /// One address, as it is now.
    One(Box<SuppressionView>),
    /// Several.
    Several {
        /// Addresses that are stopped, each counted once.
        stopped: usize,
        /// What was not taken of the list.
        refused: Vec<NotStopped>,
    },
}

/// A part of a list that was not taken.
#[derive(Debug, Serialize)]
pub struct NotStopped {
    /// Its place in the list, from 0.
    index: usize,
    /// What was wrong.
    what: String,
}

/// `POST /api/v1/suppressions`: one address or a list of them. It is answered when the rows of the addresses are on
/// disk, so that no message to them is begun after the answer. Of a list the wrong ones are named, and the others taken.
///
/// # Errors
/// It is neither, the only address or its reason is none, or the store does not answer; then all may be repeated.
pub async fn stop(State(app): State<Arc<App>>, body: Bytes) -> Answer<Stopped> {
    let unread = |why: serde_json::Error| {
        Refused::bad(format!("the body is {{\"email\": …, \"reason\": …}}, or a list of such: {why}"))
    };
    let body: Value = serde_json::from_slice(&body).map_err(unread)?;
    if let Value::Array(list) = body {
        return several(&app, list).await.map(Json);
    }
    let one: Asking = serde_json::from_value(body).map_err(unread)?;
    let one = one.stop()?;
    write(&app, std::slice::from_ref(&one)).await?;
    let reason = stop::REASONS.iter().find(|(_, what)| *what == one.what).map(|(code, _)| *code);
    let changes = vec![audit::changed("reason", None, reason)];
    audit::note(&app, "suppression.made", &audit::masked(&one.email), changes).await;
    let view = answer::work(app, move |app| view(app, one.email)).await?;
    if view.state.stopped { Ok(Json(Stopped::One(Box::new(view)))) } else { Err(not_written()) }
}

async fn several(app: &Arc<App>, list: Vec<Value>) -> Result<Stopped, Refused> {
    if list.is_empty() {
        return Err(Refused::bad("the list is empty: [{\"email\": …, \"reason\": …}, …] is wanted"));
    }
    let (mut stops, mut refused) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for (index, one) in list.into_iter().enumerate() {
        let asking: Result<Asking, _> = match one {
            Value::String(email) => Ok(Asking { email, reason: None }),
            one => serde_json::from_value(one),
        };
        let stop =
            asking.map_err(|why| why.to_string()).and_then(|one| one.stop().map_err(|why| why.message));
        match stop {
            Ok(stop) if seen.insert(stop.email.clone()) => stops.push(stop),
            Ok(_) => {}
            Err(what) => refused.push(NotStopped { index, what }),
        }
    }
    write(app, &stops).await?;
    if !stops.is_empty() {
        audit::note(app, "suppression.list", &stops.len().to_string(), Vec::new()).await;
    }
    Ok(Stopped::Several { stopped: stops.len(), refused })
}

async fn write(app: &Arc<App>, stops: &[Stop]) -> Result<(), Refused> {
    stop::stop(app, stops).await.map_err(|_| not_written())
}

fn not_written() -> Refused {
    let why = "not every address could be written: repeat in a moment";
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why)
}
