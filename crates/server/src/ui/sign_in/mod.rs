//! Signing in and out, language and theme.

use super::layout::{Page, broken, html, html_with};
use crate::access::audit;
use crate::access::limit::Limit;
use crate::access::session::{self, Staff, session_cookie, set_cookie};
use crate::access::staff;
use crate::access::visit::{LANG, THEME, Visit, add_cookie};
use crate::app::App;
use crate::form::Fields;
use crate::i18n::{self, Locale};
use crate::save::blocking;
use crate::settings::StaffDocument;
use askama::Template;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Language and theme are kept for a year.
const CHOICE_SECS: i64 = 31_536_000;

#[derive(Template)]
#[template(path = "sign_in/page.html")]
struct SignIn {
    page: Page,
    next: String,
    email: String,
    problem: String,
}

/// `GET /sign-in`
pub async fn page(page: Page, RawQuery(query): RawQuery) -> Response {
    let query = Fields::parse(query.unwrap_or_default().as_bytes());
    let next = own_path(query.text("next")).to_owned();
    if page.staff.is_some() {
        return Redirect::to(&next).into_response();
    }
    html(&SignIn { page, next, email: String::new(), problem: String::new() })
}

/// An address of ours to go on to; anything that could lead elsewhere is the home page. Browsers take `//host`,
/// `/\host` and addresses with control characters for other sites (WHATWG URL §4.4).
#[must_use]
pub fn own_path(next: &str) -> &str {
    let own = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    if own && !next.chars().any(char::is_control) { next } else { "/" }
}

/// `POST /sign-in`
pub async fn submit(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(visit): Extension<Visit>,
    Extension(limit): Extension<Arc<Limit>>,
    fields: Fields,
) -> Response {
    let next = own_path(fields.text("next")).to_owned();
    let typed = fields.text("email").to_owned();
    let refused = |page: Page, status, key| {
        let problem = i18n::t(page.locale, key, &[]);
        html_with(status, &SignIn { page, next: next.clone(), email: typed.clone(), problem })
    };
    let email = staff::normal(&typed).unwrap_or_default();
    if !limit.allows(&email, visit.client, app.clock.wall()) {
        return refused(page, StatusCode::TOO_MANY_REQUESTS, "sign-in-often");
    }
    let Ok(_permit) = limit.hashing.acquire().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (password, owner, from) = (fields.raw("password").to_owned(), email.clone(), visit.clone());
    let work = blocking(&app, move |app| {
        if !staff::check(&app.plane, &owner, &password)? {
            audit::note_here(app, "sign-in.failed", &owner, &[]);
            return Ok(None);
        }
        session::begin(app, &owner, &from).map(Some)
    });
    match work.await {
        Ok(Some(token)) => {
            limit.succeeded(&email);
            let mut response = Redirect::to(&next).into_response();
            add_cookie(&mut response, &session_cookie(&token, visit.secure));
            response
        }
        Ok(None) => refused(page, StatusCode::UNPROCESSABLE_ENTITY, "sign-in-wrong"),
        Err(why) => broken(page, &why),
    }
}

/// `POST /sign-out`
pub async fn out(page: Page, State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if let Some(token) = session::token(&headers).map(str::to_owned) {
        let by = page.by().to_owned();
        let ended = blocking(&app, move |app| {
            session::end(&app.plane, &token)?;
            audit::note_here(app, "sign-out.done", &by, &[]);
            Ok(())
        });
        if let Err(why) = ended.await {
            return broken(page, &why);
        }
    }
    let mut response = page.redirect("/sign-in", "flash-signed-out");
    add_cookie(&mut response, &session_cookie("", page.secure));
    response
}

/// `POST /preferences`: language and theme; the language of somebody signed in is kept with her.
pub async fn preferences(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let mut response = Redirect::to(own_path(fields.text("back"))).into_response();
    if let Some(locale) = Locale::parse(fields.text("locale")) {
        add_cookie(&mut response, &set_cookie(LANG, locale.code(), CHOICE_SECS, page.secure));
        if let Some(Staff { email, .. }) = page.staff.clone() {
            let kept = blocking(&app, move |app| {
                let speak = |document: &mut StaffDocument| locale.code().clone_into(&mut document.locale);
                Ok(staff::change(&app.plane, &email, speak))
            });
            match kept.await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => return broken(page, &why),
                Err(why) => return broken(page, &why),
            }
            app.plane_changed.notify_one();
        }
    }
    let theme = ["auto", "light", "dark"].into_iter().find(|theme| *theme == fields.text("theme"));
    if let Some(theme) = theme {
        add_cookie(&mut response, &set_cookie(THEME, theme, CHOICE_SECS, page.secure));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for bad in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "",
            "evil",
            "/\t/evil.example",
            "/\n/evil.example",
            "\\\\evil.example",
        ] {
            assert_eq!(own_path(bad), "/", "{bad:?}");
        }
        assert_eq!(own_path("/settings/keys?x=1"), "/settings/keys?x=1");
    }
}
