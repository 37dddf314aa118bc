//! Server time of every page of the admin with a million customers, a million clicks, 300,000 messages and 100,000
//! offers: the first request after a start, and later ones.
//!
//! `cargo bench -p beckon --bench pages`; `-- --thousands 100` for a tenth of the customers; as root
//! `--drop-caches 1` empties the system's cache before each start, of the whole machine.
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

mod support;

use beckon_core::ids::{DoorKind, MessageId};
use beckon_core::time::{HOUR, MINUTE, ShopTime};
use beckon_render::{Facts, Item, Links, Source};
use beckon_server::access::rights::Role;
use beckon_server::access::staff;
use beckon_server::app::SHOP;
use beckon_server::journeys::{self, Change, Stamp};
use beckon_server::sent::Kept;
use beckon_server::serve;
use beckon_server::shop_state::digest;
use beckon_store::shop::ShopPlane;
use beckon_store::{
    Commit, CountDelta, IdentityWrite, MessageRow, MessageState, MessageWrite, Options, Store, WordsWrite,
};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};
use support::seeded::{COMMIT, fill, identity, import_offers, profile_id};
use support::shop::{config, wall_now};
use support::{Dir, alone, arg, quantile_ms};

/// Messages of the last thirty days.
const MESSAGES: u64 = 300_000;
const PASSWORD: &str = "correct horse battery";
const FIRST: [&str; 6] = ["anna", "olga", "maria", "peter", "ivan", "john"];
/// What a page may take.
const LIMIT_MS: f64 = 50.0;

fn main() {
    let dir = Dir::new("pages");
    let count = arg("--thousands", 1_000) as u64 * 1_000;
    println!("every page of the admin\n  cargo bench -p beckon --bench pages");
    let products = import_offers(&dir.0);
    fill(&dir, &products, count);
    known(&dir.0, count);
    messages(&dir.0, count);
    prepare(&dir.0);
    alone("customers", count);
    alone("messages", MESSAGES);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut cold: Vec<Vec<Duration>> = Vec::new();
    let mut warm: Vec<Vec<Duration>> = Vec::new();
    let mut pages = Vec::new();
    let mut dropped = true;
    for _ in 0..arg("--rounds", 3) {
        // Only when it is asked for: it slows down everything on the machine. Else cold means a fresh program over
        // files the system still has in memory.
        dropped &= arg("--drop-caches", 0) == 1 && std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok();
        let running = runtime.block_on(serve::start(config(&dir.0, None, 1), None)).unwrap();
        settle();
        let admin = Admin::sign_in(running.admin);
        pages = self::pages(count);
        cold.resize_with(pages.len(), Vec::new);
        warm.resize_with(pages.len(), Vec::new);
        for (at, (_, paths)) in pages.iter().enumerate() {
            cold[at].push(admin.get(&paths[0]));
        }
        for (at, (_, paths)) in pages.iter().enumerate() {
            let times = (0..arg("--requests", 40)).map(|n| admin.get(&paths[n % paths.len()]));
            warm[at].extend(times);
        }
        runtime.block_on(running.stop());
    }
    println!("  system's cache dropped before each start: {}", if dropped { "yes" } else { "no" });
    println!("  {:<44}{:>12}{:>12}{:>12}", "page, ms", "cold, most", "warm p50", "warm p99");
    let mut above = Vec::new();
    for (at, (name, _)) in pages.iter().enumerate() {
        let most = quantile_ms(&mut cold[at], 1.0);
        let (p50, p99) = (quantile_ms(&mut warm[at], 0.5), quantile_ms(&mut warm[at], 0.99));
        println!("  {name:<44}{most:>12.1}{p50:>12.1}{p99:>12.1}");
        if most > LIMIT_MS || p99 > LIMIT_MS {
            above.push(name.as_str());
        }
    }
    println!(
        "  above {LIMIT_MS} ms: {}",
        if above.is_empty() { "none".to_owned() } else { above.join(", ") }
    );
}

/// Every page, with addresses that ask for different rows.
fn pages(count: u64) -> Vec<(String, Vec<String>)> {
    let some = |make: &dyn Fn(u64) -> String| (0..40).map(|n| make(n * (count / 41) + 3)).collect::<Vec<_>>();
    let third = |n: u64| n / 3 * 3;
    let now = wall_now().0;
    let mut pages: Vec<(String, Vec<String>)> = [
        "/",
        "/home/today",
        "/customers",
        "/messages",
        "/messages?state=unknown",
        "/messages?state=never",
        "/messages?state=withheld&reason=quiet_hours",
        "/messages?journey=abandoned-cart&step=classic-third",
        "/messages?journey=nothing",
        "/messages?channel=none",
        "/journeys",
        "/journeys/abandoned-cart",
        "/journeys/abandoned-cart/numbers",
        "/journeys/abandoned-cart/settings",
        "/journeys/abandoned-cart/text",
        "/catalogue",
        "/catalogue?category=7",
        "/catalogue?search=nothing+has+this",
        "/catalogue/imports",
        "/catalogue/imports/running",
        "/developers",
        "/developers/keys",
        "/developers/arrivals",
        "/developers/parked",
        "/settings/shop",
        "/settings/sending",
        "/settings/gate",
        "/settings/staff",
        "/account",
        "/ui/components",
    ]
    .map(|path| (path.to_owned(), vec![path.to_owned()]))
    .into();
    let mut add = |name: &str, paths: Vec<String>| pages.push((name.to_owned(), paths));
    add("/customers?before=…", some(&|n| format!("/customers?before={}-{n:x}", now)));
    add("/customers/rows?q=s…", some(&|n| format!("/customers/rows?q=shopper{}", n % 90 + 10)));
    add(
        "/customers/rows?q=address",
        some(&|n| format!("/customers/rows?q=shopper{}@example.test", third(n))),
    );
    add("/customers/rows?q=name", some(&|n| format!("/customers/rows?q=smirnov{}", n % 100)));
    add("/customers/rows?q=first+last", some(&|n| format!("/customers/rows?q=anna+smirnov{}", n % 1_000)));
    add("/customers/rows?q=nobody", some(&|n| format!("/customers/rows?q=zz{n}")));
    add("/customers/{id}", some(&|n| format!("/customers/{}", profile_id(third(n)))));
    add("/customers/{id}/side", some(&|n| format!("/customers/{}/side", profile_id(n))));
    add("/customers/{id}/timeline", some(&|n| format!("/customers/{}/timeline", profile_id(n))));
    add("/messages?before=…", some(&|n| format!("/messages?before={}-0", now - n as i64 * 1_000)));
    add("/messages?from=…&to=…", vec!["/messages?from=2020-01-01&to=2099-01-01".to_owned()]);
    add("/messages?email=…", some(&|n| format!("/messages?email=shopper{}@example.test", third(n))));
    let message = |n: u64| message_id(n % MESSAGES / 100 * 100, count);
    add("/messages/{id}", some(&|n| format!("/messages/{}", message(n))));
    add("/messages/{id}/body", some(&|n| format!("/messages/{}/body", message(n))));
    add("/catalogue?search=…", some(&|n| format!("/catalogue?search=sku-0{:05}", n % 90_000)));
    add("/catalogue/offers/{id}", some(&|n| format!("/catalogue/offers/SKU-0{:05}", n % 90_000)));
    pages
}

/// Names and telephones of those who have an address.
fn known(dir: &Path, count: u64) {
    let store = Store::open(dir, &Options::default()).unwrap();
    let (epoch, now) = (store.head().unwrap().epoch, ShopTime(wall_now().0));
    for from in (0..count).step_by(COMMIT as usize) {
        let mut commit = Commit { epoch, now, ..Commit::default() };
        for n in (from..(from + COMMIT).min(count)).filter(|n| n % 3 == 0) {
            let words = vec![FIRST[(n / 3 % 6) as usize].to_owned(), format!("smirnov{}", n / 3 % 5_000)];
            commit.words.push(WordsWrite { shop: SHOP, profile: profile_id(n), words });
            let phone: IdentityWrite = identity(DoorKind::Phone, format!("79{n:09}"), profile_id(n), now);
            commit.identities.push(phone);
        }
        store.commit(&commit).unwrap();
    }
}

/// To whom the message of this number goes: somebody with an address.
fn addressee(n: u64, count: u64) -> u64 {
    n * 3 % count / 3 * 3
}

/// A message lies in the bucket of its addressee.
fn message_id(n: u64, count: u64) -> MessageId {
    MessageId(u64::from(profile_id(addressee(n, count)).bucket().0) << 53 | n)
}

/// Messages as they end, with the numbers of thirty days.
fn messages(dir: &Path, count: u64) {
    let store = Store::open(dir, &Options::default()).unwrap();
    let (epoch, now) = (store.head().unwrap().epoch, ShopTime(wall_now().0));
    let text = Source::shipped()
        .into_iter()
        .find(|(name, locale, _)| (*name, *locale) == ("abandoned-cart-1", "en"));
    let text = format!("{:016x}", digest(text.unwrap().2));
    for from in (0..MESSAGES).step_by(COMMIT as usize) {
        let mut commit = Commit { epoch, now, ..Commit::default() };
        for n in from..from + COMMIT {
            let row = message(n, count, now, &text);
            commit.messages.push(MessageWrite::New(Box::new(row)));
        }
        store.commit(&commit).unwrap();
    }
    let mut commit = Commit { epoch, now, ..Commit::default() };
    let this_hour = (now.0 / HOUR.0) as u32;
    let metrics = [
        "approved",
        "sent",
        "opened",
        "clicked",
        "never",
        "ghost",
        "withheld:consent_missing",
        "withheld:quiet_hours",
    ];
    for hour in this_hour - 30 * 24..=this_hour {
        let count = |journey: &str, step: &str, metric: &str, n| CountDelta {
            shop: SHOP,
            hour,
            journey: journey.to_owned(),
            step: step.to_owned(),
            metric: metric.to_owned(),
            n,
        };
        commit.counts.push(count("", "", "events", 1_400));
        for step in ["classic-first", "classic-second", "classic-third"] {
            commit.counts.extend(metrics.map(|metric| count("abandoned-cart", step, metric, 20)));
        }
    }
    store.commit(&commit).unwrap();
}

fn message(n: u64, count: u64, now: ShopTime, text: &str) -> MessageRow {
    let (state, reason) = match n % 100 {
        0..70 => (MessageState::Sent, ""),
        70..90 => (MessageState::Withheld, "consent_missing"),
        90..98 => (MessageState::Withheld, "quiet_hours"),
        98 if n % 9_800 == 98 => (MessageState::Unknown, "unknown"),
        98 => (MessageState::Never, "never"),
        _ => (MessageState::Ghost, "held_out"),
    };
    let at = now.minus(MINUTE.times((n / 7) as i64 % (30 * 24 * 60)));
    let who = addressee(n, count);
    let id = message_id(n, count);
    let item = |n: u64| Item {
        id: format!("SKU-{n:06}"),
        title: format!("Product {n}"),
        quantity: 1,
        ..Item::default()
    };
    let links = Links::new("https://mail.shop.example", &[1; 32]);
    let facts =
        Facts { items: vec![item(1), item(2)], urls: links.urls(id.0, "marketing"), ..Facts::default() };
    let kept = Kept {
        locale: "en".to_owned(),
        facts,
        template: "abandoned-cart-1.en".to_owned(),
        text: text.to_owned(),
        origin: "https://mail.shop.example".to_owned(),
        from: "Lighthouse <hello@shop.example>".to_owned(),
        to: format!("shopper{who}@example.test"),
        ..Kept::default()
    };
    let identity = identity(DoorKind::Email, format!("shopper{who}@example.test"), profile_id(who), at);
    let step = ["classic-first", "classic-second", "classic-third"][(n % 3) as usize];
    let sent = state == MessageState::Sent;
    MessageRow {
        shop: SHOP,
        id,
        profile: profile_id(who),
        address: identity.door,
        journey: "abandoned-cart".to_owned(),
        step: step.to_owned(),
        template: "abandoned-cart-1".to_owned(),
        channel: if state == MessageState::Ghost { "none" } else { "email" }.to_owned(),
        lane: 1,
        state,
        due: at,
        not_before: at,
        deadline: at.plus(HOUR),
        created_at: at,
        approved_at: sent.then_some(at),
        handed_at: sent.then_some(at),
        ended_at: Some(at),
        opened_at: None,
        machine_opened_at: None,
        clicked_at: None,
        machine_clicked_at: None,
        ended_badly_at: None,
        reason: reason.to_owned(),
        tries: 1,
        why: "[{\"code\":\"consented\",\"values\":{\"by\":\"shop\"}}]".to_owned(),
        notes: "250 taken".to_owned(),
        body: if sent { serde_json::to_vec(&kept).unwrap() } else { Vec::new() },
    }
}

/// The journey on, and somebody who may see everything.
fn prepare(dir: &Path) {
    let plane = ShopPlane::open(dir).unwrap();
    staff::create(&plane, "owner@shop.example", PASSWORD, Role::Owner).unwrap();
    let change = Change { on: Some(true), ..Change::default() };
    let stamp = Stamp { at: wall_now(), now: ShopTime(wall_now().0), by: "bench" };
    journeys::change(&plane, Some("abandoned-cart"), &change, stamp).unwrap();
}

/// Waits until this process has used next to no processor time for a while: the recommender is filled.
fn settle() {
    let ticks = || -> u64 {
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    };
    let mut before = ticks();
    loop {
        std::thread::sleep(Duration::from_millis(1_500));
        let now = ticks();
        if now <= before + 5 {
            return;
        }
        before = now;
    }
}

/// A browser that is signed in; each request on a connection of its own, which is part of its time.
struct Admin {
    addr: SocketAddr,
    cookies: String,
}

impl Admin {
    fn sign_in(addr: SocketAddr) -> Admin {
        let (_, page) = ask(addr, "GET", "/sign-in", "", "");
        let cookies = cookies(&page);
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let form = url_form(&[("csrf", csrf), ("email", "owner@shop.example"), ("password", PASSWORD)]);
        let (status, answer) = ask(addr, "POST", "/sign-in", &cookies, &form);
        assert_eq!(status, 303, "{answer}");
        Admin { addr, cookies: format!("{cookies}; {}", self::cookies(&answer)) }
    }

    /// How long the answer took.
    fn get(&self, path: &str) -> Duration {
        let begun = Instant::now();
        let (status, answer) = ask(self.addr, "GET", path, &self.cookies, "");
        let took = begun.elapsed();
        assert_eq!(status, 200, "{path}: {answer}");
        took
    }
}

fn url_form(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

fn cookies(answer: &str) -> String {
    let lines = answer
        .lines()
        .filter_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")));
    lines.map(|(_, cookie)| cookie.split(';').next().unwrap().to_owned()).collect::<Vec<_>>().join("; ")
}

fn ask(addr: SocketAddr, method: &str, path: &str, cookies: &str, form: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(addr).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\nCookie: {cookies}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0), answer)
}
