//! The loops: deciding, sending, following the shop's plane.

pub mod batch;
pub mod decider;
pub mod follow;
mod foresee;
pub mod learn;
pub mod letterbox;
pub mod moves;
pub mod owner;
pub(crate) mod parked;
mod round;
pub mod sender;
pub mod task;
mod unknown;
pub mod words;
mod working;
mod write;
