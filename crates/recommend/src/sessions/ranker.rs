//! A ranker that trains itself on the shop's own last sessions.
//!
//! The newest sessions are set aside, an index is built of the older ones, and trees learn to put the click
//! that really came next on top of the candidates that this index gives. Then the index is built anew of all
//! sessions.

use crate::id_map::ItemId;
use crate::sessions::features::{ItemTraits, WIDTH, choose, rows};
use crate::sessions::fusion::{Judged, Jury, SessionIndex, distinct_backward};
use crate::sessions::history::Past;
use crate::sessions::returns::Returns;
use crate::sessions::trees::{Cases, Growth, Trees};

/// One of so many sessions, the newest, is learned from; in a small shop some such windows, each with an
/// index of what came before it, until there are questions enough.
const HELD_OUT: usize = 14;
const MAX_WINDOWS: usize = 4;
const ENOUGH_CASES: usize = 25_000;
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
        let size = sessions.len() / HELD_OUT;
        let mut lesson = Lesson::default();
        let mut end = sessions.len();
        for _ in 0..MAX_WINDOWS {
            let (older, newest) = sessions[..end].split_at(end - size);
            lesson.ask(older, newest, items);
            end -= size;
            if lesson.asked >= ENOUGH_CASES {
                break;
            }
        }
        Self { trees: lesson.learned(), ..Self::fused(sessions, items) }
    }

    /// The same without trees: quicker to build and to ask.
    pub(crate) fn fused(sessions: &[&[ItemId]], items: usize) -> Self {
        let index = SessionIndex::new(sessions.iter().copied(), items);
        let traits = ItemTraits::new(sessions.iter().copied(), &index);
        Self { index, traits, returns: Returns::count(sessions), trees: None }
    }

    /// The candidates for what comes next: one rule for training and serving.
    pub(crate) fn candidates(
        &self,
        jury: &mut Jury,
        past: Past,
        prefix: &[ItemId],
        admits: impl Fn(ItemId) -> bool,
    ) -> Vec<Judged> {
        choose(jury.judge(&self.index, past, &distinct_backward(prefix), admits))
    }

    /// What the trees are told of the candidates, in training and in serving.
    fn rows(&self, prefix: &[ItemId], candidates: &[Judged], table: &mut Vec<f32>) {
        rows(&self.index, &self.traits, prefix, candidates, table);
    }

    /// The candidates, best first, by the trees if there are any and they are wanted.
    pub(crate) fn order(&self, prefix: &[ItemId], candidates: &[Judged], by_trees: bool) -> Vec<ItemId> {
        let mut order: Vec<(f32, usize)> = match self.trees.as_ref().filter(|_| by_trees) {
            None => self.fused_order(prefix, candidates),
            Some(trees) => {
                let mut table = Vec::new();
                self.rows(prefix, candidates, &mut table);
                table.chunks_exact(WIDTH).map(|row| trees.score(row)).zip(0..).collect()
            }
        };
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        order.into_iter().map(|(_, place)| candidates[place].item).collect()
    }

    /// The same index with the trees of another one, as learned before.
    pub(crate) fn with_trees(self, trees: Option<Trees>) -> Self {
        Self { trees, ..self }
    }

    /// The trees, if any were learned.
    pub(crate) fn trees(&self) -> Option<&Trees> {
        self.trees.as_ref()
    }

    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        let trees = self.trees.as_ref().map_or(0, Trees::memory_bytes);
        self.index.memory_bytes() + self.traits.memory_bytes() + trees
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

/// Questions and their right answers, as they come; where to cut the features is known after some of them.
#[derive(Default)]
struct Lesson {
    asked: usize,
    first: Vec<(Vec<f32>, usize)>,
    cases: Option<Cases>,
}

impl Lesson {
    /// Asks an index of the older sessions for each click of the newer ones.
    fn ask(&mut self, older: &[&[ItemId]], newest: &[&[ItemId]], items: usize) {
        let before = Ranker::fused(older, items);
        let mut jury = Jury::new(&before.index);
        let questions: usize = newest.iter().map(|session| session.len().saturating_sub(1)).sum();
        let step = questions.div_ceil(MAX_CASES).max(1);
        let asked = newest
            .iter()
            .flat_map(|session| (1..session.len()).map(|length| session.split_at(length)))
            .step_by(step);
        let mut table = Vec::new();
        for (prefix, rest) in asked {
            self.asked += 1;
            let past = Past::of(&before.index.history);
            let candidates = before.candidates(&mut jury, past, prefix, |_| true);
            // What is not among the candidates cannot be served: it teaches nothing.
            let Some(right) = candidates.iter().position(|one| one.item == rest[0]) else { continue };
            before.rows(prefix, &candidates, &mut table);
            match &mut self.cases {
                Some(cases) => cases.add(&table, &[right]),
                None => {
                    self.first.push((table.clone(), right));
                    if self.first.len() == SAMPLE_CASES {
                        self.cut();
                    }
                }
            }
        }
    }

    /// Cuts the features by the first groups and holds these.
    fn cut(&mut self) {
        let sample: Vec<f32> = self.first.iter().flat_map(|(rows, _)| rows.iter().copied()).collect();
        let mut cases = Cases::new(WIDTH, &sample);
        self.first.drain(..).for_each(|(rows, right)| cases.add(&rows, &[right]));
        self.cases = Some(cases);
    }

    fn learned(mut self) -> Option<Trees> {
        if self.cases.is_none() {
            self.cut();
        }
        self.cases.filter(|cases| cases.len() >= MIN_CASES).map(|cases| Trees::fit(&cases, &GROWTH))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Visits that go round in circles of ten, one to three steps at a time.
    fn visits(count: u32) -> Vec<Vec<ItemId>> {
        let visit = |n: u32| {
            let circle = n % 20 * 10;
            let step = |at: u32| circle + (n / 20 + at * (1 + n % 3)) % 10;
            (0..5).map(step).collect()
        };
        (0..count).map(visit).collect()
    }

    #[test]
    fn trees_learn_from_the_very_candidates_and_rows_that_are_served() {
        let visits = visits(3_000);
        let visits: Vec<&[ItemId]> = visits.iter().map(Vec::as_slice).collect();
        let (older, newest) = visits.split_at(2_900);
        let mut lesson = Lesson::default();
        lesson.ask(older, newest, 200);
        let served = Ranker::fused(older, 200);
        let mut jury = Jury::new(&served.index);
        let asked = newest.iter().flat_map(|visit| (1..visit.len()).map(|length| visit.split_at(length)));
        let mut taught = lesson.first.iter();
        let mut table = Vec::new();
        for (prefix, rest) in asked {
            let candidates = served.candidates(&mut jury, Past::of(&served.index.history), prefix, |_| true);
            let Some(right) = candidates.iter().position(|one| one.item == rest[0]) else { continue };
            served.rows(prefix, &candidates, &mut table);
            let (rows, place) = taught.next().unwrap();
            assert_eq!((rows, *place), (&table, right));
        }
        assert!(taught.next().is_none());
    }

    #[test]
    fn a_shop_with_too_little_history_is_left_to_the_fusion() {
        let visits = visits(3_000);
        let visits: Vec<&[ItemId]> = visits.iter().map(Vec::as_slice).collect();
        assert!(Ranker::train(&visits, 200).trees().is_some());
        let (few, fused) = (Ranker::train(&visits[..300], 200), Ranker::fused(&visits[..300], 200));
        assert!(few.trees().is_none());
        let next = |ranker: &Ranker| {
            let mut jury = Jury::new(&ranker.index);
            let candidates = ranker.candidates(&mut jury, Past::of(&ranker.index.history), &[1, 2], |_| true);
            ranker.order(&[1, 2], &candidates, true)
        };
        assert_eq!(next(&few), next(&fused));
        assert!(!next(&few).is_empty());
        assert!(Ranker::train(&[], 0).trees().is_none());
    }
}
