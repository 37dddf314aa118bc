//! Moving the write-ahead log into the database beside the commits, on a thread of its own.
//!
//! A checkpoint inside a commit is what the slowest commits wait for, so SQLite's own is off. The thread copies
//! passively, which stops nobody; under unbroken load the log then never starts over, so that beyond a bound the
//! commits wait once for the rest to be copied.

use super::connection::lock;
use crate::Result;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often the log is looked at.
const PAUSE: Duration = Duration::from_millis(250);
/// Beyond this the log starts over.
const LOG_MAX_BYTES: u64 = 256 * 1024 * 1024;
/// A file that grew beyond this, behind a reader that hung, is cut.
const LOG_FILE_MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// The running thread; it ends when this is dropped.
pub struct Checkpoints {
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Starts on the file `path`, whose commits are made with `writer`.
    pub fn start(
        path: &Path,
        writer: Arc<Mutex<Connection>>,
        broken: Arc<OnceLock<String>>,
    ) -> Result<Checkpoints> {
        let conn = super::connection::open_writer(path, Duration::from_secs(1), 256)?;
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let seen = Arc::clone(&stop);
        let (path_seen, log) = (path.to_owned(), log_path(path));
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || run(&conn, &writer, (&path_seen, &log), &broken, &seen))
            .map_err(|e| crate::Error::io("start a thread for", path, &e))?;
        Ok(Checkpoints { stop, thread: Some(thread) })
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        *lock(&self.stop.0) = true;
        self.stop.1.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported by the thread itself and loses nothing: the log is whole.
            let _ = thread.join();
        }
    }
}

/// Where SQLite keeps the log of a database.
pub fn log_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

fn run(
    conn: &Connection,
    writer: &Mutex<Connection>,
    (path, log): (&Path, &Path),
    broken: &OnceLock<String>,
    stop: &(Mutex<bool>, Condvar),
) {
    let page_bytes =
        u64::from(conn.query_row("PRAGMA page_size", [], |row| row.get::<_, u32>(0)).unwrap_or(4096));
    let mut stopped = lock(&stop.0);
    let (mut copied_before, mut noted) = (0, 0);
    loop {
        // Who is told to stop before the first round still notes the last commit.
        if !*stopped {
            stopped = stop.1.wait_timeout(stopped, PAUSE).unwrap_or_else(PoisonError::into_inner).0;
        }
        let is_last = *stopped;
        drop(stopped);
        match copy(conn, "PRAGMA wal_checkpoint(PASSIVE)") {
            // The log stays as it is and the next checkpoint tries again; commits go on, unless the disk failed.
            Err(e) => super::note_sync_failure(&e, broken),
            Ok((frames, copied)) => {
                let long = frames * page_bytes > LOG_MAX_BYTES;
                let hanging = std::fs::metadata(log).is_ok_and(|m| m.len() > LOG_FILE_MAX_BYTES);
                // Behind a reader that does not end nothing can be copied, and commits need not wait for that.
                if (long || hanging) && copied > 0 && (copied != copied_before || frames == copied) {
                    start_over(&lock(writer), hanging, broken);
                }
                copied_before = copied;
            }
        }
        let last =
            conn.query_row("SELECT commit_number FROM head WHERE id = 1", [], |row| row.get::<_, i64>(0));
        if let Ok(last) = last.map(i64::cast_unsigned)
            && last > noted
            && super::origin::note(path, last).is_ok()
        {
            noted = last;
        }
        if is_last {
            return;
        }
        stopped = lock(&stop.0);
    }
}

/// Copies the rest while no commit can be made, so that the next one begins the log anew.
fn start_over(writer: &Connection, cut: bool, broken: &OnceLock<String>) {
    let how = if cut { "PRAGMA wal_checkpoint(TRUNCATE)" } else { "PRAGMA wal_checkpoint(RESTART)" };
    if let Err(e) = copy(writer, how) {
        super::note_sync_failure(&e, broken);
    }
}

/// Frames in the log, and how many of them are in the database now.
fn copy(conn: &Connection, sql: &str) -> rusqlite::Result<(u64, u64)> {
    conn.query_row(sql, [], |row| {
        let (frames, copied): (i64, i64) = (row.get(1)?, row.get(2)?);
        Ok((frames.max(0) as u64, copied.max(0) as u64))
    })
}
