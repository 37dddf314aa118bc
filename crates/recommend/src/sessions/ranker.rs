//! A ranker that trains itself on the shop's own last sessions.
//!
//! The newest sessions are set aside, an index is built of the older ones, and trees learn to put the click
//! that really came next on top of the candidates that this index gives. Then the index is built anew of all
//! sessions.

use crate::id_map::ItemId;
use crate::sessions::features::{ItemTraits, WIDTH, choose, rows};
use crate::sessions::fusion::{Judged, Jury, SessionIndex, distinct_backward};
use crate::sessions::returns::Returns;
use crate::sessions::trees::{Cases, Growth, Trees};

/// One of so many sessions, the newest, is learned from.
const HELD_OUT: usize = 14;
/// Questions learned from, at most.
const MAX_CASES: usize = 40_000;
/// Questions from which it is learned where to cut features.
const SAMPLE_CASES: usize = 1_000;
/// Below this many questions trees would learn noise.
const MIN_CASES: usize = 500;
const GROWTH: Growth = Growth { trees: 240, leaves: 31, rate: 0.07, leaf_weight: 4.0, ridge: 4.0 };

/// Index, facts of items and trees that belong together.
#[derive(Clone, Debug)]
pub(crate) struct Ranker {
    pub(crate) index: SessionIndex,
    traits: ItemTraits,
    returns: Returns,
    trees: Option<Trees>,
}

impl Ranker {
    /// Learns from sessions, oldest first; items are numbered below `items`. Too few of them leave it to the
    /// fusion.
    pub(crate) fn train(sessions: &[&[ItemId]], items: usize) -> Self {
        let (older, newest) = sessions.split_at(sessions.len() - sessions.len() / HELD_OUT);
        let trees = learn(older, newest, items);
        Self { trees, ..Self::fused(sessions, items) }
    }

    /// The same without trees: quicker to build and to ask.
    pub(crate) fn fused(sessions: &[&[ItemId]], items: usize) -> Self {
        let index = SessionIndex::new(sessions.iter().copied(), items);
        let traits = ItemTraits::new(sessions.iter().copied(), &index);
        Self { index, traits, returns: Returns::count(sessions), trees: None }
    }

    /// The next items of a session, best first, of those let through.
    pub(crate) fn next(
        &self,
        jury: &mut Jury,
        prefix: &[ItemId],
        admits: impl Fn(ItemId) -> bool,
    ) -> Vec<ItemId> {
        let candidates = choose(jury.judge(&self.index, &distinct_backward(prefix), admits));
        let mut order: Vec<(f32, usize)> = match &self.trees {
            None => self.fused_order(prefix, &candidates),
            Some(trees) => {
                let mut table = Vec::new();
                rows(&self.index, &self.traits, prefix, &candidates, &mut table);
                table.chunks_exact(WIDTH).map(|row| trees.score(row)).zip(0..).collect()
            }
        };
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        order.into_iter().map(|(_, place)| candidates[place].item).collect()
    }

    /// Seen and new items merged by the chance of each, as far as it is known without training.
    fn fused_order(&self, prefix: &[ItemId], candidates: &[Judged]) -> Vec<(f32, usize)> {
        let seen = candidates.iter().take_while(|one| one.seen.is_some()).count();
        let chance = |(place, one): (usize, &Judged)| match one.seen {
            Some(age) => self.returns.to_seen(prefix, one.item, age),
            None => self.returns.to_new(place - seen),
        };
        candidates.iter().enumerate().map(chance).zip(0..).collect()
    }
}

fn learn(older: &[&[ItemId]], newest: &[&[ItemId]], items: usize) -> Option<Trees> {
    let before = Ranker::fused(older, items);
    let mut jury = Jury::new(&before.index);
    let questions: usize = newest.iter().map(|session| session.len().saturating_sub(1)).sum();
    let step = questions.div_ceil(MAX_CASES).max(1);
    let asked = newest
        .iter()
        .flat_map(|session| (1..session.len()).map(|length| session.split_at(length)))
        .step_by(step);
    let mut groups: Vec<(Vec<f32>, usize)> = Vec::new();
    let mut cases: Option<Cases> = None;
    let mut table = Vec::new();
    for (prefix, rest) in asked {
        let candidates = choose(jury.judge(&before.index, &distinct_backward(prefix), |_| true));
        let Some(right) = candidates.iter().position(|one| one.item == rest[0]) else { continue };
        rows(&before.index, &before.traits, prefix, &candidates, &mut table);
        match &mut cases {
            Some(cases) => cases.add(&table, right),
            None => {
                groups.push((table.clone(), right));
                if groups.len() == SAMPLE_CASES {
                    cases = Some(with_cuts(&groups));
                }
            }
        }
    }
    let cases = cases.unwrap_or_else(|| with_cuts(&groups));
    (cases.len() >= MIN_CASES).then(|| Trees::fit(&cases, &GROWTH))
}

/// Cuts the features by these groups and holds them.
fn with_cuts(groups: &[(Vec<f32>, usize)]) -> Cases {
    let sample: Vec<f32> = groups.iter().flat_map(|(rows, _)| rows.iter().copied()).collect();
    let mut cases = Cases::new(WIDTH, &sample);
    groups.iter().for_each(|(rows, right)| cases.add(rows, *right));
    cases
}
