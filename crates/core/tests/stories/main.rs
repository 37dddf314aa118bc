//! Stories a marketer can read: what the shopper does, what time passes, what is sent.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod arbitration;
mod blocks;
mod cart;
mod identity;
mod merging;
mod moving;
mod plans;
mod repeating;
mod script;
mod sending;
mod steps;
mod variants;
mod world;
