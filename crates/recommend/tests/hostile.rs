//! Bots, wholesalers, invented ids and broken clocks: none breaks the index, none bends the lists.

use beckon_recommend::block::{Block, Source, Strategy};
use beckon_recommend::{Interaction, ItemFacts, Kind, Limits, Purpose, Query, Reason, Recommender, Request};

const HOUR_MS: i64 = 3_600_000;
const START_MS: i64 = 20_000 * 24 * HOUR_MS;

fn shop(items: usize) -> Recommender {
    let mut shop = Recommender::new(Limits::default());
    shop.set_now(START_MS);
    for number in 0..items {
        let facts = ItemFacts { category: "all", price_minor: 100, in_stock: true, ..ItemFacts::default() };
        shop.set_item(&format!("i{number}"), facts);
    }
    shop
}

fn act(shop: &mut Recommender, visitor: u64, kind: Kind, item: &str, at_ms: i64) {
    shop.observe(&Interaction { visitor, item, kind, at_ms, live: true });
}

#[test]
fn a_bot_of_a_hundred_thousand_views_does_not_move_the_bestsellers() {
    let mut shop = shop(2_000);
    for visitor in 0..3 {
        act(&mut shop, visitor, Kind::View, "i7", START_MS);
        act(&mut shop, visitor, Kind::View, "i8", START_MS + 1_000);
    }
    for step in 0..100_000_i64 {
        let item = format!("i{}", step % 2_000);
        act(&mut shop, 666, Kind::View, &item, START_MS + step * HOUR_MS / 100_000);
    }
    let best = shop.recommend(&Query { purpose: Purpose::Bestsellers, n: 2, ..Query::default() });
    assert_eq!([best[0].item.as_str(), best[1].item.as_str()], ["i7", "i8"]);
    let similar = shop.recommend(&Query { seeds: &["i7"], n: 1, ..Query::default() });
    assert_eq!(similar[0].item, "i8");
    let after = shop.recommend(&Query { seeds: &["i1500"], n: 1, ..Query::default() });
    assert_eq!(
        after[0].reason,
        Reason::Content { with: "i1500".into() },
        "past its budget a bot counts nothing"
    );
}

#[test]
fn an_order_of_two_thousand_lines_outweighs_no_pair_that_people_buy() {
    let mut shop = shop(2_000);
    for visitor in 0..3 {
        act(&mut shop, visitor, Kind::Order, "i5", START_MS);
        act(&mut shop, visitor, Kind::Order, "i1999", START_MS);
    }
    let before = shop.memory_bytes();
    for line in 0..2_000 {
        act(&mut shop, 77, Kind::Order, &format!("i{line}"), START_MS);
    }
    assert!(shop.memory_bytes() < before + 2_000_000);
    let picks =
        shop.recommend(&Query { purpose: Purpose::Complements, seeds: &["i5"], n: 2, ..Query::default() });
    assert_eq!(picks[0].item, "i1999");
}

#[test]
fn clocks_that_run_backward_or_jump_ahead_break_nothing() {
    let mut shop = shop(10);
    for (step, at_ms) in [i64::MAX, i64::MIN, 0, -5, START_MS, i64::MAX - 1, i64::MIN + 1].iter().enumerate()
    {
        for live in [true, false] {
            for kind in [Kind::View, Kind::Cart, Kind::Order] {
                let item = format!("i{}", step % 5);
                shop.observe(&Interaction { visitor: 1, item: &item, kind, at_ms: *at_ms, live });
            }
        }
    }
    for visitor in 10..15 {
        act(&mut shop, visitor, Kind::Order, "i8", START_MS);
        act(&mut shop, visitor, Kind::Order, "i9", START_MS);
    }
    let picks =
        shop.recommend(&Query { purpose: Purpose::Complements, seeds: &["i8"], n: 9, ..Query::default() });
    assert_eq!((picks.len(), picks[0].item.as_str()), (9, "i9"));
    assert!(picks.iter().all(|pick| pick.score.is_finite()));
}

#[test]
fn invented_ids_are_bounded_and_push_out_no_item_of_the_catalogue() {
    let limits = Limits { max_unlisted_items: 100, max_visitors: 50, ..Limits::default() };
    let mut shop = Recommender::new(limits);
    shop.set_item("real", ItemFacts { in_stock: true, ..ItemFacts::default() });
    shop.set_item("other", ItemFacts { in_stock: true, ..ItemFacts::default() });
    act(&mut shop, 0, Kind::View, "real", START_MS);
    act(&mut shop, 0, Kind::View, "other", START_MS);
    for step in 0..10_000 {
        act(&mut shop, step % 500, Kind::View, "real", START_MS + 1);
        act(&mut shop, step % 500, Kind::View, &format!("invented-{step}"), START_MS + 2);
    }
    act(&mut shop, 1, Kind::View, &"x".repeat(1_000_000), START_MS);
    act(&mut shop, 1, Kind::View, "", START_MS);
    assert_eq!((shop.len(), shop.visitors_len()), (2, 50));
    assert!(shop.memory_bytes() < 1_000_000, "{}", shop.memory_bytes());
    let picks = shop.recommend(&Query { seeds: &["real"], n: 5, ..Query::default() });
    assert_eq!(picks.len(), 1);
    assert_eq!(picks[0].item, "other");
}

#[test]
fn counts_of_an_item_seen_before_the_catalogue_names_it_are_kept() {
    let mut shop = shop(2);
    for visitor in 0..3 {
        act(&mut shop, visitor, Kind::Order, "late", START_MS);
    }
    let query = Query { purpose: Purpose::Bestsellers, n: 1, ..Query::default() };
    assert_ne!(shop.recommend(&query)[0].item, "late");
    shop.set_item("late", ItemFacts { in_stock: true, ..ItemFacts::default() });
    assert_eq!(shop.recommend(&query)[0].reason, Reason::Bestseller { category: None, orders: 3 });
}

fn block(strategy: Strategy) -> Block {
    Block { name: "b".into(), mix: vec![Source::of(strategy)], size: 2, fill: false, ..Block::default() }
}

#[test]
fn blocks_are_not_bent_by_a_bot_a_wholesaler_or_broken_clocks() {
    let mut shop = shop(2_000);
    for visitor in 0..3 {
        act(&mut shop, visitor, Kind::View, "i7", START_MS);
        act(&mut shop, visitor, Kind::View, "i8", START_MS + 1_000);
        act(&mut shop, visitor, Kind::Order, "i8", START_MS + 2_000);
    }
    for step in 0..100_000_i64 {
        let item = format!("i{}", step % 2_000);
        act(&mut shop, 666, Kind::View, &item, START_MS + step * HOUR_MS / 100_000);
    }
    for line in 0..2_000 {
        let seen = Interaction {
            visitor: 77,
            item: &format!("i{line}"),
            kind: Kind::Order,
            at_ms: if line % 2 == 0 { i64::MAX } else { i64::MIN },
            live: line % 3 == 0,
        };
        shop.observe_in(&seen, "Казань");
    }
    let serve = |strategy, seed: &str| {
        let request = Request { seeds: &[seed], city: Some("Казань"), ..Request::default() };
        shop.serve(&block(strategy), &request, START_MS + HOUR_MS)
    };
    let also = serve(Strategy::ViewedAlsoViewed, "i7");
    assert_eq!(also.items[0].item, "i8");
    let bought = serve(Strategy::ViewedThenBought, "i7");
    assert_eq!((bought.items.len(), bought.items[0].item.as_str()), (1, "i8"));
    let reason = Reason::ViewedThenBought { with: "i7".into(), visitors: 3, of: 4 };
    assert_eq!(bought.items[0].reason, reason, "the bot's own view counts once");
    let best = shop.serve(&block(Strategy::Bestsellers), &Request::default(), START_MS + HOUR_MS);
    assert_eq!(best.items[0].item, "i8");
    for strategy in
        Strategy::ALL.iter().filter(|one| !matches!(one, Strategy::Holiday | Strategy::ThirdParty))
    {
        let filled = Block { fill: true, size: 20, ..block(*strategy) };
        for now_ms in [START_MS, i64::MIN, i64::MAX] {
            let answer = shop.serve(&filled, &Request { visitor: Some(77), ..Request::default() }, now_ms);
            assert_eq!(answer.items.len(), 20, "{strategy:?} at {now_ms}");
        }
    }
}

#[test]
fn items_gone_from_the_feed_and_never_in_it_are_no_seeds_of_trouble() {
    let mut shop = shop(30);
    for visitor in 0..4 {
        for item in ["i1", "gone", "never"] {
            act(&mut shop, visitor, Kind::Order, item, START_MS);
        }
    }
    shop.set_item("gone", ItemFacts { title: "thing", in_stock: true, ..ItemFacts::default() });
    shop.remove_item("gone");
    let request =
        Request { seeds: &["gone", "never", "unheard of"], favourites: &["gone"], ..Request::default() };
    let answer = shop.serve(&block(Strategy::BoughtTogether), &request, START_MS);
    assert_eq!(answer.items[0].item, "i1", "what went with it still does");
    for strategy in [Strategy::Favourites, Strategy::SimilarContent, Strategy::UpSell, Strategy::Search] {
        let filled = Block { fill: true, size: 5, ..block(strategy) };
        let answer = shop.serve(&filled, &request, START_MS);
        assert_eq!(answer.items.len(), 5);
        assert!(answer.items.iter().all(|one| one.item.starts_with('i')));
    }
    let alone =
        self::shop(1).serve(&Block { fill: true, ..block(Strategy::ForYou) }, &Request::default(), START_MS);
    assert_eq!(alone.items.len(), 1, "a shop of one product");
}
