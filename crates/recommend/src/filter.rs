//! What a question lets through, checked while candidates are made, so that a list is not emptied afterwards.

use std::cell::Cell;
use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::ops::RangeInclusive;

use crate::content::terms::TermId;
use crate::id_map::{IdHasher, IdSet, ItemId};
use crate::items::Listed;
use crate::limits::MAX_NARROW;
use crate::query::Query;
use crate::recommender::Recommender;

/// Groups of variants; their numbers are hashes already.
pub(crate) type GroupSet = HashSet<u64, BuildHasherDefault<IdHasher>>;

/// The bounds of one question, resolved.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    items: IdSet,
    groups: GroupSet,
    pub(crate) categories: Option<IdSet>,
    pub(crate) not_categories: IdSet,
    pub(crate) price_minor: Option<RangeInclusive<i64>>,
    /// One term of each row must be there.
    pub(crate) any: Vec<Vec<TermId>>,
    /// None of these may be.
    pub(crate) none: Vec<TermId>,
    pub(crate) margin_permille: Option<i32>,
    pub(crate) added_ms: Option<RangeInclusive<i64>>,
    pub(crate) rating: Option<u16>,
    /// Announced goods instead of those that can be bought.
    pub(crate) coming: bool,
    pub(crate) only_consumed_often: bool,
    /// All that can pass, where that is little.
    narrow: Option<Vec<ItemId>>,
    /// Goods that could be shown but for the conditions.
    refused: Cell<u32>,
}

impl Filter {
    /// Neither the excluded nor the seeds may come back, in any variant.
    pub(crate) fn new(shop: &Recommender, query: &Query) -> Self {
        let mut filter = Self { price_minor: query.price_minor.clone(), ..Self::default() };
        for name in query.exclude.iter().chain(query.seeds) {
            filter.bar_name(shop, name);
        }
        if let (true, Some(name)) = (query.only_category, query.category) {
            let found = shop.catalogue.find(name);
            filter.categories = Some(
                found.map(|id| shop.catalogue.with_children(id).into_iter().collect()).unwrap_or_default(),
            );
        }
        filter
    }

    /// Keeps an item and its variants out.
    pub(crate) fn bar(&mut self, shop: &Recommender, id: ItemId) {
        self.items.insert(id);
        if let Some(listed) = shop.items.get(id).listed {
            self.groups.insert(listed.group);
        }
    }

    /// The same by id; an unknown one is no harm.
    pub(crate) fn bar_name(&mut self, shop: &Recommender, name: &str) {
        if let Some(id) = shop.items.find(name) {
            self.bar(shop, id);
        }
    }

    /// Keeps an item out, not its variants.
    pub(crate) fn bar_alone(&mut self, id: ItemId) {
        self.items.insert(id);
    }

    /// Whether the item or a variant of it is kept out by itself.
    pub(crate) fn bars(&self, id: ItemId, listed: &Listed) -> bool {
        self.items.contains(&id) || self.groups.contains(&listed.group)
    }

    /// The facts of an item that may be returned.
    pub(crate) fn admit<'a>(&self, shop: &'a Recommender, id: ItemId) -> Option<&'a Listed> {
        let item = shop.items.get(id);
        let listed = item.listed.as_ref()?;
        let offered = if self.coming { listed.coming } else { listed.offered };
        if !offered || self.bars(id, listed) {
            return None;
        }
        if self.holds(shop, listed, &item.terms) {
            return Some(listed);
        }
        self.refused.set(self.refused.get().saturating_add(1));
        None
    }

    /// Goods refused by the conditions since this was last asked.
    pub(crate) fn take_refused(&self) -> u32 {
        self.refused.take()
    }

    /// Counts goods that a copy of this filter refused.
    pub(crate) fn add_refused(&self, refused: u32) {
        self.refused.set(self.refused.get().saturating_add(refused));
    }

    fn holds(&self, shop: &Recommender, listed: &Listed, terms: &[TermId]) -> bool {
        let has = |term: &TermId| terms.binary_search(term).is_ok();
        let category = |set: &IdSet| listed.category.is_some_and(|category| set.contains(&category));
        let often = || listed.category.is_some_and(|category| shop.catalogue.consumed_often(category));
        self.price_minor.as_ref().is_none_or(|band| band.contains(&listed.price_minor))
            && self.categories.as_ref().is_none_or(category)
            && (self.not_categories.is_empty() || !category(&self.not_categories))
            && self.any.iter().all(|row| row.iter().any(has))
            && !self.none.iter().any(has)
            && self
                .margin_permille
                .is_none_or(|least| listed.margin_permille.is_some_and(|is| i32::from(is) >= least))
            && self.added_ms.as_ref().is_none_or(|days| listed.added_ms.is_some_and(|at| days.contains(&at)))
            && self.rating.is_none_or(|least| listed.rating.1 > 0 && listed.rating.0 >= least)
            && (!self.only_consumed_often || often())
    }

    /// Finds the condition that leaves least, if it leaves so little that all of it can be looked at.
    pub(crate) fn find_narrow(&mut self, shop: &Recommender) {
        let size = |row: &Vec<TermId>| row.iter().map(|term| shop.terms.goods(*term).len()).sum::<usize>();
        let by_terms = self.any.iter().map(|row| (size(row), row)).min_by_key(|(size, _)| *size);
        let by_terms = by_terms.filter(|(size, _)| *size <= MAX_NARROW);
        let by_price = self.price_minor.as_ref().filter(|band| band.start() <= band.end()).and_then(|band| {
            let range = (*band.start(), 0)..=(*band.end(), ItemId::MAX);
            let goods: Vec<_> = shop.prices.range(range).take(MAX_NARROW + 1).map(|(_, id)| *id).collect();
            (goods.len() <= MAX_NARROW).then_some(goods)
        });
        let mut narrow = match (by_terms, by_price) {
            (Some((size, row)), price) if price.as_ref().is_none_or(|goods| size < goods.len()) => {
                row.iter().flat_map(|term| shop.terms.goods(*term)).copied().collect()
            }
            (_, Some(goods)) => goods,
            (_, None) => return,
        };
        narrow.sort_unstable();
        narrow.dedup();
        self.narrow = Some(narrow);
    }

    /// All that can pass, where that is little. Announced goods have no place by price.
    pub(crate) fn narrow(&self) -> Option<&[ItemId]> {
        self.narrow.as_deref().filter(|_| !self.coming)
    }
}
