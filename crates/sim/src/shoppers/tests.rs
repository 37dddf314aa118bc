//! The life of the shoppers as a whole.

use super::*;
use beckon_core::time::HOUR;
use std::collections::BTreeMap;

/// A Monday at 7:00 UTC, 10:00 in the shop.
const START: ShopTime = ShopTime(1_767_596_400_000);

fn shoppers(seed: u64) -> Shoppers {
    let setting = Setting { origin: "http://shop.test".to_owned(), seed, people: 120, start: START };
    Shoppers::new(Arc::new(Shop::new(1)), setting)
}

fn days(n: i64) -> ShopTime {
    START.plus(DAY.times(n))
}

#[test]
fn a_seed_gives_the_same_life_however_often_it_is_asked() {
    let whole = shoppers(1).next_acts(days(4));
    let mut asked = shoppers(1);
    let mut pieces = Vec::new();
    for hour in 1..=96 {
        pieces.extend(asked.next_acts(START.plus(HOUR.times(hour))));
    }
    assert!(whole.len() > 1_000, "{} acts", whole.len());
    assert!(whole.is_sorted_by_key(|act| act.at));
    assert_eq!(whole, pieces);
    assert_ne!(whole, shoppers(2).next_acts(days(4)));
}

#[test]
fn all_that_a_shop_knows_happens_and_ids_are_never_used_twice() {
    let acts = shoppers(1).next_acts(days(10));
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    let (mut with, mut without) = (0, 0);
    for act in &acts {
        let call = &act.call;
        *names.entry(call["event"].as_str().or(call["type"].as_str()).unwrap()).or_default() += 1;
        assert!(ids.insert(call["messageId"].as_str().unwrap().to_owned()));
        assert!(call.get("timestamp").is_none() && call["anonymousId"].as_str().unwrap().len() == 36);
        assert!(act.at >= START && act.at < days(10));
        if call["type"] == "identify" {
            assert!(call["traits"]["email"].as_str().unwrap().ends_with("@demo.example"));
            if call["traits"]["email_consent"] == true { with += 1 } else { without += 1 }
        }
    }
    for name in
        ["page", "identify", "Product List Viewed", "Product Viewed", "Product Dwelled", "Product Added"]
    {
        assert!(names[name] > 20, "{name}: {names:?}");
    }
    for name in ["Product Removed", "Cart Viewed", "Checkout Started", "Order Completed"] {
        assert!(names[name] > 3, "{name}: {names:?}");
    }
    assert!(names["Order Completed"] < names["Checkout Started"], "some leave at the till");
    assert!(names["Checkout Started"] < names["Product Added"], "some leave before");
    assert!(with > 0 && without > 0);
}

#[test]
fn few_come_at_night() {
    let acts = shoppers(1).next_acts(days(12));
    let hour = |act: &&Act| (act.at.0 / HOUR.0 + 3) % 24;
    let night = acts.iter().filter(|act| (1..6).contains(&hour(act))).count();
    let evening = acts.iter().filter(|act| (17..22).contains(&hour(act))).count();
    assert!(night * 10 < evening, "{night} at night, {evening} in the evening");
}

#[test]
fn who_clicks_in_a_mail_says_so_with_the_token_and_a_stranger_does_nothing() {
    let mut all = shoppers(1);
    all.next_acts(days(6));
    let mut orders = 0;
    for who in 0..120 {
        let email = all.person(who).unwrap().email.clone();
        let acts = all.after_click(&email, "tok", days(6));
        let clicked = acts.iter().find(|act| act.call["event"] == "Message Clicked").unwrap();
        assert_eq!(clicked.call["properties"]["token"], "tok");
        orders += acts.iter().filter(|act| act.call["event"] == "Order Completed").count();
    }
    assert!(orders > 3, "{orders} orders");
    assert!(all.after_click("nobody@demo.example", "tok", days(6)).is_empty());
}
