//! A person decides on messages of which nobody can say whether they arrived: one, or all that a filter finds.

use super::Asked;
use crate::api::answer::{self, Refused};
use crate::api::messages;
use crate::api::unknown::{self, Decided, Decision, NotDecided};
use crate::app::App;
use crate::form::Fields;
use crate::ui::customers;
use crate::ui::layout::{Page, html};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// What came of it, where something stays unknown.
#[derive(Template)]
#[template(path = "messages/decided.html")]
struct Told {
    page: Page,
    decided: Decided,
    again: bool,
    back: String,
}

/// `POST /messages/{id}/sent`
pub async fn count_as_sent(
    page: Page,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    fields: Fields,
) -> Response {
    one(page, &app, id, Decision::CountAsSent, &fields).await
}

/// `POST /messages/{id}/send-again`
pub async fn send_again(
    page: Page,
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    fields: Fields,
) -> Response {
    one(page, &app, id, Decision::SendAgain, &fields).await
}

async fn one(page: Page, app: &Arc<App>, id: String, decision: Decision, fields: &Fields) -> Response {
    let back = back(fields);
    let asked = id.clone();
    let read = answer::work(app.clone(), move |app| messages::row(app, &asked)).await;
    let done = match read {
        Ok(row) => unknown::decide(app, row, decision, fields.has("late"), page.by()).await,
        Err(why) => Err(why),
    };
    match done {
        Ok(Ok(())) => page.redirect(&back, flash(decision)),
        Ok(Err(why)) => {
            let message = answer::words(app, page.locale).say(&why);
            let refused = vec![NotDecided { id, code: why.code, message }];
            html(&Told { page, decided: Decided { refused, ..Decided::default() }, again: true, back })
        }
        Err(why) => late(page, &back, &why),
    }
}

/// `POST /messages/unknown`: all that the filter of the list finds.
pub async fn many(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let field = |name: &str| fields.text(name).to_owned();
    let asked = Asked {
        journey: field("journey"),
        step: field("step"),
        email: field("email"),
        from: field("from"),
        to: field("to"),
        ..Asked::default()
    };
    let decision = match fields.text("decision") {
        "send_again" => Decision::SendAgain,
        "count_as_sent" => Decision::CountAsSent,
        _ => return customers::refused(page, &Refused::bad("`decision` is send_again or count_as_sent")),
    };
    let words = answer::words(&app, page.locale);
    let filter = asked.filter(&page);
    let done = unknown::decide_many(&app, filter, decision, fields.has("late"), page.by(), words).await;
    let back = back(&fields);
    match done {
        Ok(decided) if decided.refused.is_empty() && !decided.more => page.redirect(&back, flash(decision)),
        Ok(decided) => html(&Told { page, decided, again: decision == Decision::SendAgain, back }),
        Err(why) => late(page, &back, &why),
    }
}

fn back(fields: &Fields) -> String {
    let back = fields.text("back");
    if back.starts_with("/messages") { back.to_owned() } else { "/messages".to_owned() }
}

fn flash(decision: Decision) -> &'static str {
    match decision {
        Decision::SendAgain => "flash-sent-again",
        Decision::CountAsSent => "flash-counted-as-sent",
    }
}

fn late(page: Page, back: &str, why: &Refused) -> Response {
    if why.status() == StatusCode::CONFLICT {
        return page.redirect(back, "flash-not-unknown");
    }
    customers::refused(page, why)
}
