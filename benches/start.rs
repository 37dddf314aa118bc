//! Start to serving, memory and disk: the real program on an empty directory and on one with a million customers, a
//! million clicks and 100,000 offers, beside a process that serves one row of SQLite.
//!
//! `cargo bench -p beckon --bench start`; `-- --thousands 100` for a tenth.
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

mod support;

use axum::Router;
use axum::routing::get;
use beckon_core::decide::decide;
use beckon_core::event::{Event, Fact, Identity, Incoming, ItemRef, Line, Mode, Source, Strength, Traits};
use beckon_core::ids::{Door, DoorKind, ProfileId};
use beckon_core::input::{Facts, Input};
use beckon_core::plan::{self, Plan, Settings};
use beckon_core::profile::Profile;
use beckon_core::time::{MINUTE, ShopTime};
use beckon_core::wire::Record;
use beckon_server::app::SHOP;
use beckon_server::connect::import;
use beckon_server::settings::ShopCard;
use beckon_server::setup;
use beckon_store::shop::ShopPlane;
use beckon_store::{Commit, EventWrite, IdentityWrite, Options, ProfileWrite, Store};
use rusqlite::Connection;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use support::shop::{prepare, wall_now};
use support::{Dir, Draw, alone, arg, head, median, resident_mb, row};

/// The word by which this program knows that it is to be the probe.
const PROBE: &str = "--probe";
const COMMIT: u64 = 5_000;
const OFFERS: u64 = 100_000;

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != PROBE);
    if args.next().is_some() {
        return serve_probe(Path::new(&args.next().unwrap()));
    }
    let (empty, probe, full) = (Dir::new("start-empty"), Dir::new("start-probe"), Dir::new("start-full"));
    prepare(&empty.0, None);
    let products = import_offers(&full.0);
    let count = arg("--thousands", 1_000) as u64 * 1_000;
    head("start, memory and disk", "cargo bench -p beckon --bench start");
    let begun = Instant::now();
    let (profiles_mb, events_mb) = fill(&full, &products, count);
    alone("customers and clicks on disk", count);
    alone("written in, s", format!("{:.0}", begun.elapsed().as_secs_f64()));
    alone("disk per million customers, MB", format!("{:.0}", profiles_mb * 1e6 / count as f64));
    alone("disk per million clicks, MB", format!("{:.0}", events_mb * 1e6 / count as f64));
    let mut times = [(); 3].map(|()| Vec::new());
    let mut memory = [(); 3].map(|()| Vec::new());
    for _ in 0..arg("--rounds", 5) {
        for (at, dir) in [&probe, &empty, &full].into_iter().enumerate() {
            let program = Program::start(at == 0, &dir.0);
            times[at].push(program.took.as_secs_f64() * 1_000.0);
            program.settle();
            memory[at].push(resident_mb(program.child.id()));
        }
    }
    row("start to serving, empty, ms", &times[0], &times[1]);
    row("start to serving, full, ms", &times[0], &times[2]);
    row("memory, idle, MB", &memory[0], &memory[1]);
    row("memory, full, index filled, MB", &memory[0], &memory[2]);
    alone("start to index filled, s", format!("{:.1}", median(&filled_after(&full.0))));
}

fn filled_after(dir: &Path) -> Vec<f64> {
    (0..3)
        .map(|_| {
            let begun = Instant::now();
            let program = Program::start(false, dir);
            program.settle();
            // What settling itself waits at its end is not part of it.
            begun.elapsed().saturating_sub(QUIET).as_secs_f64()
        })
        .collect()
}

/// So long a process must do nothing to count as idle.
const QUIET: Duration = Duration::from_millis(1_500);

/// A process that serves.
struct Program {
    child: Child,
    took: Duration,
}

impl Program {
    /// Starts it, and waits for its first answer.
    fn start(probe: bool, dir: &Path) -> Program {
        let begun = Instant::now();
        let mut command = if probe {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.arg(PROBE).arg(dir);
            command
        } else {
            let mut command = Command::new(env!("CARGO_BIN_EXE_beckon"));
            let any = "127.0.0.1:0";
            command.args(["serve", "--public", any, "--admin", any, "--data"]).arg(dir);
            command
        };
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.split("http://").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let mut stream = TcpStream::connect(&addr).unwrap();
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        Program { child, took: begun.elapsed() }
    }

    /// Waits until it has used next to no processor time for a while: what fills in the background is full.
    fn settle(&self) {
        let ticks = || -> u64 {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
            let after_name = stat.rsplit(") ").next().unwrap();
            let fields: Vec<&str> = after_name.split(' ').collect();
            fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
        };
        let mut before = ticks();
        loop {
            std::thread::sleep(QUIET);
            let now = ticks();
            if now <= before + 3 {
                return;
            }
            before = now;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It is killed as a power cut would: nothing it holds may be lost by that.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The least that serves something out of a database.
fn serve_probe(dir: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let conn = Connection::open(dir.join("probe.db")).unwrap();
        conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
        conn.execute_batch("CREATE TABLE IF NOT EXISTS t (a TEXT); INSERT INTO t VALUES ('ok');").unwrap();
        let conn = &*Box::leak(Box::new(Mutex::new(conn)));
        let read = || async {
            conn.lock()
                .unwrap()
                .query_row("SELECT a FROM t LIMIT 1", [], |row| row.get::<_, String>(0))
                .unwrap()
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("ready: http://{} ", listener.local_addr().unwrap());
        axum::serve(listener, Router::new().route("/health", get(read))).await.unwrap();
    });
}

/// A shop with a catalogue of 100,000 offers in 1,000 categories; gives back their ids.
fn import_offers(dir: &Path) -> Vec<String> {
    let categories: String =
        (1..=1_000).map(|n| format!("<category id=\"{n}\">Category {n}</category>")).collect();
    let ids: Vec<String> = (0..OFFERS).map(|n| format!("SKU-{n:06}")).collect();
    let offers = ids.iter().enumerate().map(|(n, id)| {
        format!(
            "<offer id=\"{id}\" available=\"true\"><url>https://shop.example/p/{id}</url><price>{}</price>\
            <currencyId>RUB</currencyId><categoryId>{}</categoryId><name>Product {id} of usual length</name>\
            <picture>https://shop.example/i/{id}.jpg</picture></offer>",
            1_000 + n % 50_000,
            n % 1_000 + 1
        )
    });
    let offers: String = offers.collect();
    let feed = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><yml_catalog date=\"2026-01-01T00:00:00Z\"><shop><name>S</name>\
        <currencies><currency id=\"RUB\" rate=\"1\"/></currencies><categories>{categories}</categories>\
        <offers>{offers}</offers></shop></yml_catalog>"
    );
    let plane = ShopPlane::open(dir).unwrap();
    setup::shop(&plane, &ShopCard::default(), wall_now(), "bench").unwrap();
    let report = import::read(&plane, SHOP, feed.as_bytes(), ShopTime(wall_now().0), &mut |_| {}).unwrap();
    assert!(report.refused_total == 0 && report.read == OFFERS, "the catalogue was not taken: {report:?}");
    ids
}

/// Customers as a few visits leave them, a third with an address, and a click each; gives back the MB of both.
fn fill(dir: &Dir, products: &[String], count: u64) -> (f64, f64) {
    let now = ShopTime(wall_now().0);
    let (hot, warm) = halves(products, now);
    let store = Store::open(&dir.0, &Options::default()).unwrap();
    let epoch = store.head().unwrap().epoch;
    let commit = |rows: Commit| drop(store.commit(&Commit { epoch, now, ..rows }).unwrap());
    let before = dir.bytes();
    for from in (0..count).step_by(COMMIT as usize) {
        let mut rows = Commit::default();
        for n in from..(from + COMMIT).min(count) {
            let id = profile_id(n);
            let (hot, warm) = (hot.clone(), Some(warm.clone()));
            rows.profiles.push(ProfileWrite {
                shop: SHOP,
                id,
                version: 1,
                hot,
                warm,
                due: None,
                woken: false,
            });
            rows.identities.push(identity(DoorKind::Anonymous, browser(n), id, now));
            if n % 3 == 0 {
                rows.identities.push(identity(DoorKind::Email, format!("shopper{n}@example.test"), id, now));
            }
        }
        commit(rows);
    }
    drop(store);
    let between = dir.bytes();
    let store = Store::open(&dir.0, &Options::default()).unwrap();
    let commit = |rows: Commit| drop(store.commit(&Commit { epoch, now, ..rows }).unwrap());
    let mut draw = Draw(3);
    for from in (0..count).step_by(COMMIT as usize) {
        let mut rows = Commit::default();
        for n in from..(from + COMMIT).min(count) {
            // Visits of five clicks.
            let profile = profile_id((n / 5).wrapping_mul(2_654_435_761) % count);
            let at = ShopTime(now.0 - MINUTE.0 * ((count - n) / 100) as i64);
            let event = viewed(&products[draw.below(products.len() as u64) as usize], draw.bits(), at);
            let body = serde_json::to_vec(&event).unwrap();
            rows.events.push(EventWrite { shop: SHOP, profile, number: event.number, at, body });
        }
        commit(rows);
    }
    drop(store);
    let mb = |bytes: u64| bytes as f64 / 1e6;
    (mb(between - before), mb(dir.bytes() - between))
}

fn browser(n: u64) -> String {
    format!("5f1c2a60-8d1b-4f0e-9c55-{n:012x}")
}

fn profile_id(n: u64) -> ProfileId {
    let door = Door::new(DoorKind::Anonymous, browser(n));
    ProfileId::born(SHOP, door.bucket(SHOP), door.id(SHOP), n)
}

fn identity(kind: DoorKind, value: String, profile: ProfileId, since: ShopTime) -> IdentityWrite {
    let door = Door::new(kind, value);
    IdentityWrite {
        shop: SHOP,
        bucket: door.bucket(SHOP),
        door: door.id(SHOP),
        kind,
        value: door.value,
        profile,
        strength: Strength::Claimed,
        since,
        moves: 0,
        moves_day: 0,
    }
}

fn viewed(product: &str, number: u64, at: ShopTime) -> Event {
    let item = ItemRef { id: product.to_owned(), alt: String::new() };
    let fact = Fact::ProductViewed { item };
    Event { number, occurred_at: at, received_at: at, mode: Mode::Live, source: Source::Browser, fact }
}

/// Both halves of somebody who looked at ten products and put three into the cart.
fn halves(products: &[String], now: ShopTime) -> (Vec<u8>, Vec<u8>) {
    let journey = plan::parse(include_str!("../plans/abandoned-cart.yaml")).unwrap();
    let plan = Plan::new(1, vec![journey], Settings::default()).unwrap();
    let mut profile = Profile::new(SHOP, profile_id(0), now);
    for (n, product) in products.iter().take(13).enumerate() {
        let mut event = viewed(product, n as u64 + 1, now);
        if n >= 10 {
            let item = ItemRef { id: product.clone(), alt: String::new() };
            event.fact =
                Fact::CartAdded { cart: String::new(), line: Line { item, quantity: 1, price: None } };
        }
        let identities =
            vec![Identity { door: Door::new(DoorKind::Anonymous, browser(0)), strength: Strength::Claimed }];
        let input = Input::Event(Box::new(Incoming { event, identities, traits: Traits::default() }));
        profile = decide(now, &plan, &Facts::default(), &profile, &input).profile;
    }
    (profile.hot.to_bytes(), profile.warm.as_ref().map(Record::to_bytes).unwrap_or_default())
}
