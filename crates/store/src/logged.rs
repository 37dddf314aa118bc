//! What the log says of a change: the same words whichever engine writes them.

use crate::acting::{Acting, Actor, acting};
use crate::shop_rows::{AuditWrite, Changed, DocumentWrite};
use crate::{Error, Result};
use beckon_core::time::{DAY, Span, WallTime};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

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

/// What is said of a document.
pub struct Said {
    /// As `settings.changed`.
    pub action: String,
    /// Which.
    pub object: String,
    /// Its fields.
    pub changes: Vec<Changed>,
}

/// What is said of a document that is about to be written in place of `before`.
pub fn of_document(write: &DocumentWrite, before: Option<&str>) -> Said {
    let verb = match (before, write.body) {
        (None, _) => "created",
        (Some(_), None) => "deleted",
        (Some(_), Some(_)) => "changed",
    };
    // The name of a secret's document may be made of the secret.
    let object = match write.kind {
        "key" => hint(write.body.or(before)),
        "invitation" => of_whom(write.body.or(before)),
        _ => write.name.to_owned(),
    };
    let changes = summary(write.kind, before, write.body);
    Said { action: format!("{}.{verb}", write.kind), object, changes }
}

/// An entry as it is written.
pub struct Entry {
    /// Who acts on this thread, to be told that it was noted.
    pub acting: Option<Arc<Acting>>,
    /// In whose name.
    pub actor: Actor,
    /// To what.
    pub object: String,
    /// JSON.
    pub changes: String,
}

impl Entry {
    /// In the name of whoever acts on this thread, or else of `by`.
    pub fn of(write: &AuditWrite, by: &str) -> Result<Entry> {
        let acting = acting();
        let program = || Actor { kind: "program".to_owned(), name: by.to_owned(), ..Actor::default() };
        let actor = acting.as_ref().map_or_else(program, |acting| acting.actor.clone());
        let changes = serde_json::to_string(write.changes).map_err(|why| Error::Corrupt(why.to_string()))?;
        Ok(Entry { acting, actor, object: cut(write.object), changes })
    }
}

/// Entries before these moments lose where somebody acted from, and are deleted.
pub fn kept_since(now: WallTime) -> (i64, i64) {
    (now.0.saturating_sub(IP_KEPT.0), now.0.saturating_sub(KEPT.0))
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
