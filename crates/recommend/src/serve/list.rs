//! The list as it grows: who gets a place, how unlike the others it is, and in which order all stand.
//!
//! Unlikeness is maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): the next item is the one with the
//! greatest (1 − d) · score − d · (likeness to the most alike item above it), d being the block's diversity out of
//! 100. Likeness is 0.5 for the same category, 0.3 for the same brand, and up to 0.2 by nearness of price.

use super::answer::{Answer, Note, Served, Step};
use super::asked::Asked;
use super::weigh::{Counts, Scales};
use crate::block::{Block, Strategy};
use crate::candidates::{Candidate, price_nearness};
use crate::filter::GroupSet;
use crate::id_map::ItemId;
use crate::items::Listed;
use crate::limits::MAX_POOL;
use crate::why::{Why, Words};

const CATEGORY_LIKENESS: f64 = 0.5;
const BRAND_LIKENESS: f64 = 0.3;
const PRICE_LIKENESS: f64 = 0.2;

/// An item with a place.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    item: ItemId,
    score: f64,
    why: Why,
    strategy: Option<Strategy>,
    step: u8,
    /// Number of the source among those asked.
    pub(super) source: usize,
}

impl Slot {
    pub(super) fn pinned(item: ItemId) -> Self {
        Self { item, score: 1.0, why: Why::Pinned, strategy: None, step: 0, source: usize::MAX }
    }
}

/// A candidate with all that its place depends on.
struct Weighed {
    item: ItemId,
    score: f64,
    likeness: f64,
    listed: Listed,
    why: Why,
}

/// Candidates of one source, best first, one of each group.
pub(super) struct Pool {
    candidates: Vec<Weighed>,
    strategy: Strategy,
    step: u8,
    source: usize,
}

impl Pool {
    /// Scores are put on a scale on which the best is 1, then the rules weigh them.
    pub(super) fn new(
        asked: &Asked,
        scales: &Scales,
        found: Vec<Candidate>,
        of: (Strategy, u8, usize),
    ) -> Self {
        let top = found.iter().map(|one| one.score).fold(0.0, f64::max);
        let shop = asked.shop;
        let mut candidates: Vec<_> = found
            .into_iter()
            .filter_map(|Candidate { item, score, why }| {
                let listed = shop.items.get(item).listed?;
                let share = if top > 0.0 { score / top } else { 1.0 };
                let score = share * scales.factor(shop, item, &listed);
                Some(Weighed { item, score, likeness: 0.0, listed, why })
            })
            .collect();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut groups = GroupSet::default();
        candidates.retain(|one| groups.insert(one.listed.group));
        candidates.truncate(MAX_POOL);
        let (strategy, step, source) = of;
        Self { candidates, strategy, step, source }
    }
}

/// The answer in the making.
pub(super) struct Draft<'a> {
    places: usize,
    block: &'a Block,
    pub(super) scales: &'a Scales,
    counts: Counts,
    pub(super) pins: Vec<(u16, Slot)>,
    pub(super) picked: Vec<Slot>,
    pub(super) steps: Vec<Step>,
    /// The tag of the holiday of each step.
    pub(super) tags: Vec<String>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(places: usize, block: &'a Block, scales: &'a Scales) -> Self {
        let counts = scales.counts();
        let (pins, picked, steps, tags) = Default::default();
        Self { places, block, scales, counts, pins, picked, steps, tags }
    }

    pub(super) fn is_full(&self) -> bool {
        self.open() == 0
    }

    /// Places still to fill.
    pub(super) fn open(&self) -> usize {
        self.places.saturating_sub(self.pins.len() + self.picked.len())
    }

    /// Takes an item in; from here on neither it nor a variant of it is a candidate.
    pub(super) fn take(&mut self, asked: &mut Asked, slot: Slot) {
        asked.filter.bar(asked.shop, slot.item);
        if let Some(listed) = asked.shop.items.get(slot.item).listed {
            self.scales.count(&mut self.counts, &listed);
        }
        self.picked.push(slot);
    }

    /// Fills at most so many places with the best of a pool.
    pub(super) fn choose(&mut self, asked: &mut Asked, pool: &mut Pool, wanted: usize) {
        let wanted = wanted.min(self.open());
        let diversity = f64::from(self.block.diversity.min(100)) / 100.0;
        if diversity > 0.0 {
            for one in &mut pool.candidates {
                let above = self.pins.iter().map(|(_, slot)| slot).chain(&self.picked);
                let likeness = above.filter_map(|slot| asked.shop.items.get(slot.item).listed);
                one.likeness = likeness.map(|other| like(&one.listed, &other)).fold(0.0, f64::max);
            }
        }
        for _ in 0..wanted {
            pool.candidates.retain(|one| !asked.filter.bars(one.item, &one.listed));
            let worth = |one: &Weighed| (1.0 - diversity) * one.score - diversity * one.likeness;
            let fits = pool
                .candidates
                .iter()
                .enumerate()
                .filter(|(_, one)| self.scales.fits(&self.counts, &one.listed));
            // The first of equals, as the candidates are in order.
            let best =
                fits.map(|(place, one)| (place, worth(one))).reduce(|a, b| if b.1 > a.1 { b } else { a });
            let Some((place, _)) = best else { return };
            let one = pool.candidates.remove(place);
            if diversity > 0.0 {
                for other in &mut pool.candidates {
                    other.likeness = other.likeness.max(like(&one.listed, &other.listed));
                }
            }
            let Weighed { item, score, why, .. } = one;
            let strategy = Some(pool.strategy);
            self.take(asked, Slot { item, score, why, strategy, step: pool.step, source: pool.source });
        }
    }

    /// Takes a good of no pool.
    pub(super) fn take_found(&mut self, asked: &mut Asked, found: Candidate, of: (Strategy, u8, usize)) {
        let (strategy, step, source) = of;
        let Candidate { item, score, why } = found;
        self.take(asked, Slot { item, score, why, strategy: Some(strategy), step, source });
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts.clone()
    }

    /// Lets the sources of the mix alternate by their shares (smooth weighted round robin, as nginx has it): the first
    /// places of a list are seen most, and every source is to have some of them.
    pub(super) fn alternate(&mut self, shares: &[usize]) {
        let mut rows: Vec<std::collections::VecDeque<Slot>> =
            shares.iter().map(|_| Default::default()).collect();
        for slot in self.picked.drain(..) {
            if let Some(row) = rows.get_mut(slot.source) {
                row.push_back(slot);
            }
        }
        let mut turns = vec![0_i64; rows.len()];
        loop {
            let weight = |place: usize| shares[place].max(1) as i64;
            let all: i64 = (0..rows.len()).filter(|place| !rows[*place].is_empty()).map(weight).sum();
            let mut next: Option<usize> = None;
            for place in (0..rows.len()).filter(|place| !rows[*place].is_empty()) {
                turns[place] += weight(place);
                if next.is_none_or(|best| turns[place] > turns[best]) {
                    next = Some(place);
                }
            }
            let Some(next) = next else { return };
            turns[next] -= all;
            self.picked.extend(rows[next].pop_front());
        }
    }

    pub(super) fn answer(mut self, asked: Asked) -> Answer {
        let mut notes = asked.notes;
        let late: u16 = self.steps.iter().filter(|step| step.step > 0).map(|step| step.filled).sum();
        if let Some(first) = self.steps.iter().find(|step| step.step > 0 && step.filled > 0) {
            notes.push(Note::FellBack { places: late, to: first.strategy });
        }
        let open = self.open();
        if open > 0 {
            notes.push(Note::Short { places: open as u16 });
        }
        self.pins.sort_by_key(|(position, _)| *position);
        let mut slots = self.picked;
        for (position, slot) in self.pins {
            slots.insert(usize::from(position.saturating_sub(1)).min(slots.len()), slot);
        }
        let request = asked.request;
        let words = Words {
            city: request.city.unwrap_or_default(),
            query: request.query.unwrap_or_default(),
            searches: request.searches,
            facts: request.facts,
            tag: "",
        };
        let served = |slot: &Slot| {
            let tag = self.tags.get(slot.source).map(String::as_str).unwrap_or_default();
            Served {
                item: asked.shop.items.get(slot.item).name.as_ref().to_owned(),
                score: slot.score as f32,
                strategy: slot.strategy,
                step: slot.step,
                reason: slot.why.told(asked.shop, slot.item, Words { tag, ..words }),
            }
        };
        let items: Vec<Served> = slots.iter().map(served).collect();
        let enough = items.len() >= usize::from(self.block.min_size).min(self.places);
        Answer { items, enough, steps: self.steps, notes }
    }
}

/// How alike two goods look in a list, 0 to 1.
fn like(one: &Listed, other: &Listed) -> f64 {
    let same = |a: Option<u32>, b: Option<u32>| f64::from(u8::from(a.is_some() && a == b));
    CATEGORY_LIKENESS * same(one.category, other.category)
        + BRAND_LIKENESS * same(one.brand, other.brand)
        + PRICE_LIKENESS * price_nearness(one.price_minor, other.price_minor)
}
