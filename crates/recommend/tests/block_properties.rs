//! Random shops, histories, blocks and questions: a list holds nothing it may not, no product twice, and is full.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use beckon_recommend::block::{
    Block, Channel, Goods, Names, Per, Percents, Range, Rule, Source, Strategy as Way, Work,
};
use beckon_recommend::{Interaction, ItemFacts, Kind, Limits, Purchase, Recommender, Request};
use proptest::prelude::*;
use support::{DAY_MS, NOW_MS};

#[derive(Clone, Debug)]
struct Row {
    category: u8,
    price_minor: i64,
    in_stock: bool,
    hidden: bool,
    coming: bool,
    group: u8,
    brand: u8,
    tag: u8,
    added_days: i64,
    margin: i16,
}

#[derive(Clone, Debug)]
struct Act {
    visitor: u64,
    item: u8,
    kind: Kind,
    ago_ms: i64,
    city: u8,
}

fn row() -> impl Strategy<Value = Row> {
    let flags = (prop::bool::weighted(0.8), prop::bool::weighted(0.1), prop::bool::weighted(0.05));
    let kinds = (0..4_u8, 0..12_u8, 0..4_u8, 0..3_u8);
    (kinds, flags, 1..1_000_i64, 0..100_i64, 0..500_i16).prop_map(
        |((category, group, brand, tag), (in_stock, hidden, coming), price_minor, added_days, margin)| Row {
            category,
            price_minor,
            in_stock,
            hidden,
            coming,
            group,
            brand,
            tag,
            added_days,
            margin,
        },
    )
}

fn act() -> impl Strategy<Value = Act> {
    let kind = prop_oneof![Just(Kind::View), Just(Kind::Cart), Just(Kind::Order)];
    let ago = prop_oneof![9 => -DAY_MS..400 * DAY_MS, 1 => any::<i64>()];
    (0..5_u64, 0..40_u8, kind, ago, 0..3_u8).prop_map(|(visitor, item, kind, ago_ms, city)| Act {
        visitor,
        item,
        kind,
        ago_ms,
        city,
    })
}

/// Category 0, brand 0, tag 0 and groups from 8 up stand for none.
fn word(letter: char, number: u8, none: bool) -> String {
    if none { String::new() } else { format!("{letter}{number}") }
}

fn group(row: &Row) -> String {
    word('g', row.group, row.group >= 8)
}

fn filled(rows: &BTreeMap<String, Row>, acts: &[Act]) -> Recommender {
    let mut shop = Recommender::new(Limits::default());
    shop.set_now(NOW_MS);
    let observe = |shop: &mut Recommender, act: &Act| {
        let (item, at_ms) = (format!("i{}", act.item), NOW_MS.saturating_sub(act.ago_ms));
        let seen = Interaction { visitor: act.visitor, item: &item, kind: act.kind, at_ms, live: false };
        shop.observe_in(&seen, &word('y', act.city, act.city == 0));
    };
    acts.iter().take(acts.len() / 2).for_each(|act| observe(&mut shop, act));
    for (name, row) in rows {
        let (category, brand) =
            (word('c', row.category, row.category == 0), word('b', row.brand, row.brand == 0));
        let (group, tag) = (group(row), word('t', row.tag, row.tag == 0));
        let facts = ItemFacts {
            category: &category,
            price_minor: row.price_minor,
            in_stock: row.in_stock,
            hidden: row.hidden,
            coming_soon: row.coming,
            group: &group,
            added_ms: Some(NOW_MS - row.added_days * DAY_MS),
            title: &format!("{brand} thing {}", row.price_minor % 7),
            brand: &brand,
            tags: &[&tag],
            attributes: &[("size", &tag)],
            old_price_minor: (row.price_minor % 3 == 0).then_some(row.price_minor + 50),
            margin_permille: Some(row.margin),
            rating: (row.price_minor % 2 == 0).then_some((450, 20)),
            pack: (row.price_minor % 5 == 0).then_some((3, 2)),
        };
        shop.set_item(name, facts);
    }
    shop.set_category_parent("c2", Some("c1"));
    shop.set_consumed_often("c3", true);
    shop.set_accessories("i1", &["i2", "i3", "i39"]);
    shop.set_category_accessories("c1", &["c3"]);
    acts.iter().skip(acts.len() / 2).for_each(|act| observe(&mut shop, act));
    shop
}

fn source() -> impl Strategy<Value = Source> {
    (0..Way::ALL.len(), prop::option::of(1..60_u8), prop::bool::weighted(0.1)).prop_map(
        |(way, share, often)| Source { share, only_consumed_often: often, ..Source::of(Way::ALL[way]) },
    )
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let goods = (0..40_u8, 0..4_u8).prop_map(|(item, brand)| Goods {
        items: vec![format!("i{item}")],
        brands: vec![format!("b{brand}")],
        ..Goods::default()
    });
    let rule = prop_oneof![
        (0..40_u8, 1..9_u16).prop_map(|(item, position)| Rule::Pin { item: format!("i{item}"), position }),
        goods.clone().prop_map(|goods| Rule::Boost { goods, times: 3.0 }),
        goods.clone().prop_map(|goods| Rule::Bury { goods, times: 3.0 }),
        goods.prop_map(|goods| Rule::Hide { goods }),
        Just(Rule::Margin { weight: 1.0 }),
        (1..4_u16).prop_map(|count| Rule::AtMost { per: Per::Brand, count }),
        (1..4_u16).prop_map(|count| Rule::AtMost { per: Per::Category, count }),
    ];
    prop::collection::vec(rule, 0..4)
}

fn block() -> impl Strategy<Value = Block> {
    let sources = || prop::collection::vec(source(), 0..4);
    let band = prop::option::weighted(0.3, (0..1_000_i64, 0..1_000_i64));
    let names = || prop::option::weighted(0.2, 0..5_u8);
    let shape = (0..14_u16, prop_oneof![Just(0_u8), 0..100_u8], any::<bool>());
    (
        sources(),
        sources(),
        rules(),
        band,
        (names(), names(), names()),
        shape,
        (1..400_u16, prop::bool::weighted(0.2)),
    )
        .prop_map(
            |(mix, fall_back, rules, band, (only, not, brand), (size, diversity, ranked), (days, fresh))| {
                let mut block =
                    Block { name: "b".into(), mix, fall_back, rules, size, diversity, ..Block::default() };
                block.profile = if ranked { Work::Reranked } else { Work::Fast };
                let filters = &mut block.filters;
                filters.price_minor =
                    band.map_or(Range::default(), |(from, to)| Range { from: Some(from), to: Some(to) });
                let some = |letter, number: Option<u8>| {
                    number.map(|number| format!("{letter}{number}")).into_iter().collect()
                };
                filters.categories = Names { only: some('c', only), not: some('c', not) };
                filters.brands = Names { only: some('b', brand), not: Vec::new() };
                filters.not_bought_days = days;
                filters.not_viewed = fresh;
                filters.price_of_seed = Percents { from: None, to: (days % 7 == 0).then_some(90) };
                block
            },
        )
}

#[derive(Clone, Debug)]
struct Ask {
    visitor: Option<u64>,
    lists: Vec<Vec<String>>,
    bought: Vec<(String, i64)>,
    category: Option<u8>,
    channel: Channel,
}

fn ask() -> impl Strategy<Value = Ask> {
    let items = prop::collection::vec((0..40_u8).prop_map(|item| format!("i{item}")), 0..4);
    let bought = prop::collection::vec(((0..40_u8).prop_map(|item| format!("i{item}")), 0..500_i64), 0..5);
    let channel = prop_oneof![Just(Channel::Web), Just(Channel::App), Just(Channel::Message)];
    (prop::option::of(0..5_u64), prop::collection::vec(items, 5), bought, prop::option::of(0..5_u8), channel)
        .prop_map(|(visitor, lists, bought, category, channel)| Ask {
            visitor,
            lists,
            bought,
            category,
            channel,
        })
}

/// What may be shown at all, worked out plainly: the items of what the rules, filters, request and past leave.
fn allowed<'a>(
    rows: &'a BTreeMap<String, Row>,
    block: &Block,
    request: &Request,
    acts: &[Act],
) -> BTreeSet<&'a String> {
    let mut barred: BTreeSet<String> = BTreeSet::new();
    let mut hidden: Vec<&Goods> = Vec::new();
    for name in request.seeds.iter().chain(request.cart).chain(request.exclude) {
        barred.insert((*name).to_owned());
    }
    let recent = |at_ms: i64| NOW_MS - at_ms.min(NOW_MS) < i64::from(block.filters.not_bought_days) * DAY_MS;
    let durable = |name: &str| rows.get(name).is_none_or(|row| row.category != 3);
    for one in request.bought.iter().filter(|one| recent(one.at_ms) && durable(one.item)) {
        barred.insert(one.item.to_owned());
    }
    for act in acts.iter().filter(|act| Some(act.visitor) == request.visitor) {
        let (name, at_ms) = (format!("i{}", act.item), NOW_MS.saturating_sub(act.ago_ms));
        let bought = act.kind == Kind::Order && recent(at_ms) && durable(&name);
        if bought || (act.kind == Kind::View && block.filters.not_viewed) {
            barred.insert(name);
        }
    }
    for rule in &block.rules {
        if let Rule::Hide { goods } = rule {
            hidden.push(goods);
        }
    }
    let groups: BTreeSet<String> = barred
        .iter()
        .filter_map(|name| rows.get(name))
        .map(group)
        .filter(|group| !group.is_empty())
        .collect();
    let seeds = if request.seeds.is_empty() { request.cart } else { request.seeds };
    let seed_price = seeds.iter().filter_map(|name| rows.get(*name)).map(|row| row.price_minor).max();
    let within = |row: &Row, name: &String| {
        let under =
            |number: u8| row.category > 0 && (row.category == number || (number == 1 && row.category == 2));
        let number = |name: &String| name[1..].parse::<u8>().unwrap_or(u8::MAX);
        let filters = &block.filters;
        (filters.categories.only.is_empty() || filters.categories.only.iter().any(|name| under(number(name))))
            && !filters.categories.not.iter().any(|name| under(number(name)))
            && (filters.brands.only.is_empty()
                || filters.brands.only.iter().any(|b| row.brand > 0 && number(b) == row.brand))
            && filters.price_minor.holds(row.price_minor)
            && seed_price.is_none_or(|price| filters.price_of_seed.of(price).holds(row.price_minor))
            && !hidden.iter().any(|goods| {
                goods.items.contains(name)
                    || goods.brands.iter().any(|b| row.brand > 0 && number(b) == row.brand)
            })
    };
    rows.iter()
        .filter(|(name, row)| {
            row.in_stock
                && !row.hidden
                && !row.coming
                && !barred.contains(*name)
                && !groups.contains(&group(row))
                && within(row, name)
        })
        .map(|(name, _)| name)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 768, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_block_is_full_of_what_may_be_shown(
        rows in prop::collection::btree_map((0..36_u8).prop_map(|item| format!("i{item}")), row(), 0..36),
        acts in prop::collection::vec(act(), 0..24),
        block in block(),
        ask in ask(),
    ) {
        let shop = filled(&rows, &acts);
        let lists: Vec<Vec<&str>> = ask.lists.iter().map(|list| list.iter().map(String::as_str).collect()).collect();
        let bought: Vec<Purchase> = ask.bought.iter()
            .map(|(item, days)| Purchase { item, at_ms: NOW_MS - days * DAY_MS }).collect();
        let category = ask.category.map(|category| format!("c{category}"));
        let request = Request {
            visitor: ask.visitor, seeds: &lists[0], cart: &lists[1], left_cart: &lists[2], favourites: &lists[3],
            exclude: &lists[4], bought: &bought, subscribed: &["c1"], searches: &["things"], facts: &[("size", "t1")],
            category: category.as_deref(), query: Some("thing 3"), city: Some("y1"), channel: ask.channel,
            ..Request::default()
        };
        let answer = shop.serve(&block, &request, NOW_MS);
        let allowed = allowed(&rows, &block, &request, &acts);
        let coming: BTreeSet<&String> =
            rows.iter().filter(|(_, row)| row.coming && !row.hidden).map(|(name, _)| name).collect();
        let mut groups = BTreeSet::new();
        for one in &answer.items {
            let from_coming = one.strategy == Some(Way::ComingSoon) && coming.contains(&one.item);
            prop_assert!(allowed.contains(&one.item) || from_coming, "{one:?} not within {allowed:?}");
            let row = &rows[&one.item];
            let group = group(row);
            prop_assert!(groups.insert(if group.is_empty() { one.item.clone() } else { group }), "twice: {one:?}");
            prop_assert!(one.score.is_finite() && one.score >= 0.0);
        }
        let products: BTreeSet<String> = allowed.iter()
            .map(|name| if group(&rows[*name]).is_empty() { (*name).clone() } else { group(&rows[*name]) }).collect();
        let places = usize::from(block.size);
        prop_assert!(answer.items.len() >= places.min(products.len()) && answer.items.len() <= places,
            "{} of {places} with {} products: {answer:?}", answer.items.len(), products.len());
        // Pins hold: each that may be shown stands in its place, unless pins before it moved past the end.
        for rule in &block.rules {
            let Rule::Pin { item, position } = rule else { continue };
            let first = block.rules.iter().filter(|other| matches!(other, Rule::Pin { .. })).count() == 1;
            let at = usize::from(*position) - 1;
            if first && allowed.contains(item) && at < answer.items.len() {
                prop_assert_eq!(&answer.items[at].item, item);
            }
        }
        prop_assert_eq!(&filled(&rows, &acts).serve(&block, &request, NOW_MS), &answer, "same input, another answer");
    }

    #[test]
    fn no_text_makes_the_reader_of_blocks_panic(text in any::<String>(), number in any::<i64>()) {
        let _ = Block::parse(&text);
        let _ = Block::parse(&format!(r#"{{"name": "x", "mix": [{{"strategy": "new"}}], "size": {number}}}"#));
    }

    #[test]
    fn any_letters_in_ids_titles_and_questions_are_no_harm(texts in prop::collection::vec(any::<String>(), 9)) {
        let mut shop = Recommender::new(Limits::default());
        shop.set_now(NOW_MS);
        let t = |place: usize| texts[place].as_str();
        for place in 0..3 {
            shop.set_item(t(place), ItemFacts {
                category: t(3), title: t(4), brand: t(5), tags: &[t(6)], attributes: &[(t(7), t(8))], in_stock: true,
                price_minor: 5, group: t(place + 3), ..ItemFacts::default()
            });
        }
        let seen = Interaction { visitor: 1, item: t(0), kind: Kind::Order, at_ms: NOW_MS, live: true };
        shop.observe_in(&seen, t(3));
        let all = Way::ALL.iter().filter(|way| **way != Way::Holiday).map(|way| Source::of(*way)).collect();
        let block = Block { name: "b".into(), mix: all, size: 9, ..Block::default() };
        let request = Request {
            visitor: Some(1), seeds: &[t(1)], query: Some(t(4)), searches: &[t(5)], city: Some(t(3)),
            facts: &[(t(7), t(8))], subscribed: &[t(3)], ..Request::default()
        };
        let answer = shop.serve(&block, &request, NOW_MS);
        prop_assert!(answer.items.len() <= 3);
    }
}
