//! Profiles: found by an identity, shown whole, and told in order.

use super::answer::{self, Answer, Refused};
use super::ask::Query;
use crate::app::{App, SHOP};
use crate::people::{self, Lookup, Portrait};
use crate::when::When;
use crate::why_text::{Said, Words};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use beckon_core::event::Event;
use beckon_core::ids::{MessageId, ProfileId};
use beckon_core::profile::Profile;
use beckon_core::time::ShopTime;
use beckon_core::why::Journal;
use beckon_store::{TimelineKey, TimelineRow};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// By what profiles are asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    email: Option<String>,
    user_id: Option<String>,
    anonymous_id: Option<String>,
    phone: Option<String>,
    order_id: Option<String>,
}

/// Profiles in an answer.
#[derive(Debug, Serialize)]
pub struct Profiles {
    profiles: Vec<Portrait>,
}

/// `GET /api/v1/profiles`
///
/// # Errors
/// No identity was given, or the store does not answer.
pub async fn list(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Answer<Profiles> {
    let lookup = Lookup {
        email: asked.email,
        user_id: asked.user_id,
        anonymous_id: asked.anonymous_id,
        phone: asked.phone,
        order: asked.order_id,
    };
    if lookup == Lookup::default() {
        return Err(Refused::bad("say who: `email`, `user_id`, `anonymous_id`, `phone` or `order_id`"));
    }
    let profiles = answer::work(app, move |app| {
        let found = people::find(app, &lookup)?;
        found.into_iter().map(|profile| portrait(app, profile)).collect::<Result<Vec<_>, _>>()
    });
    Ok(Json(Profiles { profiles: profiles.await? }))
}

/// What is remembered of a customer now.
///
/// # Errors
/// The store cannot be read.
pub(super) fn portrait(app: &App, profile: Profile) -> Result<Portrait, Refused> {
    Ok(people::portrait(app, &people::person(app, profile)?)?)
}

/// `GET /api/v1/profiles/{id}`
///
/// # Errors
/// There is no such profile.
pub async fn one(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<Portrait> {
    let id = number(&id)?;
    answer::work(app, move |app| portrait(app, found(app, id)?)).await.map(Json)
}

/// The number of a profile from an address.
///
/// # Errors
/// It is none.
pub fn number(text: &str) -> Result<ProfileId, Refused> {
    text.parse().map_err(|_| Refused::missing("profile"))
}

/// The profile that stands for this number now.
///
/// # Errors
/// There is none.
pub fn found(app: &App, id: ProfileId) -> Result<Profile, Refused> {
    people::follow(app, id)?.ok_or_else(|| Refused::missing("profile"))
}

/// Which part of a timeline.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    before: Option<String>,
    limit: Option<usize>,
}

/// A timeline, newest first.
#[derive(Debug, Serialize)]
pub struct Timeline {
    /// What happened and what was decided.
    pub items: Vec<TimelineItem>,
    /// What to ask for next, as `before`; `null` at the end.
    pub next: Option<String>,
}

/// Something that happened, or was decided.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TimelineItem {
    /// Something she did.
    Event {
        /// When.
        at: When,
        /// When it reached us.
        received_at: When,
        /// Name in Segment's specification.
        name: String,
        /// The profile it was kept under.
        profile: ProfileId,
        /// The event as it is kept.
        event: Box<Event>,
    },
    /// Something that was considered for her.
    Journal {
        /// When.
        at: When,
        /// What.
        what: String,
        /// The same in words.
        text: String,
        /// The profile it was kept under.
        profile: ProfileId,
        /// Journey by name.
        journey: String,
        /// Step by name.
        step: String,
        /// The message.
        message: Option<MessageId>,
        /// Version of the plan.
        plan: u64,
        /// Why.
        why: Vec<Said>,
    },
}

/// `GET /api/v1/profiles/{id}/timeline`
///
/// # Errors
/// There is no such profile, or `before` cannot be read.
pub async fn timeline(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(part): Query<Part>,
    headers: HeaderMap,
) -> Answer<Timeline> {
    let id = number(&id)?;
    let before = part.before.as_deref().map(key).transpose()?;
    let limit = answer::limit(part.limit);
    let locale = answer::locale(&app, &headers);
    let read = move |app: &App| {
        let profile = found(app, id)?;
        told(app, &profile, before, limit, &answer::words(app, locale))
    };
    answer::work(app, read).await.map(Json)
}

/// The timeline of a customer, with the profiles merged into hers.
///
/// # Errors
/// The store cannot be read.
pub fn told(
    app: &App,
    profile: &Profile,
    before: Option<TimelineKey>,
    limit: usize,
    words: &Words,
) -> Result<Timeline, Refused> {
    let rows = app.store.timeline(SHOP, &people::all_ids(profile), before, limit)?;
    let next = rows.last().filter(|_| rows.len() == limit).map(|row| write_key(row.key()));
    Ok(Timeline { items: rows.into_iter().filter_map(|row| item(row, words)).collect(), next })
}

/// A line of a timeline; `None` for one that cannot be read.
pub(super) fn item(row: TimelineRow, words: &Words) -> Option<TimelineItem> {
    match row {
        TimelineRow::Event { event: row, .. } => {
            let event: Event = serde_json::from_slice(&row.body).ok()?;
            Some(TimelineItem::Event {
                at: When(row.at),
                received_at: When(event.received_at),
                name: event.fact.name().to_owned(),
                profile: row.profile,
                event: Box::new(event),
            })
        }
        TimelineRow::Journal(row) => {
            let line: Journal = serde_json::from_slice(&row.body).ok()?;
            Some(TimelineItem::Journal {
                at: When(row.at),
                text: words.what(&line.what),
                what: line.what,
                profile: row.profile,
                journey: line.journey,
                step: line.step,
                message: line.message,
                plan: line.plan,
                why: line.why.iter().map(|reason| words.said(reason)).collect(),
            })
        }
    }
}

fn write_key(key: TimelineKey) -> String {
    format!("{}-{}-{}", key.at.0, u8::from(key.journal), key.seq)
}

/// Reads where a timeline goes on: what an answer gave as `next`, or a moment.
///
/// # Errors
/// It is neither.
pub fn key(text: &str) -> Result<TimelineKey, Refused> {
    let mut parts = text.splitn(3, '-');
    let mut exact = || {
        let at = ShopTime(parts.next()?.parse().ok()?);
        let journal = parts.next()? == "1";
        Some(TimelineKey { at, journal, seq: parts.next()?.parse().ok()? })
    };
    let moment = || Some(TimelineKey { at: When::parse(text)?, journal: false, seq: i64::MIN });
    exact()
        .or_else(moment)
        .ok_or_else(|| Refused::bad("`before` is not a page: take `next` of the answer before"))
}
