//! Walks a shelf in its order, or, where the filters leave little, looks at all of that little.

use super::asked::Asked;
use crate::candidates::Candidate;
use crate::catalogue::{CategoryId, ShelfKey};
use crate::filter::GroupSet;
use crate::id_map::{IdSet, ItemId};
use crate::items::Listed;
use crate::shelves::Order;
use crate::why::Why;

/// What is done with a good on the way.
pub(crate) enum Walk {
    /// It is taken, with score and reason.
    Take(f64, Why),
    /// It is left.
    Past,
    /// Neither it nor any after it is wanted.
    End,
}

impl Asked<'_> {
    /// The first admitted goods of a shelf, one of each group, at most `most`, as `take` decides on each.
    pub(crate) fn walk(
        &self,
        order: Order,
        category: Option<CategoryId>,
        most: usize,
        mut take: impl FnMut(ShelfKey, &Listed) -> Walk,
    ) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        let mut groups = GroupSet::default();
        for key in self.keys(order, category) {
            if found.len() >= most {
                break;
            }
            let Some(listed) = self.filter.admit(self.shop, key.2) else { continue };
            if groups.contains(&listed.group) {
                continue;
            }
            match take(key, listed) {
                Walk::Take(score, why) => {
                    groups.insert(listed.group);
                    found.push(Candidate { item: key.2, score, why });
                }
                Walk::Past => {}
                Walk::End => break,
            }
        }
        found
    }

    fn keys<'a>(
        &'a self,
        order: Order,
        category: Option<CategoryId>,
    ) -> Box<dyn Iterator<Item = ShelfKey> + 'a> {
        let within = self.categories_within(category);
        if let Some(narrow) = self.filter.narrow() {
            let inside = |id: &ItemId| {
                let of = self.shop.items.get(*id).listed.and_then(|listed| listed.category);
                within.as_ref().is_none_or(|these| of.is_some_and(|of| these.contains(&of)))
            };
            let mut keys: Vec<_> =
                narrow.iter().filter(|id| inside(id)).filter_map(|id| self.key(order, *id)).collect();
            keys.sort_unstable();
            return Box::new(keys.into_iter());
        }
        let these: Option<Vec<CategoryId>> = within.map(|these| {
            let mut these: Vec<_> = these.into_iter().collect();
            these.sort_unstable();
            these
        });
        match order.place() {
            Some(place) => Box::new(self.shop.shelves[place].walk(these.as_deref())),
            None => match these {
                Some(these) => Box::new(self.shop.catalogue.shelf_of(&these)),
                None => Box::new(self.shop.catalogue.shelf(None)),
            },
        }
    }

    /// The categories a walk is bound to: that asked for with those below it, and those the filter allows.
    fn categories_within(&self, category: Option<CategoryId>) -> Option<IdSet> {
        let asked = category.map(|id| self.shop.catalogue.with_children(id));
        match (asked, &self.filter.categories) {
            (None, allowed) => allowed.clone(),
            (Some(asked), None) => Some(asked.into_iter().collect()),
            (Some(asked), Some(allowed)) => {
                Some(asked.into_iter().filter(|id| allowed.contains(id)).collect())
            }
        }
    }

    fn key(&self, order: Order, id: ItemId) -> Option<ShelfKey> {
        match order.place() {
            Some(place) => self.shop.shelves[place].key(id),
            None => {
                let listed = self.shop.items.get(id).listed.filter(|listed| listed.offered)?;
                Some((std::cmp::Reverse(listed.shelf_rank), listed.tie, id))
            }
        }
    }
}
