//! The mailbox as a website: a list that keeps itself up to date, and a mail beside it.

use super::{Kept, Letter, Letters};
use crate::clock::ShownClock;
use crate::shop::Lang;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, ETAG, IF_NONE_MATCH, SET_COOKIE,
};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// The list shows so many; the filter finds older ones.
const SHOWN_MAX: usize = 300;

/// The mailbox's own pages: nothing from elsewhere. The frame with a mail has a stricter policy of its own.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; \
                       frame-ancestors 'none'";

/// What a mail may do: show pictures and its own styles, and have its links opened in a new tab. It runs
/// no script, posts
/// no form, and stands in an origin of its own, so that it can read nothing.
const MAIL_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
                           img-src http: https: data:; style-src 'unsafe-inline'; font-src http: https: \
                            data:; \
                           base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// What stands around the mails.
#[derive(Clone, Debug)]
pub struct Options {
    /// The shop's origin, for the link that brings the first mail about.
    pub shop: String,
    /// Where the staff's screens are.
    pub admin: String,
    /// The language of who has not chosen one.
    pub lang: Lang,
    /// The shop's time, shown on every page.
    pub clock: ShownClock,
}

struct Site {
    letters: Letters,
    options: Options,
}

/// The website, to be served at the root of an origin of its own.
pub fn router(letters: Letters, options: Options) -> Router {
    let app = Arc::new(Site { letters, options });
    Router::new()
        .route("/", get(index))
        .route("/list.json", get(list))
        .route("/clock", get(clock))
        .route("/mail/{number}", get(mail))
        .route("/mail/{number}/html", get(html))
        .route("/mail/{number}/source", get(source))
        .route("/mailbox.css", get(async || asset("text/css; charset=utf-8", include_str!("mailbox.css"))))
        .route(
            "/mailbox.js",
            get(async || asset("text/javascript; charset=utf-8", include_str!("mailbox.js"))),
        )
        .layer(from_fn(guard))
        .with_state(app)
}

fn asset(kind: &'static str, body: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], body)
}

async fn guard(request: Request<axum::body::Body>, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    headers.insert("referrer-policy", HeaderValue::from_static("no-referrer"));
    answer
}

#[derive(Template)]
#[template(path = "mailbox/index.html")]
struct Index<'a> {
    lang: Lang,
    options: &'a Options,
}

impl Index<'_> {
    fn say<'t>(&self, ru: &'t str, en: &'t str) -> &'t str {
        self.lang.pick(ru, en)
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    lang: String,
    /// Part of a recipient's address.
    #[serde(default)]
    to: String,
}

/// The language of a visitor: chosen now, chosen before, or the mailbox's own.
fn lang_of(asked: &str, headers: &HeaderMap, app: &Site) -> Lang {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let remembered = cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| Lang::parse(pair.trim().strip_prefix("lang=")?));
    Lang::parse(asked).or(remembered).unwrap_or(app.options.lang)
}

async fn clock(State(app): State<Arc<Site>>, headers: HeaderMap) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], app.options.clock.text(lang_of("", &headers, &app)))
}

async fn index(State(app): State<Arc<Site>>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    let lang = lang_of(&asked.lang, &headers, &app);
    match (Index { lang, options: &app.options }).render() {
        Ok(page) => {
            let cookie = format!("lang={}; path=/; max-age=31536000; SameSite=Lax", lang.code());
            ([(SET_COOKIE, cookie)], Html(page)).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The list, newest first; 304 while nothing has come since the caller asked last.
async fn list(State(app): State<Arc<Site>>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    // The filter is part of the address, so the number of the newest mail says it all.
    let tag = format!("\"{}\"", app.letters.newest());
    let known = headers.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let fresh = [(ETAG, tag), (CACHE_CONTROL, "no-cache".to_owned())];
    if known {
        return (StatusCode::NOT_MODIFIED, fresh).into_response();
    }
    let (letters, count) = app.letters.list(&asked.to, SHOWN_MAX);
    let rows: Vec<Value> = letters.iter().map(row).collect();
    (fresh, Json(json!({ "count": count, "mails": rows }))).into_response()
}

fn row(kept: &Kept) -> Value {
    json!({
        "number": kept.number,
        "from": kept.from,
        "to": kept.to,
        "subject": kept.subject,
        "preview": kept.preview,
        "at": kept.at.0,
    })
}

async fn mail(State(app): State<Arc<Site>>, Path(number): Path<u64>) -> Response {
    let Some(kept) = app.letters.get(number) else { return StatusCode::NOT_FOUND.into_response() };
    let letter = Letter::read(&kept.raw);
    let mut answer = row(&kept);
    answer["text"] = letter.text.into();
    answer["html"] = letter.html.is_some().into();
    answer["bytes"] = kept.raw.len().into();
    Json(answer).into_response()
}

async fn html(State(app): State<Arc<Site>>, Path(number): Path<u64>) -> Response {
    let Some(html) = app.letters.get(number).and_then(|kept| Letter::read(&kept.raw).html) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [(CONTENT_SECURITY_POLICY, MAIL_POLICY), (CONTENT_TYPE, "text/html; charset=utf-8")];
    (headers, with_links_outside(&html)).into_response()
}

/// The mail as it came, as text: no browser is to make a page of it.
async fn source(State(app): State<Arc<Site>>, Path(number): Path<u64>) -> Response {
    let Some(kept) = app.letters.get(number) else { return StatusCode::NOT_FOUND.into_response() };
    let text = String::from_utf8_lossy(&kept.raw).into_owned();
    ([(CONTENT_SECURITY_POLICY, MAIL_POLICY), (CONTENT_TYPE, "text/plain; charset=utf-8")], text)
        .into_response()
}

/// Lets links open in a new tab: inside the frame they would lead nowhere.
fn with_links_outside(html: &str) -> String {
    const BASE: &str = "<base target=\"_blank\">";
    // Small letters of ASCII have the same places.
    let small = html.to_ascii_lowercase();
    let head = small.find("<head").and_then(|at| Some(at + small[at..].find('>')? + 1));
    let at = head
        .or_else(|| small.starts_with("<!doctype").then(|| small.find('>').map(|at| at + 1))?)
        .unwrap_or(0);
    format!("{}{BASE}{}", &html[..at], &html[at..])
}
