//! What comes back: items with reasons, and what happened on the way.

use serde::Serialize;

use crate::block::Strategy;
use crate::reason::Reason;

/// A filled block.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Answer {
    /// The items in their places.
    pub items: Vec<Served>,
    /// There are at least as many as the block wants to be shown at all.
    pub enough: bool,
    /// What each source that was asked gave, in the order they were asked.
    pub steps: Vec<Step>,
    /// What whoever made the block should know.
    pub notes: Vec<Note>,
}

/// One item in its place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Served {
    /// The item's id.
    pub item: String,
    /// The strategy's score after the rules, the best candidate of a strategy at 1 before them. Not comparable between
    /// strategies.
    pub score: f32,
    /// Which strategy gave it; none for a pinned one.
    pub strategy: Option<Strategy>,
    /// 0: what the block asks for; from 1: the steps of the chain of fall-backs, then those that fill any list.
    pub step: u8,
    /// Why.
    pub reason: Reason,
}

/// What one source gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Which strategy.
    pub strategy: Strategy,
    /// As [`Served::step`].
    pub step: u8,
    /// Places it was to fill.
    pub wanted: u16,
    /// Places it filled.
    pub filled: u16,
    /// Candidates its conditions refused: filters, band, category.
    pub refused: u32,
    /// How it went.
    pub outcome: Outcome,
}

/// How a source did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It filled its places.
    Filled,
    /// It had some, not enough.
    Short,
    /// It had nothing to start from or to offer.
    Nothing,
    /// It had candidates, and the filters refused each.
    AllRefused,
    /// It is not for this channel, day or country.
    NotNow,
}

/// What whoever made the block should know of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// Places went to a fall-back, because what was asked for had not enough.
    FellBack {
        /// How many.
        places: u16,
        /// The first fall-back that gave any.
        to: Strategy,
    },
    /// A pinned item may not be shown now: not in stock, hidden, in the cart, bought, or refused by a filter.
    PinLeftOut {
        /// The item.
        item: String,
    },
    /// A name the catalogue does not know.
    UnknownName {
        /// Where in the block.
        field: &'static str,
        /// The name.
        name: String,
    },
    /// There was no seed with a price, so the band of its price was left out.
    NoSeedPrice,
    /// Only goods beyond the block's limit per brand or category were left.
    MixRelaxed {
        /// How many places went to such goods.
        places: u16,
    },
    /// Fewer items than places: nothing else may be shown.
    Short {
        /// Places left empty.
        places: u16,
    },
}
