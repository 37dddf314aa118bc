//! Alternatives by what goods are, for goods nobody has looked at yet: shared terms, category, price.
//!
//! Terms weigh by rarity; two goods are as alike as the cosine of their terms (Salton and McGill 1983), then the
//! category and the price join in.

use std::collections::BinaryHeap;

use super::terms::TermId;
use crate::candidates::{Candidate, Seed, price_nearness, sort};
use crate::filter::Filter;
use crate::id_map::{IdMap, ItemId};
use crate::limits::{MAX_GOODS_SCANNED, MAX_POOL};
use crate::recommender::Recommender;
use crate::why::Why;

const TERMS_SHARE: f64 = 0.55;
const CATEGORY_SHARE: f64 = 0.25;
const PRICE_SHARE: f64 = 0.2;
/// Seeds that are compared; each costs its rare terms.
const MAX_COMPARED: usize = 4;

/// Goods that are compared with a seed in full: so many by shared terms, so many of its category.
const MAX_LIKE: usize = 48;

/// Admitted goods like the seeds, best first.
pub(crate) fn alike_by_content(shop: &Recommender, filter: &Filter, seeds: &[Seed]) -> Vec<Candidate> {
    let mut best: IdMap<Candidate> = IdMap::default();
    let budget = MAX_GOODS_SCANNED / seeds.len().clamp(1, MAX_COMPARED);
    for seed in seeds.iter().take(MAX_COMPARED) {
        for candidate in like_one(shop, filter, *seed, budget) {
            let known = best.entry(candidate.item).or_insert(candidate);
            if candidate.score > known.score {
                *known = candidate;
            }
        }
    }
    let mut list: Vec<_> = best.into_values().collect();
    sort(shop, &mut list);
    list
}

fn like_one(shop: &Recommender, filter: &Filter, seed: Seed, budget: usize) -> Vec<Candidate> {
    let item = shop.items.get(seed.item);
    let Some(own) = item.listed else { return Vec::new() };
    let mut found: Vec<ItemId> = shared_first(shop, seed.item, budget)
        .filter(|id| filter.admit(shop, *id).is_some())
        .take(MAX_LIKE)
        .collect();
    if own.category.is_some() {
        let shelf = shop.catalogue.shelf(own.category).take(MAX_LIKE).map(|key| key.2);
        found.extend(shelf.filter(|id| filter.admit(shop, *id).is_some()));
    }
    found.sort_unstable();
    found.dedup();
    let own_norm = norm(shop, seed.item);
    let score = |id: ItemId| {
        let other = shop.items.get(id).listed?;
        let shared = f64::from(shared_worth(shop, seed.item, id));
        let cosine = if shared > 0.0 { shared / (own_norm * norm(shop, id)).sqrt() } else { 0.0 };
        let category = f64::from(u8::from(own.category.is_some() && own.category == other.category));
        let near = price_nearness(own.price_minor, other.price_minor);
        let score = TERMS_SHARE * cosine + CATEGORY_SHARE * category + PRICE_SHARE * near;
        Some(Candidate { item: id, score: seed.weight * score, why: Why::Alike { with: seed.item } })
    };
    found.into_iter().filter_map(score).collect()
}

/// Goods that share rare terms with an item, most in worth first.
fn shared_first(shop: &Recommender, id: ItemId, budget: usize) -> impl Iterator<Item = ItemId> {
    most_worth(shop, &shop.items.get(id).terms, budget).filter(move |other| *other != id)
}

/// Goods with the rarest of these terms, as many as may be looked at, most in worth first.
pub(super) fn most_worth(
    shop: &Recommender,
    terms: &[TermId],
    mut budget: usize,
) -> impl Iterator<Item = ItemId> + use<> {
    let mut terms: Vec<_> = terms.iter().map(|term| (shop.terms.goods(*term).len(), *term)).collect();
    terms.sort_unstable();
    let mut sums: IdMap<f32> = IdMap::default();
    sums.reserve(budget.min(512));
    for (goods, term) in terms {
        if goods > budget {
            break;
        }
        budget -= goods;
        let worth = shop.terms.worth(term, shop.len());
        for other in shop.terms.goods(term) {
            *sums.entry(*other).or_default() += worth;
        }
    }
    // Only the first of them are wanted: a heap spares sorting the rest. Worths are positive, so their bits compare as
    // they do.
    let mut heap: BinaryHeap<(u32, ItemId)> = sums.into_iter().map(|(id, sum)| (sum.to_bits(), id)).collect();
    std::iter::from_fn(move || heap.pop()).map(|(_, id)| id).take(2 * MAX_POOL)
}

/// What the terms of both are worth together.
fn shared_worth(shop: &Recommender, one: ItemId, other: ItemId) -> f32 {
    let other = &shop.items.get(other).terms;
    let both = shop.items.get(one).terms.iter().filter(|term| other.binary_search(term).is_ok());
    both.map(|term| shop.terms.worth(*term, shop.len())).sum()
}

fn norm(shop: &Recommender, id: ItemId) -> f64 {
    shop.items
        .get(id)
        .terms
        .iter()
        .map(|term| f64::from(shop.terms.worth(*term, shop.len())))
        .sum::<f64>()
        .max(1e-6)
}
