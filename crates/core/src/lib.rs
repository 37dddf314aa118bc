//! What happens to one customer: pure, no clock, no chance, no I/O.
//!
//! Start reading at [`decide`].

pub mod address;
pub mod block;
mod block_counts;
pub mod block_tests;
mod candidate;
pub mod catalogue;
pub mod decide;
pub mod desk;
pub mod door;
pub mod effect;
pub mod event;
pub mod gate;
pub mod hash;
mod identity;
pub mod ids;
pub mod input;
mod journey;
pub mod limits;
pub mod money;
pub mod order;
mod order_blocks;
mod order_reports;
pub mod plan;
pub mod profile;
pub mod segment;
mod shop_id;
pub mod time;
mod turn;
pub mod why;
pub mod wire;
