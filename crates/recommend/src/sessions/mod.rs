//! What comes next in a session, learned from past sessions.

pub(crate) mod features;
pub(crate) mod fusion;
pub(crate) mod history;
pub(crate) mod knn;
pub(crate) mod live;
pub(crate) mod log;
pub(crate) mod ranker;
pub(crate) mod returns;
pub(crate) mod snapshot;
pub(crate) mod tables;
pub(crate) mod trees;
pub(crate) mod vectors;
