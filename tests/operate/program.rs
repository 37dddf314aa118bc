//! An installation of the program in a directory of its own, run as an operator runs it.

use crate::bare::beckon;
use crate::http::{self, Answer};
use crate::shop;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// The owner's name to sign in with, and her password.
pub const OWNER: (&str, &str) = ("owner@shop.example", "correct horse");

/// One installation.
pub struct Program {
    /// Where everything of it lies.
    pub dir: PathBuf,
    /// Its data.
    pub data: PathBuf,
    /// The key of the shop's pages.
    pub write_key: String,
    /// Where shoppers reach it.
    pub public: SocketAddr,
    /// Where staff reaches it.
    pub admin: SocketAddr,
    /// Where metrics are read.
    pub metrics: SocketAddr,
    /// Further options of `serve`.
    pub options: Vec<String>,
    /// What the log is asked for.
    pub rust_log: &'static str,
}

impl Program {
    /// A shop with goods and with the abandoned cart on, in which nobody is held out.
    pub fn set_up(name: &str) -> Program {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("operate-{name}-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let data = dir.join("data");
        let at = data.to_str().unwrap();
        let person = ["--email", OWNER.0, "--password", OWNER.1, "--locale", "en", "--name", "Tea"];
        let said = told(&[&["init", "--data", at][..], &person].concat());
        let keys: Value = serde_json::from_str(&said).unwrap();
        let feed = dir.join("feed.xml");
        std::fs::write(&feed, shop::feed()).unwrap();
        told(&["import", "feed", feed.to_str().unwrap(), "--data", at]);
        let shares = ["--set", "holdout=0", "--set", "global_holdout=0"];
        told(&[&["apply", "--ready", "abandoned-cart", "--on", "--data", at][..], &shares].concat());
        let (public, admin, metrics) = (shop::free_port(), shop::free_port(), shop::free_port());
        Program {
            write_key: keys["write_key"].as_str().unwrap().to_owned(),
            dir,
            data,
            public,
            admin,
            metrics,
            options: Vec::new(),
            rust_log: "warn",
        }
    }

    /// The same program on other data and other ports.
    pub fn on(&self, data: PathBuf) -> Program {
        Program {
            dir: self.dir.clone(),
            data,
            write_key: self.write_key.clone(),
            public: shop::free_port(),
            admin: shop::free_port(),
            metrics: shop::free_port(),
            options: self.options.clone(),
            rust_log: self.rust_log,
        }
    }

    /// Starts the server and waits until it says that it is ready.
    pub async fn start(&self) -> Serving {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.dir.join("log")).unwrap();
        let mut child = beckon()
            .args(["serve", "--from", "Tea <tea@shop.example>", "--data"])
            .arg(&self.data)
            .args(["--public", &self.public.to_string(), "--admin", &self.admin.to_string()])
            .args(["--metrics", &self.metrics.to_string()])
            .args(&self.options)
            .env("RUST_LOG", self.rust_log)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let line = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            said.read_line(&mut line).map(|_| line)
        });
        let line = tokio::time::timeout(PATIENCE, line).await.unwrap().unwrap().unwrap();
        let serving = Serving { child: Some(child) };
        assert!(line.starts_with("ready:"), "the server did not start: `{line}`\n{}", self.log());
        serving
    }

    /// A call of a page; whether it was taken.
    pub async fn web(&self, browser: &str, mut call: Value) -> bool {
        call["anonymousId"] = json!(browser);
        let login = format!("Authorization: Basic {}", STANDARD.encode(format!("{}:", self.write_key)));
        let headers = ["Content-Type: application/json", &login];
        let path = format!("/v1/{}", call["type"].as_str().unwrap());
        let answer = http::request(self.public, "POST", &path, &headers, call.to_string().as_bytes()).await;
        answer.is_ok_and(|answer| answer.status == 200)
    }

    /// Somebody who agreed to mails puts a product into her cart.
    pub async fn fills_cart(&self, browser: &str, email: &str) {
        let traits = json!({"email": email, "email_consent": true});
        assert!(self.web(browser, json!({"type": "identify", "traits": traits})).await);
        let cart = json!({"product_id": "P-1", "quantity": 1});
        assert!(
            self.web(browser, json!({"type": "track", "event": "Product Added", "properties": cart})).await
        );
    }

    /// A page of the admin side, by whoever has this cookie.
    pub async fn staff(&self, path: &str, cookie: &str) -> Answer {
        http::request(self.admin, "GET", path, &[&format!("Cookie: {cookie}")], b"").await.unwrap()
    }

    /// A form of the admin side, as a browser sends it.
    pub async fn submit(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", value.replace('@', "%40").replace(' ', "+")))
            .collect();
        let form = "Content-Type: application/x-www-form-urlencoded";
        let headers = [form, &format!("Cookie: {cookie}")];
        http::request(self.admin, "POST", path, &headers, body.join("&").as_bytes()).await.unwrap()
    }

    /// Signs in; the cookie, or nothing when she was not let in.
    pub async fn sign_in(&self, email: &str, password: &str) -> Option<String> {
        let page = http::request(self.admin, "GET", "/sign-in", &[], b"").await.unwrap();
        let visit = cookies(&page);
        let fields = [("csrf", field(&page.body, "csrf")), ("email", email), ("password", password)];
        let answer = self.submit("/sign-in", &visit, &fields).await;
        (answer.status == 303).then(|| cookies(&answer))
    }

    /// A figure of the metrics, by its name and labels as they are printed.
    pub async fn metric(&self, line: &str) -> Option<f64> {
        let text = self.metrics_page().await;
        let mut lines = text.lines();
        lines.find_map(|found| found.strip_prefix(line)?.trim().split(' ').next()?.parse().ok())
    }

    /// All metrics.
    pub async fn metrics_page(&self) -> String {
        http::request(self.metrics, "GET", "/metrics", &[], b"").await.unwrap().body
    }

    /// What it wrote to standard error.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }

    /// Takes everything away.
    pub fn clear(&self) {
        std::fs::remove_dir_all(&self.dir).unwrap();
    }
}

/// A server that runs; it is killed when a test ends early.
pub struct Serving {
    child: Option<Child>,
}

impl Serving {
    /// Tells it to stop, as an operator does, and waits until it has.
    pub async fn stop(mut self) {
        let Some(mut child) = self.child.take() else { return };
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        let ended = tokio::task::spawn_blocking(move || child.wait());
        let status =
            tokio::time::timeout(PATIENCE, ended).await.expect("SIGTERM is obeyed").unwrap().unwrap();
        assert!(status.success(), "it stopped with {status}");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs a command to its end.
pub fn run(args: &[&str]) -> Output {
    beckon().args(args).output().unwrap()
}

/// What a command that works says.
pub fn told(args: &[&str]) -> String {
    let done = run(args);
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "beckon {}: {said}", args.join(" "));
    String::from_utf8(done.stdout).unwrap()
}

/// What a command that fails says on standard error.
pub fn refused(args: &[&str]) -> String {
    let done = run(args);
    assert!(!done.status.success(), "beckon {} works", args.join(" "));
    String::from_utf8(done.stderr).unwrap()
}

/// The cookies that an answer sets, as a browser sends them back.
fn cookies(answer: &Answer) -> String {
    let lines = answer.head.lines().filter(|line| line.to_ascii_lowercase().starts_with("set-cookie:"));
    let pairs = lines.filter_map(|line| line.split_once(':')?.1.split(';').next().map(str::trim));
    pairs.collect::<Vec<_>>().join("; ")
}

/// The value of a hidden field.
pub fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let mark = format!("name=\"{name}\" value=\"");
    page.split_once(&mark).unwrap_or_else(|| panic!("no {name} in {page}")).1.split('"').next().unwrap()
}

/// Waits until something is so.
pub async fn until<F: Future<Output = bool>>(what: &str, mut so: impl FnMut() -> F) {
    let began = Instant::now();
    while !so().await {
        assert!(began.elapsed() < PATIENCE, "waited for {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The path of a file as text.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
