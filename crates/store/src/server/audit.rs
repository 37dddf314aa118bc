//! The log of what was done: written in the transaction of the change, read page by page.

use super::connection::{Done, Request, Session, Value, get, text};
use crate::logged::{self, Entry};
use crate::shop_rows::{AuditFilter, AuditRow, AuditWrite, DocumentWrite};
use beckon_core::ids::ShopId;
use beckon_core::time::WallTime;
use tokio_postgres::Row;

/// The entry of a document that is about to be written in place of `before`.
pub fn of_document(session: &Session, write: &DocumentWrite, before: Option<&str>) -> Done {
    let said = logged::of_document(write, before);
    let (action, object, changes) = (&said.action, &said.object, &said.changes);
    note(session, &AuditWrite { shop: write.shop, at: write.at, action, object, changes }, write.by)
}

/// Writes an entry in the name of whoever acts on this thread, or else of `by`.
pub fn note(session: &Session, write: &AuditWrite, by: &str) -> Done {
    let Entry { acting, actor, object, changes } = Entry::of(write, by)?;
    let sql = "INSERT INTO audit (shop, at, actor_kind, actor, ip, route, action, object, changes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let row = vec![
        Value::Long(write.shop.0.into()),
        Value::Long(write.at.0),
        text(&actor.kind),
        text(&actor.name),
        text(&actor.ip),
        text(&actor.route),
        text(write.action),
        text(&object),
        text(&changes),
    ];
    let [ips, entries] = pruning(write.shop, write.at);
    session.pipeline(&[Request::new(sql, row), ips, entries])?;
    if let Some(acting) = acting {
        acting.note();
    }
    Ok(())
}

/// Forgets what is kept for a time only.
pub fn prune(session: &Session, shop: ShopId, now: WallTime) -> Done {
    session.pipeline(&pruning(shop, now))?;
    Ok(())
}

fn pruning(shop: ShopId, now: WallTime) -> [Request<'static>; 2] {
    let (ip_since, since) = logged::kept_since(now);
    let key = |until| vec![Value::Long(shop.0.into()), Value::Long(until)];
    let ips = "UPDATE audit SET ip = '' WHERE shop = $1 AND at < $2 AND ip <> ''";
    // The oldest stand first, so that the search ends at the first that is kept.
    let entries = "DELETE FROM audit WHERE shop = $1 AND at < $2 AND seq <
        (SELECT min(seq) + 100 FROM audit WHERE shop = $1)";
    [Request::new(ips, key(ip_since)), Request::new(entries, key(since))]
}

/// Entries before a number, newest first.
pub fn page(
    session: &Session,
    shop: ShopId,
    filter: &AuditFilter,
    before: Option<u64>,
    limit: usize,
) -> Done<Vec<AuditRow>> {
    let sql = "SELECT seq, at, actor_kind, actor, ip, route, action, object, changes FROM audit
        WHERE shop = $1 AND seq < $2 AND ($3 = '' OR actor = $3)
            AND ($4 = '' OR action = $4 OR substr(action, 1, length($4) + 1) = $4 || '.')
            AND ($5 = '' OR object = $5)
        ORDER BY seq DESC LIMIT $6";
    let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
    let key = vec![
        Value::Long(shop.0.into()),
        Value::Long(before),
        text(&filter.actor),
        text(&filter.action),
        text(&filter.object),
        super::queues::limit(limit),
    ];
    session.query(sql, key)?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Done<AuditRow> {
    Ok(AuditRow {
        seq: get::<i64>(row, 0)?.cast_unsigned(),
        at: WallTime(get(row, 1)?),
        actor_kind: get(row, 2)?,
        actor: get(row, 3)?,
        ip: get(row, 4)?,
        route: get(row, 5)?,
        action: get(row, 6)?,
        object: get(row, 7)?,
        changes: serde_json::from_str(get(row, 8)?).unwrap_or_default(),
    })
}
