//! A recommendation list with its filters, in process: 100,000 items, a million clicks. Also what filling the index
//! takes and what it holds. Then the model of visits in both profiles.
//!
//! `cargo bench -p beckon --bench recommend`
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

mod support;
mod visits;

use beckon_recommend::{Interaction, ItemFacts, Kind, Limits, Purpose, Query, Recommender};
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

fn main() {
    let before = resident_mb(std::process::id());
    let begun = Instant::now();
    let index = filled();
    let filling = begun.elapsed();
    let after = resident_mb(std::process::id());
    let table = Table::new();
    let names: Vec<String> = (0..ITEMS).map(name).collect();
    head(
        "a list of 8, 100,000 items, 1 M clicks; the probe filters a ready table of neighbours",
        "cargo bench -p beckon --bench recommend",
    );
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
            let question = |_| Question {
                seeds: [(); 3].map(|()| names[popular(&mut draw) as usize].as_str()),
                visitor: visitor(draw.below(CLICKS)),
            };
            let asked: Vec<Question> = (0..QUESTIONS).map(question).collect();
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
    visits::measure();
}

/// What is asked: a cart of three, and who asks.
struct Question<'a> {
    seeds: [&'a str; 3],
    visitor: u64,
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

fn filled() -> Recommender {
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
            ..ItemFacts::default()
        };
        index.set_item(&name(n), facts);
    }
    for n in 0..CATEGORIES {
        index.set_category_parent(&format!("c{n}"), Some(&format!("d{}", n / 20)));
    }
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
    index
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
