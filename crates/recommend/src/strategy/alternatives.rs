//! Alternatives: what could be taken instead of the seeds.

use crate::block::{Percents, Period, Source};
use crate::candidates::{Candidate, Seed, alike, neighbours, sort};
use crate::content::alike::alike_by_content;
use crate::id_map::{IdMap, IdSet};
use crate::items::Listed;
use crate::limits::MAX_POOL;
use crate::pairs::List;
use crate::serve::{Asked, Walk, meet};
use crate::shelves::Order;
use crate::why::Why;

/// A neighbour of another category is rarely an alternative.
const OTHER_CATEGORY: f64 = 0.25;
/// One of a category beside it is one more often.
const SISTER_CATEGORY: f64 = 0.7;
/// Up-sell without a band: from a twentieth to a half dearer.
const UP_SELL: Percents = Percents { from: Some(105), to: Some(150) };
/// Goods of a category looked at for an up-sell.
const UP_SELL_GOODS: usize = 40;
/// What each whole star more than the seed adds to an up-sell.
const STAR_WEIGHT: f64 = 0.5;

impl Asked<'_> {
    pub(super) fn similar(&self, source: &Source) -> Vec<Candidate> {
        let seeds = self.seeds(source);
        let mut list = self.viewed_with(&seeds, &[List::Viewed]);
        for candidate in &mut list {
            candidate.score *= self.sameness(&seeds, candidate);
        }
        sort(self.shop, &mut list);
        list
    }

    pub(super) fn similar_content(&self, source: &Source) -> Vec<Candidate> {
        alike_by_content(self.shop, &self.filter, &self.seeds(source))
    }

    pub(super) fn also_viewed(&self, source: &Source) -> Vec<Candidate> {
        self.viewed_with(&self.seeds(source), &[List::Viewed])
    }

    /// Dearer goods of the seed's own category, no worse than it as far as marks say.
    pub(super) fn up_sell(&self, source: &Source) -> Vec<Candidate> {
        let mut best: IdMap<Candidate> = IdMap::default();
        for seed in self.seeds(source).into_iter().take(2) {
            let Some(own) = self.shop.items.get(seed.item).listed.filter(|own| own.price_minor > 0) else {
                continue;
            };
            let band = source.band.unwrap_or(UP_SELL).of(own.price_minor);
            let band = band.from.unwrap_or(i64::MIN).max(own.price_minor + 1)..=band.to.unwrap_or(i64::MAX);
            let mut filter = self.filter.clone();
            filter.price_minor = meet(filter.price_minor.take(), Some(band));
            filter.find_narrow(self.shop);
            let one = [Seed { weight: 1.0, ..seed }];
            let viewed = neighbours(self.shop, &filter, &one, &[List::Viewed, List::ThenBought]);
            let like = alike_by_content(self.shop, &filter, &one);
            let wanted = alike(self.shop, &filter, &one);
            for list in [viewed, like, wanted] {
                let top = list.first().map_or(1.0, |first| first.score).max(1e-9);
                for one in list.into_iter().take(UP_SELL_GOODS) {
                    let Some(other) = self.shop.items.get(one.item).listed else { continue };
                    let Some(better) = better(&own, &other) else { continue };
                    let why = Why::UpSell { with: seed.item };
                    let entry = best.entry(one.item).or_insert(Candidate { item: one.item, score: 0.0, why });
                    entry.score += seed.weight * better * one.score / top;
                }
            }
            // What the narrowed filter refused is refused by this source's conditions.
            self.filter.add_refused(filter.take_refused());
        }
        self.sorted(best)
    }

    /// Packs of the seeds' categories, and of what she bought.
    pub(super) fn multi_buy(&self, source: &Source) -> Vec<Candidate> {
        let seeds = self.seeds(source);
        let mut list = Vec::new();
        for category in self.categories_asked(&seeds).into_iter().take(6) {
            list.extend(self.walk(Order::Packs, Some(category), MAX_POOL, |(rank, ..), _| {
                Walk::Take(f64::from(rank.0), Why::Pack)
            }));
        }
        sort(self.shop, &mut list);
        list
    }

    pub(super) fn new_in_category(&self, source: &Source) -> Vec<Candidate> {
        let categories = self.categories_asked(&self.seeds(source));
        let mut list = Vec::new();
        for category in categories.into_iter().take(6) {
            list.extend(self.added(Some(category), source.days.unwrap_or(30)));
        }
        sort(self.shop, &mut list);
        list
    }

    /// How much of an alternative a neighbour is to the seeds.
    fn sameness(&self, seeds: &[Seed], candidate: &Candidate) -> f64 {
        let category = |id| self.shop.items.get(id).listed.and_then(|listed| listed.category);
        let Some(own) = category(candidate.item) else { return OTHER_CATEGORY };
        let above = |id| self.shop.catalogue.with_parents(id).nth(1);
        let of = |seed: &Seed| match category(seed.item) {
            Some(other) if other == own => 1.0,
            Some(other) if above(other).is_some() && above(other) == above(own) => SISTER_CATEGORY,
            _ => OTHER_CATEGORY,
        };
        seeds.iter().map(of).fold(OTHER_CATEGORY, f64::max)
    }

    /// Bestsellers of categories, those of seeds left out.
    pub(super) fn sold_in(&self, categories: &[crate::catalogue::CategoryId], why: Why) -> Vec<Candidate> {
        let mut list = Vec::new();
        let mut known = IdSet::default();
        for category in categories.iter().take(6) {
            let sold = self.sold(Some(*category), Period::Trend);
            list.extend(
                sold.into_iter().filter(|one| known.insert(one.item)).map(|one| Candidate { why, ..one }),
            );
        }
        sort(self.shop, &mut list);
        list
    }
}

/// None for another need or a worse mark; else what the mark adds.
fn better(own: &Listed, other: &Listed) -> Option<f64> {
    if own.category.is_none() || own.category != other.category {
        return None;
    }
    match (own.rating, other.rating) {
        ((mean, 1..), (other_mean, 1..)) if other_mean < mean => None,
        ((mean, 1..), (other_mean, 1..)) => Some(1.0 + STAR_WEIGHT * f64::from(other_mean - mean) / 100.0),
        _ => Some(1.0),
    }
}
