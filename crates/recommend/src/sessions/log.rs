//! Visits as they were, click by click, with who made them: what a model is learned from anew.

use crate::id_map::{IdMap, ItemId};
use std::collections::HashSet;

/// One visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(crate) visitor: u64,
    /// The time of its last click, in milliseconds since 1970.
    pub(crate) end_ms: i64,
    /// With clicks repeated in a row.
    pub(crate) clicks: Vec<ItemId>,
}

/// Visits end to end, by their ends, oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct VisitLog {
    visitors: Vec<u64>,
    ends_ms: Vec<i64>,
    ends: Vec<u32>,
    clicks: Vec<ItemId>,
}

impl VisitLog {
    /// Takes visits in any order.
    pub(crate) fn new(mut visits: Vec<Visit>) -> Self {
        visits.sort_by_key(|visit| visit.end_ms);
        let mut log = Self::default();
        for visit in visits.into_iter().filter(|visit| !visit.clicks.is_empty()) {
            log.visitors.push(visit.visitor);
            log.ends_ms.push(visit.end_ms);
            log.clicks.extend(visit.clicks);
            log.ends.push(log.clicks.len() as u32);
        }
        log
    }

    /// Number of visits.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Items of a visit.
    pub(crate) fn items(&self, visit: usize) -> &[ItemId] {
        let start = visit.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.clicks[start..self.ends[visit] as usize]
    }

    /// All visits, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, i64, &[ItemId])> {
        (0..self.len()).map(|visit| (self.visitors[visit], self.ends_ms[visit], self.items(visit)))
    }

    /// Leaves out the visits of some visitors, those that ended before a time, and the oldest beyond so many
    /// clicks.
    pub(crate) fn kept(
        &self,
        forgotten: &HashSet<u64>,
        since_ms: i64,
        max_clicks: usize,
    ) -> impl Iterator<Item = Visit> {
        let beyond = self.clicks.len().saturating_sub(max_clicks);
        let visits = self.iter().enumerate().filter(move |(place, (visitor, end_ms, _))| {
            self.ends[*place] as usize > beyond && *end_ms >= since_ms && !forgotten.contains(visitor)
        });
        visits.map(|(_, (visitor, end_ms, clicks))| Visit { visitor, end_ms, clicks: clicks.to_vec() })
    }

    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        (self.visitors.capacity() + self.ends_ms.capacity()) * 8
            + (self.ends.capacity() + self.clicks.capacity()) * 4
    }
}

/// Numbers visits anew by the items they still hold; the names of these, in the order of the new numbers.
pub(crate) fn renumber(visits: &mut [Visit], name: impl Fn(ItemId) -> String) -> Vec<String> {
    let mut numbers: IdMap<ItemId> = IdMap::default();
    let mut names = Vec::new();
    for item in visits.iter_mut().flat_map(|visit| &mut visit.clicks) {
        *item = *numbers.entry(*item).or_insert_with(|| {
            names.push(name(*item));
            names.len() as ItemId - 1
        });
    }
    names
}
