//! Settings, the gate: who gets nothing, when nobody is written to, how long a click counts, and the switch that stops
//! everything.

use super::submitted;
use crate::access::rights::Right;
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::ops::stop;
use crate::save::read;
use crate::settings::{MAIN, ShopSettings, gate, kind};
use crate::ui::layout::{Page, broken, html};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "settings/gate.html")]
struct GatePage {
    page: Page,
    settings: ShopSettings,
    holdout: String,
    version: u64,
    errors: Errors,
    conflict: bool,
}

impl GatePage {
    fn new(page: Page, settings: ShopSettings, version: u64) -> GatePage {
        let holdout = gate::percent(settings.global_holdout_ppm);
        GatePage { page, settings, holdout, version, errors: Errors::default(), conflict: false }
    }
}

/// `GET /settings/gate`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    match read::<ShopSettings>(&app, kind::SETTINGS, MAIN).await {
        Ok((settings, version)) => html(&GatePage::new(page, settings, version)),
        Err(why) => broken(page, &why),
    }
}

/// `POST /settings/gate`
pub async fn submit(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    submitted(page, &app, &fields, gate::check, |page, again| {
        let shown = GatePage::new(page, again.settings, again.version);
        let holdout = if again.conflict { shown.holdout } else { fields.text("holdout").to_owned() };
        GatePage { holdout, errors: again.errors, conflict: again.conflict, ..shown }
    })
    .await
}

/// `POST /settings/stop`: stops everything, or goes on.
pub async fn stop(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let stopped = fields.text("stopped") == "yes";
    match stop::set(&app, page.by(), stopped).await {
        Ok(()) => page.redirect("/settings/gate", if stopped { "flash-stopped" } else { "flash-going" }),
        Err(why) => broken(page, &why),
    }
}
