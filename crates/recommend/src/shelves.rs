//! Goods in an order, for the shop and for each category: what is new, well rated, discounted, sold this week.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::catalogue::{CategoryId, Shelf, ShelfKey};
use crate::id_map::{IdMap, ItemId};

/// The orders there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Wanted of late: orders, carts and views, fading.
    Trend,
    /// Orders of the last seven days.
    Week,
    /// Orders of the last thirty days.
    Month,
    /// Newest in the catalogue first.
    New,
    /// Best rated first.
    Rated,
    /// Greatest discount first.
    Discounted,
    /// Announced, not yet to be bought.
    Coming,
    /// Cheaper by the pack: greatest saving first.
    Packs,
}

/// How many orders have shelves of their own; the trend stands in the catalogue.
pub(crate) const ORDERS: usize = 7;

impl Order {
    /// Where its shelves stand; none for the trend.
    pub(crate) fn place(self) -> Option<usize> {
        (self as usize).checked_sub(1)
    }
}

/// The shelves of one order. Each item remembers where it stands, so whoever moves it needs to know nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelves {
    shop: BTreeSet<ShelfKey>,
    by_category: IdMap<BTreeSet<ShelfKey>>,
    places: IdMap<(Option<CategoryId>, ShelfKey)>,
}

impl Shelves {
    /// Puts an item where its rank says, the highest first; none takes it off.
    pub(crate) fn put(&mut self, item: ItemId, category: Option<CategoryId>, rank: Option<u32>, tie: u32) {
        let now = rank.map(|rank| (category, (Reverse(rank), tie, item)));
        if self.places.get(&item).copied() == now {
            return;
        }
        if let Some((category, key)) = self.places.remove(&item) {
            self.shop.remove(&key);
            if let Some(shelf) = category.and_then(|category| self.by_category.get_mut(&category)) {
                shelf.remove(&key);
            }
        }
        if let Some((category, key)) = now {
            self.places.insert(item, (category, key));
            self.shop.insert(key);
            if let Some(category) = category {
                self.by_category.entry(category).or_default().insert(key);
            }
        }
    }

    /// Where an item stands.
    pub(crate) fn key(&self, item: ItemId) -> Option<ShelfKey> {
        self.places.get(&item).map(|(_, key)| *key)
    }

    /// All of the shop, or of these categories and no others.
    pub(crate) fn walk<'a>(&'a self, categories: Option<&[CategoryId]>) -> Shelf<'a> {
        match categories {
            None => Shelf::merged([&self.shop]),
            Some(these) => Shelf::merged(these.iter().filter_map(|category| self.by_category.get(category))),
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let keys = 2 * self.shop.len() * size_of::<ShelfKey>() * 3 / 2;
        keys + self.places.capacity() * (size_of::<(ItemId, Option<CategoryId>, ShelfKey)>() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_stands_in_one_place() {
        let mut shelves = Shelves::default();
        shelves.put(1, Some(5), Some(10), 0);
        shelves.put(2, Some(5), Some(20), 0);
        shelves.put(3, None, Some(15), 0);
        shelves.put(1, Some(6), Some(30), 0);
        let walk =
            |categories: Option<&[CategoryId]>| shelves.walk(categories).map(|key| key.2).collect::<Vec<_>>();
        assert_eq!(walk(None), [1, 2, 3]);
        assert_eq!(walk(Some(&[5])), [2]);
        assert_eq!(walk(Some(&[5, 6])), [1, 2]);
        shelves.put(1, Some(6), None, 0);
        assert!(shelves.walk(Some(&[6])).next().is_none() && shelves.key(1).is_none());
    }
}
