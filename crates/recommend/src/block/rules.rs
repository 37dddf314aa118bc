//! What the marketer wants in spite of the figures.

use serde::{Deserialize, Serialize};

/// A rule. In JSON its name is the key: `{"boost": {"goods": {"brands": ["Own"]}, "times": 1.5}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// This item stands at this place, counted from 1, if it may be shown at all.
    Pin {
        /// Id of the item.
        item: String,
        /// Its place; past the end of the list it is the last one.
        position: u16,
    },
    /// The score of these goods is multiplied.
    Boost {
        /// Which.
        goods: Goods,
        /// By what, above 1.
        times: f32,
    },
    /// The score of these goods is divided.
    Bury {
        /// Which.
        goods: Goods,
        /// By what, above 1.
        times: f32,
    },
    /// These goods are not shown.
    Hide {
        /// Which.
        goods: Goods,
    },
    /// What earns more stands higher: the score is multiplied by 1 + weight × margin, the margin as a share of the
    /// price. Goods without a known margin keep their score.
    Margin {
        /// 0 to 10.
        weight: f32,
    },
    /// No brand or no category more than so often, as long as others are left; goods without one are free.
    AtMost {
        /// Of what.
        per: Per,
        /// How many.
        count: u16,
    },
}

/// Which goods a rule means: those that any of the lists names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Goods {
    /// Ids of items.
    pub items: Vec<String>,
    /// Ids of categories, with all below them.
    pub categories: Vec<String>,
    /// Brands.
    pub brands: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
}

/// What a list is mixed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// The brand.
    Brand,
    /// The item's own category.
    Category,
}
