//! What happens to one customer: pure, no clock, no chance, no I/O.
//!
//! Start reading at [`decide`].

pub mod catalogue;
pub mod event;
pub mod hash;
pub mod ids;
pub mod money;
pub mod time;
pub mod wire;
