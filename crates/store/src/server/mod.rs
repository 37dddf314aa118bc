//! The engine on a server: PostgreSQL, shared by several programs.

pub mod connection;
