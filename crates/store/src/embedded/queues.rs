//! What waits: wake-ups, messages to send, letters between buckets, inputs that need a person.
//!
//! A poll covers all buckets of the node; here one process owns them all.

use super::message;
use crate::{LetterKey, LetterRow, MessageRow, PageKey, ParkedRow, Result};
use beckon_core::ids::{Bucket, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Profiles that must be looked at, the longest overdue first.
pub fn wakeups(conn: &Connection, now: ShopTime, limit: usize) -> Result<Vec<(ShopId, ProfileId)>> {
    let sql = "SELECT shop, profile FROM due INDEXED BY due_at
        WHERE at <= ?1 AND bucket >= 0 AND shop >= 0 ORDER BY at LIMIT ?2";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![now.0, limit as i64], |row| {
        Ok((ShopId(row.get(0)?), ProfileId(row.get::<_, i64>(1)? as u64)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// When the next profile must be looked at.
pub fn next_due(conn: &Connection) -> Result<Option<ShopTime>> {
    let sql = "SELECT at FROM due INDEXED BY due_at
        WHERE at > ?1 AND bucket >= 0 AND shop >= 0 ORDER BY at LIMIT 1";
    let mut select = conn.prepare_cached(sql)?;
    Ok(select.query_row([i64::MIN], |row| row.get(0).map(ShopTime)).optional()?)
}

/// Approved messages of a lane that may be tried now, those that waited longest first.
pub fn outbox(conn: &Connection, now: ShopTime, lane: u8, limit: usize) -> Result<Vec<MessageRow>> {
    let sql = "SELECT * FROM message INDEXED BY message_outbox
        WHERE state = 1 AND lane = ?1 AND not_before <= ?2 AND bucket >= 0 AND shop >= 0
        ORDER BY not_before LIMIT ?3";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![lane, now.0, limit as i64], message::from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// When the next approved message may be tried.
pub fn next_outbox(conn: &Connection) -> Result<Option<ShopTime>> {
    let sql = "SELECT min(not_before) FROM message INDEXED BY message_outbox
        WHERE state = 1 AND lane = ?1 AND bucket >= 0 AND shop >= 0";
    let mut select = conn.prepare_cached(sql)?;
    let mut next: Option<i64> = None;
    for lane in 0..=2u8 {
        let first: Option<i64> = select.query_row([lane], |row| row.get(0))?;
        next = [next, first].into_iter().flatten().min();
    }
    Ok(next.map(ShopTime))
}

/// Messages that a sender held when the program ended: claimed, or at the channel.
pub fn interrupted(conn: &Connection) -> Result<Vec<MessageRow>> {
    let sql = "SELECT * FROM message INDEXED BY message_open
        WHERE state IN (2, 3, 6) AND state < 6 AND bucket >= 0 AND shop >= 0 ORDER BY state, shop, created_at, id";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map([], message::from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Letters that wait, oldest first.
pub fn letters(conn: &Connection, limit: usize) -> Result<Vec<LetterRow>> {
    let sql = "SELECT bucket, shop, number, body FROM letter
        WHERE bucket >= 0 AND shop >= 0 ORDER BY seq LIMIT ?1";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map([limit as i64], |row| {
        let key = LetterKey {
            bucket: Bucket(row.get(0)?),
            shop: ShopId(row.get(1)?),
            number: row.get::<_, i64>(2)? as u64,
        };
        Ok(LetterRow { key, body: row.get(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Inputs of a shop that wait for a person, newest first.
pub fn parked(
    conn: &Connection,
    shop: ShopId,
    before: Option<PageKey>,
    limit: usize,
) -> Result<Vec<ParkedRow>> {
    let sql = "SELECT bucket, number, at, reason, body FROM parked INDEXED BY parked_at
        WHERE bucket >= 0 AND shop = ?1 AND (at, number) < (?2, ?3) ORDER BY at DESC, number DESC LIMIT ?4";
    let PageKey { at, id } = before.unwrap_or(PageKey::NEWEST);
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, at.0, id as i64, limit as i64], parked_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes a parked input out, to try it again or to drop it; `None` when somebody else did.
pub fn take_parked(
    conn: &Connection,
    shop: ShopId,
    bucket: Bucket,
    number: u64,
) -> Result<Option<ParkedRow>> {
    let sql = "DELETE FROM parked WHERE bucket = ?1 AND shop = ?2 AND number = ?3
        RETURNING bucket, number, at, reason, body";
    let mut delete = conn.prepare_cached(sql)?;
    Ok(delete.query_row(params![bucket.0, shop.0, number as i64], parked_row).optional()?)
}

fn parked_row(row: &Row) -> rusqlite::Result<ParkedRow> {
    Ok(ParkedRow {
        bucket: Bucket(row.get(0)?),
        number: row.get::<_, i64>(1)? as u64,
        at: ShopTime(row.get(2)?),
        reason: row.get(3)?,
        body: row.get(4)?,
    })
}
