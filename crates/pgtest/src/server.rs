//! A server in a directory of its own.

use crate::place;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Of the one user, who may do everything.
pub const PASSWORD: &str = "only-in-tests";

/// A server of one test.
pub struct Own {
    dir: PathBuf,
    port: u16,
}

impl Own {
    /// Starts one with further lines of `postgresql.conf`; `None` without PostgreSQL on this machine, which
    /// is said.
    ///
    /// # Panics
    /// It is there and does not start.
    #[must_use]
    pub fn start(conf: &str) -> Option<Own> {
        let dir = next_dir();
        let own = Own { port: create(&dir, conf)?, dir };
        watch(&own.dir, std::process::id());
        Some(own)
    }

    /// The URL of the database that every server has.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{}/postgres", self.port)
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Puts a file beside its data, readable for the server only.
    ///
    /// # Panics
    /// It cannot be written.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.dir.join("data").join(name);
        let text = path.to_string_lossy().into_owned();
        std::fs::write(&path, bytes).unwrap_or_else(|why| panic!("{text}: {why}"));
        chown(&path);
        let _ = Command::new("chmod").args(["600", &text]).status();
    }

    /// Runs SQL with `psql`.
    ///
    /// # Panics
    /// It fails.
    pub fn sql(&self, sql: &str) {
        psql(self.port, "postgres", sql);
    }

    /// Whether commits wait for a standby, and one follows.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        let output = psql_command(self.port, "postgres", "TABLE pg_stat_replication").arg("-At").output();
        let text =
            output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        text.contains("|streaming|") && text.contains("|sync|")
    }

    /// The URL of this one and another: whichever takes writes is used.
    #[must_use]
    pub fn url_of_both(&self, other: &Own) -> String {
        let (one, two) = (self.port, other.port);
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{one},127.0.0.1:{two}/postgres")
    }

    /// Makes and starts a standby of this one.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn standby(&self) -> Own {
        let own = Own { dir: next_dir(), port: place::free_port() };
        std::fs::create_dir_all(&own.dir).unwrap_or_else(|why| panic!("{}: {why}", own.dir.display()));
        chown(&own.dir);
        watch(&own.dir, std::process::id());
        self.rejoin(&own);
        own
    }

    /// Makes a fresh standby of this one in the place of another, which was lost, and starts it.
    ///
    /// # Panics
    /// It does not start.
    pub fn rejoin(&self, lost: &Own) {
        let data = lost.dir.join("data");
        let _ = std::fs::remove_dir_all(&data);
        let text = data.to_string_lossy().into_owned();
        let from = format!("host=127.0.0.1 port={} user=postgres password={PASSWORD}", self.port);
        let Some(programs) = place::programs() else { return };
        // It is of use as soon as it can be: the data is small, and thrown away.
        let args = ["-d", &from, "-D", &text, "-R", "-X", "stream", "-c", "fast", "--no-sync"];
        let made = place::run(programs.join("pg_basebackup"), &args).unwrap_or_else(|why| panic!("{why}"));
        assert!(made.status.success(), "pg_basebackup: {}", String::from_utf8_lossy(&made.stderr));
        let conf = std::fs::OpenOptions::new().append(true).open(data.join("postgresql.conf"));
        let line = format!("port = {}\n", lost.port);
        let written = conf.and_then(|mut file| std::io::Write::write_all(&mut file, line.as_bytes()));
        written.unwrap_or_else(|why| panic!("{text}: {why}"));
        lost.restart();
    }

    /// Lets a standby take writes from now on, and wait for no standby of its own.
    ///
    /// # Panics
    /// It cannot.
    pub fn promote(&self) {
        self.wait_for_standbys(false);
        assert!(control(&self.dir, &["-w", "promote"]), "{}", tail(&self.dir));
    }

    /// Whether a commit waits until a standby has it.
    ///
    /// # Panics
    /// It cannot be told so.
    pub fn wait_for_standbys(&self, does: bool) {
        let names = if does { "*" } else { "" };
        self.sql(&format!("ALTER SYSTEM SET synchronous_standby_names = '{names}'"));
        self.sql("SELECT pg_reload_conf()");
    }

    /// Stops it in a mode of `pg_ctl`: `smart`, `fast` or `immediate`.
    pub fn stop(&self, mode: &str) {
        control(&self.dir, &["-m", mode, "-w", "stop"]);
    }

    /// Starts it again after it was stopped or killed.
    ///
    /// # Panics
    /// It does not start.
    pub fn restart(&self) {
        assert!(control(&self.dir, &["-w", "-l", &log(&self.dir), "start"]), "{}", tail(&self.dir));
    }

    /// Kills it, with `kill -9`, and waits until its parts have noticed.
    pub fn kill(&self) {
        let (data, file) = (self.dir.join("data"), self.dir.join("data/postmaster.pid"));
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let Some(pid) = text.lines().next() else { return };
        let _ = Command::new("kill").args(["-9", pid.trim()]).status();
        for _ in 0..500 {
            if !works_in(&data) {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // Where nobody collects dead processes its number still counts as that of a server that runs.
        let _ = std::fs::remove_file(file);
    }
}

/// A directory of its own for each server.
fn next_dir() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("beckon-pg-{}-{n}", std::process::id()))
}

/// Whether any process works in a directory; a dead one that nobody collected has none.
fn works_in(dir: &Path) -> bool {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.filter_map(|process| std::fs::read_link(process.path().join("cwd")).ok()).any(|cwd| cwd == dir)
}

impl Drop for Own {
    fn drop(&mut self) {
        self.stop("immediate");
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Makes and starts a server in `dir`; gives back its port.
pub fn create(dir: &Path, conf: &str) -> Option<u16> {
    let programs = place::programs()?;
    std::fs::create_dir_all(dir).unwrap_or_else(|why| panic!("{}: {why}", dir.display()));
    let (data, password) = (dir.join("data").to_string_lossy().into_owned(), dir.join("password"));
    std::fs::write(&password, PASSWORD).unwrap_or_else(|why| panic!("{}: {why}", password.display()));
    chown(dir);
    let password = format!("--pwfile={}", password.to_string_lossy());
    let args =
        ["-D", &data, "-U", "postgres", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "-N", &password];
    let made = place::run(programs.join("initdb"), &args).unwrap_or_else(|why| panic!("initdb: {why}"));
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    for _ in 0..5 {
        let port = place::free_port();
        let lines = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nfsync = off\n\
            shared_buffers = 64MB\nmax_connections = 200\nautovacuum_naptime = 5s\n{conf}\n"
        );
        let path = Path::new(&data).join("postgresql.conf");
        std::fs::write(&path, lines).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        if control(dir, &["-w", "-l", &log(dir), "start"]) {
            return Some(port);
        }
    }
    panic!("PostgreSQL does not start: {}", tail(dir));
}

fn log(dir: &Path) -> String {
    dir.join("data/server.log").to_string_lossy().into_owned()
}

fn tail(dir: &Path) -> String {
    let text = std::fs::read_to_string(log(dir)).unwrap_or_default();
    text.lines().rev().take(5).collect::<Vec<_>>().join(" | ")
}

fn control(dir: &Path, args: &[&str]) -> bool {
    let data = dir.join("data").to_string_lossy().into_owned();
    let Some(programs) = place::programs() else { return false };
    let mut words = place::as_whom().iter().map(PathBuf::from).chain([programs.join("pg_ctl")]);
    let mut command = Command::new(words.next().unwrap_or_default());
    // The server would keep pipes of ours open.
    let command = command.args(words).args(["-D", &data]).args(args).current_dir("/");
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

fn chown(path: &Path) {
    let Some(user) = place::as_whom().get(1).and_then(|word| word.strip_prefix("--reuid=")) else { return };
    let done = Command::new("chown").arg("-R").arg(user).arg(path).status();
    assert!(done.is_ok_and(|status| status.success()), "{} cannot be given to {user}", path.display());
}

/// Runs SQL with `psql`.
pub fn psql(port: u16, database: &str, sql: &str) {
    let output = psql_command(port, database, sql).output().unwrap_or_else(|why| panic!("psql: {why}"));
    assert!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
}

fn psql_command(port: u16, database: &str, sql: &str) -> Command {
    let mut command = Command::new(place::programs().map_or("psql".into(), |programs| programs.join("psql")));
    command
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", "postgres"])
        .args(["-p", &port.to_string(), "-d", database, "-c", sql])
        .env("PGPASSWORD", PASSWORD)
        .stdin(Stdio::null());
    command
}

/// Stops and deletes the server when the process `owner` has ended, in whatever way: a shell that looks and
/// waits.
pub fn watch(dir: &Path, owner: u32) {
    let Some(programs) = place::programs() else { return };
    let script = r#"owner=$1; dir=$2; control=$3; shift 3
        while kill -0 "$owner" 2>/dev/null && [ -d "$dir" ]; do sleep 0.5; done
        cd /; "$@" "$control" -D "$dir/data" -m immediate -w stop; rm -rf "$dir""#;
    let mut shell = Command::new("setsid");
    shell.args(["sh", "-c", script, "sh", &owner.to_string()]).arg(dir).arg(programs.join("pg_ctl"));
    // Without a user to become, `env` only runs the command.
    let whom = place::as_whom();
    shell.args(if whom.is_empty() { &["env"] } else { whom });
    let quiet = shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Err(why) = quiet.spawn() {
        println!("nobody will stop the server in {}: {why}", dir.display());
    }
}
