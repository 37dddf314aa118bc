//! The door of the admin side: who is it, may she, is it her own form, and the headers of every answer.

use crate::access::rights::{Need, Scope};
use crate::access::session::{self, Staff};
pub use crate::access::visit::{FLASH, LANG, THEME, Visit, add_cookie, json_problem};
use crate::access::{audit, csrf, keys, staff};
use crate::api::ask::as_problem;
use crate::app::App;
use crate::i18n::Locale;
use crate::ui::layout::{self, Page};
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, FromRef, FromRequestParts, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use beckon_store::acting::Acting;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// The largest form: a template with all its letters escaped.
const FORM_MAX: usize = 2 << 20;
/// What a visitor who has not signed in has instead of a session, so that her forms can be bound to something.
const VISIT: &str = "beckon_visit";
/// No script, style, frame or form of anybody else, none of ours inline (CSP Level 3).
const CSP: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                   img-src 'self' data: https: http:; frame-src 'self'; form-action 'self'; base-uri 'none'; \
                   frame-ancestors 'none'";

/// What the middleware of one route knows.
#[derive(Clone)]
pub struct Guard {
    /// The program.
    pub app: Arc<App>,
    /// What the route asks for.
    pub need: Need,
    /// Path of the route, as in the table.
    pub path: &'static str,
}

impl Guard {
    /// The route of a request for the log, as the table writes it.
    fn route(&self, request: &Request) -> String {
        format!("{} {}", request.method(), self.path)
    }
}

/// Stands before every route of the admin side.
pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let fresh = session::cookie(request.headers(), VISIT).is_none().then(|| keys::random_text(16));
    let secure = session::is_secure(request.headers());
    let (path, changes) = (request.uri().path().to_owned(), !request.method().is_safe());
    let mut acting = None;
    let mut response = match admit(&guard, request, fresh.as_deref(), &mut acting).await {
        Ok(request) => {
            let flashed = session::cookie(request.headers(), FLASH).is_some();
            let mut response = match &acting {
                Some(acting) => audit::during(acting.clone(), next.run(request)).await,
                None => next.run(request).await,
            };
            if flashed && response.status() == StatusCode::OK && is_html(&response) {
                add_cookie(&mut response, &session::set_cookie(FLASH, "", 0, secure));
            }
            response
        }
        Err(refusal) => *refusal,
    };
    if is_api(&path) {
        response = as_problem(response).await;
    }
    if let Some(acting) = acting.filter(|_| changes) {
        audit::settle(&guard.app, &acting, &path, response.status()).await;
    }
    if let Some(fresh) = fresh.filter(|_| is_html(&response)) {
        add_cookie(&mut response, &session::set_cookie(VISIT, &fresh, 86_400, secure));
    }
    harden(response.headers_mut());
    response
}

fn is_html(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// Headers of every answer; a handler that set its own keeps them (a mail's body has a stricter policy).
fn harden(headers: &mut HeaderMap) {
    for (name, value) in [
        ("content-security-policy", CSP),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// Lets a request in, with what is known of it, or answers in the handler's place. Whoever it is, is told in `acting`.
async fn admit(
    guard: &Guard,
    mut request: Request,
    fresh: Option<&str>,
    acting: &mut Option<Arc<Acting>>,
) -> Result<Request, Box<Response>> {
    if let Some(scope) = guard.need.scope(request.method()) {
        return admit_key(guard, request, scope, acting);
    }
    if guard.path.is_empty() && is_api(request.uri().path()) {
        // Whether there is such a path is told to who has a key.
        admit_key(guard, request, Scope::Read, acting)?;
        let text = "There is no such path; /api/openapi.json has all of them.";
        return Err(Box::new(json_problem(StatusCode::NOT_FOUND, "not_found", text)));
    }
    let token = session::token(request.headers()).map(str::to_owned);
    let staff = match token.clone() {
        Some(token) => find(&guard.app, token).await.map_err(|why| Box::new(away(guard, &request, &why)))?,
        None => None,
    };
    let who = staff.as_ref().map_or(audit::Who::Nobody, |staff| audit::Who::Staff(&staff.email));
    *acting = Some(audit::acting_as(who, client(&guard.app, &request), guard.route(&request)));
    let visitor = session::cookie(request.headers(), VISIT).or(fresh).unwrap_or("").to_owned();
    let binding = token.filter(|_| staff.is_some()).unwrap_or(visitor);
    let visit = visit(&guard.app, &request, staff.as_ref(), &binding);
    request.extensions_mut().insert(visit.clone());
    if let Some(staff) = &staff {
        request.extensions_mut().insert(staff.clone());
    }
    if guard.need != Need::Nobody && staff.is_none() {
        let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str()).to_owned();
        let safe = request.method().is_safe();
        return Err(Box::new(not_signed_in(&guard.app, &wanted, safe).await));
    }
    if let (Need::Of(right), Some(staff)) = (guard.need, &staff)
        && !staff.role.may(right)
    {
        return Err(Box::new(refuse(guard, &visit, Some(staff), &request, "problem-right")));
    }
    if request.method().is_safe() {
        return Ok(request);
    }
    let path = request.uri().path().to_owned();
    check_form(&guard.app, request, &binding).await.map_err(|key| {
        let page = Page::new(&guard.app, &visit, staff, &path);
        Box::new(layout::problem(page, StatusCode::FORBIDDEN, key))
    })
}

/// Lets a program of the shop in by its key.
fn admit_key(
    guard: &Guard,
    request: Request,
    scope: Scope,
    acting: &mut Option<Arc<Acting>>,
) -> Result<Request, Box<Response>> {
    let state = guard.app.shop();
    let known = bearer(request.headers()).and_then(|key| state.keys.server(key));
    let known = known.ok_or_else(|| Box::new(no_key()))?;
    known.mark(guard.app.clock.wall());
    let who = audit::Who::Key(&known.document.hint);
    *acting = Some(audit::acting_as(who, client(&guard.app, &request), guard.route(&request)));
    if known.document.may(scope) {
        return Ok(request);
    }
    let code = scope.code();
    let text = format!("This key may not do that: it lacks the scope `{code}`. Make one under Developers.");
    Err(Box::new(json_problem(StatusCode::FORBIDDEN, "missing_scope", &text)))
}

/// Where a request comes from. What a proxy says of it counts only when the proxy is a trusted one.
fn client(app: &App, request: &Request) -> Option<IpAddr> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    Some(app.config.ops.trusted_proxies.client(peer.ip(), request.headers()))
}

fn refuse(
    guard: &Guard,
    visit: &Visit,
    staff: Option<&Staff>,
    request: &Request,
    key: &'static str,
) -> Response {
    if is_api(request.uri().path()) {
        return json_problem(StatusCode::FORBIDDEN, "forbidden", "Your role does not allow this.");
    }
    let page = Page::new(&guard.app, visit, staff.cloned(), request.uri().path());
    layout::problem(page, StatusCode::FORBIDDEN, key)
}

async fn find(app: &Arc<App>, token: String) -> Result<Option<Staff>, String> {
    let app = app.clone();
    let found = tokio::task::spawn_blocking(move || session::find(&app, &token)).await;
    found.map_err(|why| why.to_string())?.map_err(|why| why.to_string())
}

fn visit(app: &App, request: &Request, staff: Option<&Staff>, binding: &str) -> Visit {
    let headers = request.headers();
    let chosen = session::cookie(headers, LANG).and_then(Locale::parse);
    let accepted =
        headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(Locale::accepted);
    let state = app.shop();
    let flash =
        session::cookie(headers, FLASH).filter(|key| key.starts_with("flash-") && crate::i18n::known(key));
    Visit {
        csrf: csrf::token(&state.secret, binding),
        flash: flash.map(str::to_owned),
        locale: staff
            .map(|staff| staff.locale)
            .or(chosen)
            .or(accepted)
            .or_else(|| Locale::parse(&state.card.locale))
            .unwrap_or_default(),
        theme: match session::cookie(headers, THEME) {
            Some("light") => "light",
            Some("dark") => "dark",
            _ => "auto",
        },
        secure: session::is_secure(headers),
        client: client(app, request),
        agent: agent(headers),
    }
}

/// Checks that a form is ours; hands the request on with its body whole. The error is the key of a message.
async fn check_form(app: &App, request: Request, binding: &str) -> Result<Request, &'static str> {
    if !csrf::is_same_origin(request.headers()) {
        return Err("problem-origin");
    }
    let secret = app.shop().secret;
    let header = request.headers().get(csrf::HEADER).and_then(|value| value.to_str().ok());
    if header.is_some_and(|token| csrf::is_token(&secret, binding, token)) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let form = parts
        .headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    let body = to_bytes(body, FORM_MAX).await.map_err(|_| "problem-large")?;
    let ours = form
        && url::form_urlencoded::parse(&body)
            .any(|(name, value)| name == csrf::FIELD && csrf::is_token(&secret, binding, &value));
    if ours { Ok(Request::from_parts(parts, Body::from(body))) } else { Err("problem-form") }
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Where somebody who is not signed in is sent.
async fn not_signed_in(app: &Arc<App>, wanted: &str, safe: bool) -> Response {
    if is_api(wanted) {
        return json_problem(StatusCode::UNAUTHORIZED, "not_signed_in", "Sign in first.");
    }
    let plane = app.plane.clone();
    let any = tokio::task::spawn_blocking(move || staff::any(&plane)).await;
    if matches!(any, Ok(Ok(false))) {
        return Redirect::to("/set-up").into_response();
    }
    if !safe || wanted == "/" {
        return Redirect::to("/sign-in").into_response();
    }
    let next: String = url::form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
    Redirect::to(&format!("/sign-in?next={next}")).into_response()
}

/// What a browser says it is: kept with its session, so that she knows it again.
fn agent(headers: &HeaderMap) -> String {
    let text = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.chars().filter(|letter| !letter.is_control()).take(200).collect()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let line = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let pair = line.and_then(|line| line.split_once(' '));
    pair.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, key)| key.trim())
}

fn no_key() -> Response {
    let text = "Send the shop's server key as `Authorization: Bearer sk_…`; keys are made under Developers.";
    let mut response = json_problem(StatusCode::UNAUTHORIZED, "invalid_server_key", text);
    response.headers_mut().insert("www-authenticate", HeaderValue::from_static("Bearer"));
    response
}

/// Nobody can be recognised while the store does not answer: whoever asks hears where to look.
fn away(guard: &Guard, request: &Request, why: &str) -> Response {
    tracing::error!(why, "the shop's plane cannot be read");
    let visit = visit(&guard.app, request, None, "");
    let page = Page::new(&guard.app, &visit, None, request.uri().path());
    layout::problem(page, StatusCode::SERVICE_UNAVAILABLE, "problem-away")
}

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = Response;

    /// Whoever is signed in. On a route that lets nobody in without signing in this cannot fail.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Staff, Response> {
        parts.extensions.get::<Staff>().cloned().ok_or_else(|| {
            if is_api(parts.uri.path()) {
                json_problem(StatusCode::UNAUTHORIZED, "not_signed_in", "Sign in first.")
            } else {
                Redirect::to("/sign-in").into_response()
            }
        })
    }
}

/// The caller has a server key: `Authorization: Bearer sk_…` (RFC 6750 §2.1).
#[derive(Clone, Copy, Debug)]
pub struct ServerKey;

impl<S: Send + Sync> FromRequestParts<S> for ServerKey
where
    Arc<App>: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<ServerKey, Response> {
        let app = Arc::<App>::from_ref(state);
        let known = bearer(&parts.headers).is_some_and(|key| app.shop().keys.is_server(key));
        if known { Ok(ServerKey) } else { Err(no_key()) }
    }
}
