//! What a trained ranker is told of each candidate for a basket.

use crate::baskets::judges::{BasketIndex, JUDGES, Judged, Question, sold};
use crate::baskets::orders::{Orders, faded};
use crate::baskets::ties::TIES;
use crate::id_map::{IdMap, ItemId};

/// Features of one candidate.
pub(crate) const WIDTH: usize = 3 * JUDGES + TIES + 32;
/// Says that something never was.
const NEVER: f32 = 9_999.0;
/// The table of near lines, for what stands between two lines of the basket.
const NEAR: usize = 2;

/// What is known of an item by itself.
#[derive(Clone, Copy, Debug, Default)]
struct Own {
    week: f32,
    month: f32,
    quarter: f32,
    year: f32,
    /// Of its orders a year ago, the share that came in the month that now begins.
    season: f32,
    /// Buyers who bought it again, as a share.
    repeats: f32,
    first_days: f32,
    last_days: f32,
    /// Mean number of lines of its newest orders.
    lines: f32,
}

/// Facts of all items.
#[derive(Clone, Debug)]
pub(crate) struct ItemTraits(Vec<Own>);

impl ItemTraits {
    pub(crate) fn new(orders: &Orders) -> Self {
        Self((0..orders.items() as ItemId).map(|item| own(orders, item)).collect())
    }
}

fn own(orders: &Orders, item: ItemId) -> Own {
    let with = orders.with(item);
    let end_secs = orders.end_secs();
    let mut buyers: Vec<u32> = with.iter().rev().take(2_000).map(|order| orders.buyer(*order)).collect();
    buyers.sort_unstable();
    let (mut people, mut again) = (3.0_f32, 0.5_f32);
    for same in buyers.chunk_by(|a, b| a == b) {
        if same[0] != super::orders::NOBODY {
            people += 1.0;
            again += f32::from(u8::from(same.len() > 1));
        }
    }
    let newest = with.iter().rev().take(50);
    let lines: usize = newest.clone().map(|order| orders.lines(*order).len()).sum();
    let around = sold(orders, item, 305..425);
    Own {
        week: sold(orders, item, 0..7),
        month: sold(orders, item, 0..28),
        quarter: sold(orders, item, 0..90),
        year: sold(orders, item, 0..365),
        season: (sold(orders, item, 335..365) + 0.5) / (around + 2.0),
        repeats: again / people,
        first_days: with.first().map_or(NEVER, |order| orders.days_to(*order, end_secs)),
        last_days: with.last().map_or(NEVER, |order| orders.days_to(*order, end_secs)),
        lines: lines as f32 / newest.len().max(1) as f32,
    }
}

/// What a customer did with an item.
#[derive(Clone, Copy, Debug, Default)]
struct Dealings {
    orders: f32,
    /// Faded within a month.
    lately: f32,
    first_days: f32,
    last_days: f32,
    /// Orders since the last one with it.
    orders_since: f32,
}

/// What a customer did, as a whole and by item.
struct Habits {
    by_item: IdMap<Dealings>,
    orders: f32,
    last_days: f32,
    /// Days from order to order, in the mean.
    gap_days: f32,
    lines: f32,
    /// Share of lines that were bought before.
    repeats: f32,
}

impl Habits {
    fn new(orders: &Orders, question: &Question) -> Self {
        let by = orders.by(question.customer);
        let mut by_item: IdMap<Dealings> = IdMap::default();
        let (mut lines, mut again) = (0.0, 0.0);
        for (place, order) in by.iter().enumerate() {
            let days = orders.days_to(*order, question.at_secs);
            for item in orders.lines(*order) {
                lines += 1.0;
                let one =
                    by_item.entry(*item).or_insert(Dealings { first_days: days, ..Dealings::default() });
                again += f32::from(u8::from(one.orders > 0.0));
                one.orders += 1.0;
                one.lately += faded(days, 30.0);
                one.last_days = days;
                one.orders_since = (by.len() - 1 - place) as f32;
            }
        }
        let count = by.len() as f32;
        let days =
            |order: Option<&u32>| order.map_or(NEVER, |order| orders.days_to(*order, question.at_secs));
        let (first_days, last_days) = (days(by.first()), days(by.last()));
        Self {
            by_item,
            orders: count,
            last_days,
            gap_days: if by.len() > 1 { (first_days - last_days) / (count - 1.0) } else { NEVER },
            lines: lines / count.max(1.0),
            repeats: again / (lines + 1.0),
        }
    }
}

/// Writes the rows of the candidates end to end.
pub(crate) fn rows(
    index: &BasketIndex,
    traits: &ItemTraits,
    question: &Question,
    candidates: &[Judged],
    rows: &mut Vec<f32>,
) {
    rows.clear();
    let mut top = [1e-9_f32; JUDGES];
    for one in candidates {
        for (top, score) in top.iter_mut().zip(one.scores) {
            *top = top.max(score);
        }
    }
    let habits = Habits::new(&index.orders, question);
    let between = between(index, &question.seeds);
    let newest_first: Vec<ItemId> = question.seeds.iter().rev().copied().collect();
    let all = index.vectors.of_session(&newest_first, 1.0);
    let last = index.vectors.of_session(&newest_first, 0.5);
    let seeds = question.seeds.len() as f32;
    for (place, one) in candidates.iter().enumerate() {
        let own = traits.0[one.item as usize];
        rows.extend(one.scores);
        rows.extend(one.scores.iter().zip(top).map(|(score, top)| score / top));
        rows.extend(one.ranks.map(f32::from));
        rows.extend(one.most);
        let never =
            Dealings { first_days: NEVER, last_days: NEVER, orders_since: NEVER, ..Dealings::default() };
        let with = habits.by_item.get(&one.item).copied().unwrap_or(never);
        let gap_days = (with.first_days - with.last_days) / (with.orders - 1.0).max(1.0);
        rows.extend([
            one.fused,
            place as f32,
            one.support / seeds.max(1.0),
            between.get(&one.item).copied().unwrap_or(0.0),
            index.vectors.nearness(&all, one.item),
            index.vectors.nearness(&last, one.item),
            with.orders,
            with.lately,
            with.orders / habits.orders.max(1.0),
            with.last_days,
            with.orders_since,
            if with.orders > 1.0 { with.last_days / gap_days.max(1.0) } else { -1.0 },
            with.orders * habits.gap_days / with.first_days.max(1.0),
            own.week,
            own.month,
            own.quarter,
            own.year,
            (own.week + 0.5) / (own.month / 4.0 + 0.5),
            (own.month + 1.0) / (own.quarter * 28.0 / 90.0 + 1.0),
            own.season,
            own.repeats,
            own.first_days,
            own.last_days,
            own.lines,
            seeds,
            habits.orders,
            habits.last_days,
            habits.gap_days,
            habits.lines,
            habits.repeats,
            habits.by_item.len() as f32,
            habits.last_days / habits.gap_days.max(1.0),
        ]);
    }
}

/// What stands between two lines that follow each other: near to both.
fn between(index: &BasketIndex, seeds: &[ItemId]) -> IdMap<f32> {
    let mut best: IdMap<f32> = IdMap::default();
    let table = &index.ties[NEAR];
    for pair in seeds.windows(2) {
        let before: IdMap<f32> = table.row(pair[0]).take(60).collect();
        for (item, after) in table.row(pair[1]).take(60) {
            if let Some(before) = before.get(&item) {
                let sum = best.entry(item).or_insert(0.0);
                *sum = sum.max(before + after);
            }
        }
    }
    best
}
