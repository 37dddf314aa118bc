//! What the shop's plane holds, row by row: documents, sessions, the catalogue and its imports.

use beckon_core::ids::ShopId;
use beckon_core::time::{ShopTime, WallTime};
use serde::{Deserialize, Serialize};

/// Kinds of documents whose earlier versions are kept.
pub(crate) const KEPT_KINDS: [&str; 2] = ["journey", "block"];

/// A document as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Shop.
    pub shop: ShopId,
    /// `shop`, `settings`, `journey`, `graph`, `template`, `staff`, `key` …
    pub kind: String,
    /// Unique within shop and kind.
    pub name: String,
    /// Counts its changes from 1.
    pub version: u64,
    /// JSON; `None` when it was deleted.
    pub body: Option<String>,
    /// When it was changed.
    pub changed_at: WallTime,
    /// Who changed it.
    pub changed_by: String,
}

/// A change of a document.
#[derive(Clone, Copy, Debug)]
pub struct DocumentWrite<'a> {
    /// Shop.
    pub shop: ShopId,
    /// Which kind.
    pub kind: &'a str,
    /// Which.
    pub name: &'a str,
    /// The version that was read; 0 when there was none. Any other stored one is a [`Error::Conflict`].
    pub expected_version: u64,
    /// JSON; `None` deletes it.
    pub body: Option<&'a str>,
    /// When.
    pub at: WallTime,
    /// Who.
    pub by: &'a str,
}

/// A signed-in member of staff. The token itself is only in the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Hash of the token.
    pub token: Vec<u8>,
    /// Who.
    pub staff: String,
    /// Since when.
    pub created: WallTime,
    /// When last used.
    pub seen: WallTime,
    /// Not valid after.
    pub until: WallTime,
    /// What the browser says it is.
    pub agent: String,
    /// Where it was begun from.
    pub ip: String,
}

/// A field that was changed. Values of secrets and long texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Name of the field.
    pub field: String,
    /// What it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// An entry to be written into the log.
#[derive(Clone, Copy, Debug)]
pub struct AuditWrite<'a> {
    /// Shop.
    pub shop: ShopId,
    /// When.
    pub at: WallTime,
    /// What was done, as `settings.changed`.
    pub action: &'a str,
    /// To what.
    pub object: &'a str,
    /// Which fields, from what to what.
    pub changes: &'a [Changed],
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number, in the order of writing.
    pub seq: u64,
    /// When.
    pub at: WallTime,
    /// `staff`, `key`, `program` or `nobody`.
    pub actor_kind: String,
    /// Who.
    pub actor: String,
    /// From where; empty after 90 days.
    pub ip: String,
    /// By which route.
    pub route: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub object: String,
    /// Which fields, from what to what.
    pub changes: Vec<Changed>,
}

/// Which entries; an empty text asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Who.
    pub actor: String,
    /// What: an action, or the part before its dot.
    pub action: String,
    /// To what.
    pub object: String,
}

/// The little of an offer that decisions hold in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Hash of the id.
    pub number: u64,
    /// The shop's id.
    pub id: String,
    /// Hash of the product whose variant it is; the offer's own number when it has no group.
    pub product: u64,
    /// Category id in the feed; empty when none.
    pub category: String,
    /// Price in minor units; `None` when the feed states none.
    pub minor: Option<i64>,
    /// ISO 4217 code; empty without a price.
    pub currency: String,
    /// Whether it can be ordered.
    pub available: bool,
    /// Pieces in stock where known.
    pub stock: Option<u32>,
    /// When it first came with a feed; `None` when that is not known.
    pub added_at: Option<ShopTime>,
}

/// A price that changed; `None` where none was stated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceChange {
    /// When the import brought it.
    pub at: ShopTime,
    /// Before, in minor units.
    pub old: Option<i64>,
    /// After, in minor units.
    pub new: Option<i64>,
    /// ISO 4217 code.
    pub currency: String,
}

/// What an import did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportDone {
    /// The catalogue is that of the feed.
    Imported {
        /// Offers in the catalogue now.
        imported: u64,
        /// New, or different from before.
        changed: u64,
        /// No longer in the feed.
        removed: u64,
    },
    /// The catalogue is as it was: too much of it would have gone.
    Refused {
        /// Offers in the catalogue.
        old: u64,
        /// Those of them that the feed does not have.
        gone: u64,
    },
}

/// An offer of a feed that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenOffer {
    /// Line in the feed.
    pub line: u64,
    /// Its id as far as it could be read.
    pub id: String,
    /// What was wrong, for a person, in English.
    pub reason: String,
    /// The same in Russian; empty in what an older release wrote.
    #[serde(default)]
    pub reason_ru: String,
}

/// What an import did, for the page of feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    /// When it began.
    pub at: ShopTime,
    /// `imported`, `refused` or `abandoned: why`.
    pub outcome: String,
    /// Offers the feed had.
    pub imported: u64,
    /// New or different ones.
    pub changed: u64,
    /// Those that went, or would have gone.
    pub removed: u64,
    /// Offers that could not be read.
    pub broken: u64,
    /// The first 1,000 of them.
    pub examples: Vec<BrokenOffer>,
}
