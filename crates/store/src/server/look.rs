//! A look at a database from outside, beside whoever works on it: nothing is changed, no schema is made.

use super::connection::{self, Done, Session, get};
use super::queues::number_in;
use super::{CUSTOMERS, inbox, nodes, shop, watch};
use crate::{MessageState, NodeRow, Place, Result, look};
use beckon_core::time::ShopTime;
use std::time::{SystemTime, UNIX_EPOCH};

/// A database as it was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Version of the server, as it says it.
    pub version: String,
    /// Milliseconds by which the database's clock is ahead of ours.
    pub ahead_ms: i64,
    /// Connections that may still be made, and how many there may be.
    pub connections: (i64, i64),
    /// Bytes of the database.
    pub bytes: u64,
    /// Whether it is a standby, which takes no writes.
    pub is_standby: bool,
    /// Whether commits that were acknowledged may be lost with the machine: `fsync` or `full_page_writes` is
    /// off.
    pub is_careless: bool,
    /// Whether what travels between us is encrypted.
    pub is_encrypted: bool,
    /// Each plane with the version of its schema (0: none yet) and the one that this program writes.
    pub schemas: Vec<(&'static str, i32, i32)>,
    /// Programs that share it, the owner first, and what waits for the owner; none without a customers' plane
    /// of ours.
    pub nodes: Vec<NodeRow>,
    /// Inputs that wait for the owner, counted up to 20,000.
    pub inbox: u64,
    /// What waits; `None` without a customers' plane of ours.
    pub customers: Option<look::Customers>,
}

/// Looks at a database; `None` when the place is a directory.
///
/// # Errors
/// It does not answer, or does not let us in. No error shows any part of the URL.
pub fn database(place: &Place) -> Result<Option<Found>> {
    match place {
        Place::Directory(_) => Ok(None),
        Place::Server(url) => connection::visit(url, found).map(Some),
    }
}

fn found(session: &Session) -> Done<Found> {
    let before = now_ms();
    let clock = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    let theirs: i64 = get(&session.query_one(clock, Vec::new())?, 0)?;
    let ours = i64::midpoint(before, now_ms());
    let state = "SELECT current_setting('server_version'), pg_is_in_recovery(),
            pg_database_size(current_database()),
            current_setting('fsync') = 'off' OR current_setting('full_page_writes') = 'off',
            coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
            current_setting('max_connections')::bigint
                - current_setting('superuser_reserved_connections')::bigint,
            (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')";
    let row = session.query_one(state, Vec::new())?;
    let (max, used): (i64, i64) = (get(&row, 5)?, get(&row, 6)?);
    let schemas = schemas(session)?;
    let has_customers = schemas.iter().any(|(plane, at, known)| *plane == CUSTOMERS.name && at == known);
    Ok(Found {
        version: get(&row, 0)?,
        is_standby: get(&row, 1)?,
        bytes: get::<i64>(&row, 2)?.cast_unsigned(),
        is_careless: get(&row, 3)?,
        is_encrypted: get(&row, 4)?,
        connections: (max - used, max),
        ahead_ms: theirs - ours,
        schemas,
        nodes: if has_customers { nodes::nodes(session)? } else { Vec::new() },
        inbox: if has_customers { inbox::count(session, 20_000)? } else { 0 },
        customers: if has_customers { Some(customers(session)?) } else { None },
    })
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

fn schemas(session: &Session) -> Done<Vec<(&'static str, i32, i32)>> {
    let there = session.query_one("SELECT to_regclass('schema_version') IS NOT NULL", Vec::new())?;
    let rows = match get(&there, 0)? {
        true => session.query("SELECT plane, version FROM schema_version", Vec::new())?,
        false => Vec::new(),
    };
    let mut schemas = Vec::new();
    for plane in [&CUSTOMERS, &shop::SHOP] {
        let mut version = 0;
        for row in &rows {
            if get::<&str>(row, 0)? == plane.name {
                version = get(row, 1)?;
            }
        }
        schemas.push((plane.name, version, plane.steps.len() as i32));
    }
    Ok(schemas)
}

fn customers(session: &Session) -> Done<look::Customers> {
    let head = session.query_one("SELECT now FROM head WHERE id = 1", Vec::new())?;
    let doubt = session.query_opt("SELECT value FROM meta WHERE key = 'doubt'", Vec::new())?;
    let waiting = watch::waiting(session)?;
    let unknown = waiting.messages.iter().filter(|(_, state, _)| *state == MessageState::Unknown);
    Ok(look::Customers {
        doubt: doubt.map(|row| get(&row, 0)).transpose()?,
        now: ShopTime(get(&head, 0)?),
        parked: waiting.parked,
        unknown: unknown.map(|(.., count)| count).sum(),
    })
}

/// Bytes of the database.
pub fn bytes(session: &Session) -> Done<u64> {
    number_in(&session.query_one("SELECT pg_database_size(current_database())", Vec::new())?, 0)
}
