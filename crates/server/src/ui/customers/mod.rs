//! Customers: looking for one, and one with everything that is known and was decided.

mod events;

use super::layout::{self, Page, fragment, html};
use crate::api::answer::{self, Refused};
use crate::api::messages::{self, MessageView};
use crate::api::profiles::{self, TimelineItem};
use crate::app::{App, SHOP};
use crate::people::{self, Lookup, Portrait};
use crate::when::When;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use beckon_core::ids::{DoorKind, ProfileId};
use beckon_core::profile::Profile;
use beckon_core::time::ShopTime;
use beckon_render::links::is_web;
use serde::Deserialize;
use std::sync::Arc;

/// Rows of a page of the list.
const ROWS: usize = 50;
/// Lines of the timeline at once.
const LINES: usize = 60;
/// Messages shown beside it.
const MESSAGES: usize = 20;

/// What is asked of the list.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    before: Option<String>,
}

/// A line of the list.
struct Row {
    id: ProfileId,
    name: String,
    identities: Vec<(&'static str, String)>,
    active_at: Option<ShopTime>,
    cart_lines: u32,
    orders: u32,
    consent: Option<bool>,
}

#[derive(Template)]
#[template(path = "customers/list.html")]
struct List {
    page: Page,
    q: String,
    rows: Vec<Row>,
    older: String,
    newer: String,
}

/// `GET /customers`
pub async fn list(page: Page, State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    let q = asked.q.trim().to_owned();
    let read = {
        let q = q.clone();
        answer::work(app, move |app| if q.is_empty() { newest(app, asked.before) } else { found(app, &q) })
    };
    match read.await {
        Ok((rows, next)) => {
            let older = next.map(|next| format!("/customers?before={next}")).unwrap_or_default();
            html(&List { newer: String::new(), page, q, rows, older })
        }
        Err(why) => refused(page, &why),
    }
}

/// A refusal of the data as a page.
pub(super) fn refused(page: Page, why: &Refused) -> Response {
    match why.status() {
        StatusCode::NOT_FOUND => layout::problem(page, StatusCode::NOT_FOUND, "problem-missing"),
        StatusCode::BAD_REQUEST => layout::problem(page, StatusCode::BAD_REQUEST, "problem-missing"),
        StatusCode::CONFLICT => layout::problem(page, StatusCode::CONFLICT, "problem-conflict"),
        _ => layout::broken(page, &why.message),
    }
}

fn found(app: &App, q: &str) -> Result<(Vec<Row>, Option<String>), Refused> {
    let profiles = people::find(app, &Lookup::anything(q))?;
    let rows = profiles.iter().map(|profile| row(profile, Vec::new())).collect();
    Ok((rows, None))
}

fn newest(app: &App, before: Option<String>) -> Result<(Vec<Row>, Option<String>), Refused> {
    let identities = app.store.customers(SHOP, answer::page(before.as_deref())?, ROWS)?;
    let last = identities.last().filter(|_| identities.len() == ROWS);
    let next = last.map(|row| answer::cursor(row.since, row.door.0));
    let mut ids: Vec<ProfileId> = Vec::new();
    for identity in &identities {
        if !ids.contains(&identity.profile) {
            ids.push(identity.profile);
        }
    }
    let mut rows = Vec::new();
    for id in ids {
        let Some(profile) = people::follow(app, id)? else { continue };
        let own = identities.iter().filter(|identity| identity.profile == id);
        rows.push(row(&profile, own.map(|own| (own.kind, own.value.clone())).collect()));
    }
    Ok((rows, next))
}

fn row(profile: &Profile, identities: Vec<(DoorKind, String)>) -> Row {
    let (hot, warm) = (&profile.hot, profile.warm());
    let known = warm.doors.iter().filter_map(|door| Some((door.kind()?, door.value.clone())));
    let mut identities: Vec<(DoorKind, String)> = identities.into_iter().chain(known).collect();
    identities.sort();
    identities.dedup();
    let name = full_name(&warm.first_name.value, &warm.last_name.value);
    Row {
        id: profile.id,
        name,
        identities: identities.into_iter().map(|(kind, value)| (kind_key(&kind), value)).take(4).collect(),
        active_at: When(hot.active_at).some(),
        cart_lines: hot.cart_lines,
        orders: hot.orders,
        consent: hot.consent.agreed,
    }
}

fn full_name(first: &str, last: &str) -> String {
    format!("{first} {last}").trim().to_owned()
}

/// The key of an identity's kind.
#[must_use]
pub fn kind_key(kind: &DoorKind) -> &'static str {
    match kind {
        DoorKind::User => "identity-user",
        DoorKind::Card => "identity-card",
        DoorKind::Email => "identity-email",
        DoorKind::Phone => "identity-phone",
        DoorKind::Anonymous => "identity-anonymous",
        DoorKind::Order => "identity-order",
    }
}

#[derive(Template)]
#[template(path = "customers/one.html")]
struct One {
    page: Page,
    title: String,
    person: Portrait,
    /// Titles of journeys and of steps' states, in the order of `person.journeys`.
    journeys: Vec<(String, String)>,
    arms: Vec<(String, String)>,
    messages: Vec<MessageLine>,
    timeline: TimelinePart,
    /// The newest lines are shown, so new ones may come.
    live: bool,
}

/// A message in a list.
pub(super) struct MessageLine {
    /// The message.
    pub view: MessageView,
    /// Title of its journey.
    pub journey: String,
    /// Kind of its badge.
    pub badge: &'static str,
    /// State in words.
    pub state: String,
    /// To whom, where it is known.
    pub to: String,
    /// Why it ended so, in few words.
    pub brief: String,
}

#[derive(Template)]
#[template(path = "customers/timeline.html")]
struct TimelinePart {
    page: Page,
    lines: Vec<Line>,
    older: String,
}

/// A line of the timeline.
struct Line {
    at: ShopTime,
    icon: &'static str,
    kind: &'static str,
    title: String,
    detail: String,
    journey: String,
    message: String,
    why: Vec<String>,
}

/// Where a timeline goes on.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    before: Option<String>,
}

/// `GET /customers/{id}`
pub async fn one(
    page: Page,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> Response {
    let asked = id.clone();
    let frame = page.clone();
    let live = part.before.is_none();
    let read = answer::work(app, move |app| {
        let profile = profiles::found(app, profiles::number(&asked)?)?;
        let part = timeline_part(app, frame.clone(), &profile, part.before.as_deref())?;
        let words = answer::words(app, frame.locale);
        let filter = messages::Asked {
            profile: Some(profile.id.to_string()),
            limit: Some(MESSAGES),
            ..messages::Asked::default()
        };
        let found = messages::found(app, &filter, &words)?;
        let lines = found.messages.into_iter().map(|view| line(&frame, view, &words, String::new()));
        let messages = lines.collect();
        let person = people::portrait(app, &people::person(app, profile)?)?;
        let stand =
            |stand: &people::StandView| (words.journey(&stand.journey), frame.t(stand_key(stand.state)));
        let arm = |arm: &people::ArmView| (words.journey(&arm.journey), frame.t(arm_key(arm.arm)));
        let journeys = person.journeys.iter().map(stand).collect();
        let arms = person.holdout.iter().map(arm).collect();
        let name = full_name(
            person.first_name.as_deref().unwrap_or_default(),
            person.last_name.as_deref().unwrap_or_default(),
        );
        let title = [name, person.email.clone().unwrap_or_default()];
        let title =
            title.into_iter().find(|text| !text.is_empty()).unwrap_or_else(|| frame.t("customer-unknown"));
        Ok(One { page: frame, title, person, journeys, arms, messages, timeline: part, live })
    });
    match read.await {
        // She was merged: her page is that of the other number now.
        Ok(one) if one.person.id.to_string() != id => {
            Redirect::to(&format!("/customers/{}", one.person.id)).into_response()
        }
        Ok(one) => html(&one),
        Err(why) => refused(page, &why),
    }
}

/// `GET /customers/{id}/timeline`: a part that asks for itself again and again.
pub async fn timeline(
    page: Page,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let frame = page.clone();
    let read = answer::work(app, move |app| {
        let profile = profiles::found(app, profiles::number(&id)?)?;
        timeline_part(app, frame, &profile, None)
    });
    match read.await {
        Ok(part) => fragment(&headers, &part),
        Err(why) => refused(page, &why),
    }
}

fn timeline_part(
    app: &App,
    page: Page,
    profile: &Profile,
    before: Option<&str>,
) -> Result<TimelinePart, Refused> {
    let words = answer::words(app, page.locale);
    let before = before.map(profiles::key).transpose()?;
    let told = profiles::told(app, profile, before, LINES, &words)?;
    let ids = told.items.iter().filter_map(|item| match item {
        TimelineItem::Event { event, .. } => Some(events::products(&event.fact)),
        TimelineItem::Journal { .. } => None,
    });
    let ids: Vec<String> = ids.flatten().collect();
    let offers = people::offers(app, ids.iter().map(String::as_str))?;
    let older = told.next.map(|next| format!("/customers/{}?before={next}", profile.id)).unwrap_or_default();
    let lines = told.items.into_iter().map(|item| match item {
        TimelineItem::Event { at, event, .. } => {
            let (icon, key, detail) = events::told(&page, &event.fact, &offers);
            let kind = if event.mode == beckon_core::event::Mode::History { "history" } else { "" };
            let title = if key.is_empty() { event.fact.name().to_owned() } else { page.t(key) };
            Line {
                at: at.0,
                icon,
                kind,
                title,
                detail,
                journey: String::new(),
                message: String::new(),
                why: vec![],
            }
        }
        TimelineItem::Journal { at, what, text, journey, step, message, why, .. } => Line {
            at: at.0,
            icon: journal_icon(&what),
            kind: journal_kind(&what),
            title: text,
            detail: step,
            journey: if journey.is_empty() { journey } else { words.journey(&journey) },
            message: message.map(|id| id.to_string()).unwrap_or_default(),
            why: why.into_iter().map(|said| said.text).collect(),
        },
    });
    Ok(TimelinePart { lines: lines.collect(), older, page })
}

fn journal_icon(what: &str) -> &'static str {
    match what {
        "approved" | "withheld" | "held" | "skipped" | "bounced" | "complained" => "mail",
        "opened" | "opened_by_machine" => "eye",
        "clicked" | "clicked_by_machine" => "check",
        "merged" | "absorbed" | "not_merged" => "people",
        "unsubscribed" => "stop",
        _ => "route",
    }
}

fn journal_kind(what: &str) -> &'static str {
    match what {
        "approved" | "clicked" | "opened" => "good",
        "withheld" | "bounced" | "complained" | "unsubscribed" => "bad",
        "held" | "skipped" => "warn",
        "not_entered" => "quiet",
        _ => "info",
    }
}

fn stand_key(state: &str) -> &'static str {
    match state {
        "waiting" => "stand-waiting",
        "messaging" => "stand-messaging",
        "done" => "stand-done",
        _ => "stand-arrived",
    }
}

fn arm_key(arm: &str) -> &'static str {
    match arm {
        "treated" => "arm-treated",
        "held_out" => "arm-held-out",
        _ => "arm-mixed",
    }
}

/// A message for a list.
pub(super) fn line(
    page: &Page,
    view: MessageView,
    words: &crate::why_text::Words,
    to: String,
) -> MessageLine {
    let (badge, key) = state_key(view.state);
    let brief = view.reason.as_deref().filter(|_| view.state != "ghost").map(|code| words.reason(code));
    let (journey, brief) = (words.journey(&view.journey), brief.unwrap_or_default());
    MessageLine { journey, badge, state: page.t(key), to, brief, view }
}

/// Kind of badge and key of a message's state.
pub(super) fn state_key(state: &str) -> (&'static str, &'static str) {
    match state {
        "approved" => ("info", "state-approved"),
        "claimed" => ("info", "state-claimed"),
        "handing" => ("info", "state-handing"),
        "sent" => ("good", "state-sent"),
        "never" => ("bad", "state-never"),
        "unknown" => ("warn", "state-unknown"),
        "withheld" => ("warn", "state-withheld"),
        _ => ("", "state-ghost"),
    }
}

/// Whether an address of the catalogue may be a link.
fn is_link(url: &Option<String>) -> bool {
    url.as_deref().is_some_and(is_web)
}
