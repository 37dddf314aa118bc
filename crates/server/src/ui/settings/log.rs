//! Settings, the log: who did what, when, from where; each entry a sentence.

use crate::api::audit::sentence;
use crate::app::{App, SHOP};
use crate::form::Fields;
use crate::i18n;
use crate::save::blocking;
use crate::ui::layout::{Page, broken, html};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use beckon_core::time::ShopTime;
use beckon_store::shop::{AuditFilter, AuditRow};
use std::sync::Arc;

/// Entries of a page.
const ROWS: usize = 50;

/// What one may ask for, by the part of an action before its dot.
const GROUPS: [&str; 16] = [
    "sign-in",
    "staff",
    "invitation",
    "session",
    "key",
    "settings",
    "shop",
    "journey",
    "template",
    "block",
    "place",
    "endpoint",
    "import",
    "suppression",
    "message",
    "request",
];

struct Line {
    at: ShopTime,
    text: String,
    ip: String,
    route: String,
    /// Field, what it was, what it is now; both empty where the values are not kept.
    changes: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "settings/log.html")]
struct LogPage {
    page: Page,
    lines: Vec<Line>,
    filter: AuditFilter,
    older: String,
    newer: String,
}

/// `GET /settings/log`
pub async fn page(page: Page, State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    let query = Fields::parse(query.unwrap_or_default().as_bytes());
    let text = |name: &str| query.text(name).to_owned();
    let filter = AuditFilter { actor: text("actor"), action: text("action"), object: text("object") };
    let before = query.text("before").parse().ok();
    let asked = filter.clone();
    let rows = match blocking(&app, move |app| app.plane.audit(SHOP, &asked, before, ROWS)).await {
        Ok(rows) => rows,
        Err(why) => return broken(page, &why),
    };
    let older = rows.last().filter(|_| rows.len() == ROWS).map(|row| link(&filter, Some(row.seq)));
    let older = older.unwrap_or_default();
    let newer = if before.is_some() { link(&filter, None) } else { String::new() };
    let lines = rows.iter().map(|row| line(&page, row)).collect();
    html(&LogPage { page, lines, filter, older, newer })
}

/// A page of the same filter.
fn link(filter: &AuditFilter, before: Option<u64>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("actor", &filter.actor), ("action", &filter.action), ("object", &filter.object)] {
        if !value.is_empty() {
            query.append_pair(name, value);
        }
    }
    if let Some(before) = before {
        query.append_pair("before", &before.to_string());
    }
    format!("/settings/log?{}", query.finish())
}

fn line(page: &Page, row: &AuditRow) -> Line {
    let shown = |value: &Option<String>| match value.as_deref() {
        Some(said @ ("true" | "false")) => page.t(&format!("log-value-{said}")),
        said => said.unwrap_or_default().to_owned(),
    };
    let changes = row.changes.iter();
    Line {
        at: ShopTime(row.at.0),
        text: sentence(page.locale, row),
        ip: row.ip.clone(),
        route: row.route.clone(),
        changes: changes.map(|of| (field(page, &of.field), shown(&of.before), shown(&of.after))).collect(),
    }
}

/// The name of a field in words, where there are some.
fn field(page: &Page, name: &str) -> String {
    let key = format!("log-field-{}", name.replace('_', "-"));
    if i18n::known(&key) { page.t(&key) } else { name.to_owned() }
}
