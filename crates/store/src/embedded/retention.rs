//! Forgetting what is too old, in slices, so that commits wait for one slice at most.

use crate::{Forget, Forgotten};
use beckon_core::ids::{BUCKETS, ShopId};
use beckon_core::time::ShopTime;
use rusqlite::{Connection, TransactionBehavior, params};

/// Rows looked at in one slice.
const SLICE: i64 = 1_000;

/// Where a slice of messages ends.
const MESSAGES: &str = "SELECT max(rowid), max(created_at) FROM
    (SELECT rowid, created_at FROM message NOT INDEXED WHERE rowid > ?1 AND bucket >= 0 AND shop >= 0
        ORDER BY rowid LIMIT ?2)";

/// Looks at the next rows after `cursor`, deletes those of the shop before the moment, and says where to go
/// on.
///
/// Tables are read in the order in which they grew. What was imported later with an old time is reached when
/// the rows around it grow old.
pub fn forget(
    conn: &mut Connection,
    what: Forget,
    shop: ShopId,
    before: ShopTime,
    cursor: i64,
) -> rusqlite::Result<Forgotten> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if what == Forget::Seen {
        let done = seen(&tx, shop, before, cursor.max(0))?;
        tx.commit()?;
        return Ok(done);
    }
    let (last, delete) = match what {
        Forget::Events => (
            "SELECT max(seq), max(at) FROM (SELECT seq, at FROM event NOT INDEXED
                WHERE seq > ?1 AND bucket >= 0 AND shop >= 0 ORDER BY seq LIMIT ?2)",
            "DELETE FROM event WHERE seq > ?1 AND seq <= ?2 AND bucket >= 0 AND shop = ?3 AND at < ?4",
        ),
        Forget::Journal => (
            "SELECT max(seq), max(at) FROM (SELECT seq, at FROM journal NOT INDEXED
                WHERE seq > ?1 AND bucket >= 0 AND shop >= 0 ORDER BY seq LIMIT ?2)",
            "DELETE FROM journal WHERE seq > ?1 AND seq <= ?2 AND bucket >= 0 AND shop = ?3 AND at < ?4",
        ),
        Forget::Bodies => (
            MESSAGES,
            "UPDATE message NOT INDEXED SET body = x'' WHERE rowid > ?1 AND rowid <= ?2 AND bucket >= 0 AND shop = ?3
                AND created_at < ?4 AND state > 3 AND body <> x''",
        ),
        Forget::Messages | Forget::Seen => (
            MESSAGES,
            "DELETE FROM message NOT INDEXED WHERE rowid > ?1 AND rowid <= ?2 AND bucket >= 0 AND shop = ?3
                AND created_at < ?4 AND state > 3",
        ),
    };
    let key = params![cursor, SLICE];
    let (last, newest): (Option<i64>, Option<i64>) =
        tx.prepare_cached(last)?.query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some(last) = last else { return Ok(Forgotten { deleted: 0, next: None }) };
    let deleted = tx.prepare_cached(delete)?.execute(params![cursor, last, shop.0, before.0])?;
    tx.commit()?;
    let old = newest.is_some_and(|at| at < before.0);
    Ok(Forgotten { deleted, next: (old || deleted > 0).then_some(last) })
}

/// Has no order of growth: bucket after bucket, at most a slice of each at once. The cursor is the bucket.
fn seen(conn: &Connection, shop: ShopId, before: ShopTime, bucket: i64) -> rusqlite::Result<Forgotten> {
    let sql = "DELETE FROM seen WHERE (bucket, shop, number) IN
        (SELECT bucket, shop, number FROM seen WHERE bucket = ?1 AND shop = ?2 AND at < ?3 LIMIT ?4)";
    let deleted = conn.prepare_cached(sql)?.execute(params![bucket, shop.0, before.0, SLICE])?;
    let next = if deleted == SLICE as usize { bucket } else { bucket + 1 };
    Ok(Forgotten { deleted, next: (next < i64::from(BUCKETS)).then_some(next) })
}
