//! Candidates for the next item of a session: many weak judges, fused by their ranks.
//!
//! Reciprocal rank fusion (Cormack et al., SIGIR 2009): scores of different judges cannot be compared, ranks
//! can.

use crate::id_map::ItemId;
use crate::sessions::history::{History, Past};
use crate::sessions::knn::{Neighbourhood, VARIANTS};
use crate::sessions::tables::{Table, following, together, two_steps};
use crate::sessions::vectors::Vectors;

/// Tables that judge beside the session neighbours.
pub(crate) const TABLES: usize = 5;
/// All judges.
pub(crate) const JUDGES: usize = VARIANTS + TABLES + 1;
/// Items of the present session that are looked at, the last distinct ones.
pub(crate) const MAX_PRESENT: usize = 25;
/// How many of the last items the tables are asked for.
const TABLE_PRESENT: usize = 8;
/// What each earlier item says of what the next later one says.
const TABLE_DECAY: f32 = 0.45;
/// The same where a session is placed among the vectors.
const VECTOR_DECAY: f32 = 0.55;
/// Ranks of a judge that count.
pub(crate) const DEPTH: usize = 100;
/// Clicks between two items that still count as one following the other.
const MAX_STEPS: usize = 8;
/// Softens the first ranks.
const RANK_OFFSET: f32 = 20.0;
/// A judge's say: the five variants, the tables in their order, the vectors. Tuned on two public click sets
/// together; those that reach beyond what was seen together weigh most.
const SAY: [f32; JUDGES] = [0.5, 0.5, 0.5, 1.0, 0.3, 0.3, 1.1, 0.25, 1.5, 1.2, 1.3];

/// All that is learned from past sessions.
#[derive(Clone, Debug)]
pub(crate) struct SessionIndex {
    pub(crate) history: History,
    pub(crate) tables: [Table; TABLES],
    pub(crate) vectors: Vectors,
}

impl SessionIndex {
    /// Takes sessions oldest first; items are numbered below `items`.
    pub(crate) fn new<'a>(sessions: impl Iterator<Item = &'a [ItemId]>, items: usize) -> Self {
        let history = History::new(sessions, items);
        let scale = history.len() as f32 * 0.05;
        let follow = following(&history, MAX_STEPS, |_| 1.0, 0.5);
        let join = together(&history);
        let recent = following(&history, MAX_STEPS, |age| (-(age as f32) / scale).exp(), 0.3);
        let [far_join, far_follow] = [two_steps(items, &join), two_steps(items, &follow)];
        let vectors = Vectors::learn(&following(&history, MAX_STEPS, |_| 1.0, 1.0), items);
        Self { history, tables: [follow, join, recent, far_join, far_follow], vectors }
    }

    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        let tables: usize = self.tables.iter().map(Table::memory_bytes).sum();
        self.history.memory_bytes() + tables + self.vectors.memory_bytes()
    }
}

/// One candidate with each judge's score and rank.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    pub(crate) item: ItemId,
    pub(crate) scores: [f32; JUDGES],
    /// From 0; `DEPTH` for all beyond it and for none.
    pub(crate) ranks: [u16; JUDGES],
    pub(crate) fused: f32,
    /// Items of the present session whose rows hold it, over all tables.
    pub(crate) support: u16,
    /// Clicks since it was last clicked in the present session, none when it was not.
    pub(crate) seen: Option<usize>,
}

/// Work space, reused from query to query.
#[derive(Debug)]
pub(crate) struct Jury {
    neighbourhood: Neighbourhood,
    place_of: Vec<u32>,
}

/// The distinct items of a session, the last one first.
pub(crate) fn distinct_backward(session: &[ItemId]) -> Vec<ItemId> {
    let mut present = Vec::new();
    for item in session.iter().rev() {
        if !present.contains(item) {
            present.push(*item);
            if present.len() == MAX_PRESENT {
                break;
            }
        }
    }
    present
}

impl Jury {
    pub(crate) fn new(index: &SessionIndex) -> Self {
        Self {
            neighbourhood: Neighbourhood::new(&index.history),
            place_of: vec![u32::MAX; index.history.items()],
        }
    }

    /// Every item some judge knows of and `admits` lets through, unordered but in the same order each time.
    /// What is not let through takes no rank from the others. `seen` marks items of the present session.
    /// Items of
    /// `present` are numbered below `past.items()`.
    pub(crate) fn judge(
        &mut self,
        index: &SessionIndex,
        past: Past,
        present: &[ItemId],
        admits: impl Fn(ItemId) -> bool,
    ) -> Vec<Judged> {
        let mut found: Vec<Judged> = Vec::with_capacity(2_048);
        self.place_of.resize(self.place_of.len().max(past.items()), u32::MAX);
        let place_of = &mut self.place_of;
        let mut add = |found: &mut Vec<Judged>, item: ItemId, judge: usize, score: f32| -> usize {
            let place = &mut place_of[item as usize];
            if *place == u32::MAX {
                *place = found.len() as u32;
                let (scores, ranks) = ([0.0; JUDGES], [DEPTH as u16; JUDGES]);
                found.push(Judged { item, scores, ranks, fused: 0.0, support: 0, seen: None });
            }
            found[*place as usize].scores[judge] += score;
            *place as usize
        };
        for (age, item) in present.iter().enumerate() {
            add(&mut found, *item, 0, 0.0);
            found[age].seen = Some(age);
        }
        self.neighbourhood.vote(past, present, |item, variant, weight| {
            add(&mut found, item, variant, weight);
        });
        for (table, judge) in index.tables.iter().zip(VARIANTS..) {
            for (age, item) in present.iter().take(TABLE_PRESENT).enumerate() {
                let weight = TABLE_DECAY.powi(age as i32);
                for (other, score) in table.row(*item) {
                    let place = add(&mut found, other, judge, weight * score);
                    found[place].support += 1;
                }
            }
        }
        for judged in &found {
            self.place_of[judged.item as usize] = u32::MAX;
        }
        found.retain(|one| admits(one.item));
        let point = index.vectors.of_session(present, VECTOR_DECAY);
        for one in &mut found {
            one.scores[JUDGES - 1] = index.vectors.nearness(&point, one.item).max(0.0);
        }
        rank(&mut found);
        found
    }
}

/// Ranks the new items and the seen ones apart, then fuses.
fn rank(found: &mut [Judged]) {
    let mut order: Vec<(f32, u32)> = Vec::with_capacity(found.len());
    for (judge, say) in SAY.iter().enumerate() {
        order.clear();
        let scored =
            found.iter().enumerate().filter(|(_, one)| one.seen.is_none() && one.scores[judge] > 0.0);
        order.extend(scored.map(|(place, one)| (one.scores[judge], place as u32)));
        let by_score = |a: &(f32, u32), b: &(f32, u32)| {
            b.0.total_cmp(&a.0).then_with(|| found[a.1 as usize].item.cmp(&found[b.1 as usize].item))
        };
        if order.len() > DEPTH {
            order.select_nth_unstable_by(DEPTH, by_score);
            order.truncate(DEPTH);
        }
        order.sort_unstable_by(by_score);
        for (rank, (_, place)) in order.iter().enumerate() {
            let one = &mut found[*place as usize];
            one.ranks[judge] = rank as u16;
            one.fused += say / (RANK_OFFSET + rank as f32);
        }
    }
}
