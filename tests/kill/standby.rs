//! Several programs on one database: one owns the shop, the others stand by, serve pages and recommendations,
//! take events, and go on where the owner ended.

use crate::http;
use crate::program::Program;
use base64::Engine;
use beckon_core::hash::{Tag, hash};
use beckon_server::access::keys::NewKey;
use beckon_server::access::rights::Scope;
use beckon_server::app::SHOP;
use beckon_server::settings::kind;
use beckon_sim::smtp::{Mailbox, Options};
use beckon_store::shop::{DocumentWrite, ShopPlane};
use beckon_store::{Place, Store};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Longer than anything takes here, on a machine that has other work too.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A shop in a database, with a relay.
pub struct Shop {
    /// The program and its keys.
    pub program: Program,
    /// The mails that left.
    pub relay: Mailbox,
    /// A key that may ask everything.
    admin_key: String,
}

impl Shop {
    /// Opens one; nothing where there is no PostgreSQL.
    pub async fn open(name: &str) -> Option<Shop> {
        let database = tokio::task::spawn_blocking(beckon_pgtest::database).await.unwrap()?;
        let options = Options { addr: crate::shop::free_port(), ..Options::default() };
        let relay = Mailbox::start(options).await.unwrap();
        let program = Program::set_up_in(name, relay.addr(), 1, Some(database));
        let place = program.place();
        let admin_key = tokio::task::spawn_blocking(move || admin_key(&place)).await.unwrap();
        Some(Shop { program, relay, admin_key })
    }

    /// Starts a program of it and waits until it listens.
    pub async fn start(&self, factor: u32, drain_secs: u32) -> Node {
        let (public, admin) = (crate::shop::free_port(), crate::shop::free_port());
        let mut child = self.program.spawn_draining(factor, public, admin, drain_secs);
        self.program.ready(&mut child).await;
        Node { child, public, admin }
    }

    /// Its store.
    pub fn store(&self) -> Store {
        Store::open_at(&self.program.place(), &beckon_store::Options::default()).unwrap()
    }

    /// Posts an event of a page; the status that came back.
    async fn post(&self, to: SocketAddr, number: u64) -> std::io::Result<u16> {
        let event = serde_json::json!({
            "messageId": message_id(number), "anonymousId": format!("browser-{}", number % 7),
            "event": "Product Viewed", "properties": {"product_id": format!("P-{}", 13 + number % 3)},
        });
        self.send(to, "/v1/track", &event).await
    }

    /// Posts a call of a page; the status that came back.
    pub async fn send(&self, to: SocketAddr, path: &str, body: &serde_json::Value) -> std::io::Result<u16> {
        let key = format!("{}:", self.program.write_key);
        let login = base64::engine::general_purpose::STANDARD.encode(key);
        let headers = ["Content-Type: application/json", &format!("Authorization: Basic {login}")];
        let answer = http::request(to, "POST", path, &headers, body.to_string().as_bytes()).await?;
        Ok(answer.status)
    }

    /// Posts event after event to a program, each of which must be taken, until a while after it took over;
    /// the number of the next event.
    async fn post_until_owner(&self, to: &Node, first: u64) -> u64 {
        let (began, mut number, mut left) = (Instant::now(), first, 20);
        while left > 0 {
            assert_eq!(self.post(to.public, number).await.unwrap(), 200, "event {number} was refused");
            number += 1;
            if left < 20 || to.role().await == "owner" {
                left -= 1;
            }
            assert!(began.elapsed() < PATIENCE, "it did not take over");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let took = began.elapsed();
        println!("took over within {took:?}, events taken meanwhile: {}", number - first);
        assert!(took < Duration::from_secs(10), "it took over after {took:?}");
        number
    }

    /// How often each event of these numbers was kept.
    async fn kept(&self, numbers: std::ops::Range<u64>) -> BTreeMap<u64, usize> {
        let store = self.store();
        let read = move || {
            let events = store.events(0, 100_000).unwrap();
            let times = |number: u64| {
                let wanted = hash(Tag::Event, SHOP, &[message_id(number).as_bytes()]);
                (number, events.iter().filter(|(_, row)| row.number == wanted).count())
            };
            numbers.map(times).collect()
        };
        tokio::task::spawn_blocking(read).await.unwrap()
    }

    /// The programs as one of them tells of all.
    async fn nodes(&self, at: &Node) -> serde_json::Value {
        let key = format!("Authorization: Bearer {}", self.admin_key);
        let answer = http::request(at.admin, "GET", "/api/v1/nodes", &[&key], b"").await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// What `beckon doctor` finds of the programs.
    async fn diagnosis(&self) -> Vec<String> {
        let mut doctor = crate::bare::beckon();
        doctor.args(["doctor", "--json", "--lang", "en"]).env("BECKON_DATABASE", self.program.url());
        let said = tokio::task::spawn_blocking(move || doctor.output()).await.unwrap().unwrap().stdout;
        let findings: serde_json::Value = serde_json::from_slice(&said).unwrap();
        let of = findings.as_array().unwrap().iter().filter(|found| found["check"] == "programs");
        of.map(|found| format!("{} {}", found["found"].as_str().unwrap(), found["text"])).collect()
    }

    /// Waits until each event of these numbers is there, and sees that none is there twice.
    async fn all_once(&self, numbers: std::ops::Range<u64>) {
        let began = Instant::now();
        loop {
            let kept = self.kept(numbers.clone()).await;
            let twice: Vec<_> = kept.iter().filter(|(_, times)| **times > 1).collect();
            assert!(twice.is_empty(), "applied more than once: {twice:?}");
            let missing: Vec<_> = kept.iter().filter(|(_, times)| **times == 0).map(|(n, _)| n).collect();
            if missing.is_empty() {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "acknowledged and lost: {missing:?}\n{}", self.program.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Makes a key beside whoever serves.
fn admin_key(place: &Place) -> String {
    let new = NewKey::scoped(&Scope::ALL, "a test");
    let body = serde_json::to_string(&new.document).unwrap();
    let write = DocumentWrite {
        shop: SHOP,
        kind: kind::KEY,
        name: &new.name,
        expected_version: 0,
        body: Some(&body),
        at: beckon_server::clock::wall_now(),
        by: "test",
    };
    ShopPlane::open_at(place).unwrap().put(&write).unwrap();
    new.key
}

fn message_id(number: u64) -> String {
    format!("standby-{number}")
}

/// A program of the shop.
pub struct Node {
    /// Its process.
    pub child: Child,
    /// Where shoppers reach it.
    pub public: SocketAddr,
    /// Where its API answers.
    pub admin: SocketAddr,
}

impl Node {
    /// What it says of itself, with its status.
    async fn health(&self) -> Option<(u16, serde_json::Value)> {
        let answer = http::request(self.admin, "GET", "/health/ready", &[], b"").await.ok()?;
        Some((answer.status, serde_json::from_str(&answer.body).ok()?))
    }

    /// What it is among the programs.
    pub async fn role(&self) -> String {
        let health = self.health().await;
        health.map_or_else(String::new, |(_, words)| words["role"].as_str().unwrap_or("").to_owned())
    }

    /// Waits until it has this role; how long that took.
    async fn becomes(&self, role: &str) -> Duration {
        let began = Instant::now();
        while self.role().await != role {
            assert!(began.elapsed() < PATIENCE, "it did not become {role}: {:?}", self.health().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        began.elapsed()
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let told = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(told.success(), "kill {name}");
    }

    /// Waits until it has ended.
    pub async fn ended(mut self) -> std::process::ExitStatus {
        let ended = tokio::task::spawn_blocking(move || self.child.wait());
        tokio::time::timeout(PATIENCE, ended).await.unwrap().unwrap().unwrap()
    }
}

/// Standing by it serves what only reads, and takes events, which the owner applies.
async fn serves(shop: &Shop, owner: &Node, standby: &Node) {
    let (status, words) = standby.health().await.unwrap();
    assert_eq!((status, &words["role"]), (200, &"standby".into()), "{words}");
    let get = async |at, path: &str| http::request(at, "GET", path, &[], b"").await.unwrap();
    for (at, path, within) in [
        (standby.public, "/beckon.js", "beckon"),
        (standby.admin, "/sign-in", "<form"),
        (standby.admin, "/api/openapi.json", "openapi"),
    ] {
        let answer = get(at, path).await;
        assert!(answer.status == 200 && answer.body.contains(within), "{path}: {}", answer.status);
    }
    for number in 1..20 {
        let at = if number % 2 == 0 { standby } else { owner };
        assert_eq!(shop.post(at.public, number).await.unwrap(), 200);
    }
    // A retry may come by another program than the first try.
    assert_eq!(shop.post(standby.public, 1).await.unwrap(), 200);
    assert_eq!(shop.post(owner.public, 2).await.unwrap(), 200);
    shop.all_once(1..20).await;
    assert_eq!(shop.store().waiting().unwrap().inbox, 0);
    let home = format!("/v1/recommend?show=home&writeKey={}", shop.program.write_key);
    let began = Instant::now();
    loop {
        let answer = get(standby.public, &home).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let blocks: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        let looked_at = |block: &serde_json::Value| {
            let first = block["items"].as_array().unwrap().iter().take(3);
            let ids: Vec<&str> = first.map(|item| item["id"].as_str().unwrap()).collect();
            ["P-13", "P-14", "P-15"].iter().all(|id| ids.contains(id))
        };
        if blocks["blocks"].as_array().unwrap().iter().any(looked_at) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "it does not follow what is looked at: {}", answer.body);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The one that stands by tells who owns the shop, and that both have followed what happened.
async fn tells_of_both(shop: &Shop, standby: &Node) {
    let began = Instant::now();
    loop {
        let told = shop.nodes(standby).await;
        let nodes = told["nodes"].as_array().unwrap();
        let said = |node: &serde_json::Value, role: &str, buckets: u64, this: bool| {
            (&node["role"], &node["buckets"], &node["this"]) == (&role.into(), &buckets.into(), &this.into())
        };
        assert!(nodes.len() == 2 && said(&nodes[0], "owner", 1_024, false), "{told}");
        assert!(said(&nodes[1], "standby", 0, true), "{told}");
        // What is told of a program is as old as its last word.
        if nodes.iter().all(|node| node["events_behind_ms"].as_u64().is_some_and(|ms| ms < 5_000)) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{told}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stands_by_goes_on_when_the_owner_dies_or_freezes_and_no_event_is_refused() {
    let Some(shop) = Shop::open("standby").await else { return };
    let mut first = shop.start(1, 0).await;
    let second = shop.start(1, 0).await;
    assert_eq!(first.role().await, "owner");
    serves(&shop, &first, &second).await;
    tells_of_both(&shop, &second).await;
    let found = shop.diagnosis().await;
    assert!(found.len() == 1 && found[0].starts_with("programs-owner"), "{found:?}");
    assert!(found[0].contains("stand by: 1"), "{found:?}");

    first.child.kill().unwrap();
    first.child.wait().unwrap();
    let next = shop.post_until_owner(&second, 20).await;
    shop.all_once(20..next).await;

    let third = shop.start(1, 0).await;
    second.signal("-STOP");
    let (from, next) = (next, shop.post_until_owner(&third, next).await);
    shop.all_once(from..next).await;
    let told = shop.nodes(&third).await;
    assert_eq!(
        (&told["nodes"][0]["role"], &told["nodes"][0]["this"]),
        (&"owner".into(), &true.into()),
        "{told}"
    );
    assert_eq!(told["inbox"], 0);
    tokio::time::sleep(Duration::from_millis(5_500)).await;
    let found = shop.diagnosis().await;
    assert!(found.iter().any(|found| found.starts_with("programs-silent")), "{found:?}");
    second.signal("-CONT");
    assert!(!second.ended().await.success(), "who wakes late ends, and says so");
    let log = shop.program.log();
    assert!(log.contains("another program took the shop over"), "{log}");
    assert!(!log.contains("an input was parked"), "{log}");
    shop.all_once(1..next).await;
    shop.program.stop(third.child).await;
}

/// A client that asks who is ready, as a proxy does, and gives each event one try.
async fn visitors(shop: Arc<Shop>, nodes: Vec<(SocketAddr, SocketAddr)>, stop: Arc<AtomicBool>) -> u64 {
    let (mut number, mut turn) = (1_000, 0);
    let mut ready: Vec<SocketAddr> = Vec::new();
    let mut asked: Option<Instant> = None;
    while !stop.load(Ordering::Relaxed) {
        if asked.is_none_or(|at| at.elapsed() > Duration::from_millis(100)) {
            let mut found = Vec::new();
            for (public, admin) in &nodes {
                let answer = http::request(*admin, "GET", "/health/ready", &[], b"").await;
                if answer.is_ok_and(|answer| answer.status == 200) {
                    found.push(*public);
                }
            }
            (ready, asked) = (found, Some(Instant::now()));
            assert!(!ready.is_empty(), "nobody is ready");
        }
        turn += 1;
        let to = ready[turn % ready.len()];
        let status = shop.post(to, number).await;
        assert!(matches!(status, Ok(200)), "event {number} was not taken by {to}: {status:?}");
        number += 1;
    }
    number
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_version_is_put_in_place_and_no_request_fails() {
    let Some(shop) = Shop::open("upgrade").await else { return };
    let shop = Arc::new(shop);
    let first = shop.start(1, 2).await;
    let second = shop.start(1, 2).await;
    let nodes = vec![(first.public, first.admin), (second.public, second.admin)];
    let stop = Arc::new(AtomicBool::new(false));
    let posting = tokio::spawn(visitors(shop.clone(), nodes, stop.clone()));
    tokio::time::sleep(Duration::from_millis(500)).await;
    first.signal("-TERM");
    first.becomes("draining").await;
    assert_eq!(first.health().await.unwrap().0, 503);
    assert!(first.ended().await.success());
    let took = second.becomes("owner").await;
    assert!(took < Duration::from_secs(1), "given back, it is taken at once: {took:?}");
    tokio::time::sleep(Duration::from_millis(500)).await;
    stop.store(true, Ordering::Relaxed);
    let end = posting.await.unwrap();
    shop.all_once(1_000..end).await;
    shop.program.stop(second.child).await;
}
