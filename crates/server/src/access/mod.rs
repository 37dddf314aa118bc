//! Who may do what: keys, staff, sessions.

pub mod audit;
pub mod csrf;
pub mod invite;
pub(crate) mod kept_keys;
pub mod keys;
pub mod limit;
pub mod password;
pub mod proxy;
pub mod rights;
pub mod session;
pub mod signing;
pub mod staff;
pub mod trouble;
pub mod visit;
