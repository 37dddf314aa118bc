//! The routes: from a request to [`Intake::submit`] and one of few answers.

use super::envelope::{self, Batch};
use super::item::Call;
use super::json::Json;
use super::normalise::{CALL_MAX_BYTES, Caller, normalise};
use super::problem::Problem;
use super::{Flag, Intake, Key, KeyKind, Reason, Refused, body, cors, settings};
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use beckon_core::event::{Incoming, Mode};
use serde_json::value::RawValue;
use std::sync::Arc;

/// The longest batch, in bytes (Segment).
const BATCH_MAX_BYTES: usize = 500 * 1024;
/// The most events of a batch (Segment).
const BATCH_MAX_EVENTS: usize = 2_500;

/// What a path takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    One(Call),
    Batch,
    Import,
    /// What analytics-next reports about itself: answered, and not read by anyone.
    Metrics,
}

impl Endpoint {
    fn parse(name: &str) -> Option<Endpoint> {
        Some(match name {
            "batch" | "b" => Endpoint::Batch,
            "import" => Endpoint::Import,
            "m" => Endpoint::Metrics,
            name => Endpoint::One(Call::parse(name)?),
        })
    }

    fn limit_bytes(self) -> usize {
        if matches!(self, Endpoint::One(_)) { CALL_MAX_BYTES } else { BATCH_MAX_BYTES }
    }
}

/// The routes of the tracking API, to be merged into a server's.
pub fn router<I: Intake>(intake: I) -> Router {
    let calls = post(named::<I>).fallback(only_post);
    Router::new()
        .route("/v1/{call}", calls.clone())
        .route("/v1/{call}/", calls)
        .route("/beacon/v1/batch", post(beacon::<I>).fallback(only_post))
        .route("/v1/projects/{key}/settings", get(segment_settings::<I>).fallback(only_get))
        .route("/sourceConfig", get(rudder_settings::<I>).fallback(only_get))
        .route("/sourceConfig/", get(rudder_settings::<I>).fallback(only_get))
        .layer(axum::middleware::from_fn(cors::layer))
        .with_state(Arc::new(intake))
}

async fn named<I: Intake>(
    State(intake): State<Arc<I>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let endpoint = Endpoint::parse(&name).ok_or_else(|| {
        let message = "There is no such call. The calls are identify, track, page, screen, group, alias, batch and import.";
        noted(&*intake, Problem::new(StatusCode::NOT_FOUND, "unknown_call", message))
    })?;
    ingest(&*intake, endpoint, request).await.map_err(|problem| noted(&*intake, problem))
}

async fn beacon<I: Intake>(State(intake): State<Arc<I>>, request: Request) -> Result<Response, Problem> {
    ingest(&*intake, Endpoint::Batch, request).await.map_err(|problem| noted(&*intake, problem))
}

/// A refusal is also shown to who connects the shop: a page of theirs does not read answers.
fn noted<I: Intake>(intake: &I, problem: Problem) -> Problem {
    intake.refused(problem.code);
    problem
}

async fn only_post(method: Method) -> Response {
    wrong_method(&method, "POST")
}

async fn only_get(method: Method) -> Response {
    wrong_method(&method, "GET")
}

fn wrong_method(method: &Method, allowed: &'static str) -> Response {
    let message = format!("{method} is not possible here, {allowed} is.");
    let mut response =
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message).into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

async fn ingest<I: Intake>(intake: &I, endpoint: Endpoint, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let limit = endpoint.limit_bytes();
    let bytes = body::read(body, limit).await?;
    if endpoint == Endpoint::Metrics {
        return Ok(success());
    }
    // A key in the header is checked before anything is inflated or parsed.
    let header_key = match envelope::basic_user(&parts.headers) {
        Some(text) => Some(intake.key(&text).ok_or_else(|| Problem::bad_key(true))?),
        None => None,
    };
    let text = body::text(bytes, limit)?;
    let (key, events) = match endpoint {
        Endpoint::One(call) => one(intake, call, &text, header_key, &parts)?,
        _ => batch(intake, endpoint, &text, header_key, &parts)?,
    };
    if !events.is_empty() {
        intake.submit(key.shop, events).await.map_err(refused)?;
    }
    Ok(success())
}

fn success() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], r#"{"success":true}"#).into_response()
}

fn refused(refused: Refused) -> Problem {
    let (status, code, message, secs) = match refused {
        Refused::Busy { retry_after_secs } => {
            let message =
                format!("Too many events at once. Nothing was kept; come again in {retry_after_secs} s.");
            (StatusCode::TOO_MANY_REQUESTS, "rate_limited", message, retry_after_secs.max(1))
        }
        Refused::Unavailable => {
            let message = "Events cannot be stored now. Nothing was kept; come again.".to_owned();
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable", message, 1)
        }
    };
    Problem { retry_after_secs: Some(secs), ..Problem::new(status, code, message) }
}

/// The key of a request: of the header, else of the body, else of the query.
fn key_of<I: Intake>(
    intake: &I,
    header_key: Option<Key>,
    body_key: &Json,
    parts: &Parts,
) -> Result<Key, Problem> {
    if let Some(key) = header_key {
        return Ok(key);
    }
    let text = match body_key.text() {
        Some(text) => text.into_owned(),
        None => envelope::query_key(&parts.uri).ok_or_else(|| Problem::bad_key(false))?.to_owned(),
    };
    intake.key(&text).ok_or_else(|| Problem::bad_key(true))
}

fn user_agent(parts: &Parts) -> &str {
    parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A single call: its body is the event.
fn one<I: Intake>(
    intake: &I,
    call: Call,
    text: &str,
    header_key: Option<Key>,
    parts: &Parts,
) -> Result<(Key, Vec<Incoming>), Problem> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| Problem::bad_json(&error))?;
    if !raw.get().starts_with('{') {
        return Err(Problem::bad_request(
            "invalid_json",
            "The body is JSON, but no object with the fields of a call. Send {\"type\": …} as the documentation says.",
        ));
    }
    let parsed = Json::read(raw.get());
    let body_key = parsed.as_ref().map_or(&Json::Null, |json| json.at("writekey"));
    let key = key_of(intake, header_key, body_key, parts)?;
    let caller = Caller {
        intake,
        key,
        now: intake.now(),
        mode: Mode::Live,
        user_agent: user_agent(parts),
        sent_at: &Json::Null,
        context: &Json::Null,
    };
    let event = normalise(raw.get(), 0, Some(call), parsed, &caller);
    Ok((key, event.into_iter().collect()))
}

/// A batch of calls, or an import, which is a batch about the past.
fn batch<I: Intake>(
    intake: &I,
    endpoint: Endpoint,
    text: &str,
    header_key: Option<Key>,
    parts: &Parts,
) -> Result<(Key, Vec<Incoming>), Problem> {
    let batch: Batch = serde_json::from_str(text).map_err(|error| Problem::bad_json(&error))?;
    let key = key_of(intake, header_key, &batch.write_key, parts)?;
    if endpoint == Endpoint::Import && key.kind != KeyKind::Server {
        let message =
            "An import needs the server key; this is the write key of the browser. Send it from your server.";
        return Err(Problem::new(StatusCode::FORBIDDEN, "server_key_required", message));
    }
    let count = batch.items.len();
    if count > BATCH_MAX_EVENTS {
        let message =
            format!("The batch has {count} events, {BATCH_MAX_EVENTS} are possible. Send smaller batches.");
        return Err(Problem::bad_request("too_many_events", message));
    }
    let context = batch.context.and_then(|raw| Json::read(raw.get()).ok()).unwrap_or(Json::Null);
    let is_history = endpoint == Endpoint::Import || batch.is_history;
    let caller = Caller {
        intake,
        key,
        now: intake.now(),
        mode: if is_history { Mode::History } else { Mode::Live },
        user_agent: user_agent(parts),
        sent_at: &batch.sent_at,
        context: &context,
    };
    let mut events = Vec::with_capacity(count);
    for (index, raw) in batch.items.iter().map(|raw| raw.get()).enumerate() {
        if raw.len() > CALL_MAX_BYTES {
            let flag = Flag {
                reason: Reason::TooLarge,
                what: format!("batch: event {}", index + 1),
                at: caller.now.0,
            };
            intake.flag(key.shop, flag);
            continue;
        }
        events.extend(normalise(raw, index, None, Json::read(raw), &caller));
    }
    Ok((key, events))
}

async fn segment_settings<I: Intake>(
    State(intake): State<Arc<I>>,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    public_key(&*intake, &key).map_err(|problem| noted(&*intake, problem))?;
    Ok(document(&settings::analytics_next(&key)))
}

async fn rudder_settings<I: Intake>(
    State(intake): State<Arc<I>>,
    request: Request,
) -> Result<Response, Problem> {
    let stated = envelope::basic_user(request.headers());
    let stated = stated.or_else(|| envelope::query_key(request.uri()).map(str::to_owned));
    let key = stated.ok_or_else(|| Problem::bad_key(false));
    let key = key.and_then(|key| public_key(&*intake, &key).map(|()| key));
    let key = key.map_err(|problem| noted(&*intake, problem))?;
    Ok(document(&settings::rudder(&key)))
}

/// Settings are fetched by pages, so only the public key has any.
fn public_key<I: Intake>(intake: &I, key: &str) -> Result<(), Problem> {
    match intake.key(key) {
        Some(Key { kind: KeyKind::Write, .. }) => Ok(()),
        Some(_) => {
            let message = "This is the server key. It must never stand in a page: make a new one, and use the write key.";
            Err(Problem::new(StatusCode::FORBIDDEN, "server_key_in_page", message))
        }
        None => Err(Problem::bad_key(true)),
    }
}

fn document(settings: &serde_json::Value) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=120")];
    (headers, settings.to_string()).into_response()
}
