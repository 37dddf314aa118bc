//! What a query lets through, checked while candidates are made, so that a list is not emptied afterwards.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use crate::id_map::{IdSet, ItemId};
use crate::items::Listed;
use crate::query::Query;
use crate::recommender::Recommender;

/// The bounds of one query, resolved.
#[derive(Clone)]
pub(crate) struct Filter {
    items: IdSet,
    groups: HashSet<u64>,
    categories: Option<IdSet>,
    price_minor: Option<RangeInclusive<i64>>,
}

impl Filter {
    /// Neither the excluded nor the seeds may come back, in any variant.
    pub(crate) fn new(shop: &Recommender, query: &Query) -> Self {
        let mut filter = Self {
            items: IdSet::default(),
            groups: HashSet::new(),
            categories: None,
            price_minor: query.price_minor.clone(),
        };
        for name in query.exclude.iter().chain(query.seeds) {
            if let Some(id) = shop.items.find(name) {
                filter.bar(shop, id);
            }
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

    /// The facts of an item that may be returned.
    pub(crate) fn admit<'a>(&self, shop: &'a Recommender, id: ItemId) -> Option<&'a Listed> {
        let listed = shop.items.get(id).listed.as_ref()?;
        let in_category = match &self.categories {
            None => true,
            Some(allowed) => listed.category.is_some_and(|category| allowed.contains(&category)),
        };
        let in_band = self.price_minor.as_ref().is_none_or(|band| band.contains(&listed.price_minor));
        (listed.offered
            && in_band
            && in_category
            && !self.items.contains(&id)
            && !self.groups.contains(&listed.group))
        .then_some(listed)
    }
}
