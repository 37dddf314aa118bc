//! The inbox. A directory has one program, which owns its buckets: rows are here only when they were carried
//! over.

use super::fail::{Done, conflict};
use crate::check::within;
use crate::{InboxKey, InboxRow, InboxWrite, Result};
use beckon_core::ids::{Bucket, ShopId};
use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};

/// Keeps what arrived: all of it or nothing.
pub fn put(conn: &mut Connection, rows: &[InboxWrite]) -> Done {
    within(rows.iter().map(|row| row.key.bucket))?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut insert = tx.prepare_cached(
            "INSERT INTO inbox (bucket, shop, number, at, body) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (bucket, shop, number) DO NOTHING",
        )?;
        for InboxWrite { key, at, body } in rows {
            insert.execute(params![key.bucket.0, key.shop.0, key.number as i64, at.0, body])?;
        }
    }
    Ok(tx.commit()?)
}

/// What waits, in the order in which it came.
pub fn rows(conn: &Connection, limit: usize) -> Result<Vec<InboxRow>> {
    let sql = "SELECT bucket, shop, number, body FROM inbox
        WHERE bucket >= 0 AND shop >= 0 ORDER BY seq LIMIT ?1";
    let mut select = conn.prepare_cached(sql)?;
    let read = |row: &Row| {
        let (bucket, shop, number) = (Bucket(row.get(0)?), ShopId(row.get(1)?), row.get::<_, i64>(2)? as u64);
        Ok(InboxRow { key: InboxKey { bucket, shop, number }, body: row.get(3)? })
    };
    let rows = select.query_map([limit as i64], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many of these wait still.
pub fn left(conn: &Connection, keys: &[InboxKey]) -> Result<usize> {
    let mut select =
        conn.prepare_cached("SELECT 1 FROM inbox WHERE bucket = ?1 AND shop = ?2 AND number = ?3")?;
    let mut left = 0;
    for key in keys {
        left += usize::from(select.exists(params![key.bucket.0, key.shop.0, key.number as i64])?);
    }
    Ok(left)
}

/// How many wait, counted up to `most`.
pub fn count(conn: &Connection, most: usize) -> Result<u64> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM inbox WHERE bucket >= 0 AND shop >= 0 LIMIT ?1)";
    let count = conn.prepare_cached(sql)?.query_row([most as i64], |row| row.get::<_, i64>(0))?;
    Ok(count.cast_unsigned())
}

/// Takes out what a commit applies. A row that is gone was applied by another commit.
pub fn done(tx: &Transaction, keys: &[InboxKey]) -> Done {
    let mut delete =
        tx.prepare_cached("DELETE FROM inbox WHERE bucket = ?1 AND shop = ?2 AND number = ?3")?;
    for key in keys {
        let (bucket, shop, number) = (key.bucket.0, key.shop.0, key.number);
        if delete.execute(params![bucket, shop, number as i64])? != 1 {
            return conflict(format_args!("input {number:016x} to bucket {bucket} of shop {shop} is gone"));
        }
    }
    Ok(())
}
