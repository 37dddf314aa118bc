//! How fast ordinary events are committed, beside a bare probe of the same disk, and what they take on it.
//!
//! `cargo test --release -p beckon-store --test bench -- --ignored --nocapture --test-threads=1`
#![allow(clippy::unwrap_used)]

use beckon_core::hash::{Tag, hash};
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_store::*;
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SHOP: ShopId = ShopId(1);
const PROFILES: u64 = 100_000;
const BATCH: u64 = 64;
const ROUNDS: u64 = 5;
const BATCHES: u64 = 1_000;

fn draw(n: u64, salt: &[u8]) -> u64 {
    hash(Tag::Jitter, SHOP, &[&n.to_le_bytes(), salt])
}

fn profile_id(n: u64) -> ProfileId {
    ProfileId(draw(n, b"profile"))
}

fn body(n: u64) -> Vec<u8> {
    let (product, doors) = (draw(n, b"product") % 50_000, draw(n, b"door"));
    format!(
        r#"{{"name":"Product Viewed","at":{n},"product":{{"id":"SKU-{product}","category":"shoes","price":199000,"currency":"RUB"}},"page":"/shoes/{product}","session":"{doors:016x}","doors":["{doors:016x}"],"source":"browser"}}"#
    )
    .into_bytes()
}

type Value = dyn tokio_postgres::types::ToSql + Sync;

struct Ours {
    store: Store,
    versions: Vec<u64>,
    load: Duration,
}

impl Ours {
    fn open(place: &Place) -> Ours {
        let store = Store::open_at(place, &Options::default()).unwrap();
        let mut ours = Ours { store, versions: vec![0; PROFILES as usize], load: Duration::ZERO };
        for from in (0..PROFILES).step_by(1_000) {
            let profiles = (from..from + 1_000).map(|p| ours.profile(p)).collect();
            ours.store.commit(&Commit { profiles, ..Commit::default() }).unwrap();
        }
        ours
    }

    fn profile(&mut self, p: u64) -> ProfileWrite {
        self.versions[p as usize] += 1;
        let version = self.versions[p as usize];
        let hot = vec![version as u8; 400];
        ProfileWrite { shop: SHOP, id: profile_id(p), version, hot, warm: None, due: None, woken: false }
    }

    /// Loads what a batch of views needs and commits it: a profile and an event each.
    fn batch(&mut self, first: u64) {
        let who: Vec<u64> = (first..first + BATCH).map(|n| draw(n, b"who") % PROFILES).collect();
        let begun = Instant::now();
        let wanted = Wanted {
            events: (0..BATCH)
                .map(|k| (SHOP, profile_id(who[k as usize]).bucket(), draw(first + k, b"event")))
                .collect(),
            profiles: who.iter().map(|p| (SHOP, profile_id(*p), false)).collect(),
            ..Wanted::default()
        };
        let found = self.store.load(&wanted).unwrap();
        assert!(found.profiles.len() == BATCH as usize && found.events.is_empty());
        self.load += begun.elapsed();
        let mut commit = Commit::default();
        for (k, p) in who.iter().enumerate() {
            let n = first + k as u64;
            if !who[..k].contains(p) {
                let write = self.profile(*p);
                commit.profiles.push(write);
            }
            let (profile, number, at) =
                (profile_id(*p), draw(n, b"event"), ShopTime(1_700_000_000_000 + n as i64));
            commit.events.push(EventWrite { shop: SHOP, profile, number, at, body: body(n) });
        }
        self.store.commit(&commit).unwrap();
    }
}

/// One table and one index, the same settings, nothing checked.
fn probe(dir: &Path) -> Connection {
    let conn = Connection::open(dir.join("probe.db")).unwrap();
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    conn.pragma_update(None, "synchronous", "FULL").unwrap();
    conn.pragma_update(None, "cache_size", -65_536).unwrap();
    conn.execute_batch(
        "CREATE TABLE event (seq INTEGER PRIMARY KEY, profile INTEGER, at INTEGER, body BLOB);
        CREATE INDEX event_profile ON event (profile, at);",
    )
    .unwrap();
    conn
}

fn probe_batch(conn: &mut Connection, first: u64) {
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let mut insert = tx.prepare_cached("INSERT INTO event (profile, at, body) VALUES (?1, ?2, ?3)").unwrap();
    for n in first..first + BATCH {
        let profile = profile_id(draw(n, b"who") % PROFILES).0 as i64;
        insert.execute(params![profile, 1_700_000_000_000 + n as i64, body(n)]).unwrap();
    }
    drop(insert);
    tx.commit().unwrap();
}

fn rate(times: &mut [Duration]) -> (f64, Duration, Duration) {
    let total: Duration = times.iter().sum();
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    (times.len() as f64 * BATCH as f64 / total.as_secs_f64(), at(0.5), at(0.99))
}

fn temporary() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("store-bench-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// Ours and the probe in turns, so that what else the machine does meets both.
fn in_turns(ours: &mut Ours, probe: &mut dyn FnMut(u64)) {
    for round in 0..ROUNDS {
        let from = round * BATCHES * BATCH;
        let timed = |work: &mut dyn FnMut(u64)| -> Vec<Duration> {
            (0..BATCHES)
                .map(|batch| {
                    let begun = Instant::now();
                    work(from + batch * BATCH);
                    begun.elapsed()
                })
                .collect()
        };
        let (a, a50, a99) = rate(&mut timed(probe));
        ours.load = Duration::ZERO;
        let (b, b50, b99) = rate(&mut timed(&mut |first| ours.batch(first)));
        let load = ours.load / BATCHES as u32;
        println!(
            "probe {a:.0}/s (p50 {a50:?}, p99 {a99:?})  ours {b:.0}/s (p50 {b50:?}, p99 {b99:?}, of it load \
            {load:?})  ratio {:.2}",
            b / a
        );
    }
}

#[test]
#[ignore = "takes minutes; for figures"]
fn ordinary_events_beside_a_bare_probe() {
    let dir = temporary();
    let mut conn = probe(&dir);
    let mut ours = Ours::open(&Place::Directory(dir.join("ours")));
    let size = |file: &str| std::fs::metadata(dir.join(file)).map_or(0, |m| m.len());
    in_turns(&mut ours, &mut |first| probe_batch(&mut conn, first));
    let events = ROUNDS * BATCHES * BATCH;
    let empty = PROFILES * 440;
    println!("log {} MB", size("ours/customers.db-wal") / 1_000_000);
    drop(ours);
    let bytes = size("ours/customers.db");
    println!(
        "{events} events and {PROFILES} profiles: {} MB, about {} MB per million events beside the profiles",
        bytes / 1_000_000,
        (bytes - empty) / events
    );
    let _ = std::fs::remove_dir_all(&dir);
}

/// The same beside a loop that inserts rows of `VALUES` on one connection, prepared, each batch a
/// transaction: one table and one index, nothing checked. PostgreSQL syncs each commit, as it does in
/// earnest.
#[test]
#[ignore = "takes minutes; for figures"]
fn ordinary_events_on_a_server_beside_a_bare_probe() {
    let conf = "fsync = on\nshared_buffers = 512MB\nmax_wal_size = 4GB";
    let Some(own) = beckon_pgtest::Own::start(conf) else { return };
    own.sql(
        "CREATE TABLE probe (seq bigserial PRIMARY KEY, profile bigint, at bigint, body bytea);
        CREATE INDEX probe_profile ON probe (profile, at)",
    );
    let mut ours = Ours::open(&Place::read(&own.url()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (client, insert) = runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&own.url(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let rows: Vec<String> =
            (0..BATCH).map(|n| format!("(${}, ${}, ${})", n * 3 + 1, n * 3 + 2, n * 3 + 3)).collect();
        let sql = format!("INSERT INTO probe (profile, at, body) VALUES {}", rows.join(", "));
        let insert = client.prepare(&sql).await.unwrap();
        (client, insert)
    });
    in_turns(&mut ours, &mut |first| {
        let rows: Vec<(i64, i64, Vec<u8>)> = (first..first + BATCH)
            .map(|n| {
                let profile = profile_id(draw(n, b"who") % PROFILES).0 as i64;
                (profile, 1_700_000_000_000 + n as i64, body(n))
            })
            .collect();
        let mut values: Vec<&Value> = Vec::new();
        for (profile, at, body) in &rows {
            values.push(profile);
            values.push(at);
            values.push(body);
        }
        runtime.block_on(client.execute(&insert, &values)).unwrap();
    });
    own.sql("VACUUM ANALYZE");
}
