//! The website of the invented shop: pages a person walks through while Beckon watches, with Beckon's
//! tracker on each.
//!
//! Pages are rendered here; the cart lives in the browser (`storefront/shop.js`). No page has a script or
//! a style of
//! its own, so the strict Content-Security-Policy below holds.

mod data;
mod page;
mod view;

#[cfg(test)]
mod tests;

use crate::clock::ShownClock;
use crate::shop::{Lang, Shop};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// Where the shop stands among its neighbours. Origins are like `http://127.0.0.1:8090`, without a slash
/// at the end.
#[derive(Clone, Debug)]
pub struct Options {
    /// The shop's own origin, for the feed's absolute addresses.
    pub origin: String,
    /// Beckon's public origin: the tracker comes from there and talks to it.
    pub beckon: String,
    /// The key with which the tracker writes.
    pub write_key: String,
    /// Where the staff's screens are, for the link in the banner.
    pub admin: String,
    /// Where the built-in mailbox is, for the link in the banner.
    pub mailbox: String,
    /// The language of who has not chosen one.
    pub lang: Lang,
    /// The shop's time, shown on every page.
    pub clock: ShownClock,
}

/// Tells which day of the shop it is, counted from its first: prices and stock follow it.
pub type Day = Arc<dyn Fn() -> u32 + Send + Sync>;

struct Site {
    shop: Arc<Shop>,
    options: Options,
    day: Day,
    policy: HeaderValue,
}

type App = Arc<Site>;

/// The website, to be served at the root of an origin of its own.
pub fn router(shop: Arc<Shop>, options: Options, day: Day) -> Router {
    let policy = policy(&options.beckon);
    let app = Arc::new(Site { shop, options, day, policy });
    Router::new()
        .route("/", get(page::home))
        .route("/category/{id}", get(page::category))
        .route("/product/{id}", get(page::product))
        .route("/cart", get(page::cart))
        .route("/checkout", get(page::checkout))
        .route("/thanks", get(page::thanks))
        .route("/search", get(page::search))
        .route("/clock", get(clock))
        .route("/offers.json", get(data::offers))
        .route("/picture/{file}", get(data::picture))
        .route("/feed.xml", get(data::feed))
        .route(
            "/style.css",
            get(async || asset("text/css; charset=utf-8", include_str!("storefront/style.css"))),
        )
        .route(
            "/shop.js",
            get(async || asset("text/javascript; charset=utf-8", include_str!("storefront/shop.js"))),
        )
        .route("/favicon.svg", get(async || asset("image/svg+xml", include_str!("storefront/favicon.svg"))))
        .fallback(page::missing)
        .layer(from_fn_with_state(Arc::clone(&app), guard))
        .with_state(app)
}

async fn clock(State(app): State<App>, headers: HeaderMap) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], app.options.clock.text(lang_of(&headers, &app)))
}

fn asset(kind: &'static str, body: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], body)
}

/// Scripts, pictures and requests are the shop's own or Beckon's, nobody else's.
fn policy(beckon: &str) -> HeaderValue {
    // An origin has neither spaces nor semicolons; whatever has is none and gets no place in the policy.
    let plain = beckon.chars().all(|c| c.is_ascii_graphic() && !matches!(c, ';' | ',' | '\'' | '"'));
    let beckon = if plain { beckon } else { "" };
    let text = format!(
        "default-src 'none'; script-src 'self' {beckon}; connect-src 'self' {beckon}; img-src 'self' \
         {beckon} \
         data:; style-src 'self' {beckon}; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

/// Puts the policy on every answer and turns `?lang=en` into a cookie and the address without it.
async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let chosen = query_value(request.uri(), "lang").and_then(Lang::parse);
    // The feed takes its language from the address: who reads it keeps no cookies.
    let mut answer = match chosen.filter(|_| request.uri().path() != "/feed.xml") {
        Some(lang) => switch(request.uri(), lang),
        None => next.run(request).await,
    };
    let headers = answer.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, app.policy.clone());
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    headers.insert("referrer-policy", HeaderValue::from_static("strict-origin-when-cross-origin"));
    answer
}

fn switch(uri: &Uri, lang: Lang) -> Response {
    let rest: Vec<&str> = uri
        .query()
        .unwrap_or("")
        .split('&')
        .filter(|part| !part.starts_with("lang=") && !part.is_empty())
        .collect();
    let path = own_path(uri.path());
    let target = if rest.is_empty() { path } else { format!("{path}?{}", rest.join("&")) };
    let cookie = format!("lang={}; path=/; max-age=31536000; SameSite=Lax", lang.code());
    (StatusCode::SEE_OTHER, [(LOCATION, target), (SET_COOKIE, cookie)]).into_response()
}

/// The path with one slash before it: with two, or with a backslash, browsers go to another host.
fn own_path(path: &str) -> String {
    format!("/{}", path.trim_start_matches(['/', '\\']))
}

fn query_value<'u>(uri: &'u Uri, name: &str) -> Option<&'u str> {
    uri.query()?.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

/// The language a visitor chose, else the shop's.
fn lang_of(headers: &HeaderMap, app: &Site) -> Lang {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| Lang::parse(pair.trim().strip_prefix("lang=")?))
        .unwrap_or(app.options.lang)
}
