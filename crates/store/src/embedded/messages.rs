//! The list of messages: by whichever filter finds the fewest rows, the others applied to what it finds.

use super::message;
use crate::{MessageFilter, MessageRow, MessageState, PageKey, Result};
use beckon_core::time::ShopTime;
use rusqlite::{Connection, params};

// The parameters are the same everywhere: ?1 bucket, ?2 shop, ?3 profile, ?4 from, ?5 and ?6 the key before, then the
// filters in the order of their columns.
const OF_PROFILE: &str = "SELECT * FROM message INDEXED BY message_profile
        WHERE bucket = ?1 AND shop = ?2 AND profile = ?3
            AND created_at >= ?4 AND (created_at, id) < (?5, ?6)
            AND (?7 IS NULL OR state = ?7) AND (?8 IS NULL OR journey = ?8) AND (?9 IS NULL OR step = ?9)
            AND (?10 IS NULL OR reason = ?10) AND (?11 IS NULL OR channel = ?11)
        ORDER BY created_at DESC, id DESC LIMIT ?12";
const OF_REASON: &str = "SELECT * FROM message INDEXED BY message_reason
        WHERE bucket >= 0 AND shop = ?2 AND reason = ?10 AND reason <> ''
            AND created_at >= ?4 AND (created_at, id) < (?5, ?6)
            AND (?7 IS NULL OR state = ?7) AND (?8 IS NULL OR journey = ?8) AND (?9 IS NULL OR step = ?9)
            AND (?10 IS NULL OR reason = ?10) AND (?11 IS NULL OR channel = ?11)
        ORDER BY created_at DESC, id DESC LIMIT ?12";
const OF_RARE_STATE: &str = "SELECT * FROM message INDEXED BY message_rare
        WHERE state IN (1, 5, 8) AND bucket >= 0 AND shop = ?2 AND state = ?7
            AND created_at >= ?4 AND (created_at, id) < (?5, ?6)
            AND (?7 IS NULL OR state = ?7) AND (?8 IS NULL OR journey = ?8) AND (?9 IS NULL OR step = ?9)
            AND (?10 IS NULL OR reason = ?10) AND (?11 IS NULL OR channel = ?11)
        ORDER BY created_at DESC, id DESC LIMIT ?12";
const OF_OPEN_STATE: &str = "SELECT * FROM message INDEXED BY message_open
        WHERE state IN (2, 3, 6) AND bucket >= 0 AND shop = ?2 AND state = ?7
            AND created_at >= ?4 AND (created_at, id) < (?5, ?6)
            AND (?7 IS NULL OR state = ?7) AND (?8 IS NULL OR journey = ?8) AND (?9 IS NULL OR step = ?9)
            AND (?10 IS NULL OR reason = ?10) AND (?11 IS NULL OR channel = ?11)
        ORDER BY created_at DESC, id DESC LIMIT ?12";
const OF_JOURNEY: &str = "SELECT * FROM message INDEXED BY message_journey
        WHERE bucket >= 0 AND shop = ?2 AND journey = ?8
            AND created_at >= ?4 AND (created_at, id) < (?5, ?6)
            AND (?7 IS NULL OR state = ?7) AND (?8 IS NULL OR journey = ?8) AND (?9 IS NULL OR step = ?9)
            AND (?10 IS NULL OR reason = ?10) AND (?11 IS NULL OR channel = ?11)
        ORDER BY created_at DESC, id DESC LIMIT ?12";
const OF_ALL: &str = "SELECT * FROM message INDEXED BY message_created
        WHERE bucket >= 0 AND shop = ?2
            AND created_at >= ?4 AND (created_at, id) < (?5, ?6)
            AND (?7 IS NULL OR state = ?7) AND (?8 IS NULL OR journey = ?8) AND (?9 IS NULL OR step = ?9)
            AND (?10 IS NULL OR reason = ?10) AND (?11 IS NULL OR channel = ?11)
        ORDER BY created_at DESC, id DESC LIMIT ?12";

/// Messages of a shop, newest first; the key of a row is (created_at, id).
pub fn messages(
    conn: &Connection,
    filter: &MessageFilter,
    before: Option<PageKey>,
    limit: usize,
) -> Result<Vec<MessageRow>> {
    use MessageState::{Approved, Claimed, Ghost, Handing, Never, Unknown};
    let end = filter.until.map(|at| PageKey { at, id: i64::MIN as u64 });
    let before = before.unwrap_or(PageKey::NEWEST);
    // Rows of the moment itself stand after the smallest id, which none has.
    let before = end.filter(|end| end.at <= before.at).unwrap_or(before);
    let sql = match filter.state {
        _ if filter.profile.is_some() => OF_PROFILE,
        _ if filter.reason.as_ref().is_some_and(|reason| !reason.is_empty()) => OF_REASON,
        Some(Approved | Never | Ghost) => OF_RARE_STATE,
        Some(Claimed | Handing | Unknown) => OF_OPEN_STATE,
        _ if filter.journey.is_some() => OF_JOURNEY,
        _ => OF_ALL,
    };
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(
        params![
            filter.profile.map_or(0, |profile| profile.bucket().0),
            filter.shop.0,
            filter.profile.map(|profile| profile.0 as i64),
            filter.from.unwrap_or(ShopTime(i64::MIN)).0,
            before.at.0,
            before.id as i64,
            filter.state.map(|state| state as u8),
            filter.journey,
            filter.step,
            filter.reason,
            filter.channel,
            limit as i64,
        ],
        message::from_row,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
