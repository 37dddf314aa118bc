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
        "developers",
        include_str!("../locales/en/developers.ftl"),
        include_str!("../locales/ru/developers.ftl"),
    ),
    ("checkup", include_str!("../locales/en/checkup.ftl"), include_str!("../locales/ru/checkup.ftl")),
    (
        "operations",
        include_str!("../locales/en/operations.ftl"),
        include_str!("../locales/ru/operations.ftl"),
    ),
    ("why", include_str!("../locales/en/why.ftl"), include_str!("../locales/ru/why.ftl")),
    ("customers", include_str!("../locales/en/customers.ftl"), include_str!("../locales/ru/customers.ftl")),
    ("messages", include_str!("../locales/en/messages.ftl"), include_str!("../locales/ru/messages.ftl")),
    ("journeys", include_str!("../locales/en/journeys.ftl"), include_str!("../locales/ru/journeys.ftl")),
    ("simulate", include_str!("../locales/en/simulate.ftl"), include_str!("../locales/ru/simulate.ftl")),
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

    /// The first language of an `Accept-Language` header that we speak (RFC 9110 §12.5.4; browsers write them in
    /// order of preference).
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
        Locale::En => |value, _| number(value, ","),
        Locale::Ru => |value, _| number(value, "\u{a0}"),
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
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn keys(text: &str) -> Vec<String> {
        let key = |line: &str| {
            let (key, _) = line.split_once(" =")?;
            key.starts_with(|c: char| c.is_ascii_lowercase()).then(|| key.to_owned())
        };
        text.lines().filter_map(key).collect()
    }

    #[test]
    fn both_languages_say_the_same_things_and_every_file_can_be_read() {
        let mut seen = BTreeSet::new();
        for (name, en, ru) in FILES {
            for (language, text) in [("en", en), ("ru", ru)] {
                assert!(
                    FluentResource::try_new((*text).to_owned()).is_ok(),
                    "{name} in {language} has an error"
                );
            }
            let (en, ru) = (keys(en), keys(ru));
            for key in &en {
                assert!(ru.contains(key), "{name}: {key} is missing in Russian");
                assert!(seen.insert(key.clone()), "{name}: {key} is there twice");
            }
            for key in &ru {
                assert!(en.contains(key), "{name}: {key} is missing in English");
            }
        }
        for key in &seen {
            for locale in Locale::ALL {
                assert!(
                    bundle(locale).get_message(key).is_some_and(|message| message.value().is_some()),
                    "{key}"
                );
            }
        }
    }

    /// Keys in templates and in code are literal, so they can be looked up without rendering every branch.
    #[test]
    fn every_key_a_page_names_exists() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut folders = vec![root];
        let mut count = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                if !path.extension().is_some_and(|end| end == "html" || end == "rs") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for opening in [".t(\"", ".count(\"", ".with(\"", "t(locale, \"", "t(page.locale, \""] {
                    for part in text.split(opening).skip(1) {
                        let key = part.split('"').next().unwrap();
                        if key.contains(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
                        {
                            continue;
                        }
                        assert!(known(key), "{} names {key}, which no file has", path.display());
                        count += 1;
                    }
                }
            }
        }
        assert!(count > 20, "the search found only {count} keys");
    }

    #[test]
    fn russian_counts_in_three_forms() {
        let events = |n: i64| t(Locale::Ru, "events-count", &[("count", n.into())]);
        assert_eq!(events(1), "1 событие");
        assert_eq!(events(3), "3 события");
        assert_eq!(events(11), "11 событий");
        assert_eq!(events(21), "21 событие");
        assert_eq!(events(1_990), "1\u{a0}990 событий");
        assert_eq!(t(Locale::En, "events-count", &[("count", 1.into())]), "1 event");
        assert_eq!(t(Locale::En, "events-count", &[("count", 1_990.into())]), "1,990 events");
    }

    #[test]
    fn the_language_is_the_first_one_we_speak() {
        assert_eq!(Locale::accepted("de-DE,ru;q=0.8,en;q=0.7"), Some(Locale::Ru));
        assert_eq!(Locale::accepted("en-GB"), Some(Locale::En));
        assert_eq!(Locale::accepted("de"), None);
    }
}
