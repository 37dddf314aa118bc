//! One server for all tests of a run, and a database for each.

use crate::place;
use crate::server::{PASSWORD, create, psql, watch};
use std::fs::File;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// An empty database; it goes when this is dropped, or with its server.
pub struct Database {
    /// Where it is.
    pub url: String,
    name: String,
    port: u16,
}

/// A fresh database; `None` without PostgreSQL on this machine, which is said.
///
/// # Panics
/// PostgreSQL is there and does not work.
#[must_use]
pub fn database() -> Option<Database> {
    static PORT: OnceLock<Option<u16>> = OnceLock::new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let port = (*PORT.get_or_init(server))?;
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    psql(port, "postgres", &format!("CREATE DATABASE {name}"));
    let url = format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/{name}");
    Some(Database { url, name, port })
}

impl Database {
    /// The port of its server on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs SQL with `psql`.
    ///
    /// # Panics
    /// It fails.
    pub fn sql(&self, sql: &str) {
        psql(self.port, &self.name, sql);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            psql(self.port, "postgres", &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// The port of the run's server. `cargo test` runs a program with many tests; `cargo nextest` runs each test
/// as a program of its own, which all share what the first of them started.
fn server() -> Option<u16> {
    place::programs()?;
    let (key, owner) = match std::env::var("NEXTEST_RUN_ID") {
        Ok(run) => (run, std::os::unix::process::parent_id()),
        Err(_) => (std::process::id().to_string(), std::process::id()),
    };
    let dir = std::env::temp_dir().join(format!("beckon-pg-{key}"));
    std::fs::create_dir_all(&dir).unwrap_or_else(|why| panic!("{}: {why}", dir.display()));
    let lock = File::create(dir.join("lock")).unwrap_or_else(|why| panic!("{}: {why}", dir.display()));
    lock.lock().unwrap_or_else(|why| panic!("{}: {why}", dir.display()));
    port_in(&dir, owner)
}

fn port_in(dir: &Path, owner: u32) -> Option<u16> {
    let ready = dir.join("ready");
    if let Some(port) = std::fs::read_to_string(&ready).ok().and_then(|text| text.parse().ok()) {
        return Some(port);
    }
    watch(dir, owner);
    let port = create(dir, "")?;
    std::fs::write(&ready, port.to_string()).unwrap_or_else(|why| panic!("{}: {why}", ready.display()));
    Some(port)
}
