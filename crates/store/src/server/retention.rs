//! Forgetting what is too old, in slices, so that commits wait for one slice at most.

use super::batch::shop;
use super::connection::{Done, Session, Value, get};
use crate::{Forget, Forgotten};
use beckon_core::ids::{BUCKETS, ShopId};
use beckon_core::time::ShopTime;

/// Rows looked at in one slice.
const SLICE: i64 = 1_000;

const LAST_EVENT: &str = "SELECT max(seq), max(at) FROM
    (SELECT seq, at FROM event WHERE bucket >= 0 AND shop >= 0 AND seq > $1 ORDER BY seq LIMIT $2) AS slice";
const LAST_LINE: &str = "SELECT max(seq), max(at) FROM
    (SELECT seq, at FROM journal WHERE bucket >= 0 AND shop >= 0 AND seq > $1 ORDER BY seq LIMIT $2) AS slice";
const LAST_MESSAGE: &str = "SELECT max(seq), max(created_at) FROM
    (SELECT seq, created_at FROM message WHERE bucket >= 0 AND shop >= 0 AND seq > $1 ORDER BY seq LIMIT $2) AS slice";

/// Looks at the next rows after `cursor`, deletes those of the shop before the moment, and says where to go
/// on.
///
/// Tables are read in the order in which they grew. What was imported later with an old time is reached when
/// the rows around it grow old.
pub fn forget(session: &Session, what: Forget, of: ShopId, before: ShopTime, cursor: i64) -> Done<Forgotten> {
    let (last, delete) = match what {
        Forget::Seen => return seen(session, of, before, cursor.max(0)),
        Forget::Events => (
            LAST_EVENT,
            "DELETE FROM event WHERE seq > $1 AND seq <= $2 AND bucket >= 0 AND shop = $3 AND at < $4 RETURNING seq",
        ),
        Forget::Journal => (
            LAST_LINE,
            "DELETE FROM journal WHERE seq > $1 AND seq <= $2 AND bucket >= 0 AND shop = $3 AND at < $4
            RETURNING seq",
        ),
        Forget::Bodies => (
            LAST_MESSAGE,
            "UPDATE message SET body = '' WHERE seq > $1 AND seq <= $2 AND bucket >= 0 AND shop = $3
                AND created_at < $4 AND state > 3 AND body <> '' RETURNING seq",
        ),
        Forget::Messages => (
            LAST_MESSAGE,
            "DELETE FROM message WHERE seq > $1 AND seq <= $2 AND bucket >= 0 AND shop = $3
                AND created_at < $4 AND state > 3 RETURNING seq",
        ),
    };
    let row = session.query_one(last, vec![Value::Long(cursor), Value::Long(SLICE)])?;
    let (last, newest): (Option<i64>, Option<i64>) = (get(&row, 0)?, get(&row, 1)?);
    let Some(last) = last else { return Ok(Forgotten { deleted: 0, next: None }) };
    let values = vec![Value::Long(cursor), Value::Long(last), Value::Int(shop(of)), Value::Long(before.0)];
    let deleted = session.query(delete, values)?.len();
    let old = newest.is_some_and(|at| at < before.0);
    Ok(Forgotten { deleted, next: (old || deleted > 0).then_some(last) })
}

/// Has no order of growth: bucket after bucket, at most a slice of each at once. The cursor is the bucket.
fn seen(session: &Session, of: ShopId, before: ShopTime, bucket: i64) -> Done<Forgotten> {
    let sql = "DELETE FROM seen AS s USING
            (SELECT bucket, shop, number FROM seen WHERE bucket = $1 AND shop = $2 AND at < $3 LIMIT $4) AS old
        WHERE s.bucket = old.bucket AND s.shop = old.shop AND s.number = old.number RETURNING s.number";
    let lies = Value::Short(i16::try_from(bucket)?);
    let values = vec![lies, Value::Int(shop(of)), Value::Long(before.0), Value::Long(SLICE)];
    let deleted = session.query(sql, values)?.len();
    let next = if deleted as i64 == SLICE { bucket } else { bucket + 1 };
    Ok(Forgotten { deleted, next: (next < i64::from(BUCKETS)).then_some(next) })
}
