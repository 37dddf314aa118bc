//! What each visitor did last, bounded per visitor, in number and in age.

use std::collections::{HashMap, VecDeque};

use crate::id_map::{IdSet, ItemId};
use crate::interactions::Kind;
use crate::limits::{
    BUDGET_WINDOW_MS, Limits, MAX_COUNTED_PER_DAY, MAX_RECENT_ACTS, MAX_RECENT_VIEWS, ORDER_WINDOW_MS,
    REPEAT_WINDOW_MS,
};

/// One remembered interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) item: ItemId,
    pub(crate) kind: Kind,
    pub(crate) at_ms: i64,
}

/// One visitor: views apart from carts and orders, so that browsing does not push out what was bought.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visitor {
    views: Vec<Seen>,
    acts: Vec<Seen>,
    budget_from_ms: i64,
    counted: [u16; 3],
    last_at_ms: i64,
    /// Number of the visitor's newest entry in the queue; older entries are void.
    turn: u64,
}

impl Visitor {
    /// Items viewed, oldest first.
    pub(crate) fn views(&self) -> &[Seen] {
        &self.views
    }

    /// Items put in the cart or ordered, oldest first.
    pub(crate) fn acts(&self) -> &[Seen] {
        &self.acts
    }

    /// Remembers an interaction. True when it is to be counted: not a repeat, and not one of a flood.
    fn note(&mut self, seen: Seen) -> bool {
        let window_ms = if seen.kind == Kind::Order { ORDER_WINDOW_MS } else { REPEAT_WINDOW_MS };
        let (list, cap) = match seen.kind {
            Kind::View => (&mut self.views, MAX_RECENT_VIEWS),
            Kind::Cart | Kind::Order => (&mut self.acts, MAX_RECENT_ACTS),
        };
        let earlier = list.iter().position(|known| known.item == seen.item && known.kind == seen.kind);
        let mut repeated = false;
        let mut entry = seen;
        if let Some(place) = earlier {
            let known = list.remove(place);
            repeated = apart_ms(known.at_ms, seen.at_ms) <= window_ms;
            entry.at_ms = known.at_ms.max(seen.at_ms);
        } else if list.len() >= cap {
            list.remove(0);
        }
        list.push(entry);
        !repeated && self.spend(seen)
    }

    /// Takes one from the day's budget. A clock that runs backward never opens a new day.
    fn spend(&mut self, seen: Seen) -> bool {
        if seen.at_ms.saturating_sub(self.budget_from_ms) >= BUDGET_WINDOW_MS {
            self.budget_from_ms = seen.at_ms;
            self.counted = [0; 3];
        }
        let counted = &mut self.counted[seen.kind as usize];
        let within = *counted < MAX_COUNTED_PER_DAY;
        *counted += u16::from(within);
        within
    }
}

/// Time between two moments.
pub(crate) fn apart_ms(one_ms: i64, other_ms: i64) -> i64 {
    one_ms.saturating_sub(other_ms).saturating_abs()
}

/// All visitors remembered. The queue holds them by last activity; entries of a visitor that came again are
/// void and are skipped, which makes room in constant time and in the same order everywhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visitors {
    known: HashMap<u64, Visitor>,
    queue: VecDeque<(u64, u64)>,
    turns: u64,
}

impl Visitors {
    /// Remembers an interaction; see [`Visitor::note`].
    pub(crate) fn note(&mut self, visitor: u64, seen: Seen, limits: &Limits) -> bool {
        self.turns += 1;
        let known = self.known.entry(visitor).or_insert_with(|| Visitor {
            budget_from_ms: seen.at_ms,
            last_at_ms: seen.at_ms,
            ..Visitor::default()
        });
        known.turn = self.turns;
        known.last_at_ms = known.last_at_ms.max(seen.at_ms);
        let counts = known.note(seen);
        self.queue.push_back((self.turns, visitor));
        while self.known.len() > limits.max_visitors.max(1) {
            self.drop_front();
        }
        if self.queue.len() > 2 * self.known.len() + 1_024 {
            let known = &self.known;
            self.queue.retain(|(turn, visitor)| known.get(visitor).is_some_and(|one| one.turn == *turn));
        }
        counts
    }

    /// Drops those quiet since before a time.
    pub(crate) fn drop_quiet(&mut self, before_ms: i64) {
        while let Some((turn, visitor)) = self.queue.front() {
            match self.known.get(visitor) {
                Some(one) if one.turn == *turn && one.last_at_ms >= before_ms => return,
                _ => self.drop_front(),
            }
        }
    }

    fn drop_front(&mut self) {
        let Some((turn, visitor)) = self.queue.pop_front() else { return };
        if self.known.get(&visitor).is_some_and(|one| one.turn == turn) {
            self.known.remove(&visitor);
        }
    }

    pub(crate) fn get(&self, visitor: u64) -> Option<&Visitor> {
        self.known.get(&visitor)
    }

    /// Forgets a visitor for good.
    pub(crate) fn remove(&mut self, visitor: u64) {
        self.known.remove(&visitor);
    }

    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// Drops items whose number will be given to another one.
    pub(crate) fn forget_items(&mut self, gone: &IdSet) {
        for visitor in self.known.values_mut() {
            visitor.views.retain(|seen| !gone.contains(&seen.item));
            visitor.acts.retain(|seen| !gone.contains(&seen.item));
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let lists: usize = self.known.values().map(|one| one.views.capacity() + one.acts.capacity()).sum();
        lists * size_of::<Seen>()
            + self.known.capacity() * (size_of::<(u64, Visitor)>() + 1)
            + self.queue.capacity() * size_of::<(u64, u64)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(item: ItemId, at_ms: i64) -> Seen {
        Seen { item, kind: Kind::View, at_ms }
    }

    #[test]
    fn a_reload_counts_once_and_a_flood_stops_counting() {
        let mut visitors = Visitors::default();
        let limits = Limits::default();
        assert!(visitors.note(1, view(5, 0), &limits));
        assert!(!visitors.note(1, view(5, 1_000), &limits));
        assert!(visitors.note(1, view(5, 2 * REPEAT_WINDOW_MS), &limits));
        let counted =
            (0..100_000).filter(|item| visitors.note(2, view(*item, i64::from(*item)), &limits)).count();
        assert_eq!(counted, usize::from(MAX_COUNTED_PER_DAY));
        assert_eq!(visitors.get(2).unwrap().views().len(), MAX_RECENT_VIEWS);
        assert!(visitors.queue.len() < 2_000);
    }

    #[test]
    fn the_visitor_quiet_for_longest_makes_room() {
        let mut visitors = Visitors::default();
        let limits = Limits { max_visitors: 2, ..Limits::default() };
        for visitor in [1, 2, 1, 3] {
            visitors.note(visitor, view(visitor as ItemId, 10 * visitor as i64), &limits);
        }
        assert!(visitors.get(1).is_some() && visitors.get(2).is_none() && visitors.get(3).is_some());
        visitors.drop_quiet(20);
        assert!(visitors.get(1).is_none() && visitors.get(3).is_some());
    }
}
