//! Past visits as a model of what comes next in a present one: learned in the background, asked by anyone at
//! once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::id_map::ItemId;
use crate::sessions::fusion::Jury;
use crate::sessions::history::Past;
use crate::sessions::ranker::Ranker;

/// Clicks of one visit that count, the last ones: nobody makes more, a crawler makes a hundred thousand.
pub(crate) const MAX_VISIT_CLICKS: usize = 200;

/// One click of a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Click<'a> {
    /// The visit's id: one visitor without a long break.
    pub session: &'a str,
    /// The item's id.
    pub item: &'a str,
    /// When; any unit, larger is later.
    pub time: f64,
}

/// How much work goes into an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Judges fused by rank: nothing is trained, an answer takes some tenths of a millisecond.
    Fast,
    /// Trees, trained on the newest of the past visits, put the fused candidates in order: some milliseconds.
    #[default]
    Ranked,
}

/// What past visits teach. It does not change; a newer one takes its place.
#[derive(Debug, Default)]
pub struct VisitModel {
    numbers: HashMap<String, ItemId>,
    names: Vec<String>,
    ranker: Option<Ranker>,
    /// Work space of those who ask, kept from one to the next.
    juries: Mutex<Vec<Jury>>,
}

impl VisitModel {
    /// Learns from clicks in any order. It takes seconds to minutes for a million clicks: not for a request.
    pub fn learn(clicks: &[Click], profile: Profile) -> Self {
        let mut model = Self::default();
        for click in clicks {
            if !model.numbers.contains_key(click.item) {
                model.numbers.insert(click.item.to_owned(), model.names.len() as ItemId);
                model.names.push(click.item.to_owned());
            }
        }
        let mut ends: HashMap<&str, f64> = HashMap::new();
        for click in clicks {
            let end = ends.entry(click.session).or_insert(click.time);
            *end = end.max(click.time);
        }
        let mut visits = by_session(clicks);
        visits.sort_by(|a, b| ends[a.0].total_cmp(&ends[b.0]));
        let visits: Vec<Vec<ItemId>> = visits.iter().map(|(_, items)| model.numbered(items)).collect();
        let newest = |visit: &Vec<ItemId>| visit.len().saturating_sub(MAX_VISIT_CLICKS);
        let visits: Vec<&[ItemId]> = visits.iter().map(|visit| &visit[newest(visit)..]).collect();
        model.ranker = match profile {
            _ if visits.is_empty() => None,
            Profile::Fast => Some(Ranker::fused(&visits, model.names.len())),
            Profile::Ranked => Some(Ranker::train(&visits, model.names.len())),
        };
        model
    }

    /// A model of items with these names, in the order of their numbers.
    pub(crate) fn of(names: Vec<String>, ranker: Option<Ranker>) -> Self {
        let numbers = names.iter().cloned().zip(0..).collect();
        Self { numbers, names, ranker, juries: Mutex::default() }
    }

    /// The names of items by their numbers.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The number of an item.
    pub(crate) fn number(&self, item: &str) -> Option<ItemId> {
        self.numbers.get(item).copied()
    }

    /// What was learned, if anything.
    pub(crate) fn ranker(&self) -> Option<&Ranker> {
        self.ranker.as_ref()
    }

    /// Lends the work space for one question.
    pub(crate) fn with_jury<T>(&self, ranker: &Ranker, ask: impl FnOnce(&mut Jury) -> T) -> T {
        let free = self.juries.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut jury = free.unwrap_or_else(|| Jury::new(&ranker.index));
        let answer = ask(&mut jury);
        self.juries.lock().unwrap_or_else(PoisonError::into_inner).push(jury);
        answer
    }

    /// Whether any past visit held the item.
    pub fn knows(&self, item: &str) -> bool {
        self.numbers.contains_key(item)
    }

    /// What comes next after these items of a visit, oldest first, best first; only items that `admits` lets
    /// through. Items of the visit itself may be among them.
    pub fn next(&self, visit: &[&str], admits: impl Fn(&str) -> bool) -> Vec<&str> {
        self.next_by(Profile::Ranked, visit, admits)
    }

    /// The same by one profile; a model that was learned for the fast one knows no other.
    pub fn next_by(&self, profile: Profile, visit: &[&str], admits: impl Fn(&str) -> bool) -> Vec<&str> {
        let visit = self.numbered(&visit[visit.len().saturating_sub(MAX_VISIT_CLICKS)..]);
        let Some(ranker) = self.ranker.as_ref().filter(|_| !visit.is_empty()) else { return Vec::new() };
        let candidates = self.with_jury(ranker, |jury| {
            let past = Past::of(&ranker.index.history);
            ranker.candidates(jury, past, &visit, |item| admits(&self.names[item as usize]))
        });
        let next = ranker.order(&visit, &candidates, profile == Profile::Ranked);
        next.into_iter().map(|item| self.names[item as usize].as_str()).collect()
    }

    /// Whether trees were learned; where history was too short the fusion answers in both profiles.
    pub fn is_ranked(&self) -> bool {
        self.ranker.as_ref().is_some_and(|ranker| ranker.trees().is_some())
    }

    /// Estimate of the memory held, in bytes, without the work space of those who ask.
    pub fn memory_bytes(&self) -> usize {
        let names: usize = self.names.iter().map(|name| 2 * (name.len() + size_of::<String>()) + 16).sum();
        names + self.ranker.as_ref().map_or(0, Ranker::memory_bytes)
    }

    fn numbered(&self, items: &[&str]) -> Vec<ItemId> {
        items.iter().filter_map(|item| self.numbers.get(*item).copied()).collect()
    }
}

/// The items of each session in the order of time, sessions in the order of their first click.
pub(crate) fn by_session<'a>(clicks: &[Click<'a>]) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut rows: Vec<(&str, Vec<(f64, &str)>)> = Vec::new();
    for click in clicks {
        let place = *places.entry(click.session).or_insert_with(|| {
            rows.push((click.session, Vec::new()));
            rows.len() - 1
        });
        rows[place].1.push((click.time, click.item));
    }
    let in_order = |mut row: Vec<(f64, &'a str)>| {
        row.sort_by(|a, b| a.0.total_cmp(&b.0));
        row.into_iter().map(|(_, item)| item).collect()
    };
    rows.into_iter().map(|(name, row)| (name, in_order(row))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISITS: [(&str, &str); 4] =
        [("a", "tea cup"), ("b", "tea cup spoon"), ("c", "tea pot cup"), ("d", "lamp bulb")];

    fn model() -> VisitModel {
        let clicks: Vec<Click> = VISITS
            .iter()
            .flat_map(|(session, items)| items.split(' ').map(|item| (*session, item)))
            .enumerate()
            .map(|(time, (session, item))| Click { session, item, time: time as f64 })
            .collect();
        VisitModel::learn(&clicks, Profile::Ranked)
    }

    #[test]
    fn the_filter_works_before_the_ranking_and_unknown_items_are_no_harm() {
        let model = model();
        let known = model.next(&["tea"], |item| item != "tea");
        assert!(known.contains(&"cup") && !known.contains(&"tea"));
        assert_eq!(model.next(&["never seen", "tea"], |item| item != "tea"), known);
        let without = model.next(&["tea"], |item| item != "tea" && item != "cup");
        assert!(without.contains(&"spoon") && without.contains(&"pot") && !without.contains(&"lamp"));
        assert!(model.next(&["never seen"], |_| true).is_empty());
        assert!(VisitModel::learn(&[], Profile::Ranked).next(&["tea"], |_| true).is_empty());
    }

    #[test]
    fn asking_twice_gives_the_same_answer() {
        let model = model();
        let first = model.next(&["tea", "cup"], |_| true);
        model.next(&["lamp"], |_| true);
        assert_eq!(model.next(&["tea", "cup"], |_| true), first);
    }
}
