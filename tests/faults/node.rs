//! One of several programs of a shop.

use crate::http::{self, Answer};
use crate::program::Program;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

/// An hour of the shop passes in eight seconds: what is reported later than that starts no journey, and taking over
/// takes a part of it.
const FACTOR: u32 = 450;
/// Less than the quarter of an hour after which she has left her cart, in that time.
pub const GONE_AFTER: Duration = Duration::from_millis(1_500);
/// Longer than anything takes here, on a machine that has other work too.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A program, always at the same addresses.
pub struct Node {
    /// Its process.
    pub child: Child,
    /// Where shoppers reach it.
    pub public: SocketAddr,
    /// Where staff reaches it.
    pub admin: SocketAddr,
}

impl Node {
    /// Starts one, at addresses of its own.
    pub async fn start(program: &Program) -> Node {
        Node::start_at(program, crate::shop::free_port(), crate::shop::free_port()).await
    }

    /// Starts one at these addresses and waits until it says that it is ready.
    pub async fn start_at(program: &Program, public: SocketAddr, admin: SocketAddr) -> Node {
        let mut child = program.spawn(FACTOR, public, admin);
        program.ready(&mut child).await;
        Node { child, public, admin }
    }

    /// Starts one that reaches the database another way.
    pub async fn start_by(program: &Program, url: &str) -> Node {
        let (public, admin) = (crate::shop::free_port(), crate::shop::free_port());
        let mut command = program.command(FACTOR, public, admin, 0);
        let mut child = command.env("BECKON_DATABASE", url).spawn().unwrap();
        program.ready(&mut child).await;
        Node { child, public, admin }
    }

    /// What it says of itself, with its status; nothing when it does not answer within a moment.
    pub async fn health(&self) -> Option<(u16, Value)> {
        let asked = http::request(self.admin, "GET", "/health/ready", &[], b"");
        let answer = tokio::time::timeout(Duration::from_secs(5), asked).await.ok()?.ok()?;
        Some((answer.status, serde_json::from_str(&answer.body).ok()?))
    }

    /// Whether it owns the shop, as far as it knows.
    pub async fn owns(&self) -> bool {
        self.health().await.is_some_and(|(_, words)| words["role"] == "owner")
    }

    /// Waits until it owns the shop; how long that took.
    pub async fn takes_over(&self) -> Duration {
        until("it takes the shop over", async || self.owns().await).await
    }

    /// Waits until it says that it is ready; how long that took.
    pub async fn is_ready(&self) -> Duration {
        until("it is ready", async || self.health().await.is_some_and(|(status, _)| status == 200)).await
    }

    /// Posts an event that everybody may repeat.
    pub async fn post(&self, program: &Program, id: &str) -> std::io::Result<Answer> {
        let event = json!({"messageId": id, "anonymousId": "witness", "event": "Product Viewed",
            "properties": {"product_id": "P-3"}});
        let key = format!("/v1/track?writeKey={}", program.write_key);
        let headers = ["Content-Type: application/json"];
        http::request(self.public, "POST", &key, &headers, event.to_string().as_bytes()).await
    }

    /// Signs in; the cookie.
    pub async fn signs_in(&self) -> String {
        let page = http::request(self.admin, "GET", "/sign-in", &[], b"").await.unwrap();
        let mark = "name=\"csrf\" value=\"";
        let csrf = page.body.split_once(mark).unwrap().1.split('"').next().unwrap();
        let body = format!("csrf={csrf}&email=owner%40shop.example&password=correct+horse");
        let cookie = format!("Cookie: {}", cookies(&page));
        let headers = ["Content-Type: application/x-www-form-urlencoded", &cookie];
        let answer = http::request(self.admin, "POST", "/sign-in", &headers, body.as_bytes()).await.unwrap();
        assert_eq!(answer.status, 303, "{}", answer.body);
        cookies(&answer)
    }

    /// A page of the admin side.
    pub async fn staff(&self, path: &str, cookie: &str) -> Answer {
        http::request(self.admin, "GET", path, &[&format!("Cookie: {cookie}")], b"").await.unwrap()
    }

    /// Sends a signal, as `-STOP`.
    pub fn signal(&self, name: &str) {
        let told = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// Waits until it has ended by itself.
    pub async fn ended(mut self) -> ExitStatus {
        let ended = tokio::task::spawn_blocking(move || self.child.wait());
        tokio::time::timeout(PATIENCE, ended).await.expect("it ends").unwrap().unwrap()
    }
}

/// The cookies that an answer sets, as a browser sends them back.
fn cookies(answer: &Answer) -> String {
    let lines = answer.head.lines().filter(|line| line.to_ascii_lowercase().starts_with("set-cookie:"));
    let pairs = lines.filter_map(|line| line.split_once(':')?.1.split(';').next().map(str::trim));
    pairs.collect::<Vec<_>>().join("; ")
}

/// Waits until something is so; how long that took.
pub async fn until(what: &str, so: impl AsyncFn() -> bool) -> Duration {
    let began = Instant::now();
    while !so().await {
        assert!(began.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}
