//! What can go wrong below: three kinds, because three things can be done about it.

/// A result of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a read or a commit did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else wrote first, or a row's guard did not hold: load again and decide again.
    #[error("changed meanwhile: {0}")]
    Conflict(String),
    /// The disk or the database does not answer now (full, locked, gone): keep the work and try again.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// What is stored, or what was to be stored, is not what it should be: trying again will not help.
    #[error("{0}")]
    Corrupt(String),
}
