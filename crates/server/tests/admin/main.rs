//! The admin side as a browser meets it: with a real store, without a socket.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests.

mod access;
mod connect;
mod log;
mod pages;
mod programs;
mod settings;
mod staff;

#[path = "../support/mod.rs"]
mod support;
