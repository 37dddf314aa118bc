//! Where each item stands: every change of the catalogue and every order moves it on the shelves.

use std::cmp::Reverse;

use crate::catalogue::{CategoryId, ShelfKey};
use crate::id_map::{ItemId, fixed_hash};
use crate::items::Listed;
use crate::recommender::Recommender;
use crate::shelves::Order;

impl Recommender {
    fn shelf_key(&self, id: ItemId, listed: &Listed) -> ShelfKey {
        (Reverse(listed.shelf_rank), listed.tie, id)
    }

    pub(crate) fn shelve(&mut self, id: ItemId, listed: Listed) {
        if listed.offered {
            let key = self.shelf_key(id, &listed);
            self.prices.insert((listed.price_minor, id));
            self.catalogue.shelve(listed.category, key);
        }
    }

    pub(crate) fn unshelve(&mut self, id: ItemId, listed: Option<Listed>) {
        if let Some(listed) = listed.filter(|listed| listed.offered) {
            let key = self.shelf_key(id, &listed);
            self.prices.remove(&(listed.price_minor, id));
            self.catalogue.unshelve(listed.category, key);
        }
    }

    /// Moves an item to the place its popularity now gives it.
    pub(crate) fn reshelve(&mut self, id: ItemId) {
        let item = self.items.get(id);
        let Some(listed) = item.listed else { return };
        let shelf_rank = item.popularity.sort_key();
        if shelf_rank != listed.shelf_rank {
            self.unshelve(id, Some(listed));
            let moved = Listed { shelf_rank, ..listed };
            self.items.list(id, Some(moved));
            self.shelve(id, moved);
        }
    }

    /// Puts an item on the shelves of what the catalogue says of it.
    pub(crate) fn shelve_by_facts(&mut self, id: ItemId, listed: Option<Listed>) {
        let tie = self.tie(id);
        let category = listed.and_then(|listed| listed.category);
        let coming = listed.filter(|listed| listed.coming).map(|listed| listed.shelf_rank);
        let offered = listed.filter(|listed| listed.offered);
        let some = |rank: u32| Some(rank).filter(|rank| *rank > 0);
        // Minutes since 1970 fit for eight thousand years.
        let added = |listed: Listed| u32::try_from(listed.added_ms?.div_euclid(60_000)).ok();
        for (order, rank) in [
            (Order::New, offered.and_then(added)),
            (Order::Rated, offered.and_then(|listed| some(listed.rated_permille()))),
            (Order::Discounted, offered.and_then(|listed| some(listed.discount_permille()))),
            (Order::Packs, offered.and_then(|listed| some(listed.pack_permille()))),
            (Order::Coming, coming),
        ] {
            self.put(order, id, category, rank, tie);
        }
    }

    /// Puts an item where its orders of the last days say.
    pub(crate) fn shelve_sold(&mut self, id: ItemId) {
        let tie = self.tie(id);
        let offered = self.items.get(id).listed.filter(|listed| listed.offered);
        let category = offered.and_then(|listed| listed.category);
        let sold = offered.map(|_| self.charts.sold(id)).unwrap_or_default();
        for (order, orders) in [(Order::Week, sold.week), (Order::Month, sold.month)] {
            self.put(order, id, category, Some(orders).filter(|orders| *orders > 0), tie);
        }
    }

    fn put(&mut self, order: Order, id: ItemId, category: Option<CategoryId>, rank: Option<u32>, tie: u32) {
        if let Some(shelves) = order.place().and_then(|place| self.shelves.get_mut(place)) {
            shelves.put(id, category, rank, tie);
        }
    }

    /// Decides between equals the same way on every node.
    pub(crate) fn tie(&self, id: ItemId) -> u32 {
        let item = self.items.get(id);
        item.listed.map_or_else(|| (fixed_hash(&item.name) >> 32) as u32, |listed| listed.tie)
    }
}
