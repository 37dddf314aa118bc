//! What a shopper does from visit to visit.

use super::deed::{Basket, Deed, Doing, Line};
use super::person::Person;
use super::rhythm::Rhythm;
use crate::chance::Chance;
use crate::shop::{Product, Shop, Variant};
use beckon_core::time::{DAY, HOUR, MINUTE, SECOND, ShopTime, Span};

/// How many of a hundred visits begin in each hour of the day, in thousandths; few at night, most in the
/// evening.
const HOURS: [u64; 24] =
    [8, 4, 2, 1, 1, 2, 8, 22, 38, 50, 56, 58, 62, 58, 54, 52, 54, 58, 66, 78, 90, 88, 62, 28];
/// The shoppers' clock is three hours ahead of UTC.
const ZONE: Span = Span(3 * HOUR.0);
/// More never lie in a shopper's cart.
const LINES_MAX: usize = 6;

/// A shopper and what she carries from visit to visit.
pub(super) struct Life {
    pub(super) person: Person,
    /// How often she comes, where it is not the demo's habit.
    pub(super) rhythm: Option<Rhythm>,
    visits: u64,
    calls: u64,
    /// Bit n: device n has said who she is.
    known_on: u8,
    cart_number: u64,
    /// Offer and quantity.
    cart: Vec<(String, u32)>,
}

/// One visit while it is told.
struct Visit<'a> {
    life: &'a mut Life,
    chance: Chance,
    shop: &'a Shop,
    device: u8,
    day: u32,
    at: ShopTime,
    doings: Vec<Doing>,
}

impl Life {
    pub(super) fn new(chance: Chance, shop: &Shop, who: u32) -> Life {
        let person = Person::new(chance, shop, who);
        Life { person, rhythm: None, visits: 0, calls: 0, known_on: 0, cart_number: 1, cart: Vec::new() }
    }

    /// Some of the shoppers are there from the first hour on; the others come in the first days.
    pub(super) fn first_visit(&self, chance: Chance, start: ShopTime) -> ShopTime {
        let about = [u64::from(self.person.who)];
        if chance.percent("early bird", &about, 30) {
            return start.plus(Span(chance.below("first minutes", &about, 3 * HOUR.0 as u64) as i64));
        }
        self.first_visit_by_day(chance, start)
    }

    /// All of them come in the first days, at the hours of the daily curve; those with a rhythm some time in the
    /// first of their gaps, as if they had been coming all along.
    pub(super) fn first_visit_by_day(&self, chance: Chance, start: ShopTime) -> ShopTime {
        let about = [u64::from(self.person.who)];
        let days = match &self.rhythm {
            Some(rhythm) => rhythm.first_days(chance, self.person.who),
            None => chance.below("first day", &about, 5),
        };
        on_a_day(chance, &[about[0], 0], start, days).max(start)
    }

    pub(super) fn next_visit(&self, chance: Chance, over: ShopTime) -> ShopTime {
        let about = [u64::from(self.person.who), self.visits];
        let days = match &self.rhythm {
            Some(rhythm) => rhythm.gap_days(chance, about, !self.cart.is_empty()),
            None => {
                // She comes back to a full cart sooner.
                let gap = if self.cart.is_empty() { self.person.habits.gap_days } else { 1 };
                chance.below("gap", &about, 2 * gap + 1)
            }
        };
        on_a_day(chance, &about, over, days).max(over.plus(Span(40 * MINUTE.0)))
    }

    pub(super) fn visit(&mut self, chance: Chance, shop: &Shop, at: ShopTime, day: u32) -> Vec<Doing> {
        self.visits += 1;
        let devices = self.person.devices.len() as u64;
        let device = chance.below("device", &[u64::from(self.person.who), self.visits], devices) as u8;
        let mut visit = Visit { life: self, chance, shop, device, day, at, doings: Vec::new() };
        visit.browse();
        visit.decide();
        visit.doings
    }

    pub(super) fn after_click(
        &mut self,
        chance: Chance,
        shop: &Shop,
        (at, day): (ShopTime, u32),
        token: &str,
    ) -> Vec<Doing> {
        self.visits += 1;
        let mut visit = Visit { life: self, chance, shop, device: 0, day, at, doings: Vec::new() };
        visit.page("/cart");
        visit.does(Deed::Came { token: token.to_owned() });
        if visit.life.cart.is_empty() {
            visit.look(0);
        } else {
            visit.cart_seen();
            if visit.happens("orders after a click", 55) {
                visit.check_out(100);
            }
        }
        visit.doings
    }
}

impl Life {
    /// She looks at a product that was recommended to her.
    pub(super) fn after_choice(
        &mut self,
        chance: Chance,
        shop: &Shop,
        (at, day): (ShopTime, u32),
        device: u8,
        offer: &str,
    ) -> Vec<Doing> {
        let Some((_, variant)) = shop.offer(offer) else { return Vec::new() };
        let mut visit = Visit { life: self, chance, shop, device, day, at, doings: Vec::new() };
        // Who chose it herself takes it a little more often than what she came by.
        visit.look_at(variant, 2);
        visit.doings
    }
}

/// A moment `days` after the day of `from`, at an hour drawn from the daily curve.
fn on_a_day(chance: Chance, about: &[u64], from: ShopTime, days: u64) -> ShopTime {
    let local = from.plus(ZONE).0;
    let midnight = local - local.rem_euclid(DAY.0);
    let mut draw = chance.below("hour", about, HOURS.iter().sum());
    let mut hour = 0;
    for weight in HOURS {
        if draw < weight {
            break;
        }
        draw -= weight;
        hour += 1;
    }
    let within = chance.below("within the hour", about, HOUR.0 as u64) as i64;
    ShopTime(midnight).plus(Span(days as i64 * DAY.0 + hour * HOUR.0 + within)).minus(ZONE)
}

impl<'a> Visit<'a> {
    fn about(&self) -> [u64; 3] {
        [u64::from(self.life.person.who), self.life.visits, self.life.calls]
    }

    fn below(&self, question: &str, end: u64) -> u64 {
        self.chance.below(question, &self.about(), end)
    }

    fn happens(&self, question: &str, percent: u64) -> bool {
        self.chance.percent(question, &self.about(), percent)
    }

    fn wait(&mut self, low_secs: u64, high_secs: u64) {
        let secs = low_secs + self.below("pause", high_secs - low_secs + 1);
        self.at = self.at.plus(SECOND.times(secs as i64));
    }

    fn does(&mut self, deed: Deed) {
        let number = self.life.calls;
        self.doings.push(Doing { at: self.at, device: self.device, number, deed });
        self.life.calls += 1;
    }

    fn page(&mut self, path: &str) {
        self.does(Deed::Page(path.to_owned()));
    }

    fn browse(&mut self) {
        self.page("/");
        self.wait(4, 40);
        let looks = 1 + self.below("looks", 6);
        let mut last = None;
        for n in 0..looks {
            let Some((product, variant)) = self.choose(last) else { break };
            let number = product.number;
            if n == 0 || self.happens("goes by the shelf", 35) {
                self.page(&format!("/category/{}", product.category));
                self.does(Deed::ShelfSeen(product.category));
                self.wait(6, 60);
            }
            self.look_at(variant, n);
            last = Some(number);
        }
        if self.life.person.habits.subscribes && self.life.visits <= 2 && !self.known() {
            self.identify(true);
        }
    }

    fn look(&mut self, n: u64) {
        if let Some((_, variant)) = self.choose(None) {
            self.look_at(variant, n);
        }
    }

    /// A product: of a shelf she likes, of the collection she looked at last, or anything.
    fn choose(&self, last: Option<u32>) -> Option<(&'a Product, &'a Variant)> {
        let shop = self.shop;
        let draw = self.below("what next", 100);
        let from = match last.and_then(|number| shop.product(number)) {
            Some(before) if draw < 30 => shop.mates(before),
            Some(before) if draw < 55 => shop.shelf(before.category),
            _ if draw < 90 => {
                let likes = &self.life.person.habits.likes;
                let at = self.below("which shelf", likes.len().max(1) as u64) as usize;
                shop.shelf(likes.get(at).copied().unwrap_or(21))
            }
            _ => shop.all(),
        };
        // The lower of two draws: what stands in front is looked at more often, as in any shop.
        let end = from.len() as u64;
        let at = self.below("one", end).min(self.below("or another", end));
        let product = shop.products().get(*from.get(at as usize)?)?;
        let variant = self.below("variant", product.variants.len() as u64) as usize;
        Some((product, product.variants.get(variant)?))
    }

    fn line(&self, id: &str, quantity: u32) -> Line {
        let price_rub = self.shop.offer(id).map_or(0, |(p, v)| self.shop.quote(p, v, self.day).price_rub);
        Line { offer: id.to_owned(), quantity, price_rub }
    }

    fn look_at(&mut self, variant: &Variant, n: u64) {
        let id = variant.id.clone();
        self.page(&format!("/product/{id}"));
        self.does(Deed::Viewed(self.line(&id, 1)));
        let before = self.at;
        self.wait(8, 150);
        let dwell_secs = u32::try_from(self.at.since(before).0 / SECOND.0).unwrap_or(0);
        self.does(Deed::Dwelled { offer: id.clone(), dwell_secs });
        let stock = self.shop.offer(&id).map_or(0, |(p, v)| self.shop.quote(p, v, self.day).stock);
        let wanted = self.life.person.habits.adds + n.min(2) * 4;
        if stock > 0 && self.life.cart.len() < LINES_MAX && self.happens("adds", wanted) {
            self.add(&id);
        }
    }

    fn cart_id(&self) -> String {
        format!("C-{}-{}", self.life.person.who, self.life.cart_number)
    }

    fn add(&mut self, id: &str) {
        match self.life.cart.iter_mut().find(|(line, _)| line == id) {
            Some((_, quantity)) => *quantity += 1,
            None => self.life.cart.push((id.to_owned(), 1)),
        }
        self.does(Deed::Added { cart: self.cart_id(), line: self.line(id, 1) });
        self.wait(3, 20);
    }

    fn lines(&self) -> Vec<Line> {
        self.life.cart.iter().map(|(id, quantity)| self.line(id, *quantity)).collect()
    }

    fn cart_seen(&mut self) {
        self.page("/cart");
        self.does(Deed::CartSeen { cart: self.cart_id(), lines: self.lines() });
        self.wait(5, 60);
    }

    /// The end of a visit: leave, think again, or go on to the checkout.
    fn decide(&mut self) {
        if self.life.cart.is_empty() || self.happens("leaves at once", 30) {
            return;
        }
        self.cart_seen();
        if self.life.cart.len() > 1 && self.happens("thinks again", 12) {
            let (id, quantity) = self.life.cart.remove(0);
            self.does(Deed::Removed { cart: self.cart_id(), line: self.line(&id, quantity) });
            self.wait(3, 20);
        }
        if self.happens("checks out", self.life.person.habits.checks_out) {
            self.check_out(self.life.person.habits.orders);
        }
    }

    fn check_out(&mut self, order_percent: u64) {
        let order = format!("S-{}-{}", self.life.person.who, self.life.cart_number);
        let basket = Basket { order, cart: self.cart_id(), lines: self.lines() };
        self.page("/checkout");
        self.does(Deed::CheckoutStarted(basket.clone()));
        self.wait(20, 120);
        if !self.known() {
            self.identify(self.life.person.habits.consents);
        }
        if !self.happens("orders", order_percent) {
            return;
        }
        self.does(Deed::Ordered(basket));
        self.life.cart.clear();
        self.life.cart_number += 1;
        self.wait(2, 5);
        self.page("/thanks");
    }

    fn known(&self) -> bool {
        self.life.known_on & 1 << self.device != 0
    }

    /// Says who she is.
    fn identify(&mut self, consent: bool) {
        self.life.known_on |= 1 << self.device;
        self.does(Deed::Identified { consent });
        self.wait(2, 10);
    }
}
