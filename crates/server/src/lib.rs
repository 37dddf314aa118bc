//! The shell: HTTP, loops, facts, screens.
