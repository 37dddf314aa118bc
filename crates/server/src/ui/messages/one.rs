//! One message: as it was sent, why it was, and what became of it.

use super::super::customers::{self, MessageLine};
use super::super::layout::{Page, html};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::api::messages;
use crate::app::App;
use crate::people;
use crate::sent::{self, NotShown, Sent};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use beckon_core::ids::ProfileId;
use beckon_core::time::ShopTime;
use beckon_render::Item;
use beckon_store::{MessageRow, MessageState};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "messages/one.html")]
struct One {
    page: Page,
    line: MessageLine,
    customer: ProfileId,
    view: View,
    mail: Option<Mail>,
    why_not: String,
    moments: Vec<Moment>,
    here: String,
    now: ShopTime,
}

/// What is shown of a mail beside its frame.
struct Mail {
    subject: String,
    text: String,
    /// Sender, receiver and subject under the names people use.
    letterhead: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    goods: Vec<Good>,
    exact: bool,
}

/// A product of the mail and why it is in it.
struct Good {
    title: String,
    quantity: u32,
    why: String,
}

/// Something that happened to the message.
struct Moment {
    at: ShopTime,
    icon: &'static str,
    kind: &'static str,
    title: String,
    detail: String,
}

/// How the mail is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// As wide as there is room, at least 640 pixels where the screen has them.
    #[default]
    Desktop,
    /// As wide as a telephone: 375 pixels.
    Phone,
    /// The part for those who read no HTML.
    Text,
}

/// What is asked of the page; an unknown view is the usual one.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    view: String,
}

impl Asked {
    fn view(&self) -> View {
        match self.view.as_str() {
            "phone" => View::Phone,
            "text" => View::Text,
            _ => View::Desktop,
        }
    }
}

/// `GET /messages/{id}`
pub async fn one(
    page: Page,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| told(app, frame, &id, asked.view())).await {
        Ok(one) => html(&one),
        Err(why) => customers::refused(page, &why),
    }
}

fn told(app: &App, page: Page, id: &str, view: View) -> Result<One, Refused> {
    let row = messages::row(app, id)?;
    let words = answer::words(app, page.locale);
    let profile = people::follow(app, row.profile)?;
    let known = profile.as_ref().map(|profile| profile.warm().email.said.value.clone()).unwrap_or_default();
    let (mail, why_not, to) = match sent::again(app, &row) {
        Ok(sent) if sent.kept.to.is_empty() => (Some(mail(&page, &sent)), String::new(), known),
        Ok(sent) => (Some(mail(&page, &sent)), String::new(), sent.kept.to),
        Err(NotShown::Nothing) if row.handed_at.is_some() => (None, page.t("message-erased"), known),
        Err(NotShown::Nothing) => (None, page.t("message-not-rendered"), known),
        Err(NotShown::Template(why)) => (None, page.with("message-template-gone", "why", &why), known),
        Err(NotShown::Unavailable(_)) => (None, page.t("problem-store"), known),
    };
    let customer = profile.map_or(row.profile, |profile| profile.id);
    let moments = moments(&page, &row);
    let line = customers::line(&page, messages::view(&row, &words), &words, to);
    let (here, now) = (format!("/messages/{}", row.id), app.now());
    Ok(One { page, line, customer, view, mail, why_not, moments, here, now })
}

fn mail(page: &Page, sent: &Sent) -> Mail {
    let (kept, letter) = (&sent.kept, &sent.letter);
    let ours = [
        ("From", "message-from", kept.from.clone()),
        ("To", "message-to", kept.to.clone()),
        ("Subject", "message-subject", letter.rendered.subject.clone()),
    ];
    let ours = ours.into_iter().filter(|(.., value)| !value.is_empty());
    let letterhead = ours.clone().map(|(_, key, value)| (page.t(key), value)).collect();
    let id = Some(format!("<{}>", letter.message_id)).filter(|id| id != "<>");
    let ours = ours.map(|(name, _, value)| (name, value)).chain(id.map(|id| ("Message-ID", id)));
    let headers = ours.map(|(name, value)| (name.to_owned(), value)).chain(letter.headers.iter().cloned());
    let good = |item: &Item, key: &str| Good {
        title: item.title.clone(),
        quantity: item.quantity,
        why: item.reason.clone().filter(|why| !why.is_empty()).unwrap_or_else(|| page.t(key)),
    };
    let shown = kept.facts.items.iter().map(|item| good(item, "message-good-cart"));
    let beside = kept.facts.beside().map(|item| good(item, "message-good-beside"));
    Mail {
        subject: letter.rendered.subject.clone(),
        text: letter.rendered.text.clone(),
        letterhead,
        headers: headers.collect(),
        goods: shown.chain(beside).collect(),
        exact: sent.exact,
    }
}

/// What happened to it, in order.
fn moments(page: &Page, row: &MessageRow) -> Vec<Moment> {
    let (end_kind, end_key) = customers::state_key(messages::state_name(row.state));
    let end_icon = if row.state == MessageState::Sent { "check" } else { "stop" };
    let said = row.notes.lines().last().unwrap_or_default();
    let found = [
        (Some(row.due), "clock", "", page.t("message-due"), ""),
        (Some(row.created_at), "route", "", page.t("message-considered"), ""),
        (row.approved_at, "check", "good", page.t("message-approved-at"), ""),
        (row.handed_at, "mail", "info", page.t("message-handed-at"), ""),
        (row.ended_at, end_icon, end_kind, page.t(end_key), said),
        (row.machine_opened_at, "eye", "quiet", page.t("reaction-machine"), ""),
        (row.opened_at, "eye", "good", page.t("reaction-opened"), ""),
        (row.machine_clicked_at, "check", "quiet", page.t("reaction-clicked-machine"), ""),
        (row.clicked_at, "check", "good", page.t("reaction-clicked"), ""),
        (row.ended_badly_at, "stop", "bad", page.t("reaction-bad"), ""),
    ];
    let told = found.into_iter().filter_map(|(at, icon, kind, title, detail)| {
        Some(Moment { at: at?, icon, kind, title, detail: detail.to_owned() })
    });
    let mut told: Vec<Moment> = told.collect();
    told.sort_by_key(|moment| moment.at);
    told
}

/// `GET /messages/{id}/body`: the mail for its frame. Staff who look at it are no customers: the opening picture is
/// left out, and no link leads anywhere.
pub async fn body(page: Page, State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let read = answer::work(app, move |app| {
        let row = messages::row(app, &id)?;
        let sent = messages::sent(app, &row)?;
        let origin = if sent.kept.origin.is_empty() { app.public_origin() } else { sent.kept.origin.clone() };
        let pixel = beckon_render::Links::new(&origin, &app.shop().secret).open(row.id.0);
        Ok((sent.letter.rendered.html.replace(&pixel, "data:,"), sent::picture_origins(&sent.kept)))
    });
    match read.await {
        Ok((html, pictures)) => messages::inert(unlinked(html), &pictures),
        Err(why) => customers::refused(page, &why),
    }
}

/// Links open new windows, which the frame's sandbox does not allow.
pub(crate) fn unlinked(html: String) -> String {
    match html.find("<head>") {
        Some(at) => {
            let mut html = html;
            html.insert_str(at + "<head>".len(), "<base target=\"_blank\">");
            html
        }
        None => format!("<base target=\"_blank\">{html}"),
    }
}
