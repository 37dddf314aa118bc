//! A message as a page: what she got, with the goods of that time.

use super::{guarded, page, row_of};
use crate::app::App;
use crate::sent;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use beckon_render::Link;
use std::sync::Arc;

/// A mail carries its styles with it and pictures from the shop; scripts have no business in it.
const MAIL_CSP: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; sandbox allow-popups";

/// `GET /v/TOKEN`.
pub async fn in_browser(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(Link::View { message }) = app.links().read(&token) else {
        return page::plain(&headers, "forged", StatusCode::NOT_FOUND);
    };
    let Some(row) = row_of(&app, message).await else {
        return page::plain(&headers, "gone", StatusCode::NOT_FOUND);
    };
    match tokio::task::spawn_blocking(move || sent::again(&app, &row)).await {
        Ok(Ok(sent)) => guarded(Html(sent.letter.rendered.html).into_response(), MAIL_CSP),
        _ => page::plain(&headers, "gone", StatusCode::NOT_FOUND),
    }
}
