//! A block as its marketer sees it: rules, shares, diversity, fall-backs told, flaws with their mending.

mod support;

use beckon_recommend::block::{Block, Wrong};
use beckon_recommend::{ItemFacts, Note, Outcome, Reason, Recommender, Request};
use support::{DAY_MS, NOW_MS, block, facts, names, order, shop, view};

/// Twelve items of two brands, "a-0" sold most.
fn ranked() -> Recommender {
    let mut shop = Recommender::new(Default::default());
    shop.set_now(NOW_MS);
    for number in 0..12 {
        let (item, brand) = (format!("a-{number}"), if number < 8 { "Big" } else { "Small" });
        let category = format!("c{}", number % 3);
        shop.set_item(
            &item,
            ItemFacts { brand, margin_permille: Some(50 * number), ..facts(&category, 1_000) },
        );
        let buyers = 100 * u64::from(number as u16)..100 * u64::from(number as u16) + (12 - number) as u64;
        buyers.for_each(|visitor| order(&mut shop, visitor, &[&item], NOW_MS - DAY_MS));
    }
    shop
}

fn best(rest: &str) -> Block {
    block(&format!(r#""mix": [{{"strategy": "bestsellers"}}], {rest}"#))
}

#[test]
fn rules_pin_boost_bury_hide_and_weigh_margins() {
    let shop = ranked();
    let serve = |rest: &str| {
        let answer = shop.serve(&best(rest), &Request::default(), NOW_MS);
        names(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(serve(r#""size": 3"#), ["a-0", "a-1", "a-2"]);
    let pins = r#""size": 3, "rules": [{"pin": {"item": "a-9", "position": 2}},
        {"pin": {"item": "a-0", "position": 3}}]"#;
    assert_eq!(serve(pins), ["a-1", "a-9", "a-0"]);
    let boost = r#""size": 2, "rules": [{"boost": {"goods": {"brands": ["small"]}, "times": 4}}]"#;
    assert_eq!(serve(boost), ["a-8", "a-9"]);
    let bury = r#""size": 2, "rules":
        [{"bury": {"goods": {"items": ["a-0"], "categories": ["c1"]}, "times": 100}}]"#;
    assert_eq!(serve(bury), ["a-2", "a-3"]);
    let hide = r#""size": 2, "rules": [{"hide": {"goods": {"brands": ["Big"]}}}]"#;
    assert_eq!(serve(hide), ["a-8", "a-9"]);
    let margin = serve(r#""size": 12, "rules": [{"margin": {"weight": 10}}]"#);
    assert_eq!(margin[0], "a-5", "12 - n orders times 1 + n / 2 is greatest at 5");
    let mixed = r#""size": 4, "rules": [{"at_most": {"per": "brand", "count": 2}}]"#;
    assert_eq!(serve(mixed), ["a-0", "a-1", "a-8", "a-9"]);
}

#[test]
fn a_pin_that_may_not_be_shown_and_a_mix_that_cannot_hold_are_told() {
    let mut shop = ranked();
    shop.set_item("a-9", ItemFacts { in_stock: false, ..facts("c0", 1_000) });
    let rules = r#""size": 6, "rules": [{"pin": {"item": "a-9", "position": 1}},
        {"at_most": {"per": "brand", "count": 1}}]"#;
    let answer = shop.serve(&best(rules), &Request::default(), NOW_MS);
    assert_eq!(answer.items.len(), 6, "full all the same");
    assert!(answer.notes.contains(&Note::PinLeftOut { item: "a-9".into() }));
    assert!(answer.notes.contains(&Note::MixRelaxed { places: 4 }), "{:?}", answer.notes);
    let pinned = block(
        r#""mix": [{"strategy": "new"}], "rules": [{"pin": {"item": "a-3", "position": 1}}], "size": 1"#,
    );
    let answer = shop.serve(&pinned, &Request::default(), NOW_MS);
    assert_eq!((answer.items[0].strategy, &answer.items[0].reason), (None, &Reason::Pinned));
}

#[test]
fn sources_share_the_places_and_alternate() {
    let mut shop = ranked();
    for number in 0..6 {
        let item = format!("n-{number}");
        shop.set_item(&item, ItemFacts { added_ms: Some(NOW_MS - number * DAY_MS), ..facts("new", 1_000) });
    }
    let mix = block(
        r#""mix": [{"strategy": "bestsellers", "share": 50}, {"strategy": "new", "share": 50}], "size": 6"#,
    );
    let answer = shop.serve(&mix, &Request::default(), NOW_MS);
    assert_eq!(names(&answer), ["a-0", "n-0", "a-1", "n-1", "a-2", "n-2"]);
    let lonely = block(
        r#""mix": [{"strategy": "favourites", "share": 70}, {"strategy": "new", "share": 30}], "size": 4"#,
    );
    let answer = shop.serve(&lonely, &Request::default(), NOW_MS);
    assert_eq!(names(&answer), ["n-0", "n-1", "n-2", "n-3"], "places nobody fills go to the others");
    assert_eq!(answer.steps[0].outcome, Outcome::Nothing);
}

#[test]
fn diversity_mixes_categories_and_none_leaves_the_order() {
    let mut shop = Recommender::new(Default::default());
    shop.set_now(NOW_MS);
    for (item, category, buyers) in [("t1", "tea", 9), ("t2", "tea", 8), ("t3", "tea", 7), ("cup", "cups", 3)]
    {
        shop.set_item(item, facts(category, 100));
        (0..buyers).for_each(|visitor| order(&mut shop, visitor, &[item], NOW_MS - DAY_MS));
    }
    let serve = |rest: &str| {
        let answer = shop.serve(&best(rest), &Request::default(), NOW_MS);
        names(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(serve(r#""size": 3"#), ["t1", "t2", "t3"]);
    assert_eq!(serve(r#""size": 3, "diversity": 60"#), ["t1", "cup", "t2"]);
}

#[test]
fn a_fall_back_is_told_with_its_reason() {
    let mut shop = shop();
    order(&mut shop, 5, &["tea-a"], NOW_MS - DAY_MS);
    (10..14).for_each(|visitor| view(&mut shop, visitor, &["phone-a", "phone-c"], NOW_MS - DAY_MS));
    let cheap = block(
        r#""mix": [{"strategy": "viewed_also_viewed"}], "fall_back":
            [{"strategy": "favourites"}, {"strategy": "bestsellers"}],
           "filters": {"price_minor": {"to": 50000}}, "size": 2"#,
    );
    let answer = shop.serve(&cheap, &Request { seeds: &["phone-a"], ..Request::default() }, NOW_MS);
    let told: Vec<_> =
        answer.steps.iter().map(|step| (step.strategy.name(), step.step, step.outcome)).collect();
    assert_eq!(
        told[..3],
        [
            ("viewed_also_viewed", 0, Outcome::AllRefused),
            ("favourites", 1, Outcome::Nothing),
            ("bestsellers", 2, Outcome::Short),
        ]
    );
    assert_eq!((answer.items[0].item.as_str(), answer.items[0].step), ("tea-a", 2));
    assert!(answer.items[1].step > 2 && answer.enough);
    assert!(answer.notes.iter().any(|note| matches!(note, Note::FellBack { places: 2, .. })));
    let nothing =
        block(r#""mix": [{"strategy": "new"}], "filters": {"brands": {"only": ["Никто"]}}, "min_size": 1"#);
    let answer = shop.serve(&nothing, &Request::default(), NOW_MS);
    assert!(answer.items.is_empty() && !answer.enough);
    assert!(answer.notes.contains(&Note::UnknownName { field: "filters.brands", name: "Никто".into() }));
    assert!(answer.notes.contains(&Note::Short { places: 8 }));
}

#[test]
fn filters_hold_for_every_source_and_fall_back() {
    let mut shop = shop();
    shop.set_item(
        "lux",
        ItemFacts {
            margin_permille: Some(400),
            rating: Some((450, 9)),
            added_ms: Some(NOW_MS - 5 * DAY_MS),
            tags: &["gift"],
            attributes: &[("colour", "red")],
            brand: "Acme",
            ..facts("cases", 95_000)
        },
    );
    let serve = |filters: &str, request: &Request| {
        let answer = shop.serve(&best(&format!(r#""size": 20, "filters": {filters}"#)), request, NOW_MS);
        let mut names: Vec<_> = names(&answer).into_iter().map(str::to_owned).collect();
        names.sort_unstable();
        names
    };
    let anyone = Request::default();
    for filters in [
        r#"{"margin_percent": 30}"#,
        r#"{"rating": 4.5}"#,
        r#"{"age_days": {"to": 10}}"#,
        r#"{"tags": {"only": ["gift"]}}"#,
        r#"{"attributes": [{"name": "Colour", "only": ["red", "blue"]}]}"#,
    ] {
        assert_eq!(serve(filters, &anyone), ["lux"], "{filters}");
    }
    assert!(serve(r#"{"age_days": {"from": 10}}"#, &anyone).is_empty());
    assert_eq!(
        serve(
            r#"{"categories": {"only": ["electronics"], "not": ["phones"]}, "brands": {"not": ["noname"]}}"#,
            &anyone
        ),
        ["case-a", "lux"]
    );
    assert_eq!(
        serve(r#"{"price_minor": {"from": 39000, "to": 80000}}"#, &anyone),
        ["case-b", "glass", "tea-c"]
    );
    let seeded = Request { seeds: &["phone-a"], ..anyone };
    assert_eq!(serve(r#"{"price_of_seed": {"from": 110, "to": 140}}"#, &seeded), ["phone-b", "phone-c"]);
    assert_eq!(serve(r#"{"price_of_seed": {"to": 110}}"#, &anyone).len(), 10, "no seed, no band");
    view(&mut shop, 3, &["tea-a", "glass"], NOW_MS - DAY_MS);
    let hers = Request { visitor: Some(3), ..Request::default() };
    let answer = shop.serve(&best(r#""size": 20, "filters": {"not_viewed": true}"#), &hers, NOW_MS);
    assert!(!names(&answer).contains(&"tea-a") && !names(&answer).contains(&"glass"));
    assert_eq!(answer.items.len(), 8);
}

#[test]
fn flaws_name_field_value_and_mending() {
    let flaws = |json: &str| Block::parse(json).unwrap_err();
    let said = |json: &str| flaws(json).iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    assert!(said(r#"{"nam": "x"}"#).contains("Write `name`"));
    assert!(said(r#"{"name": "x", "mix": [{"strategy": "simlar"}]}"#).contains("Write `similar`"));
    assert!(said(r#"{"name": "x", "mix": [{"strategy": "new", "shares": 3}]}"#).contains("Write `share`"));
    assert!(said(r#"{"name": "x", "rules": [{"pin": {"item": "a", "place": 3}}]}"#).contains("Write one of"));
    assert!(said(r#"{"name": "x", "mix": [{"share": 3}]}"#).contains("strategy"));
    assert!(matches!(flaws("{")[0].wrong, Wrong::Malformed { .. }));
    assert!(matches!(flaws(r#"{"size": "many"}"#)[0].wrong, Wrong::Malformed { .. }));
    let all = r#"{
        "name": "Cart Extras", "size": 4, "min_size": 5, "diversity": 101,
        "mix": [{"strategy": "new", "share": 90, "from": "cart"}, {"strategy": "holiday", "share": 20}],
        "fall_back": [{"strategy": "holiday",
            "holiday": {"tag": "x", "from": "02-30", "to": "03-01", "countries": ["Ru"]}}],
        "filters": {"price_minor": {"from": 9, "to": 3}, "not_bought_days": 0, "rating": 6,
                    "brands": {"only": ["A"], "not": ["A"]}},
        "rules": [{"pin": {"item": "a", "position": 9}},
            {"pin": {"item": "a", "position": 1}}, {"boost": {"goods": {}, "times": 0.5}}]
    }"#;
    let fields: Vec<_> =
        flaws(all).into_iter().map(|flaw| format!("{} {}", flaw.field, flaw.wrong.key())).collect();
    assert_eq!(
        fields,
        [
            "name bad_name",
            "mix[0].from not_for_strategy",
            "mix[1].holiday missing",
            "fall_back[0].holiday.from bad_day",
            "fall_back[0].holiday.countries bad_country",
            "mix out_of_range",
            "filters.price_minor backwards",
            "filters.brands contradiction",
            "filters.not_bought_days out_of_range",
            "filters.rating out_of_range",
            "rules[0].pin.position out_of_range",
            "rules[1].pin.item twice",
            "rules[2].boost.times out_of_range",
            "rules[2].boost.goods missing",
            "diversity out_of_range",
            "min_size out_of_range",
        ]
    );
    let sound =
        best(r#""title": {"en": "Hot"}, "profile": "reranked", "rules": [{"margin": {"weight": 1}}]"#);
    let again = Block::parse(&serde_json::to_string(&sound).unwrap()).unwrap();
    assert_eq!((&again, again.title("fr")), (&sound, Some("Hot")));
}
