//! What all pages share: the frame with its navigation, and the ways an answer is made.

#[cfg(test)]
mod contrast;

use crate::access::rights::Right;
use crate::access::session::{Staff, set_cookie};
use crate::access::visit::{FLASH, Visit, add_cookie, json_problem};
use crate::app::App;
use crate::i18n::{self, Locale};
use crate::ui::assets;
use crate::ui::demo::frame::{Frame, frame};
use crate::words::{Whole, Words};
use askama::Template;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use std::sync::Arc;

/// What every page knows; a field `page` of its template.
#[derive(Clone, Debug)]
pub struct Page {
    /// Language.
    pub locale: Locale,
    /// `light`, `dark` or `auto`.
    pub theme: &'static str,
    /// Whoever is signed in.
    pub staff: Option<Staff>,
    /// The token for forms.
    pub csrf: String,
    /// Path of the page.
    pub path: String,
    /// Key of the message to show once.
    pub flash: Option<String>,
    /// Name of the shop.
    pub shop: String,
    /// Whether everything is stopped.
    pub stopped: bool,
    /// Whether nothing is sent because the data was restored or copied.
    pub paused: bool,
    /// Whether the browser came over https.
    pub secure: bool,
    /// Formats numbers, money and times.
    pub words: Words,
    /// What the demo shows around it; a real shop has none.
    pub demo: Option<Frame>,
}

/// An entry of the navigation.
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// Key of its name.
    pub key: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Whether this is where we are.
    pub here: bool,
}

/// Menu: address, key, icon, and the right without which it is not shown.
const NAV: [(&str, &str, &str, Right); 8] = [
    ("/", "nav-home", "home", Right::View),
    ("/customers", "nav-customers", "people", Right::People),
    ("/messages", "nav-messages", "mail", Right::People),
    ("/journeys", "nav-journeys", "route", Right::View),
    ("/blocks", "nav-blocks", "star", Right::View),
    ("/catalogue", "nav-catalogue", "box", Right::View),
    ("/developers", "nav-developers", "code", Right::Connect),
    ("/settings", "nav-settings", "gear", Right::View),
];

/// Entries in the dock; more would be too narrow for a finger.
const DOCK_MAX: usize = 4;

impl Page {
    /// The frame of a page.
    #[must_use]
    pub fn new(app: &App, visit: &Visit, staff: Option<Staff>, path: &str) -> Page {
        let state = app.shop();
        let words = Words::new(visit.locale, &state.settings.time_zone);
        if let (Some(demo), Some(_)) = (app.demo.get(), &staff) {
            demo.visited(path);
        }
        let demo = staff.as_ref().and_then(|_| frame(app, &words));
        Page {
            locale: visit.locale,
            theme: visit.theme,
            staff,
            csrf: visit.csrf.clone(),
            path: path.to_owned(),
            flash: visit.flash.clone(),
            shop: state.card.name.clone(),
            stopped: state.settings.stopped,
            paused: app.store.suspicion().is_some(),
            secure: visit.secure,
            demo,
            words,
        }
    }

    /// The message of a key.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        i18n::t(self.locale, key, &[])
    }

    /// The message of a key with `$count`, which chooses the plural form.
    #[must_use]
    pub fn count(&self, key: &str, count: impl Whole) -> String {
        i18n::t(self.locale, key, &[("count", count.whole().into())])
    }

    /// The message of a key with one text in it.
    #[must_use]
    pub fn with(&self, key: &str, name: &str, value: &str) -> String {
        i18n::t(self.locale, key, &[(name, value.into())])
    }

    /// The address of the style sheet, the script or the icon.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The menu, as far as she may go.
    #[must_use]
    pub fn nav(&self) -> Vec<NavItem> {
        let Some(staff) = &self.staff else { return Vec::new() };
        let own = NAV.iter().filter(|(.., right)| staff.role.may(*right));
        own.map(|(href, key, icon, _)| NavItem { href, key, icon, here: self.is_under(href) }).collect()
    }

    /// The first entries of the menu, for the dock at the foot of a narrow screen.
    #[must_use]
    pub fn dock(&self) -> Vec<NavItem> {
        let mut items = self.nav();
        items.truncate(DOCK_MAX);
        items
    }

    fn is_under(&self, href: &str) -> bool {
        let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
        if href == "/" { self.path == "/" } else { self.path.strip_prefix(href).is_some_and(below) }
    }

    /// Whether she may; for parts of a page that not everybody sees.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.staff.as_ref().is_some_and(|staff| staff.role.may(right))
    }

    /// Whether the message to show once says that something was not done: it then stays until the next page.
    #[must_use]
    pub fn is_refusal(&self, key: &str) -> bool {
        key.ends_with("-conflict") || key.ends_with("-refused") || key.ends_with("-failed")
    }

    /// Her address for the record of a change.
    #[must_use]
    pub fn by(&self) -> &str {
        self.staff.as_ref().map_or("", |staff| &staff.email)
    }

    /// To another page of ours (303), with a message by its key, or without when it is empty.
    #[must_use]
    pub fn redirect(&self, to: &str, flash: &str) -> Response {
        let mut response = Redirect::to(to).into_response();
        if !flash.is_empty() {
            add_cookie(&mut response, &set_cookie(FLASH, flash, 60, self.secure));
        }
        response
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page
where
    Arc<App>: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Page, Response> {
        let app = Arc::<App>::from_ref(state);
        let Some(visit) = parts.extensions.get::<Visit>() else {
            // A route outside the table of routes: it must not be reachable at all.
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        Ok(Page::new(&app, visit, parts.extensions.get::<Staff>().cloned(), parts.uri.path()))
    }
}

/// A page.
pub fn html(template: &impl Template) -> Response {
    html_with(StatusCode::OK, template)
}

/// A page with a status: 422 for a form that is shown again with what is wrong.
pub fn html_with(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(why) => {
            tracing::error!(%why, "a page cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A part of a page that asks for itself again and again (`data-live`): 304 while it stays the same.
pub fn fragment(headers: &HeaderMap, template: &impl Template) -> Response {
    let Ok(text) = template.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let tag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(text.as_bytes()));
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    ([(ETAG, tag)], Html(text)).into_response()
}

/// Somebody else's HTML (the body of a mail) for a frame: no script, no form, no cookie, an origin of its own.
pub fn sandboxed(body: String) -> Response {
    let policy = "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data: https: http:; \
                  frame-ancestors 'self'";
    let headers = [("content-security-policy", policy), ("referrer-policy", "no-referrer")];
    (headers, [(CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

#[derive(Template)]
#[template(path = "layout/problem.html")]
struct ProblemPage {
    page: Page,
    key: &'static str,
    status: u16,
}

/// A page that says in a sentence why there is nothing to see; its key is that of the sentence.
pub fn problem(page: Page, status: StatusCode, key: &'static str) -> Response {
    if page.path.starts_with("/api/") {
        return json_problem(status, key, &i18n::t(Locale::En, key, &[]));
    }
    html_with(status, &ProblemPage { page, key, status: status.as_u16() })
}

/// The store did not answer; what it said goes to the log.
pub fn broken(page: Page, why: &dyn std::fmt::Display) -> Response {
    tracing::error!(%why, path = page.path, "a page could not be made");
    problem(page, StatusCode::SERVICE_UNAVAILABLE, "problem-store")
}
