//! A plain question for one purpose, and its picks.

use std::ops::RangeInclusive;

use crate::reason::Reason;

/// What the list is for. It decides where the search begins; when that is not enough, the chain goes on:
/// complements, similar, bestsellers of the category, of its parents, of the shop, anything in stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// What goes with the seeds (accompanying products, accessories).
    Complements,
    /// What could be taken instead of the seeds (alternatives).
    #[default]
    Similar,
    /// What suits what the visitor viewed, carted and bought.
    Personal,
    /// What sells most in the category, then in its parents, then in the shop.
    Bestsellers,
}

/// A question. `Query { purpose, seeds, n: 8, ..Query::default() }` is enough.
#[derive(Clone, Debug, Default)]
pub struct Query<'a> {
    /// Items the answer starts from, oldest first: the cart, the viewed product, the order. Never returned.
    pub seeds: &'a [&'a str],
    /// For whom: what this visitor did last takes the place of missing seeds.
    pub visitor: Option<u64>,
    /// Items that must not be returned (bought, already shown), nor any variant of them.
    pub exclude: &'a [&'a str],
    /// Where bestsellers begin. Without it, the categories of the seeds.
    pub category: Option<&'a str>,
    /// Return nothing outside of `category` and what is below it, even if the list stays short.
    pub only_category: bool,
    /// Longest list wanted; at most 500 are given.
    pub n: usize,
    /// What the list is for.
    pub purpose: Purpose,
    /// Prices allowed, in minor units.
    pub price_minor: Option<RangeInclusive<i64>>,
    /// `Personal` only: places that may go to items the visitor looked at before and did not buy.
    pub repeats: usize,
}

/// One recommended item.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    /// The item's id.
    pub item: String,
    /// Falls along the list. Not comparable between lists.
    pub score: f32,
    /// Why it is here.
    pub reason: Reason,
}
