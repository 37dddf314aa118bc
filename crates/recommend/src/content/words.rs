//! Text as stems: a title in Russian or English and a question about it meet in the same words.
//!
//! Stems are those of Snowball (Porter 2001, <https://snowballstem.org>). It leaves "чехол" and "чехлы" apart, so the
//! vowel that comes and goes before the last consonant of a Russian stem is dropped too.

use std::borrow::Cow;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

/// Words of one text that are looked at; titles stuffed with keywords say no more by the rest.
pub(crate) const MAX_WORDS: usize = 32;
/// Letters of one word that are looked at.
const MAX_WORD_CHARS: usize = 40;

/// Words that say nothing of a product.
const EMPTY: [&str; 28] = [
    "и", "в", "во", "на", "с", "со", "для", "из", "от", "до", "по", "к", "без", "не", "the", "a", "an", "of",
    "for", "with", "and", "in", "on", "to", "by", "from", "шт", "pcs",
];

static RUSSIAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::Russian));
static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));

/// The stems of a text in its order, each once.
pub(crate) fn stems(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if found.len() >= MAX_WORDS {
            break;
        }
        let word = folded(word);
        if EMPTY.contains(&word.as_str()) {
            continue;
        }
        let stem = stem(&word).into_owned();
        if !found.contains(&stem) {
            found.push(stem);
        }
    }
    found
}

/// The text of a name to compare by: lower case, ё as е, single spaces.
pub(crate) fn folded_name(text: &str) -> String {
    text.split_whitespace().map(folded).collect::<Vec<_>>().join(" ")
}

fn folded(word: &str) -> String {
    let lower = word.chars().take(MAX_WORD_CHARS).flat_map(char::to_lowercase);
    lower.map(|letter| if letter == 'ё' { 'е' } else { letter }).collect()
}

/// Words with a digit are codes and sizes: they have no stem.
fn stem(word: &str) -> Cow<'_, str> {
    if word.chars().all(|letter| ('а'..='я').contains(&letter)) {
        without_fleeting_vowel(RUSSIAN.stem(word))
    } else if word.bytes().all(|letter| letter.is_ascii_lowercase()) {
        ENGLISH.stem(word)
    } else {
        Cow::Borrowed(word)
    }
}

/// "чехол" as "чехл", "сумок" as "сумк": о or е between a consonant and a last к, л, н, р or ц. A stem that always has
/// the vowel loses it everywhere, which does no harm.
fn without_fleeting_vowel(stem: Cow<'_, str>) -> Cow<'_, str> {
    let mut letters = stem.char_indices().rev();
    let (Some((_, last)), Some((at, vowel)), Some((_, before))) =
        (letters.next(), letters.next(), letters.next())
    else {
        return stem;
    };
    let fleeting = "клнрц".contains(last) && "ое".contains(vowel) && !"аеиоуыэюяйьъ".contains(before);
    if !fleeting || letters.next().is_none() {
        return stem;
    }
    Cow::Owned(format!("{}{last}", &stem[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_of_a_word_meet_in_both_languages_and_codes_stay() {
        assert_eq!(stems("Чёрные беспроводные наушники"), stems("черных беспроводных наушников"));
        assert_eq!(stems("running shoes"), stems("Running shoe"));
        assert_eq!(stems("Чехол для iPhone 15, 128GB")[1..], ["iphon", "15", "128gb"]);
        assert_eq!(stems("чехол, платок, кружка, носки"), stems("чехлы платков кружек носок"));
        assert_eq!(stems("сок"), ["сок"]);
        assert!(stems("для и the --- ").is_empty());
    }

    proptest! {
        #[test]
        fn any_text_has_few_short_stems(text in any::<String>()) {
            let stems = stems(&text);
            prop_assert!(stems.len() <= MAX_WORDS);
            prop_assert!(stems.iter().all(|stem| !stem.is_empty()));
        }
    }
}
