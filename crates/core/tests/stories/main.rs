//! Stories a marketer can read: what the shopper does, what time passes, what is sent.

mod cart;
mod plans;
mod script;
mod world;
