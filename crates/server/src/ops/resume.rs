//! Going on with data that was restored or copied, once a person has said so.

use crate::app::{App, SHOP};
use crate::run::follow;
use crate::save::blocking;
use crate::settings::{MAIN, ShopSettings, kind};
use beckon_core::time::{ShopTime, WallTime};
use beckon_store::shop::{DocumentWrite, ShopPlane};
use beckon_store::{Error, Result, Store};
use std::sync::Arc;

/// Tries at a document that others change meanwhile.
const TRIES: usize = 5;

/// Takes the data as it is. What fell due before `now` is withheld from then on: the data that this is a copy of may
/// have sent it, and nobody gets a message twice. Gives back whether there was anything to accept.
///
/// # Errors
/// A plane cannot be written; the shop stays paused.
pub fn accept(store: &Store, plane: &ShopPlane, now: ShopTime, at: WallTime, by: &str) -> Result<bool> {
    accept_with(store, plane, now, at, by, || Ok(()))
}

/// As [`accept`], in a program that serves: `in_force` loads the settings before the sender may go on.
///
/// # Errors
/// As there; the shop stays paused.
pub fn accept_with(
    store: &Store,
    plane: &ShopPlane,
    now: ShopTime,
    at: WallTime,
    by: &str,
    in_force: impl FnOnce() -> Result<()>,
) -> Result<bool> {
    if store.suspicion().is_none() {
        return Ok(false);
    }
    // The bound comes first: if the program ends between the two, the shop is still paused.
    bound(plane, now, at, by)?;
    in_force()?;
    store.accept_origin()?;
    Ok(true)
}

/// Takes the data as it is and goes on; whether there was anything to confirm.
///
/// # Errors
/// A plane cannot be written; the shop stays paused.
pub(crate) async fn go_on(app: &Arc<App>, by: &str) -> beckon_store::Result<bool> {
    let by = by.to_owned();
    blocking(app, move |app| {
        let (now, at) = app.clock.read();
        // What is in force must know the bound before anything is sent again.
        let accepted =
            accept_with(&app.store, &app.plane, now, at, &by, || follow::reload_if_changed(app).map(drop))?;
        tracing::info!(accepted, "the data was confirmed");
        Ok(accepted)
    })
    .await
}

fn bound(plane: &ShopPlane, now: ShopTime, at: WallTime, by: &str) -> Result<()> {
    let mut last = Error::Unavailable("the settings could not be written".to_owned());
    for _ in 0..TRIES {
        let Some(found) = plane.get(SHOP, kind::SETTINGS, MAIN)? else { return Ok(()) };
        let text = found.body.unwrap_or_default();
        let mut settings: ShopSettings = serde_json::from_str(&text)
            .map_err(|why| Error::Corrupt(format!("the shop's settings cannot be read: {why}")))?;
        settings.resumed_at = now.0;
        let body = serde_json::to_string(&settings).map_err(|why| Error::Corrupt(why.to_string()))?;
        let write = DocumentWrite {
            shop: SHOP,
            kind: kind::SETTINGS,
            name: MAIN,
            expected_version: found.version,
            body: Some(&body),
            at,
            by,
        };
        match plane.put(&write) {
            Ok(_) => return Ok(()),
            Err(why @ Error::Conflict(_)) => last = why,
            Err(why) => return Err(why),
        }
    }
    Err(last)
}
