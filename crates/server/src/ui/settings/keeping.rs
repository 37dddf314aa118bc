//! Settings, keeping: for how long events, reasons and the texts of messages are kept.

use super::submitted;
use crate::access::rights::Right;
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::save::read;
use crate::settings::{MAIN, ShopSettings, keeping, kind};
use crate::ui::layout::{Page, broken, html};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "settings/keeping.html")]
struct KeepingPage {
    page: Page,
    settings: ShopSettings,
    version: u64,
    errors: Errors,
    conflict: bool,
}

impl KeepingPage {
    fn new(page: Page, settings: ShopSettings, version: u64) -> KeepingPage {
        KeepingPage { page, settings, version, errors: Errors::default(), conflict: false }
    }
}

/// `GET /settings/keeping`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    match read::<ShopSettings>(&app, kind::SETTINGS, MAIN).await {
        Ok((settings, version)) => html(&KeepingPage::new(page, settings, version)),
        Err(why) => broken(page, &why),
    }
}

/// `POST /settings/keeping`
pub async fn submit(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    submitted(page, &app, &fields, keeping::check, |page, again| KeepingPage {
        errors: again.errors,
        conflict: again.conflict,
        ..KeepingPage::new(page, again.settings, again.version)
    })
    .await
}
