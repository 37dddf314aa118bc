//! Price and stock of an offer on a day: discounts by the week, stock that sells down and is filled up again.

use super::{Product, Shop, Variant};

/// What an offer costs and how many there are, on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Whole roubles.
    pub price_rub: u32,
    /// The price before a discount, above `price_rub`.
    pub old_rub: Option<u32>,
    /// Pieces; 0 means that it cannot be ordered.
    pub stock: u32,
}

impl Shop {
    /// Price and stock of an offer on a day, counted from the shop's first day.
    #[must_use]
    pub fn quote(&self, product: &Product, variant: &Variant, day: u32) -> Quote {
        let full = rounded(u64::from(product.base_rub) * u64::from(variant.price_percent) / 100);
        let discount = self.discount_percent(product, day);
        let price_rub = rounded(u64::from(full) * u64::from(100 - discount) / 100);
        Quote {
            price_rub,
            old_rub: (discount > 0 && price_rub < full).then_some(full),
            stock: self.stock(product, variant, day),
        }
    }

    /// A seventh of the products is cheaper for a week. Weeks of different products begin on different days.
    fn discount_percent(&self, product: &Product, day: u32) -> u32 {
        let number = u64::from(product.number);
        let week = (u64::from(day) + number % 7) / 7;
        if !self.chance.percent("discount", &[number, week], 14) {
            return 0;
        }
        [10, 15, 20, 25, 30][self.chance.below("how much off", &[number, week], 5) as usize]
    }

    /// Sells down evenly; one offer in four is sold out for the last days before the next delivery.
    fn stock(&self, product: &Product, variant: &Variant, day: u32) -> u32 {
        let about = [u64::from(product.number), u64::from(variant.index)];
        let cycle_days = 9 + self.chance.below("delivery", &about, 16);
        let since_delivery = (u64::from(day) + self.chance.below("first delivery", &about, 97)) % cycle_days;
        let full = 6 + self.chance.below("shelf", &about, 55);
        let sold = full * since_delivery / cycle_days;
        let empty_days = if self.chance.percent("popular", &about, 25) { 3 } else { 0 };
        if since_delivery + empty_days >= cycle_days { 0 } else { u32::try_from(full - sold).unwrap_or(0) }
    }
}

/// To tens of roubles, and never nothing.
fn rounded(rub: u64) -> u32 {
    u32::try_from((rub / 10 * 10).max(10)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_any_day_most_can_be_ordered_and_some_are_cheaper() {
        let shop = Shop::new(3);
        for day in [0, 1, 30, 400] {
            let (mut offers, mut out, mut cheaper) = (0, 0, 0);
            for product in shop.products() {
                for variant in &product.variants {
                    let quote = shop.quote(product, variant, day);
                    assert!(quote.price_rub >= 10 && quote.old_rub.is_none_or(|old| old > quote.price_rub));
                    offers += 1;
                    out += u32::from(quote.stock == 0);
                    cheaper += u32::from(quote.old_rub.is_some());
                }
            }
            assert!(out > 0 && out * 10 < offers, "day {day}: {out} of {offers} are sold out");
            assert!(cheaper * 20 > offers && cheaper * 4 < offers, "day {day}: {cheaper} of {offers}");
        }
    }

    #[test]
    fn prices_and_stock_change_with_the_days() {
        let shop = Shop::new(3);
        let of = |day| -> Vec<Quote> {
            shop.products().iter().map(|product| shop.quote(product, &product.variants[0], day)).collect()
        };
        assert_eq!(of(5), of(5));
        assert_ne!(of(5), of(6));
        let prices = |day| -> Vec<u32> { of(day).iter().map(|quote| quote.price_rub).collect() };
        assert_ne!(prices(5), prices(12));
    }
}
