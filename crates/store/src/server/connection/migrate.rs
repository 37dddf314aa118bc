//! Bringing the schema of a plane up to date.

use super::Plane;
use super::fault::{Done, Fail};
use super::session::Session;
use super::value::{Value, text};
use crate::Error;

/// Serialises all programs that look at the schema of one database: "beckon" in letters of eight bits.
const LOCK: i64 = 0x62_65_63_6b_6f_6e;

/// What both planes stand on.
const BASE: &str = include_str!("../schema/base.sql");

/// Brings the schema up to date: `steps[n]` leads from version n to n + 1, each in one transaction.
pub fn migrate(session: &Session, plane: &Plane) -> Done {
    let encoding = session.query_one("SELECT current_setting('server_encoding')", Vec::new())?;
    let encoding: String = encoding.try_get(0)?;
    if encoding != "UTF8" {
        return Err(Fail::Named(Error::Unavailable(format!(
            "the database's encoding is {encoding}: create one with ENCODING 'UTF8' TEMPLATE template0"
        ))));
    }
    while step(session, plane)? {}
    Ok(())
}

/// Takes one step; `false` when there was none to take.
fn step(session: &Session, plane: &Plane) -> Done<bool> {
    session.script("BEGIN")?;
    let done = step_in_transaction(session, plane);
    let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    // After a failure its own reason is the one to tell.
    let ended = session.script(end);
    let done = done?;
    ended?;
    Ok(done)
}

fn step_in_transaction(session: &Session, plane: &Plane) -> Done<bool> {
    // Another program may be at the same work, for as long as it takes.
    session.long_script("SET LOCAL lock_timeout = 0")?;
    session.query("SELECT pg_advisory_xact_lock($1)", vec![Value::Long(LOCK)])?;
    session.script(BASE)?;
    let sql = "SELECT version FROM schema_version WHERE plane = $1";
    let row = session.query_opt(sql, vec![text(plane.name)])?;
    let version: i32 = row.map_or(Ok(0), |row| row.try_get(0))?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    if done > plane.steps.len() {
        return Err(Fail::Named(Error::Corrupt(format!(
            "the database was written by a newer Beckon (schema {version} of {}, this one knows {}): start the newer \
             program",
            plane.name,
            plane.steps.len()
        ))));
    }
    let Some(step) = plane.steps.get(done) else { return Ok(false) };
    session.long_script(step)?;
    let sql = "INSERT INTO schema_version (plane, version) VALUES ($1, $2)
        ON CONFLICT (plane) DO UPDATE SET version = excluded.version";
    session.query(sql, vec![text(plane.name), Value::Int(version + 1)])?;
    Ok(true)
}
