//! Cross-origin requests: the tracker runs on the shop's pages and talks to our host, so every origin may post.
//! Credentials are not allowed, as nothing here depends on a cookie (Fetch standard, "HTTP-network-or-cache fetch").

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// How long a browser may keep the answer to a preflight: a day. Chromium keeps it two hours at most.
const MAX_AGE_SECS: &str = "86400";

/// Answers preflights and puts the headers on every other answer, refusals included: without them a page cannot even
/// see the status.
pub async fn layer(request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let is_preflight = request.method() == Method::OPTIONS;
    let mut response =
        if is_preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    let origin = asked.get(header::ORIGIN).cloned().unwrap_or(HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if is_preflight {
        preflight(&asked, headers);
    } else {
        let visible = HeaderValue::from_static("Retry-After, X-RateLimit-Reset");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, visible);
    }
    response
}

fn preflight(asked: &HeaderMap, headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE_SECS));
    if let Some(wanted) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
        headers.append(header::VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
    }
    // A page on the Internet that talks to a host of the local network, as on a developer's machine.
    let private = HeaderName::from_static("access-control-request-private-network");
    if asked.contains_key(private) {
        let allow = HeaderName::from_static("access-control-allow-private-network");
        headers.insert(allow, HeaderValue::from_static("true"));
    }
}
