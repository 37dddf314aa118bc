//! What an operator watches and does: health, metrics, going on after a restore, forgetting, the stop, the
//! test mail.

pub mod drain;
pub mod health;
pub mod measured;
pub mod metrics;
pub mod names;
pub mod nodes;
pub mod resume;
pub mod retention;
pub mod signing;
pub(crate) mod stop;
pub(crate) mod test_mail;
