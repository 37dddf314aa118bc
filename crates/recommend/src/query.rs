//! The question and the answer: what is to be recommended, and why each pick was made, as data.

use std::ops::RangeInclusive;

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

/// Why an item was picked. The counts are whole and do not fade; they are since the index was built, so they
/// are what a person may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Ordered together with a seed.
    BoughtTogether {
        /// The seed.
        with: String,
        /// Orders that held both.
        orders: u32,
    },
    /// Put in the cart together with a seed, never yet ordered together.
    CartedTogether {
        /// The seed.
        with: String,
        /// Visitors who did.
        visitors: u32,
    },
    /// Viewed in one visit with a seed, or bought after viewing it.
    ViewedTogether {
        /// The seed.
        with: String,
        /// Visitors who did.
        visitors: u32,
    },
    /// Visits like this one went on to it.
    LikeVisits {
        /// The last seed.
        with: String,
    },
    /// This visitor looked at it or put it in the cart, and did not order it.
    SeenBefore,
    /// Of the same category as a seed, at a near price.
    Content {
        /// The seed.
        with: String,
    },
    /// Ordered much of late.
    Bestseller {
        /// In this category; none for the whole shop.
        category: Option<String>,
        /// Orders of it.
        orders: u32,
    },
    /// Looked at much of late, never yet ordered.
    Popular {
        /// In this category; none for the whole shop.
        category: Option<String>,
        /// Views of it.
        views: u32,
    },
    /// Added to the catalogue within the last 30 days.
    New,
    /// Nothing is known of it but that it can be bought.
    InStock,
}
