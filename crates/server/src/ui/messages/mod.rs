//! Messages: a list with filters, and one as it was sent, with why.

use super::customers::{self, MessageLine};
use super::layout::{Page, html};
use crate::api::answer::{self, Refused};
use crate::api::messages::{self, MessageView};
use crate::app::{App, SHOP};
use crate::people;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use beckon_core::ids::ProfileId;
use beckon_core::profile::Profile;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// What is asked of the list.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    journey: String,
    #[serde(default)]
    email: String,
    before: Option<String>,
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
    states: Vec<Choice>,
    journeys: Vec<Choice>,
    email: String,
    filtered: bool,
    lines: Vec<MessageLine>,
    older: String,
}

/// `GET /messages`
pub async fn list(page: Page, State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    let frame = page.clone();
    let read = answer::work(app, move |app| listed(app, frame, &asked));
    match read.await {
        Ok(list) => html(&list),
        Err(why) => customers::refused(page, &why),
    }
}

fn listed(app: &App, page: Page, asked: &Asked) -> Result<List, Refused> {
    let words = answer::words(app, page.locale);
    let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let filter = messages::Asked {
        email: some(&asked.email),
        state: some(&asked.state),
        journey: some(&asked.journey),
        before: asked.before.clone(),
        ..messages::Asked::default()
    };
    let found = messages::found(app, &filter, &words)?;
    let to = addresses(app, &found.messages)?;
    let state = app.shop();
    let journey = |name: &String| Choice {
        value: name.clone(),
        text: words.journey(name),
        chosen: *name == asked.journey,
    };
    let choice = |name: &'static str| Choice {
        value: name.to_owned(),
        text: page.t(customers::state_key(name).1),
        chosen: name == asked.state,
    };
    let older = found.next.map(|next| {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("state", asked.state.as_str()),
                ("journey", asked.journey.as_str()),
                ("email", asked.email.as_str()),
                ("before", next.as_str()),
            ])
            .finish();
        format!("/messages?{query}")
    });
    let line = |view: MessageView| {
        let to = to.get(&view.profile).cloned().unwrap_or_default();
        customers::line(&page, view, &words, to)
    };
    Ok(List {
        states: messages::states().map(choice).collect(),
        journeys: state.journeys.keys().map(journey).collect(),
        email: asked.email.clone(),
        filtered: filter.email.is_some() || filter.state.is_some() || filter.journey.is_some(),
        lines: found.messages.into_iter().map(line).collect(),
        older: older.unwrap_or_default(),
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

#[derive(Template)]
#[template(path = "messages/one.html")]
struct One {
    page: Page,
    line: MessageLine,
    customer: ProfileId,
    subject: String,
    why_not: String,
    narrow: bool,
}

/// How wide the mail is shown.
#[derive(Debug, Default, Deserialize)]
pub struct Width {
    #[serde(default)]
    width: String,
}

/// `GET /messages/{id}`
pub async fn one(
    page: Page,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(width): Query<Width>,
) -> Response {
    let frame = page.clone();
    let read = answer::work(app, move |app| {
        let row = messages::row(app, &id)?;
        let words = answer::words(app, frame.locale);
        let profile = people::follow(app, row.profile)?;
        let to = profile.as_ref().map(|profile| profile.warm().email.said.value.clone()).unwrap_or_default();
        let (subject, why_not) = match messages::rendered(app, &row) {
            Ok(rendered) => (rendered.subject, String::new()),
            Err(why) if why.code == "not_rendered" => (String::new(), frame.t("message-not-rendered")),
            Err(why) => (String::new(), why.message),
        };
        let customer = profile.map_or(row.profile, |profile| profile.id);
        let line = customers::line(&frame, messages::view(&row, &words), &words, to);
        Ok(One { page: frame, line, customer, subject, why_not, narrow: width.width == "phone" })
    });
    match read.await {
        Ok(one) => html(&one),
        Err(why) => customers::refused(page, &why),
    }
}

/// `GET /messages/{id}/body`: the mail for its frame. Staff who look at it are no customers: the opening picture is left
/// out, and no link leads anywhere.
pub async fn body(page: Page, State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let read = answer::work(app, move |app| {
        let row = messages::row(app, &id)?;
        let rendered = messages::rendered(app, &row)?;
        Ok(rendered.html.replace(&app.links().open(row.id.0), "data:,"))
    });
    match read.await {
        Ok(html) => messages::inert(unlinked(html)),
        Err(why) => customers::refused(page, &why),
    }
}

/// Links open new windows, which the frame's sandbox does not allow.
pub(super) fn unlinked(html: String) -> String {
    match html.find("<head>") {
        Some(at) => {
            let mut html = html;
            html.insert_str(at + "<head>".len(), "<base target=\"_blank\">");
            html
        }
        None => format!("<base target=\"_blank\">{html}"),
    }
}
