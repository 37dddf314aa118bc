//! The invented shop with its journey on, and what its shoppers send.

use super::Draw;
use super::client::post;
use beckon_core::time::{ShopTime, WallTime};
use beckon_server::app::{Config, Ops, SHOP};
use beckon_server::connect::import;
use beckon_server::journeys::{self, Change, Stamp};
use beckon_server::settings::{MAIN, ShopCard, ShopSettings, kind};
use beckon_server::setup::{self, Keys};
use beckon_sim::shop::{Lang, Shop, feed};
use beckon_store::shop::{DocumentWrite, ShopPlane};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Shoppers of whom events are sent.
pub const SHOPPERS: u64 = 20_000;

/// A shop in a directory, "abandoned cart" on for everybody; with `dkim` its mails are signed with that key.
pub fn prepare(dir: &Path, dkim: Option<&str>) -> (Keys, Vec<String>) {
    let plane = ShopPlane::open(dir).unwrap();
    let card = ShopCard {
        name: "Lighthouse".to_owned(),
        site: "https://shop.example".to_owned(),
        phones: vec!["+7 800 555-00-17".to_owned()],
        email: "hello@shop.example".to_owned(),
        address: "1 Shore Road".to_owned(),
        locale: "en".to_owned(),
        ..ShopCard::default()
    };
    let at = wall_now();
    let keys = setup::shop(&plane, &card, at, "bench").unwrap();
    let shop = Shop::new(7);
    let feed = feed(&shop, &card.site, Lang::En, 0);
    import::read(&plane, SHOP, feed.as_bytes(), ShopTime(at.0), &mut |_| {}).unwrap();
    // One hundred per cent of people: nobody is kept apart to measure the gain, and nobody sleeps.
    let settings = ShopSettings {
        global_holdout_ppm: 0,
        time_zone: "UTC".to_owned(),
        quiet_from_hour: 0,
        quiet_until_hour: 0,
        dkim_domain: dkim.map_or_else(String::new, |_| "shop.example".to_owned()),
        dkim_selector: "bench".to_owned(),
        dkim_key: dkim.unwrap_or_default().to_owned(),
        ..ShopSettings::default()
    };
    let body = serde_json::to_string(&settings).unwrap();
    let write = DocumentWrite {
        shop: SHOP,
        kind: kind::SETTINGS,
        name: MAIN,
        expected_version: 1,
        body: Some(&body),
        at,
        by: "bench",
    };
    plane.put_all(&[write]).unwrap();
    let change =
        Change { on: Some(true), set: vec![("holdout".to_owned(), "0".to_owned())], ..Change::default() };
    let stamp = Stamp { at, now: ShopTime(0), by: "bench" };
    journeys::change(&plane, Some("abandoned-cart"), &change, stamp).unwrap();
    let offers = shop.products().iter().flat_map(|product| product.variants.iter());
    (keys, offers.map(|variant| variant.id.clone()).collect())
}

/// How the program is started on it: ports of the system's choice, the relay given.
pub fn config(dir: &Path, smtp_url: Option<String>, smtp_sessions: usize) -> Config {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Config {
        dir: dir.to_owned(),
        public: any,
        admin: any,
        smtp_url,
        from: Some("Lighthouse <hello@shop.example>".to_owned()),
        public_origin: Some("https://mail.shop.example".to_owned()),
        time_factor: 1.0,
        smtp_sessions,
        allow_private_feeds: true,
        ops: Ops::default(),
    }
}

/// The wall clock.
pub fn wall_now() -> WallTime {
    WallTime(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64)
}

/// Calls as the SDK of Segment sends them, about 1 KB each: 36 % pages, 34 % products viewed, 12 % lists, 10 % put in
/// the cart, 3 % taken out, 4 % who somebody is, 1 % orders.
pub struct Traffic {
    draw: Draw,
    sent: u64,
    products: Vec<String>,
    write_key: String,
}

impl Traffic {
    /// Over these products, for this key.
    pub fn new(seed: u64, products: Vec<String>, write_key: &str) -> Traffic {
        Traffic { draw: Draw(seed), sent: 0, products, write_key: write_key.to_owned() }
    }

    /// Single calls.
    pub fn singles(&mut self, n: usize) -> Vec<Vec<u8>> {
        (0..n)
            .map(|_| {
                let (name, call) = self.call();
                let body = format!("{{\"writeKey\":\"{}\",{call}}}", self.write_key);
                post(&format!("/v1/{name}"), "", &body)
            })
            .collect()
    }

    /// Batches of so many calls.
    pub fn batches(&mut self, n: usize, size: usize) -> Vec<Vec<u8>> {
        (0..n)
            .map(|_| {
                let calls: Vec<String> = (0..size).map(|_| format!("{{{}}}", self.call().1)).collect();
                let calls = calls.join(",");
                post("/v1/batch", "", &format!("{{\"writeKey\":\"{}\",\"batch\":[{calls}]}}", self.write_key))
            })
            .collect()
    }

    /// Which call, and its fields.
    fn call(&mut self) -> (&'static str, String) {
        let who = self.draw.below(SHOPPERS);
        self.sent += 1;
        let product = &self.products[self.draw.below(self.products.len() as u64) as usize];
        let price = 1_000 + self.draw.below(100) * 50;
        let item = format!(
            r#""product_id":"{product}","name":"A product with a name of usual length","category":"shoes","price":{price},"currency":"RUB","quantity":1,"url":"https://shop.example/p/{product}""#
        );
        let cart = format!(r#""cart_id":"cart-{who}""#);
        let track = |event: &str, properties: String| {
            ("track", format!(r#""type":"track","event":"{event}","properties":{{{properties}}}"#))
        };
        let (name, fields) = match self.draw.below(100) {
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
        (name, format!("{fields},{}", self.envelope(who)))
    }

    /// What the SDK adds to each call.
    fn envelope(&mut self, who: u64) -> String {
        let (id, time) = (self.draw.bits(), timestamp(wall_now()));
        let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
        format!(
            r#""anonymousId":"5f1c2a60-8d1b-4f0e-9c55-{who:012x}","messageId":"ajs-next-{id:016x}{:08x}","timestamp":"{time}","sentAt":"{time}","context":{{"page":{{"path":"/catalogue/shoes","referrer":"https://shop.example/","search":"?sort=price","title":"Shoes for men and women","url":"https://shop.example/catalogue/shoes?sort=price"}},"userAgent":"{agent}","userAgentData":{{"brands":[{{"brand":"Chromium","version":"126"}}],"mobile":false,"platform":"Linux"}},"locale":"en-US","timezone":"Europe/Moscow","library":{{"name":"analytics.js","version":"next-1.70.0"}}}},"integrations":{{}},"_metadata":{{"bundled":["Segment.io"],"unbundled":[],"bundledIds":[]}}"#,
            self.sent
        )
    }
}

/// RFC 3339 in UTC, as browsers write it.
pub fn timestamp(at: WallTime) -> String {
    jiff::Timestamp::from_millisecond(at.0).unwrap().to_string()
}
