//! The items: their ids interned, what the catalogue says of them, and what was counted for them.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalogue::CategoryId;
use crate::content::terms::TermId;
use crate::id_map::{IdSet, ItemId, fixed_hash};
use crate::limits::MAX_UNLISTED_NAME_BYTES;
use crate::neighbours::Neighbours;
use crate::popularity::Popularity;

/// The facts as kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed {
    pub(crate) category: Option<CategoryId>,
    pub(crate) price_minor: i64,
    /// In stock and not hidden.
    pub(crate) offered: bool,
    /// Hash of the group, or of the item's own id; 64 bits, so two groups meet by chance once in 10^7
    /// catalogues of a million items.
    pub(crate) group: u64,
    pub(crate) added_ms: Option<i64>,
    pub(crate) brand: Option<TermId>,
    /// 0 for none.
    pub(crate) old_price_minor: i64,
    pub(crate) margin_permille: Option<i16>,
    /// Hundredths of a star, and how many marks; 0 marks for none.
    pub(crate) rating: (u16, u32),
    /// Announced and not hidden.
    pub(crate) coming: bool,
    /// Pieces of a pack, and pieces paid for; 0 for no pack.
    pub(crate) pack: (u16, u16),
    /// Hash of the item's id: decides between equals the same way on every node.
    pub(crate) tie: u32,
    /// Under which number it stands on the shelves.
    pub(crate) shelf_rank: u32,
}

/// One item.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) name: Arc<str>,
    /// None when it is not in the catalogue: then it keeps counts but is never recommended.
    pub(crate) listed: Option<Listed>,
    /// Terms of its description, sorted.
    pub(crate) terms: Box<[TermId]>,
    pub(crate) popularity: Popularity,
    pub(crate) again: Again,
    /// Viewed in one visit with it, or bought by those who viewed it.
    pub(crate) viewed: Neighbours,
    /// In one cart or order with it.
    pub(crate) bought: Neighbours,
    /// Bought by those who viewed it.
    pub(crate) then_bought: Neighbours,
    /// Ordered later, in another order, by those who ordered it.
    pub(crate) later: Neighbours,
}

/// How soon shoppers order an item again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Again {
    pub(crate) times: u32,
    pub(crate) mean_days: f32,
}

impl Again {
    /// Counts one gap. The mean follows a change of habit: no gap weighs less than a hundredth.
    pub(crate) fn count(&mut self, gap_days: f32) {
        self.times = self.times.saturating_add(1);
        self.mean_days += (gap_days - self.mean_days) / self.times.min(100) as f32;
    }
}

impl Item {
    fn lists(&self) -> [&Neighbours; 4] {
        [&self.viewed, &self.bought, &self.then_bought, &self.later]
    }

    fn lists_mut(&mut self) -> [&mut Neighbours; 4] {
        [&mut self.viewed, &mut self.bought, &mut self.then_bought, &mut self.later]
    }
}

impl Listed {
    /// By how much the price is below the one before, in thousandths; 0 for none.
    pub(crate) fn discount_permille(&self) -> u32 {
        saved_permille(self.price_minor, self.old_price_minor)
    }

    /// What a pack saves, in thousandths; 0 for none.
    pub(crate) fn pack_permille(&self) -> u32 {
        saved_permille(self.pack.1.into(), self.pack.0.into())
    }

    /// Mean mark drawn towards that of an unknown item by ten marks of it (a Bayesian mean: one mark of five stars
    /// is no proof), in thousandths of a star; 0 without marks.
    pub(crate) fn rated_permille(&self) -> u32 {
        const DOUBT: f64 = 10.0;
        const USUAL: f64 = 4_000.0;
        let (mean, marks) = (f64::from(self.rating.0) * 10.0, f64::from(self.rating.1));
        if self.rating.1 == 0 { 0 } else { ((mean * marks + USUAL * DOUBT) / (marks + DOUBT)) as u32 }
    }
}

fn saved_permille(now: i64, before: i64) -> u32 {
    if now < 0 || before <= now {
        return 0;
    }
    (1_000.0 * (before as f64 - now as f64) / before as f64) as u32
}

/// All items by number and by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Items {
    by_name: HashMap<Arc<str>, ItemId>,
    slots: Vec<Item>,
    free: Vec<ItemId>,
    unlisted: usize,
}

impl Items {
    pub(crate) fn find(&self, name: &str) -> Option<ItemId> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn get(&self, id: ItemId) -> &Item {
        &self.slots[id as usize]
    }

    pub(crate) fn get_mut(&mut self, id: ItemId) -> &mut Item {
        &mut self.slots[id as usize]
    }

    /// The number of an item, a new one if need be. Empty and overlong ids have none unless the catalogue
    /// names them.
    pub(crate) fn intern_seen(&mut self, name: &str) -> Option<ItemId> {
        self.find(name).or_else(|| {
            (!name.is_empty() && name.len() <= MAX_UNLISTED_NAME_BYTES).then(|| self.intern(name))
        })
    }

    /// The number of an item, a new one if need be.
    pub(crate) fn intern(&mut self, name: &str) -> ItemId {
        if let Some(id) = self.find(name) {
            return id;
        }
        let name: Arc<str> = name.into();
        let item = Item {
            name: Arc::clone(&name),
            listed: None,
            terms: Box::default(),
            popularity: Popularity::default(),
            again: Again::default(),
            viewed: Neighbours::default(),
            bought: Neighbours::default(),
            then_bought: Neighbours::default(),
            later: Neighbours::default(),
        };
        let id = match self.free.pop() {
            Some(id) => {
                self.slots[id as usize] = item;
                id
            }
            None => {
                self.slots.push(item);
                (self.slots.len() - 1) as ItemId
            }
        };
        self.by_name.insert(name, id);
        self.unlisted += 1;
        id
    }

    /// Sets what the catalogue says; none takes the item out of it. Returns what was said before.
    pub(crate) fn list(&mut self, id: ItemId, listed: Option<Listed>) -> Option<Listed> {
        let before = std::mem::replace(&mut self.slots[id as usize].listed, listed);
        match (&before, &listed) {
            (None, Some(_)) => self.unlisted -= 1,
            (Some(_), None) => self.unlisted += 1,
            _ => {}
        }
        before
    }

    pub(crate) fn unlisted(&self) -> usize {
        self.unlisted
    }

    pub(crate) fn listed(&self) -> usize {
        self.by_name.len() - self.unlisted
    }

    /// Frees all but the `keep` most popular items that are not in the catalogue. Returns the freed numbers,
    /// which the caller must drop from every visitor's list before one is given away again.
    pub(crate) fn sweep_unlisted(&mut self, keep: usize) -> IdSet {
        let mut unlisted: Vec<(u32, u64, ItemId)> = self
            .by_name
            .iter()
            .filter(|(_, id)| self.slots[**id as usize].listed.is_none())
            .map(|(name, id)| (self.slots[*id as usize].popularity.sort_key(), fixed_hash(name), *id))
            .collect();
        unlisted.sort_unstable_by(|a, b| b.cmp(a));
        let gone: IdSet = unlisted.iter().skip(keep).map(|(_, _, id)| *id).collect();
        for (_, _, id) in unlisted.iter().skip(keep) {
            let item = &mut self.slots[*id as usize];
            self.by_name.remove(&item.name);
            item.lists_mut().into_iter().for_each(|list| *list = Neighbours::default());
            item.name = Arc::from("");
            self.free.push(*id);
        }
        self.unlisted -= gone.len();
        for item in &mut self.slots {
            item.lists_mut().into_iter().for_each(|list| list.forget(&gone));
        }
        gone
    }

    /// Ids of what the catalogue has.
    pub(crate) fn listed_names(&self) -> impl Iterator<Item = &str> {
        self.by_name.iter().filter(|(_, id)| self.get(**id).listed.is_some()).map(|(name, _)| &**name)
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let names: usize = self.by_name.keys().map(|name| name.len() + 16).sum();
        let lists: usize = self
            .slots
            .iter()
            .map(|item| item.lists().iter().map(|list| list.memory_bytes()).sum::<usize>())
            .sum();
        let terms: usize = self.slots.iter().map(|item| 4 * item.terms.len()).sum();
        names
            + lists
            + terms
            + self.by_name.capacity() * (size_of::<(Arc<str>, ItemId)>() + 1)
            + self.slots.capacity() * size_of::<Item>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swept_item_leaves_no_trace_in_other_lists_and_its_number_is_used_again() {
        let mut items = Items::default();
        let (a, b, c) = (items.intern("a"), items.intern("b"), items.intern("c"));
        let evidence = crate::neighbours::Evidence::Visitor;
        items.get_mut(a).viewed.add(b, 1.0, evidence, 0, 1_000, 8);
        items.get_mut(a).viewed.add(c, 1.0, evidence, 0, 1_000, 8);
        items.get_mut(a).popularity.count(crate::interactions::Kind::Order, 0);
        items.get_mut(c).popularity.count(crate::interactions::Kind::View, 0);
        let gone = items.sweep_unlisted(2);
        assert_eq!(gone.into_iter().collect::<Vec<_>>(), [b]);
        assert_eq!(items.find("b"), None);
        assert_eq!(items.get(a).viewed.weighed(0, 1_000).map(|(n, _)| n.item).collect::<Vec<_>>(), [c]);
        assert_eq!(items.intern("d"), b);
        assert_eq!(items.unlisted(), 3);
    }
}
