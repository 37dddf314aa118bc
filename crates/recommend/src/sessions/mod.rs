//! What comes next in a session, learned from past sessions.

pub(crate) mod fusion;
pub(crate) mod history;
pub(crate) mod knn;
pub(crate) mod tables;
