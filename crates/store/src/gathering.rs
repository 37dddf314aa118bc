//! What an import gathers, and the rules of its end: the same on both engines.

use crate::shop_rows::ImportDone;
use crate::{Error, Result};
use beckon_core::catalogue::Offer;
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;

/// A catalogue below this size may be replaced by anything.
const GUARDED_MIN: u64 = 10;

/// Which import of which shop: only the one that began last may go on.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub shop: ShopId,
    pub token: i64,
    pub at: ShopTime,
}

/// What is reported of an import beside its numbers.
pub(crate) struct Told {
    /// Offers that could not be read.
    pub broken: u64,
    /// JSON of the first of them.
    pub examples: String,
}

/// What an import that was overtaken hears.
pub(crate) fn overtaken(shop: ShopId) -> Error {
    Error::Conflict(format!("another import of shop {} began", shop.0))
}

/// Whether too much of a catalogue of `old` offers would go.
pub(crate) fn is_refused(old: u64, gone: u64, min_keep_ratio: f64) -> bool {
    old >= GUARDED_MIN && ((old - gone) as f64) < old as f64 * min_keep_ratio
}

/// What a finished import is called and counts: `gathered` offers were there.
pub(crate) fn outcome(done: &ImportDone, gathered: u64) -> (&'static str, [u64; 3]) {
    match *done {
        ImportDone::Imported { imported, changed, removed } => ("imported", [imported, changed, removed]),
        ImportDone::Refused { gone, .. } => ("refused", [gathered, 0, gone]),
    }
}

/// An offer as it is gathered.
pub(crate) struct Gathered<'a> {
    /// What the feed says.
    pub offer: &'a Offer,
    /// Hash of its id, with the bits of a signed integer, as all hashes here.
    pub number: i64,
    /// JSON.
    pub body: String,
    /// Hash of the text: tells whether it is new.
    pub digest: i64,
    /// Hash of the product whose variant it is.
    pub product: i64,
    /// What is searched, in small letters.
    pub search: String,
    /// Price in minor units.
    pub minor: Option<i64>,
    /// Empty without a price.
    pub currency: &'a str,
}

impl<'a> Gathered<'a> {
    pub fn of(shop: ShopId, offer: &'a Offer) -> Result<Gathered<'a>> {
        let number = number(shop, &offer.id).cast_signed();
        let body = serde_json::to_string(offer)
            .map_err(|e| Error::Corrupt(format!("offer {} cannot be written: {e}", offer.id)))?;
        let digest = hash(Tag::Offer, shop, &[b"text", body.as_bytes()]).cast_signed();
        let product = match offer.group.as_str() {
            "" => number,
            group => hash(Tag::Offer, shop, &[b"group", group.as_bytes()]).cast_signed(),
        };
        let search = format!("{}\n{}\n{}", offer.title, offer.id, offer.vendor_code).to_lowercase();
        let (minor, currency) = match &offer.price {
            Some(price) => (Some(price.minor), price.currency.code()),
            None => (None, ""),
        };
        Ok(Gathered { offer, number, body, digest, product, search, minor, currency })
    }
}

/// The number of an offer, from the shop's id of it.
pub(crate) fn number(shop: ShopId, id: &str) -> u64 {
    hash(Tag::Offer, shop, &[id.as_bytes()])
}

/// An offer from its text.
pub(crate) fn read_offer(number: i64, body: &str) -> Result<(u64, Offer)> {
    let offer = serde_json::from_str(body).map_err(|e| {
        Error::Corrupt(format!("offer {number:016x} cannot be read ({e}): import the catalogue again"))
    })?;
    Ok((number.cast_unsigned(), offer))
}
