//! A recommendation list with its filters, in process: 100,000 items, a million clicks. Also what filling the index
//! takes and what it holds. Then the model of visits in both profiles.
//!
//! `cargo bench -p beckon --bench recommend`
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

mod support;
mod visits;

use beckon_recommend::block::Block;
use beckon_recommend::{Interaction, ItemFacts, Kind, Limits, Purpose, Query, Recommender, Request};
use std::collections::HashMap;
use std::hint::black_box;
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};
use support::{Draw, alone, arg, head, quantile_ms, resident_mb, row};

const ITEMS: u64 = 100_000;
const CATEGORIES: u64 = 1_000;
const CLICKS: u64 = 1_000_000;
const VISITORS: u64 = 150_000;
const QUESTIONS: usize = 2_000;
const PRICES: RangeInclusive<i64> = 5_000..=900_000;
const START_MS: i64 = 1_772_409_600_000;
const DAY_MS: i64 = 86_400_000;

fn main() {
    let before = resident_mb(std::process::id());
    let begun = Instant::now();
    let mut index = stocked();
    let stocking = begun.elapsed();
    let with_goods = resident_mb(std::process::id());
    let begun = Instant::now();
    click(&mut index);
    let filling = begun.elapsed();
    let after = resident_mb(std::process::id());
    let table = Table::new();
    let names: Vec<String> = (0..ITEMS).map(name).collect();
    head(
        "a list of 8, 100,000 items, 1 M clicks; the probe filters a ready table of neighbours",
        "cargo bench -p beckon --bench recommend",
    );
    alone("items/s into the index", format!("{:.0}", ITEMS as f64 / stocking.as_secs_f64()));
    alone("the items alone, MB", format!("{:.0}", with_goods - before));
    alone("clicks/s into the index", format!("{:.0}", CLICKS as f64 / filling.as_secs_f64()));
    alone("the index, MB", format!("{:.0}", after - before));
    for (title, purpose) in [
        ("similar", Purpose::Similar),
        ("complements of a cart of 3", Purpose::Complements),
        ("personal", Purpose::Personal),
        ("bestsellers of a category", Purpose::Bestsellers),
    ] {
        let mut figures = [(); 4].map(|()| Vec::new());
        for round in 0..arg("--rounds", 5) {
            let mut draw = Draw(round as u64 + 99);
            let asked: Vec<Question> = (0..QUESTIONS).map(|_| Question::draw(&mut draw, &names)).collect();
            let mut probe: Vec<Duration> = asked.iter().map(|q| timed(|| table.ask(q, &names))).collect();
            let ours = |q: &Question| timed(|| index.recommend(&query(q, purpose)));
            let mut ours: Vec<Duration> = asked.iter().map(ours).collect();
            for (at, share) in [0.5, 0.9].into_iter().enumerate() {
                figures[at].push(quantile_ms(&mut probe, share) * 1_000.0);
                figures[at + 2].push(quantile_ms(&mut ours, share) * 1_000.0);
            }
        }
        row(&format!("{title}, p50, us"), &figures[0], &figures[2]);
        row(&format!("{title}, p90, us"), &figures[1], &figures[3]);
    }
    blocks(&index, &table, &names);
    visits::measure();
}

/// Filters and rules that every block of the figure has.
const BOUNDS: &str = r#""filters": {"price_minor": {"from": 5000, "to": 900000}, "brands": {"not": ["brand 3"]},
    "not_viewed": true}, "rules": [{"boost": {"goods": {"tags": ["gift"]}, "times": 2}}, {"margin": {"weight": 1}},
    {"at_most": {"per": "brand", "count": 2}}, {"pin": {"item": "SKU-000042", "position": 3}}], "diversity": 30"#;

/// Blocks as a marketer composes them, all with filters, rules and diversity.
fn blocks(index: &Recommender, table: &Table, names: &[String]) {
    for (title, mix) in [
        ("block: card, accompanying", r#"{"strategy": "accessories"}, {"strategy": "bought_together"}"#),
        ("block: card, alternatives", r#"{"strategy": "similar"}, {"strategy": "up_sell"}"#),
        ("block: similar content", r#"{"strategy": "similar_content"}"#),
        ("block: for you", r#"{"strategy": "for_you"}"#),
        ("block: search", r#"{"strategy": "search"}"#),
        (
            "block: week of the category",
            r#"{"strategy": "bestsellers", "scope": "category", "period": "week"}"#,
        ),
        ("block: a mix of five", MIX_OF_FIVE),
    ] {
        let json = format!(r#"{{"name": "bench", "mix": [{mix}], {BOUNDS}}}"#);
        let block = Block::parse(&json).unwrap();
        let mut figures = [(); 4].map(|()| Vec::new());
        for round in 0..arg("--rounds", 5) {
            let mut draw = Draw(round as u64 + 99);
            let asked: Vec<Question> = (0..QUESTIONS).map(|_| Question::draw(&mut draw, names)).collect();
            let mut probe: Vec<Duration> = asked.iter().map(|q| timed(|| table.ask(q, names))).collect();
            let serve = |q: &Question| {
                let words = format!("thing {} colour {}", q.visitor % 400, q.visitor % 11);
                let request = Request {
                    visitor: Some(q.visitor),
                    seeds: &q.seeds[..1],
                    cart: &q.seeds[1..],
                    query: Some(&words),
                    ..Request::default()
                };
                timed(|| index.serve(&block, &request, START_MS + CLICKS as i64 * 60))
            };
            let mut ours: Vec<Duration> = asked.iter().map(serve).collect();
            for (at, share) in [0.5, 0.9].into_iter().enumerate() {
                figures[at].push(quantile_ms(&mut probe, share) * 1_000.0);
                figures[at + 2].push(quantile_ms(&mut ours, share) * 1_000.0);
            }
        }
        row(&format!("{title}, p50, us"), &figures[0], &figures[2]);
        row(&format!("{title}, p90, us"), &figures[1], &figures[3]);
    }
}

/// As the app's first screen has it.
const MIX_OF_FIVE: &str = r#"{"strategy": "for_you", "share": 40}, {"strategy": "next_basket", "share": 15},
    {"strategy": "recently_viewed", "share": 15}, {"strategy": "new", "share": 10}, {"strategy": "bestsellers"}"#;

/// What is asked: a cart of three, and who asks.
struct Question<'a> {
    seeds: [&'a str; 3],
    visitor: u64,
}

impl<'a> Question<'a> {
    fn draw(draw: &mut Draw, names: &'a [String]) -> Question<'a> {
        Question {
            seeds: [(); 3].map(|()| names[popular(draw) as usize].as_str()),
            visitor: visitor(draw.below(CLICKS)),
        }
    }
}

/// With filters: what is in the cart is left out, a range of prices holds, for somebody who was here.
fn query<'a>(question: &'a Question<'a>, purpose: Purpose) -> Query<'a> {
    let seeds = match purpose {
        Purpose::Complements => &question.seeds[..],
        Purpose::Personal => &[],
        _ => &question.seeds[..1],
    };
    Query {
        seeds,
        visitor: Some(question.visitor),
        exclude: &question.seeds[1..],
        n: 8,
        purpose,
        price_minor: Some(PRICES),
        ..Query::default()
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begun = Instant::now();
    drop(black_box(work()));
    begun.elapsed()
}

fn name(n: u64) -> String {
    format!("SKU-{n:06}")
}

/// Few items take most clicks: the square of an even draw.
fn popular(draw: &mut Draw) -> u64 {
    let at = draw.below(1 << 20) as f64 / f64::from(1 << 20);
    (at * at * ITEMS as f64) as u64
}

/// Who made a click: five in a row are one visit.
fn visitor(click: u64) -> u64 {
    (click / 5).wrapping_mul(2_654_435_761) % VISITORS
}

fn stocked() -> Recommender {
    let mut index = Recommender::new(Limits::default());
    let mut draw = Draw(7);
    index.set_now(START_MS);
    for n in 0..ITEMS {
        let category = format!("c{}", n % CATEGORIES);
        let group = format!("g{}", n / 3);
        let facts = ItemFacts {
            category: &category,
            price_minor: 1_000 + draw.below(1_000_000) as i64,
            in_stock: draw.below(10) > 0,
            hidden: false,
            group: &group,
            added_ms: Some(START_MS - draw.below(700) as i64 * DAY_MS),
            title: &format!("thing {} of colour {} size {} model {}", n % 400, n % 11, n % 45, n / 3),
            brand: &format!("brand {}", n % 300),
            tags: if n % 20 == 0 { &["gift"] } else { &[] },
            attributes: &[
                ("colour", ["red", "green", "blue"][n as usize % 3]),
                ("size", ["s", "m", "l", "xl"][n as usize % 4]),
            ],
            old_price_minor: None,
            margin_permille: Some((n % 400) as i16),
            rating: Some((300 + (n % 200) as u16, 5)),
            ..ItemFacts::default()
        };
        index.set_item(&name(n), facts);
    }
    for n in 0..CATEGORIES {
        index.set_category_parent(&format!("c{n}"), Some(&format!("d{}", n / 20)));
    }
    index
}

fn click(index: &mut Recommender) {
    let mut draw = Draw(13);
    let mut first = 0;
    for n in 0..CLICKS {
        // Visits of five clicks around one place of the catalogue.
        if n % 5 == 0 {
            first = popular(&mut draw);
        }
        let item = name((first + draw.below(40) * CATEGORIES) % ITEMS);
        let kind = match draw.below(100) {
            0..88 => Kind::View,
            88..97 => Kind::Cart,
            _ => Kind::Order,
        };
        index.observe(&Interaction {
            visitor: visitor(n),
            item: &item,
            kind,
            at_ms: START_MS + n as i64 * 60,
            live: true,
        });
    }
}

/// The least that could answer: for each item a list of neighbours in order, and what each costs.
struct Table {
    neighbours: HashMap<String, Vec<u32>>,
    prices: Vec<i64>,
}

impl Table {
    fn new() -> Table {
        let mut draw = Draw(11);
        let near = |draw: &mut Draw| (0..48).map(|_| popular(draw) as u32).collect();
        Table {
            neighbours: (0..ITEMS).map(|n| (name(n), near(&mut draw))).collect(),
            prices: (0..ITEMS).map(|_| 1_000 + draw.below(1_000_000) as i64).collect(),
        }
    }

    /// The first eight neighbours whose price is in the range.
    fn ask(&self, question: &Question, names: &[String]) -> Vec<String> {
        let near = self.neighbours.get(question.seeds[0]).into_iter().flatten();
        let fits = near.filter(|item| PRICES.contains(&self.prices[**item as usize]));
        fits.take(8).map(|item| names[*item as usize].clone()).collect()
    }
}
