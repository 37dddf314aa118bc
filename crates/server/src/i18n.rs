//! Words for people, in Russian and English, from the Fluent files in `locales/` (projectfluent.org).

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::OnceLock;

/// Argument of a message: text, or a number that chooses the plural form.
pub type Value<'a> = FluentValue<'a>;

/// A language of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

/// File by file: name, English, Russian. A screen has a file of its own.
const FILES: &[(&str, &str, &str)] = &[
    ("layout", include_str!("../locales/en/layout.ftl"), include_str!("../locales/ru/layout.ftl")),
    ("access", include_str!("../locales/en/access.ftl"), include_str!("../locales/ru/access.ftl")),
    ("home", include_str!("../locales/en/home.ftl"), include_str!("../locales/ru/home.ftl")),
    ("settings", include_str!("../locales/en/settings.ftl"), include_str!("../locales/ru/settings.ftl")),
    ("log", include_str!("../locales/en/log.ftl"), include_str!("../locales/ru/log.ftl")),
    (
        "unsubscribes",
        include_str!("../locales/en/unsubscribes.ftl"),
        include_str!("../locales/ru/unsubscribes.ftl"),
    ),
    (
        "developers",
        include_str!("../locales/en/developers.ftl"),
        include_str!("../locales/ru/developers.ftl"),
    ),
    ("reference", include_str!("../locales/en/reference.ftl"), include_str!("../locales/ru/reference.ftl")),
    ("arrivals", include_str!("../locales/en/arrivals.ftl"), include_str!("../locales/ru/arrivals.ftl")),
    ("programs", include_str!("../locales/en/programs.ftl"), include_str!("../locales/ru/programs.ftl")),
    ("checkup", include_str!("../locales/en/checkup.ftl"), include_str!("../locales/ru/checkup.ftl")),
    (
        "operations",
        include_str!("../locales/en/operations.ftl"),
        include_str!("../locales/ru/operations.ftl"),
    ),
    ("demo", include_str!("../locales/en/demo.ftl"), include_str!("../locales/ru/demo.ftl")),
    ("why", include_str!("../locales/en/why.ftl"), include_str!("../locales/ru/why.ftl")),
    ("customers", include_str!("../locales/en/customers.ftl"), include_str!("../locales/ru/customers.ftl")),
    ("messages", include_str!("../locales/en/messages.ftl"), include_str!("../locales/ru/messages.ftl")),
    ("journeys", include_str!("../locales/en/journeys.ftl"), include_str!("../locales/ru/journeys.ftl")),
    ("blocks", include_str!("../locales/en/blocks.ftl"), include_str!("../locales/ru/blocks.ftl")),
    ("compose", include_str!("../locales/en/compose.ftl"), include_str!("../locales/ru/compose.ftl")),
    (
        "strategies",
        include_str!("../locales/en/strategies.ftl"),
        include_str!("../locales/ru/strategies.ftl"),
    ),
    ("simulate", include_str!("../locales/en/simulate.ftl"), include_str!("../locales/ru/simulate.ftl")),
    ("bench", include_str!("../locales/en/bench.ftl"), include_str!("../locales/ru/bench.ftl")),
    ("catalogue", include_str!("../locales/en/catalogue.ftl"), include_str!("../locales/ru/catalogue.ftl")),
];

impl Locale {
    /// Both.
    pub const ALL: [Locale; 2] = [Locale::En, Locale::Ru];

    /// `en` or `ru`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::Ru => "ru",
        }
    }

    /// Reads a language tag by its first part; `None` for another language.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Locale> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or("");
        Locale::ALL.into_iter().find(|locale| primary.eq_ignore_ascii_case(locale.code()))
    }

    /// The first language of an `Accept-Language` header that we speak (RFC 9110 §12.5.4; browsers write them
    /// in order of preference).
    #[must_use]
    pub fn accepted(header: &str) -> Option<Locale> {
        header.split(',').filter_map(|part| part.split(';').next()).find_map(Locale::parse)
    }
}

/// The message of a key. Of a key that is missing it makes `⟦key⟧`, which a test looks for on every page.
#[must_use]
pub fn t(locale: Locale, key: &str, args: &[(&str, Value<'_>)]) -> String {
    let bundle = bundle(locale);
    let pattern = bundle.get_message(key).and_then(|message| message.value());
    let Some(pattern) = pattern else { return format!("⟦{key}⟧") };
    let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
    if !errors.is_empty() {
        tracing::warn!(key, ?errors, "a message lacks an argument");
    }
    text.into_owned()
}

/// Whether there is a message of this key.
#[must_use]
pub fn known(key: &str) -> bool {
    bundle(Locale::En).has_message(key)
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(locale: Locale) -> &'static Bundle {
    static BUNDLES: OnceLock<[Bundle; 2]> = OnceLock::new();
    &BUNDLES.get_or_init(|| Locale::ALL.map(build))[locale as usize]
}

fn build(locale: Locale) -> Bundle {
    let language = locale.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Marks around arguments would show as boxes in plain text and break copied values.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match locale {
        Locale::En => |value, _| number(value, separator(Locale::En)),
        Locale::Ru => |value, _| number(value, separator(Locale::Ru)),
    }));
    for (name, en, ru) in FILES {
        let text = if locale == Locale::En { en } else { ru };
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                tracing::error!(name, ?errors, "a file of messages cannot be read wholly");
                resource
            }
        };
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(name, ?errors, "a message is there twice");
        }
    }
    bundle
}

/// What stands between groups of three digits: in Russian a narrow space that does not break (Unicode CLDR).
#[must_use]
pub fn separator(locale: Locale) -> &'static str {
    match locale {
        Locale::En => ",",
        Locale::Ru => "\u{202f}",
    }
}

/// Whole numbers with groups of three digits.
fn number(value: &FluentValue<'_>, separator: &str) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    (number.value.fract() == 0.0).then(|| grouped(number.value as i64, separator))
}

/// A whole number with a separator between groups of three digits.
#[must_use]
pub fn grouped(number: i64, separator: &str) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "\u{2212}" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
