//! The world's doors into a shop's data: where product feeds come from and how they are read.
//!
//! Everything here meets text that strangers wrote. Nothing in it may panic, grow without bound, reach a
//! private network, or lose the good part of a feed because of a bad one.

pub mod fetch;
pub mod import;
pub mod yml;

/// One thing to tell the people of a shop, in both languages, with a code that stays the same between
/// releases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Stable snake-case name of the problem, for counting and for tests.
    pub code: &'static str,
    /// What is wrong, in English, one line.
    pub en: Box<str>,
    /// The same in Russian.
    pub ru: Box<str>,
}

impl Notice {
    pub(crate) fn new(code: &'static str, en: impl Into<Box<str>>, ru: impl Into<Box<str>>) -> Notice {
        Notice { code, en: en.into(), ru: ru.into() }
    }
}

/// Quotes what a stranger wrote for a notice: at most 80 characters, without control characters.
pub(crate) fn quoted(text: &str) -> String {
    let mut out: String = text.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(80).is_some() {
        out.push('…');
    }
    out
}
