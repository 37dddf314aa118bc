//! The log of what was done: written in the transaction of the change, read page by page.

use crate::Result;
use crate::logged::{self, Entry};
use crate::shop_rows::{AuditFilter, AuditRow, AuditWrite, DocumentWrite};
use beckon_core::ids::ShopId;
use beckon_core::time::WallTime;
use rusqlite::{Connection, Row, Transaction, params};

/// The entry of a document that is about to be written in place of `before`.
pub fn of_document(tx: &Transaction, write: &DocumentWrite, before: Option<&str>) -> Result<()> {
    let said = logged::of_document(write, before);
    let (action, object, changes) = (&said.action, &said.object, &said.changes);
    note(tx, &AuditWrite { shop: write.shop, at: write.at, action, object, changes }, write.by)
}

/// Writes an entry in the name of whoever acts on this thread, or else of `by`.
pub fn note(tx: &Transaction, write: &AuditWrite, by: &str) -> Result<()> {
    let Entry { acting, actor, object, changes } = Entry::of(write, by)?;
    let sql = "INSERT INTO audit (shop, at, actor_kind, actor, ip, route, action, object, changes)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    tx.prepare_cached(sql)?.execute(params![
        write.shop.0,
        write.at.0,
        actor.kind,
        actor.name,
        actor.ip,
        actor.route,
        write.action,
        object,
        changes
    ])?;
    prune(tx, write.shop, write.at)?;
    if let Some(acting) = acting {
        acting.note();
    }
    Ok(())
}

/// Forgets what is kept for a time only.
pub fn prune(tx: &Transaction, shop: ShopId, now: WallTime) -> Result<()> {
    let (ip_since, since) = logged::kept_since(now);
    let sql = "UPDATE audit SET ip = '' WHERE shop = ?1 AND at < ?2 AND ip <> ''";
    tx.prepare_cached(sql)?.execute(params![shop.0, ip_since])?;
    // The oldest stand first, so that the search ends at the first that is kept.
    let sql = "DELETE FROM audit WHERE shop = ?1 AND at < ?2 AND seq <
        (SELECT min(seq) + 100 FROM audit WHERE shop = ?1)";
    tx.prepare_cached(sql)?.execute(params![shop.0, since])?;
    Ok(())
}

/// Entries before a number, newest first.
pub fn page(
    conn: &Connection,
    shop: ShopId,
    filter: &AuditFilter,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<AuditRow>> {
    let sql = "SELECT seq, at, actor_kind, actor, ip, route, action, object, changes FROM audit
        WHERE shop = ?1 AND seq < ?2 AND (?3 = '' OR actor = ?3)
            AND (?4 = '' OR action = ?4 OR substr(action, 1, length(?4) + 1) = ?4 || '.')
            AND (?5 = '' OR object = ?5)
        ORDER BY seq DESC LIMIT ?6";
    let mut select = conn.prepare_cached(sql)?;
    let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let key = params![shop.0, before, filter.actor, filter.action, filter.object, limit];
    let rows = select.query_map(key, entry)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn entry(row: &Row) -> rusqlite::Result<AuditRow> {
    let changes: String = row.get(8)?;
    Ok(AuditRow {
        seq: row.get::<_, i64>(0)?.cast_unsigned(),
        at: WallTime(row.get(1)?),
        actor_kind: row.get(2)?,
        actor: row.get(3)?,
        ip: row.get(4)?,
        route: row.get(5)?,
        action: row.get(6)?,
        object: row.get(7)?,
        changes: serde_json::from_str(&changes).unwrap_or_default(),
    })
}
