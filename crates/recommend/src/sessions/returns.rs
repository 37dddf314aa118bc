//! How often shoppers come back to what the present session holds already, against going on to something new.

use crate::id_map::ItemId;
use crate::sessions::fusion::{MAX_PRESENT, distinct_backward};

/// Clicks on an item within a session that are told apart: one, two, more.
const CLICKS: usize = 3;
/// Sessions it is counted in, the newest.
const MAX_SESSIONS: usize = 50_000;
/// The chance that the next click, if on a new item, is on that of rank r: `NEW_SHARE / (NEW_OFFSET + r)`. On
/// public click sets the first is right in about 7 of 100 cases, the first twenty in 45.
const NEW_SHARE: f32 = 0.2;
const NEW_OFFSET: f32 = 3.0;

/// Shares of next clicks, by how many distinct items were clicked since and by how often it was clicked.
#[derive(Clone, Debug)]
pub(crate) struct Returns {
    shares: [[f32; CLICKS]; MAX_PRESENT],
    fresh: f32,
}

impl Returns {
    /// Counts in past sessions, oldest first.
    pub(crate) fn count(sessions: &[&[ItemId]]) -> Self {
        let mut chances = [[20.0_f32; CLICKS]; MAX_PRESENT];
        let mut returned = [[1.0_f32; CLICKS]; MAX_PRESENT];
        let (mut clicks, mut fresh) = (2.0, 1.0);
        for session in sessions.iter().rev().take(MAX_SESSIONS) {
            for length in 1..session.len().min(2 * MAX_PRESENT) {
                let prefix = &session[..length];
                let present = distinct_backward(prefix);
                clicks += 1.0;
                fresh += f32::from(u8::from(!present.contains(&session[length])));
                for (age, item) in present.iter().enumerate() {
                    let cell = clicks_on(prefix, *item);
                    chances[age][cell] += 1.0;
                    returned[age][cell] += f32::from(u8::from(*item == session[length]));
                }
            }
        }
        let shares =
            std::array::from_fn(|age| std::array::from_fn(|cell| returned[age][cell] / chances[age][cell]));
        Self { shares, fresh: fresh / clicks }
    }

    /// The chance that the next click is on an item of the session.
    pub(crate) fn to_seen(&self, prefix: &[ItemId], item: ItemId, age: usize) -> f32 {
        self.shares[age.min(MAX_PRESENT - 1)][clicks_on(prefix, item)]
    }

    /// The chance that it is on the new item of this rank, counted from 0.
    pub(crate) fn to_new(&self, rank: usize) -> f32 {
        self.fresh * NEW_SHARE / (NEW_OFFSET + rank as f32)
    }
}

fn clicks_on(prefix: &[ItemId], item: ItemId) -> usize {
    prefix.iter().filter(|click| **click == item).count().clamp(1, CLICKS) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_where_people_go_to_and_fro_is_told_from_one_where_they_do_not() {
        let to_and_fro: Vec<&[ItemId]> = vec![&[1, 2, 1, 2, 1]; 200];
        let onward: Vec<&[ItemId]> = vec![&[1, 2, 3, 4, 5]; 200];
        let (stay, go) = (Returns::count(&to_and_fro), Returns::count(&onward));
        assert!(stay.to_seen(&[1, 2], 1, 1) > stay.to_new(0));
        assert!(stay.to_seen(&[1, 2], 1, 1) > 5.0 * stay.to_seen(&[1, 2], 2, 0));
        assert!(go.to_seen(&[1, 2], 1, 1) < go.to_new(0));
    }
}
