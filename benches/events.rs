//! Events over HTTP, the whole path: validate, identify, decide, due, durable; beside a bare endpoint that only parses
//! and keeps them in SQLite with one index and a commit for all that waits.
//!
//! `cargo bench -p beckon --bench events`; `-- --rounds 3` for fewer rounds, `--way 2` for one way of sending.
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

mod support;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::post;
use beckon_server::serve;
use beckon_sim::load::send_all;
use beckon_sim::traffic::Traffic;
use rusqlite::{Connection, TransactionBehavior, params};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use support::shop::{config, prepare, timestamp, wall_now};
use support::{Dir, arg, head, quantile_ms, row};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Shoppers of whom events are sent.
const SHOPPERS: u64 = 20_000;
/// A way of sending: its name, connections, requests of a round, events of a request.
const WAYS: [(&str, usize, usize, usize); 3] = [
    ("single, 64 connections", 64, 12_000, 1),
    ("single, 8 connections", 8, 6_000, 1),
    ("batches of 100, 8", 8, 300, 100),
];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run());
}

async fn run() {
    let (ours_dir, probe_dir) = (Dir::new("events"), Dir::new("events-probe"));
    let (keys, products) = prepare(&ours_dir.0, None);
    let running = serve::start(config(&ours_dir.0, None, 1), None).await.unwrap();
    let probe = probe(&probe_dir.0).await;
    let mut traffic = Traffic::new(1, SHOPPERS, products, &keys.write_key);
    let known = Arc::new(traffic.batches(SHOPPERS as usize * 2 / 100, 100, &timestamp(wall_now())));
    for addr in [probe, running.public] {
        send_all(addr, 8, Arc::clone(&known)).await.unwrap();
    }
    head("events, whole path, over HTTP", "cargo bench -p beckon --bench events");
    let chosen = arg("--way", usize::MAX);
    let ways = WAYS.into_iter().enumerate().filter(|(at, _)| chosen > WAYS.len() || *at == chosen);
    for (_, (name, connections, requests, size)) in ways {
        let mut rates = [Vec::new(), Vec::new()];
        let mut written = [Vec::new(), Vec::new()];
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..arg("--rounds", 5) {
            let at = timestamp(wall_now());
            let requests =
                if size == 1 { traffic.singles(requests, &at) } else { traffic.batches(requests, size, &at) };
            let requests = Arc::new(requests);
            for (who, addr) in [probe, running.public].into_iter().enumerate() {
                let before = written_kb();
                let sent = send_all(addr, connections, Arc::clone(&requests)).await.unwrap();
                assert_eq!(sent.refused, 0);
                written[who].push((written_kb() - before) / (requests.len() * size) as f64);
                rates[who].push((requests.len() * size) as f64 / sent.whole.as_secs_f64());
                times[who].push(sent.each);
            }
        }
        row(&format!("{name}, events/s"), &rates[0], &rates[1]);
        row(&format!("{name}, KB to disk each"), &written[0], &written[1]);
        for (share, what) in [(0.5, "p50, ms"), (0.99, "p99, ms")] {
            let [probe, ours] = [0, 1]
                .map(|who| times[who].iter_mut().map(|each| quantile_ms(each, share)).collect::<Vec<_>>());
            row(&format!("{name}, {what}"), &probe, &ours);
        }
    }
    running.stop().await;
}

/// What this process gave to the disk so far (`write_bytes` of proc(5)), in KB.
fn written_kb() -> f64 {
    let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
    let line = io.lines().find_map(|line| line.strip_prefix("write_bytes: ")).unwrap_or_default();
    line.parse().unwrap_or(f64::NAN) / 1_024.0
}

/// An event as the probe understands it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Call {
    anonymous_id: String,
    timestamp: String,
}

#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow)]
    batch: Vec<&'a RawValue>,
}

/// Rows of one request, and who waits for them.
type Rows = (Vec<(i64, i64, Vec<u8>)>, oneshot::Sender<()>);

/// The bare endpoint.
async fn probe(dir: &std::path::Path) -> SocketAddr {
    let conn = Connection::open(dir.join("probe.db")).unwrap();
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    conn.pragma_update(None, "synchronous", "FULL").unwrap();
    conn.pragma_update(None, "cache_size", -65_536).unwrap();
    conn.execute_batch(
        "CREATE TABLE event (seq INTEGER PRIMARY KEY, profile INTEGER, at INTEGER, body BLOB);
        CREATE INDEX event_profile ON event (profile, at);",
    )
    .unwrap();
    let (sender, queue) = sync_channel(4_096);
    std::thread::spawn(move || write(conn, &queue));
    let router = Router::new().route("/v1/{call}", post(take)).with_state(sender);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    addr
}

async fn take(State(queue): State<SyncSender<Rows>>, Path(name): Path<String>, body: Bytes) -> &'static str {
    let row = |text: &[u8]| {
        let call: Call = serde_json::from_slice(text).unwrap();
        let mut hasher = DefaultHasher::new();
        call.anonymous_id.hash(&mut hasher);
        let at: jiff::Timestamp = call.timestamp.parse().unwrap();
        (hasher.finish() as i64, at.as_millisecond(), text.to_vec())
    };
    let rows = if name == "batch" {
        let all: Batch = serde_json::from_slice(&body).unwrap();
        all.batch.iter().map(|raw| row(raw.get().as_bytes())).collect()
    } else {
        vec![row(&body)]
    };
    let (reply, done) = oneshot::channel();
    queue.send((rows, reply)).unwrap();
    done.await.unwrap();
    r#"{"success":true}"#
}

/// One writer: whatever waits is one commit.
fn write(mut conn: Connection, queue: &Receiver<Rows>) {
    while let Ok(first) = queue.recv() {
        let mut waiting = vec![first];
        let mut events = waiting[0].0.len();
        while events < 512
            && let Ok(next) = queue.try_recv()
        {
            events += next.0.len();
            waiting.push(next);
        }
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let mut insert =
            tx.prepare_cached("INSERT INTO event (profile, at, body) VALUES (?1, ?2, ?3)").unwrap();
        for (profile, at, body) in waiting.iter().flat_map(|(rows, _)| rows) {
            insert.execute(params![profile, at, body]).unwrap();
        }
        drop(insert);
        tx.commit().unwrap();
        for (_, reply) in waiting {
            // A client that gave up has nothing to be told.
            let _ = reply.send(());
        }
    }
}
