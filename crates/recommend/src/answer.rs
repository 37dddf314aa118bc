//! Answers a query: stages from the most to the least specific, each filling what the one before left open.

use crate::candidates::{Candidate, Seed, alike, neighbours, with_visits};
use crate::catalogue::CategoryId;
use crate::filter::Filter;
use crate::id_map::{IdSet, ItemId};
use crate::interactions::Kind;
use crate::items::Listed;
use crate::limits::{MAX_PICKS, MAX_SEEDS, NEW_FOR_MS};
use crate::pairs::List;
use crate::picks::Picks;
use crate::query::{Pick, Purpose, Query};
use crate::reason::Reason;
use crate::recommender::Recommender;

/// Each seed says this much of what the next later one says.
const OLDER_SEED_WEIGHT: f64 = 0.8;
/// What was put in the cart or bought says more of a visitor than what was viewed.
const ACT_SEED_WEIGHT: f64 = 2.0;

impl Recommender {
    /// Ranked items for a query: in stock, not hidden, never a seed, never excluded nor a variant of an
    /// excluded one, none twice, and as many as asked for if the catalogue has them.
    pub fn recommend(&self, query: &Query) -> Vec<Pick> {
        let mut picks = Picks::new(query.n.min(MAX_PICKS));
        if picks.is_full() {
            return Vec::new();
        }
        let filter = Filter::new(self, query);
        let own = self.own_seeds(query);
        let seeds = self.seeds(query, &own);
        // What the visitor saw anyway comes back only when nothing else is left.
        let mut fresh = filter.clone();
        own.iter().for_each(|seed| fresh.bar(self, seed.item));
        match query.purpose {
            Purpose::Complements => {
                self.take(&mut picks, neighbours(self, &fresh, &seeds, &[List::Bought]));
                self.take_similar(&mut picks, &fresh, &seeds);
            }
            Purpose::Similar => self.take_similar(&mut picks, &fresh, &seeds),
            Purpose::Personal => {
                self.take_repeats(&mut picks, &filter, query);
                let live = neighbours(self, &fresh, &seeds, &[List::Bought, List::Viewed]);
                self.take(&mut picks, with_visits(self, self.visits.as_deref(), &fresh, &seeds, live));
                self.take_alike(&mut picks, &fresh, &seeds);
            }
            Purpose::Bestsellers => {}
        }
        self.take_shelves(&mut picks, &fresh, &self.categories(query, &seeds));
        self.take_last_resort(&mut picks, &filter);
        picks.into_list()
    }

    /// What the visitor did last, as seeds, newest and strongest first. Only where it matters: for a personal
    /// list, or in the place of missing seeds.
    fn own_seeds(&self, query: &Query) -> Vec<Seed> {
        let needed = match query.purpose {
            Purpose::Personal => true,
            Purpose::Complements | Purpose::Similar => query.seeds.is_empty(),
            Purpose::Bestsellers => false,
        };
        let visitor = query.visitor.filter(|_| needed).and_then(|visitor| self.visitors.get(visitor));
        let Some(visitor) = visitor else { return Vec::new() };
        let mut known = IdSet::default();
        let acts = visitor.acts().iter().rev().enumerate().map(|(age, seen)| (age, seen, ACT_SEED_WEIGHT));
        let views = visitor.views().iter().rev().enumerate().map(|(age, seen)| (age, seen, 1.0));
        acts.chain(views)
            .filter(|(_, seen, _)| known.insert(seen.item))
            .map(|(age, seen, weight)| Seed {
                item: seen.item,
                weight: weight * OLDER_SEED_WEIGHT.powi(age as i32),
            })
            .collect()
    }

    /// The seeds of the query, the last one strongest, then the strongest of the visitor's own.
    fn seeds(&self, query: &Query, own: &[Seed]) -> Vec<Seed> {
        let mut known = IdSet::default();
        // A cart has no last word: each of its items says as much as the others.
        let older = if query.purpose == Purpose::Complements { 1.0 } else { OLDER_SEED_WEIGHT };
        let given = query.seeds.iter().rev().filter_map(|name| self.items.find(name));
        let mut seeds: Vec<Seed> = given
            .filter(|item| known.insert(*item))
            .take(MAX_SEEDS)
            .enumerate()
            .map(|(age, item)| Seed { item, weight: older.powi(age as i32) })
            .collect();
        let mut own = own.to_vec();
        own.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        seeds.extend(own.into_iter().filter(|seed| known.insert(seed.item)).take(MAX_SEEDS));
        seeds
    }

    /// Categories at which bestsellers begin: the one asked for, else those of the seeds.
    fn categories(&self, query: &Query, seeds: &[Seed]) -> Vec<CategoryId> {
        if let Some(category) = query.category.and_then(|name| self.catalogue.find(name)) {
            return vec![category];
        }
        let mut known = IdSet::default();
        let of_seeds = seeds.iter().filter_map(|seed| self.items.get(seed.item).listed?.category);
        of_seeds.filter(|category| known.insert(*category)).take(MAX_SEEDS).collect()
    }

    fn take(&self, picks: &mut Picks, candidates: Vec<Candidate>) {
        for Candidate { item, score, why } in candidates {
            if let Some(listed) = &self.items.get(item).listed {
                picks.push(self, item, listed, score, || why.reason(self, item));
            }
        }
        picks.next_stage();
    }

    fn take_similar(&self, picks: &mut Picks, filter: &Filter, seeds: &[Seed]) {
        if !picks.is_full() {
            let live = neighbours(self, filter, seeds, &[List::Viewed]);
            self.take(picks, with_visits(self, self.visits.as_deref(), filter, seeds, live));
        }
        self.take_alike(picks, filter, seeds);
    }

    fn take_alike(&self, picks: &mut Picks, filter: &Filter, seeds: &[Seed]) {
        if !picks.is_full() {
            self.take(picks, alike(self, filter, seeds));
        }
    }

    /// What the visitor looked at or carted and did not order, newest first, in the places given to it.
    fn take_repeats(&self, picks: &mut Picks, filter: &Filter, query: &Query) {
        let Some(visitor) = query.visitor.and_then(|visitor| self.visitors.get(visitor)) else { return };
        let ordered =
            |item: ItemId| visitor.acts().iter().any(|act| act.item == item && act.kind == Kind::Order);
        let carted = visitor.acts().iter().rev().filter(|act| act.kind == Kind::Cart);
        let mut places = query.repeats;
        for seen in carted.chain(visitor.views().iter().rev()) {
            let Some(listed) = filter.admit(self, seen.item) else { continue };
            if places > 0 && !picks.is_full() && !ordered(seen.item) && picks.lacks(seen.item, listed) {
                picks.push(self, seen.item, listed, places as f64, || Reason::SeenBefore);
                places -= 1;
            }
        }
        picks.next_stage();
    }

    /// Bestsellers of the categories, level by level upward, then of the shop, then anything that can be
    /// bought.
    fn take_shelves(&self, picks: &mut Picks, filter: &Filter, categories: &[CategoryId]) {
        let mut level = categories.to_vec();
        while !level.is_empty() {
            for category in &level {
                self.take_shelf(picks, filter, Some(*category), true);
            }
            picks.next_stage();
            let mut known = IdSet::default();
            level = level.iter().filter_map(|id| self.catalogue.with_parents(*id).nth(1)).collect();
            level.retain(|category| known.insert(*category));
        }
        self.take_shelf(picks, filter, None, true);
        picks.next_stage();
        for category in categories {
            self.take_shelf(picks, filter, Some(*category), false);
        }
        picks.next_stage();
        self.take_shelf(picks, filter, None, false);
        picks.next_stage();
    }

    /// What the visitor saw already, then variants of what is picked already.
    fn take_last_resort(&self, picks: &mut Picks, filter: &Filter) {
        self.take_shelf(picks, filter, None, false);
        picks.next_stage();
        picks.allow_variants();
        self.take_shelf(picks, filter, None, false);
    }

    /// Takes from a shelf in its order; `wanted` stops at items that nobody looked at yet.
    fn take_shelf(&self, picks: &mut Picks, filter: &Filter, category: Option<CategoryId>, wanted: bool) {
        if picks.is_full() {
            return;
        }
        for (rank, _, id) in self.catalogue.shelf(category) {
            if picks.is_full() || (wanted && rank.0 == 0) {
                return;
            }
            let Some(listed) = filter.admit(self, id) else { continue };
            if picks.lacks(id, listed) {
                let worth = self.items.get(id).popularity.worth(self.clock.now_ms());
                picks.push(self, id, listed, worth, || self.shelf_reason(id, listed, category));
            }
        }
    }

    /// How much it is wanted, in words that fit what was counted.
    pub(crate) fn shelf_reason(&self, id: ItemId, listed: &Listed, category: Option<CategoryId>) -> Reason {
        let popularity = &self.items.get(id).popularity;
        let category = category.map(|category| self.catalogue.name(category).to_owned());
        let now_ms = self.clock.now_ms();
        let is_new = self.clock.is_set()
            && listed.added_ms.is_some_and(|added_ms| now_ms.saturating_sub(added_ms) <= NEW_FOR_MS);
        match (popularity.orders, popularity.views) {
            (orders @ 1.., _) => Reason::Bestseller { category, orders },
            (0, views @ 1..) => Reason::Popular { category, views },
            (0, 0) if is_new => Reason::New,
            (0, 0) => Reason::InStock,
        }
    }
}
