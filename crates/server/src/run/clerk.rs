//! The thread of the decider while another program owns the customers: what must not be lost goes into the
//! inbox, and the owner applies it. A request is answered when its rows are committed.

use super::decider::{Decider, Found};
use super::handle::{self, Handle, Shared};
use super::letterbox;
use super::remembered;
use super::task::{Answer, Task};
use crate::clock::Clock;
use crate::shop_state::ShopState;
use arc_swap::ArcSwap;
use beckon_store::{InboxWrite, Store};
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Rows that may stand in the inbox; beyond, senders are told to come again. Three times what a busy shop
/// sends within a take-over (4,000 events a second for ten seconds), about 100 MB of the database, worked off
/// in half a minute.
const INBOX_MAX: u64 = 100_000;
/// For so long it is believed how many rows there are, besides those of our own: what several programs bring
/// over meanwhile may come on top.
const COUNTED_FOR: Duration = Duration::from_secs(1);
/// Events of one insert.
const EVENTS_PER_INSERT: usize = 512;
/// Between two looks at whether the customers are ours.
const LOOK: Duration = Duration::from_secs(1);
/// After an insert that failed, and between tries to begin as the owner.
const PAUSE: Duration = Duration::from_millis(200);

/// Whoever empties the queue until the customers are ours.
pub struct Clerk {
    /// The customers' plane.
    pub store: Arc<Store>,
    /// The clocks.
    pub clock: Arc<Clock>,
    /// The shop in memory.
    pub state: Arc<ArcSwap<ShopState>>,
    /// What is to be done.
    pub queue: Receiver<Task>,
    /// What others are told.
    pub shared: Arc<Shared>,
    /// Rows that may stand in the inbox.
    pub inbox_max: u64,
    /// How much of the customers the decider keeps in memory.
    pub remembered_bytes: usize,
}

impl Clerk {
    /// A clerk with an empty queue, and the handle by which it is filled.
    #[must_use]
    pub fn new(store: &Arc<Store>, clock: &Arc<Clock>, state: &Arc<ArcSwap<ShopState>>) -> (Clerk, Handle) {
        let (handle, queue, shared) = handle::queue(store.clone());
        let (store, clock, state) = (store.clone(), clock.clone(), state.clone());
        let remembered_bytes = remembered::default_bytes();
        (Clerk { store, clock, state, queue, shared, inbox_max: INBOX_MAX, remembered_bytes }, handle)
    }

    /// Serves the queue until it is told to stop: as the clerk until `epoch` is set, and as the decider from
    /// then on.
    pub fn run(self, epoch: &OnceLock<u64>) {
        if let Some(epoch) = self.stand_by(epoch)
            && let Some(found) = self.begin()
        {
            Decider::after(self, epoch, found).run();
        }
    }

    /// Comes back with the epoch once the customers are ours; with nothing when it is told to stop.
    fn stand_by(&self, epoch: &OnceLock<u64>) -> Option<u64> {
        let mut counted = (Instant::now(), None);
        loop {
            self.shared.live();
            if let Some(epoch) = epoch.get() {
                return Some(*epoch);
            }
            let mut tasks = match self.queue.recv_timeout(LOOK) {
                Ok(task) => vec![self.shared.received(task)],
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return None,
            };
            self.shared.gather(&self.queue, &mut tasks, EVENTS_PER_INSERT);
            let mut stopping = false;
            tasks.retain(|task| {
                stopping |= matches!(task, Task::Stop);
                !matches!(task, Task::Stop | Task::Nothing)
            });
            self.keep(tasks, &mut counted);
            if stopping {
                return None;
            }
        }
    }

    /// Reads what the decider begins with, however long that takes.
    fn begin(&self) -> Option<Found> {
        loop {
            self.shared.live();
            match Found::read(&self.store) {
                Ok(found) => return Some(found),
                Err(why) => tracing::warn!(%why, "took the shop over, and it cannot be read yet"),
            }
            std::thread::sleep(PAUSE);
            while let Ok(task) = self.queue.try_recv() {
                if matches!(task, Task::Stop) {
                    return None;
                }
                self.shared.received(task).tell(Answer::Unavailable);
            }
        }
    }

    /// Puts what the tasks say into the inbox, all in one transaction, and tells whoever asked.
    fn keep(&self, tasks: Vec<Task>, counted: &mut (Instant, Option<u64>)) {
        let (mut rows, mut kept) = (Vec::new(), Vec::new());
        let now = self.clock.shop();
        for task in tasks {
            match letterbox::arrived(&task, now) {
                // Only the owner sends, wakes and claims.
                None => task.tell(Answer::Unavailable),
                Some(written) if self.is_full(counted, rows.len() + written.len()) => {
                    drop(written);
                    task.tell(Answer::Busy);
                }
                Some(written) => {
                    let keys = written.iter().map(|row: &InboxWrite| row.key).collect();
                    kept.push((
                        if task.must_take_effect() { Answer::Kept(keys) } else { Answer::Done },
                        task,
                    ));
                    rows.extend(written);
                }
            }
        }
        if kept.is_empty() {
            return;
        }
        match self.store.put_inbox(&rows) {
            Ok(()) => {
                self.shared.unavailable.store(false, Ordering::Relaxed);
                counted.1 = counted.1.map(|count| count + rows.len() as u64);
                kept.into_iter().for_each(|(answer, task)| task.tell(answer));
            }
            Err(why) => {
                tracing::error!(%why, "what arrived could not be put into the inbox");
                self.shared.failed();
                kept.into_iter().for_each(|(_, task)| task.tell(Answer::Unavailable));
                std::thread::sleep(PAUSE);
            }
        }
    }

    /// Whether the inbox has no room for so many more.
    fn is_full(&self, counted: &mut (Instant, Option<u64>), more: usize) -> bool {
        if counted.1.is_none() || counted.0.elapsed() >= COUNTED_FOR {
            // One that cannot be counted cannot be written either, which is found out next.
            *counted = (Instant::now(), self.store.inbox_rows(self.inbox_max as usize + 1).ok());
        }
        counted.1.is_some_and(|count| count + more as u64 > self.inbox_max)
    }
}
