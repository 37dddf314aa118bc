//! Answers to what decisions and templates need from outside the customer.

pub mod catalogue;
pub mod goods;
pub mod message;
pub mod remembered;
