//! A shop under load to which something is done, again and again, and the account at the end: nothing that was
//! acknowledged is lost, and nobody gets a mail twice.

use crate::audit::Audit;
use crate::load::{self, Done};
use crate::program::Program;
use crate::shop;
use beckon_pgtest::Database;
use beckon_sim::smtp::{Faults, JsonLines, Mailbox, Options, Step, What};
use std::path::PathBuf;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Sessions to the relay of each program.
pub const SESSIONS: usize = 8;
/// While it drains, time runs slower, so that the second letters of days later do not fall due.
const DRAIN_FACTOR: u32 = 60;

/// A number that whoever runs the tests may set.
pub fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// A relay that is slow at the dot, so that faults find messages on their way, and that sometimes refuses.
fn refusals() -> Faults {
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

/// A shop, its relay and its shoppers.
pub struct Run {
    /// The shop.
    pub program: Arc<Program>,
    /// What the shoppers did.
    pub done: Arc<Done>,
    relay: Mailbox,
    log: PathBuf,
    shoppers: Vec<JoinHandle<()>>,
    began: Instant,
}

impl Run {
    /// Sets a shop up, in a directory, in this database, or where the URL says, and lets shoppers in. No program runs
    /// yet.
    pub async fn begin(
        name: &str,
        (shoppers, gone_after): (u64, Option<Duration>),
        database: Option<Database>,
        url: Option<String>,
    ) -> Run {
        let log = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("{name}-relay-{}.jsonl", std::process::id()));
        let _ = std::fs::remove_file(&log);
        let relay = Mailbox::start(Options {
            addr: shop::free_port(),
            faults: refusals(),
            keep: 0,
            sinks: vec![Arc::new(JsonLines::open(&log).unwrap())],
            ..Options::default()
        });
        let relay = relay.await.unwrap();
        let (name, smtp) = (name.to_owned(), relay.addr());
        let set_up = move || match url {
            Some(url) => Program::set_up_at(&name, smtp, SESSIONS, Some(url)),
            None => Program::set_up_in(&name, smtp, SESSIONS, database),
        };
        let program = Arc::new(tokio::task::spawn_blocking(set_up).await.unwrap());
        let done = Arc::new(Done { gone_after, ..Done::default() });
        let visit = |n| tokio::spawn(load::shopper(n, program.clone(), done.clone()));
        let shoppers = (0..shoppers).map(visit).collect();
        Run { program, done, relay, log, shoppers, began: Instant::now() }
    }

    /// Lets the shoppers finish, stops these programs when the shop has come to rest, and looks at everything.
    pub async fn end(self, mut running: Vec<Child>, unknown_max: usize) -> Audit {
        self.done.stop.store(true, Ordering::Relaxed);
        for shopper in self.shoppers {
            shopper.await.unwrap();
        }
        let mut audit;
        let mut rounds = 0;
        loop {
            quiet(&self.relay).await;
            for child in running.drain(..) {
                self.program.stop(child).await;
            }
            let (place, at, did) = (self.program.place(), self.log.clone(), self.done.clone());
            audit = tokio::task::spawn_blocking(move || Audit::of(&place, &at, &did)).await.unwrap();
            rounds += 1;
            if audit.pending == 0 || rounds == 8 {
                break;
            }
            running.push(self.program.start(DRAIN_FACTOR).await);
        }
        let unknown = audit.unknown();
        audit.counts.push(format!("unknown: {unknown}, at most {unknown_max}"));
        audit.counts.push(format!("{:.0} s, drained in {rounds}", self.began.elapsed().as_secs_f32()));
        if audit.pending > 0 {
            audit.violations.push(format!("{} messages never came to an end", audit.pending));
        }
        if unknown > unknown_max {
            audit.violations.push(format!("{unknown} messages are unknown, at most {unknown_max} may be"));
        }
        if !audit.approved.contains_key("sent") {
            audit.violations.push("nothing was sent: the run proves nothing".to_owned());
        }
        audit.check();
        let panics = self.program.log().lines().filter(|line| line.contains("panicked")).count();
        assert_eq!(panics, 0, "the program panicked:\n{}", self.program.log());
        // Where a disk was mounted in it, whoever mounted it takes it away.
        let _ = std::fs::remove_dir_all(&self.program.dir);
        std::fs::remove_file(&self.log).unwrap();
        audit
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
