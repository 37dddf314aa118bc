//! For one item, the items that go with it: a short list that keeps the strongest.
//!
//! A full list follows SpaceSaving (Metwally et al., ICDT 2005): a newcomer takes the place of the weakest
//! and its weight as an upper bound, and the inherited part is subtracted again when the list is ranked. So a
//! neighbour that comes often gets in and stays, and a long tail of chance pairs only changes the last place.

use crate::decay::remaining;
use crate::id_map::{IdSet, ItemId};

/// What a pair was seen in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// One order held both.
    Order,
    /// One visitor viewed both, or had both in the cart.
    Visitor,
}

/// One neighbour. The counts do not fade: they are what a person is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neighbour {
    pub(crate) item: ItemId,
    weight: f32,
    inherited: f32,
    pub(crate) orders: u16,
    pub(crate) visitors: u16,
}

/// The neighbours of one item, weighed as of one time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Neighbours {
    as_of_ms: i64,
    list: Vec<Neighbour>,
}

impl Neighbours {
    /// Counts one joint appearance. `cap` is the longest list.
    pub(crate) fn add(
        &mut self,
        item: ItemId,
        weight: f32,
        evidence: Evidence,
        at_ms: i64,
        half_life_ms: i64,
        cap: usize,
    ) {
        if self.list.is_empty() {
            self.as_of_ms = at_ms;
        }
        let passed_ms = at_ms.saturating_sub(self.as_of_ms);
        let mut weight = weight;
        if passed_ms > 0 {
            let keep = remaining(passed_ms, half_life_ms) as f32;
            for neighbour in &mut self.list {
                neighbour.weight *= keep;
                neighbour.inherited *= keep;
            }
            self.as_of_ms = at_ms;
        } else {
            weight *= remaining(passed_ms.saturating_neg(), half_life_ms) as f32;
        }
        let place = self.place_of(item, cap);
        let neighbour = &mut self.list[place];
        neighbour.weight += weight;
        match evidence {
            Evidence::Order => neighbour.orders = neighbour.orders.saturating_add(1),
            Evidence::Visitor => neighbour.visitors = neighbour.visitors.saturating_add(1),
        }
    }

    /// Where the item stands, after making room for it.
    fn place_of(&mut self, item: ItemId, cap: usize) -> usize {
        if let Some(place) = self.list.iter().position(|neighbour| neighbour.item == item) {
            return place;
        }
        let newcomer = Neighbour { item, weight: 0.0, inherited: 0.0, orders: 0, visitors: 0 };
        if self.list.len() < cap.max(1) {
            self.list.push(newcomer);
            return self.list.len() - 1;
        }
        let mut weakest = 0;
        for (place, neighbour) in self.list.iter().enumerate() {
            if neighbour.weight < self.list[weakest].weight {
                weakest = place;
            }
        }
        let inherited = self.list[weakest].weight;
        self.list[weakest] = Neighbour { weight: inherited, inherited, ..newcomer };
        weakest
    }

    /// The neighbours with their own weight at a time.
    pub(crate) fn weighed(&self, now_ms: i64, half_life_ms: i64) -> impl Iterator<Item = (&Neighbour, f32)> {
        let keep = remaining(now_ms.saturating_sub(self.as_of_ms), half_life_ms) as f32;
        self.list.iter().map(move |neighbour| (neighbour, (neighbour.weight - neighbour.inherited) * keep))
    }

    /// Whole orders counted with one item.
    pub(crate) fn orders_with(&self, item: ItemId) -> u16 {
        self.list.iter().find(|neighbour| neighbour.item == item).map_or(0, |neighbour| neighbour.orders)
    }

    /// Drops neighbours whose number will be given to another item.
    pub(crate) fn forget(&mut self, gone: &IdSet) {
        self.list.retain(|neighbour| !gone.contains(&neighbour.item));
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.list.capacity() * size_of::<Neighbour>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(neighbours: &Neighbours, now_ms: i64) -> Vec<(ItemId, f32)> {
        let mut list: Vec<_> = neighbours.weighed(now_ms, 1_000).map(|(n, w)| (n.item, w)).collect();
        list.sort_by(|a, b| b.1.total_cmp(&a.1));
        list
    }

    #[test]
    fn a_frequent_neighbour_survives_a_long_tail_of_chance_pairs() {
        let mut neighbours = Neighbours::default();
        for round in 0..1_000 {
            neighbours.add(1_000 + round, 1.0, Evidence::Visitor, 0, 1_000, 8);
            if round % 4 == 0 {
                neighbours.add(7, 1.0, Evidence::Visitor, 0, 1_000, 8);
            }
        }
        let list = ranked(&neighbours, 0);
        assert_eq!(list.len(), 8);
        assert_eq!(list[0].0, 7);
        assert!(list[0].1 > 200.0 && list[1].1 <= 1.0);
    }

    #[test]
    fn old_pairs_fade_and_late_news_of_old_pairs_counts_little() {
        let mut neighbours = Neighbours::default();
        neighbours.add(1, 1.0, Evidence::Order, 0, 1_000, 8);
        neighbours.add(2, 1.0, Evidence::Order, 2_000, 1_000, 8);
        neighbours.add(3, 1.0, Evidence::Order, 1_000, 1_000, 8);
        assert_eq!(ranked(&neighbours, 2_000), [(2, 1.0), (3, 0.5), (1, 0.25)]);
    }
}
