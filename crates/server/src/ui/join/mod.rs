//! Choosing one's own password by a link: somebody new, or somebody who lost hers.

use super::layout::{Page, broken, html_with};
use crate::access::limit::Limit;
use crate::access::session::{self, session_cookie};
use crate::access::staff::Trouble;
use crate::access::visit::{Visit, add_cookie};
use crate::access::{audit, invite};
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::save::blocking;
use askama::Template;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "join/page.html")]
struct Join {
    page: Page,
    token: String,
    /// For whom the link is; empty when it is no good.
    email: String,
    errors: Errors,
}

/// `GET /join?token=…`: looking at it uses nothing up, so that a mail scanner may.
pub async fn page(page: Page, State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    let query = Fields::parse(query.unwrap_or_default().as_bytes());
    show(page, &app, query.text("token").to_owned(), None).await
}

async fn show(page: Page, app: &Arc<App>, token: String, trouble: Option<Trouble>) -> Response {
    let asked = token.clone();
    let found = blocking(app, move |app| Ok(invite::find(&app.plane, &asked, app.clock.wall()))).await;
    let mut errors = Errors::default();
    let email = match found {
        Ok(Ok((invitation, _))) => invitation.email,
        Ok(Err(trouble)) => {
            errors.add("", page.t(trouble.key()));
            String::new()
        }
        Err(why) => return broken(page, &why),
    };
    let status = match (&trouble, email.is_empty()) {
        (_, true) => StatusCode::GONE,
        (Some(_), _) => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    if let Some(trouble) = trouble {
        errors.add("password", page.t(trouble.key()));
    }
    html_with(status, &Join { page, token, email, errors })
}

/// `POST /join`: sets the password and signs in.
pub async fn submit(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(visit): Extension<Visit>,
    Extension(limit): Extension<Arc<Limit>>,
    fields: Fields,
) -> Response {
    let Ok(_permit) = limit.hashing.acquire().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (token, password) = (fields.text("token").to_owned(), fields.raw("password").to_owned());
    let (used, from) = (token.clone(), visit.clone());
    let done = blocking(&app, move |app| {
        let email = match invite::accept(&app.plane, &used, &password, app.clock.wall()) {
            Ok(email) => email,
            Err(trouble) => return Ok(Err(trouble)),
        };
        audit::note_here(app, "password.reset", &email, &[]);
        session::begin(app, &email, &from).map(Ok)
    });
    match done.await {
        Ok(Ok(session)) => {
            app.plane_changed.notify_one();
            let mut response = page.redirect("/", "");
            add_cookie(&mut response, &session_cookie(&session, visit.secure));
            response
        }
        Ok(Err(trouble)) => show(page, &app, token, Some(trouble)).await,
        Err(why) => broken(page, &why),
    }
}
