//! Opening SQLite files: settings, versions of the schema, and the pool of readers.

use crate::{Error, Result};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many reads may run at once beside the writer.
const READERS: usize = 4;
/// Prepared statements kept per connection: more than we have.
const STATEMENTS: usize = 128;

/// A lock whose holder panicked is still good: a transaction that was open is rolled back as its guard drops.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens `path` for writing, with the WAL, every commit synced, and no checkpoint of its own.
pub fn open_writer(path: &Path, busy: Duration, cache_kib: u32) -> Result<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(busy)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::Unavailable(format!(
            "{} cannot use a write-ahead log (its mode is {mode}): put the data directory on a local disk",
            path.display()
        )));
    }
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    settle(&conn, cache_kib)?;
    Ok(conn)
}

fn settle(conn: &Connection, cache_kib: u32) -> Result<()> {
    conn.pragma_update(None, "foreign_keys", false)?;
    conn.pragma_update(None, "cache_size", -i64::from(cache_kib))?;
    conn.pragma_update(None, "mmap_size", 256 * 1024 * 1024)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(())
}

/// Brings the schema up to date: `steps[n]` leads from version n to n + 1, each in one transaction.
pub fn migrate(conn: &mut Connection, path: &Path, steps: &[&str]) -> Result<()> {
    loop {
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let version: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let done = usize::try_from(version).unwrap_or(usize::MAX);
        if done > steps.len() {
            return Err(Error::Corrupt(format!(
                "{} was written by a newer Beckon (schema {version}, this one knows {}): start the newer program",
                path.display(),
                steps.len()
            )));
        }
        let Some(step) = steps.get(done) else { return Ok(()) };
        tx.execute_batch(step)?;
        tx.pragma_update(None, "user_version", version + 1)?;
        tx.commit()?;
    }
}

/// Connections that only read; each read borrows one and sees what was committed when it began.
pub struct Readers {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
}

impl Readers {
    /// Opens the pool on a file that exists.
    pub fn open(path: &Path, busy: Duration, cache_kib: u32) -> Result<Readers> {
        let mut idle = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let conn = Connection::open_with_flags(path, flags)?;
            conn.busy_timeout(busy)?;
            conn.set_prepared_statement_cache_capacity(STATEMENTS);
            settle(&conn, cache_kib)?;
            idle.push(conn);
        }
        Ok(Readers { idle: Mutex::new(idle), returned: Condvar::new() })
    }

    /// Runs a short read in one snapshot.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let mut lent = Lent { pool: self, conn: Some(self.take()) };
        let Some(conn) = lent.conn.as_mut() else {
            return Err(Error::Unavailable("no connection to read with".to_owned()));
        };
        let tx = conn.transaction()?;
        let found = work(&tx)?;
        tx.commit()?;
        Ok(found)
    }

    fn take(&self) -> Connection {
        let mut idle = lock(&self.idle);
        loop {
            if let Some(conn) = idle.pop() {
                return conn;
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A borrowed connection; it goes back even when the read panics.
struct Lent<'a> {
    pool: &'a Readers,
    conn: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            lock(&self.pool.idle).push(conn);
            self.pool.returned.notify_one();
        }
    }
}
