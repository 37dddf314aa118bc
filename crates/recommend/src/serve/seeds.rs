//! Which goods a source starts from.

use super::asked::Asked;
use crate::block::{SeedsFrom, Source};
use crate::candidates::Seed;
use crate::catalogue::CategoryId;
use crate::id_map::{IdSet, ItemId};
use crate::limits::ORDER_WINDOW_MS;

/// Each seed says this much of what the next later one says.
const OLDER_SEED_WEIGHT: f64 = 0.8;
/// What was put in the cart or bought says more of a visitor than what was viewed.
const ACT_WEIGHT: f64 = 2.0;
/// A favourite says less than a cart.
const FAVOURITE_WEIGHT: f64 = 1.5;
/// Seeds of one source; each costs its lists.
const MAX_ASKED: usize = 12;

impl Asked<'_> {
    /// The seeds of a source, strongest first.
    pub(crate) fn seeds(&self, source: &Source) -> Vec<Seed> {
        let seeds = match source.from.unwrap_or(SeedsFrom::Given) {
            SeedsFrom::Given => {
                let given = self.newest_first(self.request.seeds);
                let given = if given.is_empty() { self.newest_first(self.request.cart) } else { given };
                if given.is_empty() { self.viewed() } else { given }
            }
            SeedsFrom::Cart => self.newest_first(self.request.cart),
            SeedsFrom::LastPurchase => self.last_purchase(),
            SeedsFrom::Viewed => self.viewed(),
            SeedsFrom::Favourites => self.newest_first(self.request.favourites),
            SeedsFrom::AbandonedCart => self.newest_first(self.request.left_cart),
        };
        let mut known = IdSet::default();
        let fits = |id: &ItemId| !source.only_consumed_often || self.is_consumed(*id);
        let seeds = seeds.into_iter().filter(|id| known.insert(*id)).filter(fits).take(MAX_ASKED);
        seeds
            .enumerate()
            .map(|(age, item)| Seed { item, weight: OLDER_SEED_WEIGHT.powi(age as i32) })
            .collect()
    }

    /// All that tells of her taste, strongest first: carts, orders and favourites, then views.
    pub(crate) fn own_seeds(&self) -> Vec<Seed> {
        let mut seeds = Vec::new();
        let mut add = |ids: Vec<ItemId>, weight: f64| {
            let aged = ids.into_iter().take(MAX_ASKED).enumerate();
            seeds.extend(
                aged.map(|(age, item)| Seed { item, weight: weight * OLDER_SEED_WEIGHT.powi(age as i32) }),
            );
        };
        add(self.newest_first(self.request.cart), ACT_WEIGHT);
        add(
            self.visitor.map_or(Vec::new(), |one| one.acts().iter().rev().map(|act| act.item).collect()),
            ACT_WEIGHT,
        );
        add(self.bought.iter().map(|(id, _)| *id).collect(), ACT_WEIGHT);
        add(self.newest_first(self.request.favourites), FAVOURITE_WEIGHT);
        add(self.viewed(), 1.0);
        seeds.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let mut known = IdSet::default();
        seeds.retain(|seed| known.insert(seed.item));
        seeds.truncate(MAX_ASKED);
        seeds
    }

    /// What she looked at, newest first: as observed, else as told.
    pub(crate) fn viewed(&self) -> Vec<ItemId> {
        match self.visitor {
            Some(visitor) => visitor.views().iter().rev().map(|seen| seen.item).collect(),
            None => self.newest_first(self.request.viewed),
        }
    }

    /// The lines of her last order.
    fn last_purchase(&self) -> Vec<ItemId> {
        let Some((_, last_ms)) = self.bought.first() else { return Vec::new() };
        let of_it = |at_ms: i64| last_ms.saturating_sub(at_ms) <= ORDER_WINDOW_MS;
        self.bought.iter().take_while(|(_, at_ms)| of_it(*at_ms)).map(|(id, _)| *id).collect()
    }

    pub(crate) fn newest_first(&self, names: &[&str]) -> Vec<ItemId> {
        let mut ids = self.known(names);
        ids.reverse();
        ids
    }

    /// The category of the page, else those of the seeds, in their order.
    pub(crate) fn categories_asked(&self, seeds: &[Seed]) -> Vec<CategoryId> {
        if let Some(category) = self.request.category.and_then(|name| self.shop.catalogue.find(name)) {
            return vec![category];
        }
        let mut known = IdSet::default();
        let of_seeds = seeds.iter().filter_map(|seed| self.shop.items.get(seed.item).listed?.category);
        of_seeds.filter(|category| known.insert(*category)).collect()
    }
}
