//! Backups of a directory that is in use, and the way back.
//!
//! `VACUUM INTO` reads one snapshot and writes a whole, compact database beside it; commits go on meanwhile. The
//! log cannot start over before it ends, so that it is watched and the copy is given up before the disk fills.
//!
//! Customers are copied before the shop: whatever version of a journey a customer stands in, the shop's plane that is
//! copied after her has its text. The copy is marked as one, so that a program that opens it sends nothing until
//! a person says so: what was due meanwhile may have gone out from the original.

use super::checkpoint;
use crate::disk;
use crate::{Error, Result};
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The longest log a copy may cause.
pub const LOG_MAX_BYTES: u64 = 4 << 30;
/// Files of a backup, in the order in which they are made.
const PLANES: [&str; 2] = ["customers", "shop"];
/// What tells of the backup, beside the databases.
const MANIFEST: &str = "backup.json";
/// How often a copy is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// What is counted in a copy, and counted again when it is restored.
const COUNTS: [(&str, &str, &str); 6] = [
    ("customers", "profile", "SELECT count(*) FROM profile WHERE bucket >= 0 AND shop >= 0"),
    ("customers", "identity", "SELECT count(*) FROM identity WHERE bucket >= 0 AND shop >= 0"),
    ("customers", "event", "SELECT count(*) FROM event WHERE bucket >= 0 AND shop >= 0"),
    ("customers", "message", "SELECT count(*) FROM message WHERE bucket >= 0 AND shop >= 0"),
    ("shop", "document", "SELECT count(*) FROM document WHERE shop >= 0"),
    ("shop", "offer", "SELECT count(*) FROM offer WHERE shop >= 0"),
];

/// How far a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// `customers` or `shop`.
    pub plane: &'static str,
    /// Bytes written.
    pub bytes: u64,
    /// Bytes of the original; the copy may be smaller.
    pub of_bytes: u64,
    /// Bytes of the log meanwhile.
    pub log_bytes: u64,
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program that made it.
    pub program: String,
    /// When, in milliseconds of the wall clock.
    pub made_at: i64,
    /// The last commit in it.
    pub commit_number: u64,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Bytes of all files.
    pub bytes: u64,
}

/// Copies the directory into `to`, which must not exist and appears only when the copy is whole and was checked.
/// Works beside a program that serves it. Gives up when the log passes `log_max` bytes.
///
/// # Errors
/// What is wrong and what to do; nothing is left behind.
pub fn backup(
    data: &Path,
    to: &Path,
    made_at: i64,
    log_max: u64,
    progress: &mut dyn FnMut(Progress),
) -> Result<Manifest> {
    if to.exists() {
        return Err(Error::Unavailable(format!("{} is there already: name a new directory", to.display())));
    }
    let part = beside(to);
    // What an interrupted backup left is of no use.
    let _ = std::fs::remove_dir_all(&part);
    std::fs::create_dir_all(&part).map_err(|e| Error::io("create", &part, &e))?;
    let made = make(data, &part, made_at, log_max, progress).and_then(|manifest| {
        std::fs::rename(&part, to).map_err(|e| Error::io("rename", &part, &e))?;
        sync_dir(to.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
        Ok(manifest)
    });
    if made.is_err() {
        let _ = std::fs::remove_dir_all(&part);
    }
    made
}

fn beside(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn make(
    data: &Path,
    part: &Path,
    made_at: i64,
    log_max: u64,
    progress: &mut dyn FnMut(Progress),
) -> Result<Manifest> {
    let sizes = super::watch::sizes(data);
    if let Some(missing) = sizes.iter().find(|file| file.bytes == 0) {
        return Err(Error::Unavailable(format!("there is no {}.db in {}", missing.plane, data.display())));
    }
    let wanted: u64 = sizes.iter().map(|file| file.bytes + file.log_bytes).sum();
    if let Some(free) = disk::free_bytes(part).filter(|free| *free < wanted) {
        let (free, wanted) = (free >> 20, wanted >> 20);
        return Err(Error::Unavailable(format!(
            "the backup may need {wanted} MB and {free} MB are free: make room, or name a directory on another disk"
        )));
    }
    let before = commit_number(&open(&data.join("customers.db"))?)?;
    for plane in PLANES {
        copy(data, part, plane, log_max, progress)?;
    }
    let after = commit_number(&open(&data.join("customers.db"))?)?;
    let mut manifest = inspect(part)?;
    manifest.made_at = made_at;
    if !(before..=after).contains(&manifest.commit_number) {
        let number = manifest.commit_number;
        return Err(Error::Corrupt(format!(
            "the copy ends at commit {number}, not within {before} to {after}"
        )));
    }
    mark(part, &manifest)?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| Error::Corrupt(e.to_string()))?;
    std::fs::write(part.join(MANIFEST), text).map_err(|e| Error::io("write", part, &e))?;
    for file in PLANES.map(|plane| format!("{plane}.db")).iter().map(String::as_str).chain([MANIFEST]) {
        sync_file(&part.join(file))?;
    }
    sync_dir(part)?;
    Ok(manifest)
}

/// Copies one database, watching the log of the original.
fn copy(
    data: &Path,
    part: &Path,
    plane: &'static str,
    log_max: u64,
    progress: &mut dyn FnMut(Progress),
) -> Result<()> {
    let (from, to) = (data.join(format!("{plane}.db")), part.join(format!("{plane}.db")));
    let log = checkpoint::log_path(&from);
    let bytes = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    let of_bytes = bytes(&from);
    let conn = open(&from)?;
    let stop = conn.get_interrupt_handle();
    let target = to.to_string_lossy().into_owned();
    let mut grown = None;
    let done = std::thread::scope(|scope| {
        let work = scope.spawn(move || conn.execute("VACUUM INTO ?1", [target]));
        while !work.is_finished() {
            let log_bytes = bytes(&log);
            progress(Progress { plane, bytes: bytes(&to), of_bytes, log_bytes });
            if log_bytes > log_max {
                grown = Some(log_bytes);
                stop.interrupt();
            }
            std::thread::sleep(LOOK);
        }
        work.join().map_err(|_| Error::Unavailable("the thread that copies ended".to_owned()))
    })?;
    if let Some(log_bytes) = grown {
        return Err(Error::Unavailable(format!(
            "the backup was given up: meanwhile the log grew to {} MB, {} MB are the limit. Try again when fewer \
             events arrive, or copy to a faster disk",
            log_bytes >> 20,
            log_max >> 20
        )));
    }
    done?;
    progress(Progress { plane, bytes: bytes(&to), of_bytes, log_bytes: bytes(&log) });
    Ok(())
}

/// Checks both databases and counts what is in them.
fn inspect(dir: &Path) -> Result<Manifest> {
    let mut manifest = Manifest {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: 0,
        commit_number: 0,
        rows: BTreeMap::new(),
        bytes: 0,
    };
    for plane in PLANES {
        let path = dir.join(format!("{plane}.db"));
        let conn = open(&path)?;
        check(&conn, &path)?;
        for (_, table, sql) in COUNTS.iter().filter(|(of, ..)| *of == plane) {
            let rows: i64 = conn.query_row(sql, [], |row| row.get(0))?;
            manifest.rows.insert((*table).to_owned(), rows.cast_unsigned());
        }
        if plane == "customers" {
            manifest.commit_number = commit_number(&conn)?;
        }
        manifest.bytes += std::fs::metadata(&path).map_or(0, |file| file.len());
    }
    Ok(manifest)
}

/// `PRAGMA quick_check`: every page is where it should be and every row in order.
pub(crate) fn check(conn: &Connection, path: &Path) -> Result<()> {
    let found: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    Err(Error::Corrupt(format!("{} is damaged: {found}", path.display())))
}

/// Says in the copy that it is one, and ends the sessions of staff, whose cookies are not for another server.
fn mark(dir: &Path, manifest: &Manifest) -> Result<()> {
    let conn = Connection::open(dir.join("customers.db"))?;
    let doubt = format!(
        "this was restored from a backup that ends at commit {}: it does not know who unsubscribed since, nor what was \
         sent",
        manifest.commit_number
    );
    super::origin::doubt(&conn, &doubt)?;
    close(conn)?;
    let conn = Connection::open(dir.join("shop.db"))?;
    conn.execute("DELETE FROM session", [])?;
    close(conn)
}

fn close(conn: Connection) -> Result<()> {
    conn.close().map_err(|(_, e)| e.into())
}

/// Puts a backup into an empty directory. The program then starts paused.
///
/// # Errors
/// What is wrong and what to do; the directory is as it was.
pub fn restore(from: &Path, data: &Path) -> Result<Manifest> {
    let text = std::fs::read(from.join(MANIFEST))
        .map_err(|_| Error::Unavailable(format!("{} is no backup: it has no {MANIFEST}", from.display())))?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|e| Error::Corrupt(format!("{}/{MANIFEST} cannot be read: {e}", from.display())))?;
    let found = inspect(from)?;
    if (found.commit_number, &found.rows) != (manifest.commit_number, &manifest.rows) {
        return Err(Error::Corrupt(format!(
            "{} does not hold what its {MANIFEST} says: it was changed after it was made",
            from.display()
        )));
    }
    std::fs::create_dir_all(data).map_err(|e| Error::io("create", data, &e))?;
    let mut inside = std::fs::read_dir(data).map_err(|e| Error::io("read", data, &e))?;
    if inside.next().is_some() {
        return Err(Error::Unavailable(format!(
            "{} is not empty: restore into a new directory, and keep the old one until all is well",
            data.display()
        )));
    }
    let done = put(from, data);
    if done.is_err() {
        for plane in PLANES {
            let _ = std::fs::remove_file(data.join(format!("{plane}.db")));
            let _ = std::fs::remove_file(data.join(format!("{plane}.db.part")));
        }
    }
    done.map(|()| manifest)
}

fn put(from: &Path, data: &Path) -> Result<()> {
    for plane in PLANES {
        let name = format!("{plane}.db");
        let part = data.join(format!("{name}.part"));
        std::fs::copy(from.join(&name), &part).map_err(|e| Error::io("write", &part, &e))?;
        sync_file(&part)?;
    }
    // The customers come last: without them there is nothing that a program would start on.
    for plane in ["shop", "customers"] {
        let path = data.join(format!("{plane}.db"));
        let part = data.join(format!("{plane}.db.part"));
        std::fs::rename(&part, &path).map_err(|e| Error::io("rename", &part, &e))?;
    }
    sync_dir(data)
}

fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(super::BUSY)?;
    Ok(conn)
}

fn commit_number(conn: &Connection) -> Result<u64> {
    let sql = "SELECT commit_number FROM head WHERE id = 1";
    Ok(conn.query_row(sql, [], |row| row.get::<_, i64>(0))?.cast_unsigned())
}

fn sync_file(path: &Path) -> Result<()> {
    let file = std::fs::File::options().read(true).write(true).open(path);
    file.and_then(|file| file.sync_all()).map_err(|e| Error::io("sync", path, &e))
}

/// A name is on disk when its directory is (fsync(2)).
fn sync_dir(dir: &Path) -> Result<()> {
    std::fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(|e| Error::io("sync", dir, &e))
}
