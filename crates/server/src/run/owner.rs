//! Owning the customers where several programs share one database: one works, the others stand by until its
//! lease ends. In a directory there is nobody else.

use super::follow;
use crate::app::App;
use crate::clock::wall_now;
use beckon_store::{Candidate, Error, Hint, NodeId, NodeState, Ownership, Store};
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::{JoinHandle, Thread};
use std::time::Duration;
use tokio::sync::watch;

/// A program that stands by looks at the lease at least so often: one that ends by itself wakes nobody.
const LOOK: Duration = Duration::from_secs(1);

/// This program, as the others on the database know it.
pub struct Node {
    id: NodeId,
    name: String,
    lease: Duration,
}

impl Node {
    /// One with a number of its own.
    #[must_use]
    pub fn new(lease: Duration) -> Node {
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let name = format!("{host}, process {}", std::process::id());
        Node { id: NodeId(RandomState::new().hash_one(std::process::id())), name, lease }
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.id
    }

    fn candidate(&self, state: NodeState) -> Candidate<'_> {
        Candidate { id: self.id, name: &self.name, lease: self.lease, now: wall_now(), state }
    }

    /// Tries to own the customers; tells the others of us in any case. Blocks.
    ///
    /// # Errors
    /// The store does not answer, or the clocks are too far apart.
    pub fn take(&self, store: &Store, state: NodeState) -> beckon_store::Result<Ownership> {
        store.take_ownership(&self.candidate(state))
    }
}

/// The thread that stands by, takes over, and lengthens the lease; nothing else holds it up.
pub struct Keeper {
    app: Arc<App>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

struct Keeping {
    app: Arc<App>,
    stop: Arc<AtomicBool>,
    epoch: Arc<OnceLock<u64>>,
    lost: watch::Sender<bool>,
    /// What was said last of why it cannot be asked, so that it is said once.
    said: Option<String>,
}

impl Keeper {
    /// Begins: `epoch` is set when the customers are ours, which they may be already; `lost` turns true when
    /// another program took over from us.
    ///
    /// # Errors
    /// The thread cannot start.
    pub fn start(
        app: Arc<App>,
        epoch: Arc<OnceLock<u64>>,
        lost: watch::Sender<bool>,
    ) -> Result<Keeper, String> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut keeping = Keeping { app: app.clone(), stop: stop.clone(), epoch, lost, said: None };
        let thread = std::thread::Builder::new().name("lease".to_owned()).spawn(move || keeping.run());
        let thread = thread.map_err(|why| format!("the lease's thread cannot start: {why}"))?;
        listen(&app, thread.thread().clone());
        Ok(Keeper { app, stop, thread })
    }

    /// Lets it tell the others at once what is new of us.
    pub fn tell(&self) {
        self.thread.thread().unpark();
    }

    /// Gives the customers back after the last commit, so that who stands by goes on at once. Blocks.
    pub fn resign(self) {
        self.stop.store(true, Ordering::Release);
        self.thread.thread().unpark();
        // It holds nothing that a panic of it could leave half done.
        drop(self.thread.join());
        if let Err(why) = self.app.store.resign(self.app.node.id) {
            tracing::warn!(%why, "the shop could not be given back: who stands by waits for the lease's end");
        }
    }
}

/// Passes on what other programs tell.
fn listen(app: &Arc<App>, keeper: Thread) {
    let told = Arc::downgrade(app);
    app.store.hear(Box::new(move |hint| {
        let Some(app) = told.upgrade() else { return };
        match hint {
            Hint::Inbox if app.role.owns() => app.decider.arrived(),
            Hint::Inbox => {}
            Hint::Free => keeper.unpark(),
            Hint::Plane => app.plane_changed.notify_one(),
        }
    }));
}

impl Keeping {
    fn run(&mut self) {
        while !self.stop.load(Ordering::Acquire) {
            match self.epoch.get().copied() {
                None => self.stand_by(),
                Some(epoch) => {
                    std::thread::park_timeout(self.app.node.lease / 4);
                    if !self.renew(epoch) {
                        return;
                    }
                }
            }
            self.look_at_doubt();
        }
    }

    fn state(&self) -> NodeState {
        self.app.role.state(&self.app.config.admin.to_string())
    }

    /// Looks once whether the lease has ended, and waits a while when it has not.
    fn stand_by(&mut self) {
        let app = &self.app;
        let pause = match app.node.take(&app.store, self.state()) {
            Ok(Ownership::Owner { epoch }) => {
                tracing::warn!(epoch, "took the shop over");
                return take_over(app, epoch, &self.epoch);
            }
            Ok(Ownership::HeldBy { left, .. }) => {
                self.said = None;
                follow_clock(app);
                left.clamp(LOOK / 10, LOOK)
            }
            Err(why) => {
                let why = why.to_string();
                if self.said.as_ref() != Some(&why) {
                    tracing::warn!(why, "stands by, and cannot ask who owns the shop");
                    self.said = Some(why);
                }
                LOOK
            }
        };
        std::thread::park_timeout(pause);
    }

    /// Lengthens the lease; false when another program took over.
    fn renew(&self, epoch: u64) -> bool {
        match self.app.store.renew(&self.app.node.candidate(self.state()), epoch) {
            Ok(()) => true,
            // The customers were given back by us.
            Err(Error::Conflict(_)) if self.stop.load(Ordering::Acquire) => false,
            Err(Error::Conflict(why)) => {
                tracing::error!(why, "another program took the shop over");
                self.lost.send_replace(true);
                false
            }
            Err(why) => {
                tracing::warn!(%why, "the lease could not be lengthened");
                true
            }
        }
    }

    /// The database may have been confirmed on another program, which has then written down before which
    /// moment nothing is sent: that must be in force here before anything is.
    fn look_at_doubt(&self) {
        let app = &self.app;
        if app.store.suspicion().is_none() || !matches!(app.store.is_doubted(), Ok(false)) {
            return;
        }
        let done = follow::reload_if_changed(app).and_then(|_| app.store.accept_origin());
        if let Err(why) = done {
            tracing::warn!(%why, "the database was confirmed, and this program cannot go on yet");
        }
    }
}

/// A clock that runs fast began where the owner's was at its last commit, which may have been a while ago.
fn follow_clock(app: &App) {
    if (app.clock.factor() - 1.0).abs() > f64::EPSILON
        && let Ok(head) = app.store.head()
    {
        app.clock.jump(head.now);
    }
}

/// The customers are ours: all that another program did before is known here, and from now on this one
/// decides.
fn take_over(app: &App, epoch: u64, taken: &OnceLock<u64>) {
    if let Ok(head) = app.store.head() {
        app.clock.jump(head.now);
    }
    if let Err(why) = follow::reload_if_changed(app) {
        tracing::warn!(%why, "took the shop over with settings that may be a moment old");
    }
    // The lease must be lengthened in time.
    follow::end_of_tail(app, app.node.lease / 4);
    // Set once, here or before the thread began.
    let _ = taken.set(epoch);
    app.role.took_over();
    app.decider.arrived();
}
