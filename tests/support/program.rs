//! The program under test as an operator runs it: commands, a server that is killed, a server that is told to
//! stop.

use crate::bare::beckon;
use crate::shop;
use beckon_pgtest::Database;
use beckon_store::Place;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// One installation of the program.
pub struct Program {
    /// Its data.
    pub dir: PathBuf,
    /// The key of the shop's pages.
    pub write_key: String,
    /// The key of the shop's server.
    #[allow(dead_code, reason = "not every test asks the API")]
    pub server_key: String,
    /// Where shoppers reach it.
    pub public: SocketAddr,
    /// Where its API answers.
    pub admin: SocketAddr,
    /// Seconds for which the one that owns the shop owns it.
    pub lease_secs: AtomicU32,
    fronts: Mutex<Vec<SocketAddr>>,
    smtp: SocketAddr,
    sessions: usize,
    url: Option<String>,
    /// It goes when this does.
    _database: Option<Database>,
}

impl Program {
    /// A shop in a fresh directory, with its feed, and with the abandoned cart switched on.
    #[allow(dead_code, reason = "some tests have a database")]
    pub fn set_up(name: &str, smtp: SocketAddr, sessions: usize) -> Program {
        Program::set_up_in(name, smtp, sessions, None)
    }

    /// The same, in a database where there is one.
    pub fn set_up_in(name: &str, smtp: SocketAddr, sessions: usize, database: Option<Database>) -> Program {
        let url = database.as_ref().map(|database| database.url.clone());
        Program { _database: database, ..Program::set_up_at(name, smtp, sessions, url) }
    }

    /// The same, in a database of which somebody else takes care.
    pub fn set_up_at(name: &str, smtp: SocketAddr, sessions: usize, url: Option<String>) -> Program {
        let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let data = dir.join("data");
        let at = match &url {
            Some(url) => ["--database", url],
            None => ["--data", data.to_str().unwrap()],
        };
        let person = ["--email", "owner@shop.example", "--password", "correct horse", "--locale", "en"];
        let said = command(&[&["init"], &at[..], &person].concat());
        let keys: serde_json::Value = serde_json::from_str(&said).unwrap();
        let feed = dir.join("feed.xml");
        std::fs::write(&feed, shop::feed()).unwrap();
        command(&[&["import", "feed", feed.to_str().unwrap()][..], &at].concat());
        let shares = ["--set", "holdout=0.05", "--set", "global_holdout=0.02"];
        command(&[&["apply", "--ready", "abandoned-cart", "--on"][..], &at, &shares].concat());
        let public = shop::free_port();
        Program {
            dir,
            write_key: keys["write_key"].as_str().unwrap().to_owned(),
            server_key: keys["server_key"].as_str().unwrap().to_owned(),
            public,
            admin: shop::free_port(),
            lease_secs: AtomicU32::new(1),
            fronts: Mutex::new(vec![public]),
            smtp,
            sessions,
            url,
            _database: None,
        }
    }

    /// The database's URL, for a shop that lies in one.
    #[allow(dead_code, reason = "not every test reads the database")]
    pub fn url(&self) -> &str {
        self.url.as_deref().unwrap_or_default()
    }

    /// Where a program answers shoppers, chosen by this number.
    pub fn front(&self, n: u64) -> SocketAddr {
        let fronts = self.fronts.lock().unwrap();
        fronts[n as usize % fronts.len()]
    }

    /// Shoppers come to these programs.
    #[allow(dead_code, reason = "one program is enough for some tests")]
    pub fn set_fronts(&self, fronts: Vec<SocketAddr>) {
        *self.fronts.lock().unwrap() = fronts;
    }

    /// Where its data lies.
    pub fn place(&self) -> Place {
        match &self.url {
            Some(url) => Place::read(url),
            None => Place::Directory(self.dir.join("data")),
        }
    }

    /// Starts the server and waits until it says that it is ready.
    pub async fn start(&self, factor: u32) -> Child {
        let mut child = self.spawn(factor, self.public, self.admin);
        self.ready(&mut child).await;
        child
    }

    /// Starts the server on these addresses.
    pub fn spawn(&self, factor: u32, public: SocketAddr, admin: SocketAddr) -> Child {
        self.spawn_draining(factor, public, admin, 0)
    }

    /// The same, one that serves a little longer when it is told to stop.
    pub fn spawn_draining(
        &self,
        factor: u32,
        public: SocketAddr,
        admin: SocketAddr,
        drain_secs: u32,
    ) -> Child {
        self.command(factor, public, admin, drain_secs).spawn().unwrap()
    }

    /// The command that starts the server.
    pub fn command(&self, factor: u32, public: SocketAddr, admin: SocketAddr, drain_secs: u32) -> Command {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.dir.join("log")).unwrap();
        let mut command = beckon();
        command
            .args([
                "serve",
                "--from",
                "Tea <tea@shop.example>",
                "--lease-secs",
                &self.lease_secs.load(Ordering::Relaxed).to_string(),
                "--drain-secs",
                &drain_secs.to_string(),
            ])
            .args(match &self.url {
                Some(_) => Vec::new(),
                None => vec![std::ffi::OsString::from("--data"), self.dir.join("data").into_os_string()],
            })
            .envs(self.url.as_ref().map(|url| ("BECKON_DATABASE", url)))
            .args(["--public", &public.to_string(), "--admin", &admin.to_string()])
            .args(["--smtp-url", &format!("smtp://{}", self.smtp)])
            .args(["--smtp-sessions", &self.sessions.to_string()])
            .args(["--time-factor", &factor.to_string()])
            .stdout(Stdio::piped())
            .stderr(log);
        command
    }

    /// Waits until a server says that it is ready.
    pub async fn ready(&self, child: &mut Child) {
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            said.read_line(&mut line).map(|_| line)
        });
        let line = tokio::time::timeout(Duration::from_secs(120), line).await.unwrap().unwrap().unwrap();
        assert!(line.starts_with("ready:"), "the server did not start: `{line}`\n{}", self.log());
    }

    /// Tells the server to stop, as an operator does, and waits until it has.
    pub async fn stop(&self, mut child: Child) {
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(told.success(), "the server had ended by itself\n{}", self.log());
        let ended = tokio::task::spawn_blocking(move || child.wait());
        let ended = tokio::time::timeout(Duration::from_secs(90), ended).await;
        let status = ended.expect("SIGTERM is obeyed").unwrap().unwrap();
        assert!(status.success(), "it stopped with {status}\n{}", self.log());
    }

    /// What it wrote to standard error.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }
}

fn command(args: &[&str]) -> String {
    let done = beckon().args(args).output().unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "beckon {}: {said}", args.join(" "));
    String::from_utf8(done.stdout).unwrap()
}
