//! Answers that are not 200: always `{"code": "…", "message": "…"}`, because Segment's Python SDK looks for `code` and
//! sends a refused request again and again when there is none.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The codes a posted request may be refused with. A screen has the words for each: what was wrong, and what to do.
pub const CODES: [&str; 13] = [
    "invalid_write_key",
    "server_key_in_page",
    "server_key_required",
    "unknown_call",
    "invalid_json",
    "invalid_utf8",
    "invalid_gzip",
    "too_large",
    "too_many_events",
    "slow_body",
    "broken_body",
    "rate_limited",
    "unavailable",
];

/// Why a request was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// For programs.
    pub code: &'static str,
    /// For people: what was wrong, where, what to do.
    pub message: String,
    /// When to come again.
    pub retry_after_secs: Option<u32>,
}

impl Problem {
    /// A refusal that another try of the same request does not change.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Problem {
        Problem { status, code, message: message.into(), retry_after_secs: None }
    }

    /// 400 with a code.
    pub fn bad_request(code: &'static str, message: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// JSON that cannot be read, with its place.
    pub fn bad_json(error: &serde_json::Error) -> Problem {
        let place = format!("line {}, column {}", error.line(), error.column());
        let text = error.to_string();
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        let message = format!(
            "The body cannot be read as JSON ({place}): {what}. Send one object, written by a JSON library."
        );
        Problem::bad_request("invalid_json", message)
    }

    /// No key, or one that no shop has.
    pub fn bad_key(found: bool) -> Problem {
        let message = if found {
            "No shop has this write key. Compare it with the one on the set-up page."
        } else {
            "There is no write key. Send it as the user name of Basic authentication, as \"writeKey\" in the body, or \
             as ?writeKey= in the address."
        };
        Problem::new(StatusCode::UNAUTHORIZED, "invalid_write_key", message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        metrics::counter!(crate::ops::names::REQUESTS_REFUSED, "reason" => self.code).increment(1);
        let body = serde_json::json!({ "code": self.code, "message": self.message }).to_string();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(secs) = self.retry_after_secs {
            headers.insert(header::RETRY_AFTER, secs.into());
            headers.insert("x-ratelimit-reset", secs.into());
        }
        response
    }
}
