//! The kill run: the real program is killed at any instant under load, again and again. Nothing that it
//! acknowledged is lost, and nobody gets a mail twice.
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
#[path = "kill/leave.rs"]
mod leave;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_programs_whoever_is_killed_or_frozen_nothing_is_lost_or_sent_twice() {
    let Some(database) = tokio::task::spawn_blocking(beckon_pgtest::database).await.unwrap() else { return };
    let (kills, seed) = (setting("BECKON_KILLS", 4), setting("BECKON_SEED", 1));
    let run = Run::open("kill-two", Some(database)).await;
    let doors = [run.program.doors(), (shop::free_port(), shop::free_port())];
    *run.program.beside.lock().unwrap() = Some(doors[1].0);
    let start = async |n: usize| {
        let mut child = run.program.spawn(FACTOR, doors[n].0, doors[n].1);
        run.program.ready(&mut child).await;
        child
    };
    let mut children = [start(0).await, start(1).await];
    let shoppers = run.shoppers();
    let mut chance = Chance::new(seed ^ 0xBEC0);
    for round in 0..kills {
        tokio::time::sleep(Duration::from_millis(200 + chance.below(2_800))).await;
        let n = (round % 2) as usize;
        if round % 3 == 2 {
            program::signal(&children[n], "-STOP");
            tokio::time::sleep(Duration::from_secs(3)).await;
            program::signal(&children[n], "-CONT");
            // If it owned the shop it finds that another does, and ends.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        children[n].kill().unwrap();
        children[n].wait().unwrap();
        children[n] = start(n).await;
    }
    run.done.stop.store(true, Ordering::Relaxed);
    for shopper in shoppers {
        shopper.await.unwrap();
    }
    *run.program.beside.lock().unwrap() = None;
    let [mut first, mut second] = children;
    // On a machine so busy that a lease of a second is not lengthened in time, an owner may have ended.
    if second.try_wait().unwrap().is_none() {
        run.program.stop(second).await;
    }
    if first.try_wait().unwrap().is_some() {
        first = start(0).await;
    }
    run.judge(first, kills, seed).await;
}

async fn kill(name: &str, database: Option<beckon_pgtest::Database>, kills: u64) {
    let seed = setting("BECKON_SEED", 1);
    let run = Run::open(name, database).await;
    let shoppers = run.shoppers();
    let mut chance = Chance::new(seed ^ 0xBEC0);
    for _ in 0..kills {
        let mut child = run.program.start(FACTOR).await;
        tokio::time::sleep(Duration::from_millis(200 + chance.below(2_800))).await;
        // On Unix this is SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let child = run.program.start(FACTOR).await;
    run.done.stop.store(true, Ordering::Relaxed);
    for shopper in shoppers {
        shopper.await.unwrap();
    }
    run.judge(child, kills, seed).await;
}

/// A shop under load, with a relay that writes down what it took.
struct Run {
    relay: Mailbox,
    log: std::path::PathBuf,
    program: Arc<Program>,
    done: Arc<Done>,
    began: Instant,
}

impl Run {
    async fn open(name: &str, database: Option<beckon_pgtest::Database>) -> Run {
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
        Run { relay, log, program, done: Arc::new(Done::default()), began: Instant::now() }
    }

    fn shoppers(&self) -> Vec<tokio::task::JoinHandle<()>> {
        let shopper = |n| tokio::spawn(load::shopper(n, self.program.clone(), self.done.clone()));
        (0..SHOPPERS).map(shopper).collect()
    }

    /// Lets the last program bring everything to its end, and looks whether anything is wrong.
    async fn judge(self, mut child: std::process::Child, kills: u64, seed: u64) {
        let Run { relay, log, program, done, began } = self;
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
