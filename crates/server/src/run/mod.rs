//! The loops: deciding, sending, following the shop's plane.

pub mod batch;
pub mod decider;
pub mod follow;
pub mod letterbox;
pub mod sender;
mod write;
