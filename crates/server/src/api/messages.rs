//! Messages: sent, withheld and ghosts alike, each with why.

use super::answer::{self, Answer, Refused};
use super::ask::Query;
use super::profiles;
use crate::app::{App, SHOP};
use crate::people::{self, Lookup};
use crate::sent::{self, Kept, NotShown, Sent};
use crate::when::When;
use crate::why_text::{Said, Words};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use beckon_core::ids::{MessageId, ProfileId};
use beckon_core::time::ShopTime;
use beckon_core::why::Reason;
use beckon_store::{MessageFilter, MessageRow, MessageState, PageKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Which messages.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// To whom, by address.
    pub email: Option<String>,
    /// To whom, by profile.
    pub profile: Option<String>,
    /// In which state.
    pub state: Option<String>,
    /// Of which journey.
    pub journey: Option<String>,
    /// Of which step.
    pub step: Option<String>,
    /// Ended for which reason, by its code.
    pub reason: Option<String>,
    /// Over which channel.
    pub channel: Option<String>,
    /// Considered at this moment or later.
    pub from: Option<String>,
    /// Considered before this moment.
    pub until: Option<String>,
    /// How many.
    pub limit: Option<usize>,
    /// Older than this.
    pub before: Option<String>,
}

/// A page of messages, newest first.
#[derive(Debug, Serialize)]
pub struct Messages {
    /// The messages.
    pub messages: Vec<MessageView>,
    /// What to ask for next, as `before`; `null` at the end.
    pub next: Option<String>,
}

/// A message in an answer.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)] // The fields are those of `MessageRow`.
pub struct MessageView {
    pub id: MessageId,
    pub profile: ProfileId,
    pub state: &'static str,
    pub journey: String,
    pub step: String,
    pub template: String,
    pub channel: String,
    pub due: When,
    pub not_before: When,
    pub deadline: When,
    pub created_at: When,
    pub approved_at: When,
    pub handed_at: When,
    pub ended_at: When,
    pub opened_at: When,
    pub opened_by_machine_at: When,
    pub clicked_at: When,
    pub clicked_by_machine_at: When,
    pub ended_badly_at: When,
    /// Code of the reason of its end; `null` when there is none.
    pub reason: Option<String>,
    /// The same in words.
    pub reason_text: Option<String>,
    pub tries: u32,
    /// Why: the reasons of the decision, then that of its end.
    pub why: Vec<Said>,
    /// What channel and gate said later.
    pub notes: Vec<String>,
    /// Products it is about.
    pub items: Vec<LineView>,
}

/// A line of what a message is about.
#[derive(Clone, Debug, Serialize)]
pub struct LineView {
    /// Product id.
    pub product_id: String,
    /// How many.
    pub quantity: u32,
    /// Title, where it was rendered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

const STATES: [(MessageState, &str); 8] = [
    (MessageState::Approved, "approved"),
    (MessageState::Claimed, "claimed"),
    (MessageState::Handing, "handing"),
    (MessageState::Sent, "sent"),
    (MessageState::Never, "never"),
    (MessageState::Unknown, "unknown"),
    (MessageState::Withheld, "withheld"),
    (MessageState::Ghost, "ghost"),
];

/// Names of all states.
pub fn states() -> impl Iterator<Item = &'static str> {
    STATES.iter().map(|(_, name)| *name)
}

/// The name of a state.
#[must_use]
pub fn state_name(state: MessageState) -> &'static str {
    STATES.iter().find(|(known, _)| *known == state).map_or("approved", |(_, name)| name)
}

fn state(name: &str) -> Result<MessageState, Refused> {
    let found = STATES.iter().find(|(_, known)| *known == name).map(|(state, _)| *state);
    let names: Vec<&str> = states().collect();
    found.ok_or_else(|| Refused::bad(format!("`{name}` is not a state: use {}", names.join(", "))))
}

/// `GET /api/v1/messages`
///
/// # Errors
/// A filter cannot be read, or the store does not answer.
pub async fn list(
    State(app): State<Arc<App>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Answer<Messages> {
    let locale = answer::locale(&app, &headers);
    answer::work(app, move |app| found(app, &asked, &answer::words(app, locale))).await.map(Json)
}

/// The messages asked for.
///
/// # Errors
/// See [`list`].
pub fn found(app: &App, asked: &Asked, words: &Words) -> Result<Messages, Refused> {
    let (before, limit) = (answer::page(asked.before.as_deref())?, answer::limit(asked.limit));
    let filter = MessageFilter {
        shop: SHOP,
        profile: None,
        journey: some(&asked.journey),
        state: some(&asked.state).as_deref().map(state).transpose()?,
        step: some(&asked.step),
        reason: some(&asked.reason),
        channel: some(&asked.channel),
        from: moment("from", &asked.from)?,
        until: moment("until", &asked.until)?,
    };
    let rows = match whose(app, asked)? {
        None => app.store.messages(&filter, before, limit)?,
        Some(profiles) => of_profiles(app, &filter, &profiles, before, limit)?,
    };
    let last = rows.last().filter(|_| rows.len() == limit);
    let next = last.map(|row| answer::cursor(row.created_at, row.id.0));
    Ok(Messages { messages: rows.iter().map(|row| view(row, words)).collect(), next })
}

fn some(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

fn moment(name: &str, text: &Option<String>) -> Result<Option<ShopTime>, Refused> {
    let read = |text: String| {
        let why = || Refused::bad(format!("`{name}` is no moment: write it as 2026-11-22T10:00:00Z"));
        When::parse(&text).ok_or_else(why)
    };
    some(text).map(read).transpose()
}

/// The profiles whose messages are asked for: with a person come all that were merged into her.
fn whose(app: &App, asked: &Asked) -> Result<Option<Vec<ProfileId>>, Refused> {
    let mut ids = match (&asked.profile, &asked.email) {
        (Some(id), _) => people::all_ids(&profiles::found(app, profiles::number(id)?)?),
        (None, Some(email)) => {
            let found = people::find(app, &Lookup { email: Some(email.clone()), ..Lookup::default() })?;
            found.iter().flat_map(people::all_ids).collect()
        }
        (None, None) => return Ok(None),
    };
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}

fn of_profiles(
    app: &App,
    filter: &MessageFilter,
    profiles: &[ProfileId],
    before: Option<PageKey>,
    limit: usize,
) -> Result<Vec<MessageRow>, Refused> {
    let mut rows = Vec::new();
    for profile in profiles {
        let filter = MessageFilter { profile: Some(*profile), ..filter.clone() };
        rows.extend(app.store.messages(&filter, before, limit)?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.created_at, row.id.0 as i64)));
    rows.truncate(limit);
    Ok(rows)
}

/// A message in words.
#[must_use]
pub fn view(row: &MessageRow, words: &Words) -> MessageView {
    let reasons: Vec<Reason> = serde_json::from_str(&row.why).unwrap_or_default();
    let mut why: Vec<Said> = reasons.iter().map(|reason| words.said(reason)).collect();
    let notes: Vec<String> = row.notes.lines().map(str::to_owned).collect();
    let end = (!row.reason.is_empty()).then(|| {
        let known = reasons.iter().find(|reason| reason.code == row.reason).cloned();
        // What the channel said stands in the notes; the reason kept beside the state has only its code.
        let channel = notes.last().cloned().unwrap_or_default();
        let values = [("channel".to_owned(), channel)].into();
        known.unwrap_or_else(|| Reason { code: row.reason.clone(), values })
    });
    if let Some(end) = end.as_ref().filter(|end| reasons.iter().all(|reason| reason.code != end.code)) {
        why.push(words.said(end));
    }
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    MessageView {
        id: row.id,
        profile: row.profile,
        state: state_name(row.state),
        journey: row.journey.clone(),
        step: row.step.clone(),
        template: row.template.clone(),
        channel: row.channel.clone(),
        due: When(row.due),
        not_before: When(row.not_before),
        deadline: When(row.deadline),
        created_at: When(row.created_at),
        approved_at: row.approved_at.into(),
        handed_at: row.handed_at.into(),
        ended_at: row.ended_at.into(),
        opened_at: row.opened_at.into(),
        opened_by_machine_at: row.machine_opened_at.into(),
        clicked_at: row.clicked_at.into(),
        clicked_by_machine_at: row.machine_clicked_at.into(),
        ended_badly_at: row.ended_badly_at.into(),
        reason: some(&row.reason),
        reason_text: end.map(|reason| words.say(&reason)),
        tries: row.tries,
        why,
        notes,
        items: lines(&row.body),
    }
}

/// What a message is about: the lines of the decision, or what was rendered.
fn lines(body: &[u8]) -> Vec<LineView> {
    if let Ok(kept) = serde_json::from_slice::<Kept>(body) {
        let line = |item: beckon_render::Item| LineView {
            product_id: item.id,
            quantity: item.quantity,
            title: Some(item.title),
        };
        return kept.facts.items.into_iter().map(line).collect();
    }
    let lines: Vec<(String, u32)> = serde_json::from_slice(body).unwrap_or_default();
    lines.into_iter().map(|(product_id, quantity)| LineView { product_id, quantity, title: None }).collect()
}

/// `GET /api/v1/messages/{id}`
///
/// # Errors
/// There is no such message.
pub async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer<MessageView> {
    let locale = answer::locale(&app, &headers);
    answer::work(app, move |app| Ok(view(&row(app, &id)?, &answer::words(app, locale)))).await.map(Json)
}

/// The row of a message.
///
/// # Errors
/// There is none.
pub fn row(app: &App, id: &str) -> Result<MessageRow, Refused> {
    let id: MessageId = id.parse().map_err(|_| Refused::missing("message"))?;
    app.store.message(SHOP, id)?.ok_or_else(|| Refused::missing("message"))
}

/// A message as it was sent.
///
/// # Errors
/// It was never handed over or is no longer kept, or its template is gone or no longer copes with these facts.
pub fn sent(app: &App, row: &MessageRow) -> Result<Sent, Refused> {
    sent::again(app, row).map_err(|why| match why {
        NotShown::Nothing => Refused::new(
            StatusCode::NOT_FOUND,
            "not_rendered",
            "this message was never handed to a channel, or what it said is no longer kept",
        ),
        NotShown::Template(why) => Refused::new(StatusCode::CONFLICT, "template", why),
        NotShown::Unavailable(why) => Refused::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why),
    })
}

/// A mail for a frame: nothing in it runs, nothing leads out of its frame, and pictures come from these origins only,
/// so that looking at a mail tells no stranger.
#[must_use]
pub fn inert(html: String, pictures: &BTreeSet<String>) -> Response {
    let pictures: String = pictures.iter().map(|origin| format!(" {origin}")).collect();
    let policy = format!(
        "default-src 'none'; img-src data:{pictures}; style-src 'unsafe-inline'; form-action 'none'; \
         frame-ancestors 'self'; sandbox"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, html).into_response()
}

/// `GET /api/v1/messages/{id}/html`
///
/// # Errors
/// See [`sent`].
pub async fn html(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response, Refused> {
    let sent = answer::work(app, move |app| sent(app, &row(app, &id)?)).await?;
    Ok(inert(sent.letter.rendered.html, &sent::picture_origins(&sent.kept)))
}
