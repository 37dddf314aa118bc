//! How much an item is wanted: fading for ranking, plain counts for telling.

use crate::decay::FadingCount;
use crate::interactions::Kind;
use crate::limits::{BESTSELLER_HALF_LIFE_MS, ORDER_HALF_LIFE_MS, VIEW_HALF_LIFE_MS};

/// Counts of one item.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Popularity {
    ranked: FadingCount,
    viewed: FadingCount,
    bought: FadingCount,
    pub(crate) orders: u32,
    pub(crate) views: u32,
}

/// What a cart counts in orders: about a third of carts become one.
pub(crate) const CART_WEIGHT: f64 = 0.3;
/// What a view counts in orders: shops sell to some two in a hundred visitors.
const VIEW_WEIGHT: f64 = 0.02;

impl Popularity {
    pub(crate) fn count(&mut self, kind: Kind, at_ms: i64) {
        let weight = match kind {
            Kind::View => {
                self.views = self.views.saturating_add(1);
                self.viewed.add(1.0, at_ms, VIEW_HALF_LIFE_MS);
                VIEW_WEIGHT
            }
            Kind::Cart => {
                self.bought.add(CART_WEIGHT, at_ms, ORDER_HALF_LIFE_MS);
                CART_WEIGHT
            }
            Kind::Order => {
                self.orders = self.orders.saturating_add(1);
                self.bought.add(1.0, at_ms, ORDER_HALF_LIFE_MS);
                1.0
            }
        };
        self.ranked.add(weight, at_ms, BESTSELLER_HALF_LIFE_MS);
    }

    /// A number that sorts by rank among bestsellers; 0 when nothing was ever counted.
    pub(crate) fn sort_key(&self) -> u32 {
        self.ranked.sort_key()
    }

    /// Weight among bestsellers, in orders of today.
    pub(crate) fn worth(&self, now_ms: i64) -> f64 {
        self.ranked.at(now_ms, BESTSELLER_HALF_LIFE_MS)
    }

    /// Fading number of views.
    pub(crate) fn viewed(&self, now_ms: i64) -> f64 {
        self.viewed.at(now_ms, VIEW_HALF_LIFE_MS)
    }

    /// Fading number of orders, carts by their weight.
    pub(crate) fn bought(&self, now_ms: i64) -> f64 {
        self.bought.at(now_ms, ORDER_HALF_LIFE_MS)
    }
}
