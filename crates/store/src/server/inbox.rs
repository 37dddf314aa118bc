//! The inbox: inserted by any program, read and emptied by the owner.

use super::batch::{Batch, List, key, key_arrays, push_key, written};
use super::connection::{Done, Request, Session, Value, get, text};
use super::queues::{bucket_in, limit, number_in, shop_in};
use super::statement::Insert;
use crate::check::within;
use crate::{Error, Hint, InboxKey, InboxRow, InboxWrite};
use std::collections::HashSet;
use tokio_postgres::Row;

static INBOX: Insert = Insert::new(
    "INSERT INTO inbox (bucket, shop, number, at, body) VALUES {rows}
    ON CONFLICT (bucket, shop, number) DO NOTHING",
);

/// Keeps what arrived, in the transaction that is open, and tells the owner.
pub fn put(session: &Session, rows: &[InboxWrite]) -> Done {
    within(rows.iter().map(|row| row.key.bucket))?;
    if let Some(row) = rows.iter().find(|row| i32::try_from(row.key.shop.0).is_err()) {
        return Err(
            Error::Corrupt(format!("there is no shop {}: they end at {}", row.key.shop.0, i32::MAX)).into()
        );
    }
    let rows: Vec<&InboxWrite> = rows.iter().collect();
    let mut batch = Batch::default();
    batch.add_all(INBOX.requests(&rows, |row, values| {
        push_key(values, key(row.key.bucket, row.key.shop, row.key.number));
        values.extend([Value::Long(row.at.0), Value::Bytes(&row.body)]);
    }));
    batch.add(told(Hint::Inbox));
    batch.run(session).map(drop)
}

/// Tells the other programs when the transaction is committed.
pub fn told(hint: Hint) -> Request<'static> {
    Request::new("SELECT pg_notify('beckon', $1)", vec![text(hint.word())])
}

/// What waits, in the order in which it came.
pub fn rows(session: &Session, most: usize) -> Done<Vec<InboxRow>> {
    let sql =
        "SELECT bucket, shop, number, body FROM inbox WHERE bucket >= 0 AND shop >= 0 ORDER BY seq LIMIT $1";
    let row = |row: &Row| {
        let key = InboxKey { bucket: bucket_in(row, 0)?, shop: shop_in(row, 1)?, number: number_in(row, 2)? };
        Ok(InboxRow { key, body: get(row, 3)? })
    };
    session.query(sql, vec![limit(most)])?.iter().map(row).collect()
}

/// How many of these wait still.
pub fn left(session: &Session, keys: &[InboxKey]) -> Done<usize> {
    let sql = "SELECT i.number FROM inbox AS i
        JOIN unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (bucket, shop, number)
            ON i.bucket = k.bucket AND i.shop = k.shop AND i.number = k.number";
    Ok(session.query(sql, arrays(keys))?.len())
}

/// How many wait, counted up to `most`.
pub fn count(session: &Session, most: usize) -> Done<u64> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM inbox WHERE bucket >= 0 AND shop >= 0 LIMIT $1) AS found";
    number_in(&session.query_one(sql, vec![limit(most)])?, 0)
}

/// Takes out what a commit applies. A row that is gone was applied by another commit.
pub fn done<'a>(batch: &mut Batch<'a>, keys: &'a [InboxKey]) {
    if keys.is_empty() {
        return;
    }
    let sql = "DELETE FROM inbox AS i USING unnest($1::smallint[], $2::integer[], $3::bigint[])
            AS k (bucket, shop, number)
        WHERE i.bucket = k.bucket AND i.shop = k.shop AND i.number = k.number
        RETURNING i.bucket, i.shop, i.number";
    batch.check(Request::new(sql, arrays(keys)), move |rows, outcome| {
        let mut gone: HashSet<_> = written(&rows)?;
        for (at, k) in keys.iter().enumerate() {
            if !gone.remove(&key(k.bucket, k.shop, k.number)) {
                outcome.fail(List::Inbox, at, || {
                    format!("input {:016x} to bucket {} of shop {} is gone", k.number, k.bucket.0, k.shop.0)
                });
            }
        }
        Ok(())
    });
}

fn arrays<'a>(keys: &[InboxKey]) -> Vec<Value<'a>> {
    key_arrays(keys.iter().map(|k| key(k.bucket, k.shop, k.number)))
}
