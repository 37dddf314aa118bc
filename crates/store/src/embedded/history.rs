//! What screens show of customers: who they are, what they did, what was sent to them.

use super::load;
use crate::{
    CreditWrite, EventRow, IdentityRow, JournalRow, OrderRow, PageKey, Result, TimelineKey, TimelineRow,
};
use beckon_core::ids::{Bucket, DoorId, MessageId, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use rusqlite::{Connection, OptionalExtension, params};
use std::cmp::Reverse;

/// Identities that a profile holds, at doors in any bucket.
pub fn identities(conn: &Connection, shop: ShopId, profile: ProfileId) -> Result<Vec<IdentityRow>> {
    let sql = "SELECT bucket, shop, door, kind, value, profile, strength, since, moves, moves_day
        FROM identity INDEXED BY identity_profile
        WHERE shop = ?1 AND profile = ?2 AND bucket >= 0 ORDER BY kind, since, door";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, profile.0 as i64], load::identity)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The identities that were bound last; the key of a row is (since, door).
pub fn customers(
    conn: &Connection,
    shop: ShopId,
    before: Option<PageKey>,
    limit: usize,
) -> Result<Vec<IdentityRow>> {
    let sql = "SELECT bucket, shop, door, kind, value, profile, strength, since, moves, moves_day
        FROM identity INDEXED BY identity_since
        WHERE shop = ?1 AND (since, door) < (?2, ?3) AND bucket >= 0 ORDER BY since DESC, door DESC LIMIT ?4";
    let PageKey { at, id } = before.unwrap_or(PageKey::NEWEST);
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, at.0, id as i64, limit as i64], load::identity)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Events of all customers in the order they were written.
pub fn events(conn: &Connection, after: i64, limit: usize) -> Result<Vec<(i64, EventRow)>> {
    let sql = "SELECT seq, profile, number, at, body FROM event
        WHERE bucket >= 0 AND shop >= 0 AND seq > ?1 ORDER BY seq LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params![after, limit as i64], |row| {
        let (profile, number): (i64, i64) = (row.get(1)?, row.get(2)?);
        let event = EventRow {
            profile: ProfileId(profile as u64),
            number: number as u64,
            at: ShopTime(row.get(3)?),
            body: row.get(4)?,
        };
        Ok((row.get(0)?, event))
    })?;
    Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
}

/// Events and journal of several profiles (one customer before and after a merge), newest first.
pub fn timeline(
    conn: &Connection,
    shop: ShopId,
    profiles: &[ProfileId],
    before: Option<TimelineKey>,
    limit: usize,
) -> Result<Vec<TimelineRow>> {
    let key = before.unwrap_or(TimelineKey { at: ShopTime::NEVER, journal: true, seq: i64::MAX });
    // At one moment journal lines stand before events: after an event, none of its moment is left.
    let (event_seq, journal_seq) = if key.journal { (i64::MAX, key.seq) } else { (key.seq, i64::MIN) };
    let sql = "SELECT seq, number, at, body FROM event INDEXED BY event_profile
        WHERE bucket = ?1 AND shop = ?2 AND profile = ?3 AND (at, seq) < (?4, ?5)
        ORDER BY at DESC, seq DESC LIMIT ?6";
    let mut events = conn.prepare_cached(sql)?;
    let sql = "SELECT seq, at, body FROM journal INDEXED BY journal_profile
        WHERE bucket = ?1 AND shop = ?2 AND profile = ?3 AND (at, seq) < (?4, ?5)
        ORDER BY at DESC, seq DESC LIMIT ?6";
    let mut journal = conn.prepare_cached(sql)?;
    let mut rows: Vec<TimelineRow> = Vec::new();
    for &profile in profiles {
        let (bucket, id) = (profile.bucket().0, profile.0 as i64);
        let found =
            events.query_map(params![bucket, shop.0, id, key.at.0, event_seq, limit as i64], |row| {
                let (seq, number): (i64, i64) = (row.get(0)?, row.get(1)?);
                let event =
                    EventRow { profile, number: number as u64, at: ShopTime(row.get(2)?), body: row.get(3)? };
                Ok(TimelineRow::Event { seq, event })
            })?;
        rows.extend(found.collect::<rusqlite::Result<Vec<_>>>()?);
        let found =
            journal.query_map(params![bucket, shop.0, id, key.at.0, journal_seq, limit as i64], |row| {
                let line =
                    JournalRow { profile, seq: row.get(0)?, at: ShopTime(row.get(1)?), body: row.get(2)? };
                Ok(TimelineRow::Journal(line))
            })?;
        rows.extend(found.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    rows.sort_by_key(|row| Reverse(row.key()));
    rows.truncate(limit);
    Ok(rows)
}

/// An order with its credit.
pub fn order(conn: &Connection, shop: ShopId, bucket: Bucket, door: DoorId) -> Result<Option<OrderRow>> {
    let key = params![bucket.0, shop.0, door.0 as i64];
    let sql = "SELECT version, body FROM \"order\" WHERE bucket = ?1 AND shop = ?2 AND door = ?3";
    let found = conn.prepare_cached(sql)?.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((version, body)) = found else { return Ok(None) };
    let sql = "SELECT journey, step, message, at, minor, currency FROM credit
        WHERE bucket = ?1 AND shop = ?2 AND door = ?3";
    let credit = conn
        .prepare_cached(sql)?
        .query_row(key, |row| {
            Ok(CreditWrite {
                journey: row.get(0)?,
                step: row.get(1)?,
                message: MessageId(row.get::<_, i64>(2)? as u64),
                at: ShopTime(row.get(3)?),
                minor: row.get(4)?,
                currency: row.get(5)?,
            })
        })
        .optional()?;
    Ok(Some(OrderRow { version: i64::cast_unsigned(version), body, credit }))
}
