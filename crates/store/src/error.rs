//! What can go wrong below: three kinds, because three things can be done about it.

use rusqlite::ErrorCode;

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

impl Error {
    pub(crate) fn io(what: &str, path: &std::path::Path, e: &std::io::Error) -> Error {
        Error::Unavailable(format!("cannot {what} {}: {e}", path.display()))
    }
}

/// Full, locked, unreadable: a state of the machine, which may pass. Everything else is a fault of the data or ours.
impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Error {
        let Some(code) = e.sqlite_error_code() else {
            return Error::Corrupt(format!("the database does not fit what was asked of it: {e}"));
        };
        match code {
            ErrorCode::DiskFull => {
                Error::Unavailable(format!("the disk is full ({e}): free space in the data directory"))
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                Error::Unavailable(format!("another program holds the database ({e})"))
            }
            ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::OutOfMemory
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::FileLockingProtocolFailed
            | ErrorCode::OperationInterrupted => Error::Unavailable(e.to_string()),
            _ => Error::Corrupt(format!("the database refused: {e}")),
        }
    }
}
