//! Candidates for a basket: what each of many measures says of an item, and their ranks fused.

use crate::baskets::orders::{CustomerId, NOBODY, OrderId, Orders, faded};
use crate::baskets::ties::{TIES, ties};
use crate::id_map::{IdMap, IdSet, ItemId};
use crate::sessions::tables::Table;
use crate::sessions::vectors::Vectors;

/// All judges: the tables, then those below.
pub(crate) const JUDGES: usize = TIES + 5;
/// What the customer bought before, often and lately.
pub(crate) const OWN: usize = TIES;
/// What like customers bought.
pub(crate) const PEOPLE: usize = TIES + 1;
/// What like orders held.
pub(crate) const LIKE: usize = TIES + 2;
/// What sells.
pub(crate) const POPULAR: usize = TIES + 3;
/// What sells more than before, or did at this time of the year.
pub(crate) const RISING: usize = TIES + 4;
/// Ranks of a judge that count, and how far down a candidate may stand.
pub(crate) const DEPTH: usize = 80;
/// Softens the first ranks.
const RANK_OFFSET: f32 = 20.0;
/// Items of the basket that are looked at, the last ones.
pub(crate) const MAX_SEEDS: usize = 60;
/// Newest orders of a seed that are compared with the basket, and how many like ones vote.
const MAX_MET: usize = 800;
const LIKE_ORDERS: usize = 150;
/// Items of a customer, newest first, that are compared with other customers', and how many like ones vote.
const MAX_OWN: usize = 150;
const LIKE_PEOPLE: usize = 150;
/// Newest orders of a like customer that vote.
const MAX_OF_LIKE: usize = 6;
/// After so many days what a customer bought weighs half.
pub(crate) const OWN_HALF_LIFE_DAYS: f32 = 120.0;
/// Each judge's say without training: for a basket with something in it, and for the next one.
const SAY: [[f32; JUDGES]; 2] = [
    [1.0, 0.3, 0.8, 1.5, 0.3, 0.3, 1.0, 0.3, 1.0, 0.3, 0.3],
    [0.1, 0.1, 0.1, 0.2, 0.1, 0.5, 3.0, 1.0, 0.2, 0.5, 0.3],
];

/// All that is learned from past orders without training.
#[derive(Clone, Debug)]
pub(crate) struct BasketIndex {
    pub(crate) orders: Orders,
    pub(crate) ties: [Table; TIES],
    pub(crate) vectors: Vectors,
    /// The most popular and the most rising items with their scores.
    sellers: [Vec<(ItemId, f32)>; 2],
    /// Length of each customer's faded purchases, for their cosine.
    lengths: Vec<f32>,
}

impl BasketIndex {
    /// Takes past orders.
    pub(crate) fn new(orders: Orders) -> Self {
        let ties = ties(&orders);
        let vectors = Vectors::learn(&ties[0], orders.items());
        let lengths = (0..orders.customers() as CustomerId)
            .map(|customer| {
                let lines = own_items(&orders, customer, orders.end_secs());
                lines.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(0.1)
            })
            .collect();
        let sellers = [sellers(&orders, popular), sellers(&orders, rising)];
        Self { orders, ties, vectors, sellers, lengths }
    }

    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        let ties: usize = self.ties.iter().map(Table::memory_bytes).sum();
        let lengths = self.lengths.capacity() * size_of::<f32>();
        self.orders.memory_bytes() + ties + self.vectors.memory_bytes() + lengths
    }
}

/// Orders of an item in the days `from..to` before the end.
pub(crate) fn sold(orders: &Orders, item: ItemId, days: std::ops::Range<i64>) -> f32 {
    let with = orders.with(item);
    let before = |days: i64| {
        let at_secs = orders.end_secs().saturating_sub(days * 86_400);
        with.partition_point(|order| orders.at_secs(*order) <= at_secs)
    };
    before(days.start).saturating_sub(before(days.end)) as f32
}

fn popular(orders: &Orders, item: ItemId) -> f32 {
    sold(orders, item, 0..28) + 0.1 * sold(orders, item, 28..84)
}

fn rising(orders: &Orders, item: ItemId) -> f32 {
    sold(orders, item, 0..7) + 0.3 * sold(orders, item, 337..365)
}

fn sellers(orders: &Orders, score: fn(&Orders, ItemId) -> f32) -> Vec<(ItemId, f32)> {
    let mut best: Vec<(ItemId, f32)> =
        (0..orders.items() as ItemId).map(|item| (item, score(orders, item))).collect();
    best.retain(|one| one.1 > 0.0);
    best.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    // Filters take some away: what a shop sells most is a page of one shelf.
    best.truncate(20 * DEPTH);
    best
}

/// What a customer bought, each item with its faded count, in the order of first meeting from the newest on.
fn own_items(orders: &Orders, customer: CustomerId, at_secs: i64) -> Vec<(ItemId, f32)> {
    let mut found: Vec<(ItemId, f32)> = Vec::new();
    let mut places = IdMap::default();
    for order in orders.by(customer).iter().rev() {
        let weight = faded(orders.days_to(*order, at_secs), OWN_HALF_LIFE_DAYS);
        for item in orders.lines(*order) {
            let place = *places.entry(*item).or_insert(found.len());
            if place == found.len() {
                found.push((*item, 0.0));
            }
            found[place].1 += weight;
        }
    }
    found
}

/// Who asks, when, and what the basket holds; without a basket, what the customer ordered last.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) customer: CustomerId,
    pub(crate) at_secs: i64,
    pub(crate) seeds: Vec<ItemId>,
    /// All that is in the basket; none of it comes back.
    held: IdSet,
    /// The seeds are in the basket, not in orders of the past.
    pub(crate) filled: bool,
}

impl Question {
    /// About a basket, or about the next one when it is empty.
    pub(crate) fn new(orders: &Orders, customer: CustomerId, at_secs: i64, basket: &[ItemId]) -> Self {
        let filled = !basket.is_empty();
        let seeds = if filled {
            let mut met = IdSet::default();
            let distinct = basket.iter().rev().copied().filter(|item| met.insert(*item));
            distinct.take(MAX_SEEDS).collect::<Vec<_>>().into_iter().rev().collect()
        } else {
            let newest = own_items(orders, customer, at_secs).into_iter().take(MAX_SEEDS);
            newest.map(|(item, _)| item).collect::<Vec<_>>().into_iter().rev().collect()
        };
        Self { customer, at_secs, seeds, held: basket.iter().copied().collect(), filled }
    }
}

/// One candidate with each judge's score and rank.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    pub(crate) item: ItemId,
    pub(crate) scores: [f32; JUDGES],
    /// The most that one seed says, by table.
    pub(crate) most: [f32; TIES],
    /// Seeds whose rows hold it.
    pub(crate) support: f32,
    /// From 0; `DEPTH` for all beyond it and for none.
    pub(crate) ranks: [u16; JUDGES],
    pub(crate) fused: f32,
}

/// Work space, reused from question to question.
#[derive(Debug)]
pub(crate) struct Panel {
    place_of: Vec<u32>,
    of_orders: Vec<f32>,
    of_people: Vec<f32>,
}

/// Candidates as they are found.
struct Found<'a> {
    place_of: &'a mut [u32],
    rows: Vec<Judged>,
}

impl Found<'_> {
    fn add(&mut self, item: ItemId, judge: usize, score: f32) -> &mut Judged {
        let place = &mut self.place_of[item as usize];
        if *place == u32::MAX {
            *place = self.rows.len() as u32;
            self.rows.push(Judged {
                item,
                scores: [0.0; JUDGES],
                most: [0.0; TIES],
                support: 0.0,
                ranks: [DEPTH as u16; JUDGES],
                fused: 0.0,
            });
        }
        let row = &mut self.rows[*place as usize];
        row.scores[judge] += score;
        row
    }
}

impl Panel {
    pub(crate) fn new(index: &BasketIndex) -> Self {
        Self {
            place_of: vec![u32::MAX; index.orders.items()],
            of_orders: vec![0.0; index.orders.len()],
            of_people: vec![0.0; index.orders.customers()],
        }
    }

    /// The candidates that `admits` lets through and some judge ranks, best first by fusion. What is in the
    /// basket never comes back. What is not let through takes no rank from the others.
    pub(crate) fn judge(
        &mut self,
        index: &BasketIndex,
        question: &Question,
        admits: impl Fn(ItemId) -> bool,
    ) -> Vec<Judged> {
        let orders = &index.orders;
        let mut found = Found { place_of: &mut self.place_of, rows: Vec::with_capacity(2_048) };
        for (judge, table) in index.ties.iter().enumerate() {
            for seed in &question.seeds {
                for (item, score) in table.row(*seed) {
                    let row = found.add(item, judge, score);
                    row.most[judge] = row.most[judge].max(score);
                    row.support += 1.0;
                }
            }
        }
        let own = own_items(orders, question.customer, question.at_secs);
        for (item, weight) in &own {
            found.add(*item, OWN, *weight);
        }
        like_people(&mut self.of_people, index, question, &own, &mut found);
        like_orders(&mut self.of_orders, orders, question, &mut found);
        let in_basket = |item: ItemId| question.held.contains(&item);
        for (judge, sellers) in [POPULAR, RISING].into_iter().zip(&index.sellers) {
            let open = sellers.iter().filter(|(item, _)| !in_basket(*item) && admits(*item));
            for (item, score) in open.take(DEPTH) {
                found.add(*item, judge, *score);
            }
        }
        let mut rows = found.rows;
        for row in &rows {
            self.place_of[row.item as usize] = u32::MAX;
        }
        rows.retain(|row| !in_basket(row.item) && admits(row.item));
        rank(&mut rows, &SAY[usize::from(!question.filled)]);
        rows.retain(|row| row.fused > 0.0);
        rows.sort_unstable_by(|a, b| b.fused.total_cmp(&a.fused).then(a.item.cmp(&b.item)));
        rows
    }
}

/// Nearest customers by what both bought, theirs of late counting most (TIFU-kNN, Hu et al., SIGIR 2020).
fn like_people(
    sums: &mut [f32],
    index: &BasketIndex,
    question: &Question,
    own: &[(ItemId, f32)],
    found: &mut Found,
) {
    let orders = &index.orders;
    let mut touched: Vec<CustomerId> = Vec::new();
    for (item, weight) in own.iter().take(MAX_OWN) {
        let with = orders.with(*item);
        let idf = (orders.len() as f32 / (1.0 + with.len() as f32)).ln().max(0.1);
        for order in with.iter().rev().take(MAX_MET / 4) {
            let buyer = orders.buyer(*order);
            if buyer == NOBODY || buyer == question.customer {
                continue;
            }
            let sum = &mut sums[buyer as usize];
            if *sum == 0.0 {
                touched.push(buyer);
            }
            *sum +=
                weight * idf * faded(orders.days_to(*order, orders.end_secs()), OWN_HALF_LIFE_DAYS).max(1e-6);
        }
    }
    let mut best: Vec<(f32, CustomerId)> = touched
        .into_iter()
        .map(|buyer| (std::mem::take(&mut sums[buyer as usize]) / index.lengths[buyer as usize], buyer))
        .collect();
    best.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    best.truncate(LIKE_PEOPLE);
    let top = best.first().map_or(1.0, |one| one.0).max(1e-9);
    for (near, buyer) in best {
        for order in orders.by(buyer).iter().rev().take(MAX_OF_LIKE) {
            let fade = faded(orders.days_to(*order, orders.end_secs()), OWN_HALF_LIFE_DAYS);
            let weight = near / top * fade / index.lengths[buyer as usize];
            orders.paired(*order).iter().for_each(|item| {
                found.add(*item, PEOPLE, weight);
            });
        }
    }
}

/// Nearest past orders by what both hold; the more they share the more they say.
fn like_orders(sums: &mut [f32], orders: &Orders, question: &Question, found: &mut Found) {
    let mut touched: Vec<OrderId> = Vec::new();
    for seed in &question.seeds {
        let with = orders.with(*seed);
        let idf = (orders.len() as f32 / (1.0 + with.len() as f32)).ln().max(0.1);
        for order in with.iter().rev().take(MAX_MET) {
            let sum = &mut sums[*order as usize];
            if *sum == 0.0 {
                touched.push(*order);
            }
            *sum += idf;
        }
    }
    let mut best: Vec<(f32, OrderId)> = touched
        .into_iter()
        .map(|order| {
            let shared = std::mem::take(&mut sums[order as usize]);
            let fade = faded(orders.days_to(order, orders.end_secs()), OWN_HALF_LIFE_DAYS);
            (shared * fade / (5.0 + orders.lines(order).len() as f32).sqrt(), order)
        })
        .collect();
    best.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    best.truncate(LIKE_ORDERS);
    let top = best.first().map_or(1.0, |one| one.0).max(1e-9);
    for (near, order) in best {
        let share = near / top;
        orders.paired(order).iter().for_each(|item| {
            found.add(*item, LIKE, share * share / (5.0 + orders.lines(order).len() as f32).sqrt());
        });
    }
}

fn rank(rows: &mut [Judged], say: &[f32; JUDGES]) {
    let mut order: Vec<(f32, u32)> = Vec::with_capacity(rows.len());
    for (judge, say) in say.iter().enumerate() {
        order.clear();
        let scored = rows.iter().zip(0..).filter(|(row, _)| row.scores[judge] > 0.0);
        order.extend(scored.map(|(row, place)| (row.scores[judge], place)));
        let best_first = |a: &(f32, u32), b: &(f32, u32)| {
            b.0.total_cmp(&a.0).then_with(|| rows[a.1 as usize].item.cmp(&rows[b.1 as usize].item))
        };
        if order.len() > DEPTH {
            order.select_nth_unstable_by(DEPTH, best_first);
            order.truncate(DEPTH);
        }
        order.sort_unstable_by(best_first);
        for (rank, (_, place)) in order.iter().enumerate() {
            let row = &mut rows[*place as usize];
            row.ranks[judge] = rank as u16;
            row.fused += say / (RANK_OFFSET + rank as f32);
        }
    }
}
