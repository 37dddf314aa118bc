//! The index: fed with what shoppers do and with the catalogue, asked for lists.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::charts::Charts;
use crate::content::terms::Terms;
use crate::id_map::{ItemId, fixed_hash};
use crate::interactions::{Clock, Interaction, Kind};
use crate::item_facts::ItemFacts;
use crate::items::{Items, Listed};
use crate::limits::{Limits, MAX_ACCESSORIES, ORDER_WINDOW_MS};
use crate::pairs::{List, pairs_of};
use crate::shelves::{ORDERS, Shelves};
use crate::visitors::{Seen, Visitors};
use crate::visits::VisitModel;

const DAY_MS: i64 = 86_400_000;

/// A recommender for one shop, wholly in memory. Same input, same answers, on every machine.
#[derive(Clone, Debug, Default)]
pub struct Recommender {
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) items: Items,
    pub(crate) catalogue: Catalogue,
    pub(crate) visitors: Visitors,
    pub(crate) visits: Option<Arc<VisitModel>>,
    pub(crate) reranked: Option<Arc<VisitModel>>,
    pub(crate) terms: Terms,
    pub(crate) charts: Charts,
    pub(crate) shelves: [Shelves; ORDERS],
    pub(crate) prices: BTreeSet<(i64, ItemId)>,
    /// By names, for an accessory may come into the catalogue later than the table that names it.
    pub(crate) accessories: HashMap<Box<str>, Vec<Box<str>>>,
    pub(crate) category_accessories: HashMap<Box<str>, Vec<Box<str>>>,
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
        self.turn_charts();
        self.visitors.drop_quiet(self.clock.now_ms().saturating_sub(self.limits.max_visitor_age_ms));
    }

    /// Counts one interaction, at once. Reloads, floods of one visitor, wrong clocks and unknown items are
    /// harmless.
    pub fn observe(&mut self, seen: &Interaction) {
        self.observe_in(seen, "");
    }

    /// As [`Recommender::observe`], and counts carts and orders in the chart of the shopper's city, if it is
    /// known.
    pub fn observe_in(&mut self, seen: &Interaction, city: &str) {
        if self.items.unlisted() >= self.limits.max_unlisted_items.max(1)
            && self.items.find(seen.item).is_none()
        {
            let gone = self.items.sweep_unlisted(self.limits.max_unlisted_items / 2);
            self.visitors.forget_items(&gone);
            self.charts.forget(&gone);
        }
        let Some(item) = self.items.intern_seen(seen.item) else { return };
        let at_ms = self.clock.place(seen.at_ms, seen.live);
        self.turn_charts();
        let seen_now = Seen { item, kind: seen.kind, at_ms };
        let gap_ms = self.since_last_order(seen.visitor, seen_now);
        if !self.visitors.note(seen.visitor, seen_now, &self.limits) {
            return;
        }
        if let Some(visitor) = self.visitors.get(seen.visitor) {
            for pair in pairs_of(visitor, seen_now) {
                let neighbours = self.items.get_mut(pair.of);
                let (half_life_ms, cap) = pair.list.bounds();
                let list = match pair.list {
                    List::Viewed => &mut neighbours.viewed,
                    List::Bought => &mut neighbours.bought,
                    List::ThenBought => &mut neighbours.then_bought,
                    List::Later => &mut neighbours.later,
                };
                list.add(pair.item, pair.weight, pair.evidence, at_ms, half_life_ms, cap);
            }
        }
        self.items.get_mut(item).popularity.count(seen.kind, at_ms);
        if let Some(gap_ms) = gap_ms {
            self.items.get_mut(item).again.count(gap_ms as f32 / DAY_MS as f32);
        }
        self.charts.count_in(city, item, seen.kind, at_ms);
        self.reshelve(item);
        if seen.kind == Kind::Order {
            self.charts.count(item, at_ms);
            self.shelve_sold(item);
        }
    }

    /// Puts an item into the catalogue or replaces what is known of it.
    pub fn set_item(&mut self, item: &str, facts: ItemFacts) {
        let id = self.items.intern(item);
        let category = self.catalogue.intern(facts.category);
        let (terms, brand) = self.terms.of(&facts);
        self.terms.describe(id, &self.items.get(id).terms, &terms);
        self.items.get_mut(id).terms = terms;
        let group = if facts.group.is_empty() { item } else { facts.group };
        let listed = Listed {
            category,
            price_minor: facts.price_minor,
            offered: facts.in_stock && !facts.hidden && !facts.coming_soon,
            // An item without a group must not fall together with a group named like its id.
            group: fixed_hash(group) ^ u64::from(facts.group.is_empty()),
            added_ms: facts.added_ms,
            brand,
            old_price_minor: facts.old_price_minor.unwrap_or(0),
            margin_permille: facts.margin_permille,
            rating: facts.rating.map_or((0, 0), |(mean, marks)| (mean.min(500), marks)),
            coming: facts.coming_soon && !facts.hidden,
            pack: facts.pack.unwrap_or((0, 0)),
            tie: (fixed_hash(item) >> 32) as u32,
            shelf_rank: self.items.get(id).popularity.sort_key(),
        };
        let before = self.items.list(id, Some(listed));
        self.unshelve(id, before);
        self.shelve(id, listed);
        self.shelve_by_facts(id, Some(listed));
        self.shelve_sold(id);
    }

    /// Takes an item out of the catalogue. Its counts stay for the case that it comes back.
    pub fn remove_item(&mut self, item: &str) {
        let Some(id) = self.items.find(item) else { return };
        let before = self.items.list(id, None);
        self.unshelve(id, before);
        self.shelve_by_facts(id, None);
        self.shelve_sold(id);
        let terms = std::mem::take(&mut self.items.get_mut(id).terms);
        self.terms.describe(id, &terms, &[]);
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

    /// Says whether goods of a category, and of those below it, are bought again and again (tea, batteries). Others
    /// are durable: who has just bought one is not shown it.
    pub fn set_consumed_often(&mut self, category: &str, often: bool) {
        if let Some(id) = self.catalogue.intern(category) {
            self.catalogue.set_consumed_often(id, often);
        }
    }

    /// The shop's own table: what goes with a product, best first. At most 100 count; none takes the row away. Items
    /// the catalogue does not know yet are shown as soon as it does.
    pub fn set_accessories(&mut self, item: &str, accessories: &[&str]) {
        set_row(&mut self.accessories, item, accessories);
    }

    /// The same for whole categories: what goes with the goods of one are bestsellers of the others.
    pub fn set_category_accessories(&mut self, category: &str, accessories: &[&str]) {
        set_row(&mut self.category_accessories, category, accessories);
    }

    /// The model that blocks of the re-ranked profile ask; without it they ask that of [`Recommender::use_visits`].
    pub fn use_reranked(&mut self, model: Option<Arc<VisitModel>>) {
        self.reranked = model;
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
        let row = |row: &Vec<Box<str>>| row.iter().map(|name| name.len() + 16).sum::<usize>() + 64;
        let tables = self.accessories.values().chain(self.category_accessories.values()).map(row);
        self.items.memory_bytes()
            + self.catalogue.memory_bytes()
            + self.visitors.memory_bytes()
            + self.terms.memory_bytes()
            + self.charts.memory_bytes()
            + self.shelves.iter().map(Shelves::memory_bytes).sum::<usize>()
            + self.prices.len() * size_of::<(i64, ItemId)>() * 3 / 2
            + tables.sum::<usize>()
    }

    fn turn_charts(&mut self) {
        if self.clock.is_set() {
            let sold = self.charts.turn_to(self.clock.now_ms()).unwrap_or_default();
            sold.into_iter().for_each(|id| self.shelve_sold(id));
        }
    }

    /// How long ago the visitor ordered the same item, in another order.
    fn since_last_order(&self, visitor: u64, now: Seen) -> Option<i64> {
        let before = |act: &&Seen| act.item == now.item && act.kind == Kind::Order && now.kind == Kind::Order;
        let last = self.visitors.get(visitor)?.acts().iter().rev().find(before)?;
        Some(now.at_ms.saturating_sub(last.at_ms)).filter(|gap_ms| *gap_ms > ORDER_WINDOW_MS)
    }
}

fn set_row(table: &mut HashMap<Box<str>, Vec<Box<str>>>, of: &str, accessories: &[&str]) {
    if accessories.is_empty() {
        table.remove(of);
    } else {
        let row = accessories.iter().take(MAX_ACCESSORIES).map(|name| Box::from(*name)).collect();
        table.insert(of.into(), row);
    }
}
