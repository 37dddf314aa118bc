//! What an operator watches and does: health, metrics, going on after a restore, and forgetting.

pub mod health;
pub mod measured;
pub mod metrics;
pub mod names;
pub mod resume;
pub mod retention;
