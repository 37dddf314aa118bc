//! People in tests of blocks: who was shown which way to fill a block, whether she chose something there, and whether
//! she ordered. Each counts once, under the way she was shown first.

use crate::block::counted_as;
use crate::event::{BlockSeen, Fact, OrderStatus};
use crate::limits;
use crate::plan::Plan;
use crate::record;
use crate::time::ShopTime;
use crate::turn::Turn;

record! {
    /// A test of a block she is in.
    #[derive(Eq, PartialOrd, Ord)]
    pub struct BlockTest {
        /// When she was first shown the block.
        1 at: ShopTime,
        /// Block by name.
        2 block: String,
        /// The way it was filled for her, by name.
        3 arm: String,
        /// She clicked on something in it.
        4 clicked: bool,
        /// She ordered within the attribution window after it was shown to her.
        5 bought: bool,
    }
}

impl BlockTest {
    /// Brings the tests of two profiles together: of each block the one that began first.
    pub(crate) fn join(mine: &mut Vec<BlockTest>, theirs: &[BlockTest]) {
        mine.extend_from_slice(theirs);
        mine.sort_by(|a, b| (&a.block, a.at, &a.arm).cmp(&(&b.block, b.at, &b.arm)));
        mine.dedup_by(|later, first| {
            let same = later.block == first.block;
            if same && later.arm == first.arm {
                first.clicked |= later.clicked;
                first.bought |= later.bought;
            }
            same
        });
        Self::bound(mine);
    }

    /// The newest stay, newest last.
    pub(crate) fn bound(tests: &mut Vec<BlockTest>) {
        tests.sort();
        tests.drain(..tests.len().saturating_sub(limits::BLOCK_TESTS_MAX));
    }
}

/// Whether an event may be about somebody in a test of a block: then the warm half is wanted.
pub(crate) fn concerns(plan: &Plan, fact: &Fact) -> bool {
    let tested = |seen: &BlockSeen| plan.blocks.get(&seen.block).is_some_and(|arms| arms.len() > 1);
    matches!(fact, Fact::BlocksSeen { blocks } if blocks.iter().any(tested))
}

/// Notes and counts people: `people` shown, `people_clicked`, `people_bought`.
pub(crate) fn count(turn: &mut Turn, fact: &Fact, at: ShopTime) {
    match fact {
        Fact::BlocksSeen { blocks } => blocks.iter().for_each(|seen| shown(turn, &seen.block, &seen.arm, at)),
        Fact::BlockClicked { block, arm, .. } => {
            // A click that came without a showing was one.
            shown(turn, block, arm, at);
            let mine = |test: &BlockTest| test.block == *block && test.arm == *arm && !test.clicked;
            mark(turn, "people_clicked", mine, |test| test.clicked = true);
        }
        Fact::Order(order) if order.status != OrderStatus::Cancelled => {
            let window = turn.plan.settings.attribution;
            let after = |test: &BlockTest| !test.bought && test.at <= at && at.since(test.at) <= window;
            mark(turn, "people_bought", after, |test| test.bought = true);
        }
        _ => {}
    }
}

fn shown(turn: &mut Turn, block: &str, arm: &str, at: ShopTime) {
    let Some(arms) = turn.plan.blocks.get(block).filter(|arms| arms.len() > 1 && arms.contains(arm)) else {
        return;
    };
    let Some(warm) = &mut turn.profile.warm else { return };
    if warm.block_tests.iter().any(|test| test.block == block && arms.contains(&test.arm)) {
        return;
    }
    // What is known of an earlier test of the block, with other ways to fill it, is over.
    warm.block_tests.retain(|test| test.block != block);
    let test = BlockTest { at, block: block.to_owned(), arm: arm.to_owned(), ..BlockTest::default() };
    warm.block_tests.push(test);
    BlockTest::bound(&mut warm.block_tests);
    turn.count(&counted_as(block), arm, "people");
}

fn mark(turn: &mut Turn, metric: &str, which: impl Fn(&BlockTest) -> bool, set: fn(&mut BlockTest)) {
    let Some(warm) = &mut turn.profile.warm else { return };
    let mut marked = Vec::new();
    for test in warm.block_tests.iter_mut().filter(|test| which(test)) {
        set(test);
        marked.push((counted_as(&test.block), test.arm.clone()));
    }
    for (block, arm) in marked {
        turn.count(&block, &arm, metric);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(at: i64, block: &str, arm: &str, clicked: bool) -> BlockTest {
        let (block, arm) = (block.to_owned(), arm.to_owned());
        BlockTest { at: ShopTime(at), block, arm, clicked, ..BlockTest::default() }
    }

    #[test]
    fn joined_either_way_the_first_showing_stays_and_old_tests_go() {
        let mine = vec![test(5, "a", "x", false), test(9, "b", "x", false)];
        let theirs = vec![test(3, "a", "y", false), test(10, "b", "x", true)];
        let join = |mine: &[BlockTest], theirs: &[BlockTest]| {
            let mut joined = mine.to_vec();
            BlockTest::join(&mut joined, theirs);
            joined
        };
        let joined = join(&mine, &theirs);
        assert_eq!(joined, join(&theirs, &mine));
        assert_eq!(joined, [test(3, "a", "y", false), test(9, "b", "x", true)]);
        let many: Vec<BlockTest> = (0..50).map(|n| test(n, &format!("b{n}"), "x", false)).collect();
        let kept = join(&many, &[]);
        assert_eq!(kept.len(), limits::BLOCK_TESTS_MAX);
        assert_eq!(kept.last(), many.last());
    }
}
