//! What words mean: goods whose title, brand or attributes have them.
//!
//! A good scores by the worth of the words it has against that of all words asked for; rare words say more (inverse
//! document frequency). Among goods that fit equally the wanted ones come first.

use super::alike::most_worth;
use super::terms::TermId;
use super::words::stems;
use crate::filter::Filter;
use crate::id_map::ItemId;
use crate::limits::{MAX_GOODS_SCANNED, MAX_POOL};
use crate::recommender::Recommender;

/// Share of the worth of the words that a good must have to be what was meant.
const LEAST_MATCH: f32 = 0.5;
/// Goods looked at, most wanted first, where every word asked for is common.
const MAX_WALKED: usize = 600;
/// What being wanted adds: less than any word.
const WANTED_SHARE: f64 = 0.02;

/// Admitted goods that the words mean, best first, with a score up to about 1.
pub(crate) fn search(shop: &Recommender, filter: &Filter, text: &str) -> Vec<(ItemId, f64)> {
    let words = stems(text);
    let known: Vec<TermId> = words.iter().filter_map(|stem| shop.terms.word(stem)).collect();
    let Some(rarest) = known.iter().copied().min_by_key(|term| shop.terms.goods(*term).len()) else {
        return Vec::new();
    };
    let worth = |term: TermId| shop.terms.worth(term, shop.len());
    // A word nobody's title has is as rare as can be.
    let unknown = (words.len() - known.len()) as f32 * (1.0 + shop.len() as f32).ln();
    let all: f32 = known.iter().map(|term| worth(*term)).sum::<f32>() + unknown;
    let mut found = Vec::new();
    let mut look_at = |id: ItemId| {
        let item = shop.items.get(id);
        let has = known.iter().filter(|term| item.terms.binary_search(term).is_ok());
        let share = has.map(|term| worth(*term)).sum::<f32>() / all;
        if share >= LEAST_MATCH && filter.admit(shop, id).is_some() {
            let wanted = item.popularity.worth(shop.clock.now_ms()).ln_1p();
            found.push((id, f64::from(share) + WANTED_SHARE * (wanted / (1.0 + wanted))));
        }
    };
    if shop.terms.goods(rarest).len() <= MAX_GOODS_SCANNED {
        most_worth(shop, &known, MAX_GOODS_SCANNED).for_each(&mut look_at);
    } else {
        // Words so common fit much of the catalogue: the most wanted of it.
        shop.catalogue.shelf(None).take(MAX_WALKED).for_each(|key| look_at(key.2));
    }
    found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| shop.tie(a.0).cmp(&shop.tie(b.0))));
    found.truncate(MAX_POOL);
    found
}
