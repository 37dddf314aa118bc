//! Sessions against a server that misbehaves at every step, and against ones scripted line by line.

mod outcomes;
mod reuse;
mod scripted;
mod tls;

use super::{Envelope, Patience, Pool, Settings};
use crate::outcome::Outcome;
use beckon_sim::smtp::{Faults, Mailbox, Options};
use std::net::SocketAddr;
use std::time::Duration;

/// How long a test waits for an answer that comes: long, so that a busy machine fails no test.
const LONG: Duration = Duration::from_secs(30);
/// How long a test waits for a server that never answers.
const SHORT: Duration = Duration::from_millis(1_500);

async fn mailbox(faults: Faults) -> Mailbox {
    Mailbox::start(Options { faults, ..Options::default() }).await.unwrap()
}

fn settings(addr: SocketAddr) -> Settings {
    let mut settings = Settings::parse(&format!("smtp://{addr}")).unwrap();
    settings.patience = patience(LONG);
    settings
}

fn patience(each: Duration) -> Patience {
    Patience { connect: each, greeting: each, command: each, body: each, dot: each }
}

/// One message from nothing to its outcome.
async fn send(pool: &Pool, to: &str, mime: &[u8]) -> Outcome {
    match pool.ready().await {
        Ok(slot) => slot.send(&Envelope { from: "bounce@example.test", to }, mime).await,
        Err(outcome) => outcome,
    }
}

/// The first word of an outcome, and what it says.
fn told(outcome: &Outcome) -> (&'static str, &str) {
    match outcome {
        Outcome::Sent { response } => ("sent", response),
        Outcome::Retry { why, .. } => ("retry", why),
        Outcome::Never { why } => ("never", why),
        Outcome::Unknown { why } => ("unknown", why),
    }
}
