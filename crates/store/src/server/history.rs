//! What screens show of customers: who they are, what they did, what was sent to them.

use super::batch::{bucket, shop};
use super::connection::{Done, Request, Session, Value, get};
use super::load::identity;
use super::queues::{limit, number_in};
use crate::{CreditWrite, EventRow, IdentityRow, JournalRow, OrderRow, PageKey, TimelineKey, TimelineRow};
use beckon_core::ids::{Bucket, DoorId, MessageId, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use std::cmp::Reverse;
use tokio_postgres::Row;

/// Identities that a profile holds, at doors in any bucket.
pub fn identities(session: &Session, of: ShopId, profile: ProfileId) -> Done<Vec<IdentityRow>> {
    let sql =
        "SELECT bucket, shop, door, kind, value, profile, strength, since, moves, moves_day FROM identity
        WHERE shop = $1 AND profile = $2 AND bucket >= 0 ORDER BY kind, since, door";
    let values = vec![Value::Int(shop(of)), Value::Long(profile.0.cast_signed())];
    session.query(sql, values)?.iter().map(identity).collect()
}

/// The identities that were bound last; the key of a row is (since, door).
pub fn customers(
    session: &Session,
    of: ShopId,
    before: Option<PageKey>,
    most: usize,
) -> Done<Vec<IdentityRow>> {
    let sql =
        "SELECT bucket, shop, door, kind, value, profile, strength, since, moves, moves_day FROM identity
        WHERE shop = $1 AND (since, door) < ($2, $3) AND bucket >= 0 ORDER BY since DESC, door DESC LIMIT $4";
    let PageKey { at, id } = before.unwrap_or(PageKey::NEWEST);
    let values = vec![Value::Int(shop(of)), Value::Long(at.0), Value::Long(id.cast_signed()), limit(most)];
    session.query(sql, values)?.iter().map(identity).collect()
}

/// Events of all customers in the order they were written.
pub fn events(session: &Session, after: i64, most: usize) -> Done<Vec<(i64, EventRow)>> {
    let sql = "SELECT seq, profile, number, at, body FROM event
        WHERE bucket >= 0 AND shop >= 0 AND seq > $1 ORDER BY seq LIMIT $2";
    let rows = session.query(sql, vec![Value::Long(after), limit(most)])?;
    let event = |row: &Row| {
        let (profile, number) = (ProfileId(number_in(row, 1)?), number_in(row, 2)?);
        Ok((get(row, 0)?, EventRow { profile, number, at: ShopTime(get(row, 3)?), body: get(row, 4)? }))
    };
    rows.iter().map(event).collect()
}

/// Events and journal of several profiles (one customer before and after a merge), newest first.
pub fn timeline(
    session: &Session,
    of: ShopId,
    profiles: &[ProfileId],
    before: Option<TimelineKey>,
    most: usize,
) -> Done<Vec<TimelineRow>> {
    let end = before.unwrap_or(TimelineKey { at: ShopTime::NEVER, journal: true, seq: i64::MAX });
    // At one moment journal lines stand before events: after an event, none of its moment is left.
    let (event_seq, journal_seq) = if end.journal { (i64::MAX, end.seq) } else { (end.seq, i64::MIN) };
    let events = "SELECT seq, at, body, number FROM event
        WHERE bucket = $1 AND shop = $2 AND profile = $3 AND (at, seq) < ($4, $5)
        ORDER BY at DESC, seq DESC LIMIT $6";
    let journal = "SELECT seq, at, body FROM journal
        WHERE bucket = $1 AND shop = $2 AND profile = $3 AND (at, seq) < ($4, $5)
        ORDER BY at DESC, seq DESC LIMIT $6";
    let mut requests = Vec::with_capacity(profiles.len() * 2);
    for profile in profiles {
        for (sql, seq) in [(events, event_seq), (journal, journal_seq)] {
            let lies = Value::Short(bucket(profile.bucket()));
            let id = Value::Long(profile.0.cast_signed());
            let values =
                vec![lies, Value::Int(shop(of)), id, Value::Long(end.at.0), Value::Long(seq), limit(most)];
            requests.push(Request::new(sql, values));
        }
    }
    let mut rows: Vec<TimelineRow> = Vec::new();
    let owners = profiles.iter().flat_map(|profile| [*profile, *profile]);
    for (profile, found) in owners.zip(session.pipeline(&requests)?) {
        for row in &found {
            rows.push(timeline_row(profile, row)?);
        }
    }
    rows.sort_by_key(|row| Reverse(row.key()));
    rows.truncate(most);
    Ok(rows)
}

/// A line of the journal has three columns, an event a fourth.
fn timeline_row(profile: ProfileId, row: &Row) -> Done<TimelineRow> {
    let (seq, at, body) = (get(row, 0)?, ShopTime(get(row, 1)?), get(row, 2)?);
    Ok(if row.len() > 3 {
        TimelineRow::Event { seq, event: EventRow { profile, number: number_in(row, 3)?, at, body } }
    } else {
        TimelineRow::Journal(JournalRow { profile, seq, at, body })
    })
}

/// An order with its credit.
pub fn order(session: &Session, of: ShopId, lies: Bucket, door: DoorId) -> Done<Option<OrderRow>> {
    let sql = "SELECT o.version, o.body, c.journey, c.step, c.message, c.at, c.minor, c.currency
        FROM \"order\" AS o LEFT JOIN credit AS c ON c.bucket = o.bucket AND c.shop = o.shop AND c.door = o.door
        WHERE o.bucket = $1 AND o.shop = $2 AND o.door = $3";
    let key = vec![Value::Short(bucket(lies)), Value::Int(shop(of)), Value::Long(door.0.cast_signed())];
    let Some(row) = session.query_opt(sql, key)? else { return Ok(None) };
    let credit = match get::<Option<String>>(&row, 2)? {
        None => None,
        Some(journey) => Some(CreditWrite {
            journey,
            step: get(&row, 3)?,
            message: MessageId(number_in(&row, 4)?),
            at: ShopTime(get(&row, 5)?),
            minor: get(&row, 6)?,
            currency: get(&row, 7)?,
        }),
    };
    Ok(Some(OrderRow { version: number_in(&row, 0)?, body: get(&row, 1)?, credit }))
}
