//! Documents with versions, and sessions of staff.

use super::audit;
use super::plane::raise_version;
use crate::shop_rows::{Document, DocumentWrite, KEPT_KINDS, Session};
use crate::{Error, Result};
use beckon_core::ids::ShopId;
use beckon_core::time::WallTime;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

/// Writes all or none, under one new version of the plane.
pub fn put_all(tx: &Transaction, writes: &[DocumentWrite]) -> Result<Vec<u64>> {
    if writes.is_empty() {
        return Ok(Vec::new());
    }
    let plane = raise_version(tx)?;
    writes.iter().map(|write| put(tx, write, plane)).collect()
}

fn put(tx: &Transaction, w: &DocumentWrite, plane: u64) -> Result<u64> {
    let sql = "SELECT version, body IS NULL FROM document WHERE shop = ?1 AND kind = ?2 AND name = ?3";
    let key = params![w.shop.0, w.kind, w.name];
    let found: Option<(i64, bool)> =
        tx.prepare_cached(sql)?.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (stored, deleted) = found.map_or((0, true), |(version, deleted)| (version.cast_unsigned(), deleted));
    // Who saw no document may write over the trace of a deleted one; versions go on counting.
    let expected = if deleted {
        w.expected_version == 0 || w.expected_version == stored
    } else {
        w.expected_version == stored
    };
    if !expected || (deleted && w.body.is_none()) {
        let seen = if deleted { "not there".to_owned() } else { format!("at version {stored}") };
        return Err(Error::Conflict(format!(
            "{} {} of shop {} is {seen}, not at version {}",
            w.kind, w.name, w.shop.0, w.expected_version
        )));
    }
    let before = get(tx, w.shop, w.kind, w.name)?.and_then(|document| document.body);
    audit::of_document(tx, w, before.as_deref())?;
    if KEPT_KINDS.contains(&w.kind) && stored > 0 {
        let sql = "INSERT INTO document_past (shop, kind, name, version, body, changed_at, changed_by)
            SELECT shop, kind, name, version, body, changed_at, changed_by FROM document
            WHERE shop = ?1 AND kind = ?2 AND name = ?3";
        tx.prepare_cached(sql)?.execute(key)?;
    }
    let sql = "INSERT INTO document (shop, kind, name, version, body, changed_at, changed_by, plane_version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (shop, kind, name) DO UPDATE SET version = excluded.version, body = excluded.body,
            changed_at = excluded.changed_at, changed_by = excluded.changed_by,
            plane_version = excluded.plane_version";
    let version = stored + 1;
    let plane = plane.cast_signed();
    tx.prepare_cached(sql)?.execute(params![
        w.shop.0,
        w.kind,
        w.name,
        version.cast_signed(),
        w.body,
        w.at.0,
        w.by,
        plane
    ])?;
    Ok(version)
}

/// One document that is there.
pub fn get(conn: &Connection, shop: ShopId, kind: &str, name: &str) -> Result<Option<Document>> {
    let sql = "SELECT shop, kind, name, version, body, changed_at, changed_by FROM document
        WHERE shop = ?1 AND kind = ?2 AND name = ?3 AND body IS NOT NULL";
    Ok(conn.prepare_cached(sql)?.query_row(params![shop.0, kind, name], document).optional()?)
}

/// All of a kind, by name.
pub fn list(conn: &Connection, shop: ShopId, kind: &str) -> Result<Vec<Document>> {
    let sql = "SELECT shop, kind, name, version, body, changed_at, changed_by FROM document
        WHERE shop = ?1 AND kind = ?2 AND body IS NOT NULL ORDER BY name";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, kind], document)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Changed or deleted after a version of the plane.
pub fn changed_since(conn: &Connection, version: u64) -> Result<Vec<Document>> {
    let sql = "SELECT shop, kind, name, version, body, changed_at, changed_by FROM document
        WHERE plane_version > ?1 AND shop >= 0 ORDER BY plane_version";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map([version.cast_signed()], document)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What a document was before, newest first.
pub fn past(conn: &Connection, shop: ShopId, kind: &str, name: &str) -> Result<Vec<Document>> {
    let sql = "SELECT shop, kind, name, version, body, changed_at, changed_by FROM document_past
        WHERE shop = ?1 AND kind = ?2 AND name = ?3 ORDER BY version DESC";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, kind, name], document)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Texts of templates that are not kept yet.
pub fn unknown_texts<'a>(
    conn: &Connection,
    shop: ShopId,
    texts: &[(u64, &'a str)],
) -> Result<Vec<(u64, &'a str)>> {
    let sql = "SELECT EXISTS (SELECT 1 FROM template_text WHERE shop = ?1 AND digest = ?2)";
    let mut select = conn.prepare_cached(sql)?;
    let mut unknown = Vec::new();
    for &(digest, body) in texts {
        if !select.query_row(params![shop.0, digest.cast_signed()], |row| row.get::<_, bool>(0))? {
            unknown.push((digest, body));
        }
    }
    Ok(unknown)
}

/// Keeps texts of templates. The plane's version stays: nothing that anybody follows has changed.
pub fn keep_texts(tx: &Transaction, shop: ShopId, texts: &[(u64, &str)]) -> Result<()> {
    let sql = "INSERT INTO template_text (shop, digest, body) VALUES (?1, ?2, ?3)
        ON CONFLICT (shop, digest) DO NOTHING";
    let mut insert = tx.prepare_cached(sql)?;
    for (digest, body) in texts {
        insert.execute(params![shop.0, digest.cast_signed(), body])?;
    }
    Ok(())
}

/// A text of a template by its digest.
pub fn text(conn: &Connection, shop: ShopId, digest: u64) -> Result<Option<String>> {
    let sql = "SELECT body FROM template_text WHERE shop = ?1 AND digest = ?2";
    let mut select = conn.prepare_cached(sql)?;
    Ok(select.query_row(params![shop.0, digest.cast_signed()], |row| row.get(0)).optional()?)
}

fn document(row: &Row) -> rusqlite::Result<Document> {
    Ok(Document {
        shop: ShopId(row.get(0)?),
        kind: row.get(1)?,
        name: row.get(2)?,
        version: row.get::<_, i64>(3)?.cast_unsigned(),
        body: row.get(4)?,
        changed_at: WallTime(row.get(5)?),
        changed_by: row.get(6)?,
    })
}

/// New, or seen again.
pub fn put_session(tx: &Transaction, s: &Session) -> Result<()> {
    let sql = "INSERT INTO session (token, staff, created, seen, until, agent, ip)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (token) DO UPDATE SET seen = excluded.seen, until = excluded.until";
    let row = params![s.token, s.staff, s.created.0, s.seen.0, s.until.0, s.agent, s.ip];
    tx.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// A session that has not ended.
pub fn session(conn: &Connection, token: &[u8], now: WallTime) -> Result<Option<Session>> {
    let sql = "SELECT token, staff, created, seen, until, agent, ip FROM session
        WHERE token = ?1 AND until >= ?2";
    Ok(conn.prepare_cached(sql)?.query_row(params![token, now.0], session_row).optional()?)
}

/// The sessions of one member of staff that have not ended, the last used first.
pub fn sessions(conn: &Connection, staff: &str, now: WallTime) -> Result<Vec<Session>> {
    let sql = "SELECT token, staff, created, seen, until, agent, ip FROM session
        WHERE staff = ?1 AND until >= ?2 ORDER BY seen DESC LIMIT 100";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![staff, now.0], session_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn session_row(row: &Row) -> rusqlite::Result<Session> {
    Ok(Session {
        token: row.get(0)?,
        staff: row.get(1)?,
        created: WallTime(row.get(2)?),
        seen: WallTime(row.get(3)?),
        until: WallTime(row.get(4)?),
        agent: row.get(5)?,
        ip: row.get(6)?,
    })
}

/// Notes that a key was used.
pub fn use_key(tx: &Transaction, shop: ShopId, name: &str, at: WallTime) -> Result<()> {
    let sql = "INSERT INTO key_use (shop, name, at) VALUES (?1, ?2, ?3)
        ON CONFLICT (shop, name) DO UPDATE SET at = max(at, excluded.at)";
    tx.prepare_cached(sql)?.execute(params![shop.0, name, at.0])?;
    Ok(())
}

/// When keys were last used, by the names of their documents.
pub fn key_uses(conn: &Connection, shop: ShopId) -> Result<Vec<(String, WallTime)>> {
    let mut select = conn.prepare_cached("SELECT name, at FROM key_use WHERE shop = ?1")?;
    let rows = select.query_map([shop.0], |row| Ok((row.get(0)?, WallTime(row.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Ends one.
pub fn end_session(tx: &Transaction, token: &[u8]) -> Result<()> {
    tx.prepare_cached("DELETE FROM session WHERE token = ?1")?.execute([token])?;
    Ok(())
}

/// Ends those of one member of staff, or those that ran out.
pub fn end_sessions(tx: &Transaction, staff: Option<&str>, now: WallTime) -> Result<usize> {
    Ok(match staff {
        Some(staff) => tx.prepare_cached("DELETE FROM session WHERE staff = ?1")?.execute([staff])?,
        None => tx.prepare_cached("DELETE FROM session WHERE until < ?1")?.execute([now.0])?,
    })
}
