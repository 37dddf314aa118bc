//! A look at a directory from outside, beside whoever serves it: nothing is opened for good, nothing is changed.

use super::{CUSTOMERS, backup, shop};
use crate::{Error, MessageState, Result};
use beckon_core::time::ShopTime;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::path::Path;

/// One database as it was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// `customers` or `shop`.
    pub plane: &'static str,
    /// Version of its schema.
    pub schema: i64,
    /// The version this program writes.
    pub known: i64,
    /// What is damaged, if anything.
    pub damage: Option<String>,
}

/// What a look at the customers' plane finds.
#[derive(Clone, Debug, Default)]
pub struct Customers {
    /// Why it may be a copy or a backup, as far as somebody has noticed.
    pub doubt: Option<String>,
    /// The moment of the last commit.
    pub now: ShopTime,
    /// Inputs that wait for a person, counted up to 20,000.
    pub parked: u64,
    /// Messages of which nobody knows whether they were taken, counted so too.
    pub unknown: u64,
}

/// Looks at both files: which schema they have, and whether every page is where it should be.
///
/// # Errors
/// A file cannot be opened.
pub fn databases(dir: &Path) -> Result<Vec<Found>> {
    let steps = [("customers", CUSTOMERS.len()), ("shop", shop::SHOP.len())];
    let look = |(plane, known): (&'static str, usize)| {
        let path = dir.join(format!("{plane}.db"));
        let conn = open(&path)?;
        let schema = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let damage = backup::check(&conn, &path).err().map(|why| why.to_string());
        Ok(Found { plane, schema, known: known as i64, damage })
    };
    steps.into_iter().map(look).collect()
}

/// Looks at the customers' plane.
///
/// # Errors
/// The file cannot be read, or its schema is another.
pub fn customers(dir: &Path) -> Result<Customers> {
    let conn = open(&dir.join("customers.db"))?;
    let doubt = "SELECT value FROM meta WHERE key = 'doubt'";
    let now: i64 = conn.query_row("SELECT now FROM head WHERE id = 1", [], |row| row.get(0))?;
    let waiting = super::watch::waiting(&conn)?;
    let unknown = waiting.messages.iter().filter(|(_, state, _)| *state == MessageState::Unknown);
    Ok(Customers {
        doubt: conn.query_row(doubt, [], |row| row.get(0)).optional()?,
        now: ShopTime(now),
        parked: waiting.parked,
        unknown: unknown.map(|(.., count)| count).sum(),
    })
}

/// Copies the shop's plane as it is now into the directory `to`, beside whoever serves it, for a look that would have
/// to bring it up to date. Nothing changes in `dir`.
///
/// # Errors
/// It is not there or cannot be read, or `to` cannot be written.
pub fn copy_shop(dir: &Path, to: &Path) -> Result<()> {
    let name = |end: &str| format!("shop.db{end}");
    if dir.join(name("-shm")).exists() {
        // Somebody has it open: only the database itself knows what belongs together.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(dir.join(name("")), flags)?;
        conn.busy_timeout(super::BUSY)?;
        conn.execute("VACUUM INTO ?1", [to.join(name("")).to_string_lossy()])?;
        return Ok(());
    }
    // Even a reader would put files beside a database that nobody has open. A log that a crash left goes with it.
    for end in ["", "-wal"].into_iter().filter(|end| end.is_empty() || dir.join(name(end)).exists()) {
        let from = dir.join(name(end));
        std::fs::copy(&from, to.join(name(end))).map_err(|e| Error::io("copy", &from, &e))?;
    }
    Ok(())
}

fn open(path: &Path) -> Result<Connection> {
    // A log that is left from a crash is only read with the right to write beside it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(super::BUSY)?;
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}
