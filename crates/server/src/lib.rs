//! The shell: HTTP, loops, facts, screens.

pub mod track;
