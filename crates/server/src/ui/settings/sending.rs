//! Settings, sending: the relay, the sender, the signature. What is secret is never shown again.

use super::answer;
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::ops::test_mail::Tried;
use crate::save::{Change, Saved, read, save};
use crate::settings::{MAIN, ShopSettings, kind, sending};
use crate::ui::layout::{Page, broken, html, html_with};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "settings/sending.html")]
pub(super) struct SendingPage {
    page: Page,
    url: String,
    from: String,
    public_origin: String,
    dkim_domain: String,
    dkim_selector: String,
    /// Name and content of the DNS record of the key that is set.
    record: Option<(String, String)>,
    /// What the environment sets and the form cannot change.
    fixed_url: bool,
    fixed_from: bool,
    fixed_origin: bool,
    version: u64,
    errors: Errors,
    conflict: bool,
    pub(super) tried: Option<Tried>,
    pub(super) to: String,
}

impl SendingPage {
    pub(super) fn new(page: Page, app: &App, settings: &ShopSettings, version: u64) -> SendingPage {
        let to = page.by().to_owned();
        SendingPage {
            page,
            url: sending::masked(app.config.smtp_url.as_ref().unwrap_or(&settings.smtp_url)),
            from: app.config.from.as_ref().unwrap_or(&settings.from).clone(),
            public_origin: app.config.public_origin.as_ref().unwrap_or(&settings.public_origin).clone(),
            dkim_domain: settings.dkim_domain.clone(),
            dkim_selector: settings.dkim_selector.clone(),
            record: sending::record(settings),
            fixed_url: app.config.smtp_url.is_some(),
            fixed_from: app.config.from.is_some(),
            fixed_origin: app.config.public_origin.is_some(),
            version,
            errors: Errors::default(),
            conflict: false,
            tried: None,
            to,
        }
    }
}

/// `GET /settings/sending`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    match read::<ShopSettings>(&app, kind::SETTINGS, MAIN).await {
        Ok((settings, version)) => html(&SendingPage::new(page, &app, &settings, version)),
        Err(why) => broken(page, &why),
    }
}

/// `POST /settings/sending`
pub async fn submit(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let version = fields.whole("version").unwrap_or(0).unsigned_abs();
    let (stored, current) = match read::<ShopSettings>(&app, kind::SETTINGS, MAIN).await {
        Ok(stored) => stored,
        Err(why) => return broken(page, &why),
    };
    let mut settings = stored.clone();
    let errors = sending::check(page.locale, &app, &fields, &mut settings);
    if !errors.is_empty() {
        let mut again = SendingPage::new(page, &app, &stored, version);
        for (field, shown) in [
            ("smtp_url", &mut again.url),
            ("from", &mut again.from),
            ("public_origin", &mut again.public_origin),
            ("dkim_domain", &mut again.dkim_domain),
            ("dkim_selector", &mut again.dkim_selector),
        ] {
            // What the environment sets has no field.
            if fields.has(field) {
                fields.text(field).clone_into(shown);
            }
        }
        again.url = sending::masked(&again.url);
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &SendingPage { errors, ..again });
    }
    let saved = if version == current {
        save(&app, page.by(), vec![Change::put(kind::SETTINGS, MAIN, version, &settings)]).await
    } else {
        Saved::Conflict
    };
    answer(page, saved, "/settings/sending", |page| SendingPage {
        conflict: true,
        ..SendingPage::new(page, &app, &stored, current)
    })
}
