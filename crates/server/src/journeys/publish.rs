//! Versions of a journey's graph: when a new one begins, what becomes of those in the old ones, and when one goes.

use super::Stamp;
use crate::settings::{JourneyDocument, MoveOrder, Published};
use crate::shop_state::read_journey;
use beckon_core::plan::{self, Action, Graph, Loser, MessageStep};
use beckon_core::time::{DAY, ShopTime, Span};
use std::collections::{BTreeMap, BTreeSet};

/// A version that was replaced so long ago is retired whoever stands in it: they go on in the newest where it has their
/// step, else they leave.
pub const RETIRED_AFTER: Span = DAY.times(180);

/// What becomes of those who stand in older versions when a changed graph is published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Inside {
    /// They walk on along the version they entered; only new entrants take the new one.
    #[default]
    Stay,
    /// They go on at the same step of the new version, else at the stated one (by names), else they leave.
    Move(BTreeMap<String, String>),
    /// Their series end.
    End,
}

/// Settings that a new text no longer knows are dropped.
pub(super) fn forget_unknown(document: &mut JourneyDocument) {
    if let Ok(mut journey) = plan::parse(&document.text) {
        document.set.retain(|name, value| journey.set(name, value).is_ok());
    }
}

/// A document whose graph differs from the newest gets a new version; otherwise the text only takes its place.
pub(super) fn publish(
    before: &JourneyDocument,
    document: &mut JourneyDocument,
    inside: &Inside,
    stamp: Stamp,
) {
    if is_another_graph(before, document) {
        document.graph += 1;
        let published = Published { at: stamp.now.0, by: stamp.by.to_owned() };
        document.published.insert(document.graph, published);
        order(document, inside);
    }
    document.texts.insert(document.graph, document.text.clone());
    let pinned = pinned_keys(document);
    let pinned = document.set.iter().filter(|(key, _)| pinned.contains(*key));
    let pinned: BTreeMap<String, String> = pinned.map(|(key, value)| (key.clone(), value.clone())).collect();
    document.pinned.insert(document.graph, pinned);
    document.pinned.retain(|_, set| !set.is_empty());
}

fn order(document: &mut JourneyDocument, inside: &Inside) {
    let to = document.graph;
    let (end, steps) = match inside {
        // What was ordered before about still older versions stays ordered.
        Inside::Stay => return,
        Inside::Move(steps) => (false, steps.clone()),
        Inside::End => (true, BTreeMap::new()),
    };
    for version in document.texts.keys().filter(|version| **version != to) {
        document.moves.insert(*version, MoveOrder { to, end, steps: steps.clone(), done_at: 0 });
    }
}

/// Names of the settings that are part of the graph.
fn pinned_keys(document: &JourneyDocument) -> BTreeSet<String> {
    let journey = plan::parse(&document.text);
    let settings = journey.map(|journey| journey.settings()).unwrap_or_default();
    settings.into_iter().filter(|setting| setting.pinned).map(|setting| setting.key).collect()
}

/// Whether a document has another graph than the one before: publishing it begins a new version.
#[must_use]
pub fn is_another_graph(before: &JourneyDocument, after: &JourneyDocument) -> bool {
    let shape = |document: &JourneyDocument| newest(document).map(|graph| shape(&graph));
    before.graph == 0 || shape(before) != shape(after)
}

/// The newest graph of a document, with its settings.
fn newest(document: &JourneyDocument) -> Option<Graph> {
    let document = JourneyDocument { moves: BTreeMap::new(), texts: BTreeMap::new(), ..document.clone() };
    let mut journey = read_journey(&document).ok()?;
    journey.graphs.remove(&journey.current)
}

/// What a document would be with another text and other settings; nothing is checked or written.
#[must_use]
pub fn would_be(document: &JourneyDocument, text: Option<&str>, set: &[(String, String)]) -> JourneyDocument {
    let mut new = document.clone();
    if let Some(text) = text {
        text.clone_into(&mut new.text);
        forget_unknown(&mut new);
    }
    for (key, value) in set {
        if value.is_empty() {
            new.set.remove(key);
        } else {
            new.set.insert(key.clone(), value.clone());
        }
    }
    new
}

/// What is pinned of a graph: steps with their names and ways, waits and branches; not what a message says or when it
/// may go, nor which arm is the only one, nor what people call it.
fn shape(graph: &Graph) -> String {
    let mut graph = graph.clone();
    for step in &mut graph.steps {
        step.title.clear();
        step.arm_titles.clear();
        match &mut step.action {
            Action::Message(message) => {
                *message = MessageStep {
                    template: String::new(),
                    priority: 0,
                    deadline: Span(0),
                    when_beaten: Loser::Drop,
                    at_most_every: None,
                };
            }
            Action::Split { only, .. } => *only = None,
            _ => {}
        }
    }
    format!("{graph:?}")
}

/// Takes versions out that nobody needs any more: nobody stands in them, or they were replaced too long ago. True when
/// one was.
pub fn retire(document: &mut JourneyDocument, now: ShopTime, stands: impl Fn(u32) -> i64) -> bool {
    let gone: Vec<u32> = document
        .texts
        .keys()
        .copied()
        .filter(|version| *version != document.graph)
        .filter(|version| {
            let replaced = document.published.range(version + 1..).next();
            let old = replaced.is_some_and(|(_, next)| now.since(ShopTime(next.at)) > RETIRED_AFTER);
            // Who entered a version of a release that counted nobody may stand there uncounted.
            let counted = document.published.contains_key(version);
            let looked = document.moves.get(version).is_some_and(|order| order.done_at != 0);
            old || ((counted || looked) && stands(*version) == 0)
        })
        .collect();
    for version in &gone {
        document.texts.remove(version);
        document.pinned.remove(version);
        document.moves.remove(version);
    }
    !gone.is_empty()
}
