//! What a shopper does from visit to visit.

use super::Act;
use super::person::Person;
use crate::chance::Chance;
use crate::shop::{Product, Shop, Variant};
use beckon_core::time::{DAY, HOUR, MINUTE, SECOND, ShopTime, Span};
use serde_json::{Value, json};

/// How many of a hundred visits begin in each hour of the day, in thousandths; few at night, most in the
/// evening.
const HOURS: [u64; 24] =
    [8, 4, 2, 1, 1, 2, 8, 22, 38, 50, 56, 58, 62, 58, 54, 52, 54, 58, 66, 78, 90, 88, 62, 28];
/// The shoppers' clock is three hours ahead of UTC.
const ZONE: Span = Span(3 * HOUR.0);
const ZONE_NAME: &str = "Europe/Moscow";
/// More never lie in a shopper's cart.
const LINES_MAX: usize = 6;

/// A shopper and what she carries from visit to visit.
pub(super) struct Life {
    pub(super) person: Person,
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
    origin: &'a str,
    device: u8,
    day: u32,
    at: ShopTime,
    acts: Vec<Act>,
}

impl Life {
    pub(super) fn new(chance: Chance, shop: &Shop, who: u32) -> Life {
        let person = Person::new(chance, shop, who);
        Life { person, visits: 0, calls: 0, known_on: 0, cart_number: 1, cart: Vec::new() }
    }

    /// Some of the shoppers are there from the first hour on; the others come in the first days.
    pub(super) fn first_visit(&self, chance: Chance, start: ShopTime) -> ShopTime {
        let about = [u64::from(self.person.who)];
        if chance.percent("early bird", &about, 30) {
            return start.plus(Span(chance.below("first minutes", &about, 3 * HOUR.0 as u64) as i64));
        }
        let days = chance.below("first day", &about, 5);
        on_a_day(chance, &[about[0], 0], start, days).max(start)
    }

    pub(super) fn next_visit(&self, chance: Chance, over: ShopTime) -> ShopTime {
        let about = [u64::from(self.person.who), self.visits];
        // She comes back to a full cart sooner.
        let gap = if self.cart.is_empty() { self.person.habits.gap_days } else { 1 };
        let days = chance.below("gap", &about, 2 * gap + 1);
        on_a_day(chance, &about, over, days).max(over.plus(Span(40 * MINUTE.0)))
    }

    pub(super) fn visit(
        &mut self,
        chance: Chance,
        shop: &Shop,
        origin: &str,
        at: ShopTime,
        day: u32,
    ) -> Vec<Act> {
        self.visits += 1;
        let devices = self.person.devices.len() as u64;
        let device = chance.below("device", &[u64::from(self.person.who), self.visits], devices) as u8;
        let mut visit = Visit { life: self, chance, shop, origin, device, day, at, acts: Vec::new() };
        visit.browse();
        visit.decide();
        visit.acts
    }

    pub(super) fn after_click(
        &mut self,
        chance: Chance,
        shop: &Shop,
        origin: &str,
        (at, day): (ShopTime, u32),
        token: &str,
    ) -> Vec<Act> {
        self.visits += 1;
        let mut visit = Visit { life: self, chance, shop, origin, device: 0, day, at, acts: Vec::new() };
        visit.page("/cart");
        visit.track("Message Clicked", json!({ "token": token }));
        if visit.life.cart.is_empty() {
            visit.look(0);
        } else {
            visit.cart_seen();
            if visit.happens("orders after a click", 55) {
                visit.check_out(100);
            }
        }
        visit.acts
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

    fn call(&mut self, kind: &str, path: &str, rest: Value) {
        let person = &self.life.person;
        let Some(device) = person.devices.get(usize::from(self.device)) else { return };
        let life = self.chance.bits("life", &[]);
        let mut call = json!({
            "type": kind,
            "messageId": format!("sim-{life:016x}-{}-{}", person.who, self.life.calls),
            "anonymousId": device.anonymous_id,
            "context": {
                "library": { "name": "beckon-sim", "version": env!("CARGO_PKG_VERSION") },
                "page": { "url": format!("{}{path}", self.origin), "path": path },
                "locale": person.lang.pick("ru-RU", "en-GB"),
                "timezone": ZONE_NAME,
                "userAgent": device.user_agent,
            },
        });
        if let (Value::Object(call), Value::Object(rest)) = (&mut call, rest) {
            call.extend(rest);
        }
        self.acts.push(Act { at: self.at, who: person.who, device: self.device, call });
        self.life.calls += 1;
    }

    fn track(&mut self, event: &str, properties: Value) {
        self.call("track", "/", json!({ "event": event, "properties": properties }));
    }

    fn page(&mut self, path: &str) {
        let properties = json!({ "path": path, "url": format!("{}{path}", self.origin) });
        self.call("page", path, json!({ "properties": properties }));
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
                let category =
                    json!({ "list_id": product.category.to_string(), "category": self.name_of(product) });
                self.track("Product List Viewed", category);
                self.wait(6, 60);
            }
            self.look_at(&variant, n);
            last = Some(number);
        }
        if self.life.person.habits.subscribes && self.life.visits <= 2 && !self.known() {
            self.identify(true);
        }
    }

    fn look(&mut self, n: u64) {
        if let Some((_, variant)) = self.choose(None) {
            self.look_at(&variant, n);
        }
    }

    /// A product: of a shelf she likes, of the collection she looked at last, or anything.
    fn choose(&self, last: Option<u32>) -> Option<(&'a Product, Variant)> {
        let shop = self.shop;
        let draw = self.below("what next", 100);
        let from: Vec<&Product> = match last.and_then(|number| shop.product(number)) {
            Some(before) if draw < 30 => shop.of_the_collection(before).collect(),
            Some(before) if draw < 55 => shop.in_category(before.category).collect(),
            _ if draw < 90 => {
                let likes = &self.life.person.habits.likes;
                let at = self.below("which shelf", likes.len().max(1) as u64) as usize;
                shop.in_category(likes.get(at).copied().unwrap_or(21)).collect()
            }
            _ => shop.products().iter().collect(),
        };
        // The lower of two draws: what stands in front is looked at more often, as in any shop.
        let end = from.len() as u64;
        let at = self.below("one", end).min(self.below("or another", end));
        let product = from.get(at as usize)?;
        let variant = self.below("variant", product.variants.len() as u64) as usize;
        Some((product, product.variants.get(variant)?.clone()))
    }

    fn name_of(&self, product: &Product) -> &'static str {
        let lang = self.life.person.lang;
        self.shop.category(product.category).map_or("", |category| category.name.get(lang))
    }

    fn fact(&self, id: &str, quantity: u32) -> Value {
        let Some((product, variant)) = self.shop.offer(id) else { return Value::Null };
        let quote = self.shop.quote(product, variant, self.day);
        json!({
            "product_id": id,
            "name": product.offer_title(variant, self.life.person.lang),
            "category": self.name_of(product),
            "price": quote.price_rub,
            "currency": "RUB",
            "quantity": quantity,
        })
    }

    fn look_at(&mut self, variant: &Variant, n: u64) {
        let id = variant.id.clone();
        self.page(&format!("/product/{id}"));
        let mut seen = self.fact(&id, 1);
        if let Value::Object(fields) = &mut seen {
            fields.remove("quantity");
        }
        self.track("Product Viewed", seen);
        let before = self.at;
        self.wait(8, 150);
        let dwell_secs = self.at.since(before).0 / SECOND.0;
        self.track("Product Dwelled", json!({ "product_id": id, "dwell_secs": dwell_secs }));
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
        let mut fact = self.fact(id, 1);
        fact["cart_id"] = self.cart_id().into();
        self.track("Product Added", fact);
        self.wait(3, 20);
    }

    fn products(&self) -> Vec<Value> {
        self.life.cart.iter().map(|(id, quantity)| self.fact(id, *quantity)).collect()
    }

    fn cart_seen(&mut self) {
        self.page("/cart");
        let cart = json!({ "cart_id": self.cart_id(), "currency": "RUB", "products": self.products() });
        self.track("Cart Viewed", cart);
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
            let mut fact = self.fact(&id, quantity);
            fact["cart_id"] = self.cart_id().into();
            self.track("Product Removed", fact);
            self.wait(3, 20);
        }
        if self.happens("checks out", self.life.person.habits.checks_out) {
            self.check_out(self.life.person.habits.orders);
        }
    }

    fn check_out(&mut self, order_percent: u64) {
        let order_id = format!("S-{}-{}", self.life.person.who, self.life.cart_number);
        let products = self.products();
        let total: u64 = products
            .iter()
            .filter_map(|line| Some(line["price"].as_u64()? * line["quantity"].as_u64()?))
            .sum();
        self.page("/checkout");
        let mut order = json!({
            "order_id": order_id,
            "cart_id": self.cart_id(),
            "currency": "RUB",
            "value": total,
            "products": products,
        });
        self.track("Checkout Started", order.clone());
        self.wait(20, 120);
        if !self.known() {
            self.identify(self.life.person.habits.consents);
        }
        if !self.happens("orders", order_percent) {
            return;
        }
        order["total"] = total.into();
        self.track("Order Completed", order);
        self.life.cart.clear();
        self.life.cart_number += 1;
        self.wait(2, 5);
        self.page("/thanks");
    }

    fn known(&self) -> bool {
        self.life.known_on & 1 << self.device != 0
    }

    /// Says who she is. Without consent nothing is said about letters: a box left empty is no withdrawal.
    fn identify(&mut self, consent: bool) {
        self.life.known_on |= 1 << self.device;
        let person = &self.life.person;
        let mut traits = json!({ "email": person.email, "firstName": person.first_name });
        if consent {
            traits["email_consent"] = true.into();
        }
        self.call("identify", "/checkout", json!({ "traits": traits }));
        self.wait(2, 10);
    }
}
