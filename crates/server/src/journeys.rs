//! Journeys as a shop keeps them: shipped ones, publishing a text, switching on and off, settings beside the text.
//!
//! The graph is versioned and pinned for who is inside; texts, templates and settings are always the newest.

use crate::settings::{JourneyDocument, MAIN, ShopSettings, TemplateDocument, kind};
use crate::shop_state::{compile_template, read_journey};
use beckon_core::ids::ShopId;
use beckon_core::plan::{self, Action, Graph, Journey, MessageStep, Problem};
use beckon_core::time::{ShopTime, WallTime};
use beckon_render::Source;
use beckon_store::Error;
use beckon_store::shop::{DocumentWrite, ShopPlane};
use std::collections::{BTreeMap, BTreeSet};

/// The automations that ship with Beckon, by name.
const READY: &[(&str, &str)] = &[("abandoned-cart", include_str!("../../../plans/abandoned-cart.yaml"))];

/// The text of a shipped automation.
#[must_use]
pub fn ready(name: &str) -> Option<&'static str> {
    READY.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Names of all that ship.
pub fn ready_names() -> impl Iterator<Item = &'static str> {
    READY.iter().map(|(name, _)| *name)
}

/// What is to be changed of a journey.
#[derive(Clone, Debug, Default)]
pub struct Change<'a> {
    /// A new text; `None` leaves it.
    pub text: Option<&'a str>,
    /// Switches it; `None` leaves it as it is. A new journey is off.
    pub on: Option<bool>,
    /// Settings beside the text: an empty value goes back to the text's own. `global_holdout` is the shop's.
    pub set: BTreeMap<String, String>,
}

/// Who changes something, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// The shop's clock: since when a journey is on.
    pub now: ShopTime,
    /// The wall clock, for the list of changes.
    pub wall: WallTime,
    /// Who.
    pub who: &'a str,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The text cannot be used: line, what, what to do.
    #[error("{0}")]
    Text(Problem),
    /// A setting cannot be used.
    #[error("{0}")]
    Setting(String),
    /// There is no such journey.
    #[error("there is no journey `{0}`")]
    Unknown(String),
    /// The store does not answer, or somebody else changed it.
    #[error(transparent)]
    Store(#[from] Error),
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Journey by name.
    pub name: String,
    /// Whether it is on now.
    pub on: bool,
    /// Version of its graph.
    pub graph: u32,
    /// The graph changed: who is inside keeps the one before.
    pub new_graph: bool,
}

/// Changes a journey, or makes a new one of a text. All of it happens, or nothing.
///
/// # Errors
/// See [`Refusal`].
pub fn apply(
    plane: &ShopPlane,
    shop: ShopId,
    name: Option<&str>,
    change: &Change,
    by: By,
) -> Result<Applied, Refusal> {
    let named = change.text.map(|text| plan::parse(text).map_err(Refusal::Text)).transpose()?;
    let name = match (&named, name) {
        (Some(journey), Some(name)) if journey.name != name => {
            let text = change.text.unwrap_or_default();
            let line = line_of(text, "journey:");
            let what = format!("the text is of the journey `{}`, not of `{name}`", journey.name);
            let hint = "a name is part of every message's number and never changes".to_owned();
            return Err(Refusal::Text(Problem { line, what, hint }));
        }
        (Some(journey), _) => journey.name.clone(),
        (None, Some(name)) => name.to_owned(),
        (None, None) => return Err(Refusal::Unknown(String::new())),
    };
    let stored = plane.get(shop, kind::JOURNEY, &name)?;
    let expected_version = stored.as_ref().map_or(0, |document| document.version);
    let before: Option<JourneyDocument> =
        stored.and_then(|document| serde_json::from_str(document.body.as_deref()?).ok());
    if before.is_none() && named.is_none() {
        return Err(Refusal::Unknown(name));
    }
    let mut document = before.unwrap_or_default();
    let new_graph = match change.text {
        Some(text) => publish(plane, shop, &mut document, text)?,
        None => false,
    };
    let mut settings = None;
    for (key, value) in &change.set {
        if key == "global_holdout" {
            settings = Some(global_holdout(plane, shop, value)?);
        } else if value.is_empty() {
            document.set.remove(key);
        } else {
            document.set.insert(key.clone(), value.clone());
        }
    }
    read_journey(&document).map_err(Refusal::Setting)?;
    if let Some(on) = change.on {
        if on && !document.on {
            document.on_since = by.now.0;
        }
        document.on = on;
    }
    let body = serde_json::to_string(&document).map_err(|why| Error::Corrupt(why.to_string()))?;
    let settings = settings.map(|(version, settings)| (version, serde_json::to_string(&settings)));
    let write = |kind, name, expected_version, body| DocumentWrite {
        shop,
        kind,
        name,
        expected_version,
        body: Some(body),
        at: by.wall,
        by: by.who,
    };
    let mut writes = vec![write(kind::JOURNEY, name.as_str(), expected_version, body.as_str())];
    if let Some((version, Ok(body))) = &settings {
        writes.push(write(kind::SETTINGS, MAIN, *version, body.as_str()));
    }
    plane.put_all(&writes)?;
    Ok(Applied { on: document.on, graph: document.graph, new_graph, name })
}

/// Puts a text into a document; whether its graph is a new one. A setting that the new text no longer knows is dropped.
fn publish(
    plane: &ShopPlane,
    shop: ShopId,
    document: &mut JourneyDocument,
    text: &str,
) -> Result<bool, Refusal> {
    let journey = plan::parse(text).map_err(Refusal::Text)?;
    templates_exist(plane, shop, &journey, text)?;
    let before = plan::parse(&document.text).ok();
    let changed = before.is_some_and(|before| shape(&before) != shape(&journey));
    if changed {
        document.texts.insert(document.graph, std::mem::take(&mut document.text));
    }
    document.graph = document.graph.max(1) + u32::from(changed);
    document.text = text.to_owned();
    let mut tried = journey;
    document.set.retain(|name, value| tried.set(name, value).is_ok());
    Ok(changed)
}

/// What is pinned of a graph: steps with their names and ways, waits and branches; not what a message says or when it may
/// go, nor which arm is the only one.
fn shape(journey: &Journey) -> String {
    let mut graph: Graph = journey.graphs.get(&1).cloned().unwrap_or_default();
    for step in &mut graph.steps {
        match &mut step.action {
            Action::Message(message) => {
                *message = MessageStep {
                    template: String::new(),
                    priority: 0,
                    deadline: message.deadline,
                    when_beaten: message.when_beaten,
                    at_most_every: None,
                };
                message.deadline.0 = 0;
                message.when_beaten = plan::Loser::Drop;
            }
            Action::Split { only, .. } => *only = None,
            _ => {}
        }
    }
    format!("{graph:?}")
}

/// A step whose template is missing would be found out at the first send, in the night.
fn templates_exist(plane: &ShopPlane, shop: ShopId, journey: &Journey, text: &str) -> Result<(), Refusal> {
    let own = plane.list(shop, kind::TEMPLATE)?;
    let own = own.iter().filter(|document| document.body.is_some());
    let known: BTreeSet<String> = Source::shipped()
        .into_iter()
        .map(|(name, _, _)| name.to_owned())
        .chain(own.filter_map(|document| Some(document.name.rsplit_once('.')?.0.to_owned())))
        .collect();
    let steps = journey.graphs.values().flat_map(|graph| &graph.steps);
    for step in steps {
        let Action::Message(message) = &step.action else { continue };
        if !known.contains(&message.template) {
            let line = line_of(text, &message.template);
            let what = format!("there is no template `{}`", message.template);
            let hint = format!("known: {}", known.iter().cloned().collect::<Vec<_>>().join(", "));
            return Err(Refusal::Text(Problem { line, what, hint }));
        }
    }
    Ok(())
}

/// The first line that has this in it, from 1.
fn line_of(text: &str, what: &str) -> usize {
    text.lines().position(|line| line.contains(what)).map_or(1, |at| at + 1)
}

/// The shop's settings with another share of people who get no marketing at all.
fn global_holdout(plane: &ShopPlane, shop: ShopId, value: &str) -> Result<(u64, ShopSettings), Refusal> {
    let share = match value.trim().strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => value.trim().parse::<f64>(),
    };
    let share = share.ok().filter(|share| (0.0..=0.5).contains(share)).ok_or_else(|| {
        Refusal::Setting(format!(
            "global_holdout: `{value}` is not a share; write `2%` or `0.02`, at most 50%"
        ))
    })?;
    let stored = plane.get(shop, kind::SETTINGS, MAIN)?;
    let version = stored.as_ref().map_or(0, |document| document.version);
    let mut settings: ShopSettings =
        stored.and_then(|document| serde_json::from_str(document.body.as_deref()?).ok()).unwrap_or_default();
    settings.global_holdout_ppm = (share * 1e6).round() as u32;
    Ok((version, settings))
}

/// Puts a template of the shop's own in force, under `name.locale`.
///
/// # Errors
/// It cannot be compiled, or the store does not answer.
pub fn apply_template(plane: &ShopPlane, shop: ShopId, key: &str, text: &str, by: By) -> Result<(), Refusal> {
    compile_template(key, text).map_err(Refusal::Setting)?;
    let expected_version = plane.get(shop, kind::TEMPLATE, key)?.map_or(0, |document| document.version);
    let document = TemplateDocument { text: text.to_owned() };
    let body = serde_json::to_string(&document).map_err(|why| Error::Corrupt(why.to_string()))?;
    plane.put(&DocumentWrite {
        shop,
        kind: kind::TEMPLATE,
        name: key,
        expected_version,
        body: Some(&body),
        at: by.wall,
        by: by.who,
    })?;
    Ok(())
}

#[cfg(test)]
mod tests;
