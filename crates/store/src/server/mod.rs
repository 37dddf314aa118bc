//! The engine on a server: PostgreSQL, shared by several programs.

mod audit;
mod catalogue;
pub mod connection;
mod documents;
mod import;
mod plane;
pub mod shop;

use connection::Value;

/// At most so many rows.
fn limit(rows: usize) -> Value<'static> {
    Value::Long(i64::try_from(rows).unwrap_or(i64::MAX))
}
