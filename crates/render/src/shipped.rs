//! The mails that ship with the program, from `templates/mail`.

use crate::source::{Problem, Source};

/// Name, locale, file.
const FILES: [(&str, &str, &str); 8] = [
    ("abandoned-cart-1", "ru", include_str!("../../../templates/mail/ru/abandoned-cart-1.mjml")),
    ("abandoned-cart-2", "ru", include_str!("../../../templates/mail/ru/abandoned-cart-2.mjml")),
    ("abandoned-cart-3", "ru", include_str!("../../../templates/mail/ru/abandoned-cart-3.mjml")),
    ("confirm-test", "ru", include_str!("../../../templates/mail/ru/confirm-test.mjml")),
    ("abandoned-cart-1", "en", include_str!("../../../templates/mail/en/abandoned-cart-1.mjml")),
    ("abandoned-cart-2", "en", include_str!("../../../templates/mail/en/abandoned-cart-2.mjml")),
    ("abandoned-cart-3", "en", include_str!("../../../templates/mail/en/abandoned-cart-3.mjml")),
    ("confirm-test", "en", include_str!("../../../templates/mail/en/confirm-test.mjml")),
];

impl Source {
    /// Every shipped mail: name, locale, text of its file. [`Source::parse`] reads them; a shop copies and
    /// changes them.
    #[must_use]
    pub fn shipped() -> Vec<(&'static str, &'static str, &'static str)> {
        FILES.to_vec()
    }

    /// One shipped mail, read. `None` if there is none of this name and locale.
    ///
    /// # Errors
    /// None in a released program: a test compiles every file.
    #[must_use]
    pub fn shipped_one(name: &str, locale: &str) -> Option<Result<Source, Problem>> {
        let (name, locale, file) = FILES.iter().find(|(n, l, _)| *n == name && *l == locale)?;
        Some(Source::parse(name, locale, file))
    }
}
