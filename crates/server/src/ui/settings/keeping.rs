//! Settings, keeping: for how long events, reasons and the texts of messages are kept.

use super::answer;
use crate::access::rights::Right;
use crate::app::App;
use crate::i18n::{self, Locale};
use crate::settings::{KEEP_BODIES_DAYS, KEEP_EVENTS_DAYS, KEEP_JOURNAL_DAYS, MAIN, ShopSettings, kind};
use crate::ui::form::{Errors, Fields};
use crate::ui::layout::{Page, broken, html, html_with};
use crate::ui::save::{Change, Saved, read, save};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::ops::RangeInclusive;
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
    let version = fields.whole("version").unwrap_or(0).unsigned_abs();
    let (stored, current) = match read::<ShopSettings>(&app, kind::SETTINGS, MAIN).await {
        Ok(stored) => stored,
        Err(why) => return broken(page, &why),
    };
    let mut settings = stored.clone();
    let errors = check(page.locale, &fields, &mut settings);
    if !errors.is_empty() {
        let again = KeepingPage { errors, ..KeepingPage::new(page, settings, version) };
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let saved = if version == current {
        save(&app, &page, vec![Change::put(kind::SETTINGS, MAIN, version, &settings)]).await
    } else {
        Saved::Conflict
    };
    answer(page, saved, "/settings/keeping", |page| KeepingPage {
        conflict: true,
        ..KeepingPage::new(page, stored, current)
    })
}

/// Reads the days from the form.
pub(crate) fn check(locale: Locale, fields: &Fields, settings: &mut ShopSettings) -> Errors {
    let mut errors = Errors::default();
    for (name, bounds, kept) in [
        ("keep_events_days", KEEP_EVENTS_DAYS, &mut settings.keep_events_days),
        ("keep_journal_days", KEEP_JOURNAL_DAYS, &mut settings.keep_journal_days),
        ("keep_bodies_days", KEEP_BODIES_DAYS, &mut settings.keep_bodies_days),
    ] {
        match within(fields, name, &bounds) {
            Some(days) => *kept = days,
            None => {
                let span = format!("{}–{}", bounds.start(), bounds.end());
                errors.add(name, i18n::t(locale, "keeping-wrong", &[("span", span.into())]));
            }
        }
    }
    errors
}

fn within(fields: &Fields, name: &str, bounds: &RangeInclusive<u32>) -> Option<u32> {
    u32::try_from(fields.whole(name)?).ok().filter(|days| bounds.contains(days))
}
