//! Each strategy in a shop small enough to check by hand.

mod support;

use beckon_recommend::block::{Channel, Period, Strategy};
use beckon_recommend::{Interaction, ItemFacts, Kind, Outcome, Purchase, Reason, Request};
use support::{DAY_MS, NOW_MS, block, facts, names, only, order, shop, view};

fn with(seed: &str) -> String {
    seed.to_owned()
}

#[test]
fn bestsellers_of_shop_category_week_month_and_city() {
    let mut shop = shop();
    let ago = |days: i64| NOW_MS - days * DAY_MS;
    (0..5).for_each(|visitor| order(&mut shop, visitor, &["phone-a"], ago(20)));
    (10..13).for_each(|visitor| order(&mut shop, visitor, &["tea-a"], ago(2)));
    order(&mut shop, 20, &["case-b"], ago(1));
    let seen = |visitor, item, at_ms| Interaction { visitor, item, kind: Kind::Order, at_ms, live: false };
    (30..32).for_each(|visitor| shop.observe_in(&seen(visitor, "tea-c", ago(9)), "Казань"));
    let serve = |source: &str, request: &Request| shop.serve(&only(source), request, NOW_MS);
    let week = serve(r#"{"strategy": "bestsellers", "period": "week"}"#, &Request::default());
    assert_eq!(names(&week), ["tea-a", "case-b"]);
    let orders = |category, period, orders| Reason::BestsellerOf { category, period, orders };
    assert_eq!(week.items[0].reason, orders(None, Period::Week, 3));
    let month = serve(r#"{"strategy": "bestsellers", "period": "month"}"#, &Request::default());
    assert_eq!(names(&month), ["phone-a", "tea-a", "tea-c", "case-b"]);
    let of = |category| Request { category: Some(category), ..Request::default() };
    let electronics =
        serve(r#"{"strategy": "bestsellers", "period": "month", "scope": "category"}"#, &of("electronics"));
    assert_eq!(names(&electronics), ["phone-a", "case-b"]);
    assert_eq!(electronics.items[1].reason, orders(Some("electronics".into()), Period::Month, 1));
    let trend = serve(r#"{"strategy": "bestsellers", "scope": "category"}"#, &of("tea"));
    assert_eq!(names(&trend), ["tea-a", "tea-c"]);
    let city = |city| Request { city: Some(city), ..Request::default() };
    let kazan = serve(r#"{"strategy": "bestsellers", "scope": "city"}"#, &city("казань"));
    assert_eq!(names(&kazan), ["tea-c"]);
    assert_eq!(kazan.items[0].reason, Reason::BestsellerInCity { city: "казань".into(), orders: 2 });
    let nowhere = serve(r#"{"strategy": "bestsellers", "scope": "city"}"#, &city("Тула"));
    assert_eq!((nowhere.items.len(), nowhere.steps[0].outcome), (0, Outcome::Nothing));
}

#[test]
fn shelves_of_the_catalogue_new_coming_rated_discounted_packs_and_holidays() {
    let mut shop = shop();
    let added = |days: i64| Some(NOW_MS - days * DAY_MS);
    shop.set_item("new-1", ItemFacts { added_ms: added(2), ..facts("tea", 100) });
    shop.set_item("new-2", ItemFacts { added_ms: added(1), ..facts("tea", 100) });
    shop.set_item("old", ItemFacts { added_ms: added(90), ..facts("tea", 100) });
    shop.set_item("soon", ItemFacts { coming_soon: true, in_stock: false, ..facts("tea", 100) });
    shop.set_item("five-by-one", ItemFacts { rating: Some((500, 1)), ..facts("tea", 100) });
    shop.set_item("four-eight", ItemFacts { rating: Some((480, 200)), ..facts("tea", 100) });
    shop.set_item("bad", ItemFacts { rating: Some((210, 90)), ..facts("tea", 100) });
    shop.set_item("tenth-off", ItemFacts { old_price_minor: Some(200), ..facts("tea", 180) });
    shop.set_item("half-off", ItemFacts { old_price_minor: Some(200), ..facts("tea", 100) });
    shop.set_item("dearer-now", ItemFacts { old_price_minor: Some(200), ..facts("tea", 300) });
    shop.set_item("pack", ItemFacts { pack: Some((10, 8)), ..facts("tea", 240_000) });
    shop.set_item("tree", ItemFacts { tags: &["Новый год"], ..facts("toys", 100) });
    let serve = |source: &str| shop.serve(&only(source), &Request::default(), NOW_MS);
    let new = serve(r#"{"strategy": "new"}"#);
    assert_eq!(names(&new), ["new-2", "new-1"]);
    assert_eq!(new.items[1].reason, Reason::AddedDaysAgo { days: 2 });
    assert_eq!(names(&serve(r#"{"strategy": "new", "days": 100}"#)), ["new-2", "new-1", "old"]);
    assert_eq!(names(&serve(r#"{"strategy": "coming_soon"}"#)), ["soon"]);
    assert_eq!(names(&serve(r#"{"strategy": "top_rated"}"#)), ["four-eight", "five-by-one"]);
    let cheap = serve(r#"{"strategy": "discounted"}"#);
    assert_eq!(names(&cheap), ["half-off", "tenth-off"]);
    assert_eq!(cheap.items[0].reason, Reason::Discounted { percent: 50 });
    let request = Request { seeds: &["tea-a"], ..Request::default() };
    let packs = shop.serve(&only(r#"{"strategy": "multi_buy"}"#), &request, NOW_MS);
    assert_eq!(packs.items[0].reason, Reason::MultiBuy { pieces: 10, paid: 8 });
    let news = shop.serve(&only(r#"{"strategy": "new_in_category"}"#), &request, NOW_MS);
    assert_eq!(names(&news), ["new-2", "new-1"]);
    let holiday = only(
        r#"{"strategy": "holiday",
            "holiday": {"tag": "новый год", "from": "12-10", "to": "01-08", "countries": ["RU"]}}"#,
    );
    // Day 20,000 is 4 October 2024; 80 days later it is 23 December.
    let winter_ms = NOW_MS + 80 * DAY_MS;
    let tree = shop.serve(&holiday, &Request { country: Some("RU"), ..Request::default() }, winter_ms);
    assert_eq!(
        (names(&tree), &tree.items[0].reason),
        (vec!["tree"], &Reason::Holiday { tag: "новый год".into() })
    );
    for (country, now_ms) in [(Some("RU"), NOW_MS), (Some("DE"), winter_ms)] {
        let answer = shop.serve(&holiday, &Request { country, ..Request::default() }, now_ms);
        assert_eq!((answer.items.len(), answer.steps[0].outcome), (0, Outcome::NotNow));
    }
}

#[test]
fn what_is_announced_appears_nowhere_else_until_it_can_be_bought() {
    let mut shop = shop();
    shop.set_item("soon", ItemFacts { coming_soon: true, ..facts("tea", 31_000) });
    view(&mut shop, 1, &["tea-a", "soon"], NOW_MS - 1_000);
    let all = block(r#""mix": [{"strategy": "for_you"}, {"strategy": "viewed_also_viewed"}], "size": 20"#);
    let request = Request { visitor: Some(1), seeds: &["tea-a"], ..Request::default() };
    assert!(!names(&shop.serve(&all, &request, NOW_MS)).contains(&"soon"));
    shop.set_item("soon", facts("tea", 31_000));
    assert!(names(&shop.serve(&all, &request, NOW_MS)).contains(&"soon"));
}

#[test]
fn her_own_goods_come_as_they_are_or_as_seeds() {
    let mut shop = shop();
    (10..14).for_each(|visitor| view(&mut shop, visitor, &["phone-a", "phone-b"], NOW_MS - DAY_MS));
    (20..23).for_each(|visitor| order(&mut shop, visitor, &["tea-a", "tea-b"], NOW_MS - DAY_MS));
    view(&mut shop, 1, &["phone-a", "case-b"], NOW_MS - 1_000_000);
    let request = Request {
        visitor: Some(1),
        favourites: &["phone-a", "glass"],
        left_cart: &["tea-a", "case-a"],
        cart: &["case-a"],
        ..Request::default()
    };
    let serve =
        |strategy: &str| shop.serve(&only(&format!(r#"{{"strategy": "{strategy}"}}"#)), &request, NOW_MS);
    let viewed = serve("recently_viewed");
    assert_eq!((names(&viewed), &viewed.items[0].reason), (vec!["case-b", "phone-a"], &Reason::SeenBefore));
    let like = serve("like_recently_viewed");
    let reason = Reason::ViewedAlsoViewed { with: with("phone-a"), visitors: 4, of: 5 };
    assert_eq!((names(&like)[0], &like.items[0].reason), ("phone-b", &reason));
    assert!(!names(&like).contains(&"phone-a"));
    let favourites = serve("favourites");
    assert_eq!(
        (names(&favourites), &favourites.items[0].reason),
        (vec!["glass", "phone-a"], &Reason::Favourite)
    );
    let from = serve("from_favourites");
    assert!(names(&from)[0] == "phone-b" && !names(&from).contains(&"glass"));
    let left = serve("abandoned_cart");
    assert_eq!(
        (names(&left), &left.items[0].reason),
        (vec!["tea-a"], &Reason::LeftInCart),
        "one is in the cart"
    );
    let suits = serve("from_abandoned_cart");
    assert_eq!(suits.items[0].reason, Reason::BoughtTogether { with: with("tea-a"), orders: 3 });
    let for_you = serve("for_you");
    assert!(!names(&for_you).contains(&"case-b") && names(&for_you).contains(&"phone-b"));
}

#[test]
fn subscriptions_profile_and_searches() {
    let mut shop = shop();
    order(&mut shop, 50, &["tea-b"], NOW_MS - DAY_MS);
    shop.set_item("boots-42", ItemFacts { attributes: &[("Размер", "42")], ..facts("boots", 900) });
    shop.set_item("boots-43", ItemFacts { attributes: &[("Размер", "43")], ..facts("boots", 900) });
    view(&mut shop, 1, &["phone-a"], NOW_MS - 1_000);
    let request = Request {
        visitor: Some(1),
        subscribed: &["tea", "no such"],
        facts: &[("размер", "42")],
        searches: &["чёрные чаи", "прозрачный чехол"],
        query: Some("teas"),
        ..Request::default()
    };
    let serve =
        |strategy: &str| shop.serve(&only(&format!(r#"{{"strategy": "{strategy}"}}"#)), &request, NOW_MS);
    let subscribed = serve("subscribed_categories");
    assert_eq!(
        (names(&subscribed), &subscribed.items[0].reason),
        (vec!["tea-b"], &Reason::Subscribed { category: "tea".into() })
    );
    let profile = serve("by_profile");
    assert_eq!(profile.items[0].reason, Reason::FitsProfile { name: "размер".into(), value: "42".into() });
    assert!(names(&profile)[0] == "boots-42" && !names(&profile).contains(&"boots-43"));
    let brand = profile.items.iter().find(|one| one.item == "case-a").map(|one| &one.reason);
    assert_eq!(brand, Some(&Reason::LikesBrand { with: with("phone-a") }));
    let searches = serve("by_searches");
    assert_eq!(names(&searches)[..2], ["case-b", "tea-b"]);
    assert_eq!(searches.items[1].reason, Reason::Searched { query: "чёрные чаи".into() });
    assert_eq!(names(&serve("search")), ["tea-c"]);
}

#[test]
fn alternatives_by_behaviour_and_by_content() {
    let mut shop = shop();
    (10..22).for_each(|visitor| view(&mut shop, visitor, &["phone-a", "phone-c"], NOW_MS - DAY_MS));
    (22..50).for_each(|visitor| view(&mut shop, visitor, &["phone-a"], NOW_MS - DAY_MS));
    (10..15).for_each(|visitor| order(&mut shop, visitor, &["phone-c"], NOW_MS - DAY_MS + 60_000));
    let request = Request { seeds: &["phone-a"], ..Request::default() };
    let serve =
        |strategy: &str| shop.serve(&only(&format!(r#"{{"strategy": "{strategy}"}}"#)), &request, NOW_MS);
    let also = serve("viewed_also_viewed");
    // Those who bought it within a day count once more, as in one list with the views.
    assert!(matches!(&also.items[0].reason, Reason::ViewedAlsoViewed { of: 40, .. }), "{also:?}");
    let bought = serve("viewed_then_bought");
    let reason = Reason::ViewedThenBought { with: with("phone-a"), visitors: 5, of: 40 };
    assert_eq!((names(&bought), &bought.items[0].reason), (vec!["phone-c"], &reason));
    assert_eq!(names(&serve("similar")), ["phone-c"]);
    let content = serve("similar_content");
    let Reason::SimilarContent { same_brand, same_category, price_percent, .. } = content.items[0].reason
    else {
        panic!("{content:?}")
    };
    assert_eq!((names(&content)[0], same_brand, same_category, price_percent), ("phone-b", true, true, 10));
}

#[test]
fn an_up_sell_is_of_the_same_need_dearer_within_the_band_and_no_worse() {
    let mut shop = shop();
    let rated = |category, price_minor, rating| ItemFacts {
        rating: Some((rating, 20)),
        ..facts(category, price_minor)
    };
    shop.set_item("pot", rated("pots", 10_000, 430));
    shop.set_item("pot-better", rated("pots", 12_000, 470));
    shop.set_item("pot-worse", rated("pots", 12_000, 400));
    shop.set_item("pot-dear", rated("pots", 16_000, 490));
    shop.set_item("pot-cheap", rated("pots", 9_000, 490));
    shop.set_item("lid", rated("lids", 12_000, 490));
    let request = Request { seeds: &["pot"], ..Request::default() };
    let answer = shop.serve(&only(r#"{"strategy": "up_sell"}"#), &request, NOW_MS);
    let reason = Reason::UpSell { with: with("pot"), dearer_percent: 20, rating: 470 };
    assert_eq!((names(&answer), &answer.items[0].reason), (vec!["pot-better"], &reason));
    let wide = only(r#"{"strategy": "up_sell", "band": {"to": 200}}"#);
    assert_eq!(names(&shop.serve(&wide, &request, NOW_MS)), ["pot-better", "pot-dear"]);
}

#[test]
fn a_case_goes_with_a_phone_and_a_phone_not_with_a_case() {
    let mut shop = shop();
    (10..16).for_each(|visitor| order(&mut shop, visitor, &["phone-a", "case-a"], NOW_MS - 9 * DAY_MS));
    // A dear stand is bought after the cheap clock, so it is the accessory all the same.
    shop.set_item("clock", facts("clocks", 1_000));
    shop.set_item("stand", facts("stands", 3_000));
    for visitor in 20..24 {
        order(&mut shop, visitor, &["clock"], NOW_MS - 9 * DAY_MS);
        order(&mut shop, visitor, &["stand"], NOW_MS - 2 * DAY_MS);
    }
    let learned = only(r#"{"strategy": "learned_accessories"}"#);
    let serve = |seed: &str| shop.serve(&learned, &Request { seeds: &[seed], ..Request::default() }, NOW_MS);
    let phone = serve("phone-a");
    let reason = Reason::AccessoryLearned { with: with("phone-a"), orders: 6 };
    assert_eq!((names(&phone), &phone.items[0].reason), (vec!["case-a"], &reason));
    assert!(serve("case-a").items.is_empty());
    assert_eq!(names(&serve("clock")), ["stand"]);
    assert!(serve("stand").items.is_empty());
    let together = only(r#"{"strategy": "bought_together"}"#);
    let answer = shop.serve(&together, &Request { seeds: &["case-a"], ..Request::default() }, NOW_MS);
    assert_eq!(answer.items[0].reason, Reason::BoughtTogether { with: with("case-a"), orders: 6 });
}

#[test]
fn the_shops_own_table_of_accessories_comes_in_its_order_then_by_category() {
    let mut shop = shop();
    order(&mut shop, 9, &["case-b"], NOW_MS - DAY_MS);
    shop.set_accessories("phone-a", &["unknown", "glass", "case-a", "phone-a"]);
    shop.set_category_accessories("phones", &["cases"]);
    let table = only(r#"{"strategy": "accessories"}"#);
    let serve = |shop: &beckon_recommend::Recommender, seed: &str| {
        let answer = shop.serve(&table, &Request { seeds: &[seed], ..Request::default() }, NOW_MS);
        names(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(serve(&shop, "phone-a"), ["glass", "case-a", "case-b"]);
    assert_eq!(serve(&shop, "phone-c"), ["case-b"]);
    shop.set_item("unknown", facts("cases", 5));
    assert_eq!(serve(&shop, "phone-a")[0], "unknown");
    shop.set_accessories("phone-a", &[]);
    assert_eq!(serve(&shop, "phone-a"), ["case-b"]);
}

#[test]
fn what_is_due_is_told_with_her_own_gap_and_a_next_basket_adds_what_goes_with_it() {
    let mut shop = shop();
    (10..14).for_each(|visitor| order(&mut shop, visitor, &["tea-a", "case-b"], NOW_MS - 40 * DAY_MS));
    let ago = |item, days: i64| Purchase { item, at_ms: NOW_MS - days * DAY_MS };
    let bought = [
        ago("tea-a", 90),
        ago("tea-a", 60),
        ago("tea-a", 30),
        ago("tea-b", 3),
        ago("tea-b", 33),
        ago("phone-a", 20),
    ];
    let request = Request { bought: &bought, ..Request::default() };
    let due = shop.serve(&only(r#"{"strategy": "repeat_due"}"#), &request, NOW_MS);
    let reason = Reason::RepeatDue { times: 3, every_days: 30, ago_days: 30 };
    assert_eq!((names(&due), &due.items[0].reason), (vec!["tea-a"], &reason));
    let next = shop.serve(&only(r#"{"strategy": "next_basket"}"#), &request, NOW_MS);
    assert_eq!(names(&next), ["tea-a", "tea-b", "case-b"]);
    assert_eq!(next.items[0].reason, Reason::Habit { times: 3 });
    assert!(!names(&next).contains(&"phone-a"), "nobody buys a phone every month");
}

#[test]
fn a_source_may_be_for_one_channel_and_for_goods_consumed_often_alone() {
    let mut shop = shop();
    (10..14).for_each(|visitor| view(&mut shop, visitor, &["phone-a", "phone-b"], NOW_MS - DAY_MS));
    (10..14).for_each(|visitor| view(&mut shop, visitor, &["tea-a", "tea-b"], NOW_MS - 9 * DAY_MS));
    let often = only(r#"{"strategy": "similar", "only_consumed_often": true}"#);
    let request = Request { seeds: &["phone-a", "tea-a"], ..Request::default() };
    assert_eq!(names(&shop.serve(&often, &request, NOW_MS)), ["tea-b"]);
    let on_app = only(r#"{"strategy": "similar", "on": ["app"]}"#);
    assert_eq!(shop.serve(&on_app, &request, NOW_MS).steps[0].outcome, Outcome::NotNow);
    let in_app = Request { channel: Channel::App, ..request };
    assert!(!shop.serve(&on_app, &in_app, NOW_MS).items.is_empty());
}

#[test]
fn a_bought_durable_is_gone_for_a_year_and_tea_is_not() {
    let mut shop = shop();
    (10..14).for_each(|visitor| order(&mut shop, visitor, &["phone-b", "tea-a"], NOW_MS - DAY_MS));
    order(&mut shop, 1, &["phone-b", "tea-a"], NOW_MS - 3 * DAY_MS);
    let best = block(r#""mix": [{"strategy": "bestsellers"}], "size": 20"#);
    let hers = Request { visitor: Some(1), ..Request::default() };
    let answer = shop.serve(&best, &hers, NOW_MS);
    assert!(!names(&answer).contains(&"phone-b") && names(&answer)[0] == "tea-a");
    assert!(names(&shop.serve(&best, &hers, NOW_MS + 400 * DAY_MS)).contains(&"phone-b"));
    let patient = block(
        r#""mix": [{"strategy": "bestsellers"}], "size": 20, "filters": {"not_bought_days_consumed": 7}"#,
    );
    assert!(!names(&shop.serve(&patient, &hers, NOW_MS)).contains(&"tea-a"));
    assert!(names(&shop.serve(&patient, &hers, NOW_MS + 7 * DAY_MS)).contains(&"tea-a"));
}

#[test]
fn names_are_stable() {
    let names: Vec<_> = Strategy::ALL.iter().map(|one| one.name()).collect();
    assert_eq!(names.len(), 30);
    for (strategy, name) in Strategy::ALL.iter().zip(names) {
        assert_eq!(serde_json::to_string(strategy).unwrap(), format!("\"{name}\""));
    }
}

#[test]
fn an_endpoints_answer_keeps_its_order_and_to_the_filters() {
    let shop = shop();
    let known: Vec<String> = shop.item_ids().map(str::to_owned).collect();
    let (first, last) = (known[0].as_str(), known[known.len() - 1].as_str());
    let json = r#""mix": [{"strategy": "third_party", "endpoint": "lab"}], "fill": false, "size": 5"#;
    let block = block(json);
    let answered = ["nowhere", last, first, last];
    let request = Request { outside: &[("lab", &answered)], ..Request::default() };
    let answer = shop.serve(&block, &request, NOW_MS);
    let shown = names(&answer);
    assert!(shown.len() <= 2 && !shown.contains(&"nowhere"), "{shown:?}");
    assert!(answer.items.iter().all(|item| item.reason == Reason::ThirdParty));
    let both = Request { exclude: &[last], ..request };
    assert!(!names(&shop.serve(&block, &both, NOW_MS)).contains(&last));
    let other = Request { outside: &[("other", &answered)], ..Request::default() };
    assert!(shop.serve(&block, &other, NOW_MS).items.is_empty());
    let json = r#"{"name": "b", "mix": [{"strategy": "third_party"}]}"#;
    let flaws = beckon_recommend::block::Block::parse(json).unwrap_err();
    assert_eq!(flaws[0].field, "mix[0].endpoint");
}
