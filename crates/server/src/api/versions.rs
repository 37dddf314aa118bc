//! Versions of a journey, its settings with what they change, and what a publication would do.

use super::answer::{self, Answer, Refused};
use crate::app::App;
use crate::flow::Standing;
use crate::journeys::Inside;
use crate::journeys::diff::Difference;
use crate::journeys::history;
use crate::journeys::settings::{self, SettingView};
use crate::when::When;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use beckon_core::time::ShopTime;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Settings of a journey.
#[derive(Debug, Serialize)]
pub struct Settings {
    settings: Vec<SettingView>,
}

/// `GET /api/v1/journeys/{name}/settings`: words in the language of `Accept-Language`.
///
/// # Errors
/// There is no such journey, or it cannot be used.
pub async fn settings(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Answer<Settings> {
    let locale = answer::locale(&app, &headers);
    let read = move |app: &App| Ok(Settings { settings: settings::of(app, &name, locale)? });
    answer::work(app, read).await.map(Json)
}

/// What becomes of those inside, as a publication says it: `stay` (default), `move` or `end`.
#[derive(Clone, Debug, Default)]
pub struct AskedInside {
    inside: Option<String>,
    /// For `move`: where people go on whose step is gone, by names of steps.
    steps: BTreeMap<String, String>,
}

impl AskedInside {
    /// From the fields of a body.
    #[must_use]
    pub fn new(inside: Option<String>, steps: BTreeMap<String, String>) -> AskedInside {
        AskedInside { inside, steps }
    }

    /// From the fields of a query: `inside=move&step.old-name=new-name`.
    #[must_use]
    pub fn of_query(query: &BTreeMap<String, String>) -> AskedInside {
        let stated = query.iter().filter_map(|(key, to)| Some((key.strip_prefix("step.")?, to)));
        let steps = stated.map(|(from, to)| (from.to_owned(), to.clone())).collect();
        AskedInside { inside: query.get("inside").cloned(), steps }
    }

    /// What was asked.
    ///
    /// # Errors
    /// It is none of the three.
    pub fn read(self) -> Result<Inside, Refused> {
        match self.inside.as_deref() {
            None | Some("stay") => Ok(Inside::Stay),
            Some("move") => Ok(Inside::Move(self.steps)),
            Some("end") => Ok(Inside::End),
            Some(other) => Err(Refused::bad(format!("inside: `{other}` is none of stay, move, end"))),
        }
    }
}

/// A version somebody may stand in.
#[derive(Debug, Serialize)]
pub struct Version {
    version: u32,
    newest: bool,
    /// How many stand in it now.
    standing: i64,
    /// How many stand at its steps now, by name.
    steps: BTreeMap<String, i64>,
    published_at: When,
    published_by: String,
    /// Where those who stand in it are being moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    moving_to: Option<u32>,
    /// Their series are being ended.
    ending: bool,
    /// When everybody had been looked at.
    done_at: When,
}

/// A change of a journey.
#[derive(Debug, Serialize)]
pub struct ChangeView {
    at: When,
    by: String,
    version: u32,
    published: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<bool>,
    differences: Vec<Difference>,
    text: String,
}

/// Versions and history of a journey.
#[derive(Debug, Serialize)]
pub struct Versions {
    versions: Vec<Version>,
    history: Vec<ChangeView>,
}

/// `GET /api/v1/journeys/{name}/versions`
///
/// # Errors
/// There is no such journey.
pub async fn versions(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer<Versions> {
    answer::work(app, move |app| read(app, &name)).await.map(Json)
}

fn read(app: &App, name: &str) -> Result<Versions, Refused> {
    let state = app.shop();
    let document = state.journeys.get(name).ok_or_else(|| Refused::missing("journey"))?;
    let journey = crate::journeys::planned(app, name);
    let standing = Standing::of(app, name)?;
    let mut numbers: Vec<u32> = document.texts.keys().copied().chain(standing.versions()).collect();
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers.dedup();
    let version = |version: u32| {
        let (published, order) = (document.published.get(&version), document.moves.get(&version));
        let graph = journey.as_ref().and_then(|journey| journey.graphs.get(&version));
        let steps = graph.map(|graph| graph.steps.as_slice()).unwrap_or_default().iter();
        let steps = steps.map(|step| (step.name.clone(), standing.at_in(version, step.key)));
        Version {
            version,
            newest: version == document.graph.max(1),
            standing: standing.in_version(version),
            steps: steps.filter(|(_, n)| *n > 0).collect(),
            published_at: When(ShopTime(published.map_or(0, |published| published.at))),
            published_by: published.map(|published| published.by.clone()).unwrap_or_default(),
            moving_to: order.filter(|order| !order.end).map(|order| order.to),
            ending: order.is_some_and(|order| order.end),
            done_at: When(ShopTime(order.map_or(0, |order| order.done_at))),
        }
    };
    let change = |change: history::Change| ChangeView {
        at: When(change.shop_at),
        by: change.by,
        version: change.graph,
        published: change.published,
        on: change.switched,
        differences: change.differences,
        text: change.text,
    };
    let history = history::of(&app.plane, name)?.into_iter().map(change).collect();
    Ok(Versions { versions: numbers.into_iter().map(version).collect(), history })
}
