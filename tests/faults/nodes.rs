//! Two programs on one database; the one that owns the shop is killed, or frozen beyond its lease.

use crate::figures;
use crate::load::Chance;
use crate::node::{GONE_AFTER, Node, until};
use crate::run::{Run, SESSIONS, setting};
use std::time::Duration;

/// Shoppers at once.
const SHOPPERS: u64 = 8;
/// The line with which a program ends that comes too late.
const LATE: &str = "another program took the shop over, so this one ends";

/// A shop in a database, with two programs.
async fn two(name: &str) -> Option<(Run, [Node; 2])> {
    let database = tokio::task::spawn_blocking(beckon_pgtest::database).await.unwrap()?;
    let run = Run::begin(name, (SHOPPERS, Some(GONE_AFTER)), Some(database), None).await;
    let nodes = [Node::start(&run.program).await, Node::start(&run.program).await];
    run.program.set_fronts(nodes.iter().map(|node| node.public).collect());
    Some((run, nodes))
}

/// The one that owns the shop, and the other.
async fn by_role(nodes: [Node; 2]) -> (Node, Node) {
    until("one of them owns the shop", async || nodes[0].owns().await || nodes[1].owns().await).await;
    let [first, second] = nodes;
    if first.owns().await { (first, second) } else { (second, first) }
}

fn longest(took: &[Duration]) -> f32 {
    took.iter().max().map_or(0.0, Duration::as_secs_f32)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_that_is_killed_loses_nothing_and_the_other_goes_on() {
    let Some((run, mut nodes)) = two("faults-kill").await else { return };
    let (kills, mut took) = (setting("BECKON_NODE_KILLS", 2), Vec::new());
    let mut chance = Chance::new(setting("BECKON_SEED", 1) ^ 0x2AB1);
    for _ in 0..kills {
        let (mut owner, other) = by_role(nodes).await;
        // At any instant of its work.
        tokio::time::sleep(Duration::from_millis(100 + chance.below(1_500))).await;
        owner.child.kill().unwrap();
        owner.child.wait().unwrap();
        took.push(other.takes_over().await);
        nodes = [Node::start_at(&run.program, owner.public, owner.admin).await, other];
    }
    let audit = run.end(nodes.map(|node| node.child).into(), SESSIONS * kills as usize).await;
    figures(
        &format!("killed {kills} times"),
        &audit,
        0,
        &format!(", taken over within {:.1} s", longest(&took)),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_that_freezes_beyond_its_lease_writes_nothing_when_it_wakes() {
    let Some((run, mut nodes)) = two("faults-freeze").await else { return };
    let (freezes, mut took) = (setting("BECKON_FREEZES", 1), Vec::new());
    let mut chance = Chance::new(setting("BECKON_SEED", 1) ^ 0xF5EE);
    for _ in 0..freezes {
        let (owner, other) = by_role(nodes).await;
        tokio::time::sleep(Duration::from_millis(100 + chance.below(900))).await;
        owner.signal("-STOP");
        took.push(other.takes_over().await);
        // In full it sleeps on, while the other works.
        tokio::time::sleep(Duration::from_secs(setting("BECKON_FROZEN_SECS", 0))).await;
        owner.signal("-CONT");
        let (public, admin) = (owner.public, owner.admin);
        assert!(!owner.ended().await.success(), "who wakes late ends, and says so");
        nodes = [Node::start_at(&run.program, public, admin).await, other];
    }
    let fenced = run.program.log().lines().filter(|line| line.contains(LATE)).count();
    let log = run.program.log();
    let audit = run.end(nodes.map(|node| node.child).into(), SESSIONS * freezes as usize).await;
    figures(
        &format!("frozen {freezes} times"),
        &audit,
        fenced,
        &format!(", taken over within {:.1} s", longest(&took)),
    );
    assert_eq!(fenced, freezes as usize, "{log}");
}
