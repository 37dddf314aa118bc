//! The only SQL: what is remembered, on disk.
