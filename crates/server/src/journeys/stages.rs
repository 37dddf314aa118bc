//! All journeys by stage of a customer's way and by priority, and changing which goes first.

use super::{NotApplied, Stamp};
use crate::app::{App, SHOP};
use crate::numbers::{Numbers, of_all};
use crate::settings::{JourneyDocument, kind};
use crate::setup::READY;
use crate::shop_state::read_journey;
use beckon_core::plan::{self, Action, Graph, Journey, WaitFrom};
use beckon_core::time::{DAY, Span};
use beckon_store::Result;
use beckon_store::shop::{DocumentWrite, ShopPlane};
use std::collections::BTreeMap;

/// Over how long the sends and the revenue are counted.
const COUNTED: Span = DAY.times(30);

/// A journey on its stage.
pub struct OnStage {
    /// As it is planned.
    pub journey: Journey,
    /// It ships with Beckon and was not taken over yet.
    pub ready: bool,
    /// What it did lately.
    pub numbers: Numbers,
}

/// All journeys of the shop, those that go first first, and then the ready-made ones.
///
/// # Errors
/// The store cannot be read.
pub fn all(app: &App) -> Result<Vec<OnStage>> {
    let (state, now) = (app.shop(), app.now());
    let mut numbers = of_all(app, now.minus(COUNTED), now.plus(Span(1)))?;
    let own = state.plan.journeys.values().map(|journey| OnStage {
        numbers: numbers.remove(&journey.name).unwrap_or_default().all,
        journey: journey.clone(),
        ready: false,
    });
    let mut list: Vec<OnStage> = own.collect();
    list.sort_by_key(|a| rank(&a.journey));
    let missing = READY.iter().filter(|(name, _)| !state.journeys.contains_key(*name));
    let missing = missing.filter_map(|(_, text)| plan::parse(text).ok());
    list.extend(missing.map(|journey| OnStage { journey, ready: true, numbers: Numbers::default() }));
    Ok(list)
}

/// Higher priorities come first, then names.
fn rank(journey: &Journey) -> (std::cmp::Reverse<u16>, String) {
    (std::cmp::Reverse(journey.priority), journey.name.clone())
}

/// Gives the journeys priorities in this order: the numbers they have now, handed out anew and told apart.
///
/// # Errors
/// The order does not name each journey once; or the store did not take it, and nothing was changed.
pub fn reorder(plane: &ShopPlane, order: &[String], stamp: Stamp) -> std::result::Result<(), NotApplied> {
    let stored = plane.list(SHOP, kind::JOURNEY)?;
    let mut known: BTreeMap<String, (u64, JourneyDocument, Journey)> = BTreeMap::new();
    for row in stored {
        let read = row.body.as_deref().and_then(|body| serde_json::from_str::<JourneyDocument>(body).ok());
        if let Some((document, journey)) = read.and_then(|document| {
            let journey = read_journey(&document).ok()?;
            Some((document, journey))
        }) {
            known.insert(row.name, (row.version, document, journey));
        }
    }
    let mut sorted: Vec<&String> = order.iter().collect();
    sorted.sort();
    if !sorted.into_iter().eq(known.keys()) {
        let names = known.keys().cloned().collect::<Vec<_>>().join(", ");
        return Err(NotApplied::Wrong(format!("the order names each journey once: {names}")));
    }
    let mut numbers: Vec<u16> = known.values().map(|(.., journey)| journey.priority).collect();
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    let mut last = 101;
    let mut bodies = Vec::new();
    for (name, number) in order.iter().zip(numbers) {
        let number = number.min(last - 1);
        last = number.max(1);
        let Some((version, document, journey)) = known.get_mut(name) else { continue };
        if journey.priority != number {
            document.set.insert("priority".to_owned(), number.to_string());
            document.changed_at = stamp.now.0;
            bodies.push((name, *version, serde_json::to_string(document).unwrap_or_default()));
        }
    }
    let writes: Vec<DocumentWrite> = bodies
        .iter()
        .map(|(name, version, body)| super::write(kind::JOURNEY, name, *version, body, stamp))
        .collect();
    plane.put_all(&writes)?;
    Ok(())
}

/// When the letters go on the way that is taken, or on the first one where that is not known; from the start.
#[must_use]
pub fn letters(journey: &Journey) -> Vec<Span> {
    let empty = Graph::default();
    let graph = journey.graph(journey.current).unwrap_or(&empty);
    let (mut at, mut last, mut letters) = (journey.entry.after, Span(0), Vec::new());
    let mut key = graph.steps.first().map(|step| step.key);
    for _ in 0..=graph.steps.len() {
        let Some(step) = key.and_then(|key| graph.step(key)) else { break };
        key = step.next;
        match &step.action {
            Action::Message(_) => {
                last = at;
                letters.push(at);
            }
            Action::Wait { span, from } => {
                let start = match from {
                    WaitFrom::Start => Span(0),
                    WaitFrom::LastSend => last,
                    WaitFrom::Here => at,
                };
                at = at.max(Span(start.0.saturating_add(span.0)));
            }
            Action::WaitFor { up_to, otherwise, .. } => {
                at = Span(at.0.saturating_add(up_to.0));
                key = *otherwise;
            }
            Action::Branch { then, .. } => key = *then,
            Action::Split { only, arms } => {
                let taken = arms.iter().find(|(name, ..)| only.as_ref().is_none_or(|only| only == name));
                key = taken.and_then(|(.., to)| *to);
            }
            Action::Exit { .. } => break,
            Action::Goal => {}
        }
    }
    letters
}
