//! Changing blocks, from screens and the API alike.

use super::live::{BlockDocument, PlaceDocument, check, place_key, places, text_of};
use crate::app::{App, SHOP};
use crate::settings::kind;
use beckon_core::time::WallTime;
use beckon_recommend::block::Channel;
use beckon_store::Error;
use beckon_store::shop::DocumentWrite;

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotChanged {
    /// Every mistake, one to a line.
    #[error("{0}")]
    Wrong(String),
    /// There is no such place.
    #[error("there is no place `{0}`")]
    NoPlace(String),
    /// The store did not take it.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Keeps a block under a name, in place of a built-in one of that name too; `None` goes back to what is built in.
///
/// # Errors
/// Something is wrong with it, and the one before stays; or the store did not take it.
pub fn keep(app: &App, name: &str, block: Option<&BlockDocument>, by: &str) -> Result<(), NotChanged> {
    if let Some(block) = block {
        check(name, block).map_err(NotChanged::Wrong)?;
    }
    let body = block.map(|block| serde_json::to_string(block).unwrap_or_default());
    put(app, kind::BLOCK, name, body.as_deref(), by)
}

/// Says which blocks stand in a place on a channel; `None` goes back to what is built in.
///
/// # Errors
/// There is no such place, or a block is not there.
pub fn place(
    app: &App,
    place: &str,
    channel: Channel,
    blocks: Option<&[String]>,
    by: &str,
) -> Result<(), NotChanged> {
    let known = places().any(|(known, on)| text_of(&known) == place && on == channel);
    if !known {
        return Err(NotChanged::NoPlace(place_key(place, channel)));
    }
    let state = app.shop();
    if let Some(missing) = blocks.into_iter().flatten().find(|name| state.blocks.get(name).is_none()) {
        return Err(NotChanged::Wrong(format!("blocks: there is no block `{missing}`")));
    }
    let body = blocks
        .map(|blocks| serde_json::to_string(&PlaceDocument { blocks: blocks.to_vec() }).unwrap_or_default());
    put(app, kind::PLACE, &place_key(place, channel), body.as_deref(), by)
}

fn put(app: &App, kind: &str, name: &str, body: Option<&str>, by: &str) -> Result<(), NotChanged> {
    let stored = app.plane.get(SHOP, kind, name)?;
    let expected_version = stored.map_or(0, |document| document.version);
    let at: WallTime = app.clock.wall();
    app.plane.put(&DocumentWrite { shop: SHOP, kind, name, expected_version, body, at, by })?;
    app.plane_changed.notify_one();
    Ok(())
}
