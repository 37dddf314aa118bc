//! The one thread that decides: it takes whatever has arrived, decides on all of it, and writes it in one
//! commit.
//!
//! Work that arrives while a commit is on its way makes up the next one, so batches grow with the load by
//! themselves.

use super::clerk::Clerk;
pub use super::handle::{Committed, Handle, NotTaken, Shared};
use super::letterbox::FromInbox;
use super::remembered::Remembered;
use super::round::Batch;
use super::task::Task;
use crate::clock::Clock;
use crate::ops::names::BATCH_TASKS;
use crate::shop_state::ShopState;
use arc_swap::ArcSwap;
use beckon_core::ids::ProfileId;
use beckon_core::time::{MINUTE, SECOND, ShopTime, Span};
use beckon_store::{MessageRow, Store};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Events of one commit: more would make the first wait for the last.
const EVENTS_PER_COMMIT: usize = 512;
/// Of what stands in the inbox, so much is taken into a commit however many events come by themselves.
const INBOX_PER_COMMIT_MIN: usize = 128;
/// How often the inbox is looked into without having been told.
const INBOX_LOOK: Duration = Duration::from_secs(1);
/// Wake-ups of one commit.
const WAKES_PER_COMMIT: usize = 512;

/// A customer who cannot be decided on is left alone for so long.
const STUCK_FOR: Span = MINUTE.times(10);

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
    /// When the inbox is looked into without having been told; at once in the beginning, and while more is
    /// there.
    inbox_at: Option<Instant>,
    remembered: RefCell<Remembered>,
}

/// What is read once, before anything is decided or sent: later the same questions would find what the sender
/// has in hand.
pub struct Found {
    next_due: Option<ShopTime>,
    interrupted: Vec<MessageRow>,
}

impl Found {
    /// Reads it.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn read(store: &Store) -> beckon_store::Result<Found> {
        Ok(Found { next_due: store.next_due()?, interrupted: store.interrupted()? })
    }
}

impl Decider {
    /// A decider over a store whose customers are ours under this epoch, with the handle by which it is
    /// reached.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn new(
        store: Arc<Store>,
        clock: Arc<Clock>,
        state: Arc<ArcSwap<ShopState>>,
        epoch: u64,
    ) -> beckon_store::Result<(Decider, Handle)> {
        let found = Found::read(&store)?;
        let (clerk, handle) = Clerk::new(&store, &clock, &state);
        Ok((Decider::after(clerk, epoch, found), handle))
    }

    /// The decider that goes on with the queue of a clerk, now that the customers are ours.
    #[must_use]
    pub fn after(clerk: Clerk, epoch: u64, found: Found) -> Decider {
        let Clerk { store, clock, state, queue, shared, remembered_bytes, .. } = clerk;
        let Found { next_due, interrupted } = found;
        Decider {
            store,
            clock,
            state,
            queue,
            shared,
            epoch,
            next_due,
            leftover: true,
            interrupted,
            stuck: HashMap::new(),
            inbox_at: None,
            remembered: RefCell::new(Remembered::new(remembered_bytes)),
        }
    }

    /// Decides until it is told to stop. What was interrupted by the last stop comes first.
    pub fn run(mut self) {
        loop {
            self.shared.live();
            let mut tasks = if std::mem::take(&mut self.leftover) { self.leftover() } else { Vec::new() };
            let mut stopping = false;
            if tasks.is_empty() {
                match self.queue.recv_timeout(self.patience()) {
                    Ok(task) => tasks.push(self.shared.received(task)),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
            self.shared.gather(&self.queue, &mut tasks, EVENTS_PER_COMMIT);
            tasks.retain(|task| {
                stopping |= matches!(task, Task::Stop);
                !matches!(task, Task::Stop | Task::Nothing)
            });
            self.take_inbox(&mut tasks);
            self.wake(&mut tasks);
            if !tasks.is_empty() {
                self.decide(tasks);
            }
            if stopping {
                return;
            }
        }
    }

    /// Letters that were written and not applied, and messages between claim and outcome when the program
    /// ended.
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
        let Some(look) = self.inbox_at else { return Duration::ZERO };
        let longest = look.saturating_duration_since(Instant::now()).min(Duration::from_secs(1));
        self.next_due.map_or(longest, |due| self.clock.until(due).min(longest))
    }

    /// Adds what stands in the inbox, found by its being there.
    fn take_inbox(&mut self, tasks: &mut Vec<Task>) {
        let told = self.shared.inbox.swap(false, Ordering::AcqRel);
        if !told && self.inbox_at.is_some_and(|at| Instant::now() < at) {
            return;
        }
        let weight = tasks.iter().map(Task::weight).sum();
        let room = EVENTS_PER_COMMIT.saturating_sub(weight).max(INBOX_PER_COMMIT_MIN);
        let rows = self.store.inbox(room).unwrap_or_else(|why| {
            tracing::error!(%why, "the inbox cannot be read");
            Vec::new()
        });
        self.inbox_at = (rows.len() < room).then(|| Instant::now() + INBOX_LOOK);
        tasks.extend(rows.into_iter().map(|row| Task::Inbox(Box::new(FromInbox::read(row)))));
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
            Err(why) => {
                tracing::error!(%why, "wake-ups cannot be read");
                // They are due still, and asking at once would only burn time.
                std::thread::sleep(Duration::from_millis(200));
            }
        }
    }

    fn decide(&mut self, tasks: Vec<Task>) {
        let state = self.state.load_full();
        let batch = Batch {
            store: &self.store,
            state: &state,
            now: self.clock.shop(),
            epoch: self.epoch,
            remembered: &self.remembered,
        };
        metrics::histogram!(BATCH_TASKS).record(tasks.len() as f64);
        self.shared.live();
        let done = batch.run(tasks);
        self.shared.unavailable.store(done.unavailable, Ordering::Relaxed);
        self.leftover |= done.leftover;
        let again = self.clock.shop().plus(STUCK_FOR);
        self.stuck.extend(done.stuck.into_iter().map(|profile| (profile, again)));
        if done.unavailable {
            self.shared.failed();
            // The disk is full or gone. What has to be decided stays where it is; trying at once would only
            // burn time.
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
