//! Recommendations as the shop uses them: which blocks it has and where they stand, who asks, and what comes back.
//!
//! The ranking itself is the crate `recommend`; here it meets documents, the catalogue's words and the network.

pub mod change;
pub mod endpoint;
pub mod fill;
pub mod learned;
pub mod live;
pub mod outside;
pub mod past;
pub mod preview;
pub mod question;
pub mod shelf;
pub mod words;
