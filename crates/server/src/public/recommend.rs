//! `GET` and `POST /v1/recommend`: recommendations for pages, apps and servers.
//!
//! With the public key an answer is made of what the question itself says and of nothing remembered of anybody: whoever
//! calls a stranger's address his own learns nothing of her. With the server key the profile of `userId` or `email` is
//! used.

use crate::app::App;
use crate::blocks::fill::{self, NoAnswer};
use crate::blocks::outside;
use crate::blocks::question::{Question, Remembered};
use crate::facts::remembered;
use crate::track::cors;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// The longest question.
const BODY_MAX_BYTES: usize = 64 * 1024;

/// The route, with the headers that let every page ask.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/recommend", get(by_query).post(by_body))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(axum::middleware::from_fn(cors::layer))
        .with_state(app)
}

async fn by_query(State(app): State<Arc<App>>, headers: HeaderMap, uri: axum::http::Uri) -> Response {
    match Query::<Question>::try_from_uri(&uri) {
        Ok(Query(asked)) => answer(app, &headers, asked).await,
        Err(why) => refused(StatusCode::BAD_REQUEST, "invalid_query", &why.to_string()),
    }
}

/// Read as JSON whatever the content type says: pages send `text/plain` to save a preflight.
async fn by_body(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Response {
    match serde_json::from_slice(&body) {
        Ok(asked) => answer(app, &headers, asked).await,
        Err(why) => {
            let place = format!("line {}, column {}: {why}", why.line(), why.column());
            refused(StatusCode::BAD_REQUEST, "invalid_json", &place)
        }
    }
}

async fn answer(app: Arc<App>, headers: &HeaderMap, asked: Question) -> Response {
    let state = app.shop();
    let key =
        crate::track::basic_user(headers).or_else(|| bearer(headers)).unwrap_or(asked.write_key.clone());
    let by_server = state.keys.is_server(&key);
    if !by_server && !state.keys.is_write(&key) {
        let message =
            "No shop has this key. Send the write key as the user of Basic authentication, or as writeKey.";
        return refused(StatusCode::UNAUTHORIZED, "invalid_write_key", message);
    }
    let her = if by_server { remembered::ask(&app, &asked).await } else { Ok(Remembered::default()) };
    let mut her = match her {
        Ok(her) => her,
        Err(why) => return unavailable(&why),
    };
    let endpoints = fill::endpoints(&app, &asked);
    her.outside = outside::ask(&app, &endpoints, &asked, &her, by_server).await;
    match fill::fill(&app, &asked, &her) {
        Ok(filled) => match fill::json(&app, &asked, &filled).await {
            Ok(json) => {
                ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], json)
                    .into_response()
            }
            Err(why) => unavailable(&why),
        },
        Err(why @ NoAnswer::Unknown(_)) => refused(StatusCode::NOT_FOUND, "unknown_block", &why.to_string()),
        Err(why) => refused(StatusCode::BAD_REQUEST, "invalid_question", &why.to_string()),
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(|key| key.trim().to_owned())
}

fn unavailable(why: &beckon_store::Error) -> Response {
    tracing::error!(%why, "recommendations cannot be shown");
    refused(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The catalogue cannot be read now; ask again.")
}

/// A refusal in the form of the tracking API.
fn refused(status: StatusCode, code: &'static str, message: &str) -> Response {
    let body = serde_json::json!({ "code": code, "message": message }).to_string();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
