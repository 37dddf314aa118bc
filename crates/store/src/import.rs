//! Replacing a shop's catalogue by what a feed says: all or nothing for those who read it.
//!
//! Offers are gathered beside the catalogue in short transactions, so that other writers get their turn and memory
//! does not depend on the feed. An offer that did not change only signs in. The last transaction moves what changed.

use crate::embedded::shop::ShopFile;
use crate::gathering::{Run, Told};
use crate::server::shop::ShopServer;
use crate::shop_rows::{BrokenOffer, ImportDone};
use crate::{Error, Result};
use beckon_core::catalogue::{Category, Offer};
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;

/// Broken offers kept in the report; beyond, they are counted.
const EXAMPLES_MAX: usize = 1_000;
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
