//! What a block may show at all. Stock, hidden goods, the cart and the seeds are always kept to and have no switch.

use serde::{Deserialize, Serialize};

/// Conditions; all must hold. Empty ones let everything through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filters {
    /// Price in minor units.
    pub price_minor: Range,
    /// Price in percent of the seed's (the dearest one's, where there are several). Without a seed it is left out,
    /// and the answer says so.
    pub price_of_seed: Percents,
    /// Categories by id, with all below them.
    pub categories: Names,
    /// Brands, however they are written.
    pub brands: Names,
    /// Tags of the shop.
    pub tags: Names,
    /// Attributes with the values allowed or not.
    pub attributes: Vec<Attribute>,
    /// Goods bought within so many days are not shown again, unless they are consumed often; at least 1.
    pub not_bought_days: u16,
    /// The same for goods consumed often; 0 for no such bound.
    pub not_bought_days_consumed: u16,
    /// Leave out what the shopper looked at.
    pub not_viewed: bool,
    /// Margin in percent of the price, at least; goods whose margin is not known are left out then.
    pub margin_percent: Option<i16>,
    /// Days since the shop first offered it; goods without that day are left out then.
    pub age_days: Range,
    /// Mean mark in stars, at least; goods without marks are left out then.
    pub rating: Option<f32>,
}

impl Default for Filters {
    fn default() -> Self {
        Self {
            price_minor: Range::default(),
            price_of_seed: Percents::default(),
            categories: Names::default(),
            brands: Names::default(),
            tags: Names::default(),
            attributes: Vec::new(),
            not_bought_days: 365,
            not_bought_days_consumed: 0,
            not_viewed: false,
            margin_percent: None,
            age_days: Range::default(),
            rating: None,
        }
    }
}

/// From and to, both included; an end left out is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Range {
    /// The least.
    pub from: Option<i64>,
    /// The most.
    pub to: Option<i64>,
}

impl Range {
    /// Whether it says anything.
    pub fn is_set(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// Whether a number lies in it.
    pub fn holds(&self, number: i64) -> bool {
        self.from.is_none_or(|from| from <= number) && self.to.is_none_or(|to| number <= to)
    }
}

/// From and to in percent of another number, both included; 100 is the number itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Percents {
    /// The least.
    pub from: Option<u32>,
    /// The most.
    pub to: Option<u32>,
}

impl Percents {
    /// The numbers meant, given the whole.
    pub fn of(&self, whole: i64) -> Range {
        let part = |percent: Option<u32>| {
            percent.map(|percent| whole.saturating_mul(i64::from(percent)).div_euclid(100))
        };
        Range { from: part(self.from), to: part(self.to) }
    }

    /// Whether it says anything.
    pub fn is_set(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }
}

/// Only these, and none of those.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Names {
    /// One of these; empty for any.
    pub only: Vec<String>,
    /// None of these.
    pub not: Vec<String>,
}

/// An attribute and its values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attribute {
    /// Its name, as in the feed.
    pub name: String,
    /// It has one of these values; empty for any or none.
    pub only: Vec<String>,
    /// It has none of these values.
    pub not: Vec<String>,
}
