//! The loops: deciding, sending, following the shop's plane.

pub mod batch;
pub mod clerk;
pub mod decider;
pub mod follow;
mod foresee;
pub mod handle;
pub mod learn;
pub mod letterbox;
pub mod moves;
pub mod owner;
pub(crate) mod parked;
pub mod remembered;
pub mod role;
mod round;
pub mod sender;
pub mod task;
mod unknown;
pub mod words;
mod working;
mod write;
