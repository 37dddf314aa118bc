//! The invented shop with its journey on.

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
        // `--cache-mb 0` shows what keeping customers in memory is worth.
        ops: Ops { cache_bytes: Some(super::arg("--cache-mb", 160) << 20), ..Ops::default() },
    }
}

/// The wall clock.
pub fn wall_now() -> WallTime {
    WallTime(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64)
}

/// RFC 3339 in UTC, as browsers write it.
pub fn timestamp(at: WallTime) -> String {
    jiff::Timestamp::from_millisecond(at.0).unwrap().to_string()
}
