//! Habits: what she buys again and again, when it is due, and what her next order will hold.
//!
//! Repeats and new goods are told apart (Li et al., "A Next Basket Recommendation Reality Check", TOIS 2023): first her
//! habits by frequency that fades with a half-life of 120 days and by the gap she keeps, then what goes with them.

use crate::candidates::{Candidate, Seed, neighbours};
use crate::id_map::{IdMap, IdSet, ItemId};
use crate::pairs::List;
use crate::serve::Asked;
use crate::why::Why;

const DAY_MS: f64 = 86_400_000.0;
/// After so many days a purchase weighs half.
const HALF_LIFE_DAYS: f64 = 120.0;
/// Purchases closer than this are one.
const ONE_PURCHASE_DAYS: f64 = 0.5;
/// Before this share of the usual gap nothing is due; after the second it is a habit given up.
const DUE: std::ops::RangeInclusive<f64> = 0.7..=3.0;
/// An item of a category consumed often whose gap nobody knows yet is due after so many days.
const USUAL_GAP_DAYS: f64 = 30.0;

/// Her purchases of one item.
struct Habit {
    item: ItemId,
    times: u32,
    fading: f64,
    ago_days: f64,
    /// The usual gap, hers or that of all shoppers; none where nothing is known.
    gap_days: Option<f64>,
}

impl Asked<'_> {
    /// What is due, the most punctual first.
    pub(super) fn repeat_due(&self) -> Vec<Candidate> {
        let mut best: IdMap<Candidate> = IdMap::default();
        for habit in self.habits() {
            let Some(gap_days) = habit.gap_days else { continue };
            let late = habit.ago_days / gap_days;
            if !DUE.contains(&late) || self.filter.admit(self.shop, habit.item).is_none() {
                continue;
            }
            let (every_days, ago_days) = (gap_days.round() as u32, habit.ago_days.round() as u32);
            let why = Why::Due { times: habit.times, every_days, ago_days };
            // One on time and bought thrice counts above one bought once; e times late counts half.
            let score = (1.0 + f64::from(habit.times)).ln() / (1.0 + late.ln().abs());
            best.insert(habit.item, Candidate { item: habit.item, score, why });
        }
        self.sorted(best)
    }

    /// Her habits, then what goes with them.
    pub(super) fn next_basket(&self) -> Vec<Candidate> {
        let habits = self.habits();
        let mut best: IdMap<Candidate> = IdMap::default();
        for habit in &habits {
            let known = habit.times > 1 || habit.gap_days.is_some();
            if !known || self.filter.admit(self.shop, habit.item).is_none() {
                continue;
            }
            let early = habit.gap_days.is_some_and(|gap_days| habit.ago_days < 0.5 * gap_days);
            let score = habit.fading * if early { 0.3 } else { 1.0 };
            let why = Why::Habit { times: habit.times };
            best.insert(habit.item, Candidate { item: habit.item, score, why });
        }
        let mut list = self.sorted(best);
        let mut strongest: Vec<_> = habits.iter().collect();
        strongest.sort_by(|a, b| b.fading.total_cmp(&a.fading).then(a.item.cmp(&b.item)));
        let seeds: Vec<Seed> =
            strongest.iter().take(8).map(|habit| Seed { item: habit.item, weight: habit.fading }).collect();
        let more = neighbours(self.shop, &self.filter, &seeds, &[List::Bought, List::Later]);
        self.add_below(&mut list, more, &IdSet::default());
        list
    }

    fn habits(&self) -> Vec<Habit> {
        let mut times: IdMap<Vec<f64>> = IdMap::default();
        for (item, at_ms) in &self.bought {
            let ago_days = self.now_ms.saturating_sub(*at_ms) as f64 / DAY_MS;
            let ago = times.entry(*item).or_default();
            // Newest first, so the last one is the next younger.
            if ago.last().is_none_or(|younger| ago_days - younger > ONE_PURCHASE_DAYS) {
                ago.push(ago_days);
            }
        }
        let mut habits: Vec<_> = times.into_iter().map(|(item, ago)| self.habit(item, &ago)).collect();
        habits.sort_unstable_by_key(|habit| habit.item);
        habits
    }

    fn habit(&self, item: ItemId, ago_days: &[f64]) -> Habit {
        let (newest, oldest) = (ago_days[0], ago_days[ago_days.len() - 1]);
        let again = self.shop.items.get(item).again;
        let own = (ago_days.len() > 1).then(|| (oldest - newest) / (ago_days.len() - 1) as f64);
        let of_all = (again.times > 0).then_some(f64::from(again.mean_days));
        let usual = self.is_consumed(item).then_some(USUAL_GAP_DAYS);
        Habit {
            item,
            times: ago_days.len() as u32,
            fading: ago_days.iter().map(|days| (-days / HALF_LIFE_DAYS).exp2()).sum(),
            ago_days: newest,
            gap_days: own.or(of_all).or(usual).filter(|days| *days > ONE_PURCHASE_DAYS),
        }
    }
}
