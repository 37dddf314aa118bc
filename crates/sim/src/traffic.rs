//! What shoppers' browsers report, as Segment's SDK sends it, about 1 KB a call: for whoever measures how much a server
//! takes. A seed gives the same calls.

use crate::chance::Chance;
use crate::load::post;

/// Calls of so many people over these products: 36 % pages, 34 % products viewed, 12 % lists, 10 % put in the cart,
/// 3 % taken out, 4 % who somebody is, 1 % orders.
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
        (0..n)
            .map(|_| {
                let (name, call) = self.call(at);
                let body = format!("{{\"writeKey\":\"{}\",{call}}}", self.write_key);
                post(&format!("/v1/{name}"), "", &body)
            })
            .collect()
    }

    /// So many batches of so many calls.
    pub fn batches(&mut self, n: usize, size: usize, at: &str) -> Vec<Vec<u8>> {
        (0..n)
            .map(|_| {
                let calls: Vec<String> = (0..size).map(|_| format!("{{{}}}", self.call(at).1)).collect();
                let calls = calls.join(",");
                post("/v1/batch", "", &format!("{{\"writeKey\":\"{}\",\"batch\":[{calls}]}}", self.write_key))
            })
            .collect()
    }

    /// Which call, and its fields.
    fn call(&mut self, at: &str) -> (&'static str, String) {
        self.sent += 1;
        let draw = |question, end| self.chance.below(question, &[self.sent], end);
        let who = draw("who", self.people.max(1));
        let product = &self.products[draw("product", self.products.len() as u64) as usize];
        let price = 1_000 + draw("price", 100) * 50;
        let item = format!(
            r#""product_id":"{product}","name":"A product with a name of usual length","category":"shoes","price":{price},"currency":"RUB","quantity":1,"url":"https://shop.example/p/{product}""#
        );
        let cart = format!(r#""cart_id":"cart-{who}""#);
        let track = |event: &str, properties: String| {
            ("track", format!(r#""type":"track","event":"{event}","properties":{{{properties}}}"#))
        };
        let (name, fields) = match draw("what", 100) {
            0..36 => (
                "page",
                format!(
                    r#""type":"page","name":"Product","properties":{{"path":"/p/{product}","title":"A product","url":"https://shop.example/p/{product}"}}"#
                ),
            ),
            36..70 => track("Product Viewed", item),
            70..82 => track("Product List Viewed", r#""list_id":"shoes","category":"shoes""#.to_owned()),
            82..92 => track("Product Added", format!("{cart},{item}")),
            92..95 => track("Product Removed", format!("{cart},{item}")),
            95..99 => (
                "identify",
                format!(
                    r#""type":"identify","traits":{{"email":"shopper{who}@example.test","firstName":"Anna","email_consent":true}}"#
                ),
            ),
            _ => track(
                "Order Completed",
                format!(
                    r#""order_id":"S-{}","total":{price},"currency":"RUB","products":[{{{item}}}]"#,
                    self.sent
                ),
            ),
        };
        (name, format!("{fields},{}", self.envelope(who, at)))
    }

    /// What the SDK adds to each call.
    fn envelope(&self, who: u64, time: &str) -> String {
        let id = self.chance.bits("message", &[self.sent]);
        let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
        format!(
            r#""anonymousId":"5f1c2a60-8d1b-4f0e-9c55-{who:012x}","messageId":"ajs-next-{id:016x}{:08x}","timestamp":"{time}","sentAt":"{time}","context":{{"page":{{"path":"/catalogue/shoes","referrer":"https://shop.example/","search":"?sort=price","title":"Shoes for men and women","url":"https://shop.example/catalogue/shoes?sort=price"}},"userAgent":"{agent}","userAgentData":{{"brands":[{{"brand":"Chromium","version":"126"}}],"mobile":false,"platform":"Linux"}},"locale":"en-US","timezone":"Europe/Moscow","library":{{"name":"analytics.js","version":"next-1.70.0"}}}},"integrations":{{}},"_metadata":{{"bundled":["Segment.io"],"unbundled":[],"bundledIds":[]}}"#,
            self.sent
        )
    }
}
