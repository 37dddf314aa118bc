//! Reads a YML product feed (the `yml_catalog` XML of Russian marketplaces) as a stream, in constant memory.
//!
//! One offer is held at a time, so a feed of gigabytes costs what a feed of kilobytes does; the one thing
//! that grows is eight bytes per offer, by which duplicate ids are found. What is wrong with one offer is
//! reported and the rest is read; what is wrong with the file refuses it whole, with the line. A refusal may
//! come after thousands of good items, so the caller must apply nothing before [`read`] has returned `Ok`.
//!
//! No DTD is ever fetched and no entity expanded but the five of XML, numeric ones, and the names HTML knows.
//! Format: <https://yandex.com/support/partnermarket/offers.html>.

mod diagnose;
mod entity;
mod html;
mod node;
mod offer;
mod source;
#[cfg(test)]
mod tests;
mod walk;
mod words;

use super::Notice;
use beckon_core::catalogue::{Category, Offer};
use beckon_core::money::{Currency, Money};
use std::io::Read;

/// One finding, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// What the shop says of itself. Comes before the first offer, and once more if something followed the
    /// offers.
    Shop(Shop),
    /// A category of the tree; its parent may come later, or never.
    Category(Category),
    /// An offer fit to import, and the line on which it starts.
    Offer(u64, Box<Offer>),
    /// Price and stock of an offer without a name: of use only when the catalogue knows the id already.
    StockOnly(StockOnly),
    /// An offer that cannot be imported.
    Broken {
        /// Line of the file on which it starts, from 1.
        line: u64,
        /// Its id where it has one, else empty.
        id: String,
        /// Why.
        reason: Notice,
    },
    /// Something was dropped, cut or doubtful; the offer it belongs to is imported all the same.
    Warning {
        /// Line of the file, from 1.
        line: u64,
        /// The offer's id; empty when it is not about an offer.
        id: String,
        /// What.
        what: Notice,
    },
}

/// The head of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shop {
    /// Short name.
    pub name: String,
    /// Legal name.
    pub company: String,
    /// Address of the shop's site as written, empty if none.
    pub url: String,
    /// Currencies in the feed's order.
    pub currencies: Vec<Currency>,
}

/// A line of a feed that only updates price and stock (marketplace stock feeds name nothing else).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockOnly {
    /// Line of the file on which it starts, from 1.
    pub line: u64,
    /// The offer's id.
    pub id: String,
    /// Price today.
    pub price: Option<Money>,
    /// Price before a discount, above `price`.
    pub old_price: Option<Money>,
    /// Whether it can be ordered now.
    pub available: bool,
    /// Pieces in stock.
    pub stock: Option<u32>,
}

/// What was read, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Offers fit to import.
    pub offers: u64,
    /// Offers with price and stock only.
    pub stock_only: u64,
    /// Offers refused, each reported.
    pub broken: u64,
    /// Warnings given.
    pub warnings: u64,
    /// Categories.
    pub categories: u64,
    /// The line the file ends on.
    pub lines: u64,
    /// Bytes of the file, as stored (before decoding).
    pub bytes: u64,
    /// Name of the encoding it was read in, such as `UTF-8` or `windows-1251`.
    pub encoding: &'static str,
    /// The catalogue's own `date`, as written; empty if none.
    pub date: String,
}

/// Why a feed was refused whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Line of the file from 1, where one can be named.
    pub line: Option<u64>,
    /// What is wrong.
    pub reason: Notice,
    /// What to do about it.
    pub hint: Notice,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}. {}", self.reason.en, self.hint.en),
            None => write!(f, "{}. {}", self.reason.en, self.hint.en),
        }
    }
}

impl std::error::Error for Refused {}

/// Reads a feed to its end and hands what it finds to `sink`, in order. Prices without a currency in a feed
/// that names none are taken as roubles.
///
/// # Errors
/// When the feed as a whole cannot be trusted: what was handed over before must be thrown away.
pub fn read(input: impl Read, sink: &mut dyn FnMut(Item)) -> Result<Summary, Refused> {
    read_in(input, Currency::RUB, sink)
}

/// As [`read`], with the shop's own currency for prices that name none.
///
/// # Errors
/// As [`read`].
pub fn read_in(input: impl Read, currency: Currency, sink: &mut dyn FnMut(Item)) -> Result<Summary, Refused> {
    walk::walk(source::Source::open(input)?, currency, sink)
}
