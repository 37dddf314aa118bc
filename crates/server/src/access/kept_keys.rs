//! Keys as people see them: listed with their last use, and made.

use super::keys::NewKey;
use super::rights::Scope;
use crate::app::{App, SHOP};
use crate::settings::{KeyDocument, kind};
use beckon_core::time::ShopTime;
use beckon_store::shop::Document;

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

/// A key, not kept yet: for servers with its scopes (none: read and write), else for pages.
pub(crate) fn new(server: bool, scopes: &[Scope], label: &str) -> NewKey {
    let scopes = if scopes.is_empty() { &[Scope::Read, Scope::Write] } else { scopes };
    let label: String = label.chars().take(60).collect();
    if server { NewKey::scoped(scopes, &label) } else { NewKey::write() }
}
