//! The log of what was done: written in the transaction of the change, read page by page.

use crate::acting::{Actor, acting};
use crate::shop_rows::{AuditFilter, AuditRow, AuditWrite, Changed, DocumentWrite};
use crate::{Error, Result};
use beckon_core::ids::ShopId;
use beckon_core::time::{DAY, Span, WallTime};
use rusqlite::{Connection, Row, Transaction, params};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// How long it is kept where somebody acted from.
const IP_KEPT: Span = DAY.times(90);
/// How long entries are kept.
const KEPT: Span = DAY.times(730);
/// Letters of a value; a longer one is only told to have changed.
const VALUE_MAX: usize = 200;
/// Fields of one entry.
const FIELDS_MAX: usize = 40;
/// Kinds whose values may be shown; of any other only the names of fields that changed.
const SHOWN: [&str; 7] = ["shop", "settings", "journey", "staff", "segment", "block", "place"];
/// Fields that are secret, or may have a secret in them, whatever the kind.
const SECRET: [&str; 8] = ["password", "smtp_url", "key", "secret", "token", "dsn", "url", "text"];

/// The entry of a document that is about to be written in place of `before`.
pub fn of_document(tx: &Transaction, write: &DocumentWrite, before: Option<&str>) -> Result<()> {
    let verb = match (before, write.body) {
        (None, _) => "created",
        (Some(_), None) => "deleted",
        (Some(_), Some(_)) => "changed",
    };
    let action = format!("{}.{verb}", write.kind);
    let changes = summary(write.kind, before, write.body);
    // The name of a secret's document may be made of the secret.
    let object = match write.kind {
        "key" => hint(write.body.or(before)),
        "invitation" => of_whom(write.body.or(before)),
        _ => write.name.to_owned(),
    };
    let entry =
        AuditWrite { shop: write.shop, at: write.at, action: &action, object: &object, changes: &changes };
    note(tx, &entry, write.by)
}

/// Writes an entry in the name of whoever acts on this thread, or else of `by`.
pub fn note(tx: &Transaction, entry: &AuditWrite, by: &str) -> Result<()> {
    let acting = acting();
    let program = Actor { kind: "program".to_owned(), name: by.to_owned(), ..Actor::default() };
    let actor = acting.as_ref().map_or(&program, |acting| &acting.actor);
    let changes = serde_json::to_string(entry.changes).map_err(|why| Error::Corrupt(why.to_string()))?;
    let sql = "INSERT INTO audit (shop, at, actor_kind, actor, ip, route, action, object, changes)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let object = cut(entry.object);
    tx.prepare_cached(sql)?.execute(params![
        entry.shop.0,
        entry.at.0,
        actor.kind,
        actor.name,
        actor.ip,
        actor.route,
        entry.action,
        object,
        changes
    ])?;
    prune(tx, entry.shop, entry.at)?;
    if let Some(acting) = acting {
        acting.note();
    }
    Ok(())
}

/// Forgets what is kept for a time only.
pub fn prune(tx: &Transaction, shop: ShopId, now: WallTime) -> Result<()> {
    let sql = "UPDATE audit SET ip = '' WHERE shop = ?1 AND at < ?2 AND ip <> ''";
    tx.prepare_cached(sql)?.execute(params![shop.0, now.0.saturating_sub(IP_KEPT.0)])?;
    // The oldest stand first, so that the search ends at the first that is kept.
    let sql = "DELETE FROM audit WHERE shop = ?1 AND at < ?2 AND seq <
        (SELECT min(seq) + 100 FROM audit WHERE shop = ?1)";
    tx.prepare_cached(sql)?.execute(params![shop.0, now.0.saturating_sub(KEPT.0)])?;
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

/// Which fields differ, with their values where they are no secret and short.
fn summary(kind: &str, before: Option<&str>, after: Option<&str>) -> Vec<Changed> {
    if kind == "secret" {
        return Vec::new();
    }
    let (before, after) = (fields(before), fields(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differ = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let change = |name: &String| {
        let open = SHOWN.contains(&kind) && !is_secret(name);
        let value = |of: &Map<String, Value>| of.get(name).filter(|_| open).and_then(shown);
        Changed { field: cut(name), before: value(&before), after: value(&after) }
    };
    differ.take(FIELDS_MAX).map(change).collect()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET.iter().any(|secret| name == *secret || name.ends_with(&format!("_{secret}")))
}

fn fields(body: Option<&str>) -> Map<String, Value> {
    let read = body.and_then(|body| serde_json::from_str(body).ok());
    match read {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => return None,
        other => other.to_string(),
    };
    (text.chars().count() <= VALUE_MAX).then_some(text)
}

fn cut(text: &str) -> String {
    text.chars().take(VALUE_MAX).collect()
}

/// The first letters of a key: the name of its document is the key itself, or its hash.
fn hint(body: Option<&str>) -> String {
    fields(body).get("hint").and_then(Value::as_str).unwrap_or_default().chars().take(8).collect()
}

fn of_whom(body: Option<&str>) -> String {
    fields(body).get("email").and_then(Value::as_str).map(cut).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_long_texts_are_only_told_to_have_changed() {
        let before =
            r#"{"smtp_url":"smtp://a:secret1@h","dkim_key":"secret2","from":"a@b.example","stopped":false}"#;
        let after =
            r#"{"smtp_url":"smtp://a:secret3@h","dkim_key":"secret4","from":"c@b.example","stopped":true}"#;
        let changes = summary("settings", Some(before), Some(after));
        let text = serde_json::to_string(&changes).unwrap();
        assert!(!text.contains("secret") && text.contains("smtp_url"), "{text}");
        let of = |name: &str| changes.iter().find(|change| change.field == name).unwrap();
        assert_eq!(of("from").before.as_deref(), Some("a@b.example"));
        assert_eq!(of("stopped").after.as_deref(), Some("true"));
        let long = format!(r#"{{"hours":"{}"}}"#, "x".repeat(VALUE_MAX + 1));
        assert_eq!(summary("shop", None, Some(&long))[0].after, None);
        assert!(summary("secret", None, Some("\"hidden\"")).is_empty());
        assert_eq!(summary("unheard-of", None, Some(r#"{"a":"hidden"}"#))[0].after, None);
    }
}
