//! Settings, after a restore: why nothing is sent, what to bring over first, and the button that goes on.

use crate::access::rights::Right;
use crate::app::App;
use crate::ops::resume;
use crate::run::follow;
use crate::ui::form::{Errors, Fields};
use crate::ui::layout::{Page, broken, html, html_with};
use crate::ui::save::blocking;
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
    match go_on(&app, page.by()).await {
        Ok(_) => page.redirect("/settings/restored", "flash-resumed"),
        Err(why) => broken(page, &why),
    }
}

/// Takes the data as it is and goes on; whether there was anything to confirm.
///
/// # Errors
/// A plane cannot be written; the shop stays paused.
pub(crate) async fn go_on(app: &Arc<App>, by: &str) -> beckon_store::Result<bool> {
    let by = by.to_owned();
    blocking(app, move |app| {
        let (now, at) = app.clock.read();
        // What is in force must know the bound before anything is sent again.
        let accepted = resume::accept_with(&app.store, &app.plane, now, at, &by, || {
            follow::reload_if_changed(app).map(drop)
        })?;
        tracing::info!(accepted, "the data was confirmed");
        Ok(accepted)
    })
    .await
}
