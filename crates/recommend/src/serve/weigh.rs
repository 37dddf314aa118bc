//! The rules on a scale: what they multiply a score by, and how often a brand or category may come.

use super::asked::{Asked, FoundGoods};
use crate::block::{Per, Rule};
use crate::id_map::{IdMap, ItemId};
use crate::items::Listed;
use crate::recommender::Recommender;

/// The rules of a block, resolved.
pub(crate) struct Scales {
    factors: Vec<(FoundGoods, f64)>,
    margin_weight: f64,
    limits: Vec<(Per, u16)>,
}

/// How often brands and categories came, for each limit.
pub(crate) type Counts = Vec<IdMap<u16>>;

impl Scales {
    pub(crate) fn new(asked: &Asked) -> Self {
        let mut scales = Self { factors: Vec::new(), margin_weight: 0.0, limits: Vec::new() };
        for rule in &asked.block.rules {
            match rule {
                Rule::Boost { goods, times } => scales.factors.push((asked.goods(goods), f64::from(*times))),
                Rule::Bury { goods, times } => {
                    scales.factors.push((asked.goods(goods), 1.0 / f64::from(times.max(1.0))));
                }
                Rule::Margin { weight } => scales.margin_weight += f64::from(*weight),
                Rule::AtMost { per, count } => scales.limits.push((*per, *count)),
                Rule::Pin { .. } | Rule::Hide { .. } => {}
            }
        }
        scales
    }

    /// Whether any limit per brand or category holds.
    pub(crate) fn is_mixed(&self) -> bool {
        !self.limits.is_empty()
    }

    /// What the rules multiply a score by.
    pub(crate) fn factor(&self, shop: &Recommender, id: ItemId, listed: &Listed) -> f64 {
        let hit = self.factors.iter().filter(|(goods, _)| goods.has(shop, id, listed.category));
        let margin = listed.margin_permille.map_or(0.0, |margin| f64::from(margin) / 1_000.0);
        hit.map(|(_, factor)| *factor).product::<f64>() * (1.0 + self.margin_weight * margin).max(0.01)
    }

    /// No brand or category yet.
    pub(crate) fn counts(&self) -> Counts {
        vec![IdMap::default(); self.limits.len()]
    }

    /// Whether one more of its brand and category may come.
    pub(crate) fn fits(&self, counts: &Counts, listed: &Listed) -> bool {
        self.limits.iter().zip(counts).all(|((per, most), count)| {
            of(*per, listed).is_none_or(|id| count.get(&id).copied().unwrap_or(0) < *most)
        })
    }

    /// Counts one that came.
    pub(crate) fn count(&self, counts: &mut Counts, listed: &Listed) {
        for ((per, _), count) in self.limits.iter().zip(counts) {
            if let Some(id) = of(*per, listed) {
                *count.entry(id).or_default() += 1;
            }
        }
    }
}

fn of(per: Per, listed: &Listed) -> Option<u32> {
    match per {
        Per::Brand => listed.brand,
        Per::Category => listed.category,
    }
}
