//! The catalogue in memory: the little of each offer that decisions need.

use beckon_core::desk::Offers;
use beckon_core::event::ItemRef;
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::ShopId;
use beckon_store::Result;
use beckon_store::shop::{Card, ShopPlane};
use std::collections::HashMap;

/// Offers read at a time while a snapshot is filled.
const PAGE: usize = 5_000;

/// An immutable snapshot of one version of the catalogue.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Which version.
    pub version: u64,
    shop: ShopId,
    /// Whether an offer can be ordered, by its number.
    available: HashMap<u64, bool>,
    /// The first available variant of a product, by the product's number.
    variants: HashMap<u64, String>,
    /// Names of categories by id.
    categories: HashMap<String, String>,
}

impl Catalogue {
    /// Reads the catalogue as it is now, telling `each` of every offer.
    ///
    /// # Errors
    /// The shop's plane cannot be read.
    pub fn load(plane: &ShopPlane, shop: ShopId, mut each: impl FnMut(&Card)) -> Result<Catalogue> {
        let version = plane.catalogue_version(shop)?;
        let categories = plane.categories(shop)?.into_iter().map(|one| (one.id, one.name)).collect();
        let mut catalogue = Catalogue { version, shop, categories, ..Catalogue::default() };
        let mut after = None;
        loop {
            let cards = plane.cards(shop, after, PAGE)?;
            let Some(last) = cards.last() else { return Ok(catalogue) };
            after = Some(last.number);
            for card in &cards {
                each(card);
                catalogue.available.insert(card.number, card.available);
                if card.product != card.number && card.available {
                    catalogue.variants.entry(card.product).or_insert_with(|| card.id.clone());
                }
            }
        }
    }

    /// How many offers it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.available.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.available.is_empty()
    }

    /// What a category is called; its id where the feed has no name for it.
    #[must_use]
    pub fn category_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.categories.get(id).map_or(id, String::as_str)
    }

    fn number(&self, id: &str) -> u64 {
        hash(Tag::Offer, self.shop, &[id.as_bytes()])
    }
}

impl Offers for Catalogue {
    /// An offer's own id wins, then the second name, then a product whose variants are the offers.
    fn resolve(&self, item: &ItemRef) -> Option<String> {
        let number = self.number(&item.id);
        if self.available.contains_key(&number) {
            return None;
        }
        if !item.alt.is_empty() && self.available.contains_key(&self.number(&item.alt)) {
            return Some(item.alt.clone());
        }
        self.variants.get(&number).cloned()
    }

    fn available(&self, id: &str) -> Option<bool> {
        self.available.get(&self.number(id)).copied()
    }
}
