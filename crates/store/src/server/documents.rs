//! Documents with versions, and sessions of staff.

use super::audit;
use super::connection::{Done, Request, Session, Value, clean, conflict, get, maybe_text, text};
use super::plane::raise_version;
use crate::shop_rows::{self, Document, DocumentWrite, KEPT_KINDS};
use beckon_core::ids::ShopId;
use beckon_core::time::WallTime;
use std::collections::BTreeSet;
use tokio_postgres::Row;

/// Writes all or none, under one new version of the plane, whose row keeps others out until the end.
pub fn put_all(session: &Session, writes: &[DocumentWrite]) -> Done<Vec<u64>> {
    if writes.is_empty() {
        return Ok(Vec::new());
    }
    let plane = raise_version(session)?;
    writes.iter().map(|write| put(session, write, plane)).collect()
}

fn put(session: &Session, w: &DocumentWrite, plane: u64) -> Done<u64> {
    let key = || vec![Value::Long(w.shop.0.into()), text(w.kind), text(w.name)];
    let sql = "SELECT version, body FROM document WHERE shop = $1 AND kind = $2 AND name = $3";
    let found = session.query_opt(sql, key())?;
    let stored = found.as_ref().map_or(Ok(0), |row| get::<i64>(row, 0))?;
    let before: Option<String> = found.as_ref().map_or(Ok(None), |row| get(row, 1))?;
    // Who saw no document may write over the trace of a deleted one; versions go on counting.
    let seen = w.expected_version == stored.cast_unsigned() || (before.is_none() && w.expected_version == 0);
    if !seen || (before.is_none() && w.body.is_none()) {
        let seen = if before.is_none() { "not there".to_owned() } else { format!("at version {stored}") };
        return conflict(format!(
            "{} {} of shop {} is {seen}, not at version {}",
            w.kind, w.name, w.shop.0, w.expected_version
        ));
    }
    audit::of_document(session, w, before.as_deref())?;
    let mut requests = Vec::with_capacity(2);
    if KEPT_KINDS.contains(&w.kind) && stored > 0 {
        let sql = "INSERT INTO document_past (shop, kind, name, version, body, changed_at, changed_by)
            SELECT shop, kind, name, version, body, changed_at, changed_by FROM document
            WHERE shop = $1 AND kind = $2 AND name = $3";
        requests.push(Request::new(sql, key()));
    }
    let sql = "INSERT INTO document (shop, kind, name, version, body, changed_at, changed_by, plane_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (shop, kind, name) DO UPDATE SET version = excluded.version, body = excluded.body,
            changed_at = excluded.changed_at, changed_by = excluded.changed_by,
            plane_version = excluded.plane_version";
    let mut row = key();
    row.extend([Value::Long(stored + 1), maybe_text(w.body), Value::Long(w.at.0), text(w.by)]);
    row.push(Value::Long(plane.cast_signed()));
    requests.push(Request::new(sql, row));
    session.pipeline(&requests)?;
    Ok((stored + 1).cast_unsigned())
}

/// One document that is there.
pub fn get_one(session: &Session, shop: ShopId, kind: &str, name: &str) -> Done<Option<Document>> {
    let sql = "SELECT shop, kind, name, version, body, changed_at, changed_by FROM document
        WHERE shop = $1 AND kind = $2 AND name = $3 AND body IS NOT NULL";
    let key = vec![Value::Long(shop.0.into()), text(kind), text(name)];
    session.query_opt(sql, key)?.as_ref().map(document).transpose()
}

/// All of a kind, by name.
pub fn list(session: &Session, shop: ShopId, kind: &str) -> Done<Vec<Document>> {
    let sql = "SELECT shop, kind, name, version, body, changed_at, changed_by FROM document
        WHERE shop = $1 AND kind = $2 AND body IS NOT NULL ORDER BY name";
    let key = vec![Value::Long(shop.0.into()), text(kind)];
    session.query(sql, key)?.iter().map(document).collect()
}

/// Changed or deleted after a version of the plane.
pub fn changed_since(session: &Session, version: u64) -> Done<Vec<Document>> {
    let sql = "SELECT shop, kind, name, version, body, changed_at, changed_by FROM document
        WHERE plane_version > $1 AND shop >= 0 ORDER BY plane_version, shop, kind, name";
    session.query(sql, vec![Value::Long(version.cast_signed())])?.iter().map(document).collect()
}

/// What a document was before, newest first.
pub fn past(session: &Session, shop: ShopId, kind: &str, name: &str) -> Done<Vec<Document>> {
    let sql = "SELECT shop, kind, name, version, body, changed_at, changed_by FROM document_past
        WHERE shop = $1 AND kind = $2 AND name = $3 ORDER BY version DESC";
    let key = vec![Value::Long(shop.0.into()), text(kind), text(name)];
    session.query(sql, key)?.iter().map(document).collect()
}

fn document(row: &Row) -> Done<Document> {
    let shop: i64 = get(row, 0)?;
    Ok(Document {
        shop: ShopId(u32::try_from(shop).unwrap_or(u32::MAX)),
        kind: get(row, 1)?,
        name: get(row, 2)?,
        version: get::<i64>(row, 3)?.cast_unsigned(),
        body: get(row, 4)?,
        changed_at: WallTime(get(row, 5)?),
        changed_by: get(row, 6)?,
    })
}

/// Texts of templates that are not kept yet.
pub fn unknown_texts<'a>(
    session: &Session,
    shop: ShopId,
    texts: &[(u64, &'a str)],
) -> Done<Vec<(u64, &'a str)>> {
    let sql = "SELECT t.digest FROM unnest($2::bigint[]) AS w (digest)
        JOIN template_text t ON t.shop = $1 AND t.digest = w.digest";
    let digests = texts.iter().map(|(digest, _)| digest.cast_signed()).collect();
    let rows = session.query(sql, vec![Value::Long(shop.0.into()), Value::Longs(digests)])?;
    let known: BTreeSet<i64> = rows.iter().map(|row| get(row, 0)).collect::<Done<_>>()?;
    Ok(texts.iter().filter(|(digest, _)| !known.contains(&digest.cast_signed())).copied().collect())
}

/// Keeps texts of templates. The plane's version stays: nothing that anybody follows has changed.
pub fn keep_texts(session: &Session, shop: ShopId, texts: &[(u64, &str)]) -> Done {
    let sql = "INSERT INTO template_text (shop, digest, body)
        SELECT $1, w.digest, w.body FROM unnest($2::bigint[], $3::text[]) AS w (digest, body)
        ON CONFLICT (shop, digest) DO NOTHING";
    let (digests, bodies) = texts.iter().map(|(digest, body)| (digest.cast_signed(), clean(body))).unzip();
    session.query(sql, vec![Value::Long(shop.0.into()), Value::Longs(digests), Value::Texts(bodies)])?;
    Ok(())
}

/// A text of a template by its digest.
pub fn text_of(session: &Session, shop: ShopId, digest: u64) -> Done<Option<String>> {
    let sql = "SELECT body FROM template_text WHERE shop = $1 AND digest = $2";
    let key = vec![Value::Long(shop.0.into()), Value::Long(digest.cast_signed())];
    session.query_opt(sql, key)?.map(|row| get(&row, 0)).transpose()
}

/// New, or seen again.
pub fn put_session(session: &Session, s: &shop_rows::Session) -> Done {
    let sql = "INSERT INTO session (token, staff, created, seen, until, agent, ip)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (token) DO UPDATE SET seen = excluded.seen, until = excluded.until";
    let row = vec![
        Value::Bytes(&s.token),
        text(&s.staff),
        Value::Long(s.created.0),
        Value::Long(s.seen.0),
        Value::Long(s.until.0),
        text(&s.agent),
        text(&s.ip),
    ];
    session.query(sql, row)?;
    Ok(())
}

/// A session that has not ended.
pub fn session(session: &Session, token: &[u8], now: WallTime) -> Done<Option<shop_rows::Session>> {
    let sql = "SELECT token, staff, created, seen, until, agent, ip FROM session
        WHERE token = $1 AND until >= $2";
    let key = vec![Value::Bytes(token), Value::Long(now.0)];
    session.query_opt(sql, key)?.as_ref().map(session_row).transpose()
}

/// The sessions of one member of staff that have not ended, the last used first.
pub fn sessions(session: &Session, staff: &str, now: WallTime) -> Done<Vec<shop_rows::Session>> {
    let sql = "SELECT token, staff, created, seen, until, agent, ip FROM session
        WHERE staff = $1 AND until >= $2 ORDER BY seen DESC LIMIT 100";
    session.query(sql, vec![text(staff), Value::Long(now.0)])?.iter().map(session_row).collect()
}

fn session_row(row: &Row) -> Done<shop_rows::Session> {
    Ok(shop_rows::Session {
        token: get(row, 0)?,
        staff: get(row, 1)?,
        created: WallTime(get(row, 2)?),
        seen: WallTime(get(row, 3)?),
        until: WallTime(get(row, 4)?),
        agent: get(row, 5)?,
        ip: get(row, 6)?,
    })
}

/// Notes that a key was used.
pub fn use_key(session: &Session, shop: ShopId, name: &str, at: WallTime) -> Done {
    let sql = "INSERT INTO key_use (shop, name, at) VALUES ($1, $2, $3)
        ON CONFLICT (shop, name) DO UPDATE SET at = greatest(key_use.at, excluded.at)";
    session.query(sql, vec![Value::Long(shop.0.into()), text(name), Value::Long(at.0)])?;
    Ok(())
}

/// When keys were last used, by the names of their documents.
pub fn key_uses(session: &Session, shop: ShopId) -> Done<Vec<(String, WallTime)>> {
    let sql = "SELECT name, at FROM key_use WHERE shop = $1 ORDER BY name";
    let rows = session.query(sql, vec![Value::Long(shop.0.into())])?;
    rows.iter().map(|row| Ok((get(row, 0)?, WallTime(get(row, 1)?)))).collect()
}

/// Ends one.
pub fn end_session(session: &Session, token: &[u8]) -> Done {
    session.query("DELETE FROM session WHERE token = $1", vec![Value::Bytes(token)])?;
    Ok(())
}

/// Ends those of one member of staff, or those that ran out.
pub fn end_sessions(session: &Session, staff: Option<&str>, now: WallTime) -> Done<usize> {
    let ended = match staff {
        Some(staff) => {
            session.query("DELETE FROM session WHERE staff = $1 RETURNING 1", vec![text(staff)])?
        }
        None => {
            session.query("DELETE FROM session WHERE until < $1 RETURNING 1", vec![Value::Long(now.0)])?
        }
    };
    Ok(ended.len())
}
