//! The one thread that decides: it takes whatever has arrived, decides on all of it, and writes it in one commit.
//!
//! Work that arrives while a commit is on its way makes up the next one, so batches grow with the load by themselves.

use super::round::Batch;
use super::task::{Answer, Task};
use crate::clock::{Clock, wall_now};
use crate::ops::names::BATCH_TASKS;
use crate::shop_state::ShopState;
use arc_swap::ArcSwap;
use beckon_core::event::Incoming;
use beckon_core::ids::ProfileId;
use beckon_core::time::{MINUTE, SECOND, ShopTime, Span, WallTime};
use beckon_store::{MessageRow, Store};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Duration;
use tokio::sync::{Notify, broadcast, oneshot};

/// Tasks that may wait; beyond, senders are told to come again.
const QUEUE: usize = 4_096;
/// Events of one commit: more would make the first wait for the last.
const EVENTS_PER_COMMIT: usize = 512;
/// Wake-ups of one commit.
const WAKES_PER_COMMIT: usize = 512;

/// A customer who cannot be decided on is left alone for so long.
const STUCK_FOR: Span = MINUTE.times(10);

/// How others reach the decider.
#[derive(Clone)]
pub struct Handle {
    queue: SyncSender<Task>,
    shared: Arc<Shared>,
}

/// What the decider tells others.
pub struct Shared {
    /// Something may be in the outbox.
    pub outbox: Notify,
    /// Events as they were committed, for whoever follows them; a slow follower loses some.
    pub committed: broadcast::Sender<Committed>,
    /// The last commit failed: the store does not answer.
    pub unavailable: AtomicBool,
    failed_at: AtomicI64,
    waiting: AtomicI64,
    beat: AtomicI64,
    /// How far older customers' words are filled in, in thousandths; 0 when nothing is.
    pub filling: AtomicU32,
}

impl Shared {
    /// Tasks that wait to be decided.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed).max(0).unsigned_abs()
    }

    /// When the decider was last heard of; it says so at least once a second, and around every commit.
    #[must_use]
    pub fn beat(&self) -> WallTime {
        WallTime(self.beat.load(Ordering::Relaxed))
    }

    /// When a commit last failed; long ago when none did.
    #[must_use]
    pub fn failed_at(&self) -> WallTime {
        WallTime(self.failed_at.load(Ordering::Relaxed))
    }

    fn live(&self) {
        self.beat.store(wall_now().0, Ordering::Relaxed);
    }
}

/// New events of one commit, with the customers they belong to.
pub type Committed = Arc<Vec<(ProfileId, Arc<Incoming>)>>;

/// Why a task was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// Too much is waiting.
    Busy,
    /// The store does not answer, or the program is stopping.
    Unavailable,
    /// It never can be written.
    Refused,
}

impl Handle {
    /// What the decider tells others.
    #[must_use]
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Hands over a task and waits for what came of it.
    ///
    /// # Errors
    /// It was not taken, or could not be written.
    pub async fn ask(&self, make: impl FnOnce(oneshot::Sender<Answer>) -> Task) -> Result<Answer, NotTaken> {
        let (reply, answer) = oneshot::channel();
        self.shared.waiting.fetch_add(1, Ordering::Relaxed);
        if let Err(not) = self.queue.try_send(make(reply)) {
            self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(match not {
                TrySendError::Full(_) => NotTaken::Busy,
                TrySendError::Disconnected(_) => NotTaken::Unavailable,
            });
        }
        match answer.await {
            Ok(Answer::Refused) => Err(NotTaken::Refused),
            Ok(Answer::Unavailable) | Err(_) => Err(NotTaken::Unavailable),
            Ok(answer) => Ok(answer),
        }
    }

    /// Hands over a task that must not be lost: waits and tries again until it is written or the program stops.
    pub async fn insist(&self, mut make: impl FnMut(oneshot::Sender<Answer>) -> Task) -> Option<Answer> {
        let mut pause = Duration::from_millis(20);
        loop {
            match self.ask(&mut make).await {
                Ok(answer) => return Some(answer),
                Err(NotTaken::Refused) => return None,
                Err(NotTaken::Unavailable) if self.queue.try_send(Task::Nothing).is_err_and(is_gone) => {
                    return None;
                }
                Err(_) => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }

    /// Lets the decider look at the clock at once: it has jumped.
    pub fn nudge(&self) {
        // With a full queue it looks anyway.
        drop(self.queue.try_send(Task::Nothing));
        self.shared.outbox.notify_one();
    }

    /// Asks the decider to finish what has arrived and to stop.
    pub fn stop(&self) {
        // A full queue is emptied by the decider; the flag stops it after.
        drop(self.queue.try_send(Task::Stop));
    }
}

fn is_gone(error: TrySendError<Task>) -> bool {
    matches!(error, TrySendError::Disconnected(_))
}

/// The decider, to be run on a thread of its own.
pub struct Decider {
    store: Arc<Store>,
    clock: Arc<Clock>,
    state: Arc<ArcSwap<ShopState>>,
    queue: Receiver<Task>,
    shared: Arc<Shared>,
    epoch: u64,
    next_due: Option<ShopTime>,
    leftover: bool,
    interrupted: Vec<MessageRow>,
    stuck: HashMap<ProfileId, ShopTime>,
}

impl Decider {
    /// A decider over a store whose customers are ours under this epoch, with the handle by which it is reached.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn new(
        store: Arc<Store>,
        clock: Arc<Clock>,
        state: Arc<ArcSwap<ShopState>>,
        epoch: u64,
    ) -> beckon_store::Result<(Decider, Handle)> {
        let (sender, queue) = sync_channel(QUEUE);
        let shared = Arc::new(Shared {
            outbox: Notify::new(),
            committed: broadcast::channel(256).0,
            unavailable: AtomicBool::new(false),
            failed_at: AtomicI64::new(0),
            waiting: AtomicI64::new(0),
            beat: AtomicI64::new(wall_now().0),
            filling: AtomicU32::new(0),
        });
        let next_due = store.next_due()?;
        // Read once, before anything is sent: later the same question would find what the sender has in hand.
        let interrupted = store.interrupted()?;
        let decider = Decider {
            store,
            clock,
            state,
            queue,
            shared: shared.clone(),
            epoch,
            next_due,
            leftover: true,
            interrupted,
            stuck: HashMap::new(),
        };
        Ok((decider, Handle { queue: sender, shared }))
    }

    /// Decides until it is told to stop. What was interrupted by the last stop comes first.
    pub fn run(mut self) {
        loop {
            self.shared.live();
            let mut tasks = if std::mem::take(&mut self.leftover) { self.leftover() } else { Vec::new() };
            let mut stopping = false;
            if tasks.is_empty() {
                match self.queue.recv_timeout(self.patience()) {
                    Ok(task) => tasks.push(self.received(task)),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            self.gather(&mut tasks);
            tasks.retain(|task| {
                stopping |= matches!(task, Task::Stop);
                !matches!(task, Task::Stop | Task::Nothing)
            });
            self.wake(&mut tasks);
            if !tasks.is_empty() {
                self.decide(tasks);
            }
            if stopping {
                return;
            }
        }
    }

    /// Letters that were written and not applied, and messages between claim and outcome when the program ended.
    fn leftover(&self) -> Vec<Task> {
        let rows = self.interrupted.iter().cloned();
        let mut tasks: Vec<Task> = rows.map(|row| Task::Interrupted(Box::new(row))).collect();
        match self.store.letters(10_000) {
            Ok(rows) => tasks.extend(rows.into_iter().map(|row| Task::Kept(Box::new(row)))),
            Err(why) => tracing::error!(%why, "letters cannot be read"),
        }
        tasks
    }

    /// How long nothing may arrive before somebody's time has come.
    fn patience(&self) -> Duration {
        let longest = Duration::from_secs(1);
        self.next_due.map_or(longest, |due| self.clock.until(due).min(longest))
    }

    /// A task has left the queue. What was not asked for with [`Handle::ask`] was never counted.
    fn received(&self, task: Task) -> Task {
        if !matches!(task, Task::Nothing | Task::Stop) {
            self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        task
    }

    fn gather(&self, tasks: &mut Vec<Task>) {
        let mut events: usize = tasks.iter().map(Task::weight).sum();
        while events < EVENTS_PER_COMMIT {
            match self.queue.try_recv() {
                Ok(task) => {
                    events += task.weight();
                    tasks.push(self.received(task));
                }
                Err(_) => return,
            }
        }
    }

    fn wake(&mut self, tasks: &mut Vec<Task>) {
        let now = self.clock.shop();
        if self.next_due.is_none_or(|due| due > now) {
            return;
        }
        match self.store.wakeups(now, WAKES_PER_COMMIT) {
            Ok(due) => {
                self.stuck.retain(|_, until| *until > now);
                let awake = due.into_iter().filter(|(_, profile)| !self.stuck.contains_key(profile));
                tasks.extend(awake.map(|(shop, profile)| Task::Wake { shop, profile }));
                if tasks.is_empty() {
                    // Only customers who cannot be decided on are due: look again a little later.
                    self.next_due = Some(now.plus(SECOND));
                }
            }
            Err(why) => tracing::error!(%why, "wake-ups cannot be read"),
        }
    }

    fn decide(&mut self, tasks: Vec<Task>) {
        let state = self.state.load_full();
        let batch = Batch { store: &self.store, state: &state, now: self.clock.shop(), epoch: self.epoch };
        metrics::histogram!(BATCH_TASKS).record(tasks.len() as f64);
        self.shared.live();
        let done = batch.run(tasks);
        self.shared.unavailable.store(done.unavailable, Ordering::Relaxed);
        self.leftover |= done.leftover;
        let again = self.clock.shop().plus(STUCK_FOR);
        self.stuck.extend(done.stuck.into_iter().map(|profile| (profile, again)));
        if done.unavailable {
            self.shared.failed_at.store(wall_now().0, Ordering::Relaxed);
            // The disk is full or gone. What has to be decided stays where it is; trying at once would only burn time.
            std::thread::sleep(Duration::from_millis(200));
        } else {
            // They stood in the first batch that could be written.
            self.interrupted.clear();
        }
        if done.outbox {
            self.shared.outbox.notify_one();
        }
        if !done.events.is_empty() {
            // Nobody may be listening, which is fine.
            drop(self.shared.committed.send(Arc::new(done.events)));
        }
        if done.dues {
            self.next_due = self.store.next_due().unwrap_or(self.next_due);
        }
    }
}
