//! Personal strategies: what she did, likes and is.

use crate::block::{Period, Source};
use crate::candidates::{Candidate, Seed, neighbours, sort};
use crate::catalogue::CategoryId;
use crate::content::alike::alike_by_content;
use crate::content::search::search;
use crate::content::terms::TermId;
use crate::id_map::{IdMap, IdSet, ItemId};
use crate::limits::{MAX_GOODS_SCANNED, MAX_POOL};
use crate::pairs::List;
use crate::serve::Asked;
use crate::why::Why;

const DAY_MS: i64 = 86_400_000;
/// What content says of what behaviour says, where behaviour knows too little to fill the list.
const CONTENT_SHARE: f64 = 0.1;
/// Candidates by behaviour with which content is not asked.
const ENOUGH: usize = 24;
/// Categories and brands of a taste, and goods of each.
const TASTES: usize = 3;
const TASTE_GOODS: usize = 40;
/// Searches that are repeated for a list.
const MAX_SEARCHES: usize = 4;

/// What somebody goes for, as shares of her whole taste, strongest first.
struct Tastes {
    /// Each brand with something of it that she viewed, carted or bought.
    brands: Vec<(TermId, ItemId, f64)>,
    categories: Vec<(CategoryId, f64)>,
}

impl Asked<'_> {
    pub(super) fn for_you(&self) -> Vec<Candidate> {
        let seeds = self.own_seeds();
        let own: IdSet = seeds.iter().map(|seed| seed.item).collect();
        let mut list = self.viewed_with(&seeds, &[List::Bought, List::Viewed]);
        // What she has seen anyway is what "recently viewed" is for.
        list.retain(|candidate| !own.contains(&candidate.item));
        if list.len() < ENOUGH {
            self.add_below(&mut list, alike_by_content(self.shop, &self.filter, &seeds), &own);
        }
        list
    }

    /// Goods as they are, newest first.
    pub(super) fn themselves(&self, names: &[&str], why: Why) -> Vec<Candidate> {
        self.in_order(self.newest_first(names), why)
    }

    /// What an endpoint answered, in its order, as far as it may be shown.
    pub(super) fn third_party(&self, source: &Source) -> Vec<Candidate> {
        let named = |(name, _): &&(&str, &[&str])| Some(*name) == source.endpoint.as_deref();
        let answered = self.request.outside.iter().find(named).map_or(&[][..], |(_, items)| items);
        self.in_order(self.known(answered), Why::ThirdParty)
    }

    pub(super) fn recently_viewed(&self, source: &Source) -> Vec<Candidate> {
        // What a page tells it keeps by itself for as long as it likes.
        let Some(visitor) = self.visitor else { return self.in_order(self.viewed(), Why::Seen) };
        let days = i64::from(source.days.unwrap_or(u16::MAX));
        let late = |at_ms: i64| self.now_ms.saturating_sub(at_ms) <= days * DAY_MS;
        let viewed = visitor.views().iter().rev().filter(|seen| late(seen.at_ms)).map(|seen| seen.item);
        self.in_order(viewed.collect(), Why::Seen)
    }

    fn in_order(&self, ids: Vec<ItemId>, why: Why) -> Vec<Candidate> {
        let mut known = IdSet::default();
        let admitted =
            ids.into_iter().filter(|id| known.insert(*id) && self.filter.admit(self.shop, *id).is_some());
        admitted
            .enumerate()
            .map(|(place, item)| Candidate { item, score: 1.0 / (1.0 + place as f64), why })
            .collect()
    }

    /// What suits a list of goods: alternatives and what goes with them.
    pub(super) fn suiting(&self, names: &[&str]) -> Vec<Candidate> {
        let ids = self.newest_first(names);
        self.suiting_ids(&ids, &[List::Viewed, List::Bought])
    }

    pub(super) fn like_recently_viewed(&self) -> Vec<Candidate> {
        self.suiting_ids(&self.viewed(), &[List::Viewed])
    }

    fn suiting_ids(&self, ids: &[ItemId], lists: &[List]) -> Vec<Candidate> {
        let aged = ids.iter().take(8).enumerate();
        let seeds: Vec<Seed> =
            aged.map(|(age, id)| Seed { item: *id, weight: 0.8_f64.powi(age as i32) }).collect();
        let own: IdSet = ids.iter().copied().collect();
        let mut list = self.viewed_with(&seeds, lists);
        list.retain(|candidate| !own.contains(&candidate.item));
        if list.len() < ENOUGH {
            self.add_below(&mut list, alike_by_content(self.shop, &self.filter, &seeds), &own);
        }
        list
    }

    /// Adds what behaviour does not know, below what it knows.
    pub(super) fn add_below(&self, list: &mut Vec<Candidate>, more: Vec<Candidate>, without: &IdSet) {
        let known: IdSet = list.iter().map(|candidate| candidate.item).collect();
        let least = list.last().map_or(1.0, |last| last.score);
        let best = more.first().map_or(1.0, |first| first.score).max(1e-9);
        let new = more.into_iter().filter(|one| !known.contains(&one.item) && !without.contains(&one.item));
        list.extend(new.map(|one| Candidate { score: least * CONTENT_SHARE * one.score / best, ..one }));
    }

    /// Of each category she subscribed to what is new and what sells, best of each first.
    pub(super) fn subscribed(&self) -> Vec<Candidate> {
        let mut best: IdMap<Candidate> = IdMap::default();
        let categories = self.request.subscribed.iter().filter_map(|name| self.shop.catalogue.find(name));
        for category in categories.take(2 * TASTES) {
            for list in [self.added(Some(category), 14), self.sold(Some(category), Period::Trend)] {
                let top = list.first().map_or(1.0, |first| first.score).max(1e-9);
                for one in list.into_iter().take(TASTE_GOODS) {
                    let why = Why::Subscribed { category };
                    best.entry(one.item).or_insert(Candidate { item: one.item, score: 0.0, why }).score +=
                        one.score / top;
                }
            }
        }
        self.sorted(best)
    }

    /// Goods whose attributes her profile names, then goods of the brands and categories she goes for.
    pub(super) fn by_profile(&self) -> Vec<Candidate> {
        let mut best: IdMap<Candidate> = IdMap::default();
        let mut budget = MAX_GOODS_SCANNED;
        for (fact, (name, value)) in self.request.facts.iter().enumerate().take(16) {
            let Some(term) = self.shop.terms.attribute(name, value) else { continue };
            let worth = f64::from(self.shop.terms.worth(term, self.shop.len()));
            for id in self.wanted_with(term, &mut budget) {
                let why = Why::Fits { fact: fact as u16 };
                best.entry(id).or_insert(Candidate { item: id, score: 0.0, why }).score += worth;
            }
        }
        let Tastes { brands, categories } = self.tastes();
        for (term, with, weight) in brands {
            for id in self.wanted_with(term, &mut budget).into_iter().take(TASTE_GOODS) {
                let why = Why::Brand { with };
                best.entry(id).or_insert(Candidate { item: id, score: 0.0, why }).score += weight;
            }
        }
        for (category, weight) in categories {
            for one in self.sold(Some(category), Period::Trend).into_iter().take(TASTE_GOODS) {
                let why = Why::Category { category };
                best.entry(one.item).or_insert(Candidate { item: one.item, score: 0.0, why }).score += weight;
            }
        }
        for candidate in best.values_mut() {
            let worth =
                self.shop.items.get(candidate.item).popularity.worth(self.shop.clock.now_ms()).ln_1p();
            candidate.score *= 1.0 + 0.2 * worth / (1.0 + worth);
        }
        self.sorted(best)
    }

    /// Admitted goods with a term, as long as there is something left to look at.
    fn wanted_with(&self, term: TermId, budget: &mut usize) -> Vec<ItemId> {
        let goods = self.shop.terms.goods(term);
        let some = &goods[..goods.len().min(*budget)];
        *budget -= some.len();
        some.iter().copied().filter(|id| self.filter.admit(self.shop, *id).is_some()).collect()
    }

    fn tastes(&self) -> Tastes {
        let (mut brands, mut categories): (IdMap<(ItemId, f64)>, IdMap<f64>) = Default::default();
        let mut all = 0.0;
        for seed in self.own_seeds() {
            let Some(listed) = self.shop.items.get(seed.item).listed else { continue };
            all += seed.weight;
            if let Some(brand) = listed.brand {
                brands.entry(brand).or_insert((seed.item, 0.0)).1 += seed.weight;
            }
            if let Some(category) = listed.category {
                *categories.entry(category).or_default() += seed.weight;
            }
        }
        let mut brands: Vec<_> =
            brands.into_iter().map(|(id, (with, weight))| (id, with, weight / all)).collect();
        brands.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
        let mut categories: Vec<_> = categories.into_iter().map(|(id, weight)| (id, weight / all)).collect();
        categories.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        brands.truncate(TASTES);
        categories.truncate(TASTES);
        Tastes { brands, categories }
    }

    /// What she searched for last; an older search says less.
    pub(super) fn by_searches(&self) -> Vec<Candidate> {
        let mut best: IdMap<Candidate> = IdMap::default();
        let searches = self.request.searches.iter().enumerate().rev().take(MAX_SEARCHES);
        for (age, (place, text)) in searches.enumerate() {
            let why = Why::Searched { search: u16::try_from(place).ok() };
            for (item, score) in search(self.shop, &self.filter, text) {
                let entry = best.entry(item).or_insert(Candidate { item, score: 0.0, why });
                entry.score += score * 0.8_f64.powi(age as i32);
            }
        }
        self.sorted(best)
    }

    pub(super) fn search_now(&self) -> Vec<Candidate> {
        let found = search(self.shop, &self.filter, self.request.query.unwrap_or_default());
        let why = Why::Searched { search: None };
        let mut list: Vec<_> =
            found.into_iter().map(|(item, score)| Candidate { item, score, why }).collect();
        let seeds: Vec<_> =
            list.iter().take(3).map(|one| Seed { item: one.item, weight: one.score }).collect();
        // A search that finds little is helped by what goes with the little.
        if (1..ENOUGH / 3).contains(&list.len()) {
            let more = neighbours(self.shop, &self.filter, &seeds, &[List::Viewed]);
            self.add_below(&mut list, more, &IdSet::default());
        }
        list
    }

    pub(super) fn sorted(&self, best: IdMap<Candidate>) -> Vec<Candidate> {
        let mut list: Vec<_> = best.into_values().collect();
        sort(self.shop, &mut list);
        list.truncate(2 * MAX_POOL);
        list
    }
}
