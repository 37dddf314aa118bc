//! Settings, after a restore: why nothing is sent, what to bring over first, and the button that goes on.

use crate::access::rights::Right;
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::ops::resume;
use crate::ui::layout::{Page, broken, html, html_with};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "settings/restored.html")]
struct RestoredPage {
    page: Page,
    /// What the store noticed, in its own words.
    doubt: String,
    errors: Errors,
}

impl RestoredPage {
    fn new(page: Page, app: &App) -> RestoredPage {
        RestoredPage { page, doubt: app.store.suspicion().unwrap_or_default(), errors: Errors::default() }
    }
}

/// `GET /settings/restored`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    html(&RestoredPage::new(page, &app))
}

/// `POST /settings/restored`: goes on, once she says that unsubscribes were brought over.
pub async fn submit(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    if fields.text("sure") != "yes" {
        let mut again = RestoredPage::new(page, &app);
        let why = again.page.t("restored-sure-wanted");
        again.errors.add("sure", why);
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    match resume::go_on(&app, page.by()).await {
        Ok(_) => page.redirect("/settings/restored", "flash-resumed"),
        Err(why) => broken(page, &why),
    }
}
