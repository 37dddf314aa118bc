//! A question with its names resolved, and what may be shown in answer to it.

use std::ops::RangeInclusive;

use super::answer::Note;
use super::request::Request;
use crate::block::{Block, Filters, Goods, Names, Rule};
use crate::catalogue::CategoryId;
use crate::content::terms::TermId;
use crate::filter::Filter;
use crate::id_map::{IdSet, ItemId};
use crate::interactions::Kind;
use crate::recommender::Recommender;
use crate::visitors::Visitor;

const DAY_MS: i64 = 86_400_000;
/// An item that so many shoppers ordered again is consumed, whatever its category says.
const ORDERED_AGAIN: u32 = 3;

/// A question in work.
pub(crate) struct Asked<'a> {
    pub(crate) shop: &'a Recommender,
    pub(crate) block: &'a Block,
    pub(crate) request: &'a Request<'a>,
    pub(crate) now_ms: i64,
    pub(crate) visitor: Option<&'a Visitor>,
    /// What she bought, with times, newest first; from the request and from what was observed.
    pub(crate) bought: Vec<(ItemId, i64)>,
    pub(crate) filter: Filter,
    pub(crate) notes: Vec<Note>,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(
        shop: &'a Recommender,
        block: &'a Block,
        request: &'a Request<'a>,
        now_ms: i64,
    ) -> Self {
        let visitor = request.visitor.and_then(|visitor| shop.visitors.get(visitor));
        let bought = bought(shop, request, visitor, now_ms);
        let filter = Filter::default();
        let mut asked = Self { shop, block, request, now_ms, visitor, bought, filter, notes: Vec::new() };
        asked.bar_known();
        asked.keep_to(&block.filters);
        asked.hide();
        asked.filter.find_narrow(shop);
        asked
    }

    /// Ids to numbers, unknown ones left out, oldest first as given.
    pub(crate) fn known(&self, names: &[&str]) -> Vec<ItemId> {
        names.iter().filter_map(|name| self.shop.items.find(name)).collect()
    }

    /// Whether an item is bought again and again: its category says so, or shoppers do.
    pub(crate) fn is_consumed(&self, id: ItemId) -> bool {
        let item = self.shop.items.get(id);
        let category = item.listed.and_then(|listed| listed.category);
        item.again.times >= ORDERED_AGAIN || category.is_some_and(|id| self.shop.catalogue.consumed_often(id))
    }

    /// Seeds, cart, what is shown elsewhere, and what she has.
    fn bar_known(&mut self) {
        let Request { seeds, cart, exclude, .. } = *self.request;
        for name in seeds.iter().chain(cart).chain(exclude) {
            self.filter.bar_name(self.shop, name);
        }
        let filters = &self.block.filters;
        for (id, at_ms) in self.bought.clone() {
            let consumed = self.is_consumed(id);
            let days = if consumed { filters.not_bought_days_consumed } else { filters.not_bought_days };
            if self.now_ms.saturating_sub(at_ms) < i64::from(days) * DAY_MS {
                self.filter.bar(self.shop, id);
            }
        }
        if filters.not_viewed {
            self.viewed().into_iter().for_each(|item| self.filter.bar(self.shop, item));
        }
    }

    fn keep_to(&mut self, filters: &Filters) {
        let open = |range: crate::block::Range| {
            range.is_set().then(|| range.from.unwrap_or(i64::MIN)..=range.to.unwrap_or(i64::MAX))
        };
        self.filter.price_minor = open(filters.price_minor);
        if filters.price_of_seed.is_set() {
            match self.seed_price() {
                Some(price) => {
                    let band = open(filters.price_of_seed.of(price));
                    self.filter.price_minor = meet(self.filter.price_minor.take(), band);
                }
                None => self.notes.push(Note::NoSeedPrice),
            }
        }
        self.keep_to_categories(&filters.categories);
        let terms = &self.shop.terms;
        self.keep_to_terms("filters.brands", &filters.brands, |name| terms.brand(name));
        self.keep_to_terms("filters.tags", &filters.tags, |name| terms.tag(name));
        for attribute in &filters.attributes {
            let names = Names { only: attribute.only.clone(), not: attribute.not.clone() };
            self.keep_to_terms("filters.attributes", &names, |value| terms.attribute(&attribute.name, value));
        }
        self.filter.margin_permille = filters.margin_percent.map(|percent| 10 * i32::from(percent));
        self.filter.added_ms = open(filters.age_days).map(|days| {
            let ago = |days: i64| self.now_ms.saturating_sub(days.saturating_mul(DAY_MS));
            ago(*days.end())..=ago((*days.start()).max(-1))
        });
        self.filter.rating = filters.rating.map(|stars| (stars * 100.0) as u16);
    }

    /// The price of the dearest seed: of the page's, else of the cart's.
    fn seed_price(&self) -> Option<i64> {
        let Request { seeds, cart, .. } = *self.request;
        let seeds = if seeds.is_empty() { cart } else { seeds };
        let price = |id: ItemId| self.shop.items.get(id).listed.map(|listed| listed.price_minor);
        self.known(seeds).into_iter().filter_map(price).filter(|price| *price > 0).max()
    }

    fn keep_to_categories(&mut self, names: &Names) {
        let only = self.categories("filters.categories", &names.only);
        self.filter.categories = (!names.only.is_empty()).then_some(only);
        let not = self.categories("filters.categories", &names.not);
        self.filter.not_categories.extend(not);
    }

    /// The categories of these names with all below them.
    fn categories(&mut self, field: &'static str, names: &[String]) -> IdSet {
        let mut found = IdSet::default();
        for name in names {
            match self.shop.catalogue.find(name) {
                Some(id) => found.extend(self.shop.catalogue.with_children(id)),
                None => self.notes.push(Note::UnknownName { field, name: name.clone() }),
            }
        }
        found
    }

    fn keep_to_terms(&mut self, field: &'static str, names: &Names, find: impl Fn(&str) -> Option<TermId>) {
        let notes = &mut self.notes;
        let mut found = |names: &[String]| -> Vec<TermId> {
            let mut terms = Vec::new();
            for name in names {
                match find(name) {
                    Some(term) => terms.push(term),
                    None => notes.push(Note::UnknownName { field, name: name.clone() }),
                }
            }
            terms
        };
        let (only, not) = (found(&names.only), found(&names.not));
        if !names.only.is_empty() {
            self.filter.any.push(only);
        }
        self.filter.none.extend(not);
    }

    fn hide(&mut self) {
        for rule in &self.block.rules {
            if let Rule::Hide { goods } = rule {
                let found = self.goods(goods);
                found.items.iter().for_each(|id| self.filter.bar_alone(*id));
                self.filter.not_categories.extend(found.categories);
                self.filter.none.extend(found.terms);
            }
        }
    }

    /// Goods of a rule, resolved. A name nobody knows means nothing today; it may tomorrow.
    pub(crate) fn goods(&self, goods: &Goods) -> FoundGoods {
        let terms = &self.shop.terms;
        let brands = goods.brands.iter().filter_map(|name| terms.brand(name));
        let tags = goods.tags.iter().filter_map(|name| terms.tag(name));
        let categories = goods.categories.iter().filter_map(|name| self.shop.catalogue.find(name));
        FoundGoods {
            items: goods.items.iter().filter_map(|name| self.shop.items.find(name)).collect(),
            categories: categories.flat_map(|id| self.shop.catalogue.with_children(id)).collect(),
            terms: brands.chain(tags).collect(),
        }
    }
}

/// Goods of a rule.
pub(crate) struct FoundGoods {
    items: IdSet,
    categories: IdSet,
    terms: Vec<TermId>,
}

impl FoundGoods {
    /// Whether an item is among them.
    pub(crate) fn has(&self, shop: &Recommender, id: ItemId, category: Option<CategoryId>) -> bool {
        let terms = &shop.items.get(id).terms;
        self.items.contains(&id)
            || category.is_some_and(|category| self.categories.contains(&category))
            || self.terms.iter().any(|term| terms.binary_search(term).is_ok())
    }
}

/// What she bought until now, newest first, each order of an item once.
fn bought(
    shop: &Recommender,
    request: &Request,
    visitor: Option<&Visitor>,
    now_ms: i64,
) -> Vec<(ItemId, i64)> {
    let told = request.bought.iter().filter_map(|one| Some((shop.items.find(one.item)?, one.at_ms)));
    let orders = visitor.into_iter().flat_map(|one| one.acts()).filter(|act| act.kind == Kind::Order);
    // A clock that ran ahead makes a purchase of now, not one that is never over.
    let mut bought: Vec<_> = told
        .chain(orders.map(|act| (act.item, act.at_ms)))
        .map(|(id, at_ms)| (id, at_ms.min(now_ms)))
        .collect();
    bought.sort_unstable_by_key(|(id, at_ms)| (std::cmp::Reverse(*at_ms), *id));
    bought.dedup();
    bought
}

/// What lies in both.
pub(crate) fn meet(
    one: Option<RangeInclusive<i64>>,
    other: Option<RangeInclusive<i64>>,
) -> Option<RangeInclusive<i64>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(*one.start().max(other.start())..=*one.end().min(other.end())),
        (one, other) => one.or(other),
    }
}
