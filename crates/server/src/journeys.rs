//! Changing what a shop configures: journeys and templates, from files, screens and the API alike.
//!
//! Texts and settings take effect at once for everybody. A changed graph becomes a new version for new entrants; who is
//! inside walks on along the one she entered.

use crate::app::SHOP;
use crate::settings::{JourneyDocument, MAIN, ShopSettings, TemplateDocument, kind};
use crate::setup::READY;
use crate::shop_state::{compile_template, read_journey};
use beckon_core::plan;
use beckon_core::time::{ShopTime, WallTime};
use beckon_store::Error;
use beckon_store::shop::{DocumentWrite, ShopPlane};

/// A change of one journey.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// A new text.
    pub text: Option<String>,
    /// On or off.
    pub on: Option<bool>,
    /// Settings beside the text; `global_holdout` is the shop's.
    pub set: Vec<(String, String)>,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotApplied {
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
        (Some(text), _) => plan::parse(text).map_err(|problem| wrong(problem.to_string()))?.name,
        (None, Some(name)) => name.to_owned(),
        (None, None) => return Err(wrong("a journey's name or its text is needed".to_owned())),
    };
    let stored = plane.get(SHOP, kind::JOURNEY, &name)?;
    let version = stored.as_ref().map_or(0, |document| document.version);
    let mut document: JourneyDocument =
        stored.and_then(|document| serde_json::from_str(document.body.as_deref()?).ok()).unwrap_or_default();
    if let Some(text) = &change.text {
        publish(&mut document, text);
    }
    if document.text.is_empty() {
        return Err(wrong(format!("there is no journey `{name}`")));
    }
    let mut settings = None;
    for (key, value) in &change.set {
        if key == "global_holdout" {
            settings = Some(global_holdout(plane, value)?);
        } else {
            document.set.insert(key.clone(), value.clone());
        }
    }
    if let Some(on) = change.on
        && on != document.on
    {
        document.on = on;
        document.on_since = if on { stamp.now.0 } else { 0 };
    }
    read_journey(&document).map_err(wrong)?;
    let body = serde_json::to_string(&document).unwrap_or_default();
    let mut writes = vec![write(kind::JOURNEY, &name, version, &body, stamp)];
    if let Some((version, body)) = &settings {
        writes.push(write(kind::SETTINGS, MAIN, *version, body, stamp));
    }
    plane.put_all(&writes)?;
    Ok(name)
}

/// A text whose steps differ from the newest graph's becomes a new version; another text only takes its place.
fn publish(document: &mut JourneyDocument, text: &str) {
    let steps = |text: &str| plan::parse(text).ok().map(|journey| format!("{:?}", journey.graphs));
    let same = !document.text.is_empty() && steps(&document.text) == steps(text);
    if !same {
        document.graph += 1;
    }
    document.texts.insert(document.graph, text.to_owned());
    text.clone_into(&mut document.text);
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
