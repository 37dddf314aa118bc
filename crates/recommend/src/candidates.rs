//! Candidates from seeds: neighbours by orders and by views, and items of like content.

use crate::filter::Filter;
use crate::id_map::{IdMap, ItemId};
use crate::items::Item;
use crate::limits::MAX_CONTENT_CANDIDATES;
use crate::neighbours::Neighbours;
use crate::pairs::List;
use crate::recommender::Recommender;
use crate::visits::VisitModel;
use crate::why::Why;

/// An item a list starts from, and how much it says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed {
    pub(crate) item: ItemId,
    pub(crate) weight: f64,
}

/// A scored item with the reason its strongest seed gives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(crate) item: ItemId,
    pub(crate) score: f64,
    pub(crate) why: Why,
}

/// Joint weight below which a pair is mostly chance: the score of a pair seen so often is halved.
const CHANCE_WEIGHT: f64 = 0.3;

/// What the live counts say of what past visits say.
const LIVE_SHARE: f64 = 0.5;
/// Softens the first ranks when the two are fused.
const RANK_OFFSET: f64 = 12.0;

#[derive(Default)]
struct Sum {
    score: f64,
    strongest: f64,
    seed: ItemId,
    list: Option<List>,
    orders: u16,
    visitors: u16,
}

/// Admitted neighbours of the seeds in these lists, best first, ties by id.
pub(crate) fn neighbours(
    shop: &Recommender,
    filter: &Filter,
    seeds: &[Seed],
    lists: &[List],
) -> Vec<Candidate> {
    let mut sums: IdMap<Sum> = IdMap::default();
    for seed in seeds {
        for list in lists {
            add(shop, filter, &mut sums, *seed, *list);
        }
    }
    let why = |sum: &Sum| {
        let (with, orders, visitors) = (sum.seed, u32::from(sum.orders), u32::from(sum.visitors));
        match (sum.list, orders) {
            (Some(List::Bought), 1..) => Why::Bought { with, orders },
            (Some(List::Bought), 0) => Why::Carted { with, visitors },
            (Some(List::ThenBought), _) => Why::ThenBought { with, visitors },
            (Some(List::Later), _) => Why::Later { with, orders },
            (Some(List::Viewed) | None, _) => Why::Viewed { with, visitors },
        }
    };
    let mut list: Vec<_> =
        sums.into_iter().map(|(item, sum)| Candidate { item, score: sum.score, why: why(&sum) }).collect();
    sort(shop, &mut list);
    list
}

/// Adds one list of one seed: the joint weight against what chance alone would give two items so popular
/// (cosine), less where the joint weight itself is small.
fn add(shop: &Recommender, filter: &Filter, sums: &mut IdMap<Sum>, seed: Seed, list: List) {
    let now_ms = shop.clock.now_ms();
    let item = shop.items.get(seed.item);
    let (half_life_ms, _) = list.bounds();
    let bought = |item: &Item| item.popularity.bought(now_ms);
    let viewed = |item: &Item| item.popularity.viewed(now_ms);
    let own = if matches!(list, List::Viewed | List::ThenBought) { viewed(item) } else { bought(item) };
    let neighbours: &Neighbours = match list {
        List::Viewed => &item.viewed,
        List::Bought => &item.bought,
        List::ThenBought => &item.then_bought,
        List::Later => &item.later,
    };
    for (neighbour, weight) in neighbours.weighed(now_ms, half_life_ms) {
        if weight <= 0.0 || filter.admit(shop, neighbour.item).is_none() {
            continue;
        }
        let weight = f64::from(weight);
        let other = shop.items.get(neighbour.item);
        let other = if list == List::Viewed { viewed(other) } else { bought(other) };
        let cosine = weight / (own * other).sqrt().max(weight);
        let score = seed.weight * cosine * weight / (weight + CHANCE_WEIGHT);
        let sum = sums.entry(neighbour.item).or_default();
        sum.score += score;
        if score > sum.strongest {
            let (orders, visitors) = (neighbour.orders, neighbour.visitors);
            *sum = Sum {
                score: sum.score,
                strongest: score,
                seed: seed.item,
                list: Some(list),
                orders,
                visitors,
            };
        }
    }
}

/// What past visits say after the seeds, fused by rank with what was counted live: the model knows more, the
/// live counts are newer. A candidate of both keeps the reason with the counts.
pub(crate) fn with_visits(
    shop: &Recommender,
    model: Option<&VisitModel>,
    filter: &Filter,
    seeds: &[Seed],
    live: Vec<Candidate>,
) -> Vec<Candidate> {
    let Some(model) = model else { return live };
    let visit: Vec<&str> = seeds.iter().rev().map(|seed| shop.items.get(seed.item).name.as_ref()).collect();
    let Some(last) = seeds.first() else { return live };
    let admits = |name: &str| shop.items.find(name).is_some_and(|id| filter.admit(shop, id).is_some());
    let share = |rank: usize| 1.0 / (RANK_OFFSET + rank as f64);
    let mut places: IdMap<usize> = IdMap::default();
    let mut list: Vec<Candidate> = Vec::new();
    for (rank, candidate) in live.into_iter().enumerate() {
        places.insert(candidate.item, rank);
        list.push(Candidate { score: LIVE_SHARE * share(rank), ..candidate });
    }
    for (rank, item) in
        model.next(&visit, admits).into_iter().filter_map(|name| shop.items.find(name)).enumerate()
    {
        match places.get(&item) {
            Some(place) => list[*place].score += share(rank),
            None => {
                let why = Why::LikeVisits { with: last.item };
                list.push(Candidate { item, score: share(rank), why });
            }
        }
    }
    sort(shop, &mut list);
    list
}

/// Admitted items of the seeds' own categories, those near in price and wanted first.
pub(crate) fn alike(shop: &Recommender, filter: &Filter, seeds: &[Seed]) -> Vec<Candidate> {
    let now_ms = shop.clock.now_ms();
    let mut best: IdMap<(f64, ItemId)> = IdMap::default();
    for seed in seeds {
        let Some(listed) = shop.items.get(seed.item).listed else { continue };
        let Some(category) = listed.category else { continue };
        for (_, _, id) in shop.catalogue.shelf(Some(category)).take(MAX_CONTENT_CANDIDATES) {
            let Some(other) = filter.admit(shop, id) else { continue };
            let worth = shop.items.get(id).popularity.worth(now_ms);
            let near = price_nearness(listed.price_minor, other.price_minor);
            let score = seed.weight * near * (1.0 + worth.ln_1p());
            let entry = best.entry(id).or_insert((score, seed.item));
            if score > entry.0 {
                *entry = (score, seed.item);
            }
        }
    }
    let mut list: Vec<_> = best
        .into_iter()
        .map(|(item, (score, with))| Candidate { item, score, why: Why::Content { with } })
        .collect();
    sort(shop, &mut list);
    list
}

/// 1 for the same price, a half for one e times as high or low.
pub(crate) fn price_nearness(one_minor: i64, other_minor: i64) -> f64 {
    let ratio = one_minor.max(1) as f64 / other_minor.max(1) as f64;
    1.0 / (1.0 + ratio.ln().abs())
}

/// Best first, equals by id.
pub(crate) fn sort(shop: &Recommender, list: &mut [Candidate]) {
    let name = |candidate: &Candidate| &shop.items.get(candidate.item).name;
    list.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then_with(|| name(a).cmp(name(b))));
}
