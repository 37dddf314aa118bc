//! Orders by day, so that "31 orders this week" is a true number and not a faded one; and orders by city.

use std::collections::HashMap;

use crate::id_map::{IdMap, IdSet, ItemId};
use crate::interactions::Kind;
use crate::limits::{BESTSELLER_HALF_LIFE_MS, MAX_CITIES, MAX_CITY_GOODS};
use crate::neighbours::{Evidence, Neighbours};
use crate::popularity::CART_WEIGHT;

/// Days kept.
const DAYS: usize = 30;
/// Days of a week.
const WEEK: usize = 7;
const DAY_MS: i64 = 86_400_000;

/// Orders of one item on each of the last days; a day stands at its number modulo [`DAYS`].
#[derive(Clone, Debug)]
struct Sales {
    as_of_day: i64,
    days: [u16; DAYS],
}

/// Orders of all items by day, in days of UTC: a shop's own day differs by hours, a week's count hardly.
#[derive(Clone, Debug, Default)]
pub(crate) struct Charts {
    day: i64,
    sales: IdMap<Box<Sales>>,
    cities: HashMap<Box<str>, Neighbours>,
}

/// Orders within the last seven and thirty days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sold {
    pub(crate) week: u32,
    pub(crate) month: u32,
}

impl Charts {
    /// Moves on to the day of a time. When a new day began every count may have changed: then the items that had
    /// any are returned.
    pub(crate) fn turn_to(&mut self, now_ms: i64) -> Option<Vec<ItemId>> {
        let day = now_ms.div_euclid(DAY_MS);
        if day <= self.day {
            return None;
        }
        self.day = day;
        let items = self.sales.keys().copied().collect();
        self.sales.retain(|_, sales| day.saturating_sub(sales.as_of_day) < DAYS as i64);
        Some(items)
    }

    /// Counts an order of a day that is not over yet or not long gone.
    pub(crate) fn count(&mut self, item: ItemId, at_ms: i64) {
        let day = at_ms.div_euclid(DAY_MS);
        if day > self.day || self.day.saturating_sub(day) >= DAYS as i64 {
            return;
        }
        let now = self.day;
        let sales =
            self.sales.entry(item).or_insert_with(|| Box::new(Sales { as_of_day: now, days: [0; DAYS] }));
        sales.turn_to(now);
        let bought = &mut sales.days[day.rem_euclid(DAYS as i64) as usize];
        *bought = bought.saturating_add(1);
    }

    /// What was sold of an item.
    pub(crate) fn sold(&self, item: ItemId) -> Sold {
        let Some(sales) = self.sales.get(&item) else { return Sold::default() };
        let on = |ago: usize| {
            let day = self.day.saturating_sub(ago as i64);
            // Days after the last order are zero though their places still hold those of a month before.
            if day > sales.as_of_day {
                0
            } else {
                u32::from(sales.days[day.rem_euclid(DAYS as i64) as usize])
            }
        };
        Sold { week: (0..WEEK).map(on).sum(), month: (0..DAYS).map(on).sum() }
    }

    /// Counts an order or a cart of a city. The strongest goods of each city stay, as among neighbours.
    pub(crate) fn count_in(&mut self, city: &str, item: ItemId, kind: Kind, at_ms: i64) {
        let (weight, evidence) = match kind {
            Kind::View => return,
            Kind::Cart => (CART_WEIGHT as f32, Evidence::Visitor),
            Kind::Order => (1.0, Evidence::Order),
        };
        let key = city_key(city);
        if key.is_empty() || (self.cities.len() >= MAX_CITIES && !self.cities.contains_key(key.as_str())) {
            return;
        }
        let goods = self.cities.entry(key.into_boxed_str()).or_default();
        goods.add(item, weight, evidence, at_ms, BESTSELLER_HALF_LIFE_MS, MAX_CITY_GOODS);
    }

    /// What a city orders, with its fading weight and its whole count of orders, in no order.
    pub(crate) fn of_city(&self, city: &str, now_ms: i64) -> impl Iterator<Item = (ItemId, f32, u32)> {
        let goods = self.cities.get(city_key(city).as_str());
        goods.into_iter().flat_map(move |goods| {
            goods
                .weighed(now_ms, BESTSELLER_HALF_LIFE_MS)
                .map(|(one, weight)| (one.item, weight, one.orders.into()))
        })
    }

    /// Drops items whose number will be given to another one.
    pub(crate) fn forget(&mut self, gone: &IdSet) {
        self.sales.retain(|item, _| !gone.contains(item));
        self.cities.values_mut().for_each(|goods| goods.forget(gone));
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let cities: usize =
            self.cities.iter().map(|(name, goods)| name.len() + 64 + goods.memory_bytes()).sum();
        self.sales.len() * (size_of::<Sales>() + 16) + self.sales.capacity() * 17 + cities
    }
}

impl Sales {
    fn turn_to(&mut self, day: i64) {
        let passed = day.saturating_sub(self.as_of_day).clamp(0, DAYS as i64);
        for ago in 0..passed {
            self.days[(day - ago).rem_euclid(DAYS as i64) as usize] = 0;
        }
        self.as_of_day = self.as_of_day.max(day);
    }
}

/// Cities as people and services write them.
fn city_key(city: &str) -> String {
    city.trim().chars().take(80).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_and_a_month_forget_their_eighth_and_thirty_first_day() {
        let mut charts = Charts::default();
        assert_eq!(charts.turn_to(1_000 * DAY_MS), Some(vec![]));
        for (ago, times) in [(0, 3), (6, 2), (7, 5), (29, 7), (30, 90), (-1, 90)] {
            (0..times).for_each(|_| charts.count(4, (1_000 - ago) * DAY_MS + 5));
        }
        assert_eq!(charts.sold(4), Sold { week: 5, month: 17 });
        assert_eq!(charts.turn_to(1_001 * DAY_MS), Some(vec![4]));
        assert_eq!(charts.turn_to(1_001 * DAY_MS + 9), None);
        assert_eq!(charts.sold(4), Sold { week: 3, month: 10 });
        charts.count(4, 1_001 * DAY_MS);
        assert_eq!(charts.sold(4), Sold { week: 4, month: 11 });
        charts.turn_to(1_007 * DAY_MS);
        assert_eq!(charts.sold(4), Sold { week: 1, month: 11 });
        charts.turn_to(i64::MAX);
        assert_eq!(charts.sold(4), Sold::default());
        assert!(charts.sales.is_empty());
    }

    #[test]
    fn a_city_keeps_its_own_chart_however_it_is_written() {
        let mut charts = Charts::default();
        for _ in 0..3 {
            charts.count_in(" Казань", 1, Kind::Order, 0);
        }
        charts.count_in("казань", 2, Kind::Cart, 0);
        charts.count_in("Тула", 2, Kind::Order, 0);
        let mut goods: Vec<_> = charts.of_city("КАЗАНЬ", 0).map(|(item, _, orders)| (item, orders)).collect();
        goods.sort_unstable();
        assert_eq!(goods, [(1, 3), (2, 0)]);
        assert_eq!(charts.of_city("Нигде", 0).count(), 0);
    }
}
