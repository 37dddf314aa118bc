//! How talking to the database fails, and which of the store's errors that is.

use crate::Error;
use tokio_postgres::error::{DbError, SqlState};

/// What stopped a piece of work.
#[derive(Debug)]
pub enum Fail {
    /// The connection is gone, or did not answer in time: nothing is known of what was asked last.
    Lost(String),
    /// The database or we said no.
    Named(Error),
}

/// What a piece of work comes to.
pub type Done<T = ()> = Result<T, Fail>;

/// A row whose guard did not hold.
pub fn conflict<T>(what: impl std::fmt::Display) -> Done<T> {
    Err(Fail::Named(Error::Conflict(what.to_string())))
}

impl From<Error> for Fail {
    fn from(e: Error) -> Fail {
        Fail::Named(e)
    }
}

impl From<Fail> for Error {
    fn from(fail: Fail) -> Error {
        match fail {
            Fail::Lost(why) => Error::Unavailable(format!(
                "the connection to the database was lost ({why}): it is tried again"
            )),
            Fail::Named(e) => e,
        }
    }
}

impl From<tokio_postgres::Error> for Fail {
    fn from(e: tokio_postgres::Error) -> Fail {
        match e.as_db_error() {
            Some(said) if ended(said) => Fail::Lost(said.message().to_owned()),
            Some(said) => Fail::Named(refused(said)),
            // A parameter or a column of another type than ours: what is stored does not fit the program.
            None if is_ours(&e) => Fail::Named(Error::Corrupt(format!(
                "the database does not fit what was asked of it: {}",
                told(&e)
            ))),
            None => Fail::Lost(told(&e)),
        }
    }
}

/// The database ended the connection, or is about to: class 57P of Appendix A of its manual, and whatever it
/// calls fatal.
fn ended(said: &DbError) -> bool {
    let code = said.code();
    code.code().starts_with("57P")
        || matches!(said.severity(), "FATAL" | "PANIC")
        || *code == SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
}

fn is_ours(e: &tokio_postgres::Error) -> bool {
    let text = e.to_string();
    ["error serializing", "error deserializing", "invalid column", "expected"]
        .iter()
        .any(|t| text.starts_with(t))
}

/// The error with its causes. The address and the password are in none of them; neither are rows, which the
/// database puts into details only.
pub fn told(e: &tokio_postgres::Error) -> String {
    let mut text = e.to_string();
    let mut cause = std::error::Error::source(e);
    while let Some(why) = cause {
        match why.downcast_ref::<DbError>() {
            Some(said) => text = said.message().to_owned(),
            None => text = format!("{text}: {why}"),
        }
        cause = why.source();
    }
    text
}

/// Full, locked, read-only, not allowed: a state of the database, which may pass. A lost race is a conflict.
/// The rest is a fault of the data or ours.
fn refused(said: &DbError) -> Error {
    let (code, why) = (said.code(), said.message());
    match code.code() {
        "53100" => Error::Unavailable(format!("the database's disk is full ({why}): make room there")),
        "40001" | "40P01" => Error::Conflict(format!("the database gave up this transaction ({why})")),
        "55P03" | "57014" => {
            Error::Unavailable(format!("the database was too busy to answer in time ({why})"))
        }
        "25006" => Error::Unavailable(format!(
            "the database takes no writes ({why}): it is a standby, or was made read-only"
        )),
        "42501" => {
            Error::Unavailable(format!("the database does not allow this ({why}): grant it to the user"))
        }
        "3D000" => Error::Unavailable(format!("{why}: create it first")),
        other => match &other[..2] {
            "08" | "53" | "58" => Error::Unavailable(format!("the database cannot do this now: {why}")),
            "28" => Error::Unavailable(format!("the database refuses the connection: {why}")),
            _ => Error::Corrupt(format!("the database refused: {why} ({other})")),
        },
    }
}

/// Why a connection could not be made.
pub fn not_connected(e: &tokio_postgres::Error) -> Error {
    let why = told(e);
    if why.contains("server does not support TLS") {
        return Error::Unavailable(
            "the URL of the database asks for TLS (sslmode), which the database does not offer: switch it on there, \
             or take sslmode out of the URL where the network is safe"
                .to_owned(),
        );
    }
    match e.as_db_error() {
        Some(_) if why.contains("no encryption") => Error::Unavailable(format!(
            "the database refuses the connection: {why}. It may want TLS: put sslmode=require into its URL"
        )),
        // It is starting, stopping, or has no place left: it will answer later.
        Some(said) if ended(said) && !["28", "3D", "42"].contains(&&said.code().code()[..2]) => {
            Error::Unavailable(format!("the database takes no connections now: {why}"))
        }
        Some(said) => refused(said),
        None => Error::Unavailable(format!("the database cannot be reached: {why}")),
    }
}
