//! Item-to-item tables: for each item the others that go with it, each table by another measure.

use crate::id_map::ItemId;
use crate::sessions::history::{History, SessionId};

/// Cells kept per item.
const ROW: usize = 50;
/// The same where two steps reach: every row is full there.
const FAR_ROW: usize = 40;
/// Newest sessions of an item that are read.
const MAX_SESSIONS: usize = 3_000;

/// For each item a row of (other item, score), best first. Scores are kept as 16-bit shares of the best one
/// in their row: with five tables they are most of the memory of a model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    starts: Vec<u32>,
    items: Vec<ItemId>,
    shares: Vec<u16>,
    /// What one share is worth, by row.
    units: Vec<f32>,
}

impl Table {
    /// The row of an item; empty for one that came later than the table.
    pub(crate) fn row(&self, item: ItemId) -> impl Iterator<Item = (ItemId, f32)> + Clone {
        let item = item as usize;
        let (cells, unit) = match self.starts.get(item + 1) {
            Some(end) => (self.starts[item] as usize..*end as usize, self.units[item]),
            None => (0..0, 0.0),
        };
        let shares = &self.shares[cells.clone()];
        self.items[cells].iter().zip(shares).map(move |(other, share)| (*other, unit * f32::from(*share)))
    }

    /// Appends the row of the next item, best first, all scores positive.
    fn push(&mut self, row: &[(ItemId, f32)]) {
        let unit = row.first().map_or(0.0, |best| best.1 / f32::from(u16::MAX));
        self.items.extend(row.iter().map(|cell| cell.0));
        self.shares.extend(row.iter().map(|cell| (cell.1 / unit).round().max(1.0) as u16));
        self.units.push(unit);
        self.starts.push(self.items.len() as u32);
    }

    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        let words = self.starts.capacity() + self.items.capacity() + self.units.capacity();
        words * size_of::<u32>() + self.shares.capacity() * size_of::<u16>()
    }

    /// Builds each row by a function that adds scores into a [`Sums`].
    pub(crate) fn build(items: usize, fill: impl FnMut(ItemId, &mut Sums)) -> Self {
        Self::build_wide(items, ROW, fill)
    }

    /// The same with rows of another greatest length.
    pub(crate) fn build_wide(items: usize, width: usize, mut fill: impl FnMut(ItemId, &mut Sums)) -> Self {
        let mut table = Self { starts: vec![0], ..Self::default() };
        let mut sums = Sums::new(items);
        for item in 0..items as ItemId {
            fill(item, &mut sums);
            table.push(&sums.drain_best(item, width));
        }
        table.items.shrink_to_fit();
        table.shares.shrink_to_fit();
        table
    }
}

/// Scores by item, dense, with the list of those touched.
pub(crate) struct Sums {
    scores: Vec<f32>,
    touched: Vec<ItemId>,
}

impl Sums {
    /// Of items numbered below `items`.
    pub(crate) fn new(items: usize) -> Self {
        Self { scores: vec![0.0; items], touched: Vec::new() }
    }

    /// Adds to an item's score.
    pub(crate) fn add(&mut self, item: ItemId, score: f32) {
        let sum = &mut self.scores[item as usize];
        if *sum == 0.0 {
            self.touched.push(item);
        }
        *sum += score;
    }

    /// Takes out the best scores above nothing, best first, without that of `own`; leaves all at nothing.
    pub(crate) fn drain_best(&mut self, own: ItemId, width: usize) -> Vec<(ItemId, f32)> {
        let scores = &mut self.scores;
        let mut row: Vec<(ItemId, f32)> =
            self.touched.drain(..).map(|item| (item, std::mem::take(&mut scores[item as usize]))).collect();
        row.retain(|(item, score)| *item != own && *score > 0.0);
        let best_first = |a: &(ItemId, f32), b: &(ItemId, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if row.len() > width {
            row.select_nth_unstable_by(width, best_first);
            row.truncate(width);
        }
        row.sort_unstable_by(best_first);
        row
    }
}

/// What follows what within so many clicks, near steps more: sequential rules (Kamehkhosh et al., RecTemp
/// 2017). `age_weight` weighs a session by how many are newer.
pub(crate) fn following(
    history: &History,
    max_steps: usize,
    age_weight: impl Fn(usize) -> f32,
    backward: f32,
) -> Table {
    Table::build(history.items(), |item, sums| {
        for session in newest(history, item) {
            let weight = age_weight(history.len() - 1 - session as usize);
            if weight < 1e-4 {
                continue;
            }
            let clicks = history.session(session);
            for (place, _) in clicks.iter().enumerate().filter(|(_, click)| **click == item) {
                let first = place.saturating_sub(max_steps);
                let last = (place + max_steps).min(clicks.len() - 1);
                for (click, near) in clicks[first..=last].iter().zip(first..) {
                    let steps = near.abs_diff(place).max(1) as f32;
                    let side = if near < place { backward } else { 1.0 };
                    if side > 0.0 && *click != item {
                        sums.add(*click, weight * side / steps);
                    }
                }
            }
        }
    })
}

/// Cosine of the sets of sessions, long sessions saying less of each pair, and pairs seen once or twice held
/// down.
pub(crate) fn together(history: &History) -> Table {
    Table::build(history.items(), |item, sums| {
        let own = history.sessions_with(item).len() as f32;
        for session in newest(history, item) {
            let clicks = history.session(session);
            let weight = 1.0 / (1.0 + clicks.len() as f32).ln();
            for (place, other) in clicks.iter().enumerate() {
                if !clicks[..place].contains(other) {
                    let size = history.sessions_with(*other).len() as f32;
                    sums.add(*other, weight / ((own + 5.0) * (size + 5.0)).sqrt());
                }
            }
        }
    })
}

/// Two steps through a table, each row scaled to one: reaches what was never seen together.
pub(crate) fn two_steps(items: usize, table: &Table) -> Table {
    const WIDTH: usize = 30;
    let scaled = |item: ItemId| {
        let row = table.row(item).take(WIDTH);
        let total: f32 = row.clone().map(|cell| cell.1).sum();
        row.map(move |(other, score)| (other, score / total))
    };
    Table::build_wide(items, FAR_ROW, |item, sums| {
        for (middle, first) in scaled(item) {
            for (other, second) in scaled(middle) {
                sums.add(other, first * second);
            }
        }
    })
}

fn newest(history: &History, item: ItemId) -> impl Iterator<Item = SessionId> {
    history.sessions_with(item).iter().rev().take(MAX_SESSIONS).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_kept_best_first_and_scores_to_a_share_of_the_best() {
        let scores = [0.0, 3.0, 1e-9, 2_500.0, -1.0];
        let table = Table::build(5, |item, sums| {
            (1..5).filter(|_| item == 0).for_each(|other| sums.add(other, scores[other as usize]));
        });
        let row: Vec<(ItemId, f32)> = table.row(0).collect();
        assert_eq!(row.iter().map(|cell| cell.0).collect::<Vec<_>>(), [3, 1, 2], "only what speaks for it");
        for (item, score) in row {
            assert!(score > 0.0 && (score - scores[item as usize]).abs() <= 2_500.0 / f32::from(u16::MAX));
        }
        assert_eq!(table.row(1).count() + table.row(9).count(), 0);
    }
}
