//! The kill run: the real program is killed at any instant under load, again and again. Nothing that it acknowledged is
//! lost, and nobody gets a mail twice.
//!
//! `BECKON_KILLS=100 cargo test -p beckon --test kill -- --nocapture` kills it a hundred times and prints the
//! counts; `BECKON_SEED` repeats a run as far as the machine's own timing lets it.

#![allow(clippy::unwrap_used)]

#[path = "support/audit.rs"]
mod audit;
#[path = "support/bare.rs"]
mod bare;
#[path = "support/http.rs"]
mod http;
#[path = "kill/leave.rs"]
mod leave;
#[path = "support/load.rs"]
mod load;
#[path = "kill/moves.rs"]
mod moves;
#[path = "support/program.rs"]
mod program;
#[path = "support/run.rs"]
mod run;
#[path = "support/shop.rs"]
mod shop;
#[path = "kill/standby.rs"]
mod standby;

use run::{Run, SESSIONS, setting};
use std::time::Duration;

/// A quarter of an hour of the shop passes in a second.
const FACTOR: u32 = 900;
/// Shoppers at once.
const SHOPPERS: u64 = 24;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_instant_it_loses_nothing_and_sends_nothing_twice() {
    kill(Run::begin("kill", (SHOPPERS, None), None, None).await, setting("BECKON_KILLS", 6)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_beside_postgresql_it_loses_nothing_either() {
    let database = tokio::task::spawn_blocking(beckon_pgtest::database).await.unwrap();
    if let Some(database) = database {
        let run = Run::begin("kill-server", (SHOPPERS, None), Some(database), None).await;
        kill(run, setting("BECKON_KILLS", 3)).await;
    }
}

async fn kill(run: Run, kills: u64) {
    let mut chance = load::Chance::new(setting("BECKON_SEED", 1) ^ 0xBEC0);
    for _ in 0..kills {
        let mut child = run.program.start(FACTOR).await;
        tokio::time::sleep(Duration::from_millis(200 + chance.below(2_800))).await;
        // On Unix this is SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let child = run.program.start(FACTOR).await;
    let audit = run.end(vec![child], SESSIONS * kills as usize).await;
    println!("kills: {kills}\n{}", audit.counts.join("\n"));
}
