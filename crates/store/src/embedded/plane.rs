//! The version of the shop's plane, which followers watch.

use crate::Result;
use rusqlite::Transaction;

/// The next version of the plane, in the transaction that makes it.
pub fn raise_version(tx: &Transaction) -> Result<u64> {
    let sql = "UPDATE plane SET version = version + 1 WHERE id = 1 RETURNING version";
    Ok(tx.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))?.cast_unsigned())
}
