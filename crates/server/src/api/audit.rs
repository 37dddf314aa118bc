//! The log: who did what, when, from where.

use super::answer::{self, Answer, Refused};
use super::ask::Query;
use crate::app::{App, SHOP};
use crate::i18n::{self, Locale};
use crate::when::When;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use beckon_core::time::ShopTime;
use beckon_store::shop::{AuditFilter, AuditRow, Changed};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which entries.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    actor: Option<String>,
    action: Option<String>,
    object: Option<String>,
    before: Option<String>,
    limit: Option<usize>,
}

/// Entries, newest first.
#[derive(Debug, Serialize)]
pub struct Log {
    entries: Vec<EntryView>,
    next: Option<String>,
}

/// An entry.
#[derive(Debug, Serialize)]
pub struct EntryView {
    id: u64,
    at: When,
    /// `staff`, `key`, `program` or `nobody`.
    actor_kind: String,
    actor: String,
    ip: String,
    route: String,
    action: String,
    object: String,
    changes: Vec<Changed>,
    /// All of it as a sentence.
    text: String,
}

/// `GET /api/v1/audit`
///
/// # Errors
/// `before` cannot be read, or the store does not answer.
pub async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Answer<Log> {
    let before = match asked.before.as_deref() {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| {
            Refused::field("before", "`before` is not a page: take `next` of the answer before")
        })?),
    };
    let (limit, locale) = (answer::limit(asked.limit), answer::locale(&app, &headers));
    let filter = AuditFilter {
        actor: asked.actor.unwrap_or_default(),
        action: asked.action.unwrap_or_default(),
        object: asked.object.unwrap_or_default(),
    };
    let read = move |app: &App| {
        let rows = app.plane.audit(SHOP, &filter, before, limit)?;
        let next = rows.last().filter(|_| rows.len() == limit).map(|row| row.seq.to_string());
        Ok(Log { entries: rows.into_iter().map(|row| view(row, locale)).collect(), next })
    };
    answer::work(app, read).await.map(Json)
}

fn view(row: AuditRow, locale: Locale) -> EntryView {
    EntryView {
        text: sentence(locale, &row),
        id: row.seq,
        at: When(ShopTime(row.at.0)),
        actor_kind: row.actor_kind,
        actor: row.actor,
        ip: row.ip,
        route: row.route,
        action: row.action,
        object: row.object,
        changes: row.changes,
    }
}

/// An entry as a sentence.
#[must_use]
pub fn sentence(locale: Locale, row: &AuditRow) -> String {
    let who = match row.actor_kind.as_str() {
        "staff" => row.actor.clone(),
        "key" => i18n::t(locale, "log-who-key", &[("key", row.actor.as_str().into())]),
        "program" => i18n::t(locale, "log-who-program", &[("name", row.actor.as_str().into())]),
        _ => i18n::t(locale, "log-who-nobody", &[]),
    };
    let key = format!("log-did-{}", row.action.replace('.', "-"));
    let (kind, verb) = row.action.split_once('.').unwrap_or((&row.action, ""));
    let general = ["created", "changed", "deleted"].into_iter().find(|known| *known == verb);
    let key = match general {
        _ if i18n::known(&key) => key,
        Some(verb) => format!("log-did-any-{verb}"),
        None => "log-did-any".to_owned(),
    };
    let args = [
        ("who", who.into()),
        ("object", row.object.as_str().into()),
        ("kind", kind.into()),
        ("action", row.action.as_str().into()),
        ("route", row.route.as_str().into()),
    ];
    i18n::t(locale, &key, &args)
}
