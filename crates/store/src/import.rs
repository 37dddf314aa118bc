//! Replacing a shop's catalogue by what a feed says: all or nothing for those who read it.
//!
//! Offers are gathered beside the catalogue in short transactions, so that other writers get their turn and memory
//! does not depend on the feed. An offer that did not change only signs in. The last transaction moves what changed.

use crate::embedded::shop::ShopFile;
use crate::server::shop::ShopServer;
use crate::shop_rows::{BrokenOffer, ImportDone};
use crate::{Error, Result};
use beckon_core::catalogue::{Category, Offer};
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;

/// Broken offers kept in the report; beyond, they are counted.
const EXAMPLES_MAX: usize = 1_000;
/// A catalogue below this size may be replaced by anything.
const GUARDED_MIN: u64 = 10;
/// Categories gathered in one transaction.
const CATEGORIES: usize = 500;

/// An import under way. Dropped without an end it changes nothing, and the next one clears up.
pub struct Import<'a> {
    engine: Engine<'a>,
    run: Run,
    categories: Vec<Category>,
    broken: u64,
    examples: Vec<BrokenOffer>,
}

#[derive(Clone, Copy)]
pub(crate) enum Engine<'a> {
    Embedded(&'a ShopFile),
    Server(&'a ShopServer),
}

/// Passes a call on to the engine.
macro_rules! engine {
    ($engine:expr, $verb:ident ( $($arg:expr),* )) => {
        match $engine {
            Engine::Embedded(engine) => engine.$verb($($arg),*),
            Engine::Server(engine) => engine.$verb($($arg),*),
        }
    };
}

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

impl<'a> Import<'a> {
    pub(crate) fn begin(engine: Engine<'a>, shop: ShopId, at: ShopTime) -> Result<Import<'a>> {
        let token = engine!(engine, begin_import(shop, at))?;
        let run = Run { shop, token, at };
        Ok(Import { engine, run, categories: Vec::new(), broken: 0, examples: Vec::new() })
    }

    /// Gathers offers, some hundred at a time; of two with one id the later counts.
    ///
    /// # Errors
    /// [`Error::Conflict`] when another import of the shop began meanwhile.
    pub fn put(&mut self, offers: &[Offer]) -> Result<()> {
        engine!(self.engine, put_offers(self.run, offers))
    }

    /// Gathers a category; of two with one id the later counts.
    ///
    /// # Errors
    /// As [`Import::put`], here or at the end.
    pub fn category(&mut self, category: &Category) -> Result<()> {
        self.categories.push(category.clone());
        if self.categories.len() >= CATEGORIES { self.put_categories() } else { Ok(()) }
    }

    fn put_categories(&mut self) -> Result<()> {
        let categories = std::mem::take(&mut self.categories);
        if categories.is_empty() {
            return Ok(());
        }
        engine!(self.engine, put_categories(self.run, &categories))
    }

    /// Notes an offer that could not be read.
    pub fn broken(&mut self, offer: BrokenOffer) {
        self.broken += 1;
        if self.examples.len() < EXAMPLES_MAX {
            self.examples.push(offer);
        }
    }

    /// Makes the gathered offers the catalogue, unless fewer than `min_keep_ratio` of the present ones are among them
    /// (0.5 is usual; 0 takes anything).
    ///
    /// # Errors
    /// As [`Import::put`]; the catalogue is then as it was.
    pub fn finish(mut self, min_keep_ratio: f64) -> Result<ImportDone> {
        self.put_categories()?;
        engine!(self.engine, finish_import(self.run, &self.told()?, min_keep_ratio))
    }

    /// Leaves the catalogue as it is and notes why.
    ///
    /// # Errors
    /// As [`Import::put`].
    pub fn abandon(self, why: &str) -> Result<()> {
        engine!(self.engine, abandon_import(self.run, &self.told()?, why))
    }

    fn told(&self) -> Result<Told> {
        let examples = serde_json::to_string(&self.examples)
            .map_err(|e| Error::Corrupt(format!("the report of an import cannot be written: {e}")))?;
        Ok(Told { broken: self.broken, examples })
    }
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
