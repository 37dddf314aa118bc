//! A small shop and short ways to act in it, for the stories about blocks.
#![allow(dead_code, reason = "each story uses its part")]

use beckon_recommend::block::Block;
use beckon_recommend::{Answer, Interaction, ItemFacts, Kind, Limits, Recommender};

pub const DAY_MS: i64 = 86_400_000;
pub const NOW_MS: i64 = 20_000 * DAY_MS;

/// An item of a category at a price, in stock.
pub fn facts<'a>(category: &'a str, price_minor: i64) -> ItemFacts<'a> {
    ItemFacts { category, price_minor, in_stock: true, ..ItemFacts::default() }
}

/// Phones, cases and teas; tea is consumed often.
pub fn shop() -> Recommender {
    let mut shop = Recommender::new(Limits::default());
    shop.set_now(NOW_MS);
    for (item, category, price_minor, brand, title) in [
        ("phone-a", "phones", 3_000_000, "Acme", "Смартфон Acme One 128GB чёрный"),
        ("phone-b", "phones", 3_300_000, "Acme", "Смартфон Acme Two 256GB чёрный"),
        ("phone-c", "phones", 4_200_000, "Bolt", "Смартфон Bolt Max"),
        ("case-a", "cases", 90_000, "Acme", "Чехол для Acme One"),
        ("case-b", "cases", 80_000, "Noname", "Чехлы прозрачные"),
        ("glass", "cases", 40_000, "Noname", "Защитное стекло"),
        ("tea-a", "tea", 30_000, "Leaf", "Чай зелёный листовой"),
        ("tea-b", "tea", 35_000, "Leaf", "Чай чёрный"),
        ("tea-c", "tea", 39_000, "Hill", "Black tea"),
    ] {
        shop.set_item(item, ItemFacts { brand, title, ..facts(category, price_minor) });
    }
    assert!(shop.set_category_parent("phones", Some("electronics")));
    assert!(shop.set_category_parent("cases", Some("electronics")));
    shop.set_consumed_often("tea", true);
    shop
}

pub fn block(rest: &str) -> Block {
    Block::parse(&format!(r#"{{"name": "b", {rest}}}"#)).unwrap_or_else(|flaws| panic!("{rest}: {flaws:?}"))
}

/// One source, nothing to fill up with.
pub fn only(source: &str) -> Block {
    block(&format!(r#""mix": [{source}], "fill": false, "size": 8"#))
}

pub fn act(shop: &mut Recommender, visitor: u64, kind: Kind, item: &str, at_ms: i64) {
    shop.observe(&Interaction { visitor, item, kind, at_ms, live: false });
}

pub fn order(shop: &mut Recommender, visitor: u64, items: &[&str], at_ms: i64) {
    items.iter().for_each(|item| act(shop, visitor, Kind::Order, item, at_ms));
}

pub fn view(shop: &mut Recommender, visitor: u64, items: &[&str], at_ms: i64) {
    items.iter().zip(0..).for_each(|(item, step)| act(shop, visitor, Kind::View, item, at_ms + 1_000 * step));
}

pub fn names(answer: &Answer) -> Vec<&str> {
    answer.items.iter().map(|one| one.item.as_str()).collect()
}
