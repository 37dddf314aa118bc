//! Settings, the gate: who gets nothing, when nobody is written to, how long a click counts, and the switch that stops
//! everything.

use super::answer;
use crate::access::rights::Right;
use crate::app::App;
use crate::i18n::{self, Locale};
use crate::settings::{MAIN, ShopSettings, kind};
use crate::ui::form::{Errors, Fields};
use crate::ui::layout::{Page, broken, html, html_with};
use crate::ui::save::{Change, Saved, read, save, save_by};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// Nobody is helped by a control group of more than half.
const HOLDOUT_MAX_PPM: i64 = 500_000;

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
        let holdout = percent(settings.global_holdout_ppm);
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
    let version = fields.whole("version").unwrap_or(0).unsigned_abs();
    let (stored, current) = match read::<ShopSettings>(&app, kind::SETTINGS, MAIN).await {
        Ok(stored) => stored,
        Err(why) => return broken(page, &why),
    };
    let mut settings = stored.clone();
    let errors = check(page.locale, &fields, &mut settings);
    if !errors.is_empty() {
        let holdout = fields.text("holdout").to_owned();
        let again = GatePage { page, settings, holdout, version, errors, conflict: false };
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let saved = if version == current {
        save(&app, &page, vec![Change::put(kind::SETTINGS, MAIN, version, &settings)]).await
    } else {
        Saved::Conflict
    };
    answer(page, saved, "/settings/gate", |page| GatePage {
        conflict: true,
        ..GatePage::new(page, stored, current)
    })
}

/// `POST /settings/stop`: stops everything, or goes on.
pub async fn stop(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let stopped = fields.text("stopped") == "yes";
    match set_stopped(&app, page.by(), stopped).await {
        Ok(()) => page.redirect("/settings/gate", if stopped { "flash-stopped" } else { "flash-going" }),
        Err(why) => broken(page, &why),
    }
}

/// Stops everything, or goes on.
///
/// # Errors
/// What the store said.
pub(crate) async fn set_stopped(app: &Arc<App>, by: &str, stopped: bool) -> Result<(), String> {
    // The switch must work whatever others save meanwhile: it is tried again on what they wrote.
    for _ in 0..5 {
        let stored = read::<ShopSettings>(app, kind::SETTINGS, MAIN).await;
        let (mut settings, version) = stored.map_err(|why| why.to_string())?;
        settings.stopped = stopped;
        match save_by(app, by, vec![Change::put(kind::SETTINGS, MAIN, version, &settings)]).await {
            Saved::Done => return Ok(()),
            Saved::Conflict => {}
            Saved::Failed(why) => return Err(why),
        }
    }
    Err("the settings changed five times while they were written".to_owned())
}

/// Reads the gate from the form.
pub(crate) fn check(locale: Locale, fields: &Fields, settings: &mut ShopSettings) -> Errors {
    let t = |key: &str| i18n::t(locale, key, &[]);
    let mut errors = Errors::default();
    match ppm(fields.text("holdout")) {
        Some(ppm) if i64::from(ppm) <= HOLDOUT_MAX_PPM => settings.global_holdout_ppm = ppm,
        _ => errors.add("holdout", t("gate-holdout-wrong")),
    }
    let hour = |name: &str| fields.whole(name).filter(|hour| (0..=23).contains(hour)).map(|hour| hour as i8);
    match (hour("quiet_from"), hour("quiet_until")) {
        (Some(from), Some(until)) => (settings.quiet_from_hour, settings.quiet_until_hour) = (from, until),
        _ => errors.add("quiet_from", t("gate-hour-wrong")),
    }
    let zone = fields.text("time_zone");
    if jiff::tz::TimeZone::get(zone).is_ok() {
        settings.time_zone = zone.to_owned();
    } else {
        errors.add("time_zone", t("gate-zone-wrong"));
    }
    match fields.whole("attribution_days").filter(|days| (1..=90).contains(days)) {
        Some(days) => settings.attribution_days = days as u32,
        None => errors.add("attribution_days", t("gate-days-wrong")),
    }
    match fields.text("mode") {
        mode @ ("signed" | "open") => mode.clone_into(&mut settings.mode),
        "" => {}
        _ => {
            errors.add("mode", i18n::t(locale, "error-choice", &[("choices", "open, signed".into())]));
        }
    }
    errors
}

/// Millionths as per cent: `5`, `0.5`.
pub(crate) fn percent(ppm: u32) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Per cent as millionths; a comma is as good as a point.
fn ppm(text: &str) -> Option<u32> {
    let percent: f64 = text.trim_end_matches('%').trim().replace(',', ".").parse().ok()?;
    (0.0..=100.0).contains(&percent).then(|| (percent * 10_000.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_cent_is_read_as_it_is_written() {
        for millionths in [0, 5, 5_000, 50_000, 123_456, 500_000] {
            assert_eq!(ppm(&percent(millionths)), Some(millionths));
        }
        assert_eq!(ppm("2,5 %"), Some(25_000));
        for bad in ["", "-1", "101", "NaN", "inf", "five"] {
            assert_eq!(ppm(bad), None, "{bad}");
        }
    }
}
