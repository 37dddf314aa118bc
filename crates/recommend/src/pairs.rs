//! What one more interaction says of two items: viewed in one visit, bought in one order, one after the other.

use crate::id_map::ItemId;
use crate::interactions::Kind;
use crate::limits::{
    CART_WINDOW_MS, LATER_WINDOW_MS, MAX_DIRECTED_NEIGHBOURS, MAX_LATER_PAIRED, MAX_ORDER_NEIGHBOURS,
    MAX_VIEW_NEIGHBOURS, MAX_VIEWS_PAIRED, ORDER_HALF_LIFE_MS, ORDER_WINDOW_MS, VIEW_HALF_LIFE_MS,
    VISIT_WINDOW_MS,
};
use crate::neighbours::Evidence;
use crate::popularity::CART_WEIGHT;
use crate::visitors::{Seen, Visitor, apart_ms};

/// Weight of an earlier item for a later one; the other way round a pair weighs half, for people move on.
const BACKWARD_WEIGHT: f32 = 0.5;
/// What it weighs that somebody viewed one item and then bought the other.
const VIEWED_THEN_BOUGHT_WEIGHT: f32 = 2.0;

/// Which list of an item a pair goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// Viewed in one visit with it, or bought after viewing it.
    Viewed,
    /// In one cart or order with it.
    Bought,
    /// Bought after viewing it.
    ThenBought,
    /// Ordered after it was ordered, in another order.
    Later,
}

impl List {
    /// After which time a pair weighs half, and how many neighbours the list keeps.
    pub(crate) fn bounds(self) -> (i64, usize) {
        match self {
            Self::Viewed => (VIEW_HALF_LIFE_MS, MAX_VIEW_NEIGHBOURS),
            Self::Bought => (ORDER_HALF_LIFE_MS, MAX_ORDER_NEIGHBOURS),
            Self::ThenBought => (VIEW_HALF_LIFE_MS, MAX_DIRECTED_NEIGHBOURS),
            Self::Later => (ORDER_HALF_LIFE_MS, MAX_DIRECTED_NEIGHBOURS),
        }
    }
}

/// One pair to count: `of` gets `item` as a neighbour.
pub(crate) struct Pair {
    pub(crate) of: ItemId,
    pub(crate) item: ItemId,
    pub(crate) weight: f32,
    pub(crate) evidence: Evidence,
    pub(crate) list: List,
}

/// The pairs a new interaction makes with what the visitor did before. It is the last of its own list
/// already.
pub(crate) fn pairs_of(visitor: &Visitor, now: Seen) -> Vec<Pair> {
    let mut pairs = Vec::new();
    match now.kind {
        Kind::View => {
            let near =
                |seen: &&Seen| seen.item != now.item && apart_ms(seen.at_ms, now.at_ms) <= VISIT_WINDOW_MS;
            for (steps, seen) in visitor.views().iter().rev().filter(near).take(MAX_VIEWS_PAIRED).enumerate()
            {
                let weight = 1.0 / (1.0 + steps as f32);
                push_both(
                    &mut pairs,
                    seen.item,
                    now.item,
                    [weight, weight * BACKWARD_WEIGHT],
                    Evidence::Visitor,
                    List::Viewed,
                );
            }
        }
        Kind::Cart => {
            let weight = CART_WEIGHT as f32;
            for seen in lines_with(visitor, now, CART_WINDOW_MS) {
                push_both(&mut pairs, seen.item, now.item, [weight; 2], Evidence::Visitor, List::Bought);
            }
        }
        Kind::Order => {
            let lines: Vec<_> = lines_with(visitor, now, ORDER_WINDOW_MS).collect();
            // Each line brings the weight of one pair, however long the order: a wholesaler's order of
            // hundreds of lines says little of any two of them.
            let weight = 1.0 / lines.len().max(1) as f32;
            for seen in lines {
                push_both(&mut pairs, seen.item, now.item, [weight; 2], Evidence::Order, List::Bought);
            }
            let before =
                |seen: &&Seen| seen.item != now.item && apart_ms(seen.at_ms, now.at_ms) <= CART_WINDOW_MS;
            for seen in visitor.views().iter().rev().filter(before).take(MAX_VIEWS_PAIRED) {
                let (of, item) = (seen.item, now.item);
                for (weight, list) in [(VIEWED_THEN_BOUGHT_WEIGHT, List::Viewed), (1.0, List::ThenBought)] {
                    pairs.push(Pair { of, item, weight, evidence: Evidence::Visitor, list });
                }
            }
            push_later(&mut pairs, visitor, now);
        }
    }
    pairs
}

/// What she ordered before, in other orders not long ago, is followed by this. Each line brings the weight of one
/// pair.
fn push_later(pairs: &mut Vec<Pair>, visitor: &Visitor, now: Seen) {
    let follows = |seen: &&Seen| {
        let after_ms = now.at_ms.saturating_sub(seen.at_ms);
        let in_time = after_ms > ORDER_WINDOW_MS && after_ms <= LATER_WINDOW_MS;
        seen.kind == Kind::Order && seen.item != now.item && in_time
    };
    let before: Vec<_> = visitor.acts().iter().rev().filter(follows).take(MAX_LATER_PAIRED).collect();
    let weight = 1.0 / before.len().max(1) as f32;
    for seen in before {
        let (of, item) = (seen.item, now.item);
        pairs.push(Pair { of, item, weight, evidence: Evidence::Order, list: List::Later });
    }
}

/// Other items in the same cart or order.
fn lines_with(visitor: &Visitor, now: Seen, window_ms: i64) -> impl Iterator<Item = &Seen> {
    visitor.acts().iter().filter(move |seen| {
        seen.kind == now.kind && seen.item != now.item && apart_ms(seen.at_ms, now.at_ms) <= window_ms
    })
}

/// A pair seen from both sides: the weight of the later item for the earlier one, then the other way round.
fn push_both(
    pairs: &mut Vec<Pair>,
    earlier: ItemId,
    later: ItemId,
    weights: [f32; 2],
    evidence: Evidence,
    list: List,
) {
    pairs.push(Pair { of: earlier, item: later, weight: weights[0], evidence, list });
    pairs.push(Pair { of: later, item: earlier, weight: weights[1], evidence, list });
}
