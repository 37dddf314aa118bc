//! How a commit fails.

use crate::Error;

/// What stopped a commit: a fault of SQLite, which the caller looks at once more, or one that we named.
pub enum Fail {
    Sql(rusqlite::Error),
    Named(Error),
}

impl From<rusqlite::Error> for Fail {
    fn from(e: rusqlite::Error) -> Fail {
        Fail::Sql(e)
    }
}

impl From<Error> for Fail {
    fn from(e: Error) -> Fail {
        Fail::Named(e)
    }
}

/// What a part of a commit comes to.
pub type Done<T = ()> = Result<T, Fail>;

/// A row whose guard did not hold.
pub fn conflict<T>(what: impl std::fmt::Display) -> Done<T> {
    Err(Fail::Named(Error::Conflict(what.to_string())))
}
