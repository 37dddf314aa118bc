//! Changing what a shop configures: journeys and templates, from files, screens and the API alike.
//!
//! Texts and settings take effect at once for everybody. A changed graph becomes a new version for new entrants; who is
//! inside walks on along the one she entered, unless the publication moves or ends her.

pub mod diff;
pub mod history;
mod publish;
pub mod settings;
pub mod stages;

pub use publish::{Inside, RETIRED_AFTER, is_another_graph, retire, would_be};

use crate::app::{App, SHOP};
use crate::settings::{JourneyDocument, MAIN, ShopSettings, TemplateDocument, kind};
use crate::setup::READY;
use crate::shop_state::{compile_template, read_journey};
use beckon_core::plan::{self, Action, Journey, Problem};
use beckon_core::time::{ShopTime, WallTime};
use beckon_render::Source;
use beckon_store::Error;
use beckon_store::shop::{DocumentWrite, ShopPlane};
use std::collections::BTreeSet;

/// A change of one journey.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// A new text.
    pub text: Option<String>,
    /// On or off.
    pub on: Option<bool>,
    /// Settings beside the text: an empty value goes back to the text's own. `global_holdout` is the shop's.
    pub set: Vec<(String, String)>,
    /// What becomes of those inside when the graph is another one.
    pub inside: Inside,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotApplied {
    /// Something is wrong with the text: its line, what, and what to do.
    #[error("{0}")]
    Text(Problem),
    /// There is no such journey.
    #[error("there is no journey `{0}`")]
    Unknown(String),
    /// Something is wrong with one setting: which, and what to write.
    #[error("{key}: {why}")]
    Setting {
        /// Which.
        key: String,
        /// What is wrong with its value.
        why: String,
    },
    /// Something is wrong with it: says where and what to do.
    #[error("{0}")]
    Wrong(String),
    /// The store did not take it.
    #[error(transparent)]
    Store(#[from] Error),
}

/// When, and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// The wall clock.
    pub at: WallTime,
    /// The shop's clock: since when a journey is on.
    pub now: ShopTime,
    /// Who.
    pub by: &'a str,
}

/// The journey of the plan by its name; `None` when there is none or its document cannot be used.
#[must_use]
pub fn planned(app: &App, name: &str) -> Option<Journey> {
    app.shop().plan.journeys.values().find(|journey| journey.name == name).cloned()
}

/// When its newest graph was published, on the shop's clock; `None` when nobody kept it.
#[must_use]
pub fn published_at(app: &App, name: &str) -> Option<ShopTime> {
    let state = app.shop();
    let document = state.journeys.get(name)?;
    document.published.get(&document.graph).map(|published| ShopTime(published.at))
}

/// The text of a ready-made journey.
#[must_use]
pub fn ready(name: &str) -> Option<&'static str> {
    READY.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Whether the shop has a journey of this name.
///
/// # Errors
/// The plane cannot be read.
pub fn is_there(plane: &ShopPlane, name: &str) -> beckon_store::Result<bool> {
    Ok(plane.get(SHOP, kind::JOURNEY, name)?.is_some_and(|document| document.body.is_some()))
}

/// Changes a journey, which is made when its text is given and there is none of its name. Gives back its name.
///
/// # Errors
/// The text or a setting is wrong, and nothing was changed; or the store did not take it.
pub fn change(
    plane: &ShopPlane,
    name: Option<&str>,
    change: &Change,
    stamp: Stamp,
) -> Result<String, NotApplied> {
    let wrong = NotApplied::Wrong;
    let name = match (&change.text, name) {
        (Some(text), _) => {
            let journey = plan::parse(text).map_err(NotApplied::Text)?;
            templates_exist(plane, &journey, text).map_err(NotApplied::Text)?;
            journey.name
        }
        (None, Some(name)) => name.to_owned(),
        (None, None) => return Err(wrong("a journey's name or its text is needed".to_owned())),
    };
    let stored = plane.get(SHOP, kind::JOURNEY, &name)?;
    let version = stored.as_ref().map_or(0, |document| document.version);
    let before: JourneyDocument =
        stored.and_then(|document| serde_json::from_str(document.body.as_deref()?).ok()).unwrap_or_default();
    let mut document = before.clone();
    if let Some(text) = &change.text {
        text.clone_into(&mut document.text);
        publish::forget_unknown(&mut document);
    }
    if document.text.is_empty() {
        return Err(NotApplied::Unknown(name));
    }
    let mut settings = None;
    for (key, value) in &change.set {
        if key == "global_holdout" {
            settings = Some(global_holdout(plane, value)?);
        } else if value.is_empty() {
            document.set.remove(key);
        } else {
            check_setting(plane, &document, key, value)?;
            document.set.insert(key.clone(), value.clone());
        }
    }
    if let Some(on) = change.on
        && on != document.on
    {
        document.on = on;
        document.on_since = if on { stamp.now.0 } else { 0 };
    }
    publish::publish(&before, &mut document, &change.inside, stamp);
    document.changed_at = stamp.now.0;
    read_journey(&document).map_err(wrong)?;
    let body = serde_json::to_string(&document).unwrap_or_default();
    let mut writes = vec![write(kind::JOURNEY, &name, version, &body, stamp)];
    if let Some((version, body)) = &settings {
        writes.push(write(kind::SETTINGS, MAIN, *version, body, stamp));
    }
    plane.put_all(&writes)?;
    Ok(name)
}

/// One setting by itself: what is wrong with it is said at its field.
fn check_setting(
    plane: &ShopPlane,
    document: &JourneyDocument,
    key: &str,
    value: &str,
) -> Result<(), NotApplied> {
    let mut journey = plan::parse(&document.text).map_err(NotApplied::Text)?;
    let field = |why: String| NotApplied::Setting { key: key.to_owned(), why };
    journey.set(key, value).map_err(field)?;
    if key.ends_with(".template") && !known_templates(plane).contains(value) {
        return Err(field(format!("there is no template `{value}`")));
    }
    Ok(())
}

/// Names of all templates, shipped and the shop's own.
pub fn known_templates(plane: &ShopPlane) -> BTreeSet<String> {
    let own = plane.list(SHOP, kind::TEMPLATE).unwrap_or_default();
    let own = own.iter().filter(|document| document.body.is_some());
    Source::shipped()
        .into_iter()
        .map(|(name, _, _)| name.to_owned())
        .chain(own.filter_map(|document| Some(document.name.rsplit_once('.')?.0.to_owned())))
        .collect()
}

/// A step whose template is missing would be found out at the first send, in the night.
fn templates_exist(plane: &ShopPlane, journey: &Journey, text: &str) -> Result<(), Problem> {
    let known = known_templates(plane);
    for step in journey.graphs.values().flat_map(|graph| &graph.steps) {
        let Action::Message(message) = &step.action else { continue };
        if !known.contains(&message.template) {
            let line = line_of(text, &message.template);
            let what = format!("there is no template `{}`", message.template);
            let hint = format!("known: {}", known.iter().cloned().collect::<Vec<_>>().join(", "));
            return Err(Problem { line, what, hint });
        }
    }
    Ok(())
}

/// The first line that has this in it, from 1.
fn line_of(text: &str, what: &str) -> usize {
    text.lines().position(|line| line.contains(what)).map_or(1, |at| at + 1)
}

fn global_holdout(plane: &ShopPlane, value: &str) -> Result<(u64, String), NotApplied> {
    let share = beckon_core::plan::parse_share(value).ok_or_else(|| {
        NotApplied::Wrong(format!(
            "global_holdout: `{value}` is not a share; write `2%` or `0.02`, at most 50%"
        ))
    })?;
    let stored = plane.get(SHOP, kind::SETTINGS, MAIN)?;
    let version = stored.as_ref().map_or(0, |document| document.version);
    let mut settings: ShopSettings =
        stored.and_then(|document| serde_json::from_str(document.body.as_deref()?).ok()).unwrap_or_default();
    settings.global_holdout_ppm = share;
    Ok((version, serde_json::to_string(&settings).unwrap_or_default()))
}

/// Takes a template, called `name.locale`, in place of the shipped one or of the shop's own.
///
/// # Errors
/// It does not compile, and the one before stays; or the store did not take it.
pub fn change_template(plane: &ShopPlane, key: &str, text: &str, stamp: Stamp) -> Result<(), NotApplied> {
    compile_template(key, text).map_err(NotApplied::Wrong)?;
    let version = plane.get(SHOP, kind::TEMPLATE, key)?.map_or(0, |document| document.version);
    let document = TemplateDocument { text: text.to_owned() };
    let body = serde_json::to_string(&document).unwrap_or_default();
    plane.put(&write(kind::TEMPLATE, key, version, &body, stamp))?;
    Ok(())
}

fn write<'a>(
    kind: &'a str,
    name: &'a str,
    expected_version: u64,
    body: &'a str,
    stamp: Stamp<'a>,
) -> DocumentWrite<'a> {
    DocumentWrite { shop: SHOP, kind, name, expected_version, body: Some(body), at: stamp.at, by: stamp.by }
}

/// Refuses a text that is of another journey than the one it is published for.
///
/// # Errors
/// It is of another, or cannot be read.
pub fn is_text_of(name: &str, text: &str) -> Result<(), NotApplied> {
    let journey = plan::parse(text).map_err(NotApplied::Text)?;
    if journey.name == name {
        return Ok(());
    }
    let what = format!("the text is of the journey `{}`, not of `{name}`", journey.name);
    let hint = "a name is part of every message's number and never changes".to_owned();
    Err(NotApplied::Text(Problem { line: line_of(text, "journey:"), what, hint }))
}

#[cfg(test)]
mod tests;
