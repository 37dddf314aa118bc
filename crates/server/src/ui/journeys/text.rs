//! The text of a journey, edited and published.

use super::super::customers::refused;
use super::super::layout::{Page, html, html_with};
use super::publication::{self, Asks};
use super::{Head, Tab};
use crate::api::answer::{self, Refused};
use crate::api::journeys as api;
use crate::app::App;
use crate::form::Fields;
use crate::journeys::{self, Change};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// A line of a text beside an error.
struct Around {
    number: usize,
    text: String,
    wrong: bool,
}

/// What is wrong with a text.
struct Wrong {
    line: usize,
    what: String,
    hint: String,
    around: Vec<Around>,
}

#[derive(Template)]
#[template(path = "journeys/text.html")]
struct TextPage {
    page: Page,
    head: Head,
    text: String,
    graph: u32,
    wrong: Option<Wrong>,
}

/// `GET /journeys/{name}/text`
pub async fn text(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    match text_page(&app, &page, &name, None) {
        Ok(text) => html(&text),
        Err(why) => refused(page, &why),
    }
}

fn text_page(
    app: &App,
    page: &Page,
    name: &str,
    typed: Option<(String, Wrong)>,
) -> Result<TextPage, Refused> {
    let head = Head::new(app, page, name, Tab::Text)?;
    let state = app.shop();
    let document = state.journeys.get(name).ok_or_else(|| Refused::missing("journey"))?;
    let (text, wrong) = match typed {
        Some((text, wrong)) => (text, Some(wrong)),
        None => (document.text.clone(), None),
    };
    Ok(TextPage { page: page.clone(), head, text, graph: document.graph.max(1), wrong })
}

/// `POST /journeys/{name}/text`: publishes it, or shows it again with the line that is wrong.
pub async fn publish(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    // A browser sends CR LF, whatever was typed.
    let text = fields.raw("text").replace("\r\n", "\n");
    let frame = page.clone();
    let done = answer::work(app, move |app| submit(app, &frame, name, text, &fields));
    match done.await {
        Ok(Done::Published(name)) => page.redirect(&format!("/journeys/{name}"), "flash-published"),
        Ok(Done::Asks(asks)) => html(&*asks),
        Ok(Done::Again(again)) => html_with(StatusCode::UNPROCESSABLE_ENTITY, &*again),
        Err(why) => refused(page, &why),
    }
}

enum Done {
    Published(String),
    Asks(Box<Asks>),
    Again(Box<TextPage>),
}

fn submit(app: &App, page: &Page, name: String, text: String, fields: &Fields) -> Result<Done, Refused> {
    let mut change = Change { text: Some(text.clone()), ..Change::default() };
    let tried = journeys::is_text_of(&name, &text).map_err(Refused::from).and_then(|()| {
        let here = format!("/journeys/{name}/text");
        if let Some(asks) = publication::asks(app, page, &name, &change, fields, &here)? {
            return Ok(Some(asks));
        }
        change.inside = publication::inside(fields);
        api::apply(app, Some(&name), &change, page.by()).map(|_| None)
    });
    match tried {
        Ok(Some(asks)) => Ok(Done::Asks(Box::new(asks))),
        Ok(None) => Ok(Done::Published(name)),
        Err(why) if matches!(why.code, "bad_text" | "bad_setting") => {
            let wrong = wrong(&text, &why);
            let again = text_page(app, page, &name, Some((text, wrong)))?;
            Ok(Done::Again(Box::new(again)))
        }
        Err(why) => Err(why),
    }
}

fn wrong(text: &str, why: &Refused) -> Wrong {
    let line = why.line.unwrap_or(0);
    let around =
        (1..).zip(text.lines()).filter(|(number, _)| line > 0 && number + 2 >= line && *number <= line + 2);
    Wrong {
        line,
        what: why.what.clone().unwrap_or_else(|| why.message.clone()),
        hint: why.hint.as_deref().unwrap_or_default().to_owned(),
        around: around
            .map(|(number, text)| Around { number, text: text.to_owned(), wrong: number == line })
            .collect(),
    }
}
