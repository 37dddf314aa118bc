//! What an operator watches and does: health, metrics, and going on after a restore.

pub mod health;
pub mod measured;
pub mod metrics;
pub mod resume;
