//! One field of the form of a block: what it may hold, and what may be wrong with it.

use beckon_recommend::block::Flaw;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A text.
    Text,
    /// A whole number.
    Whole,
    /// A number with a point or a comma.
    Decimal,
    /// An amount in the shop's currency; minor units in JSON.
    Sum,
    /// Texts, one to a line or by commas.
    Lines,
    /// Categories by name or id, one to a line or by commas.
    Categories,
    /// A box.
    Flag,
    /// Boxes; their values.
    Boxes(&'static [&'static str]),
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No whole number.
    NotWhole,
    /// No number.
    NotNumber,
    /// No amount of money.
    NotSum,
    /// A category nobody knows; its name.
    NoCategory(String),
    /// Several categories are called so; their ids.
    Ambiguous(String, String),
    /// A flaw of the block.
    Flaw(Flaw),
    /// Anything else, in words.
    Said(String),
}

/// The parts of a list.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ',', ';']).map(str::trim).filter(|part| !part.is_empty())
}
