//! The measurement: the shop is filled, then Beckon and the probe take the same requests in turns.

use super::{Args, probe, shop};
use crate::progress::Teller;
use beckon_server::app::App;
use beckon_server::clock::wall_now;
use beckon_server::{ops, serve};
use beckon_sim::load::{Sent, send_all};
use beckon_sim::traffic::Traffic;
use beckon_store::Place;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Turns of each: a median wants several.
const ROUNDS: u32 = 5;
/// Events of a request while the shop is filled.
const FILL_BATCH: usize = 100;
/// Requests of a turn are made before it and held in memory.
const REQUESTS_MAX: f64 = 200_000.0;
/// Between two looks at queues and memory.
const LOOK: Duration = Duration::from_millis(200);

/// What one of both did in its turns.
#[derive(Default)]
pub struct Turns {
    /// Events a second of each turn.
    pub rates: Vec<f64>,
    /// How long each answered request took, over all turns.
    pub times: Vec<Duration>,
    /// Requests that were told to come again.
    pub refused: usize,
    /// By how much the disk or the database grew.
    pub bytes: u64,
}

/// What was found.
pub struct Measured {
    /// The bare probe, and Beckon.
    pub turns: [Turns; 2],
    /// Events that were acknowledged, and those of them that were found on disk.
    pub acknowledged: u64,
    pub kept: u64,
    /// The longest that a customer whose time had come waited to be looked at.
    pub lag: Duration,
    /// The most tasks that waited for the decider at once.
    pub waiting: u64,
    /// The most memory of the whole program, its load and the probe's server in it.
    pub memory_bytes: u64,
    /// Growth of the disk or of the database for each event.
    pub bytes_per_event: f64,
    /// Time in commits for each event, and events of a commit.
    pub commit_secs_per_event: f64,
    pub events_per_commit: f64,
}

/// Measures.
///
/// # Errors
/// One line that says what is wrong.
pub async fn measure(args: &Args, ground: &shop::Ground) -> Result<Measured, String> {
    let stall = ground.set_up()?;
    let running = serve::start(ground.config(args.cache_mb.map(|mb| mb << 20)), None).await?;
    let bare = if ground.is_server() { ground.place() } else { Place::Directory(ground.beside()) };
    let bare = probe::start(&bare).await?;
    let mut traffic = Traffic::new(args.seed, args.profiles, stall.products, &stall.write_key);
    let pace = fill(args, running.public, bare, &mut traffic).await?;
    let app = running.app.clone();
    let before = Before::now(&app)?;
    let watch = Watch::start(&app);
    let turns = in_turns(args, &app, [bare, running.public], &mut traffic, pace).await?;
    let (lag, waiting, memory_bytes) = watch.end().await;
    let measured = before.compare(&app, turns, (lag, waiting, memory_bytes), args.batch);
    running.stop().await;
    measured
}

/// Lets everybody be heard of about twice; gives back how many events of a single request each takes a second.
async fn fill(
    args: &Args,
    ours: SocketAddr,
    bare: SocketAddr,
    traffic: &mut Traffic,
) -> Result<[f64; 2], String> {
    let all = (args.profiles * 2).div_ceil(FILL_BATCH as u64);
    let mut teller = Teller::default();
    for done in (0..all).step_by(100) {
        let requests = traffic.batches((all - done).min(100) as usize, FILL_BATCH, &now());
        send_all(ours, args.connections, Arc::new(requests)).await?;
        teller.tell(|| {
            format!("before it begins: {} of {} events", done * FILL_BATCH as u64, all * FILL_BATCH as u64)
        });
    }
    teller.end();
    let mut pace = [0.0; 2];
    for (pace, addr) in pace.iter_mut().zip([bare, ours]) {
        let requests = requests(traffic, (2_000 / args.batch).max(20), args.batch);
        *pace = rate(&send_all(addr, args.connections, requests).await?, 1);
    }
    Ok(pace)
}

fn requests(traffic: &mut Traffic, count: usize, batch: usize) -> Arc<Vec<Vec<u8>>> {
    let at = now();
    Arc::new(if batch == 1 { traffic.singles(count, &at) } else { traffic.batches(count, batch, &at) })
}

fn now() -> String {
    jiff::Timestamp::from_millisecond(wall_now().0).unwrap_or_default().to_string()
}

/// Events a second, of requests of so many.
fn rate(sent: &Sent, batch: usize) -> f64 {
    (sent.each.len() * batch) as f64 / sent.whole.as_secs_f64().max(1e-9)
}

async fn in_turns(
    args: &Args,
    app: &App,
    who: [SocketAddr; 2],
    traffic: &mut Traffic,
    pace: [f64; 2],
) -> Result<[Turns; 2], String> {
    let secs = args.secs as f64 / f64::from(ROUNDS * 2);
    let mut turns = [Turns::default(), Turns::default()];
    for _ in 0..ROUNDS {
        for ((turn, addr), pace) in turns.iter_mut().zip(who).zip(pace) {
            let count = (pace * secs).clamp(1.0, REQUESTS_MAX) as usize;
            let before = bytes(app)?;
            let sent = send_all(addr, args.connections, requests(traffic, count, args.batch)).await?;
            turn.rates.push(rate(&sent, args.batch));
            turn.bytes += bytes(app)?.saturating_sub(before);
            turn.refused += sent.refused;
            turn.times.extend(sent.each);
        }
    }
    Ok(turns)
}

/// How it stood when the turns began.
struct Before {
    bytes: u64,
    seq: i64,
    commits: (f64, f64),
}

impl Before {
    fn now(app: &App) -> Result<Before, String> {
        let seq = last(app, 0)?.0;
        Ok(Before { bytes: bytes(app)?, seq, commits: ops::metrics::commits()? })
    }

    fn compare(
        &self,
        app: &App,
        turns: [Turns; 2],
        (lag, waiting, memory_bytes): (Duration, u64, u64),
        batch: usize,
    ) -> Result<Measured, String> {
        let acknowledged = (turns[1].times.len() * batch) as u64;
        let events = acknowledged.max(1) as f64;
        let (secs, commits) = ops::metrics::commits()?;
        let (secs, commits) = (secs - self.commits.0, commits - self.commits.1);
        // A database on a server holds what the probe wrote too; a directory grows when its log is copied back.
        let is_shared = app.config.ops.database.is_some();
        let grown = if is_shared { turns[1].bytes } else { bytes(app)?.saturating_sub(self.bytes) };
        Ok(Measured {
            kept: last(app, self.seq)?.1,
            bytes_per_event: grown as f64 / events,
            commit_secs_per_event: secs / events,
            events_per_commit: events / commits.max(1.0),
            turns,
            acknowledged,
            lag,
            waiting,
            memory_bytes,
        })
    }
}

/// The number of the last event, and how many there are after `after`.
fn last(app: &App, after: i64) -> Result<(i64, u64), String> {
    let (mut last, mut count) = (after, 0);
    loop {
        let rows = app.store.events(last, 10_000).map_err(|why| why.to_string())?;
        let Some((seq, _)) = rows.last() else { return Ok((last, count)) };
        (last, count) = (*seq, count + rows.len() as u64);
    }
}

fn bytes(app: &App) -> Result<u64, String> {
    let sizes = app.store.sizes().map_err(|why| why.to_string())?;
    Ok(sizes.iter().map(|file| file.bytes).sum())
}

/// Looks at queues and memory while the turns go on.
struct Watch {
    stop: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<(Duration, u64, u64)>,
}

impl Watch {
    fn start(app: &Arc<App>) -> Watch {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, app) = (stop.clone(), app.clone());
        let task = tokio::task::spawn_blocking(move || {
            let (mut lag, mut waiting, mut memory) = (Duration::ZERO, 0, 0);
            while !stopped.load(Ordering::Relaxed) {
                let due = app.store.next_due().ok().flatten();
                let late = due.map_or(0, |due| app.now().0.saturating_sub(due.0)).max(0);
                lag = lag.max(Duration::from_millis(late.unsigned_abs()));
                waiting = waiting.max(app.decider.shared().waiting());
                memory = memory.max(resident_bytes());
                std::thread::sleep(LOOK);
            }
            (lag, waiting, memory)
        });
        Watch { stop, task }
    }

    async fn end(self) -> (Duration, u64, u64) {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.unwrap_or_default()
    }
}

/// Memory of this program that is in use (`VmRSS` of proc(5)).
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) << 10
}
