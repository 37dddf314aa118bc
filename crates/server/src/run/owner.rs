//! Owning the customers where several programs share one database: one works, the others stand by until its lease
//! ends. In a directory there is nobody else.

use crate::clock::wall_now;
use beckon_store::{Candidate, Error, NodeId, Ownership, Store};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// A program that stands by looks at the lease at least so often: what frees it early wakes nobody.
const LOOK: Duration = Duration::from_secs(1);

/// That the customers are ours.
pub struct Owner {
    store: Arc<Store>,
    id: NodeId,
    lease: Duration,
    /// What commits carry.
    pub epoch: u64,
}

/// Waits until the customers are ours, however long another owns them.
///
/// # Errors
/// The store does not answer at the first try, or the clocks are too far apart.
pub async fn take(store: &Arc<Store>, lease: Duration) -> Result<Owner, String> {
    let id = NodeId(RandomState::new().hash_one(std::process::id()));
    let name = name();
    let mut stands_by = false;
    loop {
        let (asked, called) = (store.clone(), name.clone());
        let tried = tokio::task::spawn_blocking(move || {
            asked.take_ownership(&Candidate { id, name: &called, lease, now: wall_now() })
        });
        let left = match tried.await.map_err(|why| why.to_string())? {
            Ok(Ownership::Owner { epoch }) => {
                if stands_by {
                    tracing::warn!(epoch, "took the shop over");
                }
                return Ok(Owner { store: store.clone(), id, lease, epoch });
            }
            Ok(Ownership::HeldBy { name, left }) => {
                if !stands_by {
                    tracing::warn!(owner = name, "stands by: another program owns the shop");
                }
                left
            }
            // Once it stands by, a database that is away for a while is no reason to end.
            Err(why) if stands_by => {
                tracing::warn!(%why, "stands by, and the database does not answer");
                LOOK
            }
            Err(why) => return Err(why.to_string()),
        };
        stands_by = true;
        tokio::time::sleep(left.clamp(LOOK / 10, LOOK)).await;
    }
}

/// Host and process: what people call this program.
fn name() -> String {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    format!("{host}, process {}", std::process::id())
}

/// Lengthens the lease until it is told to stop, on a thread that nothing else holds up.
pub struct Keeper {
    owner: Arc<Owner>,
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<()>,
}

impl Owner {
    /// Begins to lengthen the lease; `lost` turns true when another program took over.
    ///
    /// # Errors
    /// The thread cannot start.
    pub fn keep(self, lost: watch::Sender<bool>) -> Result<Keeper, String> {
        let (owner, stop) = (Arc::new(self), Arc::new(AtomicBool::new(false)));
        let (kept, stopped) = (owner.clone(), stop.clone());
        let thread = std::thread::Builder::new().name("lease".to_owned()).spawn(move || {
            while !stopped.load(Ordering::Acquire) {
                std::thread::park_timeout(kept.lease / 4);
                match kept.store.renew(kept.id, kept.epoch, kept.lease) {
                    Ok(()) => {}
                    Err(Error::Conflict(why)) => {
                        tracing::error!(why, "another program took the shop over");
                        lost.send_replace(true);
                        return;
                    }
                    Err(why) => tracing::warn!(%why, "the lease could not be lengthened"),
                }
            }
        });
        let thread = thread.map_err(|why| format!("the lease's thread cannot start: {why}"))?;
        Ok(Keeper { owner, stop, thread })
    }
}

impl Keeper {
    /// Gives the customers back after the last commit, so that who stands by goes on at once. Blocks.
    pub fn resign(self) {
        self.stop.store(true, Ordering::Release);
        self.thread.thread().unpark();
        // It holds nothing that a panic of it could leave half done.
        drop(self.thread.join());
        if let Err(why) = self.owner.store.resign(self.owner.id) {
            tracing::warn!(%why, "the shop could not be given back: who stands by waits for the lease's end");
        }
    }
}
