//! The settings of a journey as a form: grouped, each with its bounds and what it changes, with errors at the field.

use super::super::customers::refused;
use super::super::layout::{Page, html, html_with};
use super::publication::{self, Asks};
use super::tell::Teller;
use super::{Head, Tab, summary};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::api::journeys as api;
use crate::app::App;
use crate::form::Fields;
use crate::journeys::settings::{self as views, SettingView};
use crate::journeys::{Change, would_be};
use crate::shop_state::read_journey;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The shop's setting that is set beside those of a journey.
const GLOBAL: &str = "global_holdout";

/// A form with some of a journey's settings.
#[derive(Template)]
#[template(path = "journeys/form.html")]
pub(super) struct Form {
    page: Page,
    name: String,
    /// The step whose panel it stands on; empty for the page of all settings.
    step: String,
    may: bool,
    summary: String,
    error: String,
    pub groups: Vec<Group>,
}

/// Settings that belong together.
pub(super) struct Group {
    title: String,
    fields: Vec<Field>,
}

struct Field {
    key: String,
    title: String,
    effect: String,
    value: String,
    /// Bounds, the text's own value, whom it holds for.
    notes: Vec<String>,
    choices: Vec<(String, String, bool)>,
    error: String,
}

#[derive(Template)]
#[template(path = "journeys/settings.html")]
struct SettingsPage {
    page: Page,
    head: Head,
    form: Form,
}

/// What was typed, and what is wrong with it by setting; the empty name stands for the whole.
type Typed<'a> = Option<(&'a Fields, &'a BTreeMap<String, String>)>;

impl Form {
    /// All settings.
    fn of_all(app: &App, page: &Page, name: &str, typed: Typed) -> Result<Form, Refused> {
        Form::new(app, page, name, "", typed)
    }

    /// Those of one step.
    pub fn of_step(app: &App, page: &Page, name: &str, step: &str) -> Result<Form, Refused> {
        Form::new(app, page, name, step, None)
    }

    fn new(app: &App, page: &Page, name: &str, step: &str, typed: Typed) -> Result<Form, Refused> {
        let words = answer::words(app, page.locale);
        let teller = Teller { page, words: &words };
        let journey = crate::journeys::planned(app, name)
            .ok_or_else(|| Refused::missing("journey that can be used"))?;
        let graph = journey.graph(journey.current);
        let mut form = Form {
            page: page.clone(),
            name: name.to_owned(),
            step: step.to_owned(),
            may: page.may(Right::Edit),
            summary: summary::of(&teller, &journey),
            error: typed.and_then(|(_, errors)| errors.get("").cloned()).unwrap_or_default(),
            groups: Vec::new(),
        };
        for view in views::of(app, name, page.locale)? {
            if !step.is_empty() && view.step != step {
                continue;
            }
            let found = graph.and_then(|graph| graph.steps.iter().find(|step| step.name == view.step));
            let title = match view.of {
                "split" | "share" => page.t("group-test"),
                "priority" | "holdout" | "goal_within" if view.step.is_empty() => page.t("group-proof"),
                _ => match (graph, found) {
                    (Some(graph), Some(step)) => teller.step_of_series(graph, step),
                    _ => page.t("group-start"),
                },
            };
            let label = |choice: &str| match choice {
                "test" => page.t("set-split-test"),
                "postpone" => page.t("choice-postpone"),
                "drop" => page.t("choice-drop"),
                "merge" => page.t("choice-merge"),
                arm => found.map_or_else(|| arm.to_owned(), |step| teller.arm(step, arm)),
            };
            form.add(title, field(page, view, &label, typed));
        }
        if step.is_empty() {
            form.add(page.t("group-proof"), global(app, page, typed));
        }
        Ok(form)
    }

    fn add(&mut self, title: String, field: Field) {
        match self.groups.iter_mut().find(|group| group.title == title && group.fields[0].shares_step(&field))
        {
            Some(group) => group.fields.push(field),
            None => self.groups.push(Group { title, fields: vec![field] }),
        }
    }
}

impl Field {
    /// Two steps may be called alike; their settings still stand apart.
    fn shares_step(&self, other: &Field) -> bool {
        let step = |key: &str| key.split_once('.').map_or(String::new(), |(step, _)| step.to_owned());
        let (mine, theirs) = (step(&self.key), step(&other.key));
        mine == theirs || self.key == theirs || other.key == mine
    }
}

fn field(page: &Page, view: SettingView, label: &dyn Fn(&str) -> String, typed: Typed) -> Field {
    let mut notes = Vec::new();
    if !view.min.is_empty() {
        let args = [("min", view.min.as_str().into()), ("max", view.max.as_str().into())];
        let range = crate::i18n::t(page.locale, "setting-range", &args);
        let how = if view.kind == "span" { page.t("setting-span-how") + " " } else { String::new() };
        notes.push(how + &range);
    }
    if view.default != view.value {
        notes.push(page.with("setting-default", "value", &label_or(&view, label)));
    }
    if view.pinned {
        notes.push(page.t("setting-pinned"));
    }
    let was_typed = typed.filter(|(fields, _)| fields.has(&view.key));
    let value = was_typed.map_or(view.value, |(fields, _)| fields.text(&view.key).to_owned());
    let text = |choice: &String| {
        if view.kind == "template" { choice.clone() } else { label(choice) }
    };
    Field {
        choices: view.choices.iter().map(|choice| (choice.clone(), text(choice), *choice == value)).collect(),
        error: typed.and_then(|(_, errors)| errors.get(&view.key).cloned()).unwrap_or_default(),
        title: view.title,
        effect: view.effect,
        key: view.key,
        value,
        notes,
    }
}

fn label_or(view: &SettingView, label: &dyn Fn(&str) -> String) -> String {
    if view.kind == "choice" { label(&view.default) } else { view.default.clone() }
}

fn global(app: &App, page: &Page, typed: Typed) -> Field {
    let now = percent(app.shop().settings.global_holdout_ppm);
    let was_typed = typed.filter(|(fields, _)| fields.has(GLOBAL));
    Field {
        key: GLOBAL.to_owned(),
        title: page.t("set-global-holdout"),
        effect: page.t("set-global-holdout-help"),
        value: was_typed.map_or(now, |(fields, _)| fields.text(GLOBAL).to_owned()),
        notes: Vec::new(),
        choices: Vec::new(),
        error: typed.and_then(|(_, errors)| errors.get(GLOBAL).cloned()).unwrap_or_default(),
    }
}

fn percent(ppm: u32) -> String {
    format!("{}%", f64::from(ppm) / 1e4)
}

/// `GET /journeys/{name}/settings`
pub async fn settings(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| settings_page(app, &frame, &name, None)).await {
        Ok(settings) => html(&settings),
        Err(why) => refused(page, &why),
    }
}

fn settings_page(app: &App, page: &Page, name: &str, typed: Typed) -> Result<SettingsPage, Refused> {
    let head = Head::new(app, page, name, Tab::Settings)?;
    Ok(SettingsPage { page: page.clone(), head, form: Form::of_all(app, page, name, typed)? })
}

/// Settings that were sent and differ from what they are.
fn changed(app: &App, page: &Page, name: &str, fields: &Fields) -> Result<Vec<(String, String)>, Refused> {
    let mut set = Vec::new();
    for view in views::of(app, name, page.locale)? {
        let value = fields.text(&view.key);
        if fields.has(&view.key) && value != view.value {
            set.push((view.key, value.to_owned()));
        }
    }
    let global = fields.text(GLOBAL);
    if fields.has(GLOBAL) && global != percent(app.shop().settings.global_holdout_ppm) {
        set.push((GLOBAL.to_owned(), global.to_owned()));
    }
    Ok(set)
}

/// What is wrong with what was sent, field by field.
fn errors(app: &App, name: &str, set: &[(String, String)]) -> BTreeMap<String, String> {
    let Some(mut journey) = crate::journeys::planned(app, name) else { return BTreeMap::new() };
    let own = set.iter().filter(|(key, value)| key != GLOBAL && !value.is_empty());
    own.filter_map(|(key, value)| Some((key.clone(), journey.set(key, value).err()?))).collect()
}

enum Done {
    Saved(String),
    Asks(Box<Asks>),
    Again(Box<SettingsPage>),
}

/// `POST /journeys/{name}/settings`: only what differs is set beside the text. Where it changes the graph, it is asked
/// once what becomes of those inside.
pub async fn set(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    let frame = page.clone();
    let done = answer::work(app, move |app| submit(app, &frame, &name, &fields));
    match done.await {
        Ok(Done::Saved(to)) => page.redirect(&to, "flash-saved"),
        Ok(Done::Asks(asks)) => html(&*asks),
        Ok(Done::Again(again)) => html_with(StatusCode::UNPROCESSABLE_ENTITY, &*again),
        Err(why) => refused(page, &why),
    }
}

fn submit(app: &App, page: &Page, name: &str, fields: &Fields) -> Result<Done, Refused> {
    let set = changed(app, page, name, fields)?;
    let again = |errors: &BTreeMap<String, String>| {
        settings_page(app, page, name, Some((fields, errors))).map(|again| Done::Again(Box::new(again)))
    };
    let wrong = errors(app, name, &set);
    if !wrong.is_empty() {
        return again(&wrong);
    }
    let mut change = Change { set, ..Change::default() };
    let here = format!("/journeys/{name}/settings");
    match publication::asks(app, page, name, &change, fields, &here)? {
        Some(asks) => return Ok(Done::Asks(Box::new(asks))),
        None => change.inside = publication::inside(fields),
    }
    match api::apply(app, Some(name), &change, page.by()) {
        Ok(_) => {
            let step = fields.text("step");
            let to = if step.is_empty() { here } else { format!("/journeys/{name}/steps/{step}") };
            Ok(Done::Saved(to))
        }
        Err(why) if why.code == "bad_setting" => {
            let field = why.field.as_ref().map(|field| field.0.clone()).unwrap_or_else(|| {
                match why.message.starts_with(GLOBAL) {
                    true => GLOBAL.to_owned(),
                    false => String::new(),
                }
            });
            again(&BTreeMap::from([(field, why.message)]))
        }
        Err(why) => Err(why),
    }
}

/// `GET /journeys/{name}/settings/summary`: what the journey would do with the settings of the form, in a sentence.
pub async fn would_do(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let told = answer::work(app, move |app| {
        let set = changed(app, &page, &name, &fields)?;
        if let Some(wrong) = errors(app, &name, &set).into_values().next() {
            return Ok(wrong);
        }
        let state = app.shop();
        let document = state.journeys.get(&name).ok_or_else(|| Refused::missing("journey"))?;
        let set: Vec<_> = set.into_iter().filter(|(key, _)| key != GLOBAL).collect();
        let journey = read_journey(&would_be(document, None, &set)).map_err(Refused::bad)?;
        let words = answer::words(app, page.locale);
        Ok(summary::of(&Teller { page: &page, words: &words }, &journey))
    });
    match told.await {
        Ok(text) => text.into_response(),
        Err(why) => why.into_response(),
    }
}
