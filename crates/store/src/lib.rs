//! The only SQL: what is remembered, on disk.
//!
//! Two planes. The customers' plane ([`Commit`], [`Store`]) is keyed by bucket and shop and written in group
//! commits by the owner of the buckets. The shop's plane ([`shop::ShopPlane`]) holds catalogue, plans,
//! settings and staff, is keyed by shop, and is followed by its version number.

pub mod acting;
mod check;
mod commit;
mod days;
pub mod disk;
mod embedded;
mod error;
mod gathering;
mod import;
mod inbox;
mod logged;
pub mod migrate;
mod nodes;
mod place;
mod rows;
mod server;
pub mod shop;
mod shop_rows;
mod store;

pub use commit::*;
pub use embedded::watch::sizes;
pub use embedded::{backup, look};
pub use error::{Error, Result};
pub use inbox::{Hint, InboxKey, InboxRow, InboxWrite};
pub use nodes::*;
pub use place::Place;
pub use rows::*;
pub use server::look as look_server;
pub use store::{Options, Store};
