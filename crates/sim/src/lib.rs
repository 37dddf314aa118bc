//! An invented shop and its shoppers; a seed gives the same history.

pub mod smtp;
