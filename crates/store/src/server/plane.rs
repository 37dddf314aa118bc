//! The version of the shop's plane, which followers watch.

use super::connection::{Done, Request, Session, get};
use super::inbox::told;
use crate::{Error, Hint};

/// The version.
pub fn version(session: &Session) -> Done<u64> {
    let row = session.query_one("SELECT version FROM plane WHERE id = 1", Vec::new())?;
    Ok(get::<i64>(&row, 0)?.cast_unsigned())
}

/// The next version of the plane, in the transaction that makes it. Whoever else changes something waits
/// until this one ends, and sees what it did. Who follows it is told when it is committed.
pub fn raise_version(session: &Session) -> Done<u64> {
    let sql = "UPDATE plane SET version = version + 1 WHERE id = 1 RETURNING version";
    let answers = session.pipeline(&[Request::new(sql, Vec::new()), told(Hint::Plane)])?;
    let row = answers.first().and_then(|rows| rows.first());
    let row = row.ok_or_else(|| Error::Corrupt("the database has no shop's plane".to_owned()))?;
    Ok(get::<i64>(row, 0)?.cast_unsigned())
}
