//! Why somebody could not be let in, made or changed.

/// Why somebody could not be made or changed. [`Trouble::key`] has the words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No plausible e-mail address.
    #[error("this is no e-mail address")]
    Email,
    /// Shorter than [`super::password::MIN`] or longer than [`super::password::MAX`].
    #[error("a password has 10 to 200 letters")]
    Password,
    /// Among the first that are guessed.
    #[error("this password is among the first that are guessed: take another, a sentence is best")]
    WellKnown,
    /// Somebody has this address already.
    #[error("somebody has this address already")]
    Exists,
    /// Nobody has this address.
    #[error("there is nobody with this address")]
    Nobody,
    /// A link that was used, withdrawn, or is too old.
    #[error("this link was used already or is too old: ask for another")]
    Link,
    /// Without an owner nobody could let anybody in.
    #[error("an owner has to be left")]
    LastOwner,
    /// The plane cannot be written.
    #[error("{0}")]
    Store(String),
}

impl Trouble {
    /// Key of the message for the screen.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Trouble::Email => "error-email",
            Trouble::Password => "error-password",
            Trouble::WellKnown => "error-password-known",
            Trouble::Exists => "error-exists",
            Trouble::Nobody => "error-nobody",
            Trouble::Link => "error-link",
            Trouble::LastOwner => "error-last-owner",
            Trouble::Store(_) => "error-store",
        }
    }
}
