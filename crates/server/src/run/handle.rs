//! How others reach the decider, and what it tells them.

use super::task::{Answer, Task};
use crate::clock::wall_now;
use beckon_core::event::Incoming;
use beckon_core::ids::ProfileId;
use beckon_core::time::WallTime;
use beckon_store::{InboxKey, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, broadcast, oneshot};

/// Tasks that may wait; beyond, senders are told to come again.
const QUEUE: usize = 4_096;
/// Events in the tasks that wait: about 30 MB. A request of a thousand of them must not count as one.
const QUEUE_EVENTS: i64 = 16_384;
/// How long what was put into the inbox may take to be applied before whoever waits for it hears that nobody
/// can say: longer than it takes another program to take over.
const APPLIED_MAX: Duration = Duration::from_secs(12);

/// How others reach the decider.
#[derive(Clone)]
pub struct Handle {
    store: Arc<Store>,
    queue: SyncSender<Task>,
    shared: Arc<Shared>,
}

/// A queue, the handle by which it is filled, and what whoever empties it tells.
#[must_use]
pub fn queue(store: Arc<Store>) -> (Handle, Receiver<Task>, Arc<Shared>) {
    let (sender, queue) = sync_channel(QUEUE);
    let shared = Arc::new(Shared {
        outbox: Notify::new(),
        committed: broadcast::channel(256).0,
        unavailable: AtomicBool::new(false),
        inbox: AtomicBool::new(true),
        failed_at: AtomicI64::new(0),
        waiting: AtomicI64::new(0),
        events: AtomicI64::new(0),
        beat: AtomicI64::new(wall_now().0),
        filling: AtomicU32::new(0),
    });
    (Handle { store, queue: sender, shared: shared.clone() }, queue, shared)
}

/// What the decider tells others.
pub struct Shared {
    /// Something may be in the outbox.
    pub outbox: Notify,
    /// Events as they were committed, for whoever follows them; a slow follower loses some.
    pub committed: broadcast::Sender<Committed>,
    /// The last commit failed: the store does not answer.
    pub unavailable: AtomicBool,
    /// Something may be in the inbox.
    pub(super) inbox: AtomicBool,
    failed_at: AtomicI64,
    waiting: AtomicI64,
    events: AtomicI64,
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

    /// A task with so many events waits no more.
    fn left(&self, events: usize) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.events.fetch_sub(events as i64, Ordering::Relaxed);
    }

    pub(super) fn live(&self) {
        self.beat.store(wall_now().0, Ordering::Relaxed);
    }

    pub(super) fn failed(&self) {
        self.unavailable.store(true, Ordering::Relaxed);
        self.failed_at.store(wall_now().0, Ordering::Relaxed);
    }

    /// A task has left the queue. What was not asked for with [`Handle::ask`] was never counted.
    pub(super) fn received(&self, task: Task) -> Task {
        if !matches!(task, Task::Nothing | Task::Stop) {
            self.left(task.events().len());
        }
        task
    }

    /// Takes more out of the queue, until the tasks have so many events.
    pub(super) fn gather(&self, queue: &Receiver<Task>, tasks: &mut Vec<Task>, most: usize) {
        let mut events: usize = tasks.iter().map(Task::weight).sum();
        while events < most {
            let Ok(task) = queue.try_recv() else { return };
            events += task.weight();
            tasks.push(self.received(task));
        }
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
        let task = make(reply);
        let events = task.events().len();
        self.shared.waiting.fetch_add(1, Ordering::Relaxed);
        let before = self.shared.events.fetch_add(events as i64, Ordering::Relaxed);
        // One that comes alone is taken, however large it is.
        if before > 0 && before + events as i64 > QUEUE_EVENTS {
            self.shared.left(events);
            return Err(NotTaken::Busy);
        }
        if let Err(not) = self.queue.try_send(task) {
            self.shared.left(events);
            return Err(match not {
                TrySendError::Full(_) => NotTaken::Busy,
                TrySendError::Disconnected(_) => NotTaken::Unavailable,
            });
        }
        match answer.await {
            Ok(Answer::Refused) => Err(NotTaken::Refused),
            Ok(Answer::Busy) => Err(NotTaken::Busy),
            Ok(Answer::Kept(keys)) => self.applied(keys).await,
            Ok(Answer::Unavailable) | Err(_) => Err(NotTaken::Unavailable),
            Ok(answer) => Ok(answer),
        }
    }

    /// Waits until the owner of the customers has applied what stands in the inbox: this program, if it took
    /// over meanwhile. What takes too long is applied all the same, only later.
    async fn applied(&self, keys: Vec<InboxKey>) -> Result<Answer, NotTaken> {
        let until = Instant::now() + APPLIED_MAX;
        let mut pause = Duration::from_millis(10);
        while Instant::now() < until {
            tokio::time::sleep(pause).await;
            let (store, asked) = (self.store.clone(), keys.clone());
            let left = tokio::task::spawn_blocking(move || store.inbox_left(&asked)).await;
            if let Ok(Ok(0)) = left {
                return Ok(Answer::Done);
            }
            pause = (pause * 2).min(Duration::from_millis(500));
        }
        Err(NotTaken::Unavailable)
    }

    /// Hands over a task that must not be lost: waits and tries again until it is written or the program
    /// stops.
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

    /// Lets the decider look into the inbox at once: somebody put something into it.
    pub fn arrived(&self) {
        self.shared.inbox.store(true, Ordering::Release);
        drop(self.queue.try_send(Task::Nothing));
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
