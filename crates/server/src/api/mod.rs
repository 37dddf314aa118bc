//! The JSON API for the shop's servers: a file per noun. It can do whatever the screens can do.
//!
//! Every route asks for a server key as `Authorization: Bearer sk_…`; the table of routes says so. Its description is
//! `openapi.json`, which a test compares with the table.

pub mod answer;
pub mod catalogue;
pub mod journeys;
pub mod messages;
pub mod openapi;
pub mod orders;
pub mod parked;
pub mod profiles;
pub mod suppressions;
