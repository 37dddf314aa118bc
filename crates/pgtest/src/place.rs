//! Where PostgreSQL's programs are, as whom they run, and ports that are free.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// The directory of `initdb` and `pg_ctl`: `BECKON_PG_BIN`, else the newest one of the system.
pub fn programs() -> Option<&'static PathBuf> {
    static FOUND: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || {
        let named = std::env::var_os("BECKON_PG_BIN").map(PathBuf::from);
        let mut places: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path().join("bin"))
            .collect();
        places.sort_by_key(|path| {
            let version =
                path.parent().and_then(|dir| dir.file_name()).map(|name| name.to_string_lossy().into_owned());
            version.and_then(|name| name.parse::<u32>().ok())
        });
        let path = std::env::var_os("PATH").unwrap_or_default();
        let fallback = places.into_iter().rev().chain(std::env::split_paths(&path));
        named
            .into_iter()
            .chain(fallback)
            .find(|dir| dir.join("initdb").exists() && dir.join("pg_ctl").exists())
    };
    let found = FOUND.get_or_init(find).as_ref();
    if found.is_none() {
        println!("skipped: no PostgreSQL");
    }
    found
}

/// What is put before a command so that it runs as somebody whom PostgreSQL accepts: it refuses root.
pub fn as_whom() -> &'static [&'static str] {
    static WHOM: OnceLock<&'static [&'static str]> = OnceLock::new();
    WHOM.get_or_init(|| {
        let says = |program: &str, args: &[&str]| {
            let output = Command::new(program).args(args).output();
            output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
        };
        if says("id", &["-u"]) != "0" {
            &[]
        } else if says("id", &["-u", "postgres"]).is_empty() {
            &["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
        } else {
            &["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
        }
    })
}

/// Runs a command as that somebody.
pub fn run(program: PathBuf, args: &[&str]) -> std::io::Result<Output> {
    let mut words = as_whom().iter().map(PathBuf::from).chain([program]);
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words).args(args).current_dir("/").stdin(Stdio::null()).output()
}

/// A port that nobody listens on, below those that the system gives to outgoing connections.
pub fn free_port() -> u16 {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    let mut n = u64::from(clock) ^ u64::from(std::process::id()) << 20;
    loop {
        n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let port = 18_000 + (n >> 33) as u16 % 14_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
