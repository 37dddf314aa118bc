//! The files of messages, against each other and against the pages.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

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
            assert!(FluentResource::try_new((*text).to_owned()).is_ok(), "{name} in {language} has an error");
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
                    if key.contains(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')) {
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
    assert_eq!(events(1_990), "1\u{202f}990 событий");
    assert_eq!(t(Locale::En, "events-count", &[("count", 1.into())]), "1 event");
    assert_eq!(t(Locale::En, "events-count", &[("count", 1_990.into())]), "1,990 events");
}

#[test]
fn the_language_is_the_first_one_we_speak() {
    assert_eq!(Locale::accepted("de-DE,ru;q=0.8,en;q=0.7"), Some(Locale::Ru));
    assert_eq!(Locale::accepted("en-GB"), Some(Locale::En));
    assert_eq!(Locale::accepted("de"), None);
}

/// Every message of a language: its key and its text with all variants.
fn messages(locale: Locale) -> BTreeMap<String, String> {
    let mut messages: BTreeMap<String, String> = BTreeMap::new();
    for (_, en, ru) in FILES {
        let mut key = String::new();
        for line in (if locale == Locale::En { en } else { ru }).lines() {
            if let Some((name, _)) = line.split_once(" =")
                && name.starts_with(|c: char| c.is_ascii_lowercase())
            {
                name.clone_into(&mut key);
            }
            let text = messages.entry(key.clone()).or_default();
            text.push_str(line);
            text.push('\n');
        }
    }
    messages
}

/// The arguments a message names: `$count`, `$name`.
fn arguments(text: &str) -> BTreeSet<String> {
    let name = |part: &str| part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    text.split('$').skip(1).map(name).collect()
}

#[test]
fn what_is_counted_has_all_forms_in_both_languages() {
    let (en, ru) = (messages(Locale::En), messages(Locale::Ru));
    for (key, english) in &en {
        let russian = &ru[key];
        assert_eq!(arguments(english), arguments(russian), "{key} names other arguments in Russian");
        if english.contains("$count ->") {
            assert!(
                english.contains("[one]") && english.contains("*[other]"),
                "{key} lacks a form in English"
            );
            assert!(russian.contains("$count ->"), "{key} has one form for all numbers in Russian");
        }
        if russian.contains("$count ->") {
            let forms = |forms: &[&str]| forms.iter().all(|form| russian.contains(form));
            assert!(forms(&["[one]", "[few]", "*[other]"]) || forms(&["[one]", "[few]", "*[many]"]), "{key}");
        }
    }
}

/// All Rust and HTML of the shell and of the program, as one text.
fn sources() -> String {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![here.join("src"), here.join("../beckon/src")];
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "html" || end == "rs") {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    text
}

/// A key is used when it stands in quotes, or begins or ends as a key that is put together does.
#[test]
fn every_key_is_used() {
    let sources = sources();
    let quoted: BTreeSet<&str> = sources.split('"').collect();
    let joined = |part: &&&str| part.contains('{') && part.contains('-') && !part.contains(' ');
    let parts: Vec<&str> = quoted.iter().filter(joined).copied().collect();
    let fits = |key: &str, part: &str| {
        let (head, rest) = part.split_once('{').unwrap_or((part, ""));
        let tail = rest.rsplit('}').next().unwrap_or("");
        head.len() + tail.len() > 3 && key.starts_with(head) && key.ends_with(tail)
    };
    for key in messages(Locale::En).keys() {
        let used = quoted.contains(key.as_str()) || parts.iter().any(|part| fits(key, part));
        assert!(used, "no page says {key}");
    }
}
