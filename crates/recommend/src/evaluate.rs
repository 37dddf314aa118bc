//! Offline evaluation: learn from past sessions, then say for every beginning of every later session what comes next.

use std::collections::HashMap;

use crate::id_map::ItemId;
use crate::sessions::fusion::Jury;
use crate::sessions::ranker::Ranker;

/// Places of a prediction.
pub const PREDICTED: usize = 20;

/// How much work goes into an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Judges fused by rank: nothing is trained.
    Fast,
    /// Trees, trained on the newest of the past sessions, put the fused candidates in order.
    #[default]
    Ranked,
}

/// One click of a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Click<'a> {
    /// The session's id.
    pub session: &'a str,
    /// The item's id.
    pub item: &'a str,
    /// When; any unit, larger is later.
    pub time: f64,
}

/// What was predicted after a beginning of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction<'a> {
    /// The session's id.
    pub session: &'a str,
    /// Clicks known, counting only those on items that the past knows too.
    pub prefix_length: usize,
    /// Up to twenty items, best first.
    pub items: Vec<&'a str>,
}

/// Predicts for each session of `test`, after each of its clicks but the last, the next item. Clicks on items that
/// `train` does not know are left out first. With `new_only` nothing is predicted that the session holds already.
pub fn sessions<'a>(
    train: &[Click<'a>],
    test: &[Click<'a>],
    profile: Profile,
    new_only: bool,
) -> Vec<Prediction<'a>> {
    let mut numbers: HashMap<&str, ItemId> = HashMap::new();
    let mut names: Vec<&str> = Vec::new();
    for click in train {
        numbers.entry(click.item).or_insert_with(|| {
            names.push(click.item);
            (names.len() - 1) as ItemId
        });
    }
    let mut past = group(train, &numbers);
    past.sort_by(|a, b| a.last_time.total_cmp(&b.last_time));
    let past: Vec<&[ItemId]> = past.iter().map(|one| one.items.as_slice()).collect();
    let ranker = match profile {
        Profile::Fast => Ranker::fused(&past, names.len()),
        Profile::Ranked => Ranker::train(&past, names.len()),
    };
    let mut jury = Jury::new(&ranker.index);
    let mut predictions = Vec::new();
    for session in group(test, &numbers) {
        for prefix_length in 1..session.items.len() {
            let next = ranker.next(&mut jury, &session.items[..prefix_length], PREDICTED, new_only);
            let items = next.into_iter().map(|item| names[item as usize]).collect();
            predictions.push(Prediction { session: session.name, prefix_length, items });
        }
    }
    predictions
}

struct Grouped<'a> {
    name: &'a str,
    items: Vec<ItemId>,
    last_time: f64,
}

/// Sessions in the order of their first click in the file, each in the order of time.
fn group<'a>(clicks: &[Click<'a>], numbers: &HashMap<&str, ItemId>) -> Vec<Grouped<'a>> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut rows: Vec<(&str, Vec<(f64, ItemId)>)> = Vec::new();
    for click in clicks {
        let Some(item) = numbers.get(click.item) else { continue };
        let place = *places.entry(click.session).or_insert_with(|| {
            rows.push((click.session, Vec::new()));
            rows.len() - 1
        });
        rows[place].1.push((click.time, *item));
    }
    rows.into_iter()
        .map(|(name, mut row)| {
            row.sort_by(|a, b| a.0.total_cmp(&b.0));
            let last_time = row.last().map_or(0.0, |last| last.0);
            Grouped { name, items: row.into_iter().map(|(_, item)| item).collect(), last_time }
        })
        .collect()
}
