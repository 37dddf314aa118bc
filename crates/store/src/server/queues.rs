//! What waits: wake-ups, messages to send, letters between buckets, inputs that need a person.
//!
//! A poll takes no locks: the owner of the buckets is the only one that acts on what it finds, and each row
//! it changes has its guard.

use super::batch::{bucket, shop};
use super::connection::{Done, Request, Session, Value, get};
use super::message;
use super::statement::OfMessage;
use crate::{LetterKey, LetterRow, MessageRow, PageKey, ParkedRow};
use beckon_core::ids::{Bucket, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use tokio_postgres::Row;

/// The parameter of a limit.
pub fn limit(limit: usize) -> Value<'static> {
    Value::Long(i64::try_from(limit).unwrap_or(i64::MAX))
}

/// Reads a shop's column.
pub fn shop_in(row: &Row, at: usize) -> Done<ShopId> {
    Ok(ShopId(u32::try_from(get::<i32>(row, at)?)?))
}

/// Reads a bucket's column.
pub fn bucket_in(row: &Row, at: usize) -> Done<Bucket> {
    Ok(Bucket(u16::try_from(get::<i16>(row, at)?)?))
}

/// Reads a number of 64 bits.
pub fn number_in(row: &Row, at: usize) -> Done<u64> {
    get::<i64>(row, at).map(i64::cast_unsigned)
}

/// Profiles that must be looked at, the longest overdue first.
pub fn wakeups(session: &Session, now: ShopTime, most: usize) -> Done<Vec<(ShopId, ProfileId)>> {
    let sql = "SELECT shop, profile FROM due WHERE at <= $1 AND bucket >= 0 AND shop >= 0
        ORDER BY at, bucket, shop, profile LIMIT $2";
    let rows = session.query(sql, vec![Value::Long(now.0), limit(most)])?;
    rows.iter().map(|row| Ok((shop_in(row, 0)?, ProfileId(number_in(row, 1)?)))).collect()
}

/// When the next profile must be looked at.
pub fn next_due(session: &Session) -> Done<Option<ShopTime>> {
    let sql = "SELECT at FROM due WHERE bucket >= 0 AND shop >= 0 ORDER BY at, bucket, shop, profile LIMIT 1";
    session.query_opt(sql, Vec::new())?.map(|row| get(&row, 0).map(ShopTime)).transpose()
}

static OUTBOX: OfMessage = OfMessage::new(
    "SELECT {message} FROM message
    WHERE state = 1 AND lane = $1 AND not_before <= $2 AND bucket >= 0 AND shop >= 0
    ORDER BY not_before, seq LIMIT $3",
);

/// Approved messages of a lane that may be tried now, those that waited longest first.
pub fn outbox(session: &Session, now: ShopTime, lane: u8, most: usize) -> Done<Vec<MessageRow>> {
    let values = vec![Value::Short(lane.into()), Value::Long(now.0), limit(most)];
    message::rows(&session.query(OUTBOX.text(), values)?)
}

/// When the next approved message may be tried.
pub fn next_outbox(session: &Session) -> Done<Option<ShopTime>> {
    let sql = "SELECT not_before FROM message WHERE state = 1 AND lane = $1 AND bucket >= 0 AND shop >= 0
        ORDER BY not_before, seq LIMIT 1";
    let lanes = (0..=2i16).map(|lane| Request::new(sql, vec![Value::Short(lane)]));
    let found = session.pipeline(&lanes.collect::<Vec<_>>())?;
    let times: Done<Vec<i64>> = found.iter().flatten().map(|row| get(row, 0)).collect();
    Ok(times?.into_iter().min().map(ShopTime))
}

static INTERRUPTED: OfMessage = OfMessage::new(
    "SELECT {message} FROM message
    WHERE state IN (2, 3, 6) AND state < 6 AND bucket >= 0 AND shop >= 0 ORDER BY state, shop, created_at, id",
);

/// Messages that a sender held when the program ended: claimed, or at the channel.
pub fn interrupted(session: &Session) -> Done<Vec<MessageRow>> {
    message::rows(&session.query(INTERRUPTED.text(), Vec::new())?)
}

/// Letters that wait, oldest first.
pub fn letters(session: &Session, most: usize) -> Done<Vec<LetterRow>> {
    let sql =
        "SELECT bucket, shop, number, body FROM letter WHERE bucket >= 0 AND shop >= 0 ORDER BY seq LIMIT $1";
    let rows = session.query(sql, vec![limit(most)])?;
    let letter = |row: &Row| {
        let key =
            LetterKey { bucket: bucket_in(row, 0)?, shop: shop_in(row, 1)?, number: number_in(row, 2)? };
        Ok(LetterRow { key, body: get(row, 3)? })
    };
    rows.iter().map(letter).collect()
}

/// Inputs of a shop that wait for a person, newest first.
pub fn parked(session: &Session, of: ShopId, before: Option<PageKey>, most: usize) -> Done<Vec<ParkedRow>> {
    let sql = "SELECT bucket, number, at, reason, body FROM parked
        WHERE bucket >= 0 AND shop = $1 AND (at, number) < ($2, $3) ORDER BY at DESC, number DESC LIMIT $4";
    let PageKey { at, id } = before.unwrap_or(PageKey::NEWEST);
    let values = vec![Value::Int(shop(of)), Value::Long(at.0), Value::Long(id.cast_signed()), limit(most)];
    session.query(sql, values)?.iter().map(parked_row).collect()
}

/// Takes a parked input out, to try it again or to drop it; `None` when somebody else did.
pub fn take_parked(session: &Session, of: ShopId, lies: Bucket, number: u64) -> Done<Option<ParkedRow>> {
    let sql = "DELETE FROM parked WHERE bucket = $1 AND shop = $2 AND number = $3
        RETURNING bucket, number, at, reason, body";
    let values = vec![Value::Short(bucket(lies)), Value::Int(shop(of)), Value::Long(number.cast_signed())];
    session.query_opt(sql, values)?.map(|row| parked_row(&row)).transpose()
}

fn parked_row(row: &Row) -> Done<ParkedRow> {
    Ok(ParkedRow {
        bucket: bucket_in(row, 0)?,
        number: number_in(row, 1)?,
        at: ShopTime(get(row, 2)?),
        reason: get(row, 3)?,
        body: get(row, 4)?,
    })
}
