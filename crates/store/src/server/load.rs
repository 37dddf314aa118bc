//! What a batch needs to be decided: each kind by one join with arrays of keys, all sent at once.

use super::batch::{Key, bucket, key, key_arrays, shop};
use super::connection::{Done, Request, Session, Value, get};
use super::message;
use super::queues::{bucket_in, limit, number_in, shop_in};
use super::statement::OfMessage;
use crate::{Error, Found, IdentityRow, MessageRow, ProfileRow, Wanted};
use beckon_core::event::Strength;
use beckon_core::ids::{Bucket, DoorId, DoorKind, MessageId, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use std::collections::HashMap;
use tokio_postgres::Row;

const IDENTITIES: &str =
    "SELECT i.bucket, i.shop, i.door, i.kind, i.value, i.profile, i.strength, i.since, i.moves,
        i.moves_day
    FROM unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (bucket, shop, door)
    JOIN identity AS i ON i.bucket = k.bucket AND i.shop = k.shop AND i.door = k.door";
const EVENTS: &str = "SELECT e.bucket, e.shop, e.number
    FROM unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (bucket, shop, number)
    JOIN event AS e ON e.bucket = k.bucket AND e.shop = k.shop AND e.number = k.number";
const SEEN: &str = "SELECT s.bucket, s.shop, s.number
    FROM unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (bucket, shop, number)
    JOIN seen AS s ON s.bucket = k.bucket AND s.shop = k.shop AND s.number = k.number";
const HOT: &str = "SELECT p.bucket, p.shop, p.id, p.version, p.hot
    FROM unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (bucket, shop, id)
    JOIN profile AS p ON p.bucket = k.bucket AND p.shop = k.shop AND p.id = k.id";
const WARM: &str = "SELECT w.bucket, w.shop, w.id, w.body
    FROM unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (bucket, shop, id)
    JOIN warm AS w ON w.bucket = k.bucket AND w.shop = k.shop AND w.id = k.id";
const ORDERS: &str = "SELECT o.bucket, o.shop, o.door, o.version, o.body
    FROM unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (bucket, shop, door)
    JOIN \"order\" AS o ON o.bucket = k.bucket AND o.shop = k.shop AND o.door = k.door";
const ADDRESSES: &str = "SELECT a.bucket, a.shop, a.door, a.version, a.body
    FROM unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (bucket, shop, door)
    JOIN address AS a ON a.bucket = k.bucket AND a.shop = k.shop AND a.door = k.door";
/// The names of the keys differ, since the message's own columns stand without a table's name.
static MESSAGES: OfMessage = OfMessage::new(
    "SELECT {message} FROM unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (key_bucket, key_shop, key_id)
    JOIN message ON message.bucket = k.key_bucket AND message.shop = k.key_shop AND message.id = k.key_id",
);

/// Requests of which those for nothing are not sent.
struct Asked {
    requests: Vec<Request<'static>>,
    places: Vec<Option<usize>>,
}

impl Asked {
    fn new() -> Asked {
        Asked { requests: Vec::new(), places: Vec::new() }
    }

    fn add(&mut self, sql: &'static str, keys: &[Key]) {
        self.places.push((!keys.is_empty()).then_some(self.requests.len()));
        if !keys.is_empty() {
            self.requests.push(Request::new(sql, key_arrays(keys.iter().copied())));
        }
    }

    /// The rows of each, in the order in which they were added.
    fn send<const N: usize>(self, session: &Session) -> Done<[Vec<Row>; N]> {
        let mut rows = session.pipeline(&self.requests)?;
        let mut all = self
            .places
            .into_iter()
            .map(|place| place.map_or_else(Vec::new, |at| std::mem::take(&mut rows[at])));
        Ok(std::array::from_fn(|_| all.next().unwrap_or_default()))
    }
}

/// Reads all that is wanted, in the order in which it is wanted.
pub fn load(session: &Session, wanted: &Wanted) -> Done<Found> {
    let doors = |doors: &[(ShopId, Bucket, DoorId)]| -> Vec<Key> {
        doors.iter().map(|(shop, bucket, door)| key(*bucket, *shop, door.0)).collect()
    };
    let (identities, orders, addresses) =
        (doors(&wanted.identities), doors(&wanted.orders), doors(&wanted.addresses));
    let events: Vec<Key> = wanted.events.iter().map(|(shop, bucket, n)| key(*bucket, *shop, *n)).collect();
    let profiles: Vec<Key> = wanted.profiles.iter().map(|(shop, id, _)| profile_key(*shop, *id)).collect();
    let warm = wanted.profiles.iter().filter(|(.., warm)| *warm);
    let warm: Vec<Key> = warm.map(|(shop, id, _)| profile_key(*shop, *id)).collect();
    let messages: Vec<Key> = wanted.messages.iter().map(|(shop, id)| key(id.bucket(), *shop, id.0)).collect();
    let mut asked = Asked::new();
    asked.add(IDENTITIES, &identities);
    asked.add(EVENTS, &events);
    asked.add(SEEN, &events);
    asked.add(HOT, &profiles);
    asked.add(WARM, &warm);
    asked.add(ORDERS, &orders);
    asked.add(ADDRESSES, &addresses);
    asked.add(MESSAGES.text(), &messages);
    let [
        found_identities,
        found_events,
        found_seen,
        hot,
        warm,
        found_orders,
        found_addresses,
        found_messages,
    ] = asked.send(session)?;
    let known = by_key(found_events.iter().chain(&found_seen), |_| Ok(()))?;
    let known = wanted.events.iter().zip(&events).filter(|(_, key)| known.contains_key(*key));
    Ok(Found {
        identities: in_order(&identities, &by_key(found_identities.iter(), identity)?),
        events: known.map(|(event, _)| *event).collect(),
        profiles: halves(wanted, &profiles, &hot, &warm)?,
        orders: versioned(&wanted.orders, &orders, &found_orders)?,
        addresses: versioned(&wanted.addresses, &addresses, &found_addresses)?,
        messages: in_order(&messages, &messages_by_key(&found_messages)?),
    })
}

fn profile_key(shop: ShopId, id: ProfileId) -> Key {
    key(id.bucket(), shop, id.0)
}

/// Rows that begin with bucket, shop and number.
fn by_key<'a, T>(
    rows: impl Iterator<Item = &'a Row>,
    read: impl Fn(&'a Row) -> Done<T>,
) -> Done<HashMap<Key, T>> {
    rows.map(|row| Ok(((get(row, 0)?, get(row, 1)?, get(row, 2)?), read(row)?))).collect()
}

fn messages_by_key(rows: &[Row]) -> Done<HashMap<Key, MessageRow>> {
    let read = |row: &Row| {
        let message = message::from_row(row)?;
        let MessageId(number) = message.id;
        Ok((key(message.id.bucket(), message.shop, number), message))
    };
    rows.iter().map(read).collect()
}

fn in_order<T: Clone>(keys: &[Key], found: &HashMap<Key, T>) -> Vec<T> {
    keys.iter().filter_map(|key| found.get(key).cloned()).collect()
}

/// Reads bucket, shop, door, kind, value, profile, strength, since, moves, moves_day.
pub fn identity(row: &Row) -> Done<IdentityRow> {
    let (kind, strength): (i16, i16) = (get(row, 3)?, get(row, 6)?);
    let known = u8::try_from(kind).ok().and_then(DoorKind::from_number);
    let unknown = || Error::Corrupt(format!("an identity in the database is of the kind {kind}"));
    Ok(IdentityRow {
        bucket: bucket_in(row, 0)?,
        shop: shop_in(row, 1)?,
        door: DoorId(number_in(row, 2)?),
        kind: known.ok_or_else(unknown)?,
        value: get(row, 4)?,
        profile: ProfileId(number_in(row, 5)?),
        strength: if strength == Strength::Proved as i16 { Strength::Proved } else { Strength::Claimed },
        since: ShopTime(get(row, 7)?),
        moves: u8::try_from(get::<i16>(row, 8)?)?,
        moves_day: get::<i32>(row, 9)?.cast_unsigned(),
    })
}

fn halves(wanted: &Wanted, keys: &[Key], hot: &[Row], warm: &[Row]) -> Done<Vec<ProfileRow>> {
    let hot = by_key(hot.iter(), |row| Ok((number_in(row, 3)?, get::<Vec<u8>>(row, 4)?)))?;
    let warm = by_key(warm.iter(), |row| get::<Vec<u8>>(row, 3))?;
    let found = wanted.profiles.iter().zip(keys).filter_map(|((shop, id, with_warm), key)| {
        let (version, hot) = hot.get(key)?.clone();
        let warm = with_warm.then(|| warm.get(key).cloned().unwrap_or_default());
        Some(ProfileRow { shop: *shop, id: *id, version, hot, warm })
    });
    Ok(found.collect())
}

type Versioned = Vec<(ShopId, DoorId, u64, Vec<u8>)>;

fn versioned(wanted: &[(ShopId, Bucket, DoorId)], keys: &[Key], rows: &[Row]) -> Done<Versioned> {
    let found = by_key(rows.iter(), |row| Ok((number_in(row, 3)?, get::<Vec<u8>>(row, 4)?)))?;
    let rows = wanted.iter().zip(keys).filter_map(|((shop, _, door), key)| {
        let (version, body) = found.get(key)?.clone();
        Some((*shop, *door, version, body))
    });
    Ok(rows.collect())
}

/// Who holds these doors.
pub fn holders(session: &Session, of: ShopId, doors: &[(Bucket, DoorId)]) -> Done<Vec<IdentityRow>> {
    let identities = doors.iter().map(|&(bucket, door)| (of, bucket, door)).collect();
    Ok(load(session, &Wanted { identities, ..Wanted::default() })?.identities)
}

/// Profiles with both halves.
pub fn profiles(session: &Session, of: ShopId, ids: &[ProfileId]) -> Done<Vec<ProfileRow>> {
    let profiles = ids.iter().map(|&id| (of, id, true)).collect();
    Ok(load(session, &Wanted { profiles, ..Wanted::default() })?.profiles)
}

/// Hot halves of a bucket by number.
pub fn hot_halves(
    session: &Session,
    of: ShopId,
    lies: Bucket,
    after: Option<ProfileId>,
    most: usize,
) -> Done<Vec<ProfileRow>> {
    let sql = "SELECT id, version, hot FROM profile WHERE bucket = $1 AND shop = $2 AND id > $3 ORDER BY id LIMIT $4";
    let first = "SELECT id, version, hot FROM profile WHERE bucket = $1 AND shop = $2 ORDER BY id LIMIT $3";
    let mut values = vec![Value::Short(bucket(lies)), Value::Int(shop(of))];
    values.extend(after.map(|id| Value::Long(id.0.cast_signed())));
    values.push(limit(most));
    let rows = session.query(if after.is_some() { sql } else { first }, values)?;
    let half = |row: &Row| {
        let (id, version) = (ProfileId(number_in(row, 0)?), number_in(row, 1)?);
        Ok(ProfileRow { shop: of, id, version, hot: get(row, 2)?, warm: None })
    };
    rows.iter().map(half).collect()
}
