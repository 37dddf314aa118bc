//! What an order owes to blocks of recommendations, worked out at its door.

use crate::block::{BlockCredit, OrderedLine};
use crate::event::Line;
use crate::limits;
use crate::money::{Currency, Money};
use crate::order::Order;
use crate::time::{ShopTime, Span};
use std::collections::BTreeMap;

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
