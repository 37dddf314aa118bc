//! Who may do what: keys, staff, sessions.

pub mod keys;
