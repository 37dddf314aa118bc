//! A backup under load, and what a restored copy may do: serve everything and send nothing, until somebody says so, and
//! then never what was sent before.

use crate::program::{OWNER, Program, field, refused, run, text, told, until};
use crate::shop;
use beckon_server::app::SHOP;
use beckon_sim::smtp::{Mailbox, Options};
use beckon_store::Store;
use beckon_store::shop::{DocumentWrite, ShopPlane};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// An hour of the shop passes in a second: the first letter of a cart is due after one.
pub const FAST: &str = "3600";

pub async fn relay() -> Mailbox {
    Mailbox::start(Options { addr: shop::free_port(), keep: 100_000, ..Options::default() }).await.unwrap()
}

/// How often each message left, by recipient and Message-ID.
pub fn copies(relay: &Mailbox) -> BTreeMap<(String, String), usize> {
    let mut copies = BTreeMap::new();
    for mail in relay.received() {
        let raw = String::from_utf8_lossy(&mail.raw).into_owned();
        let id = raw.lines().find_map(|line| line.strip_prefix("Message-ID:")).unwrap().trim().to_owned();
        *copies.entry((mail.to.clone(), id)).or_insert(0) += 1;
    }
    copies
}

/// Addresses that a directory knows.
fn known(data: &Path) -> BTreeSet<String> {
    let store = Store::open(data, &beckon_store::Options::default()).unwrap();
    let rows = store.customers(SHOP, None, 1_000_000).unwrap();
    rows.into_iter().map(|row| row.value).filter(|value| value.ends_with("@mail.example")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_comes_back_whole_paused_and_never_sends_twice() {
    let relay = relay().await;
    let mut program = Program::set_up("backup");
    let url = format!("smtp://{}", relay.addr());
    program.options = ["--smtp-url", &url, "--time-factor", FAST].map(str::to_owned).to_vec();
    let program = Arc::new(program);
    let serving = program.start().await;
    let (stop, taken) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(BTreeSet::new())));
    let count = Arc::new(AtomicU64::new(0));
    let shoppers: Vec<_> = (0..8)
        .map(|n| {
            let (program, stop, taken, count) = (program.clone(), stop.clone(), taken.clone(), count.clone());
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let email = format!("p{n}-{}@mail.example", count.fetch_add(1, Ordering::Relaxed));
                    program.fills_cart(&email, &email).await;
                    taken.lock().unwrap().insert(email);
                }
            })
        })
        .collect();
    until("mails that left", async || relay.accepted() > 20).await;
    let before = taken.lock().unwrap().clone();
    let (data, to) = (program.data.clone(), program.dir.join("copy"));
    let args = (text(&data).to_owned(), text(&to).to_owned());
    let said = tokio::task::spawn_blocking(move || told(&["backup", "--data", &args.0, "--to", &args.1]));
    let said = said.await.unwrap();
    assert!(said.contains("is whole and was checked"), "{said}");
    assert!(!program.dir.join("copy.part").exists());
    // The original goes on and sends what the copy believes to be due.
    let sent = relay.accepted();
    until("more mails that left", async || relay.accepted() > sent + 20).await;
    stop.store(true, Ordering::Relaxed);
    for shopper in shoppers {
        shopper.await.unwrap();
    }
    serving.stop().await;

    let again = refused(&["backup", "--data", text(&data), "--to", text(&to)]);
    assert!(again.contains("is there already"), "{again}");
    assert!(refused(&["restore", "--from", text(&to), "--data", text(&data)]).contains("is not empty"));
    let restored = program.on(program.dir.join("restored"));
    told(&["restore", "--from", text(&to), "--data", text(&restored.data)]);
    let missing: Vec<_> = before.difference(&known(&restored.data)).cloned().collect();
    assert!(missing.is_empty(), "acknowledged before the backup and not in it: {missing:?}");

    let sent = relay.accepted();
    for _ in 0..2 {
        let serving = restored.start().await;
        paused(&restored).await;
        assert_eq!(relay.accepted(), sent, "a restored copy sent something");
        serving.stop().await;
    }
    let serving = restored.start().await;
    resume(&restored).await;
    restored.fills_cart("new", "new@mail.example").await;
    let came = async || relay.received().iter().any(|mail| mail.to == "new@mail.example");
    until("the mail of a cart that was filled after", came).await;
    serving.stop().await;
    let twice: Vec<_> = copies(&relay).into_iter().filter(|(_, copies)| *copies > 1).collect();
    assert!(twice.is_empty(), "sent twice: {twice:?}");
    program.clear();
}

/// It serves, says on every page that it is paused, and waits while hours of the shop pass.
pub async fn paused(program: &Program) {
    program.fills_cart("during", "during@mail.example").await;
    let cookie = program.sign_in(OWNER.0, OWNER.1).await.expect("the owner is let in");
    for page in ["/", "/settings/gate", "/journeys", "/catalogue"] {
        let page = program.staff(page, &cookie).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("href=\"/settings/restored\""), "{}", page.body);
    }
    let ready = program.staff("/health/ready", "").await;
    assert_eq!(ready.status, 200, "a paused shop takes events: {}", ready.body);
    assert!(ready.body.contains("\"sending\":\"paused: "), "{}", ready.body);
    assert_eq!(program.metric("beckon_paused").await, Some(1.0));
    tokio::time::sleep(Duration::from_secs(3)).await;
}

/// The owner goes on by the button, which wants her word that she brought the unsubscribes over.
pub async fn resume(program: &Program) {
    let cookie = program.sign_in(OWNER.0, OWNER.1).await.expect("the owner is let in");
    let page = program.staff("/settings/restored", &cookie).await;
    let csrf = field(&page.body, "csrf").to_owned();
    let hasty = program.submit("/settings/restored", &cookie, &[("csrf", &csrf)]).await;
    assert_eq!(hasty.status, 422, "{}", hasty.body);
    assert_eq!(program.metric("beckon_paused").await, Some(1.0));
    let done = program.submit("/settings/restored", &cookie, &[("csrf", &csrf), ("sure", "yes")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(program.metric("beckon_paused").await, Some(0.0));
}

#[test]
fn what_is_no_backup_is_not_restored() {
    let program = Program::set_up("no-backup");
    let (to, empty) = (program.dir.join("copy"), program.dir.join("empty"));
    let said = refused(&["restore", "--from", text(&program.data), "--data", text(&empty)]);
    assert!(said.contains("is no backup: it has no backup.json"), "{said}");
    // A shop that never served has no customers' plane yet.
    let said = refused(&["backup", "--data", text(&program.data), "--to", text(&to)]);
    assert!(said.contains("there is no customers.db"), "{said}");
    assert!(!to.exists() && !program.dir.join("copy.part").exists(), "something was left behind");
    Store::open(&program.data, &beckon_store::Options::default()).unwrap();
    told(&["backup", "--data", text(&program.data), "--to", text(&to)]);
    let plane = ShopPlane::open(&to).unwrap();
    let (at, body) = (beckon_core::time::WallTime(1), Some("{}"));
    let added = DocumentWrite {
        shop: SHOP,
        kind: "staff",
        name: "mallory",
        expected_version: 0,
        body,
        at,
        by: "test",
    };
    plane.put(&added).unwrap();
    drop(plane);
    let said = refused(&["restore", "--from", text(&to), "--data", text(&empty)]);
    assert!(said.contains("it was changed after it was made"), "{said}");
    assert!(!empty.join("shop.db").exists());
    program.clear();
}

#[test]
fn accepting_data_that_is_no_copy_changes_nothing() {
    let program = Program::set_up("accept");
    let settings = || {
        let plane = ShopPlane::open(&program.data).unwrap();
        plane.get(SHOP, "settings", "main").unwrap().unwrap().version
    };
    let before = settings();
    // It stops at once: the address is taken.
    let taken = std::net::TcpListener::bind(program.public).unwrap();
    let at = program.public.to_string();
    let args = ["serve", "--accept-data", "--public", &at, "--data", text(&program.data)];
    assert!(!run(&args).status.success());
    drop(taken);
    assert_eq!(settings(), before);
    program.clear();
}
