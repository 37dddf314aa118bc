//! What a shopper did as a call of Segment's HTTP API, as the tracker of the shop's pages would make it.

use super::deed::{Basket, Deed, Doing, Line};
use super::person::Person;
use super::{Act, ZONE_NAME};
use crate::chance::Chance;
use crate::shop::Shop;
use serde_json::{Value, json};

/// Who calls, and from where.
pub(super) struct Caller<'a> {
    pub(super) chance: Chance,
    pub(super) shop: &'a Shop,
    pub(super) origin: &'a str,
    pub(super) person: &'a Person,
}

impl Caller<'_> {
    /// The call; `None` for a device she does not have.
    pub(super) fn act(&self, doing: &Doing) -> Option<Act> {
        let person = self.person;
        let device = person.devices.get(usize::from(doing.device))?;
        let (kind, path, rest) = self.told(&doing.deed);
        let life = self.chance.bits("life", &[]);
        let mut call = json!({
            "type": kind,
            "messageId": format!("sim-{life:016x}-{}-{}", person.who, doing.number),
            "anonymousId": device.anonymous_id,
            "context": {
                "library": { "name": "beckon-sim", "version": env!("CARGO_PKG_VERSION") },
                "page": { "url": format!("{}{path}", self.origin), "path": path },
                "locale": person.locale(),
                "timezone": ZONE_NAME,
                "userAgent": device.user_agent,
            },
        });
        if let (Value::Object(call), Value::Object(rest)) = (&mut call, rest) {
            call.extend(rest);
        }
        Some(Act { at: doing.at, who: person.who, device: doing.device, call })
    }

    /// Type, path of the page, and what only this type has.
    fn told<'d>(&self, deed: &'d Deed) -> (&'static str, &'d str, Value) {
        let track = |event: &str, properties: Value| {
            ("track", "/", json!({ "event": event, "properties": properties }))
        };
        match deed {
            Deed::Page(path) => {
                let properties = json!({ "path": path, "url": format!("{}{path}", self.origin) });
                ("page", path, json!({ "properties": properties }))
            }
            Deed::ShelfSeen(category) => {
                let name = self.category(*category);
                track("Product List Viewed", json!({ "list_id": category.to_string(), "category": name }))
            }
            Deed::Viewed(line) => {
                let mut seen = self.fact(line);
                if let Value::Object(fields) = &mut seen {
                    fields.remove("quantity");
                }
                track("Product Viewed", seen)
            }
            Deed::Dwelled { offer, dwell_secs } => {
                track("Product Dwelled", json!({ "product_id": offer, "dwell_secs": dwell_secs }))
            }
            Deed::Added { cart, line } => track("Product Added", self.of_cart(cart, line)),
            Deed::Removed { cart, line } => track("Product Removed", self.of_cart(cart, line)),
            Deed::CartSeen { cart, lines } => {
                let products: Vec<Value> = lines.iter().map(|line| self.fact(line)).collect();
                track("Cart Viewed", json!({ "cart_id": cart, "currency": "RUB", "products": products }))
            }
            Deed::CheckoutStarted(basket) => track("Checkout Started", self.basket(basket)),
            Deed::Ordered(basket) => {
                let mut order = self.basket(basket);
                order["total"] = basket.total_rub().into();
                track("Order Completed", order)
            }
            Deed::Identified { consent } => {
                let person = self.person;
                let mut traits = json!({ "email": person.email, "firstName": person.first_name });
                if *consent {
                    traits["email_consent"] = true.into();
                }
                ("identify", "/checkout", json!({ "traits": traits }))
            }
            Deed::Came { token } => track("Message Clicked", json!({ "token": token })),
        }
    }

    fn category(&self, id: u32) -> &'static str {
        let lang = self.person.lang;
        self.shop.category(id).map_or("", |category| category.name.get(lang))
    }

    fn fact(&self, line: &Line) -> Value {
        let Some((product, variant)) = self.shop.offer(&line.offer) else { return Value::Null };
        json!({
            "product_id": line.offer,
            "name": product.offer_title(variant, self.person.lang),
            "category": self.category(product.category),
            "price": line.price_rub,
            "currency": "RUB",
            "quantity": line.quantity,
        })
    }

    fn of_cart(&self, cart: &str, line: &Line) -> Value {
        let mut fact = self.fact(line);
        if let Value::Object(fields) = &mut fact {
            fields.insert("cart_id".to_owned(), cart.into());
        }
        fact
    }

    fn basket(&self, basket: &Basket) -> Value {
        let products: Vec<Value> = basket.lines.iter().map(|line| self.fact(line)).collect();
        json!({
            "order_id": basket.order,
            "cart_id": basket.cart,
            "currency": "RUB",
            "value": basket.total_rub(),
            "products": products,
        })
    }
}
