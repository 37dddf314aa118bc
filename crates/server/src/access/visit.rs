//! What is known of a request besides who it is, and small answers that need no page.

use crate::i18n::Locale;
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;

/// The message to show on the next page, by its key.
pub const FLASH: &str = "beckon_flash";
/// Language chosen by the switch.
pub const LANG: &str = "beckon_lang";
/// Light, dark or as the system.
pub const THEME: &str = "beckon_theme";

/// What is known of a request besides who it is.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The token for its forms.
    pub csrf: String,
    /// Key of the message to show once.
    pub flash: Option<String>,
    /// Language of the answer.
    pub locale: Locale,
    /// `light`, `dark` or `auto`.
    pub theme: &'static str,
    /// Whether the browser came over https.
    pub secure: bool,
    /// Where the request comes from.
    pub client: Option<IpAddr>,
    /// What the browser says it is.
    pub agent: String,
}

/// Adds a cookie to an answer.
pub fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// A refusal for programs (RFC 9457).
#[must_use]
pub fn json_problem(status: StatusCode, code: &str, message: &str) -> Response {
    let body = problem_body(status, code, message).to_string();
    (status, [(CONTENT_TYPE, PROBLEM)], body).into_response()
}

/// The media type of a problem (RFC 9457 §6.1).
pub const PROBLEM: &str = "application/problem+json";

/// The members that every problem has (RFC 9457 §3.1), and ours: `code`, and `message`, which says what `detail` says
/// and is there for who read our answers before there was a `detail`.
#[must_use]
pub fn problem_body(status: StatusCode, code: &str, message: &str) -> serde_json::Value {
    serde_json::json!({
        "type": format!("urn:beckon:problem:{code}"),
        "title": status.canonical_reason().unwrap_or("Problem"),
        "status": status.as_u16(),
        "detail": message,
        "code": code,
        "message": message,
    })
}
