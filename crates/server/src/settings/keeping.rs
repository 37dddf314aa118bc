//! The rules of keeping: for how long events, reasons and the texts of messages may be kept.

use super::{KEEP_BODIES_DAYS, KEEP_EVENTS_DAYS, KEEP_JOURNAL_DAYS, ShopSettings};
use crate::form::{Errors, Fields};
use crate::i18n::{self, Locale};
use std::ops::RangeInclusive;

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
