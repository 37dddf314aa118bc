//! What every engine must do. Each test runs on each engine of [`world::engines`].
// Only tests are in here; clippy sees that of functions marked as such alone.
#![allow(clippy::unwrap_used)]

mod alike;
mod backups;
mod catalogue;
mod commits;
mod documents;
mod inbox;
mod kill;
mod loads;
mod log;
mod migrate;
mod nodes;
mod planes;
mod queues;
mod screens;
mod server;
mod world;
