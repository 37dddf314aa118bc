//! The lease of the owner, on the database's clock.
//!
//! Takers wait for each other, and for a commit that is under way, at the row of the head: whoever raises its
//! epoch has fenced all others.

use super::connection::{Done, Request, Session, Value, conflict, get, text};
use super::inbox::told;
use super::queues::number_in;
use crate::{CLOCK_OFF_MAX, Candidate, Error, Hint, NodeId, NodeRow, NodeState, Ownership};
use std::time::Duration;
use tokio_postgres::Row;

/// Programs that were not heard of for so long are gone.
const GONE_MS: i64 = 60 * 60 * 1_000;

/// Milliseconds of a lease.
fn ms(of: Duration) -> i64 {
    i64::try_from(of.as_millis()).unwrap_or(i64::MAX / 4)
}

fn left(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

/// Takes the buckets unless another's lease still runs. Who owns them already goes on under the same epoch.
/// In either case the node is heard of; one that is about to stop takes nothing.
pub fn take(session: &Session, candidate: &Candidate<'_>) -> Done<Ownership> {
    // The clocks are compared before the lock is waited for, the lease after.
    let clock = || Request::new("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", Vec::new());
    let head = Request::new("SELECT epoch FROM head WHERE id = 1 FOR UPDATE", Vec::new());
    let answers = session.pipeline(&[clock(), head, clock()])?;
    let [Some(before), Some(head), Some(now)] = [0, 1, 2].map(|at| answers[at].first()) else {
        return Err(Error::Corrupt("the database has no head".to_owned()).into());
    };
    let (epoch, now) = (number_in(head, 0)?, get::<i64>(now, 0)?);
    let off = candidate.now.0.saturating_sub(get(before, 0)?);
    if off.unsigned_abs() > CLOCK_OFF_MAX.as_millis() as u64 {
        return Err(Error::Unavailable(format!(
            "the clock of this machine is {:.1} s off the database's: set it right, it may not own customers meanwhile",
            off as f64 / 1_000.0
        ))
        .into());
    }
    let sql = "SELECT id, name, until FROM node WHERE epoch = $1 AND epoch > 0 AND until > $2";
    let owner = session.query_opt(sql, vec![Value::Long(epoch.cast_signed()), Value::Long(now)])?;
    let ours = candidate.id.0.cast_signed();
    let owned = match owner {
        Some(row) if get::<i64>(&row, 0)? == ours => Ownership::Owner { epoch },
        Some(row) => Ownership::HeldBy { name: get(&row, 1)?, left: left(get::<i64>(&row, 2)? - now) },
        None if candidate.state.is_draining => {
            Ownership::HeldBy { name: String::new(), left: Duration::ZERO }
        }
        None => {
            let sql = "UPDATE head SET epoch = epoch + 1 WHERE id = 1 RETURNING epoch";
            Ownership::Owner { epoch: number_in(&session.query_one(sql, Vec::new())?, 0)? }
        }
    };
    let (epoch, until) = match &owned {
        Ownership::Owner { epoch } => (epoch.cast_signed(), now.saturating_add(ms(candidate.lease))),
        Ownership::HeldBy { .. } => (0, now),
    };
    let heard = "INSERT INTO node (id, name, epoch, until, seen, since, events_at, plane_at, version, admin, draining)
        VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, epoch = excluded.epoch, until = excluded.until,
            seen = excluded.seen, events_at = excluded.events_at, plane_at = excluded.plane_at,
            draining = excluded.draining,
            since = CASE WHEN node.epoch = excluded.epoch THEN node.since ELSE excluded.since END";
    let state = &candidate.state;
    let values = vec![
        Value::Long(ours),
        text(candidate.name),
        Value::Long(epoch),
        Value::Long(until),
        Value::Long(now),
        Value::MaybeLong(state.events_behind.map(|behind| now - ms(behind))),
        Value::MaybeLong(state.plane_behind.map(|behind| now - ms(behind))),
        text(&state.version),
        text(&state.admin),
        Value::Bool(state.is_draining),
    ];
    let gone = Request::new("DELETE FROM node WHERE seen < $1", vec![Value::Long(now - GONE_MS)]);
    session.pipeline(&[Request::new(heard, values), gone])?;
    Ok(owned)
}

/// Lengthens the lease of the owner. One that ran out while nobody took over is as good as before.
pub fn renew(session: &Session, candidate: &Candidate<'_>, epoch: u64) -> Done {
    let sql = "UPDATE node SET until = (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $3,
            seen = (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
            events_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint - $4,
            plane_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint - $5, draining = $6
        WHERE id = $1 AND epoch = $2 AND epoch = (SELECT epoch FROM head WHERE id = 1) RETURNING id";
    let state = &candidate.state;
    let values = vec![
        Value::Long(candidate.id.0.cast_signed()),
        Value::Long(epoch.cast_signed()),
        Value::Long(ms(candidate.lease)),
        Value::MaybeLong(state.events_behind.map(ms)),
        Value::MaybeLong(state.plane_behind.map(ms)),
        Value::Bool(state.is_draining),
    ];
    match session.query_opt(sql, values)? {
        Some(_) => Ok(()),
        None => conflict(format_args!("another node took over: epoch {epoch} is not the store's any more")),
    }
}

/// Gives the buckets back, so that another may take them at once: no commit of this epoch is taken from now
/// on. One that owns nothing is only forgotten.
pub fn resign(session: &Session, id: NodeId) -> Done {
    let fence = "UPDATE head SET epoch = epoch + 1
        WHERE id = 1 AND epoch = (SELECT epoch FROM node WHERE id = $1) RETURNING epoch";
    let forget = "DELETE FROM node WHERE id = $1";
    let own = || vec![Value::Long(id.0.cast_signed())];
    let requests = [Request::new(fence, own()), Request::new(forget, own()), told(Hint::Free)];
    session.pipeline(&requests).map(drop)
}

/// All programs that were heard of, the owner first.
pub fn nodes(session: &Session) -> Done<Vec<NodeRow>> {
    let sql = "SELECT n.id, n.name, CASE WHEN n.epoch = h.epoch AND n.epoch > 0 THEN n.epoch END,
            n.until - (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
            (extract(epoch FROM clock_timestamp()) * 1000)::bigint - n.seen,
            (extract(epoch FROM clock_timestamp()) * 1000)::bigint - n.since,
            (extract(epoch FROM clock_timestamp()) * 1000)::bigint - n.events_at,
            (extract(epoch FROM clock_timestamp()) * 1000)::bigint - n.plane_at, n.version, n.admin, n.draining
        FROM node AS n JOIN head AS h ON h.id = 1
        ORDER BY n.epoch = h.epoch DESC, n.name, n.id";
    let node = |row: &Row| {
        Ok(NodeRow {
            id: NodeId(number_in(row, 0)?),
            name: get(row, 1)?,
            epoch: get::<Option<i64>>(row, 2)?.map(i64::cast_unsigned),
            left: left(get(row, 3)?),
            silent: left(get(row, 4)?),
            since: left(get(row, 5)?),
            state: NodeState {
                events_behind: get::<Option<i64>>(row, 6)?.map(left),
                plane_behind: get::<Option<i64>>(row, 7)?.map(left),
                version: get(row, 8)?,
                admin: get(row, 9)?,
                is_draining: get(row, 10)?,
            },
        })
    };
    session.query(sql, Vec::new())?.iter().map(node).collect()
}
