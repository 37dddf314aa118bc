//! The description of the API (OpenAPI 3.1), kept as a file beside this one.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The description.
pub const TEXT: &str = include_str!("openapi.json");

/// `GET /api/openapi.json`
pub async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], TEXT).into_response()
}
