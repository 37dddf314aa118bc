//! What a shop's people would check by hand: the right neighbours, the chain, the reasons, live counts.

use std::sync::Arc;

use beckon_recommend::{
    Click, Interaction, ItemFacts, Kind, Limits, Pick, Profile, Purpose, Query, Reason, Recommender,
    VisitModel,
};

const DAY_MS: i64 = 86_400_000;
const START_MS: i64 = 20_000 * DAY_MS;

fn facts<'a>(category: &'a str, price_minor: i64) -> ItemFacts<'a> {
    ItemFacts { category, price_minor, in_stock: true, ..ItemFacts::default() }
}

/// Phones and cases under "electronics", teas under "food".
fn shop() -> Recommender {
    let mut shop = Recommender::new(Limits::default());
    shop.set_now(START_MS);
    for (item, category, price_minor) in [
        ("phone-a", "phones", 3_000_000),
        ("phone-b", "phones", 3_100_000),
        ("phone-c", "phones", 9_000_000),
        ("case-a", "cases", 90_000),
        ("case-b", "cases", 80_000),
        ("tea-a", "tea", 30_000),
        ("tea-b", "tea", 35_000),
    ] {
        shop.set_item(item, facts(category, price_minor));
    }
    assert!(shop.set_category_parent("phones", Some("electronics")));
    assert!(shop.set_category_parent("cases", Some("electronics")));
    assert!(shop.set_category_parent("tea", Some("food")));
    shop
}

fn act(shop: &mut Recommender, visitor: u64, kind: Kind, item: &str, at_ms: i64) {
    shop.observe(&Interaction { visitor, item, kind, at_ms, live: true });
}

fn order(shop: &mut Recommender, visitor: u64, items: &[&str]) {
    for item in items {
        act(shop, visitor, Kind::Order, item, START_MS);
    }
}

fn names(picks: &[Pick]) -> Vec<&str> {
    picks.iter().map(|pick| pick.item.as_str()).collect()
}

#[test]
fn complements_come_from_orders_and_say_with_what() {
    let mut shop = shop();
    for visitor in 0..5 {
        order(&mut shop, visitor, &["phone-a", "case-a"]);
    }
    order(&mut shop, 9, &["phone-a", "tea-a"]);
    let query = Query { purpose: Purpose::Complements, seeds: &["phone-a"], n: 2, ..Query::default() };
    let picks = shop.recommend(&query);
    assert_eq!(names(&picks), ["case-a", "tea-a"]);
    assert_eq!(picks[0].reason, Reason::BoughtTogether { with: "phone-a".into(), orders: 5 });
    assert_eq!(picks[1].reason, Reason::BoughtTogether { with: "phone-a".into(), orders: 1 });
}

#[test]
fn a_cart_is_told_apart_from_an_order() {
    let mut shop = shop();
    act(&mut shop, 1, Kind::Cart, "phone-a", START_MS);
    act(&mut shop, 1, Kind::Cart, "case-b", START_MS + 60_000);
    let query = Query { purpose: Purpose::Complements, seeds: &["phone-a"], n: 1, ..Query::default() };
    let reason = Reason::CartedTogether { with: "phone-a".into(), visitors: 1 };
    assert_eq!(shop.recommend(&query)[0].reason, reason);
    order(&mut shop, 1, &["phone-a", "case-b"]);
    let reason = Reason::BoughtTogether { with: "phone-a".into(), orders: 1 };
    assert_eq!(shop.recommend(&query)[0].reason, reason);
}

#[test]
fn a_view_counts_at_once() {
    let mut shop = shop();
    let query = Query { seeds: &["phone-a"], n: 1, ..Query::default() };
    let content = Reason::Content { with: "phone-a".into() };
    assert_eq!(shop.recommend(&query)[0].reason, content);
    act(&mut shop, 1, Kind::View, "phone-a", START_MS);
    act(&mut shop, 1, Kind::View, "phone-c", START_MS + 1_000);
    let picks = shop.recommend(&query);
    assert_eq!(names(&picks), ["phone-c"]);
    assert_eq!(picks[0].reason, Reason::ViewedTogether { with: "phone-a".into(), visitors: 1 });
}

#[test]
fn the_chain_goes_from_complements_to_anything_in_stock() {
    let mut shop = shop();
    order(&mut shop, 1, &["phone-a", "case-a"]);
    act(&mut shop, 2, Kind::View, "phone-a", START_MS);
    act(&mut shop, 2, Kind::View, "phone-b", START_MS + 1_000);
    order(&mut shop, 3, &["case-b"]);
    order(&mut shop, 4, &["tea-b"]);
    let query = Query { purpose: Purpose::Complements, seeds: &["phone-a"], n: 10, ..Query::default() };
    let picks = shop.recommend(&query);
    assert_eq!(names(&picks), ["case-a", "phone-b", "phone-c", "case-b", "tea-b", "tea-a"]);
    let electronics = Some("electronics".to_owned());
    assert_eq!(picks[2].reason, Reason::Content { with: "phone-a".into() });
    assert_eq!(picks[3].reason, Reason::Bestseller { category: electronics, orders: 1 });
    assert_eq!(picks[4].reason, Reason::Bestseller { category: None, orders: 1 });
    assert_eq!(picks[5].reason, Reason::InStock);
    assert!(picks.windows(2).all(|pair| pair[0].score >= pair[1].score));
}

#[test]
fn bestsellers_fade_and_begin_in_the_category_asked_for() {
    let mut shop = shop();
    for visitor in 0..4 {
        order(&mut shop, visitor, &["case-a"]);
    }
    order(&mut shop, 8, &["phone-c"]);
    shop.set_now(START_MS + 120 * DAY_MS);
    act(&mut shop, 9, Kind::Order, "case-b", START_MS + 120 * DAY_MS);
    let mut query =
        Query { purpose: Purpose::Bestsellers, category: Some("cases"), n: 3, ..Query::default() };
    let picks = shop.recommend(&query);
    assert_eq!(names(&picks), ["case-b", "case-a", "phone-c"]);
    assert_eq!(picks[1].reason, Reason::Bestseller { category: Some("cases".into()), orders: 4 });
    query.only_category = true;
    assert_eq!(names(&shop.recommend(&query)), ["case-b", "case-a"]);
    query.category = Some("electronics");
    assert_eq!(names(&shop.recommend(&query)), ["case-b", "case-a", "phone-c"]);
    query.category = Some("no such");
    assert!(shop.recommend(&query).is_empty());
}

#[test]
fn stock_price_and_removal_hold_at_once() {
    let mut shop = shop();
    order(&mut shop, 1, &["phone-a", "case-a", "case-b", "tea-a"]);
    let query = Query { purpose: Purpose::Complements, seeds: &["phone-a"], n: 3, ..Query::default() };
    shop.set_item("case-a", ItemFacts { in_stock: false, ..facts("cases", 90_000) });
    shop.set_item("tea-a", ItemFacts { hidden: true, ..facts("tea", 30_000) });
    shop.remove_item("phone-b");
    assert_eq!(names(&shop.recommend(&query)), ["case-b", "phone-c", "tea-b"]);
    let cheap = Query { price_minor: Some(0..=50_000), ..query.clone() };
    assert_eq!(names(&shop.recommend(&cheap)), ["tea-b"]);
    shop.remove_item("case-a");
    shop.set_item("case-a", facts("cases", 90_000));
    let picks = shop.recommend(&query);
    assert_eq!(picks[0].reason, Reason::BoughtTogether { with: "phone-a".into(), orders: 1 });
    assert_eq!(names(&picks)[..2], ["case-a", "case-b"]);
}

#[test]
fn variants_of_excluded_and_of_picked_ones_stay_out() {
    let mut shop = Recommender::new(Limits::default());
    for item in ["red-s", "red-m", "red-l"] {
        shop.set_item(item, ItemFacts { group: "red", ..facts("shirts", 100) });
    }
    for item in ["blue-s", "blue-m"] {
        shop.set_item(item, ItemFacts { group: "blue", ..facts("shirts", 100) });
    }
    shop.set_item("green", facts("shirts", 100));
    let query = Query { exclude: &["red-s"], n: 2, ..Query::default() };
    let picks = shop.recommend(&query);
    assert_eq!(names(&picks).iter().filter(|name| name.starts_with("blue")).count(), 1);
    assert!(names(&picks).contains(&"green"));
    let all = shop.recommend(&Query { n: 9, ..query });
    assert_eq!(all.len(), 3, "both blues and the green one, no red");
}

#[test]
fn a_personal_list_follows_the_visitor_and_keeps_repeats_to_their_places() {
    let mut shop = shop();
    for visitor in 10..13 {
        act(&mut shop, visitor, Kind::View, "phone-a", START_MS);
        act(&mut shop, visitor, Kind::View, "phone-b", START_MS + 1_000);
    }
    order(&mut shop, 20, &["phone-a", "case-a"]);
    act(&mut shop, 1, Kind::View, "tea-a", START_MS);
    act(&mut shop, 1, Kind::View, "phone-a", START_MS + 1_000);
    let query = Query { purpose: Purpose::Personal, visitor: Some(1), n: 4, ..Query::default() };
    let picks = shop.recommend(&query);
    assert!(!names(&picks).contains(&"phone-a") && !names(&picks).contains(&"tea-a"));
    assert!(names(&picks)[..2].contains(&"phone-b") && names(&picks)[..2].contains(&"case-a"));
    let picks = shop.recommend(&Query { repeats: 1, ..query.clone() });
    assert_eq!((picks[0].item.as_str(), &picks[0].reason), ("phone-a", &Reason::SeenBefore));
    order(&mut shop, 1, &["phone-a"]);
    let picks = shop.recommend(&Query { repeats: 5, n: 6, ..query.clone() });
    assert_eq!(picks[0].item, "tea-a");
    assert!(!names(&picks).contains(&"phone-a"));
    shop.forget_visitor(1);
    assert_eq!(shop.recommend(&Query { n: 7, ..query }).len(), 7);
}

#[test]
fn a_new_item_nobody_saw_is_called_new_for_thirty_days() {
    let mut shop = Recommender::new(Limits::default());
    shop.set_item("lamp", ItemFacts { added_ms: Some(START_MS), ..facts("light", 5) });
    let query = Query { purpose: Purpose::Bestsellers, n: 1, ..Query::default() };
    shop.set_now(START_MS + DAY_MS);
    assert_eq!(shop.recommend(&query)[0].reason, Reason::New);
    shop.set_now(START_MS + 31 * DAY_MS);
    assert_eq!(shop.recommend(&query)[0].reason, Reason::InStock);
}

#[test]
fn a_model_of_past_visits_joins_in_and_keeps_to_the_filters() {
    let mut shop = shop();
    let visits = [("a", "phone-a"), ("a", "tea-a"), ("b", "phone-a"), ("b", "tea-b"), ("b", "gone")];
    let clicks: Vec<Click> = visits
        .iter()
        .zip(1..)
        .map(|((session, item), time)| Click { session, item, time: f64::from(time) })
        .collect();
    shop.use_visits(Some(Arc::new(VisitModel::learn(&clicks, Profile::Fast))));
    let query = Query { seeds: &["phone-a"], n: 2, ..Query::default() };
    let picks = shop.recommend(&query);
    assert_eq!(names(&picks).iter().filter(|name| name.starts_with("tea")).count(), 2);
    assert_eq!(picks[0].reason, Reason::LikeVisits { with: "phone-a".into() });
    shop.set_item("tea-b", ItemFacts { in_stock: false, ..facts("tea", 35_000) });
    let picks = shop.recommend(&query);
    assert_eq!(names(&picks)[0], "tea-a");
    assert!(!names(&picks).contains(&"tea-b") && !names(&picks).contains(&"gone"));
    for visitor in 0..3 {
        act(&mut shop, visitor, Kind::View, "phone-a", START_MS);
        act(&mut shop, visitor, Kind::View, "tea-a", START_MS + 1_000);
    }
    let reason = Reason::ViewedTogether { with: "phone-a".into(), visitors: 3 };
    assert_eq!(shop.recommend(&query)[0].reason, reason);
}
