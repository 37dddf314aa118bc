//! The rules of the gate: who gets nothing, when nobody is written to, how long a click counts.

use super::ShopSettings;
use crate::form::{Errors, Fields};
use crate::i18n::{self, Locale};

/// Nobody is helped by a control group of more than half.
const HOLDOUT_MAX_PPM: i64 = 500_000;

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
