//! Every code of the core has words in both languages, with all its values.

use super::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn words(locale: Locale) -> Words {
    let titles = BTreeMap::from([("cart".to_owned(), "Брошенная корзина".to_owned())]);
    Words { locale, zone: TimeZone::get("Europe/Moscow").unwrap(), titles }
}

fn reason(code: &str, values: &[(&str, &str)]) -> Reason {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Reason { code: code.to_owned(), values }
}

fn core_sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                files.push((path, text));
            }
        }
    }
    files
}

/// The texts in quotes between two marks.
fn quoted(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The quoted texts that follow `mark` directly, anywhere in the text.
fn after(text: &str, mark: &str) -> Vec<String> {
    text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// The text up to the bracket that closes what was opened before it.
fn to_closing(text: &str) -> &str {
    let mut depth = 0;
    let end = text.find(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth < 0
    });
    &text[..end.unwrap_or(text.len())]
}

fn codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let sources = core_sources();
    let source = |name: &str| {
        let found = sources.iter().find(|(path, _)| path.ends_with(name));
        &found.unwrap_or_else(|| panic!("no {name} in the core")).1
    };
    for (path, text) in &sources {
        for rest in text.split("Reason::new(").skip(1) {
            let argument = to_closing(rest);
            let literal = quoted(argument);
            if !literal.is_empty() {
                codes.extend(literal);
                continue;
            }
            match argument {
                "code: &str" => {}
                "exit" => codes.extend(after(source("journey/mod.rs"), "Some(\"")),
                "failing" => codes.extend(after(source("segment/mod.rs"), "Some(\"")),
                "stopped" => codes.extend(after(source("address.rs"), "Some(\"")),
                "why" => {
                    let bars = text.split("fn bars").nth(1).unwrap();
                    codes.extend(quoted(&bars[..bars.find("\n}").unwrap()]));
                }
                // Chosen a few lines above, in the same file.
                "metric" => {
                    let end = text.split("fn outcome").nth(1).unwrap();
                    codes.extend(after(&end[..end.find("let reason").unwrap()], ", \""));
                }
                "code" if path.ends_with("identity.rs") => {
                    let end = text.split("let (end, code)").nth(1).unwrap();
                    codes.extend(after(&end[..end.find("};").unwrap()], ", \""));
                }
                "code" if path.ends_with("journey/entry.rs") => {
                    codes.extend(quoted(text.split("let code =").nth(1).unwrap().split(';').next().unwrap()));
                }
                other => panic!("{}: tell this test which codes `{other}` may be", path.display()),
            }
        }
        codes.extend(after(text, "Reason { code: \""));
    }
    codes
}

#[test]
fn every_code_of_the_core_has_words_in_both_languages() {
    let codes = codes();
    assert!(codes.len() > 50, "too few codes were found: {codes:?}");
    for known in ["held_out", "lost_to", "merged_into", "history", "order", "bounced", "retried", "reachable"]
    {
        assert!(codes.contains(known), "{known} was not found");
    }
    for locale in [Locale::En, Locale::Ru] {
        let words = words(locale);
        for code in &codes {
            let key = key_of(&Reason::new(code));
            assert!(i18n::known(&format!("why-{code}")) && i18n::known(&key), "no words for {code}");
            let text = words.say(&Reason::new(code));
            assert!(!text.contains('$') && !text.contains('{'), "{locale:?}: {code}: {text}");
        }
    }
}

#[test]
fn every_line_of_the_journal_has_words_in_both_languages() {
    let mut whats = BTreeSet::new();
    for (_, text) in core_sources() {
        for rest in text.split(".journal(").skip(1) {
            let argument = rest.trim_start();
            if let Some(literal) = argument.strip_prefix('"') {
                whats.extend(literal.split('"').next().map(str::to_owned));
            } else {
                assert!(argument.starts_with("metric"), "tell this test what is journaled: {argument:.40}");
            }
        }
    }
    whats.extend(after(
        &core_sources().iter().find(|(path, _)| path.ends_with("decide.rs")).unwrap().1,
        "=> \"",
    ));
    assert!(whats.len() > 15, "{whats:?}");
    for what in &whats {
        assert!(i18n::known(&format!("what-{what}")), "no words for {what}");
    }
}

#[test]
fn values_are_told_as_people_tell_them() {
    let left = reason("left", &[("left_at", "1790000000000"), ("after", "15m")]);
    assert_eq!(
        words(Locale::Ru).say(&left),
        "Покупателя нет на сайте с 21 сентября, 17:13:20, уже 15 минут."
    );
    assert_eq!(
        words(Locale::En).say(&left),
        "She has been gone since September 21, 17:13:20, for 15 minutes."
    );
    let lost = reason("lost_to", &[("journey", "cart"), ("priority", "94"), ("mine", "80")]);
    assert!(words(Locale::Ru).say(&lost).contains("«Брошенная корзина» приоритет 94, у этого 80"));
    let cart = |n: u32| words(Locale::Ru).say(&reason("cart", &[("lines", &n.to_string())]));
    assert_eq!(
        [cart(1), cart(2), cart(5), cart(21)],
        ["В корзине 1 позиция.", "В корзине 2 позиции.", "В корзине 5 позиций.", "В корзине 21 позиция."]
    );
    assert_eq!(words(Locale::Ru).span(Span::parse("1d12h").unwrap()), "1 день 12 часов");
    let failed = words(Locale::En).say(&Reason::new("consented"));
    assert!(failed.contains("had not agreed"), "{failed}");
}

#[test]
fn a_hostile_value_stays_a_value() {
    let text = words(Locale::En).say(&reason("template", &[("channel", "{ $draw } <b> { why-left }")]));
    assert!(text.ends_with("{ $draw } <b> { why-left }"), "{text}");
    let odd = words(Locale::Ru).say(&reason("left", &[("left_at", "soon"), ("after", "-")]));
    assert!(odd.contains("soon"), "{odd}");
    assert_eq!(words(Locale::Ru).say(&Reason::new("no-such-code")), "no-such-code");
}
