//! Changing blocks, from screens and the API alike.

use super::live::{BlockDocument, PlaceDocument, check, place_key, places, text_of};
use crate::app::{App, SHOP};
use crate::save::{self, Change};
use crate::settings::kind;
use beckon_recommend::block::Channel;
use beckon_store::Error;

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
    keep_at(app, name, block, version(app, name)?, by)
}

/// As [`keep`], if nobody changed it since its document had this version.
///
/// # Errors
/// As those of [`keep`]; a conflict of the store where somebody did.
pub fn keep_at(
    app: &App,
    name: &str,
    block: Option<&BlockDocument>,
    version: u64,
    by: &str,
) -> Result<(), NotChanged> {
    if let Some(block) = block {
        check(name, block).map_err(NotChanged::Wrong)?;
    }
    let body = block.map(|block| serde_json::to_string(block).unwrap_or_default());
    Ok(save::put(app, by, &[Change { kind: kind::BLOCK, name: name.to_owned(), version, body }])?)
}

/// A block's own document: what it says, and its version; 0 for one that never was.
///
/// # Errors
/// The store does not answer.
pub fn version(app: &App, name: &str) -> beckon_store::Result<u64> {
    Ok(app.plane.get(SHOP, kind::BLOCK, name)?.map_or(0, |document| document.version))
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
    place_all(app, &[(place.to_owned(), channel, blocks.map(<[String]>::to_vec))], by)
}

/// What stands in a place on a channel: `None` for what is built in.
pub type Placing = (String, Channel, Option<Vec<String>>);

/// As [`place`] for several places: all of them change, or none.
///
/// # Errors
/// There is no such place, or a block is not there.
pub fn place_all(app: &App, placings: &[Placing], by: &str) -> Result<(), NotChanged> {
    let state = app.shop();
    let mut changes = Vec::new();
    for (place, channel, blocks) in placings {
        let key = place_key(place, *channel);
        if !places().any(|(known, on)| text_of(&known) == *place && on == *channel) {
            return Err(NotChanged::NoPlace(key));
        }
        if let Some(missing) = blocks.iter().flatten().find(|name| state.blocks.get(name).is_none()) {
            return Err(NotChanged::Wrong(format!("blocks: there is no block `{missing}`")));
        }
        let document = blocks.as_ref().map(|blocks| PlaceDocument { blocks: blocks.clone() });
        let body = document.map(|document| serde_json::to_string(&document).unwrap_or_default());
        let stored = app.plane.get(SHOP, kind::PLACE, &key)?;
        let version = stored.map_or(0, |document| document.version);
        changes.push(Change { kind: kind::PLACE, name: key, version, body });
    }
    Ok(save::put(app, by, &changes)?)
}
