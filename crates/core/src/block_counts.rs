//! Counting what was seen and clicked in blocks of recommendations.

use crate::block::counted_as;
use crate::event::{BlockSeen, Fact};
use crate::turn::Turn;

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

fn count_one(turn: &mut Turn, block: &str, arm: &str, metric: &str) {
    let arms = turn.plan.blocks.get(block);
    if arms.is_some_and(|arms| arm.is_empty() || arms.contains(arm)) {
        turn.count(&counted_as(block), arm, metric);
    }
}
