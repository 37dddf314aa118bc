//! What a batch needs to be decided, read on the writer's own connection.
//!
//! Prepared point reads by primary key. One statement joined to `json_each` reads profiles alone faster, but for the
//! whole of a batch of 64 (profiles and dedupe) it took 0.52 to 0.56 ms beside 0.44 to 0.48 ms.

use super::message;
use crate::{Found, IdentityRow, ProfileRow, Result, Wanted};
use beckon_core::event::Strength;
use beckon_core::ids::{Bucket, DoorId, DoorKind, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Reads all that is wanted in one snapshot.
pub fn load(conn: &mut Connection, wanted: &Wanted) -> Result<Found> {
    let tx = conn.transaction()?;
    let mut found = Found::default();
    holders_of(&tx, wanted, &mut found)?;
    events(&tx, wanted, &mut found)?;
    halves(&tx, wanted, &mut found)?;
    let sql = "SELECT version, body FROM \"order\" WHERE bucket = ?1 AND shop = ?2 AND door = ?3";
    found.orders = versioned(&tx, sql, &wanted.orders)?;
    let sql = "SELECT version, body FROM address WHERE bucket = ?1 AND shop = ?2 AND door = ?3";
    found.addresses = versioned(&tx, sql, &wanted.addresses)?;
    for &(shop, id) in &wanted.messages {
        found.messages.extend(message::read(&tx, shop, id)?);
    }
    tx.commit()?;
    Ok(found)
}

/// Who holds these doors.
pub fn holders(conn: &Connection, shop: ShopId, doors: &[(Bucket, DoorId)]) -> Result<Vec<IdentityRow>> {
    let mut found = Found::default();
    let identities = doors.iter().map(|&(bucket, door)| (shop, bucket, door)).collect();
    holders_of(conn, &Wanted { identities, ..Wanted::default() }, &mut found)?;
    Ok(found.identities)
}

/// Profiles with both halves.
pub fn profiles(conn: &Connection, shop: ShopId, ids: &[ProfileId]) -> Result<Vec<ProfileRow>> {
    let mut found = Found::default();
    let profiles = ids.iter().map(|&id| (shop, id, true)).collect();
    halves(conn, &Wanted { profiles, ..Wanted::default() }, &mut found)?;
    Ok(found.profiles)
}

/// Hot halves of a bucket by number.
pub fn hot_halves(
    conn: &Connection,
    shop: ShopId,
    bucket: Bucket,
    after: Option<ProfileId>,
    limit: usize,
) -> Result<Vec<ProfileRow>> {
    let sql = "SELECT id, version, hot FROM profile
        WHERE bucket = ?1 AND shop = ?2 AND (?3 IS NULL OR id > ?3) ORDER BY id LIMIT ?4";
    let mut select = conn.prepare_cached(sql)?;
    let after = after.map(|id| id.0 as i64);
    let rows = select.query_map(params![bucket.0, shop.0, after, limit as i64], |row| {
        Ok(ProfileRow {
            shop,
            id: ProfileId(row.get::<_, i64>(0)? as u64),
            version: row.get::<_, i64>(1)?.cast_unsigned(),
            hot: row.get(2)?,
            warm: None,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn holders_of(conn: &Connection, wanted: &Wanted, found: &mut Found) -> Result<()> {
    let sql = "SELECT bucket, shop, door, kind, value, profile, strength, since, moves, moves_day
        FROM identity WHERE bucket = ?1 AND shop = ?2 AND door = ?3";
    let mut select = conn.prepare_cached(sql)?;
    for (shop, bucket, door) in &wanted.identities {
        let row = select.query_row(params![bucket.0, shop.0, door.0 as i64], identity).optional()?;
        found.identities.extend(row);
    }
    Ok(())
}

/// Reads bucket, shop, door, kind, value, profile, strength, since, moves, moves_day.
pub fn identity(row: &Row) -> rusqlite::Result<IdentityRow> {
    let (kind, strength): (u8, u8) = (row.get(3)?, row.get(6)?);
    Ok(IdentityRow {
        bucket: Bucket(row.get(0)?),
        shop: ShopId(row.get(1)?),
        door: DoorId(row.get::<_, i64>(2)? as u64),
        kind: DoorKind::from_number(kind)
            .ok_or(rusqlite::Error::IntegralValueOutOfRange(3, i64::from(kind)))?,
        value: row.get(4)?,
        profile: ProfileId(row.get::<_, i64>(5)? as u64),
        strength: if strength == Strength::Proved as u8 { Strength::Proved } else { Strength::Claimed },
        since: ShopTime(row.get(7)?),
        moves: row.get(8)?,
        moves_day: row.get(9)?,
    })
}

fn events(conn: &Connection, wanted: &Wanted, found: &mut Found) -> Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM event WHERE bucket = ?1 AND shop = ?2 AND number = ?3)
        OR EXISTS (SELECT 1 FROM seen WHERE bucket = ?1 AND shop = ?2 AND number = ?3)";
    let mut select = conn.prepare_cached(sql)?;
    for &(shop, bucket, number) in &wanted.events {
        if select.query_row(params![bucket.0, shop.0, number as i64], |row| row.get(0))? {
            found.events.push((shop, bucket, number));
        }
    }
    Ok(())
}

fn halves(conn: &Connection, wanted: &Wanted, found: &mut Found) -> Result<()> {
    let sql = "SELECT version, hot FROM profile WHERE bucket = ?1 AND shop = ?2 AND id = ?3";
    let mut hot = conn.prepare_cached(sql)?;
    let sql = "SELECT body FROM warm WHERE bucket = ?1 AND shop = ?2 AND id = ?3";
    let mut warm = conn.prepare_cached(sql)?;
    for &(shop, id, with_warm) in &wanted.profiles {
        let key = params![id.bucket().0, shop.0, id.0 as i64];
        let row = hot.query_row(key, |row| Ok((row.get::<_, i64>(0)?, row.get(1)?))).optional()?;
        let Some((version, hot)) = row else { continue };
        let warm = if with_warm {
            Some(warm.query_row(key, |row| row.get(0)).optional()?.unwrap_or_default())
        } else {
            None
        };
        found.profiles.push(ProfileRow { shop, id, version: version as u64, hot, warm });
    }
    Ok(())
}

type Versioned = Vec<(ShopId, DoorId, u64, Vec<u8>)>;

fn versioned(conn: &Connection, sql: &str, wanted: &[(ShopId, Bucket, DoorId)]) -> Result<Versioned> {
    let mut rows = Vec::new();
    if wanted.is_empty() {
        return Ok(rows);
    }
    let mut select = conn.prepare_cached(sql)?;
    for &(shop, bucket, door) in wanted {
        let key = params![bucket.0, shop.0, door.0 as i64];
        let row = select.query_row(key, |row| Ok((row.get::<_, i64>(0)?, row.get(1)?))).optional()?;
        rows.extend(row.map(|(version, body)| (shop, door, version as u64, body)));
    }
    Ok(rows)
}
