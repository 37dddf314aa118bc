//! Recommendations on the shop's own pages: who clicked what in which block, and what an order owes to it.
//!
//! A click on a recommended product earns the lines of that product in an order placed within the attribution
//! window. Like a message's credit it is worked out at the order's door, from the clicks of everybody who reported
//! the order, and replaced when something changes.

use crate::money::Money;
use crate::record;
use crate::time::ShopTime;
use serde::{Deserialize, Serialize};

record! {
    /// A click on a product that a block recommended.
    #[derive(Eq, PartialOrd, Ord)]
    pub struct BlockTouch {
        /// When.
        1 at: ShopTime,
        /// Block by name.
        2 block: String,
        /// Arm of the block's test by name; empty where there is none.
        3 arm: String,
        /// The product's id.
        4 item: String,
    }
}

/// A click on a recommended product, as a profile tells it to the door of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockClick {
    /// Block by name.
    pub block: String,
    /// Arm by name, or empty.
    pub arm: String,
    /// The product's id.
    pub item: String,
    /// When.
    pub at: ShopTime,
}

record! {
    /// A line of an order at its door.
    #[derive(Eq, PartialOrd, Ord)]
    pub struct OrderedLine {
        /// The product's id.
        1 item: String,
        /// How many.
        2 quantity: u32,
        /// Price of one, where reported.
        3 price: Option<Money>,
    }
}

/// What an order owes to a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockCredit {
    /// Block by name.
    pub block: String,
    /// Arm by name, or empty.
    pub arm: String,
    /// Pieces ordered after a click on them there; 0 of a cancelled order.
    pub units: u32,
    /// What they cost, where the order says so; 0 of a cancelled order.
    pub revenue: Money,
}

impl BlockTouch {
    /// Adds a click to others, newest first, each once; the oldest gives way.
    pub(crate) fn add(touches: &mut Vec<BlockTouch>, touch: BlockTouch, most: usize) {
        if !touches.contains(&touch) {
            touches.push(touch);
        }
        touches.sort_by(|a, b| b.cmp(a));
        touches.truncate(most);
    }
}

/// The name under which a block stands among the numbers of journeys: no journey's name has a colon.
#[must_use]
pub fn counted_as(block: &str) -> String {
    format!("block:{block}")
}
