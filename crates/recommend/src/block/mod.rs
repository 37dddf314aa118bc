//! A block as a marketer composes it: what to show, what never, in which order, and what when that is not enough.
//!
//! A block is data. [`Block::parse`] reads it from JSON and says of each mistake where it stands and how to mend it;
//! [`crate::Recommender::serve`] fills it. Every field but a source's `strategy` may be left out:
//!
//! ```
//! use beckon_recommend::block::Block;
//!
//! let block = Block::parse(r#"{
//!     "name": "cart-extras",
//!     "title": {"en": "Goes well with it", "ru": "С этим берут"},
//!     "mix": [{"strategy": "bought_together", "share": 75}, {"strategy": "accessories", "share": 25}],
//!     "fall_back": [{"strategy": "bestsellers", "scope": "category", "period": "week"}],
//!     "filters": {"price_of_seed": {"from": 5, "to": 60}, "brands": {"not": ["Noname"]}},
//!     "rules": [{"pin": {"item": "GIFT-CARD", "position": 1}}, {"at_most": {"per": "brand", "count": 2}}],
//!     "diversity": 30, "size": 8, "min_size": 4
//! }"#).unwrap();
//! assert_eq!(block.title("ru-RU"), Some("С этим берут"));
//! let flaws = Block::parse(r#"{"name": "x", "mix": [{"strategy": "bought_togther"}]}"#).unwrap_err();
//! assert!(flaws[0].to_string().contains("`bought_together`"));
//! ```

mod check;
mod defaults;
mod filters;
mod flaw;
mod rules;
mod strategy;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use check::day_of_year as check_day;
pub use defaults::{Default as BuiltIn, Placement, built_in};
pub use filters::{Attribute, Filters, Names, Percents, Range};
pub use flaw::{Flaw, Wrong};
pub use rules::{Goods, Per, Rule};
pub use strategy::{Channel, Holiday, Period, Scope, SeedsFrom, Source, Strategy};

/// Most places of a block.
pub const MAX_SIZE: u16 = 100;
/// Most sources of a mix, and most of a chain.
pub const MAX_SOURCES: usize = 12;
/// Most rules, and most names in a list of a filter or rule.
pub const MAX_ROWS: usize = 200;

/// A block of recommendations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Block {
    /// Its stable name: small Latin letters, digits and hyphens.
    pub name: String,
    /// The heading shoppers see, by language ("en", "ru").
    pub title: BTreeMap<String, String>,
    /// What fills it: each source gets its share of the places, and they alternate.
    pub mix: Vec<Source>,
    /// What fills places left open, one after the other.
    pub fall_back: Vec<Source>,
    /// When the chain is at its end too: bestsellers of the category, then of the shop, then anything that can be
    /// bought. Off, the list may stay short or empty.
    pub fill: bool,
    /// What may be shown at all; every source keeps to it.
    pub filters: Filters,
    /// What the marketer wants in spite of the figures.
    pub rules: Vec<Rule>,
    /// 0: by score alone; 100: each item as unlike those above it as can be.
    pub diversity: u8,
    /// Places, 1 to 100.
    pub size: u16,
    /// With fewer items the answer says that it is not worth showing.
    pub min_size: u16,
    /// How much work goes into an answer.
    pub profile: Work,
}

impl Default for Block {
    fn default() -> Self {
        Self {
            name: String::new(),
            title: BTreeMap::new(),
            mix: Vec::new(),
            fall_back: Vec::new(),
            fill: true,
            filters: Filters::default(),
            rules: Vec::new(),
            diversity: 0,
            size: 8,
            min_size: 1,
            profile: Work::Fast,
        }
    }
}

/// How much work goes into an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Live counts and fused neighbours: tenths of a millisecond.
    #[default]
    Fast,
    /// Candidates put in order by what was learned on the shop's own last days: milliseconds.
    Reranked,
}

impl Block {
    /// Reads a block from JSON and checks it whole.
    ///
    /// # Errors
    /// Every flaw found, with its place, its value and how to mend it. Text that is no JSON, or has a field or a
    /// name nobody knows, gives one flaw.
    pub fn parse(json: &str) -> Result<Self, Vec<Flaw>> {
        let block: Self = serde_json::from_str(json).map_err(|error| vec![Flaw::of_json(&error)])?;
        let flaws = block.flaws();
        if flaws.is_empty() { Ok(block) } else { Err(flaws) }
    }

    /// The heading in a language: that of the locale ("ru-RU"), of its language ("ru"), English, then any.
    pub fn title(&self, locale: &str) -> Option<&str> {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        let of = |name: &str| self.title.get(name);
        let found =
            of(locale).or_else(|| of(language)).or_else(|| of("en")).or_else(|| self.title.values().next());
        found.map(String::as_str)
    }
}
