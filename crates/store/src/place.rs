//! Where data lies: a directory of this machine, or a database on a server.

use crate::Result;
use crate::server::connection;
use std::fmt;
use std::path::PathBuf;

/// A place for both planes.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// A directory, for the embedded engine.
    Directory(PathBuf),
    /// The URL of a PostgreSQL database. It may hold a password: it is never shown.
    Server(String),
}

impl Place {
    /// Reads `postgres://…`, or else the path of a directory.
    #[must_use]
    pub fn read(text: &str) -> Place {
        if connection::is_url(text) { Place::Server(text.to_owned()) } else { Place::Directory(text.into()) }
    }

    /// Whether it can be understood; nothing is looked for there.
    ///
    /// # Errors
    /// What is wrong with a URL, without any part of it.
    pub fn check(&self) -> Result<()> {
        match self {
            Place::Directory(_) => Ok(()),
            Place::Server(url) => connection::check_url(url),
        }
    }
}

/// A directory by its path; of a database only that it is one.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Directory(dir) => write!(f, "{}", dir.display()),
            Place::Server(_) => f.write_str("postgres://…"),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_url_or_a_directory_and_shows_no_password() {
        let server = Place::read("postgresql://anna:secret@host/db");
        assert!(matches!(server, Place::Server(_)));
        assert_eq!(format!("{server} {server:?}"), "postgres://… postgres://…");
        assert_eq!(Place::read("/var/lib/beckon"), Place::Directory("/var/lib/beckon".into()));
    }
}
