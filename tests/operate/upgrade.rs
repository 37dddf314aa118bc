//! What each released program wrote is read by this one: everything is there, events are taken, journeys go on.
//!
//! A directory under `tests/upgrade` is a small shop as that release left it, as SQL text, with what must be found.

use crate::bare::beckon;
use crate::program::{Program, text, until};
use crate::shop;
use beckon_server::app::SHOP;
use beckon_sim::smtp::{Mailbox, Options};
use beckon_store::{MessageFilter, MessageState, Store};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

fn releases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/upgrade");
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    found.sort();
    assert!(!found.is_empty(), "no release was found");
    found
}

/// An installation whose databases are those of a release.
fn build(release: &Path) -> (Program, Value) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("{}-{number}", release.file_name().unwrap().to_str().unwrap());
    let dir =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("upgrade-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    let data = dir.join("data");
    std::fs::create_dir_all(&data).unwrap();
    for plane in ["customers", "shop"] {
        let sql = std::fs::read_to_string(release.join(format!("{plane}.sql"))).unwrap();
        let conn = rusqlite::Connection::open(data.join(format!("{plane}.db"))).unwrap();
        conn.execute_batch(&sql).unwrap_or_else(|why| panic!("{name}, {plane}: {why}"));
    }
    let expected = std::fs::read_to_string(release.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let program = Program {
        dir,
        data,
        write_key: expected["write_key"].as_str().unwrap().to_owned(),
        public: shop::free_port(),
        admin: shop::free_port(),
        metrics: shop::free_port(),
        options: Vec::new(),
        rust_log: "warn",
    };
    (program, expected)
}

/// What the store has now: customers, events, messages by state.
fn look(program: &Program, expected: &Value) {
    let store = Store::open(&program.data, &beckon_store::Options::default()).unwrap();
    assert_eq!(store.suspicion(), None);
    let known: Vec<String> =
        store.customers(SHOP, None, 1_000).unwrap().into_iter().map(|row| row.value).collect();
    for email in expected["customers"].as_array().unwrap() {
        assert!(known.iter().any(|value| value == email), "{email} is gone");
    }
    assert_eq!(store.events(0, 1_000).unwrap().len() as u64, expected["events"].as_u64().unwrap());
    let filter = MessageFilter { shop: SHOP, ..MessageFilter::default() };
    let mut states: BTreeMap<&str, u64> = BTreeMap::new();
    for row in store.messages(&filter, None, 1_000).unwrap() {
        let word = match row.state {
            MessageState::Sent => "sent",
            MessageState::Never => "never",
            other => panic!("{other:?} is not in the fixture"),
        };
        *states.entry(word).or_default() += 1;
    }
    assert_eq!(json!(states), expected["messages"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_every_release_wrote_goes_on() {
    for release in releases() {
        let (mut program, expected) = build(&release);
        look(&program, &expected);
        let relay = Mailbox::start(Options { addr: shop::free_port(), ..Options::default() }).await.unwrap();
        let url = format!("smtp://{}", relay.addr());
        program.options = ["--smtp-url", &url, "--time-factor", "3600"].map(str::to_owned).to_vec();
        let serving = program.start().await;
        program.fills_cart("b-new", "new@mail.example").await;
        // Who had unsubscribed fills her cart again and stays unsubscribed.
        let left = expected["left"].as_str().unwrap();
        let cart = json!({"product_id": "P-3", "quantity": 1});
        let call = json!({"type": "track", "event": "Product Added", "properties": cart});
        assert!(program.web("b-vera", call).await);
        let waits = expected["waits"].as_str().unwrap();
        let came = |who: &str| relay.received().iter().any(|mail| mail.to == who);
        until("the mail of a cart that waited", async || came(waits)).await;
        until("the mail of a new cart", async || came("new@mail.example")).await;
        assert!(!came(left), "{left} had unsubscribed");
        let owner = |n: usize| expected["owner"][n].as_str().unwrap();
        let cookie = program.sign_in(owner(0), owner(1)).await.expect("the owner is let in");
        for page in ["/", "/customers", "/messages", "/journeys", "/catalogue", "/settings/gate"] {
            let answer = program.staff(page, &cookie).await;
            assert_eq!(answer.status, 200, "{page}: {}", answer.body);
        }
        serving.stop().await;
        assert!(!program.log().contains("ERROR"), "{}", program.log());
        program.clear();
    }
}

/// Names and order ids were not kept to be searched before: they are filled in beside the traffic, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_an_older_release_wrote_is_found_by_name_and_order() {
    let (program, expected) = build(&releases()[0]);
    let order = expected["order"].as_str().unwrap().to_lowercase();
    let store = Store::open(&program.data, &beckon_store::Options::default()).unwrap();
    assert_eq!(store.search_words(SHOP, &order, 10).unwrap(), []);
    drop(store);
    let serving = program.start().await;
    let cookie = program.sign_in("owner@shop.example", "correct horse").await.expect("the owner is let in");
    let path = format!("/customers/rows?q={order}");
    until("that her order is found", async || {
        program.staff(&path, &cookie).await.body.contains("/customers/")
    })
    .await;
    let log = "/settings/log";
    let told = async || program.staff(log, &cookie).await.body.contains("(words)");
    until("that the log says it is done", told).await;
    assert!(!program.staff("/customers", &cookie).await.body.contains("<progress"));
    serving.stop().await;
    let serving = program.start().await;
    let again = program.staff(log, &cookie).await.body;
    assert_eq!(again.matches("(words)").count(), 1, "it is done once");
    serving.stop().await;
    program.clear();
}

#[test]
fn what_a_newer_program_wrote_is_refused_in_one_line() {
    for plane in ["customers", "shop"] {
        let (program, _) = build(&releases()[0]);
        let conn = rusqlite::Connection::open(program.data.join(format!("{plane}.db"))).unwrap();
        conn.pragma_update(None, "user_version", 99).unwrap();
        drop(conn);
        let done = beckon().args(["serve", "--data", text(&program.data)]).output().unwrap();
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(!done.status.success() && said.lines().count() == 1, "{said}");
        let wanted = format!("{plane}.db was written by a newer Beckon (schema 99, this one knows ");
        assert!(said.contains(&wanted) && said.contains("start the newer program"), "{said}");
        program.clear();
    }
}
