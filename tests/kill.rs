//! The kill run: the real program is killed at any instant under load, again and again. Nothing that it acknowledged is
//! lost, and nobody gets a mail twice.
//!
//! `BECKON_KILLS=100 cargo test -p beckon --test kill -- --nocapture` kills it a hundred times and prints the
//! counts; `BECKON_SEED` repeats a run as far as the machine's own timing lets it.

#![allow(clippy::unwrap_used)]

#[path = "kill/audit.rs"]
mod audit;
#[path = "support/bare.rs"]
mod bare;
#[path = "support/http.rs"]
mod http;
#[path = "kill/load.rs"]
mod load;
#[path = "kill/moves.rs"]
mod moves;
#[path = "kill/program.rs"]
mod program;
#[path = "support/shop.rs"]
mod shop;
#[path = "kill/standby.rs"]
mod standby;

use audit::Audit;
use beckon_sim::smtp::{Faults, JsonLines, Mailbox, Options, Step, What};
use load::{Chance, Done};
use program::Program;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Sessions to the relay.
const SESSIONS: usize = 8;
/// Shoppers at once.
const SHOPPERS: u64 = 24;
/// A quarter of an hour of the shop passes in a second.
const FACTOR: u32 = 900;
/// While it drains, time runs slower, so that the second letters of days later do not fall due.
const DRAIN_FACTOR: u32 = 60;

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A relay that is slow at the dot, so that kills find messages on their way, and that sometimes refuses.
fn faults() -> Faults {
    Faults::rule(|asked| {
        let draw = beckon_core::hash::hash(
            beckon_core::hash::Tag::Jitter,
            beckon_server::app::SHOP,
            &[asked.to.as_bytes(), &asked.attempt.to_le_bytes()],
        ) % 100;
        match asked.step {
            Step::Rcpt if draw < 4 => Some(What::Refuse(451)),
            Step::Rcpt if draw < 6 => Some(What::Refuse(550)),
            Step::Dot => Some(What::SlowMillis(5 + draw as u32)),
            _ => None,
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_instant_it_loses_nothing_and_sends_nothing_twice() {
    kill("kill", None, setting("BECKON_KILLS", 6)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_beside_postgresql_it_loses_nothing_either() {
    let database = tokio::task::spawn_blocking(beckon_pgtest::database).await.unwrap();
    if let Some(database) = database {
        kill("kill-server", Some(database), setting("BECKON_KILLS", 3)).await;
    }
}

async fn kill(name: &str, database: Option<beckon_pgtest::Database>, kills: u64) {
    let seed = setting("BECKON_SEED", 1);
    let log = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("{name}-relay-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&log);
    let relay = Mailbox::start(Options {
        addr: shop::free_port(),
        faults: faults(),
        keep: 0,
        sinks: vec![Arc::new(JsonLines::open(&log).unwrap())],
        ..Options::default()
    });
    let relay = relay.await.unwrap();
    let program = Arc::new(Program::set_up_in(name, relay.addr(), SESSIONS, database));
    let done = Arc::new(Done::default());
    let began = Instant::now();
    let shoppers: Vec<_> =
        (0..SHOPPERS).map(|n| tokio::spawn(load::shopper(n, program.clone(), done.clone()))).collect();
    let mut chance = Chance::new(seed ^ 0xBEC0);
    for _ in 0..kills {
        let mut child = program.start(FACTOR).await;
        tokio::time::sleep(Duration::from_millis(200 + chance.below(2_800))).await;
        // On Unix this is SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut child = program.start(FACTOR).await;
    done.stop.store(true, Ordering::Relaxed);
    for shopper in shoppers {
        shopper.await.unwrap();
    }
    let mut audit;
    let mut rounds = 0;
    loop {
        quiet(&relay).await;
        program.stop(child).await;
        let (place, at, did) = (program.place(), log.clone(), done.clone());
        audit = tokio::task::spawn_blocking(move || Audit::of(&place, &at, &did)).await.unwrap();
        rounds += 1;
        if audit.pending == 0 || rounds == 8 {
            break;
        }
        child = program.start(DRAIN_FACTOR).await;
    }
    let unknown = audit.approved.get("unknown").copied().unwrap_or(0);
    println!("kills: {kills}, seed: {seed}, {:.0} s, drained in {rounds}", began.elapsed().as_secs_f32());
    println!("{}", audit.counts.join("\n"));
    println!("unknown: {unknown}, at most {}", SESSIONS * kills as usize);
    if audit.pending > 0 {
        audit.violations.push(format!("{} messages never came to an end", audit.pending));
    }
    if unknown > SESSIONS * kills as usize {
        audit.violations.push(format!("{unknown} messages are unknown after {kills} kills"));
    }
    if !audit.approved.contains_key("sent") {
        audit.violations.push("nothing was sent: the run proves nothing".to_owned());
    }
    audit.check();
    let panics = program.log().lines().filter(|line| line.contains("panicked")).count();
    assert_eq!(panics, 0, "the program panicked:\n{}", program.log());
    std::fs::remove_dir_all(&program.dir).unwrap();
    std::fs::remove_file(&log).unwrap();
}

/// Comes back when the relay has taken nothing for a while that is hours to the shop.
async fn quiet(relay: &Mailbox) {
    let (mut last, mut since, began) = (relay.accepted(), Instant::now(), Instant::now());
    while since.elapsed() < Duration::from_secs(4) && began.elapsed() < Duration::from_secs(60) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if relay.accepted() != last {
            (last, since) = (relay.accepted(), Instant::now());
        }
    }
}
