//! The shell: HTTP, loops, facts, screens.

pub mod connect;
pub mod track;
