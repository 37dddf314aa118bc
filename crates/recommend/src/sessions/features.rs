//! What a trained ranker is told of each candidate.

use crate::id_map::ItemId;
use crate::sessions::fusion::{JUDGES, Judged, SessionIndex, TABLES, distinct_backward};

/// Features of one candidate.
pub(crate) const WIDTH: usize = 3 * JUDGES + TABLES + 22;
/// New items that are ranked, the best by fusion; items of the present session come on top of them.
const MAX_NEW: usize = 120;
/// Last distinct items whose nearness to a candidate is told one by one.
const NEAREST: usize = 6;
/// Share of all sessions that count as recent.
const RECENT_SHARE: f32 = 0.05;

/// What is known of an item by itself.
#[derive(Clone, Copy, Debug, Default)]
struct Own {
    sessions: f32,
    /// Its share of the recent sessions against its share of all.
    trend: f32,
    /// Sessions that came back to it, as a share.
    returns: f32,
    /// Clicks on it that were followed by another click on it, as a share.
    reloads: f32,
}

/// Facts of all items.
#[derive(Clone, Debug)]
pub(crate) struct ItemTraits(Vec<Own>);

impl ItemTraits {
    /// Takes the same sessions as the index, with clicks repeated in a row.
    pub(crate) fn new<'a>(sessions: impl Iterator<Item = &'a [ItemId]>, index: &SessionIndex) -> Self {
        let history = &index.history;
        let recent_from = ((1.0 - RECENT_SHARE) * history.len() as f32) as u32;
        let mut rows = vec![Own::default(); history.items()];
        let mut clicks = vec![0.0_f32; history.items()];
        for session in sessions {
            for (place, item) in session.iter().enumerate() {
                let own = &mut rows[*item as usize];
                clicks[*item as usize] += 1.0;
                match session[..place].iter().rposition(|earlier| earlier == item) {
                    Some(earlier) if earlier + 1 == place => own.reloads += 1.0,
                    Some(_) => own.returns += 1.0,
                    None => {}
                }
            }
        }
        for (item, own) in rows.iter_mut().enumerate() {
            let with = history.sessions_with(item as ItemId);
            let recent = with.len() - with.partition_point(|session| *session < recent_from);
            own.sessions = with.len() as f32;
            own.trend = (recent as f32 + 0.5) / (own.sessions * RECENT_SHARE + 0.5);
            own.returns /= own.sessions + 3.0;
            own.reloads /= clicks[item] + 3.0;
        }
        Self(rows)
    }

    /// What is known of an item; of one that came later, that its trend is even.
    fn of(&self, item: ItemId) -> Own {
        self.0.get(item as usize).copied().unwrap_or(Own { trend: 1.0, ..Own::default() })
    }

    /// Memory held, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.0.capacity() * size_of::<Own>()
    }
}

/// Chooses the candidates to rank, best first by fusion, seen ones on top. The same rule in training and in
/// serving: a ranker that is trained on other candidates than it serves learns the difference instead of the
/// shoppers.
pub(crate) fn choose(mut judged: Vec<Judged>) -> Vec<Judged> {
    judged.retain(|one| one.seen.is_some() || one.fused > 0.0);
    judged.sort_unstable_by(|a, b| {
        (a.seen.is_none().cmp(&b.seen.is_none()))
            .then(a.seen.cmp(&b.seen))
            .then(b.fused.total_cmp(&a.fused))
            .then(a.item.cmp(&b.item))
    });
    let seen = judged.iter().take_while(|one| one.seen.is_some()).count();
    judged.truncate(seen + MAX_NEW);
    judged
}

/// Writes the rows of the candidates end to end.
pub(crate) fn rows(
    index: &SessionIndex,
    traits: &ItemTraits,
    prefix: &[ItemId],
    candidates: &[Judged],
    rows: &mut Vec<f32>,
) {
    rows.clear();
    // Nothing here may depend on seen candidates other than the row's own: a filter may have taken them away.
    let fresh = || candidates.iter().filter(|one| one.seen.is_none());
    let mut top = [1e-9_f32; JUDGES];
    for one in fresh() {
        for (top, score) in top.iter_mut().zip(one.scores) {
            *top = top.max(score);
        }
    }
    let top_fused = fresh().map(|one| one.fused).fold(1e-9, f32::max);
    let seen = candidates.len() - fresh().count();
    let distinct = distinct_backward(prefix).len() as f32;
    let last = prefix.last().copied().unwrap_or_default();
    let points: Vec<_> = distinct_backward(prefix)
        .iter()
        .take(NEAREST)
        .map(|item| index.vectors.of_session(&[*item], 1.0))
        .collect();
    let last_own = traits.of(last);
    let length = prefix.len() as f32;
    for (place, one) in candidates.iter().enumerate() {
        let own = traits.of(one.item);
        rows.extend(one.scores);
        rows.extend(one.scores.iter().zip(top).map(|(score, top)| score / top));
        rows.extend(one.ranks.map(f32::from));
        let from_last = index
            .tables
            .iter()
            .map(|table| table.row(last).find(|(item, _)| *item == one.item).map_or(0.0, |(_, score)| score));
        rows.extend(from_last);
        let near: Vec<f32> = points.iter().map(|point| index.vectors.nearness(point, one.item)).collect();
        let clicks = prefix.iter().filter(|item| **item == one.item).count() as f32;
        let since = prefix.iter().rev().position(|item| *item == one.item).map_or(99.0, |place| place as f32);
        let first = prefix.iter().position(|item| *item == one.item).map_or(99.0, |place| place as f32);
        rows.extend([
            near.first().copied().unwrap_or(0.0),
            near.get(1).copied().unwrap_or(0.0),
            near.iter().copied().fold(-1.0, f32::max),
            f32::from(one.support),
            one.fused,
            one.fused / top_fused,
            place.saturating_sub(seen) as f32,
            one.seen.map_or(99.0, |age| age as f32),
            clicks,
            clicks / length,
            since,
            first,
            length,
            distinct,
            distinct / length,
            own.sessions,
            own.trend,
            own.returns,
            own.reloads,
            last_own.sessions,
            last_own.returns,
            last_own.reloads,
        ]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sessions::fusion::{DEPTH, Jury};
    use crate::sessions::history::Past;

    #[test]
    fn the_candidates_are_the_seen_ones_and_the_best_new_ones_and_each_has_a_full_row() {
        let visits: Vec<Vec<ItemId>> = (1..200).map(|item| vec![0, item, 200 + item]).collect();
        let visits: Vec<&[ItemId]> = visits.iter().map(Vec::as_slice).collect();
        let index = SessionIndex::new(visits.iter().copied(), 400);
        let traits = ItemTraits::new(visits.iter().copied(), &index);
        let prefix = [5, 0, 0];
        let judged =
            Jury::new(&index).judge(&index, Past::of(&index.history), &distinct_backward(&prefix), |_| true);
        assert!(judged.len() > MAX_NEW + 2);
        let candidates = choose(judged);
        assert_eq!(candidates.len(), 2 + MAX_NEW);
        assert_eq!([candidates[0].item, candidates[1].item], [0, 5]);
        assert!(candidates[2..].iter().all(|one| one.seen.is_none() && one.fused > 0.0));
        assert!(candidates[2..].iter().any(|one| usize::from(one.ranks[0]) < DEPTH));
        let mut table = Vec::new();
        rows(&index, &traits, &prefix, &candidates, &mut table);
        assert_eq!(table.len(), WIDTH * candidates.len());
        assert!(table.iter().all(|value| value.is_finite()));
    }
}
