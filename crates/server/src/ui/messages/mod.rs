//! Messages: a list with filters; each has a page of its own.

mod one;
mod unknown;

pub(crate) use one::unlinked;
pub use one::{body, one};
pub use unknown::{count_as_sent, many, send_again};

use super::customers::{self, MessageLine};
use super::layout::{Page, html};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::api::messages::{self, MessageView};
use crate::app::{App, SHOP};
use crate::numbers;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use beckon_core::ids::ProfileId;
use beckon_core::profile::Profile;
use beckon_core::time::{DAY, HOUR, ShopTime, Span};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// How far back numbers beside the filters reach.
const COUNTED: Span = Span(30 * DAY.0);
/// Channels a message may have: by mail, or none for the control group.
const CHANNELS: [(&str, &str); 2] = [("email", "channel-email"), ("none", "channel-none")];

/// What is asked of the list; what was not filled in is an empty text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    state: String,
    journey: String,
    step: String,
    reason: String,
    channel: String,
    email: String,
    /// Days, as a field of type `date` writes them.
    from: String,
    to: String,
    before: String,
}

/// An entry of a filter.
struct Choice {
    value: String,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "messages/list.html")]
struct List {
    page: Page,
    asked: Asked,
    states: Vec<Choice>,
    journeys: Vec<Choice>,
    steps: Vec<Choice>,
    reasons: Vec<Choice>,
    channels: Vec<Choice>,
    filtered: bool,
    lines: Vec<MessageLine>,
    older: String,
    here: String,
    now: ShopTime,
}

/// `GET /messages`
pub async fn list(page: Page, State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    let frame = page.clone();
    let read = answer::work(app, move |app| listed(app, frame, asked));
    match read.await {
        Ok(list) => html(&list),
        Err(why) => customers::refused(page, &why),
    }
}

impl Asked {
    /// What the API is asked for; days begin and end in the shop's zone.
    fn filter(&self, page: &Page) -> messages::Asked {
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let moment = |at: Option<ShopTime>| at.map(|at| page.words.machine(&at));
        messages::Asked {
            email: some(&self.email),
            state: some(&self.state),
            journey: some(&self.journey),
            step: some(&self.step),
            reason: some(&self.reason),
            channel: some(&self.channel),
            from: moment(page.words.day(&self.from, 0)),
            until: moment(page.words.day(&self.to, 1)),
            before: some(&self.before),
            ..messages::Asked::default()
        }
    }

    /// The same list, from where a page ended.
    fn address(&self, before: &str) -> String {
        let pairs = [
            ("state", self.state.as_str()),
            ("journey", &self.journey),
            ("step", &self.step),
            ("reason", &self.reason),
            ("channel", &self.channel),
            ("email", &self.email),
            ("from", &self.from),
            ("to", &self.to),
            ("before", before),
        ];
        let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish();
        if query.is_empty() { "/messages".to_owned() } else { format!("/messages?{query}") }
    }
}

fn listed(app: &App, page: Page, asked: Asked) -> Result<List, Refused> {
    let words = answer::words(app, page.locale);
    let found = messages::found(app, &asked.filter(&page), &words)?;
    let to = addresses(app, &found.messages)?;
    let now = app.now();
    let all = numbers::of_all(app, now.minus(COUNTED), now.plus(HOUR))?;
    let choice = |value: &str, text: String, asked: &str| Choice {
        value: value.to_owned(),
        text,
        chosen: value == asked,
    };
    let state = |name: &'static str| {
        let n: i64 = all.values().map(|journey| journey.all.in_state(name)).sum();
        let text = page.t(customers::state_key(name).1);
        let text = if n > 0 { format!("{text} ({})", page.words.number(n)) } else { text };
        choice(name, text, &asked.state)
    };
    let of_journey = all.iter().filter(|(name, _)| asked.journey.is_empty() || **name == asked.journey);
    let (mut steps, mut reasons) = (BTreeSet::new(), BTreeMap::new());
    for (_, journey) in of_journey {
        steps.extend(
            journey.steps.iter().filter(|(_, n)| n.is_about_messages()).map(|(name, _)| name.as_str()),
        );
        for (code, n) in &journey.all.withheld {
            *reasons.entry(code.as_str()).or_insert(0i64) += n;
        }
    }
    // What was chosen stays to be seen, even where nothing of it was counted.
    steps.extend(Some(asked.step.as_str()).filter(|step| !step.is_empty()));
    let asked_reason = Some(asked.reason.as_str()).filter(|reason| !reason.is_empty());
    reasons.entry(asked_reason.unwrap_or("consent_missing")).or_insert(0);
    let reason = |(code, n): (&&str, &i64)| {
        choice(code, format!("{} ({})", words.reason(code), page.words.number(*n)), &asked.reason)
    };
    let line = |view: MessageView| {
        let to = to.get(&view.profile).cloned().unwrap_or_default();
        customers::line(&page, view, &words, to)
    };
    Ok(List {
        states: messages::states().map(state).collect(),
        journeys: app
            .shop()
            .journeys
            .keys()
            .map(|name| choice(name, words.journey(name), &asked.journey))
            .collect(),
        steps: steps.iter().map(|name| choice(name, (*name).to_owned(), &asked.step)).collect(),
        reasons: reasons.iter().map(reason).collect(),
        channels: CHANNELS.iter().map(|(name, key)| choice(name, page.t(key), &asked.channel)).collect(),
        filtered: asked.address("") != "/messages",
        lines: found.messages.into_iter().map(line).collect(),
        older: found.next.map(|next| asked.address(&next)).unwrap_or_default(),
        here: asked.address(&asked.before),
        now,
        asked,
        page,
    })
}

/// The addresses of the customers of some messages, as they are now.
fn addresses(app: &App, messages: &[MessageView]) -> Result<HashMap<ProfileId, String>, Refused> {
    let mut ids: Vec<ProfileId> = messages.iter().map(|message| message.profile).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = app.store.profiles(SHOP, &ids)?;
    let read = |row: &beckon_store::ProfileRow| {
        let profile = Profile::load(SHOP, row.id, row.version, &row.hot, row.warm.as_deref()).ok()?;
        Some((row.id, profile.warm().email.said.value.clone()))
    };
    Ok(rows.iter().filter_map(read).collect())
}
