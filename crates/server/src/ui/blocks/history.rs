//! What a block was: who changed it, when, what came and went; an earlier version can be brought back.

use super::super::customers::refused;
use super::super::layout::{Page, html};
use super::{Head, Tab};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::app::{App, SHOP};
use crate::blocks::change;
use crate::blocks::live::BlockDocument;
use crate::form::Fields;
use crate::settings::kind;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use beckon_core::time::ShopTime;
use beckon_store::shop::Document;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Versions shown.
const SHOWN: usize = 40;
/// Longest value of a field that is written out.
const VALUE_CHARS: usize = 80;

/// A version.
struct Version {
    number: u64,
    at: ShopTime,
    by: String,
    /// It went back to what is built in.
    forgotten: bool,
    /// Field, before, after.
    changes: Vec<(String, String, String)>,
    now: bool,
}

#[derive(Template)]
#[template(path = "blocks/versions.html")]
struct Versions {
    page: Page,
    head: Head,
    may: bool,
    versions: Vec<Version>,
}

/// `GET /blocks/{name}/versions`
pub async fn page(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let frame = page.clone();
    let made = answer::work(app, move |app| {
        let head = Head::new(app, &frame, &name, Tab::Versions)?;
        let documents = documents(app, &name)?;
        let versions = documents.iter().enumerate().take(SHOWN).map(|(place, document)| Version {
            number: document.version,
            at: ShopTime(document.changed_at.0),
            by: document.changed_by.clone(),
            forgotten: document.body.is_none(),
            changes: differences(documents.get(place + 1), document),
            now: place == 0,
        });
        Ok(Versions { versions: versions.collect(), may: frame.may(Right::Edit), head, page: frame })
    });
    match made.await {
        Ok(made) => html(&made),
        Err(why) => refused(page, &why),
    }
}

/// What there is and was, newest first.
fn documents(app: &App, name: &str) -> beckon_store::Result<Vec<Document>> {
    let mut documents: Vec<Document> = app.plane.get(SHOP, kind::BLOCK, name)?.into_iter().collect();
    documents.extend(app.plane.past(SHOP, kind::BLOCK, name)?);
    Ok(documents)
}

/// Fields that differ, with what they were and are.
fn differences(before: Option<&Document>, after: &Document) -> Vec<(String, String, String)> {
    let read = |document: &Document| -> BTreeMap<String, String> {
        let mut flat = BTreeMap::new();
        let json = document.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
        flatten(&mut flat, "", &json.unwrap_or(Value::Null));
        flat
    };
    let Some(before) = before.filter(|before| before.body.is_some() && after.body.is_some()) else {
        return Vec::new();
    };
    let (was, is) = (read(before), read(after));
    let names = was.keys().chain(is.keys()).collect::<std::collections::BTreeSet<_>>();
    let text = |of: &BTreeMap<String, String>, name: &str| of.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .filter(|name| was.get(*name) != is.get(*name))
        .map(|name| (name.clone(), text(&was, name), text(&is, name)))
        .collect()
}

/// Leaves of a document by their paths.
fn flatten(flat: &mut BTreeMap<String, String>, path: &str, value: &Value) {
    match value {
        Value::Object(of) => {
            for (name, value) in of {
                // The path of the only arm says nothing.
                let inner = match (path, name.as_str()) {
                    ("arms[0]", "block") => "block".to_owned(),
                    ("", name) => name.to_owned(),
                    (path, name) => format!("{path}.{name}"),
                };
                flatten(flat, inner.strip_prefix("block.").unwrap_or(&inner), value);
            }
        }
        Value::Array(rows) if rows.iter().any(|row| row.is_object()) => {
            for (row, value) in rows.iter().enumerate() {
                flatten(flat, &format!("{path}[{row}]"), value);
            }
        }
        Value::Null => {}
        other => {
            let text = match other {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            flat.insert(path.to_owned(), text.chars().take(VALUE_CHARS).collect());
        }
    }
}

/// `POST /blocks/{name}/versions`: what `version` said is in force again.
pub async fn bring_back(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    let (by, to) = (page.by().to_owned(), format!("/blocks/{name}/versions"));
    let done = answer::work(app, move |app| {
        let wanted = fields.text("version").parse::<u64>().ok();
        let documents = documents(app, &name)?;
        let found = documents.iter().find(|document| Some(document.version) == wanted);
        let body = found.and_then(|document| document.body.as_deref());
        let body = body.ok_or_else(|| Refused::missing("version"))?;
        let document: BlockDocument =
            serde_json::from_str(body).map_err(|why| Refused::bad(why.to_string()))?;
        Ok(change::keep(app, &name, Some(&document), &by)?)
    });
    match done.await {
        Ok(()) => page.redirect(&to, "flash-saved"),
        Err(why) => refused(page, &why),
    }
}
