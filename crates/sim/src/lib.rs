//! An invented shop and its shoppers; a seed gives the same history.

mod chance;
pub mod clock;
pub mod load;
pub mod mailbox;
pub mod shop;
pub mod shoppers;
pub mod smtp;
pub mod storefront;
pub mod traffic;
