//! One's own account: where one is signed in, and another password, which ends every session.

use super::layout::{Page, broken, html_with};
use crate::access::limit::Limit;
use crate::access::session::{self, session_cookie};
use crate::access::visit::{Visit, add_cookie};
use crate::access::{audit, staff};
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::save::blocking;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use beckon_core::time::ShopTime;
use std::sync::Arc;

/// A session of hers, ready to be shown.
struct Line {
    id: String,
    agent: String,
    ip: String,
    since: ShopTime,
    seen: ShopTime,
    here: bool,
}

#[derive(Template)]
#[template(path = "account/page.html")]
struct Account {
    page: Page,
    sessions: Vec<Line>,
    errors: Errors,
}

/// `GET /account`
pub async fn page(page: Page, State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    show(page, &app, &headers, StatusCode::OK, Errors::default()).await
}

async fn show(
    page: Page,
    app: &Arc<App>,
    headers: &HeaderMap,
    status: StatusCode,
    errors: Errors,
) -> Response {
    let email = page.by().to_owned();
    let here = session::token(headers).map(session::hashed).unwrap_or_default();
    let found = blocking(app, move |app| app.plane.sessions(&email, app.clock.wall())).await;
    let line = |session: beckon_store::shop::Session| Line {
        id: session_id(&session.token),
        here: session.token == here,
        agent: session.agent,
        ip: session.ip,
        since: ShopTime(session.created.0),
        seen: ShopTime(session.seen.0),
    };
    match found {
        Ok(found) => {
            let sessions = found.into_iter().map(line).collect();
            html_with(status, &Account { page, sessions, errors })
        }
        Err(why) => broken(page, &why),
    }
}

/// A session by a name that opens nothing: a part of the hash of its token.
fn session_id(token: &[u8]) -> String {
    token.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// `POST /account/sessions/end`: ends one of her own sessions.
pub async fn end(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let (email, id) = (page.by().to_owned(), fields.text("id").to_owned());
    let ended = blocking(&app, move |app| {
        let own = app.plane.sessions(&email, app.clock.wall())?;
        for session in own.iter().filter(|session| session_id(&session.token) == id) {
            app.plane.end_session(&session.token)?;
            audit::note_here(app, "session.ended", &email, &[]);
        }
        Ok(())
    });
    match ended.await {
        Ok(()) => page.redirect("/account", "flash-session-ended"),
        Err(why) => broken(page, &why),
    }
}

/// `POST /account/password`: wants the old one, and begins a new session here.
pub async fn password(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(visit): Extension<Visit>,
    Extension(limit): Extension<Arc<Limit>>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let wrong = async |page: Page, status, field, key| {
        let mut errors = Errors::default();
        errors.add(field, page.t(key));
        show(page, &app, &headers, status, errors).await
    };
    let email = page.by().to_owned();
    if !limit.allows(&email, visit.client, app.clock.wall()) {
        return wrong(page, StatusCode::TOO_MANY_REQUESTS, "old", "sign-in-often").await;
    }
    let Ok(_permit) = limit.hashing.acquire().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (old, new) = (fields.raw("old").to_owned(), fields.raw("new").to_owned());
    let (owner, from) = (email.clone(), visit.clone());
    let changed = blocking(&app, move |app| {
        if !staff::check(&app.plane, &owner, &old)? {
            return Ok(Err("sign-in-wrong"));
        }
        if let Err(trouble) = staff::set_password(&app.plane, &owner, &new) {
            return Ok(Err(trouble.key()));
        }
        session::begin(app, &owner, &from).map(Ok)
    });
    match changed.await {
        Ok(Ok(token)) => {
            limit.succeeded(&email);
            let mut response = page.redirect("/account", "flash-password");
            add_cookie(&mut response, &session_cookie(&token, page.secure));
            response
        }
        Ok(Err("sign-in-wrong")) => {
            wrong(page, StatusCode::UNPROCESSABLE_ENTITY, "old", "account-wrong").await
        }
        Ok(Err(key)) => wrong(page, StatusCode::UNPROCESSABLE_ENTITY, "new", key).await,
        Err(why) => broken(page, &why),
    }
}
