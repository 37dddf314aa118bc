//! Which items go together in orders: tables by several measures.

use crate::baskets::orders::{OrderId, Orders, faded};
use crate::baskets::ridge::ridge;
use crate::id_map::ItemId;
use crate::sessions::tables::{Sums, Table, two_steps};

/// Newest orders of an item from which other orders are reached: each of them costs all of its own.
const FAR_ORDERS: usize = 750;
/// Number of tables.
pub(crate) const TIES: usize = 6;
/// Row of each table: in a long basket the right item is often deep in each row and high in their sum.
const ROW: usize = 150;
/// Lines of an order this far from each other still count as near: who fills a basket goes from shelf to
/// shelf.
const MAX_STEPS: usize = 5;
/// Later orders of a customer that count as following one.
const MAX_LATER_ORDERS: usize = 2;

const HALF_LIFE_DAYS: f32 = 90.0;
const RECENT_HALF_LIFE_DAYS: f32 = 21.0;

/// The tables in the order of their judges.
pub(crate) fn ties(orders: &Orders) -> [Table; TIES] {
    let normalised = cosine(orders, HALF_LIFE_DAYS);
    let recent = given(orders, RECENT_HALF_LIFE_DAYS);
    let near = near_lines(orders);
    let ridge = ridge(orders);
    let far = two_steps(orders.items(), &normalised);
    let later = later(orders);
    [normalised, recent, near, ridge, far, later]
}

/// Weight of each order: newer ones more, and each pair of a long one less.
fn order_weights(orders: &Orders, half_life_days: f32) -> Vec<f32> {
    let weigh = |order: OrderId| {
        let lines = orders.lines(order).len() as f32;
        faded(orders.days_to(order, orders.end_secs()), half_life_days) / (1.0 + lines).ln()
    };
    (0..orders.len() as OrderId).map(weigh).collect()
}

/// Sum of the weights of each item's orders.
fn item_weights(orders: &Orders, weights: &[f32]) -> Vec<f32> {
    let sum = |item| orders.newest(item).map(|order| weights[order as usize]).sum();
    (0..orders.items() as ItemId).map(sum).collect()
}

/// Cosine of the sets of orders, weighed by age and length, pairs seen once or twice held down.
fn cosine(orders: &Orders, half_life_days: f32) -> Table {
    let weights = order_weights(orders, half_life_days);
    let sizes = item_weights(orders, &weights);
    Table::build_wide(orders.items(), ROW, |item, sums| {
        for order in orders.newest(item) {
            for other in orders.paired(order) {
                let size = ((sizes[item as usize] + 1.0) * (sizes[*other as usize] + 1.0)).sqrt();
                sums.add(*other, weights[order as usize] / size);
            }
        }
    })
}

/// The share of an item's orders that hold the other: it has a direction, a case follows a phone but not a
/// phone a case.
fn given(orders: &Orders, half_life_days: f32) -> Table {
    let weights = order_weights(orders, half_life_days);
    let sizes = item_weights(orders, &weights);
    Table::build_wide(orders.items(), ROW, |item, sums| {
        for order in orders.newest(item) {
            for other in orders.paired(order) {
                sums.add(*other, weights[order as usize] / (sizes[item as usize] + 0.3));
            }
        }
    })
}

/// What stands near in the order of lines, near steps more.
fn near_lines(orders: &Orders) -> Table {
    let fade = |order| faded(orders.days_to(order, orders.end_secs()), 2.0 * HALF_LIFE_DAYS);
    let sizes: Vec<f32> =
        (0..orders.items() as ItemId).map(|item| orders.newest(item).map(fade).sum::<f32>()).collect();
    Table::build_wide(orders.items(), ROW, |item, sums| {
        for order in orders.newest(item) {
            let weight = fade(order);
            let lines = orders.lines(order);
            let Some(place) = lines.iter().position(|line| *line == item) else { continue };
            let last = (place + MAX_STEPS).min(lines.len() - 1);
            let first = place.saturating_sub(MAX_STEPS);
            for (other, near) in lines[first..=last].iter().zip(first..).filter(|(_, near)| *near != place) {
                let size = ((sizes[item as usize] + 1.0) * (sizes[*other as usize] + 1.0)).sqrt();
                sums.add(*other, weight / (near.abs_diff(place) as f32 * size));
            }
        }
    })
}

/// What the same customer orders next time.
fn later(orders: &Orders) -> Table {
    let add = |item: ItemId, sums: &mut Sums| {
        let mut total = 1.0;
        let mut found: Vec<(ItemId, f32)> = Vec::new();
        for order in orders.newest(item).take(FAR_ORDERS) {
            let by = orders.by(orders.buyer(order));
            let after = by.partition_point(|other| *other <= order);
            total += 1.0;
            for later in by[after..].iter().take(MAX_LATER_ORDERS) {
                let days = orders.days_to(*later, orders.end_secs());
                let weight =
                    faded(days, 2.0 * HALF_LIFE_DAYS) / (1.0 + orders.lines(*later).len() as f32).ln();
                found.extend(orders.paired(*later).iter().map(|other| (*other, weight)));
            }
        }
        for (other, weight) in found {
            sums.add(other, weight / total);
        }
    };
    Table::build_wide(orders.items(), ROW, add)
}
