//! The whole program over HTTP: what a shop, its shoppers, their mail programs and an attacker do, to the mail in the
//! inbox and back. Each test has a shop, a relay and a clock of its own.
//!
//! A disk that is full is not here: `beckon_store::Options::pages_max` is not reached from the program, so the store's own
//! tests show it; that nothing is acknowledged which cannot be kept is shown by a store that another process took over.
//!
//! `BECKON_TEST_ON=postgresql cargo test -p beckon --test http` runs all of it on PostgreSQL.

#![allow(clippy::unwrap_used)]

#[path = "http/again.rs"]
mod again;
#[path = "http/as_sent.rs"]
mod as_sent;
#[path = "http/forgetting.rs"]
mod forgetting;
#[path = "http/hostile.rs"]
mod hostile;
#[path = "http/house.rs"]
mod house;
#[path = "support/http.rs"]
mod http;
#[path = "http/leaving.rs"]
mod leaving;
#[path = "http/orders.rs"]
mod orders;
#[path = "http/postgresql.rs"]
mod postgresql;
#[path = "http/relay.rs"]
mod relay;
#[path = "support/shop.rs"]
mod shop;
#[path = "http/stories.rs"]
mod stories;
