//! Documents of the shop's plane for forms: read with their version, written only if nobody else did meanwhile.

use crate::access::audit;
use crate::app::{App, SHOP};
use crate::run::follow;
use beckon_core::time::WallTime;
use beckon_store::Error;
use beckon_store::shop::DocumentWrite;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// What came of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is on disk and in force.
    Done,
    /// Somebody else changed it since it was read.
    Conflict,
    /// The store did not answer; what it said.
    Failed(String),
}

/// A document to be written or, without a body, deleted.
#[derive(Clone, Debug)]
pub struct Change {
    /// Kind.
    pub kind: &'static str,
    /// Name.
    pub name: String,
    /// The version that was read; 0 when there was none.
    pub version: u64,
    /// JSON.
    pub body: Option<String>,
}

impl Change {
    /// Writes a document.
    #[must_use]
    pub fn put(kind: &'static str, name: &str, version: u64, document: &impl Serialize) -> Change {
        Change { kind, name: name.to_owned(), version, body: serde_json::to_string(document).ok() }
    }

    /// Deletes a document.
    #[must_use]
    pub fn delete(kind: &'static str, name: &str, version: u64) -> Change {
        Change { kind, name: name.to_owned(), version, body: None }
    }
}

/// Runs work that blocks on a thread that may.
///
/// # Errors
/// What the store said, or that the thread ended.
pub async fn blocking<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> beckon_store::Result<T> + Send + 'static,
) -> beckon_store::Result<T> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(audit::carried(move || work(&app))).await;
    done.unwrap_or_else(|why| Err(Error::Unavailable(why.to_string())))
}

/// A document with its version; the default with version 0 (or that of its deletion) when there is none.
///
/// # Errors
/// The plane cannot be read.
pub async fn read<T>(app: &Arc<App>, kind: &'static str, name: &str) -> beckon_store::Result<(T, u64)>
where
    T: DeserializeOwned + Default + Send + 'static,
{
    let name = name.to_owned();
    blocking(app, move |app| {
        let found = app.plane.get(SHOP, kind, &name)?;
        let version = found.as_ref().map_or(0, |document| document.version);
        let body = found.and_then(|document| document.body).and_then(|body| serde_json::from_str(&body).ok());
        Ok((body.unwrap_or_default(), version))
    })
    .await
}

/// Writes documents in somebody's name, all or none, and puts them in force: the next page already shows them. Blocks.
///
/// # Errors
/// [`Error::Conflict`] when somebody changed one since it was read; or the store did not take them.
pub fn put(app: &App, by: &str, changes: &[Change]) -> beckon_store::Result<()> {
    let at = app.clock.wall();
    let write = |change| write(change, at, by);
    app.plane.put_all(&changes.iter().map(write).collect::<Vec<_>>())?;
    follow::reload_if_changed(app)?;
    // The follower looks again on its own: what hangs on the shop's state is its work.
    app.plane_changed.notify_one();
    Ok(())
}

fn write<'a>(change: &'a Change, at: WallTime, by: &'a str) -> DocumentWrite<'a> {
    DocumentWrite {
        shop: SHOP,
        kind: change.kind,
        name: &change.name,
        expected_version: change.version,
        body: change.body.as_deref(),
        at,
        by,
    }
}

/// As [`put`], for those who must not block.
pub async fn save(app: &Arc<App>, by: &str, changes: Vec<Change>) -> Saved {
    let by = by.to_owned();
    match blocking(app, move |app| put(app, &by, &changes)).await {
        Ok(()) => Saved::Done,
        Err(Error::Conflict(_)) => Saved::Conflict,
        Err(why) => Saved::Failed(why.to_string()),
    }
}
