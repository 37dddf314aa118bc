//! Accessories: from the shop's table, or learned with direction.
//!
//! A case goes with a phone, a phone does not go with a case, though both stand in the same orders. As P-Companion
//! (Hao et al., CIKM 2020) found, a complement is of another type than its product; the direction comes from the
//! order in time where enough orders follow each other, else from the price.

use crate::block::Source;
use crate::candidates::{Candidate, Seed, neighbours};
use crate::id_map::{IdMap, ItemId};
use crate::items::Item;
use crate::limits::MAX_ACCESSORIES;
use crate::pairs::List;
use crate::serve::Asked;
use crate::why::Why;

/// An accessory costs at most so much of its product, unless the order in time says that it is one.
const PRICE_SHARE: f64 = 0.6;
/// Orders one after the other that say which is the product.
const SURE_ORDERS: u16 = 3;

impl Asked<'_> {
    /// Rows of the product first, then those of its category.
    pub(super) fn accessories_of_table(&self, source: &Source) -> Vec<Candidate> {
        let mut best: IdMap<Candidate> = IdMap::default();
        let seeds = self.seeds(source);
        for seed in &seeds {
            let item = self.shop.items.get(seed.item);
            let row = self.shop.accessories.get(item.name.as_ref()).into_iter().flatten();
            for (place, name) in row.enumerate() {
                let Some(id) = self.shop.items.find(name) else { continue };
                if self.filter.admit(self.shop, id).is_some() {
                    let score = seed.weight * (MAX_ACCESSORIES - place) as f64;
                    let why = Why::OfTable { with: seed.item };
                    best.entry(id).or_insert(Candidate { item: id, score: 0.0, why }).score += score;
                }
            }
        }
        let mut list = self.sorted(best);
        for seed in &seeds {
            let categories = self.accessory_categories(self.shop.items.get(seed.item));
            let more = self.sold_in(&categories, Why::OfTable { with: seed.item });
            self.add_below(&mut list, more, &Default::default());
        }
        list
    }

    /// Categories that the table names for the item's category or one above it.
    fn accessory_categories(&self, item: &Item) -> Vec<u32> {
        let catalogue = &self.shop.catalogue;
        let Some(category) = item.listed.and_then(|listed| listed.category) else { return Vec::new() };
        let rows = catalogue
            .with_parents(category)
            .filter_map(|id| self.shop.category_accessories.get(catalogue.name(id)));
        rows.flatten().filter_map(|name| catalogue.find(name)).collect()
    }

    pub(super) fn learned_accessories(&self, source: &Source) -> Vec<Candidate> {
        let mut best: IdMap<Candidate> = IdMap::default();
        for seed in self.seeds(source) {
            let one = [Seed { weight: 1.0, ..seed }];
            for candidate in neighbours(self.shop, &self.filter, &one, &[List::Bought, List::Later]) {
                if !self.is_accessory(seed.item, candidate.item) {
                    continue;
                }
                let orders = match candidate.why {
                    Why::Bought { orders, .. } | Why::Later { orders, .. } => orders,
                    _ => continue,
                };
                let why = Why::Learned { with: seed.item, orders };
                let entry = best.entry(candidate.item).or_insert(Candidate { score: 0.0, why, ..candidate });
                entry.score += seed.weight * candidate.score;
            }
        }
        self.sorted(best)
    }

    fn is_accessory(&self, product: ItemId, other: ItemId) -> bool {
        let (one, two) = (self.shop.items.get(product), self.shop.items.get(other));
        let (Some(listed), Some(accessory)) = (one.listed, two.listed) else { return false };
        if listed.category.is_none() || listed.category == accessory.category {
            return false;
        }
        let (after, before) = (one.later.orders_with(other), two.later.orders_with(product));
        if after.max(before) >= SURE_ORDERS && (after >= 2 * before || before >= 2 * after) {
            return after > before;
        }
        accessory.price_minor as f64 <= PRICE_SHARE * listed.price_minor as f64
    }
}
