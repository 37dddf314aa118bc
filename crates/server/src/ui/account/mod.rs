//! One's own account: another password, which ends every session.

use super::form::{Errors, Fields};
use super::layout::{Page, broken, html, html_with};
use super::save::blocking;
use crate::access::guard::{Visit, add_cookie};
use crate::access::limit::Limit;
use crate::access::session::{self, session_cookie};
use crate::access::staff;
use crate::app::App;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "account/page.html")]
struct Account {
    page: Page,
    errors: Errors,
}

/// `GET /account`
pub async fn page(page: Page) -> Response {
    html(&Account { page, errors: Errors::default() })
}

/// `POST /account/password`: wants the old one, and begins a new session here.
pub async fn password(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(visit): Extension<Visit>,
    Extension(limit): Extension<Arc<Limit>>,
    fields: Fields,
) -> Response {
    let wrong = |page: Page, status, field, key| {
        let mut errors = Errors::default();
        errors.add(field, page.t(key));
        html_with(status, &Account { page, errors })
    };
    let email = page.by().to_owned();
    if !limit.allows(&email, visit.client, app.clock.wall()) {
        return wrong(page, StatusCode::TOO_MANY_REQUESTS, "old", "sign-in-often");
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
        Ok(Err("sign-in-wrong")) => wrong(page, StatusCode::UNPROCESSABLE_ENTITY, "old", "account-wrong"),
        Ok(Err(key)) => wrong(page, StatusCode::UNPROCESSABLE_ENTITY, "new", key),
        Err(why) => broken(page, &why),
    }
}
