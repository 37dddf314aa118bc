//! A shop's own directory: its journeys and goods are played, and not a byte of it changes.

use crate::{Dir, refused, run, shop, told};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const SMALL: [&str; 5] = ["--shoppers", "300", "--days", "8", "--json"];

/// Every file below with its bytes.
fn bytes(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    let read = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name, if entry.path().is_file() { std::fs::read(entry.path()).unwrap() } else { Vec::new() })
    };
    entries.map(read).collect()
}

fn works(args: &[&str]) {
    let done = run(args);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// A shop as `init` leaves it.
fn init(data: &Dir) {
    let person = ["--email", "owner@shop.example", "--password", "correct horse", "--locale", "en"];
    works(&[&["init", "--data", data.text()], &person[..], &["--name", "Tea"]].concat());
}

fn simulated(data: &Dir, more: &[&str]) -> Value {
    let text = told(&[&["--data", data.text()][..], &SMALL, more].concat());
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_shop_with_a_feed_plays_its_own_journeys_on_its_own_goods_and_stays_as_it_was() {
    let (data, elsewhere) = (Dir::new(), Dir::new());
    init(&data);
    let feed = elsewhere.write("feed.xml", &shop::feed());
    works(&["import", "feed", &feed, "--data", data.text()]);
    assert!(refused(&["--data", data.text()]).contains("--set NAME.on=yes"), "nothing is on yet");
    works(&["apply", "--ready", "abandoned-cart", "--on", "--data", data.text()]);
    let before = bytes(&data.0);
    let all = simulated(&data, &[]);
    assert!(bytes(&data.0) == before, "a file of the shop changed");
    assert_eq!(
        all["journeys"],
        serde_json::json!(["abandoned-cart"]),
        "those that ship and are off stay off"
    );
    let total = &all["report"]["total"];
    assert!(total["sent"].as_u64().unwrap() > 0, "{total}");
    // All its goods cost from 100 to 119 roubles: no more than six lines go into an order.
    let (orders, sum) = (total["orders"].as_i64().unwrap(), total["ordered"]["RUB"].as_i64().unwrap());
    let dearest = 11_900 * 6 * 6;
    assert!(orders > 0 && (10_000 * orders..dearest * orders).contains(&sum), "{orders} orders, {sum}");
    let text = told(&["--data", data.text(), "--shoppers", "50", "--days", "3"]);
    assert!(text.starts_with("50 invented shoppers"), "the shop's language: {text}");
    assert!(!text.contains("goods are invented") && bytes(&data.0) == before);
}

#[test]
fn a_shop_without_goods_plays_its_journeys_on_invented_ones_and_says_so() {
    let data = Dir::new();
    init(&data);
    let before = bytes(&data.0);
    let on = ["--set", "abandoned-cart.on=yes"];
    assert!(simulated(&data, &on)["report"]["total"]["sent"].as_u64().unwrap() > 0);
    let text = told(&[&["--data", data.text(), "--shoppers", "20", "--days", "2"][..], &on].concat());
    assert!(text.contains("the goods are invented"), "{text}");
    assert!(bytes(&data.0) == before, "a file of the shop changed");
}

#[test]
fn what_a_release_wrote_is_played_and_stays_as_it_was() {
    let releases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/upgrade");
    let mut played = 0;
    for release in std::fs::read_dir(releases).unwrap().map(|entry| entry.unwrap().path()) {
        if !release.is_dir() {
            continue;
        }
        let data = Dir::new();
        for plane in ["customers", "shop"] {
            let sql = std::fs::read_to_string(release.join(format!("{plane}.sql"))).unwrap();
            rusqlite::Connection::open(data.0.join(format!("{plane}.db")))
                .unwrap()
                .execute_batch(&sql)
                .unwrap();
        }
        let before = bytes(&data.0);
        let all = simulated(&data, &[]);
        assert_eq!(all["journeys"], serde_json::json!(["abandoned-cart"]));
        assert!(all["report"]["total"]["sent"].as_u64().unwrap() > 0, "{all}");
        assert!(bytes(&data.0) == before, "{}: a file changed", release.display());
        played += 1;
    }
    assert!(played > 0);
}

#[test]
fn a_shop_that_somebody_has_open_is_played_beside_her() {
    let data = Dir::new();
    init(&data);
    let plane = beckon_store::shop::ShopPlane::open(&data.0).unwrap();
    let database = || std::fs::read(data.0.join("shop.db")).unwrap();
    let before = database();
    assert!(bytes(&data.0).contains_key("shop.db-shm"), "it is open");
    let all = simulated(&data, &["--set", "abandoned-cart.on=yes"]);
    assert!(all["report"]["total"]["sent"].as_u64().unwrap() > 0);
    assert_eq!(database(), before);
    drop(plane);
}

#[test]
fn a_directory_without_a_shop_is_told_of_and_stays_empty() {
    let data = Dir::new();
    assert!(refused(&["--data", data.text()]).contains("beckon init"));
    assert!(bytes(&data.0).is_empty());
}
