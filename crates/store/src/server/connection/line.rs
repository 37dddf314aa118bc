//! Whether the line to the database still carries anything.
//!
//! A line that swallows everything closes nothing: the machine at its other end, or a router between, goes on
//! acknowledging, so that no time-out of TCP helps, and a statement cannot be told from one that takes long. So one
//! connection, which has nothing else to do, asks for an answer again and again; when none comes, all connections of
//! the program to this database count as lost at once. That is before the owner's lease ends: whoever cannot reach
//! the database must not go on believing that it owns the shop.

use super::writer::lock;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, Weak};
use std::time::Duration;
use tokio::sync::watch;

/// What the lease is taken for before it is known, in milliseconds.
const LEASE_MS: u64 = 8_000;
/// A machine that is busy answers later than it should; no line is given up sooner.
const ANSWER_MIN: Duration = Duration::from_secs(2);

/// The line of all connections of this program to one database.
pub struct Line {
    /// How often it broke.
    breaks: watch::Sender<u64>,
    /// Nothing has come back since it broke.
    silent: AtomicBool,
    lease_ms: AtomicU64,
}

impl Line {
    /// The line to the database of a URL, however often it is opened.
    pub fn to(url: &str) -> Arc<Line> {
        static LINES: LazyLock<Mutex<HashMap<String, Weak<Line>>>> = LazyLock::new(Mutex::default);
        let mut lines = lock(&LINES);
        lines.retain(|_, line| line.strong_count() > 0);
        if let Some(line) = lines.get(url).and_then(Weak::upgrade) {
            return line;
        }
        let line = Arc::new(Line {
            breaks: watch::Sender::new(0),
            silent: AtomicBool::new(false),
            lease_ms: AtomicU64::new(LEASE_MS),
        });
        lines.insert(url.to_owned(), Arc::downgrade(&line));
        line
    }

    /// How long whoever owns the shop by this database owns it.
    pub fn set_lease(&self, lease: Duration) {
        let ms = u64::try_from(lease.as_millis()).unwrap_or(LEASE_MS);
        self.lease_ms.store(ms, Ordering::Relaxed);
    }

    fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms.load(Ordering::Relaxed))
    }

    /// The pause between two questions. With [`Line::answer_max`] it leaves a quarter of the lease.
    pub fn pause(&self) -> Duration {
        self.lease() / 4
    }

    /// How long an answer to the simplest of questions may take.
    pub fn answer_max(&self) -> Duration {
        (self.lease() / 2).max(ANSWER_MIN)
    }

    /// Nothing comes back: all connections that there are count as lost, and none is tried until something is heard.
    pub fn break_all(&self) {
        self.silent.store(true, Ordering::Release);
        self.breaks.send_modify(|times| *times += 1);
    }

    /// Something came back, or nobody listens any more who would hear it.
    pub fn heard(&self) {
        self.silent.store(false, Ordering::Release);
    }

    /// Whether a try to connect would only be waited for in vain: whoever listens tries.
    pub fn is_silent(&self) -> bool {
        self.silent.load(Ordering::Acquire)
    }

    /// What changes when it breaks from now on.
    pub fn breaks(&self) -> watch::Receiver<u64> {
        self.breaks.subscribe()
    }
}
