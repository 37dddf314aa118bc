//! The replay from outside: figures that must agree, and streams and plans that mean no good.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod figures;
mod hostile;
mod shop;
