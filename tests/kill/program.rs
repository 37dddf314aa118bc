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
use std::time::Duration;

/// One installation of the program.
pub struct Program {
    /// Its data.
    pub dir: PathBuf,
    /// The key of the shop's pages.
    pub write_key: String,
    /// The key of the shop's server.
    pub server_key: String,
    /// Where shoppers reach it.
    pub public: SocketAddr,
    /// Where its API answers.
    pub admin: SocketAddr,
    /// Where shoppers reach another program of the same shop, while there is one.
    pub beside: Mutex<Option<SocketAddr>>,
    smtp: SocketAddr,
    sessions: usize,
    database: Option<Database>,
}

/// Sends a signal to a program that the test started.
pub fn signal(child: &Child, name: &str) {
    // One that has ended by itself hears nothing.
    let _ = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
}

impl Program {
    /// A shop in a fresh directory, with its feed, and with the abandoned cart switched on.
    pub fn set_up(name: &str, smtp: SocketAddr, sessions: usize) -> Program {
        Program::set_up_in(name, smtp, sessions, None)
    }

    /// The same, in a database where there is one.
    pub fn set_up_in(name: &str, smtp: SocketAddr, sessions: usize, database: Option<Database>) -> Program {
        let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let data = dir.join("data");
        let at = match &database {
            Some(database) => ["--database", &database.url],
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
        Program {
            dir,
            write_key: keys["write_key"].as_str().unwrap().to_owned(),
            server_key: keys["server_key"].as_str().unwrap().to_owned(),
            public: shop::free_port(),
            admin: shop::free_port(),
            beside: Mutex::new(None),
            smtp,
            sessions,
            database,
        }
    }

    /// Where it listens when it is started alone.
    pub fn doors(&self) -> (SocketAddr, SocketAddr) {
        (self.public, self.admin)
    }

    /// The database's URL, for a shop that lies in one.
    pub fn url(&self) -> &str {
        self.database.as_ref().map_or("", |database| &database.url)
    }

    /// Where its data lies.
    pub fn place(&self) -> Place {
        match &self.database {
            Some(database) => Place::read(&database.url),
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
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.dir.join("log")).unwrap();
        beckon()
            .args([
                "serve",
                "--from",
                "Tea <tea@shop.example>",
                "--lease-secs",
                "1",
                "--drain-secs",
                &drain_secs.to_string(),
            ])
            .args(match &self.database {
                Some(_) => Vec::new(),
                None => vec![std::ffi::OsString::from("--data"), self.dir.join("data").into_os_string()],
            })
            .envs(self.database.as_ref().map(|database| ("BECKON_DATABASE", &database.url)))
            .args(["--public", &public.to_string(), "--admin", &admin.to_string()])
            .args(["--smtp-url", &format!("smtp://{}", self.smtp)])
            .args(["--smtp-sessions", &self.sessions.to_string()])
            .args(["--time-factor", &factor.to_string()])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap()
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
