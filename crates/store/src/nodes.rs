//! Who owns the buckets, where several programs share one database: a lease, and the epoch that fences
//! whoever lost it.
//!
//! The first step has one owner of all buckets; the others stand by. A lease is compared on the database's
//! clock only. It decides who may take over, never whose commit counts: that does the epoch, which a taker
//! raises first, so that a program that was frozen and woke up late is refused whatever it believes.

use beckon_core::time::WallTime;
use std::time::Duration;

/// A program that shares the database; drawn at random when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u64);

/// A program that wants to own the buckets.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// Which.
    pub id: NodeId,
    /// What people call it: host and process.
    pub name: &'a str,
    /// How long its lease is to last; it is renewed several times within.
    pub lease: Duration,
    /// What its clock says: one that is more than [`CLOCK_OFF_MAX`] off the database's takes no lease.
    pub now: WallTime,
    /// What it tells the others of itself.
    pub state: NodeState,
}

/// What a program tells the others of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeState {
    /// Version of the program.
    pub version: String,
    /// Where its admin side listens.
    pub admin: String,
    /// How far its recommender is behind the events; `None` while it is being filled.
    pub events_behind: Option<Duration>,
    /// How far its settings and its catalogue are behind the shop's.
    pub plane_behind: Option<Duration>,
    /// It takes no new visitors and is about to stop.
    pub is_draining: bool,
}

/// How far the clock of a node may be off the database's.
pub const CLOCK_OFF_MAX: Duration = Duration::from_secs(2);

/// What became of a try to own the buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// They are ours, under this epoch: commits carry it.
    Owner {
        /// The epoch.
        epoch: u64,
    },
    /// They are another's.
    HeldBy {
        /// Whose, for people.
        name: String,
        /// When its lease ends if it is not renewed.
        left: Duration,
    },
}

/// A program that shares the database, as it was last heard of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRow {
    /// Which.
    pub id: NodeId,
    /// What people call it.
    pub name: String,
    /// The epoch under which it owns the buckets; `None` while it stands by, and once another took them.
    pub epoch: Option<u64>,
    /// What is left of its lease; nothing for one that stands by.
    pub left: Duration,
    /// How long ago it was heard of.
    pub silent: Duration,
    /// How long it has owned the buckets, or stood by.
    pub since: Duration,
    /// What it told of itself; how far it is behind grows while it is silent.
    pub state: NodeState,
}
