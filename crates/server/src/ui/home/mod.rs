//! Home: how today goes and what needs a decision.

use super::layout::{Page, html};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "home/page.html")]
struct Home {
    page: Page,
}

/// `GET /`
pub async fn page(page: Page) -> Response {
    html(&Home { page })
}
