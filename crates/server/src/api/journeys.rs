//! Journeys: what they are, their numbers, switching, settings, publishing a text.

use super::answer::{self, Answer, FieldName, Refused};
use super::ask::{self, Query};
use super::versions::AskedInside;
use crate::app::App;
use crate::i18n::Locale;
use crate::journeys::{self, Change, NotApplied, Stamp};
use crate::numbers::{self, JourneyNumbers};
use crate::run::follow;
use crate::settings::JourneyDocument;
use crate::setup::READY;
use crate::ui;
use crate::ui::journeys as screens;
use crate::when::When;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use beckon_core::plan::{Action, Step};
use beckon_core::time::{DAY, ShopTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All journeys.
#[derive(Debug, Serialize)]
pub struct Journeys {
    journeys: Vec<JourneyView>,
    /// Those that ship and are not applied yet.
    ready: Vec<&'static str>,
}

/// A journey in an answer.
#[derive(Clone, Debug, Serialize)]
pub struct JourneyView {
    /// Name.
    pub name: String,
    /// Titles by language.
    pub title: BTreeMap<String, String>,
    /// Whether it is on.
    pub on: bool,
    /// Since when.
    pub on_since: When,
    /// `T`, `R`, `A`, `B` or `C`.
    pub class: String,
    /// Priority of its messages.
    pub priority: u16,
    /// Part of the people held out, 0 to 0.5.
    pub holdout: f64,
    /// How long after its start it begins, as `15m`.
    pub after: String,
    /// Version of the newest graph.
    pub graph: u32,
    /// Versions people may still stand in.
    pub graphs: Vec<u32>,
    /// Settings beside the text.
    pub set: BTreeMap<String, String>,
    /// Steps of the newest graph.
    pub steps: Vec<StepView>,
    /// What is wrong with it, when it cannot be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// The text; only where one journey was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A step in an answer.
#[derive(Clone, Debug, Serialize)]
pub struct StepView {
    /// Name.
    pub name: String,
    /// `message`, `wait`, `wait_for`, `branch`, `split`, `exit` or `goal`.
    pub kind: &'static str,
    /// Template of a message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Length of a wait, as `2d`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<String>,
    /// Arms of a split with their shares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arms: Option<BTreeMap<String, u32>>,
    /// The only arm of a split whose test is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<String>,
}

/// `GET /api/v1/journeys`
///
/// # Errors
/// None; the journeys are in memory.
pub async fn list(State(app): State<Arc<App>>) -> Answer<Journeys> {
    let state = app.shop();
    let journeys = state.journeys.iter().map(|(name, document)| view(&app, name, document, false)).collect();
    let ready =
        READY.iter().map(|(name, _)| *name).filter(|name| !state.journeys.contains_key(*name)).collect();
    Ok(Json(Journeys { journeys, ready }))
}

/// `GET /api/v1/journeys/{name}`
///
/// # Errors
/// There is no such journey.
pub async fn one(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer<JourneyView> {
    shown(&app, &name).map(Json)
}

fn shown(app: &App, name: &str) -> Result<JourneyView, Refused> {
    let state = app.shop();
    let document = state.journeys.get(name).ok_or_else(|| Refused::missing("journey"))?;
    Ok(view(app, name, document, true))
}

/// A journey as answers and screens show it.
#[must_use]
pub fn view(app: &App, name: &str, document: &JourneyDocument, with_text: bool) -> JourneyView {
    let journey = journeys::planned(app, name);
    let trouble = journey.is_none().then(|| {
        crate::shop_state::read_journey(document).err().unwrap_or_else(|| "it cannot be used".to_owned())
    });
    let graph = journey.as_ref().and_then(|journey| journey.graph(journey.current));
    JourneyView {
        name: name.to_owned(),
        title: journey.as_ref().map(|journey| journey.title.clone()).unwrap_or_default(),
        on: document.on,
        on_since: When(if document.on { ShopTime(document.on_since) } else { ShopTime(0) }),
        class: journey.as_ref().map(|journey| format!("{:?}", journey.class)).unwrap_or_default(),
        priority: journey.as_ref().map_or(0, |journey| journey.priority),
        holdout: journey.as_ref().map_or(0.0, |journey| f64::from(journey.holdout_ppm) / 1e6),
        after: journey.as_ref().map(|journey| journey.entry.after.to_string()).unwrap_or_default(),
        graph: document.graph.max(1),
        graphs: journey.as_ref().map(|journey| journey.graphs.keys().copied().collect()).unwrap_or_default(),
        set: document.set.clone(),
        steps: graph.map(|graph| graph.steps.iter().map(step).collect()).unwrap_or_default(),
        trouble,
        text: with_text.then(|| document.text.clone()),
    }
}

fn step(step: &Step) -> StepView {
    let mut view =
        StepView { name: step.name.clone(), kind: "", template: None, wait: None, arms: None, only: None };
    view.kind = match &step.action {
        Action::Message(message) => {
            view.template = Some(message.template.clone());
            "message"
        }
        Action::Wait { span, .. } => {
            view.wait = Some(span.to_string());
            "wait"
        }
        Action::WaitFor { up_to, .. } => {
            view.wait = Some(up_to.to_string());
            "wait_for"
        }
        Action::Branch { .. } => "branch",
        Action::Split { only, arms } => {
            view.arms = Some(arms.iter().map(|(name, share, _)| (name.clone(), *share)).collect());
            view.only.clone_from(only);
            "split"
        }
        Action::Exit { .. } => "exit",
        Action::Goal => "goal",
    };
    view
}

/// Over which time numbers are asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Period {
    /// From this moment.
    pub from: Option<String>,
    /// Up to this moment.
    pub until: Option<String>,
}

impl Period {
    /// Both ends: by default from the beginning to a day ahead of now, so that nothing is missed.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn read(&self, now: ShopTime) -> Result<(ShopTime, ShopTime), Refused> {
        let read = |text: &Option<String>, default| match text.as_deref().filter(|text| !text.is_empty()) {
            None => Ok(default),
            Some(text) => When::parse(text).ok_or_else(|| {
                Refused::bad(format!("`{text}` is not a time: write 2026-11-22T10:00:00Z or milliseconds"))
            }),
        };
        Ok((read(&self.from, ShopTime(0))?, read(&self.until, now.plus(DAY))?))
    }
}

/// `GET /api/v1/journeys/{name}/numbers`
///
/// # Errors
/// There is no such journey, or a time cannot be read.
pub async fn numbers(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(period): Query<Period>,
) -> Answer<JourneyNumbers> {
    shown(&app, &name)?;
    let (from, until) = period.read(app.now())?;
    answer::work(app, move |app| Ok(numbers::of_journey(app, &name, from, until)?)).await.map(Json)
}

/// Which table is wanted.
#[derive(Debug, Default, Deserialize)]
pub struct Table {
    period: Option<String>,
}

/// `GET /api/v1/journeys/{name}/numbers.csv`: a row per day and step, in the shop's zone.
///
/// # Errors
/// There is no such journey or period.
pub async fn numbers_csv(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(asked): Query<Table>,
) -> Result<Response, Refused> {
    let period = asked.period.as_deref().unwrap_or("week");
    let why =
        || Refused::field("period", format!("`{period}` is no period: use day, week, month or quarter"));
    let span = screens::period(period).ok_or_else(why)?;
    let words = ui::words::Words::new(Locale::En, &app.shop().settings.time_zone);
    let text = answer::work(app, move |app| screens::table(app, &words, &name, span)).await?;
    Ok(screens::file(text))
}

/// What a shop's server changes of a journey.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    on: Option<bool>,
    #[serde(default)]
    set: BTreeMap<String, serde_json::Value>,
    inside: Option<String>,
    #[serde(default)]
    steps: BTreeMap<String, String>,
}

/// `POST /api/v1/journeys/{name}`: a journey that ships and is not applied yet is applied.
///
/// # Errors
/// See [`NotApplied`].
pub async fn change(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    body: Bytes,
) -> Answer<JourneyView> {
    let asked: Asked = ask::body(&body, "{\"on\": …, \"set\": {…}}")?;
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    };
    let set = asked.set.into_iter().map(|(name, value)| (name, text(value))).collect();
    let new = !app.shop().journeys.contains_key(&name);
    let text = if new { journeys::ready(&name).map(str::to_owned) } else { None };
    let inside = AskedInside::new(asked.inside, asked.steps).read()?;
    let change = Change { text, on: asked.on, set, inside };
    done(app, name, change, "server key").await
}

/// `PUT /api/v1/journeys/{name}`: publishes a text; `?inside=move&step.old=new` says what becomes of those inside.
///
/// # Errors
/// See [`NotApplied`].
pub async fn publish(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    text: String,
) -> Answer<JourneyView> {
    let shown_name = name.clone();
    let inside = AskedInside::of_query(&query).read()?;
    answer::work(app, move |app| {
        journeys::is_text_of(&name, &text)?;
        let change = Change { text: Some(text), inside, ..Change::default() };
        apply(app, Some(&name), &change, "server key")?;
        shown(app, &shown_name)
    })
    .await
    .map(Json)
}

async fn done(app: Arc<App>, name: String, change: Change, who: &'static str) -> Answer<JourneyView> {
    answer::work(app, move |app| {
        apply(app, Some(&name), &change, who)?;
        shown(app, &name)
    })
    .await
    .map(Json)
}

/// Applies a change in the running program: it is in force when this returns.
///
/// # Errors
/// See [`NotApplied`].
pub fn apply(app: &App, name: Option<&str>, change: &Change, who: &str) -> Result<String, Refused> {
    let stamp = Stamp { now: app.now(), at: app.clock.wall(), by: who };
    let name = journeys::change(&app.plane, name, change, stamp)?;
    follow::reload_if_changed(app)?;
    app.plane_changed.notify_one();
    Ok(name)
}

/// Gives the journeys priorities in this order, in the running program.
///
/// # Errors
/// See [`NotApplied`].
pub fn reorder(app: &App, order: &[String], who: &str) -> Result<(), Refused> {
    let stamp = Stamp { now: app.now(), at: app.clock.wall(), by: who };
    journeys::stages::reorder(&app.plane, order, stamp)?;
    follow::reload_if_changed(app)?;
    app.plane_changed.notify_one();
    Ok(())
}

impl From<NotApplied> for Refused {
    fn from(why: NotApplied) -> Self {
        match why {
            NotApplied::Text(problem) => Refused {
                line: Some(problem.line),
                what: Some(problem.what.clone()),
                hint: Some(problem.hint.clone()).filter(|hint| !hint.is_empty()),
                ..Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_text", problem.to_string())
            },
            NotApplied::Setting { ref key, .. } => {
                let (status, field) = (StatusCode::UNPROCESSABLE_ENTITY, Some(key.clone()));
                Refused {
                    field: field.map(|name| Box::new(FieldName(name))),
                    ..Refused::new(status, "bad_setting", why.to_string())
                }
            }
            NotApplied::Wrong(why) => Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_setting", why),
            NotApplied::Unknown(_) => Refused::missing("journey"),
            NotApplied::Store(why) => why.into(),
        }
    }
}

/// The control group against the treated.
#[derive(Debug, Serialize)]
pub struct ProofAnswer {
    proof: Option<crate::proof::Proof>,
}

/// `GET /api/v1/journeys/{name}/proof`: `null` for a journey without a goal.
///
/// # Errors
/// There is no such journey, or it cannot be used.
pub async fn proof(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer<ProofAnswer> {
    answer::work(app, move |app| {
        let journey = journeys::planned(app, &name).ok_or_else(|| Refused::missing("journey"))?;
        Ok(ProofAnswer { proof: crate::proof::of(app, &journey)? })
    })
    .await
    .map(Json)
}
