//! Keys: made, shown once, deleted.

use crate::access::keys::NewKey;
use crate::access::rights::{Right, Scope};
use crate::app::{App, SHOP};
use crate::settings::{KeyDocument, kind};
use crate::ui::form::Fields;
use crate::ui::layout::{Page, broken, html, problem};
use crate::ui::save::{Change, Saved, blocking, save};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use beckon_core::time::ShopTime;
use beckon_store::shop::Document;
use std::sync::Arc;

/// A key as it is shown: never the key itself, where that is secret.
pub(crate) struct Line {
    /// Name of its document.
    pub name: String,
    /// Version of its document.
    pub version: u64,
    /// What is kept of it.
    pub key: KeyDocument,
    /// When it was made.
    pub since: ShopTime,
    /// By whom.
    pub by: String,
    /// When it was last used; `None` when never.
    pub used: Option<ShopTime>,
}

#[derive(Template)]
#[template(path = "developers/keys.html")]
struct Keys {
    page: Page,
    lines: Vec<Line>,
    fresh: Option<String>,
}

/// `GET /developers/keys`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    show(page, &app, None).await
}

async fn show(page: Page, app: &Arc<App>, fresh: Option<String>) -> Response {
    match blocking(app, all).await {
        Ok(lines) => html(&Keys { page, lines, fresh }),
        Err(why) => broken(page, &why),
    }
}

/// All keys. Blocks.
///
/// # Errors
/// The plane cannot be read.
pub(crate) fn all(app: &App) -> beckon_store::Result<Vec<Line>> {
    let state = app.shop();
    let (documents, uses) = (app.plane.list(SHOP, kind::KEY)?, app.plane.key_uses(SHOP)?);
    let used = |name: &str| {
        let stored = uses.iter().find(|(known, _)| known == name).map(|(_, at)| *at);
        stored.max(state.keys.used(name)).map(|at| ShopTime(at.0))
    };
    let line = |document: Document| {
        let key = serde_json::from_str(document.body.as_deref()?).ok()?;
        let Document { name, version, changed_at, changed_by, .. } = document;
        Some(Line { used: used(&name), name, version, key, since: ShopTime(changed_at.0), by: changed_by })
    };
    Ok(documents.into_iter().filter_map(line).collect())
}

/// `POST /developers/keys`: a new key; the answer is the only page that shows it.
pub async fn add(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let scopes: Vec<Scope> = fields.all("scope").filter_map(Scope::parse).collect();
    if scopes.contains(&Scope::Admin) && !page.may(Right::Staff) {
        // With such a key one could give oneself any role.
        return problem(page, StatusCode::FORBIDDEN, "problem-right");
    }
    let new = new(fields.text("kind") == "server", &scopes, fields.text("label"));
    match save(&app, &page, vec![Change::put(kind::KEY, &new.name, 0, &new.document)]).await {
        Saved::Done => show(page, &app, Some(new.key)).await,
        Saved::Conflict => page.redirect("/developers/keys", "flash-conflict"),
        Saved::Failed(why) => broken(page, &why),
    }
}

/// A key, not kept yet: for servers with its scopes (none: read and write), else for pages.
pub(crate) fn new(server: bool, scopes: &[Scope], label: &str) -> NewKey {
    let scopes = if scopes.is_empty() { &[Scope::Read, Scope::Write] } else { scopes };
    let label: String = label.chars().take(60).collect();
    if server { NewKey::scoped(scopes, &label) } else { NewKey::write() }
}

/// `POST /developers/keys/delete`: what uses the key is refused from now on.
pub async fn delete(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let version = fields.whole("version").unwrap_or(0).unsigned_abs();
    match save(&app, &page, vec![Change::delete(kind::KEY, fields.text("name"), version)]).await {
        Saved::Done => page.redirect("/developers/keys", "flash-removed"),
        Saved::Conflict => page.redirect("/developers/keys", "flash-conflict"),
        Saved::Failed(why) => broken(page, &why),
    }
}
