//! Independent strategies: what stands on the shelves, whoever asks.

use std::cmp::Reverse;

use crate::block::{Holiday, Period, Scope, Source, check_day};
use crate::candidates::{Candidate, sort};
use crate::catalogue::CategoryId;
use crate::limits::MAX_POOL;
use crate::serve::{Asked, Walk};
use crate::shelves::Order;
use crate::why::Why;

const DAY_MS: i64 = 86_400_000;
/// Goods are new for so many days unless the block says otherwise.
const NEW_FOR_DAYS: u16 = 30;
/// Categories looked at for one source.
const MAX_SCOPES: usize = 6;

impl Asked<'_> {
    pub(super) fn bestsellers(&self, source: &Source) -> Vec<Candidate> {
        if source.scope == Some(Scope::City) {
            return self.bestsellers_of_city();
        }
        let period = source.period.unwrap_or(Period::Trend);
        self.scoped(source, |category| self.sold(category, period))
    }

    /// What sells in a category or the shop; goods nobody wanted yet are no bestsellers.
    pub(super) fn sold(&self, category: Option<CategoryId>, period: Period) -> Vec<Candidate> {
        let order = match period {
            Period::Trend => Order::Trend,
            Period::Week => Order::Week,
            Period::Month => Order::Month,
        };
        self.walk(order, category, MAX_POOL, |(Reverse(rank), _, id), _| match period {
            Period::Trend if rank == 0 => Walk::End,
            Period::Trend => {
                let worth = self.shop.items.get(id).popularity.worth(self.shop.clock.now_ms());
                Walk::Take(worth, Why::Shelf { category })
            }
            Period::Week | Period::Month => Walk::Take(f64::from(rank), Why::Sold { category, period }),
        })
    }

    fn bestsellers_of_city(&self) -> Vec<Candidate> {
        let goods = self.shop.charts.of_city(self.request.city.unwrap_or_default(), self.shop.clock.now_ms());
        let sold = goods.filter(|(id, weight, orders)| {
            *weight > 0.0 && *orders > 0 && self.filter.admit(self.shop, *id).is_some()
        });
        let mut list: Vec<_> = sold
            .map(|(item, weight, orders)| Candidate { item, score: weight.into(), why: Why::City { orders } })
            .collect();
        sort(self.shop, &mut list);
        list
    }

    pub(super) fn new_goods(&self, source: &Source) -> Vec<Candidate> {
        let days = source.days.unwrap_or(NEW_FOR_DAYS);
        self.scoped(source, |category| self.added(category, days))
    }

    /// Goods added within so many days. What is to come by its date is not new yet.
    pub(super) fn added(&self, category: Option<CategoryId>, days: u16) -> Vec<Candidate> {
        let age_days = |at_ms: i64| self.now_ms.saturating_sub(at_ms).max(0) / DAY_MS;
        self.walk(Order::New, category, MAX_POOL, |_, listed| {
            let age_days = age_days(listed.added_ms.unwrap_or(i64::MIN));
            if age_days > i64::from(days) {
                return Walk::End;
            }
            Walk::Take(1.0 / (1.0 + age_days as f64 / 7.0), Why::Added { days: age_days as u32 })
        })
    }

    pub(super) fn coming_soon(&self, source: &Source) -> Vec<Candidate> {
        self.scoped(source, |category| {
            self.walk(Order::Coming, category, MAX_POOL, |(Reverse(rank), ..), _| {
                Walk::Take(1.0 + f64::from(rank) / f64::from(u32::MAX), Why::Coming)
            })
        })
    }

    pub(super) fn top_rated(&self, source: &Source) -> Vec<Candidate> {
        self.scoped(source, |category| {
            self.walk(Order::Rated, category, MAX_POOL, |(Reverse(rank), ..), _| {
                // Below the mark of an unknown item nothing is "best rated".
                if rank > 4_000 { Walk::Take(f64::from(rank), Why::Rated) } else { Walk::End }
            })
        })
    }

    pub(super) fn discounted(&self, source: &Source) -> Vec<Candidate> {
        self.scoped(source, |category| {
            self.walk(Order::Discounted, category, MAX_POOL, |(Reverse(rank), ..), _| {
                Walk::Take(f64::from(rank), Why::Discounted)
            })
        })
    }

    pub(super) fn holiday(&self, source: &Source) -> Vec<Candidate> {
        let tag = source.holiday.as_ref().and_then(|holiday| self.shop.terms.tag(&holiday.tag));
        let goods = tag.map_or(&[][..], |tag| self.shop.terms.goods(tag));
        let admitted = goods.iter().filter(|id| self.filter.admit(self.shop, **id).is_some());
        let worth = |id| self.shop.items.get(id).popularity.worth(self.shop.clock.now_ms());
        let mut list: Vec<_> =
            admitted.map(|id| Candidate { item: *id, score: 0.01 + worth(*id), why: Why::Holiday }).collect();
        sort(self.shop, &mut list);
        list
    }

    /// The same for the shop, or for the categories asked for: each brings its own, the best of each first.
    pub(super) fn scoped(
        &self,
        source: &Source,
        of: impl Fn(Option<CategoryId>) -> Vec<Candidate>,
    ) -> Vec<Candidate> {
        if source.scope != Some(Scope::Category) {
            return of(None);
        }
        let categories = self.categories_asked(&self.seeds(source));
        if categories.is_empty() {
            return of(None);
        }
        let mut list: Vec<_> = categories.into_iter().take(MAX_SCOPES).flat_map(|id| of(Some(id))).collect();
        sort(self.shop, &mut list);
        list
    }
}

/// Whether a time lies on the days of a holiday (UTC).
pub(super) fn is_within(holiday: &Holiday, now_ms: i64) -> bool {
    let (Some(from), Some(to)) = (check_day(&holiday.from), check_day(&holiday.to)) else { return true };
    let today = month_and_day(now_ms);
    if from <= to { from <= today && today <= to } else { from <= today || today <= to }
}

/// Month and day of a time in UTC (Hinnant, "chrono-compatible low-level date algorithms", civil_from_days).
fn month_and_day(now_ms: i64) -> (u8, u8) {
    let days = now_ms.div_euclid(DAY_MS) + 719_468;
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (month as u8, day as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holiday_may_run_over_the_new_year() {
        let new_year = Holiday { from: "12-15".into(), to: "01-07".into(), ..Holiday::default() };
        // 2024-02-29, 2023-12-31, 2024-01-07, 2024-01-08 in days since 1970.
        assert_eq!(month_and_day(19_782 * DAY_MS), (2, 29));
        assert_eq!(month_and_day(19_722 * DAY_MS + DAY_MS - 1), (12, 31));
        assert!(is_within(&new_year, 19_722 * DAY_MS) && is_within(&new_year, 19_729 * DAY_MS));
        assert!(!is_within(&new_year, 19_730 * DAY_MS));
        assert!(is_within(&Holiday::default(), 0));
    }
}
