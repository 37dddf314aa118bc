//! Whether the database is the one that was written here last, or a copy or a backup that someone put in its place.
//!
//! A restored database does not know who unsubscribed since. It remembers the machine and the file it was; a small
//! file beside it remembers the last commit. What does not fit is reported, and the server starts paused.

use crate::{Error, Result};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::{Path, PathBuf};

/// Compares, and notes what is new. `None` when all fits; a doubt stays until it is accepted.
pub fn check(conn: &Connection, path: &Path) -> Result<Option<String>> {
    if let Some(doubt) = read(conn, "doubt")? {
        return Ok(Some(doubt));
    }
    let Some(known) = read(conn, "place")? else {
        accept(conn, path)?;
        return Ok(None);
    };
    let sql = "SELECT commit_number FROM head WHERE id = 1";
    let number = conn.query_row(sql, [], |row| row.get::<_, i64>(0))?.cast_unsigned();
    let last = std::fs::read_to_string(beside(path)).ok().and_then(|text| text.trim().parse::<u64>().ok());
    let doubt = match last {
        _ if known != place(path)? => {
            format!("{} was copied here from another place or machine", path.display())
        }
        Some(last) if last > number => {
            format!("{} ends at commit {number}, but {last} was made: it is an older copy", path.display())
        }
        _ => return Ok(None),
    };
    write(conn, "doubt", &doubt)?;
    Ok(Some(doubt))
}

/// Says that the database is a copy.
pub fn doubt(conn: &Connection, why: &str) -> Result<()> {
    write(conn, "doubt", why)
}

/// Takes the database as it is, where it is.
pub fn accept(conn: &Connection, path: &Path) -> Result<()> {
    write(conn, "place", &place(path)?)?;
    conn.execute("DELETE FROM meta WHERE key = 'doubt'", [])?;
    let sql = "SELECT commit_number FROM head WHERE id = 1";
    note(path, conn.query_row(sql, [], |row| row.get::<_, i64>(0))?.cast_unsigned())
        .map_err(|e| Error::io("write", &beside(path), &e))
}

/// Notes the last commit beside the database. Not synced: an older note only sees less.
pub fn note(path: &Path, number: u64) -> std::io::Result<()> {
    let next = beside(path).with_extension("last.new");
    std::fs::write(&next, format!("{number}\n"))?;
    std::fs::rename(next, beside(path))
}

fn beside(path: &Path) -> PathBuf {
    path.with_extension("last")
}

fn read(conn: &Connection, key: &str) -> Result<Option<String>> {
    let sql = "SELECT value FROM meta WHERE key = ?1";
    Ok(conn.query_row(sql, [key], |row| row.get(0)).optional()?)
}

fn write(conn: &Connection, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    conn.execute(sql, params![key, value])?;
    Ok(())
}

/// Machine and file; a machine without an id is any machine.
fn place(path: &Path) -> Result<String> {
    let machine = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let file = std::fs::metadata(path).map_err(|e| Error::io("look at", path, &e))?;
    #[cfg(unix)]
    let file = std::os::unix::fs::MetadataExt::ino(&file);
    #[cfg(not(unix))]
    let file = file
        .created()
        .ok()
        .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |d| d.as_nanos());
    Ok(format!("{} {file}", machine.trim()))
}
