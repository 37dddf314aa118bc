//! Offers as a shop's feed states them, and the little of them that decisions need in memory.

use crate::money::Money;
use serde::{Deserialize, Serialize};

/// A product, or one variant of a product, as the shop sells it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The shop's own id of the offer; unique in the catalogue.
    pub id: String,
    /// Variants of one product share it; empty when the product has one variant.
    pub group: String,
    /// Title as shown to shoppers.
    pub title: String,
    /// Absolute address of the product's page.
    pub url: String,
    /// Pictures, best first.
    pub pictures: Vec<String>,
    /// Price today; `None` when the feed states none.
    pub price: Option<Money>,
    /// Price before a discount, above `price`.
    pub old_price: Option<Money>,
    /// Whether it can be ordered now.
    pub available: bool,
    /// Pieces in stock where the feed says so.
    pub stock: Option<u32>,
    /// Category id in the feed; empty when none.
    pub category: String,
    /// Brand; empty when none.
    pub vendor: String,
    /// The maker's article number; empty when none.
    pub vendor_code: String,
    /// Plain text.
    pub description: String,
    /// Parameters in the feed's order: name, value with unit.
    pub params: Vec<(String, String)>,
}

/// A category of the feed's tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Id in the feed.
    pub id: String,
    /// Id of the category above; empty at the top.
    pub parent: String,
    /// Name as shown to shoppers.
    pub name: String,
}
