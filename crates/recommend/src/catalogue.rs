//! The tree of categories, and on each shelf the items that can be recommended, best seller first.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use crate::id_map::{IdSet, ItemId};
use crate::limits::{MAX_CATEGORIES, MAX_CATEGORY_DEPTH};

/// An interned category.
pub(crate) type CategoryId = u32;

/// Place on a shelf: most wanted first, then by a fixed hash of the item's id, which is the same on every
/// node.
pub(crate) type ShelfKey = (Reverse<u32>, u32, ItemId);

#[derive(Clone, Debug)]
struct Category {
    name: String,
    parent: Option<CategoryId>,
    children: Vec<CategoryId>,
    /// Bought again and again (tea, not teapots), with all below it.
    consumed_often: bool,
    shelf: BTreeSet<ShelfKey>,
}

/// Categories and shelves. An item stands on the shelf of its own category and on that of the shop; what a
/// parent offers is merged from its children when asked for, so moving a category costs nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalogue {
    by_name: HashMap<String, CategoryId>,
    categories: Vec<Category>,
    shop: BTreeSet<ShelfKey>,
}

impl Catalogue {
    pub(crate) fn find(&self, name: &str) -> Option<CategoryId> {
        self.by_name.get(name).copied()
    }

    /// The number of a category, a new one if need be; none for the empty name or when there are too many.
    pub(crate) fn intern(&mut self, name: &str) -> Option<CategoryId> {
        if let Some(id) = self.find(name) {
            return Some(id);
        }
        if name.is_empty() || self.categories.len() >= MAX_CATEGORIES {
            return None;
        }
        let id = self.categories.len() as CategoryId;
        self.categories.push(Category {
            name: name.to_owned(),
            parent: None,
            children: Vec::new(),
            consumed_often: false,
            shelf: BTreeSet::new(),
        });
        self.by_name.insert(name.to_owned(), id);
        Some(id)
    }

    pub(crate) fn name(&self, id: CategoryId) -> &str {
        &self.categories[id as usize].name
    }

    /// Hangs a category under another. A parent that would close a circle is refused: false, and nothing
    /// changes.
    pub(crate) fn set_parent(&mut self, id: CategoryId, parent: Option<CategoryId>) -> bool {
        if parent.is_some_and(|parent| self.would_circle(id, parent)) {
            return false;
        }
        if let Some(old) = self.categories[id as usize].parent {
            self.categories[old as usize].children.retain(|child| *child != id);
        }
        self.categories[id as usize].parent = parent;
        if let Some(parent) = parent {
            self.categories[parent as usize].children.push(id);
        }
        true
    }

    fn would_circle(&self, id: CategoryId, parent: CategoryId) -> bool {
        let mut above = Some(parent);
        while let Some(next) = above {
            if next == id {
                return true;
            }
            above = self.categories[next as usize].parent;
        }
        false
    }

    /// The category and those above it, nearest first.
    pub(crate) fn with_parents(&self, id: CategoryId) -> impl Iterator<Item = CategoryId> {
        std::iter::successors(Some(id), |id| self.categories[*id as usize].parent).take(MAX_CATEGORY_DEPTH)
    }

    /// The category and all below it.
    pub(crate) fn with_children(&self, id: CategoryId) -> Vec<CategoryId> {
        let mut found = vec![id];
        let mut known: IdSet = found.iter().copied().collect();
        let mut place = 0;
        while let Some(next) = found.get(place) {
            for child in &self.categories[*next as usize].children.clone() {
                if known.insert(*child) {
                    found.push(*child);
                }
            }
            place += 1;
        }
        found
    }

    /// Says whether goods of a category are bought again and again.
    pub(crate) fn set_consumed_often(&mut self, id: CategoryId, often: bool) {
        self.categories[id as usize].consumed_often = often;
    }

    /// Whether goods of a category are bought again and again: it says so, or one above it.
    pub(crate) fn consumed_often(&self, id: CategoryId) -> bool {
        self.with_parents(id).any(|id| self.categories[id as usize].consumed_often)
    }

    /// Puts an item on its shelves.
    pub(crate) fn shelve(&mut self, category: Option<CategoryId>, key: ShelfKey) {
        self.shop.insert(key);
        if let Some(category) = category {
            self.categories[category as usize].shelf.insert(key);
        }
    }

    /// Takes an item off its shelves.
    pub(crate) fn unshelve(&mut self, category: Option<CategoryId>, key: ShelfKey) {
        self.shop.remove(&key);
        if let Some(category) = category {
            self.categories[category as usize].shelf.remove(&key);
        }
    }

    /// All that is offered in a category and below, or in the shop, best seller first.
    pub(crate) fn shelf(&self, category: Option<CategoryId>) -> Shelf<'_> {
        let sets: Vec<_> = match category {
            None => vec![&self.shop],
            Some(id) => {
                self.with_children(id).iter().map(|id| &self.categories[*id as usize].shelf).collect()
            }
        };
        Shelf::merged(sets)
    }

    /// All that is offered in these categories, not in those below them, best seller first.
    pub(crate) fn shelf_of(&self, these: &[CategoryId]) -> Shelf<'_> {
        Shelf::merged(these.iter().map(|id| &self.categories[*id as usize].shelf))
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let on_shelves: usize =
            self.shop.len() + self.categories.iter().map(|one| one.shelf.len()).sum::<usize>();
        let names: usize =
            self.categories.iter().map(|one| 2 * one.name.len() + one.children.capacity() * 4).sum();
        // The nodes of a B-tree are about two thirds full.
        on_shelves * size_of::<ShelfKey>() * 3 / 2
            + names
            + self.categories.capacity() * (size_of::<Category>() + size_of::<(String, CategoryId)>())
    }
}

/// Several shelves merged into one order.
pub(crate) struct Shelf<'a> {
    rows: Vec<std::collections::btree_set::Iter<'a, ShelfKey>>,
    heads: std::collections::BinaryHeap<Reverse<(ShelfKey, usize)>>,
}

impl<'a> Shelf<'a> {
    /// Several shelves as one.
    pub(crate) fn merged(sets: impl IntoIterator<Item = &'a BTreeSet<ShelfKey>>) -> Self {
        let mut rows: Vec<_> = sets.into_iter().map(BTreeSet::iter).collect();
        let heads = rows
            .iter_mut()
            .enumerate()
            .filter_map(|(row, keys)| Some(Reverse((*keys.next()?, row))))
            .collect();
        Shelf { rows, heads }
    }
}

impl Iterator for Shelf<'_> {
    type Item = ShelfKey;

    fn next(&mut self) -> Option<ShelfKey> {
        let Reverse((key, row)) = self.heads.pop()?;
        if let Some(next) = self.rows[row].next() {
            self.heads.push(Reverse((*next, row)));
        }
        Some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_offers_what_its_children_offer_in_order() {
        let mut catalogue = Catalogue::default();
        let ids: Vec<_> =
            ["home", "tea", "cups"].iter().map(|name| catalogue.intern(name).unwrap()).collect();
        assert!(catalogue.set_parent(ids[1], Some(ids[0])));
        assert!(catalogue.set_parent(ids[2], Some(ids[0])));
        for (category, rank, item) in [(1, 5, 10), (2, 9, 11), (0, 7, 12), (1, 1, 13)] {
            catalogue.shelve(Some(ids[category]), (Reverse(rank), 0, item));
        }
        let items = |category| catalogue.shelf(category).map(|key| key.2).collect::<Vec<_>>();
        assert_eq!(items(Some(ids[0])), [11, 12, 10, 13]);
        assert_eq!(items(Some(ids[1])), [10, 13]);
        assert_eq!(items(None), [11, 12, 10, 13]);
    }

    #[test]
    fn a_circle_of_parents_is_refused() {
        let mut catalogue = Catalogue::default();
        let a = catalogue.intern("a").unwrap();
        let b = catalogue.intern("b").unwrap();
        assert!(catalogue.set_parent(b, Some(a)));
        assert!(!catalogue.set_parent(a, Some(b)));
        assert!(!catalogue.set_parent(a, Some(a)));
        assert_eq!(catalogue.with_parents(b).collect::<Vec<_>>(), [b, a]);
    }
}
