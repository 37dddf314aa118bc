//! What this program is among those on one database: the owner of the customers, or one that stands by.

use crate::clock::wall_now;
use beckon_core::time::WallTime;
use beckon_store::NodeState;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Its role, and how far it has followed what the owner does.
pub struct Role {
    owns: watch::Sender<bool>,
    draining: AtomicBool,
    /// When it had seen all events and the whole plane last; 0: not yet.
    events_at: AtomicI64,
    plane_at: AtomicI64,
    tail: Mutex<Tail>,
}

/// How far the events were followed that another program commits.
#[derive(Debug, Default)]
pub struct Tail {
    /// The last one; `None` until the recommender is filled from all that there are.
    pub after: Option<i64>,
    /// The customers are ours: what is committed is heard from the decider.
    pub is_over: bool,
}

impl Role {
    /// The role at the start.
    #[must_use]
    pub fn new(owns: bool) -> Role {
        Role {
            owns: watch::Sender::new(owns),
            draining: AtomicBool::new(false),
            events_at: AtomicI64::new(0),
            plane_at: AtomicI64::new(wall_now().0),
            tail: Mutex::new(Tail { after: None, is_over: owns }),
        }
    }

    /// Whether the customers are ours.
    #[must_use]
    pub fn owns(&self) -> bool {
        *self.owns.borrow()
    }

    /// Comes back once the customers are ours.
    pub async fn owned(&self) {
        // The sender is in our hands, so that this cannot fail.
        drop(self.owns.subscribe().wait_for(|owns| *owns).await);
    }

    /// The customers are ours from now on.
    pub fn took_over(&self) {
        self.owns.send_replace(true);
    }

    /// Whether it is about to stop and wants no new visitors.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// It is about to stop.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }

    /// All events were seen just now.
    pub fn saw_events(&self) {
        self.events_at.store(wall_now().0, Ordering::Relaxed);
    }

    /// The whole plane was seen just now.
    pub fn saw_plane(&self) {
        self.plane_at.store(wall_now().0, Ordering::Relaxed);
    }

    /// How far the events were followed, kept from others meanwhile.
    pub fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it tells the others of itself. The owner hears of every commit at once.
    #[must_use]
    pub fn state(&self, admin: &str) -> NodeState {
        let events = behind(&self.events_at);
        NodeState {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            admin: admin.to_owned(),
            events_behind: if self.owns() { events.map(|_| Duration::ZERO) } else { events },
            plane_behind: behind(&self.plane_at),
            is_draining: self.is_draining(),
        }
    }
}

fn behind(at: &AtomicI64) -> Option<Duration> {
    let at = at.load(Ordering::Relaxed);
    let ms = wall_now().since(WallTime(at)).0.max(0).unsigned_abs();
    (at > 0).then(|| Duration::from_millis(ms))
}
