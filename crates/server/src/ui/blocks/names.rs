//! Categories by the names people know them by, and back to the ids of the feed.

use super::field::{Fault, parts};
use crate::api::answer::Refused;
use crate::app::{App, SHOP};
use crate::blocks::live::{Arm, BlockDocument};
use beckon_core::money::Currency;
use beckon_recommend::block::Rule;
use std::collections::{BTreeMap, BTreeSet};

/// Names of the catalogue, for one form.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Currency of prices typed.
    pub currency: Currency,
    /// Name by id.
    categories: BTreeMap<String, String>,
    /// Ids by name in small letters.
    called: BTreeMap<String, Vec<String>>,
    /// Ids that the block named before, which a newer catalogue may lack.
    kept: BTreeSet<String>,
}

impl Names {
    /// Those of the shop.
    ///
    /// # Errors
    /// The plane cannot be read.
    pub fn read(app: &App) -> beckon_store::Result<Names> {
        let first = app.plane.cards(SHOP, None, 1)?;
        let currency = first.first().and_then(|card| Currency::parse(&card.currency)).unwrap_or_default();
        let categories = app.plane.categories(SHOP)?.into_iter().map(|one| (one.id, one.name));
        Ok(Names::of(currency, categories))
    }

    /// Of a list of ids with their names.
    pub fn of(currency: Currency, categories: impl Iterator<Item = (String, String)>) -> Names {
        let mut names = Names { currency, ..Names::default() };
        for (id, name) in categories {
            names.called.entry(name.to_lowercase()).or_default().push(id.clone());
            names.categories.insert(id, name);
        }
        names
    }

    /// These ids may stand in the form though the catalogue does not know them.
    pub fn keep<'a>(&mut self, ids: impl Iterator<Item = &'a String>) {
        self.kept.extend(ids.cloned());
    }

    /// What to call a category: its name where it is the only one called so, else its id.
    pub fn name(&self, id: &str) -> String {
        let name = self.categories.get(id).filter(|name| !name.contains([',', ';', '\n']));
        let alone = |name: &&String| self.called.get(&name.to_lowercase()).is_some_and(|ids| ids.len() == 1);
        name.filter(alone).map_or(id, String::as_str).to_owned()
    }

    /// The ids of what was typed.
    ///
    /// # Errors
    /// The first name nobody knows, or that several have.
    pub fn ids(&self, text: &str) -> Result<Vec<String>, Fault> {
        let id = |part: &str| {
            if self.categories.contains_key(part) || self.kept.contains(part) {
                return Ok(part.to_owned());
            }
            match self.called.get(&part.to_lowercase()).map(Vec::as_slice) {
                Some([id]) => Ok(id.clone()),
                Some(ids) => Err(Fault::Ambiguous(part.to_owned(), ids.join(", "))),
                None => Err(Fault::NoCategory(part.to_owned())),
            }
        };
        parts(text).map(id).collect()
    }

    /// All names, for a list to choose from.
    pub fn all(&self) -> Vec<String> {
        let mut all: Vec<String> = self.categories.keys().map(|id| self.name(id)).collect();
        all.sort();
        all
    }
}

/// The arm of a name, or the first one.
pub(super) fn arm_of<'a>(document: &'a BlockDocument, name: &str) -> Option<&'a Arm> {
    document.arms.iter().find(|arm| name.is_empty() || arm.name == name)
}

/// The names of the catalogue, with those the block has already.
pub(super) fn names(app: &App, arm: &Arm) -> Result<Names, Refused> {
    let mut names = Names::read(app)?;
    let filter = &arm.block.filters.categories;
    names.keep(filter.only.iter().chain(&filter.not));
    for rule in &arm.block.rules {
        if let Rule::Boost { goods, .. } | Rule::Bury { goods, .. } | Rule::Hide { goods } = rule {
            names.keep(goods.categories.iter());
        }
    }
    Ok(names)
}
