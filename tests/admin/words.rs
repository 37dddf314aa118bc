//! Words that only one of the two languages has, from the files of messages, to find pages that mix them.

use std::collections::BTreeSet;
use std::path::Path;

/// Shorter words may be anything: units, abbreviations, names.
const LETTERS_MIN: usize = 5;
/// English words that Russian pages have by right: names of things, not sentences.
const NAMES: [&str; 24] = [
    "beckon",
    "lighthouse",
    "segment",
    "shopify",
    "bearer",
    "prometheus",
    "openapi",
    "english",
    "example",
    "email",
    "http",
    "https",
    "smtp",
    "dkim",
    "mjml",
    "jinja",
    "yaml",
    "server",
    "write",
    "webhook",
    "markdown",
    "postgresql",
    "product",
    "login",
];

/// What the messages of a language say, word by word, small letters.
fn words(lang: &str) -> BTreeSet<String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/locales").join(lang);
    let mut words = BTreeSet::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            let said = line.split_once('=').map_or(line, |(_, said)| said);
            // What stands in braces is code.
            let said =
                said.split('{').map(|part| part.rsplit('}').next().unwrap_or(part)).collect::<String>();
            let parts = said.split(|c: char| !c.is_alphabetic());
            words.extend(parts.filter(|word| word.chars().count() >= LETTERS_MIN).map(str::to_lowercase));
        }
    }
    words
}

/// Words of the other language that a page in `lang` may not have.
pub fn foreign(lang: &str) -> Vec<String> {
    let (own, other) = (words(lang), words(if lang == "ru" { "en" } else { "ru" }));
    let latin = |word: &str| word.chars().all(|c| c.is_ascii_alphabetic());
    let named = |word: &str| NAMES.contains(&word);
    other
        .into_iter()
        .filter(|word| !own.contains(word) && !named(word) && latin(word) == (lang == "ru"))
        .collect()
}
