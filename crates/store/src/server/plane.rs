//! The version of the shop's plane, which followers watch.

use super::connection::{Done, Session, get};

/// The version.
pub fn version(session: &Session) -> Done<u64> {
    let row = session.query_one("SELECT version FROM plane WHERE id = 1", Vec::new())?;
    Ok(get::<i64>(&row, 0)?.cast_unsigned())
}

/// The next version of the plane, in the transaction that makes it. Whoever else changes something waits until this one
/// ends, and sees what it did.
pub fn raise_version(session: &Session) -> Done<u64> {
    let sql = "UPDATE plane SET version = version + 1 WHERE id = 1 RETURNING version";
    Ok(get::<i64>(&session.query_one(sql, Vec::new())?, 0)?.cast_unsigned())
}
