//! Unsubscribing and preferences. A GET never changes anything: scanners follow every link (RFC 8058).

use super::{page, react, row_of};
use crate::app::{App, SHOP};
use crate::run::task::{Answer, Task};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use beckon_core::event::{Event, Fact, Identity, Incoming, Mode, Source, Strength, Traits};
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::{Door, DoorKind, ProfileId};
use beckon_core::input::{Input, Reaction};
use beckon_core::profile::Profile;
use beckon_render::Link;
use beckon_store::MessageRow;
use std::collections::HashMap;
use std::sync::Arc;

/// `GET /u/TOKEN`: asks.
pub async fn ask(State(app): State<Arc<App>>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    match app.links().read(&token) {
        Ok(Link::Unsubscribe { .. }) => show(&app, &headers, "ask", Some("List-Unsubscribe"), StatusCode::OK),
        _ => page::plain(&headers, "forged", StatusCode::NOT_FOUND),
    }
}

/// `POST /u/TOKEN`: unsubscribes, from the page or by a mail program's one click. Answered when it is on disk.
pub async fn unsubscribe(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(Link::Unsubscribe { message, .. }) = app.links().read(&token) else {
        return page::plain(&headers, "forged", StatusCode::NOT_FOUND);
    };
    match row_of(&app, message).await {
        Some(row) if react(&app, &row, Reaction::Unsubscribed).await => {
            show(&app, &headers, "left", None, StatusCode::OK)
        }
        Some(_) => show(&app, &headers, "busy", None, StatusCode::SERVICE_UNAVAILABLE),
        None => show(&app, &headers, "gone", None, StatusCode::NOT_FOUND),
    }
}

/// `GET /p/TOKEN`: what she gets now.
pub async fn preferences(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(Link::Preferences { message }) = app.links().read(&token) else {
        return page::plain(&headers, "forged", StatusCode::NOT_FOUND);
    };
    let Some(row) = row_of(&app, message).await else {
        return show(&app, &headers, "gone", None, StatusCode::NOT_FOUND);
    };
    match customer(&app, &row).await {
        Some(profile) if gets_mail(&profile) => show(&app, &headers, "on", Some("stop"), StatusCode::OK),
        Some(_) => show(&app, &headers, "off", Some("start"), StatusCode::OK),
        None => show(&app, &headers, "busy", None, StatusCode::SERVICE_UNAVAILABLE),
    }
}

/// `POST /p/TOKEN`: what she wants.
pub async fn choose(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let Ok(Link::Preferences { message }) = app.links().read(&token) else {
        return page::plain(&headers, "forged", StatusCode::NOT_FOUND);
    };
    let Some(row) = row_of(&app, message).await else {
        return show(&app, &headers, "gone", None, StatusCode::NOT_FOUND);
    };
    let (done, said) = match form.get("choice").map(String::as_str) {
        Some("stop") => (react(&app, &row, Reaction::Unsubscribed).await, "left"),
        Some("start") => (agree(&app, &row).await, "back"),
        _ => return show(&app, &headers, "forged", None, StatusCode::BAD_REQUEST),
    };
    if done {
        show(&app, &headers, said, None, StatusCode::OK)
    } else {
        show(&app, &headers, "busy", None, StatusCode::SERVICE_UNAVAILABLE)
    }
}

fn show(app: &App, headers: &HeaderMap, key: &str, choice: Option<&str>, status: StatusCode) -> Response {
    let state = app.shop();
    page::page(page::is_russian(headers), &state.card.name, key, choice, status)
}

fn gets_mail(profile: &Profile) -> bool {
    profile.hot.consent.agreed == Some(true) && !profile.hot.email_stopped
}

/// The addressee as she is now, wherever she was merged into.
async fn customer(app: &Arc<App>, row: &MessageRow) -> Option<Profile> {
    let (app, first) = (app.clone(), row.profile);
    let read = move || {
        let mut id = first;
        for _ in 0..8 {
            let found = app.store.profiles(SHOP, &[id]).ok()?;
            let row = found.first()?;
            let profile = Profile::load(SHOP, id, row.version, &row.hot, row.warm.as_deref()).ok()?;
            if profile.hot.merged_into == ProfileId(0) {
                return Some(profile);
            }
            id = profile.hot.merged_into;
        }
        None
    };
    tokio::task::spawn_blocking(read).await.ok().flatten()
}

/// She holds a letter of ours and asks for more: that proves the address and lifts the stop.
async fn agree(app: &Arc<App>, row: &MessageRow) -> bool {
    let Some(profile) = customer(app, row).await else { return false };
    let email = profile.warm().email.said.value.clone();
    let now = app.now();
    let number = hash(Tag::Event, SHOP, &[b"preferences", &row.id.0.to_le_bytes(), &now.0.to_le_bytes()]);
    let incoming = Incoming {
        event: Event {
            number,
            occurred_at: now,
            received_at: now,
            mode: Mode::Live,
            source: Source::Server,
            fact: Fact::Identified { traits: vec!["email_consent".to_owned()] },
        },
        identities: vec![Identity { door: Door::new(DoorKind::Email, email), strength: Strength::Proved }],
        traits: Traits { email_consent: Some(true), ..Traits::default() },
    };
    let answer = app
        .decider
        .ask(|reply| Task::Input {
            shop: SHOP,
            profile: profile.id,
            input: Input::Event(Box::new(incoming)),
            reply,
        })
        .await;
    matches!(answer, Ok(Answer::Done))
}
