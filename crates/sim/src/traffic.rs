//! What shoppers' browsers report, as Segment's SDK sends it, about 1 KB a call: for whoever measures how much
//! a server takes. A seed gives the same calls.

use crate::chance::Chance;
use crate::load::{AGENT, post};
use serde_json::{Value, json};

/// Calls of so many people over these products: 36 % pages, 34 % products viewed, 12 % lists, 10 % put in the
/// cart, 3 % taken out, 4 % who somebody is, 1 % orders.
pub struct Traffic {
    chance: Chance,
    people: u64,
    sent: u64,
    products: Vec<String>,
    write_key: String,
}

impl Traffic {
    /// By these people, for this key. Without products they look at one that nobody has.
    #[must_use]
    pub fn new(seed: u64, people: u64, products: Vec<String>, write_key: &str) -> Traffic {
        let products = if products.is_empty() { vec!["none".to_owned()] } else { products };
        Traffic { chance: Chance::new(seed), people, sent: 0, products, write_key: write_key.to_owned() }
    }

    /// So many single calls, as they go over the line; `at` is the moment in RFC 3339.
    pub fn singles(&mut self, n: usize, at: &str) -> Vec<Vec<u8>> {
        let single = |_| {
            let (name, mut call) = self.call(at);
            call["writeKey"] = self.write_key.clone().into();
            post(&format!("/v1/{name}"), "", &call.to_string())
        };
        (0..n).map(single).collect()
    }

    /// So many batches of so many calls.
    pub fn batches(&mut self, n: usize, size: usize, at: &str) -> Vec<Vec<u8>> {
        let batch = |_| {
            let calls: Vec<Value> = (0..size).map(|_| self.call(at).1).collect();
            let body = json!({ "writeKey": self.write_key, "batch": calls });
            post("/v1/batch", "", &body.to_string())
        };
        (0..n).map(batch).collect()
    }

    /// Which call, and what it says.
    fn call(&mut self, at: &str) -> (&'static str, Value) {
        self.sent += 1;
        let draw = |question, end| self.chance.below(question, &[self.sent], end);
        let who = draw("who", self.people.max(1));
        let product = &self.products[draw("product", self.products.len() as u64) as usize];
        let price = 1_000 + draw("price", 100) * 50;
        let url = format!("https://shop.example/p/{product}");
        let mut item = json!({
            "product_id": product, "name": "A product with a name of usual length", "category": "shoes",
            "price": price, "currency": "RUB", "quantity": 1, "url": url,
        });
        let track = |event: &str, properties: Value| {
            ("track", json!({ "type": "track", "event": event, "properties": properties }))
        };
        let (name, mut call) = match draw("what", 100) {
            0..36 => {
                let page = json!({ "path": format!("/p/{product}"), "title": "A product", "url": url });
                ("page", json!({ "type": "page", "name": "Product", "properties": page }))
            }
            36..70 => track("Product Viewed", item),
            70..82 => track("Product List Viewed", json!({ "list_id": "shoes", "category": "shoes" })),
            kind @ 82..95 => {
                item["cart_id"] = format!("cart-{who}").into();
                track(if kind < 92 { "Product Added" } else { "Product Removed" }, item)
            }
            95..99 => {
                let email = format!("shopper{who}@example.test");
                let traits = json!({ "email": email, "firstName": "Anna", "email_consent": true });
                ("identify", json!({ "type": "identify", "traits": traits }))
            }
            _ => {
                let order = json!({
                    "order_id": format!("S-{}", self.sent), "total": price, "currency": "RUB", "products": [item],
                });
                track("Order Completed", order)
            }
        };
        self.address(&mut call, who, at);
        (name, call)
    }

    /// What the SDK adds to each call.
    fn address(&self, call: &mut Value, who: u64, at: &str) {
        let id = self.chance.bits("message", &[self.sent]);
        let page = json!({
            "path": "/catalogue/shoes", "referrer": "https://shop.example/", "search": "?sort=price",
            "title": "Shoes for men and women", "url": "https://shop.example/catalogue/shoes?sort=price",
        });
        let brands = json!([{ "brand": "Chromium", "version": "126" }]);
        call["anonymousId"] = format!("5f1c2a60-8d1b-4f0e-9c55-{who:012x}").into();
        call["messageId"] = format!("ajs-next-{id:016x}{:08x}", self.sent).into();
        call["timestamp"] = at.into();
        call["sentAt"] = at.into();
        call["context"] = json!({
            "page": page, "userAgent": AGENT, "locale": "en-US", "timezone": "Europe/Moscow",
            "userAgentData": { "brands": brands, "mobile": false, "platform": "Linux" },
            "library": { "name": "analytics.js", "version": "next-1.70.0" },
        });
        call["integrations"] = json!({});
        call["_metadata"] = json!({ "bundled": ["Segment.io"], "unbundled": [], "bundledIds": [] });
    }
}
