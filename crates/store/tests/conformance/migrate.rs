//! A shop carried over from a directory: stopped anywhere it goes on, and then everything is there once.

use crate::world::*;
use beckon_core::catalogue::{Category, Offer};
use beckon_core::ids::*;
use beckon_core::time::{ShopTime, WallTime};
use beckon_store::migrate::{Progress, Step, migrate};
use beckon_store::shop::*;
use beckon_store::*;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

const FROM: &str = "BECKON_STORE_MIGRATE_FROM";
const TO: &str = "BECKON_STORE_MIGRATE_TO";

/// A shop with rows in every table, more of some than fit into one slice.
fn furnish(dir: &Path) {
    let store = Store::open(dir, &Options::default()).unwrap();
    for n in 0..3u64 {
        let profiles = (0..1_200u64).map(|k| ProfileWrite {
            warm: Some(b"warm".to_vec()),
            due: (k % 2 == 0).then_some(ShopTime(k as i64)),
            ..profile(profile_id(k), n + 1)
        });
        let count = |hour| CountDelta {
            shop: SHOP,
            hour,
            journey: "cart".to_owned(),
            step: "first".to_owned(),
            metric: "sent".to_owned(),
            n: 2,
        };
        store
            .commit(&Commit {
                now: ShopTime(77),
                profiles: profiles.collect(),
                identities: (0..40).map(|k| identity(k as u16 * 13, n * 40 + k, profile_id(k))).collect(),
                events: (0..1_100).map(|k| event(profile_id(k), n)).collect(),
                messages: (0..30).map(|k| new_message(message(n * 30 + k))).collect(),
                journal: vec![JournalWrite {
                    shop: SHOP,
                    profile: profile_id(n),
                    at: ShopTime(3),
                    body: vec![0, 255],
                }],
                letters: vec![letter(n)],
                counts: vec![count(n as u32), count(100)],
                seen: vec![SeenWrite { shop: SHOP, bucket: Bucket(3), number: n, at: ShopTime(4) }],
                ..Commit::default()
            })
            .unwrap();
    }
    let plane = ShopPlane::open(dir).unwrap();
    for (version, body) in [(0, "{\"a\":1}"), (1, "{\"a\":2}")] {
        let (kind, name, at) = ("journey", "корзина", WallTime(9));
        let body = Some(body);
        let write = DocumentWrite { shop: SHOP, kind, name, expected_version: version, body, at, by: "anna" };
        plane.put(&write).unwrap();
    }
    plane.keep_texts(SHOP, &[(u64::MAX, "текст")]).unwrap();
    plane.use_key(SHOP, "k", WallTime(5)).unwrap();
    let offers: Vec<Offer> = (0..1_500)
        .map(|n| Offer {
            id: format!("SKU-{n}"),
            title: if n == 7 { "Ни\0ль".to_owned() } else { format!("Чайник {n}") },
            available: n % 3 == 0,
            stock: (n % 2 == 0).then_some(n),
            ..Offer::default()
        })
        .collect();
    let mut import = plane.import(SHOP, ShopTime(1)).unwrap();
    import.put(&offers).unwrap();
    import.category(&Category { id: "1".into(), parent: String::new(), name: "Посуда".into() }).unwrap();
    import.finish(0.5).unwrap();
}

fn carry(dir: &Dir, url: &str) -> Result<beckon_store::migrate::Report> {
    migrate(&dir.0, url, false, "2026-11-23", &mut |_| {})
}

/// Everything that is seen of a shop.
fn seen(place: &Place) -> String {
    let (store, plane) =
        (Store::open_at(place, &Options::default()).unwrap(), ShopPlane::open_at(place).unwrap());
    let ids: Vec<_> = (0..1_200).map(profile_id).collect();
    let filter = MessageFilter { shop: SHOP, ..MessageFilter::default() };
    let profiles = store.profiles(SHOP, &ids).unwrap();
    assert_eq!(profiles.len(), 1_200);
    format!(
        "{:?}",
        (
            (profiles, store.events(0, 10_000).unwrap(), store.messages(&filter, None, 1_000).unwrap()),
            (store.customers(SHOP, None, 1_000).unwrap(), store.letters(10).unwrap(), store.head().unwrap()),
            (
                store.wakeups(ShopTime(9_999), 2_000).unwrap().len(),
                store.numbers(SHOP, None, (0, 999)).unwrap()
            ),
            (store.timeline(SHOP, &ids[..3], None, 100).unwrap(), store.waiting().unwrap()),
            (
                plane.version().unwrap(),
                plane.changed_since(0).unwrap(),
                plane.past(SHOP, "journey", "корзина").unwrap()
            ),
            (
                plane.cards(SHOP, None, 9_999).unwrap(),
                plane.page(SHOP, Some("ЧАЙНИК 99"), None, None, 99).unwrap()
            ),
            (plane.categories(SHOP).unwrap(), plane.catalogue_version(SHOP).unwrap()),
            plane.audit(SHOP, &AuditFilter::default(), None, 99).unwrap(),
            (
                plane.import_reports(SHOP, 9).unwrap(),
                plane.text(SHOP, u64::MAX).unwrap(),
                plane.key_uses(SHOP).unwrap()
            ),
        )
    )
}

#[test]
fn a_shop_arrives_whole_paused_and_leaves_word_where_it_was() {
    let Some(database) = beckon_pgtest::database() else { return };
    let (dir, place) = (Dir::new(), Place::read(&database.url));
    furnish(&dir.0);
    let before = seen(&Place::Directory(dir.0.clone()));
    let served = Store::open(&dir.0, &Options::default()).unwrap();
    let why = carry(&dir, &database.url).unwrap_err().to_string();
    assert!(why.contains("in use by process"), "{why}");
    drop(served);
    let report = carry(&dir, &database.url).unwrap();
    let rows = |name: &str| report.tables.iter().find(|(table, ..)| *table == name).unwrap().1;
    assert_eq!((rows("profile"), rows("event"), rows("offer"), rows("audit")), (1_200, 3_072, 1_500, 2));
    assert_eq!(seen(&place), before);
    let store = Store::open_at(&place, &Options::default()).unwrap();
    assert!(store.suspicion().unwrap().contains("carried over from a directory"));
    store.accept_origin().unwrap();
    // What comes next is numbered after what was brought, and orders after it.
    let last = store.events(0, 10_000).unwrap().pop().unwrap().0;
    store.commit(&Commit { events: vec![event(profile_id(5), 99)], ..Commit::default() }).unwrap();
    assert!(store.events(last, 9).unwrap().len() == 1);
    let moved = [Store::open(&dir.0, &Options::default()).err(), ShopPlane::open(&dir.0).err()];
    assert!(moved.iter().all(|why| why.as_ref().unwrap().to_string().contains("carried over to PostgreSQL")));
    assert!(carry(&dir, &database.url).unwrap().was_done);
    std::fs::remove_file(dir.0.join("moved-to-postgresql")).unwrap();
    assert_eq!(seen(&Place::Directory(dir.0.clone())), before, "the directory is as it was");
}

#[test]
fn a_database_of_another_shop_is_refused() {
    let (Some(database), Some(other)) = (beckon_pgtest::database(), beckon_pgtest::database()) else {
        return;
    };
    let (dir, second) = (Dir::new(), Dir::new());
    furnish(&dir.0);
    furnish(&second.0);
    let plane = ShopPlane::open_server(&database.url).unwrap();
    let at = WallTime(1);
    let write = DocumentWrite {
        shop: SHOP,
        kind: "shop",
        name: "main",
        expected_version: 0,
        body: Some("{}"),
        at,
        by: "a",
    };
    plane.put(&write).unwrap();
    let why = carry(&dir, &database.url).unwrap_err().to_string();
    assert!(why.contains("holds another shop"), "{why}");
    // Stopped in the middle it is nobody's, and only the same shop may go on.
    let stopped = std::panic::catch_unwind(|| {
        migrate(&dir.0, &other.url, true, "now", &mut |at| assert!(at.table != "event", "on purpose"))
    });
    assert!(stopped.is_err());
    let half = Store::open_server(&other.url).err().unwrap().to_string();
    assert!(half.contains("has not arrived"), "{half}");
    assert!(ShopPlane::open_server(&other.url).is_err());
    let why = carry(&second, &other.url).unwrap_err().to_string();
    assert!(why.contains("half carried"), "{why}");
    // What somebody changed meanwhile is found and named.
    other.sql("UPDATE profile SET hot = '' WHERE version = 3 AND bucket < 3");
    let why = carry(&dir, &other.url).unwrap_err().to_string();
    assert!(why.contains("profile: the row of bucket") && why.contains("has another hot"), "{why}");
    assert!(Store::open_server(&other.url).is_err(), "what differs is not served");
    assert!(Store::open(&dir.0, &Options::default()).is_ok(), "the shop is still where it was");
}

/// Not a test of its own: the process that is killed.
#[test]
fn child() {
    let (Ok(from), Ok(to)) = (std::env::var(FROM), std::env::var(TO)) else { return };
    let tell = &mut |at: Progress| println!("at {} {} {}", at.table, at.rows, at.step == Step::Carry);
    migrate(from.as_ref(), &to, true, "now", tell).unwrap();
    println!("at the end");
}

#[test]
fn killed_again_and_again_it_goes_on_and_brings_everything_once() {
    let Some(database) = beckon_pgtest::database() else { return };
    let dir = Dir::new();
    furnish(&dir.0);
    let before = seen(&Place::Directory(dir.0.clone()));
    let mut ended = false;
    for kill in 1..40usize {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["migrate::child", "--exact", "--nocapture", "--test-threads=1"])
            .env(FROM, &dir.0)
            .env(TO, &database.url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Each goes a little further into what is left than the one before.
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = lines.map_while(Result::ok).filter(|line| line.contains("at "));
        ended = told.by_ref().take(kill * 9).any(|line| line.contains("at the end"));
        child.kill().unwrap();
        child.wait().unwrap();
        if ended {
            break;
        }
    }
    assert!(ended, "it never came to its end");
    assert_eq!(seen(&Place::read(&database.url)), before);
    let store = Store::open_server(&database.url).unwrap();
    assert_eq!(store.suspicion(), None, "it was accepted beforehand");
}
