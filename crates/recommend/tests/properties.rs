//! Whatever happens in whatever order: the lists keep their promises.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use beckon_recommend::{
    Click, Interaction, ItemFacts, Kind, Limits, Profile, Purpose, Query, Recommender, VisitModel,
};
use proptest::prelude::*;

const DAY_MS: i64 = 86_400_000;

#[derive(Clone, Debug)]
struct Row {
    category: u8,
    price_minor: i64,
    in_stock: bool,
    hidden: bool,
    group: u8,
}

#[derive(Clone, Debug)]
enum Step {
    Act { visitor: u64, item: u8, kind: Kind, at_ms: i64, live: bool },
    Set(u8, Row),
    Remove(u8),
    Parent(u8, Option<u8>),
    Now(i64),
    Forget(u64),
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![8 => (0..40 * DAY_MS).prop_map(|ms| 20_000 * DAY_MS + ms), 1 => any::<i64>()]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::View), Just(Kind::Cart), Just(Kind::Order)]
}

fn row() -> impl Strategy<Value = Row> {
    (0..5_u8, 0..1_000_i64, prop::bool::weighted(0.8), prop::bool::weighted(0.1), 0..12_u8).prop_map(
        |(category, price_minor, in_stock, hidden, group)| Row {
            category,
            price_minor,
            in_stock,
            hidden,
            group,
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..6_u64, 0..30_u8, kind(), time(), any::<bool>())
            .prop_map(|(visitor, item, kind, at_ms, live)| Step::Act { visitor, item, kind, at_ms, live }),
        8 => (0..24_u8, row()).prop_map(|(item, row)| Step::Set(item, row)),
        1 => (0..24_u8).prop_map(Step::Remove),
        2 => (0..5_u8, prop::option::of(0..5_u8)).prop_map(|(child, parent)| Step::Parent(child, parent)),
        1 => time().prop_map(Step::Now),
        1 => (0..6_u64).prop_map(Step::Forget),
    ]
}

/// Small bounds, so that sweeping and forgetting happen all the time.
fn play(steps: &[Step]) -> (Recommender, BTreeMap<String, Row>) {
    let limits = Limits { max_unlisted_items: 4, max_visitors: 4, max_visitor_age_ms: 30 * DAY_MS };
    let mut shop = Recommender::new(limits);
    let mut rows = BTreeMap::new();
    for step in steps {
        match step {
            Step::Act { visitor, item, kind, at_ms, live } => {
                let item = format!("i{item}");
                shop.observe(&Interaction {
                    visitor: *visitor,
                    item: &item,
                    kind: *kind,
                    at_ms: *at_ms,
                    live: *live,
                });
            }
            Step::Set(item, row) => {
                let (category, group) = names(row);
                let facts = ItemFacts {
                    category: &category,
                    price_minor: row.price_minor,
                    in_stock: row.in_stock,
                    hidden: row.hidden,
                    group: &group,
                    ..ItemFacts::default()
                };
                shop.set_item(&format!("i{item}"), facts);
                rows.insert(format!("i{item}"), row.clone());
            }
            Step::Remove(item) => {
                shop.remove_item(&format!("i{item}"));
                rows.remove(&format!("i{item}"));
            }
            Step::Parent(child, parent) => {
                let parent = parent.map(|parent| format!("c{parent}"));
                shop.set_category_parent(&format!("c{child}"), parent.as_deref());
            }
            Step::Now(now_ms) => shop.set_now(*now_ms),
            Step::Forget(visitor) => shop.forget_visitor(*visitor),
        }
    }
    (shop, rows)
}

/// Past visits to all items, those the catalogue knows and others.
fn model() -> Arc<VisitModel> {
    static MODEL: OnceLock<Arc<VisitModel>> = OnceLock::new();
    let learn = || {
        let clicks: Vec<(String, String)> = (0..40_u32)
            .flat_map(|visit| {
                (0..4).map(move |step| (format!("v{visit}"), format!("i{}", (visit + 7 * step) % 33)))
            })
            .collect();
        let clicks: Vec<Click> = clicks
            .iter()
            .zip(1..)
            .map(|((session, item), time)| Click { session, item, time: f64::from(time) })
            .collect();
        Arc::new(VisitModel::learn(&clicks, Profile::Fast))
    };
    Arc::clone(MODEL.get_or_init(learn))
}

/// Category 0 and groups from 8 up stand for none.
fn names(row: &Row) -> (String, String) {
    let name =
        |letter, number: u8, none: bool| if none { String::new() } else { format!("{letter}{number}") };
    (name('c', row.category, row.category == 0), name('g', row.group, row.group >= 8))
}

fn purpose() -> impl Strategy<Value = Purpose> {
    prop_oneof![
        Just(Purpose::Complements),
        Just(Purpose::Similar),
        Just(Purpose::Personal),
        Just(Purpose::Bestsellers)
    ]
}

#[derive(Clone, Debug)]
struct Ask {
    purpose: Purpose,
    seeds: Vec<String>,
    exclude: Vec<String>,
    visitor: Option<u64>,
    n: usize,
    repeats: usize,
    band: Option<(i64, i64)>,
    category: Option<u8>,
    model: bool,
}

fn ask() -> impl Strategy<Value = Ask> {
    let items = || prop::collection::vec((0..30_u8).prop_map(|item| format!("i{item}")), 0..4);
    let band = prop::option::weighted(0.3, (0..1_000_i64, 0..1_000_i64));
    let category = prop::option::weighted(0.4, 0..6_u8);
    (
        purpose(),
        items(),
        items(),
        prop::option::of(0..6_u64),
        0..30_usize,
        0..4_usize,
        band,
        category,
        any::<bool>(),
    )
        .prop_map(|(purpose, seeds, exclude, visitor, n, repeats, band, category, model)| Ask {
            purpose,
            seeds,
            exclude,
            visitor,
            n,
            repeats,
            band,
            category,
            model,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_list_holds_only_what_may_be_shown_nothing_twice_and_is_full(
        steps in prop::collection::vec(step(), 0..150),
        ask in ask(),
    ) {
        let (mut shop, rows) = play(&steps);
        let model = ask.model.then(model);
        shop.use_visits(model.clone());
        let seeds: Vec<&str> = ask.seeds.iter().map(String::as_str).collect();
        let exclude: Vec<&str> = ask.exclude.iter().map(String::as_str).collect();
        let category = ask.category.map(|category| format!("c{category}"));
        let query = Query {
            seeds: &seeds,
            visitor: ask.visitor,
            exclude: &exclude,
            category: category.as_deref(),
            only_category: false,
            n: ask.n,
            purpose: ask.purpose,
            price_minor: ask.band.map(|(low, high)| low..=high),
            repeats: ask.repeats,
        };
        let picks = shop.recommend(&query);

        let barred: BTreeSet<&String> = ask.seeds.iter().chain(&ask.exclude).collect();
        let barred_groups: BTreeSet<String> = barred
            .iter()
            .filter_map(|name| rows.get(*name))
            .map(|row| names(row).1)
            .filter(|group| !group.is_empty())
            .collect();
        let allowed: BTreeSet<&String> = rows
            .iter()
            .filter(|(name, row)| {
                row.in_stock
                    && !row.hidden
                    && !barred.contains(name)
                    && !barred_groups.contains(&names(row).1)
                    && ask.band.is_none_or(|(low, high)| (low..=high).contains(&row.price_minor))
            })
            .map(|(name, _)| name)
            .collect();

        let got: BTreeSet<&String> = picks.iter().map(|pick| &pick.item).collect();
        prop_assert_eq!(got.len(), picks.len(), "an item twice");
        prop_assert!(got.is_subset(&allowed), "{:?} not within {:?}", got, allowed);
        prop_assert_eq!(picks.len(), ask.n.min(allowed.len()), "not full");
        prop_assert!(picks.windows(2).all(|pair| pair[0].score >= pair[1].score));
        prop_assert!(picks.iter().all(|pick| pick.score.is_finite()));
        prop_assert_eq!(shop.len(), rows.len());
        prop_assert!(shop.visitors_len() <= 4);

        let (mut again, _) = play(&steps);
        again.use_visits(model);
        prop_assert_eq!(again.recommend(&query), picks, "same input, another answer");
    }

    #[test]
    fn only_category_keeps_to_it(steps in prop::collection::vec(step(), 0..100), category in 1..5_u8) {
        let flat: Vec<_> = steps.into_iter().filter(|step| !matches!(step, Step::Parent(..))).collect();
        let (shop, rows) = play(&flat);
        let category_name = format!("c{category}");
        let query = Query { category: Some(&category_name), only_category: true, n: 50, ..Query::default() };
        let got: BTreeSet<String> = shop.recommend(&query).into_iter().map(|pick| pick.item).collect();
        let expected: BTreeSet<String> = rows
            .into_iter()
            .filter(|(_, row)| row.in_stock && !row.hidden && row.category == category)
            .map(|(name, _)| name)
            .collect();
        prop_assert_eq!(got, expected);
    }
}
