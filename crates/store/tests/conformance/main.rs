//! What every engine must do. Each test runs on each engine of [`world::engines`].
// Only tests are in here; clippy sees that of functions marked as such alone.
#![allow(clippy::unwrap_used)]

mod commits;
mod kill;
mod loads;
mod queues;
mod screens;
mod world;
