//! Ways out: a file per channel, each ending in sent, retry, never or unknown.

pub mod address;
pub mod dkim;
pub mod mime;
pub mod outcome;
pub mod smtp;

pub use address::Address;
pub use outcome::Outcome;
