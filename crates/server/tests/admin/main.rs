//! The admin side as a browser meets it: with a real store, without a socket.

mod access;
mod connect;
mod pages;
mod settings;

#[path = "../support/mod.rs"]
mod support;
