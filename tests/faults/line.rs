//! The line between a program and its database: slow, cut, and half-open, when it swallows everything and closes
//! nothing.

use crate::figures;
use crate::node::{Node, until};
use crate::run::{Run, SESSIONS};
use beckon_pgtest::{Line, Proxy};
use beckon_store::{Options, Place, Store};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Shoppers at once.
const SHOPPERS: u64 = 6;
/// Seconds of the lease: half of what a program has by itself, long enough for a line to be given up within it.
const LEASE_SECS: u32 = 4;

/// Waits until events are taken; how long that took.
async fn taken(node: &Node, run: &Run, id: &str) -> Duration {
    let posted = async || node.post(&run.program, id).await.is_ok_and(|answer| answer.status == 200);
    until("events are taken", posted).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_is_slow_or_cut_or_half_open_loses_nothing_and_is_noticed_within_the_lease() {
    let Some(database) = tokio::task::spawn_blocking(beckon_pgtest::database).await.unwrap() else { return };
    let proxy = Proxy::before(database.port());
    let (far, near) = (proxy.url(&database.url), database.url.clone());
    // The line is away for longer than a start stays fresh: nobody can be said to have been forgotten.
    let run = Run::begin("faults-line", (SHOPPERS, Some(Duration::ZERO)), None, Some(far)).await;
    run.program.lease_secs.store(LEASE_SECS, Ordering::Relaxed);
    let first = Node::start_at(&run.program, run.program.public, run.program.admin).await;
    let count = || run.done.acknowledged.lock().unwrap().len();
    until("shoppers come", async || count() > 10).await;

    proxy.set(Line::Slow(50, 200));
    let (before, began) = (count(), Instant::now());
    until("shoppers come, slowly", async || count() > before + 5).await;
    let slow = (count() - before) as f32 / began.elapsed().as_secs_f32();
    assert_eq!(first.health().await.unwrap().0, 200, "slow is not broken");

    proxy.set(Line::Dead);
    let refused = async || first.post(&run.program, "cut").await.is_ok_and(|answer| answer.status == 503);
    until("events are refused", refused).await;
    proxy.set(Line::Whole);
    let cut = taken(&first, &run, "cut").await;
    first.is_ready().await;

    // Half-open, and nobody else is there: it goes on when the line does.
    proxy.set(Line::Silent);
    let silent = Instant::now();
    let (status, words) = first.health().await.unwrap();
    let store = words["store"].as_str().unwrap();
    assert!(
        status == 503 && (store.starts_with("does not answer") || store.starts_with("cannot be read")),
        "{words}"
    );
    let refused = first.post(&run.program, "half-open").await.unwrap();
    let noticed = silent.elapsed();
    assert_eq!(refused.status, 503, "{}", refused.body);
    proxy.set(Line::Whole);
    let again = taken(&first, &run, "half-open").await;
    first.is_ready().await;
    let store = Store::open_at(&Place::read(&near), &Options::default()).unwrap();
    let runs = || {
        store.nodes().unwrap().iter().any(|node| node.epoch.is_some() && node.left > Duration::from_secs(2))
    };
    until("its lease runs again", async || runs()).await;

    // Half-open, and another stands by on a line of its own.
    let second = Node::start_by(&run.program, &near).await;
    run.program.set_fronts(vec![first.public, second.public]);
    proxy.set(Line::Silent);
    let moved = second.takes_over().await;
    proxy.set(Line::Whole);
    assert!(!first.ended().await.success(), "who comes late ends, and says so");
    run.program.set_fronts(vec![second.public]);
    run.done.acknowledged.lock().unwrap().extend(["cut", "half-open"].map(str::to_owned));
    let log = run.program.log();
    let audit = run.end(vec![second.child], SESSIONS).await;
    let more = format!(
        ", {slow:.0} events/s at 50-200 ms each way, after a cut taken again in {:.1} s, half-open noticed in {:.1} s \
         and taken again in {:.1} s, taken over in {:.1} s",
        cut.as_secs_f32(),
        noticed.as_secs_f32(),
        again.as_secs_f32(),
        moved.as_secs_f32()
    );
    figures("line slow, cut, half-open twice", &audit, 1, &more);
    let lease = Duration::from_secs(u64::from(LEASE_SECS));
    assert!(noticed < lease + Duration::from_secs(1), "noticed in {noticed:?}\n{log}");
    // The lease, and what taking over takes.
    assert!(moved < lease + Duration::from_secs(4), "taken over in {moved:?}");
}
