//! What the other items of a basket say of an item together, each told apart from what the others say
//! already.
//!
//! A linear model per item on its nearest neighbours only (fsSLIM, Ning and Karypis, ICDM 2011), solved in
//! closed form like EASE (Steck, WWW 2019) but without the inverse of a matrix of all items: work and memory
//! grow with the number of items, not with its square.

use crate::baskets::orders::{OrderId, Orders, faded};
use crate::id_map::ItemId;
use crate::sessions::tables::{Sums, Table};

/// Neighbours per item.
const WIDTH: usize = 100;
/// Pairs kept per item while solving; what is beyond counts as never seen together.
const PAIRS: usize = 1_500;
const HALF_LIFE_DAYS: f32 = 180.0;
/// Pulls weights towards zero, in mean orders.
const RIDGE: f32 = 20.0;

/// For each item what it says of others, best first; what speaks against is left out.
pub(crate) fn ridge(orders: &Orders) -> Table {
    let weights: Vec<f32> = (0..orders.len() as OrderId)
        .map(|order| {
            let lines = orders.lines(order).len() as f32;
            faded(orders.days_to(order, orders.end_secs()), HALF_LIFE_DAYS) / (1.0 + lines).sqrt()
        })
        .collect();
    let mean = weights.iter().sum::<f32>() / weights.len().max(1) as f32;
    let own: Vec<f32> = (0..orders.items() as ItemId)
        .map(|item| orders.newest(item).map(|order| weights[order as usize]).sum())
        .collect();
    let joint = Pairs::count(orders, &weights);
    let mut cells: Vec<Vec<(ItemId, f32)>> = vec![Vec::new(); orders.items()];
    for item in 0..orders.items() as ItemId {
        let mut near: Vec<(f32, ItemId, f32)> = joint
            .row(item)
            .iter()
            .map(|(other, weight)| (weight / (own[*other as usize] + mean).sqrt(), *other, *weight))
            .collect();
        near.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        near.truncate(WIDTH);
        let size = near.len();
        let mut matrix = vec![0.0_f32; size * size];
        for (i, (_, one, _)) in near.iter().enumerate() {
            for (j, (_, other, _)) in near[..i].iter().enumerate() {
                matrix[i * size + j] = joint.of(*one, *other);
            }
            matrix[i * size + i] = own[*one as usize] + RIDGE * mean;
        }
        let right = near.iter().map(|one| one.2).collect();
        for ((_, from, _), weight) in near.iter().zip(solve(matrix, right)) {
            cells[*from as usize].push((item, weight));
        }
    }
    Table::build_wide(orders.items(), 2 * WIDTH, |item, sums| {
        cells[item as usize].iter().for_each(|(other, weight)| sums.add(*other, *weight));
    })
}

/// Weights of pairs, rows sorted by item.
struct Pairs(Vec<Vec<(ItemId, f32)>>);

impl Pairs {
    fn count(orders: &Orders, weights: &[f32]) -> Self {
        let mut sums = Sums::new(orders.items());
        let row = |item: ItemId| {
            for order in orders.newest(item) {
                orders.paired(order).iter().for_each(|other| sums.add(*other, weights[order as usize]));
            }
            // Not through a table: a system of equations wants more than 16 bits.
            let mut row = sums.drain_best(item, PAIRS);
            row.sort_unstable_by_key(|cell| cell.0);
            row
        };
        Self((0..orders.items() as ItemId).map(row).collect())
    }

    fn row(&self, item: ItemId) -> &[(ItemId, f32)] {
        &self.0[item as usize]
    }

    fn of(&self, one: ItemId, other: ItemId) -> f32 {
        let row = self.row(one);
        row.binary_search_by_key(&other, |cell| cell.0).map_or(0.0, |place| row[place].1)
    }
}

/// Solves a symmetric system of which the lower half is given, by Cholesky's factors. A pivot that is not
/// positive (pairs beyond the bound are missing) is replaced by a small one.
fn solve(mut matrix: Vec<f32>, mut right: Vec<f32>) -> Vec<f32> {
    let size = right.len();
    for i in 0..size {
        for j in 0..=i {
            let (before, row) = matrix.split_at_mut(i * size);
            let dot: f32 = if i == j {
                row[..j].iter().map(|x| x * x).sum()
            } else {
                row[..j].iter().zip(&before[j * size..j * size + j]).map(|(x, y)| x * y).sum()
            };
            row[j] = if i == j {
                (row[j] - dot).max(1e-4 * row[j].abs() + 1e-9).sqrt()
            } else {
                (row[j] - dot) / before[j * size + j]
            };
        }
        let dot: f32 = (0..i).map(|k| matrix[i * size + k] * right[k]).sum();
        right[i] = (right[i] - dot) / matrix[i * size + i];
    }
    for i in (0..size).rev() {
        let dot: f32 = (i + 1..size).map(|k| matrix[k * size + i] * right[k]).sum();
        right[i] = (right[i] - dot) / matrix[i * size + i];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_system_is_solved() {
        let solved = solve(vec![4.0, 0.0, 2.0, 3.0], vec![10.0, 11.0]);
        assert!((solved[0] - 1.0).abs() < 1e-4 && (solved[1] - 3.0).abs() < 1e-4, "{solved:?}");
    }
}
