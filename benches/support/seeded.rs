//! A shop with a million customers, a million clicks and 100,000 offers, written as the decider would have.

use super::shop::wall_now;
use super::{Dir, Draw};
use beckon_core::decide::decide;
use beckon_core::event::{Event, Fact, Identity, Incoming, ItemRef, Line, Mode, Source, Strength, Traits};
use beckon_core::ids::{Door, DoorKind, ProfileId};
use beckon_core::input::{Facts, Input};
use beckon_core::plan::{self, Plan, Settings};
use beckon_core::profile::Profile;
use beckon_core::time::{MINUTE, ShopTime};
use beckon_core::wire::Record;
use beckon_server::app::SHOP;
use beckon_server::connect::import;
use beckon_server::settings::ShopCard;
use beckon_server::setup;
use beckon_store::shop::ShopPlane;
use beckon_store::{Commit, EventWrite, IdentityWrite, Options, ProfileWrite, Store};
use std::path::Path;

/// Customers of one commit.
pub const COMMIT: u64 = 5_000;
/// Offers of the catalogue.
pub const OFFERS: u64 = 100_000;

/// A shop with a catalogue of 100,000 offers in 1,000 categories; gives back their ids.
pub fn import_offers(dir: &Path) -> Vec<String> {
    let categories: String =
        (1..=1_000).map(|n| format!("<category id=\"{n}\">Category {n}</category>")).collect();
    let ids: Vec<String> = (0..OFFERS).map(|n| format!("SKU-{n:06}")).collect();
    let offers = ids.iter().enumerate().map(|(n, id)| {
        format!(
            "<offer id=\"{id}\" available=\"true\"><url>https://shop.example/p/{id}</url><price>{}</price>\
            <currencyId>RUB</currencyId><categoryId>{}</categoryId><name>Product {id} of usual length</name>\
            <picture>https://shop.example/i/{id}.jpg</picture></offer>",
            1_000 + n % 50_000,
            n % 1_000 + 1
        )
    });
    let offers: String = offers.collect();
    let feed = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><yml_catalog date=\"2026-01-01T00:00:00Z\"><shop><name>S</name>\
        <currencies><currency id=\"RUB\" rate=\"1\"/></currencies><categories>{categories}</categories>\
        <offers>{offers}</offers></shop></yml_catalog>"
    );
    let plane = ShopPlane::open(dir).unwrap();
    setup::shop(&plane, &ShopCard::default(), wall_now(), "bench").unwrap();
    let report = import::read(&plane, SHOP, feed.as_bytes(), ShopTime(wall_now().0), &mut |_| {}).unwrap();
    assert!(report.refused_total == 0 && report.read == OFFERS, "the catalogue was not taken: {report:?}");
    ids
}

/// Customers as a few visits leave them, a third with an address, and a click each; gives back the MB of both.
pub fn fill(dir: &Dir, products: &[String], count: u64) -> (f64, f64) {
    let now = ShopTime(wall_now().0);
    let (hot, warm) = halves(products, now);
    let store = Store::open(&dir.0, &Options::default()).unwrap();
    let epoch = store.head().unwrap().epoch;
    let commit = |rows: Commit| drop(store.commit(&Commit { epoch, now, ..rows }).unwrap());
    let before = dir.bytes();
    for from in (0..count).step_by(COMMIT as usize) {
        let mut rows = Commit::default();
        for n in from..(from + COMMIT).min(count) {
            let id = profile_id(n);
            let (hot, warm) = (hot.clone(), Some(warm.clone()));
            rows.profiles.push(ProfileWrite {
                shop: SHOP,
                id,
                version: 1,
                hot,
                warm,
                due: None,
                woken: false,
            });
            rows.identities.push(identity(DoorKind::Anonymous, browser(n), id, now));
            if n % 3 == 0 {
                rows.identities.push(identity(DoorKind::Email, format!("shopper{n}@example.test"), id, now));
            }
        }
        commit(rows);
    }
    drop(store);
    let between = dir.bytes();
    let store = Store::open(&dir.0, &Options::default()).unwrap();
    let commit = |rows: Commit| drop(store.commit(&Commit { epoch, now, ..rows }).unwrap());
    let mut draw = Draw(3);
    for from in (0..count).step_by(COMMIT as usize) {
        let mut rows = Commit::default();
        for n in from..(from + COMMIT).min(count) {
            // Visits of five clicks.
            let profile = profile_id((n / 5).wrapping_mul(2_654_435_761) % count);
            let at = ShopTime(now.0 - MINUTE.0 * ((count - n) / 100) as i64);
            let event = viewed(&products[draw.below(products.len() as u64) as usize], draw.bits(), at);
            let body = serde_json::to_vec(&event).unwrap();
            rows.events.push(EventWrite { shop: SHOP, profile, number: event.number, at, body });
        }
        commit(rows);
    }
    drop(store);
    let mb = |bytes: u64| bytes as f64 / 1e6;
    (mb(between - before), mb(dir.bytes() - between))
}

/// The id of somebody's browser.
pub fn browser(n: u64) -> String {
    format!("5f1c2a60-8d1b-4f0e-9c55-{n:012x}")
}

/// Somebody's profile.
pub fn profile_id(n: u64) -> ProfileId {
    let door = Door::new(DoorKind::Anonymous, browser(n));
    ProfileId::born(SHOP, door.bucket(SHOP), door.id(SHOP), n)
}

/// An identity that was claimed.
pub fn identity(kind: DoorKind, value: String, profile: ProfileId, since: ShopTime) -> IdentityWrite {
    let door = Door::new(kind, value);
    IdentityWrite {
        shop: SHOP,
        bucket: door.bucket(SHOP),
        door: door.id(SHOP),
        kind,
        value: door.value,
        profile,
        strength: Strength::Claimed,
        since,
        moves: 0,
        moves_day: 0,
    }
}

fn viewed(product: &str, number: u64, at: ShopTime) -> Event {
    let item = ItemRef { id: product.to_owned(), alt: String::new() };
    let fact = Fact::ProductViewed { item };
    Event { number, occurred_at: at, received_at: at, mode: Mode::Live, source: Source::Browser, fact }
}

/// Both halves of somebody who looked at ten products and put three into the cart.
fn halves(products: &[String], now: ShopTime) -> (Vec<u8>, Vec<u8>) {
    let journey = plan::parse(include_str!("../../plans/abandoned-cart.yaml")).unwrap();
    let plan = Plan::new(1, vec![journey], Settings::default()).unwrap();
    let mut profile = Profile::new(SHOP, profile_id(0), now);
    for (n, product) in products.iter().take(13).enumerate() {
        let mut event = viewed(product, n as u64 + 1, now);
        if n >= 10 {
            let item = ItemRef { id: product.clone(), alt: String::new() };
            event.fact =
                Fact::CartAdded { cart: String::new(), line: Line { item, quantity: 1, price: None } };
        }
        let identities =
            vec![Identity { door: Door::new(DoorKind::Anonymous, browser(0)), strength: Strength::Claimed }];
        let input = Input::Event(Box::new(Incoming { event, identities, traits: Traits::default() }));
        profile = decide(now, &plan, &Facts::default(), &profile, &input).profile;
    }
    (profile.hot.to_bytes(), profile.warm.as_ref().map(Record::to_bytes).unwrap_or_default())
}
