//! Mail by SMTP (RFC 5321): sessions that stay open, pipeline (RFC 2920) and know what may have been taken.
//!
//! ```text
//! pool.ready()   connected, greeted, signed in: trouble here is Retry, and nothing was marked as handing
//!   -> the caller commits "handing"
//! slot.send()    MAIL RCPT DATA in one write, message and final dot in one write, then the one answer that counts
//! ```

mod capabilities;
mod pool;
mod probe;
mod reply;
mod session;
mod settings;
mod transaction;
mod wire;

pub use pool::{Pool, Slot};
pub use probe::{Probed, probe};
pub use settings::{Patience, Settings, SettingsError, Tls};
pub use transaction::Envelope;

#[cfg(test)]
mod tests;
