//! Recommendations on the shop's own pages: who clicked what in which block, and what an order owes to it.
//!
//! A click on a recommended product earns the lines of that product in an order placed within the attribution
//! window. Like a message's credit it is worked out at the order's door, from the clicks of everybody who reported
//! the order, and replaced when something changes.

use crate::event::{BlockSeen, Fact, Line};
use crate::limits;
use crate::money::{Currency, Money};
use crate::order::Order;
use crate::record;
use crate::time::{ShopTime, Span};
use crate::turn::Turn;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// Counts what was seen and clicked in blocks the shop has; names that anybody may invent count nothing.
pub(crate) fn count(turn: &mut Turn, fact: &Fact) {
    match fact {
        Fact::BlocksSeen { blocks } => {
            for BlockSeen { block, arm } in blocks {
                count_one(turn, block, arm, "shown");
            }
        }
        Fact::BlockClicked { block, arm, .. } => count_one(turn, block, arm, "clicked"),
        _ => {}
    }
}

/// The name under which a block stands among the numbers of journeys: no journey's name has a colon.
#[must_use]
pub fn counted_as(block: &str) -> String {
    format!("block:{block}")
}

fn count_one(turn: &mut Turn, block: &str, arm: &str, metric: &str) {
    let arms = turn.plan.blocks.get(block);
    if arms.is_some_and(|arms| arm.is_empty() || arms.contains(arm)) {
        turn.count(&counted_as(block), arm, metric);
    }
}

impl Order {
    /// Takes in what a report says of the lines; the later word of the better source wins.
    pub(crate) fn say_lines(&mut self, lines: &[Line], word: (ShopTime, u32, u64)) {
        if lines.is_empty() {
            return;
        }
        let ordered = lines.iter().take(limits::ORDER_LINES_KEPT_MAX).map(|line| OrderedLine {
            item: line.item.id.clone(),
            quantity: line.quantity,
            price: line.price,
            ..OrderedLine::default()
        });
        let ordered: Vec<OrderedLine> = ordered.collect();
        let known = (self.lines_at, self.lines_by, self.lines_number.0, &self.lines);
        if (word.0, word.1, word.2, &ordered) > known {
            self.lines = ordered;
            (self.lines_at, self.lines_by, self.lines_number.0) = word;
        }
    }

    /// What it owes to blocks: each line to the last click on its product before the order was placed, within
    /// the window.
    #[must_use]
    pub fn block_credits(&self, window: Span) -> Vec<BlockCredit> {
        if self.placed_at == ShopTime(0) {
            return Vec::new();
        }
        let mut owed: BTreeMap<(&str, &str, Currency), (u32, i64)> = BTreeMap::new();
        for line in &self.lines {
            let earned = self.block_touches.iter().find(|touch| {
                touch.item == line.item
                    && touch.at <= self.placed_at
                    && self.placed_at.since(touch.at) <= window
            });
            let Some(touch) = earned else { continue };
            let price =
                line.price.or(self.total.map(|total| Money { minor: 0, ..total })).unwrap_or_default();
            let sum = owed.entry((&touch.block, &touch.arm, price.currency)).or_default();
            if self.stands() {
                sum.0 = sum.0.saturating_add(line.quantity);
                sum.1 = sum.1.saturating_add(price.minor.saturating_mul(i64::from(line.quantity)));
            }
        }
        let mut credits = Vec::with_capacity(owed.len());
        for ((block, arm, currency), (units, minor)) in owed {
            let (block, arm) = (block.to_owned(), arm.to_owned());
            credits.push(BlockCredit { block, arm, units, revenue: Money { minor, currency } });
        }
        credits
    }
}
