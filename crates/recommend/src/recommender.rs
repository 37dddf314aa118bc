//! The index: fed with what shoppers do and with the catalogue, asked for lists.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::catalogue::{Catalogue, ShelfKey};
use crate::id_map::{ItemId, fixed_hash};
use crate::interactions::{Clock, Interaction, Kind};
use crate::items::{ItemFacts, Items, Listed};
use crate::limits::{
    CART_WINDOW_MS, Limits, MAX_ORDER_NEIGHBOURS, MAX_VIEW_NEIGHBOURS, MAX_VIEWS_PAIRED, ORDER_HALF_LIFE_MS,
    ORDER_WINDOW_MS, VIEW_HALF_LIFE_MS, VISIT_WINDOW_MS,
};
use crate::neighbours::Evidence;
use crate::popularity::CART_WEIGHT;
use crate::visitors::{Seen, Visitor, Visitors, apart_ms};
use crate::visits::VisitModel;

/// Weight of an earlier item for a later one; the other way round a pair weighs half, for people move on.
const BACKWARD_WEIGHT: f32 = 0.5;
/// What it weighs that somebody viewed one item and then bought the other.
const VIEWED_THEN_BOUGHT_WEIGHT: f32 = 2.0;

/// A recommender for one shop, wholly in memory. Same input, same answers, on every machine.
#[derive(Clone, Debug, Default)]
pub struct Recommender {
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) items: Items,
    pub(crate) catalogue: Catalogue,
    pub(crate) visitors: Visitors,
    pub(crate) visits: Option<Arc<VisitModel>>,
}

/// One pair to count: `of` gets `item` as a neighbour.
struct Pair {
    of: ItemId,
    item: ItemId,
    weight: f32,
    evidence: Evidence,
    bought: bool,
}

impl Recommender {
    /// Ids of the items the catalogue has, in no order.
    pub fn item_ids(&self) -> impl Iterator<Item = &str> {
        self.items.listed_names()
    }

    /// An empty index within bounds.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Tells the time, in milliseconds since 1970. From then on nothing counts as later than it; call it now
    /// and then. Visitors quiet for too long are dropped. A time before the newest known one changes nothing.
    pub fn set_now(&mut self, now_ms: i64) {
        self.clock.tell(now_ms);
        self.visitors.drop_quiet(self.clock.now_ms().saturating_sub(self.limits.max_visitor_age_ms));
    }

    /// Counts one interaction, at once. Reloads, floods of one visitor, wrong clocks and unknown items are
    /// harmless.
    pub fn observe(&mut self, seen: &Interaction) {
        if self.items.unlisted() >= self.limits.max_unlisted_items.max(1)
            && self.items.find(seen.item).is_none()
        {
            let gone = self.items.sweep_unlisted(self.limits.max_unlisted_items / 2);
            self.visitors.forget_items(&gone);
        }
        let Some(item) = self.items.intern_seen(seen.item) else { return };
        let at_ms = self.clock.place(seen.at_ms, seen.live);
        let seen_now = Seen { item, kind: seen.kind, at_ms };
        if !self.visitors.note(seen.visitor, seen_now, &self.limits) {
            return;
        }
        if let Some(visitor) = self.visitors.get(seen.visitor) {
            for pair in pairs_of(visitor, seen_now) {
                let neighbours = self.items.get_mut(pair.of);
                let (list, half_life_ms, cap) = if pair.bought {
                    (&mut neighbours.bought, ORDER_HALF_LIFE_MS, MAX_ORDER_NEIGHBOURS)
                } else {
                    (&mut neighbours.viewed, VIEW_HALF_LIFE_MS, MAX_VIEW_NEIGHBOURS)
                };
                list.add(pair.item, pair.weight, pair.evidence, at_ms, half_life_ms, cap);
            }
        }
        self.items.get_mut(item).popularity.count(seen.kind, at_ms);
        self.reshelve(item);
    }

    /// Puts an item into the catalogue or replaces what is known of it.
    pub fn set_item(&mut self, item: &str, facts: ItemFacts) {
        let id = self.items.intern(item);
        let category = self.catalogue.intern(facts.category);
        let group = if facts.group.is_empty() { item } else { facts.group };
        let listed = Listed {
            category,
            price_minor: facts.price_minor,
            offered: facts.in_stock && !facts.hidden,
            // An item without a group must not fall together with a group named like its id.
            group: fixed_hash(group) ^ u64::from(facts.group.is_empty()),
            added_ms: facts.added_ms,
            shelf_rank: self.items.get(id).popularity.sort_key(),
        };
        let before = self.items.list(id, Some(listed));
        self.unshelve(id, before);
        self.shelve(id, listed);
    }

    /// Takes an item out of the catalogue. Its counts stay for the case that it comes back.
    pub fn remove_item(&mut self, item: &str) {
        let Some(id) = self.items.find(item) else { return };
        let before = self.items.list(id, None);
        self.unshelve(id, before);
    }

    /// Hangs a category under another one, or under none. False when that would close a circle; then nothing
    /// changes.
    pub fn set_category_parent(&mut self, category: &str, parent: Option<&str>) -> bool {
        let Some(id) = self.catalogue.intern(category) else { return false };
        let above = match parent {
            None => None,
            Some(name) => match self.catalogue.intern(name) {
                Some(above) => Some(above),
                None => return false,
            },
        };
        self.catalogue.set_parent(id, above)
    }

    /// Lets a model of past visits, learned in the background, join in similar and personal lists; none takes
    /// it away.
    pub fn use_visits(&mut self, model: Option<Arc<VisitModel>>) {
        self.visits = model;
    }

    /// Forgets what a visitor did last. What was counted from it names nobody and stays.
    pub fn forget_visitor(&mut self, visitor: u64) {
        self.visitors.remove(visitor);
    }

    /// Items in the catalogue.
    pub fn len(&self) -> usize {
        self.items.listed()
    }

    /// True when the catalogue is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Visitors remembered.
    pub fn visitors_len(&self) -> usize {
        self.visitors.len()
    }

    /// Estimate of the memory held, in bytes, without that of a model of visits. It walks over all items: for
    /// a status page, not for each request.
    pub fn memory_bytes(&self) -> usize {
        self.items.memory_bytes() + self.catalogue.memory_bytes() + self.visitors.memory_bytes()
    }

    fn shelf_key(&self, id: ItemId, listed: &Listed) -> ShelfKey {
        (Reverse(listed.shelf_rank), (fixed_hash(&self.items.get(id).name) >> 32) as u32, id)
    }

    fn shelve(&mut self, id: ItemId, listed: Listed) {
        if listed.offered {
            let key = self.shelf_key(id, &listed);
            self.catalogue.shelve(listed.category, key);
        }
    }

    fn unshelve(&mut self, id: ItemId, listed: Option<Listed>) {
        if let Some(listed) = listed.filter(|listed| listed.offered) {
            let key = self.shelf_key(id, &listed);
            self.catalogue.unshelve(listed.category, key);
        }
    }

    /// Moves an item to the place its popularity now gives it.
    fn reshelve(&mut self, id: ItemId) {
        let item = self.items.get(id);
        let Some(listed) = item.listed else { return };
        let shelf_rank = item.popularity.sort_key();
        if shelf_rank != listed.shelf_rank {
            self.unshelve(id, Some(listed));
            let moved = Listed { shelf_rank, ..listed };
            self.items.list(id, Some(moved));
            self.shelve(id, moved);
        }
    }
}

/// The pairs a new interaction makes with what the visitor did before. It is the last of its own list
/// already.
fn pairs_of(visitor: &Visitor, now: Seen) -> Vec<Pair> {
    let mut pairs = Vec::new();
    match now.kind {
        Kind::View => {
            let near =
                |seen: &&Seen| seen.item != now.item && apart_ms(seen.at_ms, now.at_ms) <= VISIT_WINDOW_MS;
            for (steps, seen) in visitor.views().iter().rev().filter(near).take(MAX_VIEWS_PAIRED).enumerate()
            {
                let weight = 1.0 / (1.0 + steps as f32);
                push_both(
                    &mut pairs,
                    seen.item,
                    now.item,
                    [weight, weight * BACKWARD_WEIGHT],
                    Evidence::Visitor,
                    false,
                );
            }
        }
        Kind::Cart => {
            let weight = CART_WEIGHT as f32;
            for seen in lines_with(visitor, now, CART_WINDOW_MS) {
                push_both(&mut pairs, seen.item, now.item, [weight; 2], Evidence::Visitor, true);
            }
        }
        Kind::Order => {
            let lines: Vec<_> = lines_with(visitor, now, ORDER_WINDOW_MS).collect();
            // Each line brings the weight of one pair, however long the order: a wholesaler's order of
            // hundreds of lines says little of any two of them.
            let weight = 1.0 / lines.len().max(1) as f32;
            for seen in lines {
                push_both(&mut pairs, seen.item, now.item, [weight; 2], Evidence::Order, true);
            }
            let before =
                |seen: &&Seen| seen.item != now.item && apart_ms(seen.at_ms, now.at_ms) <= CART_WINDOW_MS;
            for seen in visitor.views().iter().rev().filter(before).take(MAX_VIEWS_PAIRED) {
                pairs.push(Pair {
                    of: seen.item,
                    item: now.item,
                    weight: VIEWED_THEN_BOUGHT_WEIGHT,
                    evidence: Evidence::Visitor,
                    bought: false,
                });
            }
        }
    }
    pairs
}

/// Other items in the same cart or order.
fn lines_with(visitor: &Visitor, now: Seen, window_ms: i64) -> impl Iterator<Item = &Seen> {
    visitor.acts().iter().filter(move |seen| {
        seen.kind == now.kind && seen.item != now.item && apart_ms(seen.at_ms, now.at_ms) <= window_ms
    })
}

/// A pair seen from both sides: the weight of the later item for the earlier one, then the other way round.
fn push_both(
    pairs: &mut Vec<Pair>,
    earlier: ItemId,
    later: ItemId,
    weights: [f32; 2],
    evidence: Evidence,
    bought: bool,
) {
    pairs.push(Pair { of: earlier, item: later, weight: weights[0], evidence, bought });
    pairs.push(Pair { of: later, item: earlier, weight: weights[1], evidence, bought });
}
