//! Forms and blocks, there and back.

use super::super::field::parts;
use super::*;
use beckon_core::money::Currency;
use beckon_recommend::block::{Placement, Wrong, built_in};

fn names() -> Names {
    let categories = [("1", "Kettles"), ("2", "Cups"), ("3", "cups")];
    let categories = categories.map(|(id, name)| (id.to_owned(), name.to_owned()));
    Names::of(Currency::parse("RUB").unwrap(), categories.into_iter())
}

fn typed(pairs: &[(&str, &str)]) -> Draft {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Draft::typed(&Fields::of(pairs.collect()))
}

/// What a browser would send of a draft.
fn sent_back(draft: &Draft) -> Draft {
    let mut pairs = Vec::new();
    for (path, text) in &draft.0 {
        if path.ends_with(".on") {
            pairs.extend(parts(text).map(|one| (path.clone(), one.to_owned())));
        } else if !text.is_empty() {
            pairs.push((path.clone(), text.clone()));
        }
    }
    Draft::typed(&Fields::of(pairs))
}

#[test]
fn every_built_in_block_comes_back_as_it_was() {
    for (place, channel) in crate::blocks::live::places() {
        for block in built_in(place, channel) {
            let draft = sent_back(&Draft::of(block, &names()));
            assert_eq!(draft.block(block, &names()).as_ref(), Ok(block), "{}", block.name);
        }
    }
    assert!(!built_in(Placement::Home, beckon_recommend::block::Channel::Web).is_empty());
}

#[test]
fn a_block_with_everything_comes_back_as_it_was() {
    let block = Block::parse(
        r#"{"name": "all", "title": {"en": "E", "de": "D"}, "fill": false, "size": 12, "min_size": 3,
        "diversity": 40, "profile": "reranked",
        "mix": [{"strategy": "up_sell", "share": 60, "from": "cart", "band": {"from": 110, "to": 150},
            "on": ["app", "web"]},
            {"strategy": "holiday", "holiday": {"tag": "t", "from": "12-15", "to": "01-07", "countries": ["RU"]}},
            {"strategy": "bestsellers", "scope": "city", "period": "week", "only_consumed_often": true}],
        "fall_back": [{"strategy": "new", "days": 20}],
        "filters": {"price_minor": {"from": 199050, "to": 500000}, "price_of_seed": {"to": 80},
            "categories": {"only": ["1"], "not": ["2"]}, "brands": {"not": ["B 1", "B 2"]}, "tags": {"only": ["x"]},
            "attributes": [{"name": "Colour", "only": ["red"]}], "rating": 3.5, "margin_percent": -5,
            "age_days": {"to": 30}, "not_viewed": true, "not_bought_days": 9, "not_bought_days_consumed": 2},
        "rules": [{"pin": {"item": "a", "position": 2}}, {"boost": {"goods": {"brands": ["Own"]}, "times": 1.5}},
            {"bury": {"goods": {"categories": ["3"]}, "times": 2}}, {"hide": {"goods": {"items": ["b", "c"]}}},
            {"margin": {"weight": 0.5}}, {"at_most": {"per": "brand", "count": 2}}]}"#,
    )
    .unwrap();
    let draft = Draft::of(&block, &names());
    assert_eq!(draft.text("filters.price_minor.from"), "1990.50");
    assert_eq!(draft.text("filters.price_minor.to"), "5000");
    assert_eq!(draft.text("filters.categories.only"), "Kettles", "by its name");
    assert_eq!(draft.text("filters.categories.not"), "2", "two are called so");
    assert_eq!(sent_back(&draft).block(&block, &names()).as_ref(), Ok(&block));
}

#[test]
fn what_is_wrong_stands_at_its_field_and_what_was_typed_stays() {
    let before = Block { name: "b".to_owned(), ..Block::default() };
    let draft = typed(&[
        ("mix[0].strategy", ""),
        ("mix[3].strategy", "bestsellers"),
        ("mix[3].share", "a third"),
        ("mix[4].strategy", "new"),
        ("mix[4].days", "99999999"),
        ("fall_back[0].strategy", "for_you"),
        ("fall_back[0].scope", "city"),
        ("filters.price_minor.from", "cheap"),
        ("filters.categories.only", "Kettles, Pots"),
        ("filters.categories.not", "CUPS"),
        ("filters.brands.only", "A"),
        ("filters.brands.not", "A"),
        ("rules[1].kind", "boost"),
        ("rules[1].times", "0.5"),
        ("rules[2].kind", "pin"),
        ("rules[2].position", "200"),
        ("diversity", "500"),
        ("fill", "1"),
    ]);
    let errors = draft.block(&before, &names()).unwrap_err();
    let of = |path: &str| errors.get(path).unwrap_or_else(|| panic!("nothing at {path}: {errors:#?}"));
    let flaw = |path: &str| match of(path) {
        Fault::Flaw(flaw) => flaw.wrong.clone(),
        other => panic!("{path}: {other:?}"),
    };
    assert_eq!(of("mix[0].share"), &Fault::NotWhole, "the blank row before it went");
    assert!(matches!(flaw("mix[1].days"), Wrong::OutOfRange { .. }));
    assert!(matches!(flaw("fall_back[0].scope"), Wrong::NotForStrategy { .. }));
    assert_eq!(of("filters.price_minor.from"), &Fault::NotSum);
    assert_eq!(of("filters.categories.only"), &Fault::NoCategory("Pots".to_owned()));
    assert_eq!(of("filters.categories.not"), &Fault::Ambiguous("CUPS".to_owned(), "2, 3".to_owned()));
    assert_eq!(flaw("filters.brands.not"), Wrong::Contradiction);
    assert_eq!(flaw("rules[0].items"), Wrong::Missing, "a rule that names no goods");
    assert!(matches!(flaw("rules[0].times"), Wrong::OutOfRange { .. }));
    assert_eq!(flaw("rules[1].item"), Wrong::Missing);
    assert!(matches!(flaw("rules[1].position"), Wrong::OutOfRange { .. }));
    assert!(matches!(flaw("diversity"), Wrong::OutOfRange { .. }));
    assert_eq!(draft.text("mix[0].share"), "a third");
}
