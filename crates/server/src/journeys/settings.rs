//! The settings of a journey with what they change, in words: for the screen and for the API.

use super::known_templates;
use super::planned;
use crate::api::answer::{self, Refused};
use crate::app::App;
use crate::i18n::{self, Locale};
use crate::settings::JourneyDocument;
use crate::shop_state::read_journey;
use crate::why_text::Words;
use beckon_core::plan::{Kind, Setting};
use beckon_core::time::Span;
use serde::Serialize;
use std::collections::BTreeMap;

/// A setting with all that a form needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingView {
    /// Its name for a change.
    pub key: String,
    /// The step it belongs to; empty for the whole.
    pub step: String,
    /// `span`, `share`, `whole`, `choice` or `template`.
    pub kind: &'static str,
    /// What it is.
    pub value: String,
    /// What the text says.
    pub default: String,
    /// The least it may be.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub min: String,
    /// The most it may be.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub max: String,
    /// All it may be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Changing it begins a new version: who is inside keeps what she entered with, unless she is moved.
    pub pinned: bool,
    /// What it is called.
    pub title: String,
    /// What it changes.
    pub effect: String,
    /// What it changes: `after`, `for`, `deadline` …, for grouping.
    #[serde(skip)]
    pub of: &'static str,
}

/// All settings of a journey as they are now.
///
/// # Errors
/// There is no such journey, or it cannot be used.
pub fn of(app: &App, name: &str, locale: Locale) -> Result<Vec<SettingView>, Refused> {
    let state = app.shop();
    let document = state.journeys.get(name).ok_or_else(|| Refused::missing("journey"))?;
    let journey = planned(app, name).ok_or_else(|| Refused::missing("journey that can be used"))?;
    let plain = JourneyDocument { set: BTreeMap::new(), ..document.clone() };
    let defaults: BTreeMap<String, String> = read_journey(&plain)
        .map(|journey| journey.settings())
        .unwrap_or_default()
        .into_iter()
        .map(|setting| (setting.key, setting.value))
        .collect();
    let templates: Vec<String> = known_templates(&app.plane).into_iter().collect();
    let words = answer::words(app, locale);
    let steps = journey.graph(journey.current).map(|graph| graph.steps.as_slice()).unwrap_or_default();
    let view = |setting: Setting| {
        let default = defaults.get(&setting.key).cloned().unwrap_or_default();
        let arm = setting.key.split_once('.').map_or("", |(_, arm)| arm);
        let step = steps.iter().find(|step| step.name == setting.step);
        let titles = step.and_then(|step| step.arm_titles.get(arm));
        let title = titles.and_then(|titles| titles.get(locale.code()).or_else(|| titles.values().next()));
        let arm = title.cloned().unwrap_or_else(|| arm.to_owned());
        view(setting, default, &arm, &templates, &words)
    };
    Ok(journey.settings().into_iter().map(view).collect())
}

fn view(setting: Setting, default: String, arm: &str, templates: &[String], words: &Words) -> SettingView {
    let (kind, min, max, choices) = match &setting.kind {
        Kind::Span(least, most) => ("span", least.to_string(), most.to_string(), Vec::new()),
        Kind::Share => ("share", "0%".to_owned(), "50%".to_owned(), Vec::new()),
        Kind::Whole(least, most) => ("whole", least.to_string(), most.to_string(), Vec::new()),
        Kind::Choice(list) => ("choice", String::new(), String::new(), list.clone()),
        Kind::Template => ("template", String::new(), String::new(), templates.to_vec()),
    };
    let key = setting.of.replace('_', "-");
    let human = human(&setting.kind, &setting.value, words);
    let t = |key: &str| i18n::t(words.locale, key, &[("value", human.as_str().into()), ("arm", arm.into())]);
    SettingView {
        title: t(&format!("setting-{key}")),
        effect: t(&format!("setting-{key}-effect")),
        key: setting.key,
        step: setting.step,
        kind,
        value: setting.value,
        default,
        min,
        max,
        choices,
        pinned: setting.pinned,
        of: setting.of,
    }
}

/// A value as a person says it.
#[must_use]
pub fn human(kind: &Kind, value: &str, words: &Words) -> String {
    match kind {
        Kind::Span(..) => Span::parse(value).map_or_else(|| value.to_owned(), |span| words.span(span)),
        _ => value.to_owned(),
    }
}
