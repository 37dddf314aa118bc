//! What a batch is decided with, and what it comes to before it is written.

use super::remembered::Remembered;
use super::task::Answer;
use crate::shop_state::ShopState;
use beckon_core::desk::Shelf;
use beckon_core::event::Incoming;
use beckon_core::ids::ProfileId;
use beckon_core::time::ShopTime;
use beckon_store::{Commit, Store};
use std::cell::RefCell;
use std::sync::Arc;

/// A batch about to be decided.
pub struct Batch<'a> {
    /// Where everything lies.
    pub store: &'a Store,
    /// The shop as it is now.
    pub state: &'a ShopState,
    /// The moment all of it is decided at.
    pub now: ShopTime,
    /// The node's epoch.
    pub epoch: u64,
    /// Customers of earlier batches.
    pub remembered: &'a RefCell<Remembered>,
}

/// A batch as it was decided, before it is written.
#[derive(Default)]
pub struct Round {
    /// What is to be written.
    pub commit: Commit,
    /// What to tell whom, by the task's place.
    pub answers: Vec<(usize, Answer)>,
    /// New events.
    pub events: Vec<(ProfileId, Arc<Incoming>)>,
    /// What was at hand, as it is once the commit is on disk.
    pub shelf: Shelf,
}
