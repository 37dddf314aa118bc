//! Messages of which nobody can say whether they arrived: the line broke after the last byte, or the program was killed
//! there. None goes out again by itself; a person looks and decides.

use super::answer::{self, Answer, Refused};
use super::ask;
use super::messages::{Asked, MessageView, found, row, view};
use crate::access::audit;
use crate::app::App;
use crate::run::decider::NotTaken;
use crate::run::task::{self, Task};
use crate::why_text::Words;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use beckon_core::effect::Verdict;
use beckon_core::why::Reason;
use beckon_store::{MessageRow, MessageState};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Messages that one request decides on; whoever has more asks again.
const MOST: usize = 500;
/// Messages that are asked for at once: a commit's worth, and far less than the decider takes.
const AT_ONCE: usize = 64;

/// What a person says of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It did not arrive: the same message goes out once more.
    SendAgain,
    /// It arrived, or is not worth a second copy.
    CountAsSent,
}

/// How one message is sent again.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Again {
    /// Also after its deadline.
    late: bool,
}

/// Which messages are decided on, and how.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Many {
    decision: Decision,
    #[serde(default)]
    late: bool,
    email: Option<String>,
    journey: Option<String>,
    step: Option<String>,
    from: Option<String>,
    until: Option<String>,
}

/// What came of many decisions.
#[derive(Debug, Default, Serialize)]
pub struct Decided {
    /// Messages that were decided on.
    pub done: usize,
    /// Messages that stay unknown, with the reason.
    pub refused: Vec<NotDecided>,
    /// There are more: ask again with the same filter.
    pub more: bool,
}

/// A message that stays unknown.
#[derive(Debug, Serialize)]
pub struct NotDecided {
    /// Which.
    pub id: String,
    /// Stable code.
    pub code: String,
    /// The same in words.
    pub message: String,
}

/// `POST /api/v1/messages/{id}/sent`: a message of which nobody can say whether it arrived counts as sent.
///
/// # Errors
/// There is no such message, or it is not unknown.
pub async fn sent(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer<MessageView> {
    one(&app, &id, Decision::CountAsSent, false, &headers).await
}

/// `POST /api/v1/messages/{id}/send-again`: the same message goes out once more.
///
/// # Errors
/// There is no such message, it is not unknown, or something speaks against it now.
pub async fn again(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<MessageView> {
    let asked: Again = if body.is_empty() { Again::default() } else { ask::body(&body, r#"{"late": …}"#)? };
    one(&app, &id, Decision::SendAgain, asked.late, &headers).await
}

async fn one(
    app: &Arc<App>,
    id: &str,
    decision: Decision,
    late: bool,
    headers: &HeaderMap,
) -> Answer<MessageView> {
    let words = answer::words(app, answer::locale(app, headers));
    let asked = id.to_owned();
    let found = answer::work(app.clone(), move |app| row(app, &asked)).await?;
    if let Err(why) = decide(app, found, decision, late, "the API").await? {
        return Err(Refused::new(StatusCode::CONFLICT, "not_again", words.say(&why)));
    }
    let asked = id.to_owned();
    answer::work(app.clone(), move |app| Ok(view(&row(app, &asked)?, &words))).await.map(Json)
}

/// `POST /api/v1/messages/unknown`: one decision for all unknown messages that a filter finds.
///
/// # Errors
/// The body or a filter cannot be read, or the store does not answer; what was decided until then stays decided.
pub async fn many(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Answer<Decided> {
    let shape = r#"{"decision": "send_again" or "count_as_sent", "journey": …, …}"#;
    let asked: Many = ask::body(&body, shape)?;
    let filter = Asked {
        email: asked.email,
        journey: asked.journey,
        step: asked.step,
        from: asked.from,
        until: asked.until,
        ..Asked::default()
    };
    let words = answer::words(&app, answer::locale(&app, &headers));
    decide_many(&app, filter, asked.decision, asked.late, "the API", words).await.map(Json)
}

/// Decides on all unknown messages of a filter, at most [`MOST`], the newest first.
///
/// # Errors
/// See [`many`].
pub async fn decide_many(
    app: &Arc<App>,
    filter: Asked,
    decision: Decision,
    late: bool,
    by: &str,
    words: Words,
) -> Result<Decided, Refused> {
    let filter = Asked { state: Some("unknown".to_owned()), limit: Some(MOST), before: None, ..filter };
    let told = words.clone();
    let rows = answer::work(app.clone(), move |app| {
        let found = found(app, &filter, &told)?;
        let more = found.next.is_some();
        let rows = found.messages.iter().map(|message| row(app, &message.id.to_string()));
        Ok((rows.collect::<Result<Vec<_>, _>>()?, more))
    });
    let (rows, more) = rows.await?;
    let mut decided = Decided { more, ..Decided::default() };
    let mut failed = None;
    let mut rows = rows.into_iter();
    while failed.is_none() {
        let some: Vec<MessageRow> = rows.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        failed = decide_some(app, some, decision, late, by, &words, &mut decided).await.err();
    }
    told_to_the_log(app, decision, &decided.done.to_string(), true).await;
    failed.map_or(Ok(decided), Err)
}

/// Decides on some messages in one commit or a few.
async fn decide_some(
    app: &Arc<App>,
    rows: Vec<MessageRow>,
    decision: Decision,
    late: bool,
    by: &str,
    words: &Words,
    decided: &mut Decided,
) -> Result<(), Refused> {
    let ask = |row: MessageRow| {
        let (app, by, id) = (app.clone(), by.to_owned(), row.id.to_string());
        (id, tokio::spawn(async move { asked(&app, row, decision, late, &by).await }))
    };
    let mut failed = Ok(());
    for (id, answer) in rows.into_iter().map(ask).collect::<Vec<_>>() {
        let lost =
            |_| Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "repeat in a moment"));
        match answer.await.unwrap_or_else(lost) {
            Ok(Ok(())) => decided.done += 1,
            Ok(Err(why)) => {
                let message = words.say(&why);
                decided.refused.push(NotDecided { id, code: why.code, message });
            }
            // Somebody decided on this one meanwhile.
            Err(why) if why.status() == StatusCode::CONFLICT => {}
            Err(why) => failed = Err(why),
        }
    }
    failed
}

/// Decides on one message; the inner error says what speaks against sending it again, and it stays unknown.
///
/// # Errors
/// It is not unknown (any more), or the store does not answer.
pub async fn decide(
    app: &Arc<App>,
    row: MessageRow,
    decision: Decision,
    late: bool,
    by: &str,
) -> Result<Result<(), Reason>, Refused> {
    let id = row.id.to_string();
    let done = asked(app, row, decision, late, by).await?;
    if done.is_ok() {
        told_to_the_log(app, decision, &id, false).await;
    }
    Ok(done)
}

async fn told_to_the_log(app: &Arc<App>, decision: Decision, object: &str, many: bool) {
    let action = match (decision, many) {
        (Decision::SendAgain, false) => "message.repeated",
        (Decision::SendAgain, true) => "message.repeated-many",
        (Decision::CountAsSent, false) => "message.counted",
        (Decision::CountAsSent, true) => "message.counted-many",
    };
    audit::note(app, action, object, Vec::new()).await;
}

/// Her caps and her journey took an unknown message for sent; counted as sent, the numbers do so too. Sent again, it
/// passes the gate's claim as any message does. Of two people who decide at once, one is told that she was late.
async fn asked(
    app: &App,
    row: MessageRow,
    decision: Decision,
    late: bool,
    by: &str,
) -> Result<Result<(), Reason>, Refused> {
    let late_one = |why: &'static str| Refused::new(StatusCode::CONFLICT, "not_unknown", why);
    if row.state != MessageState::Unknown {
        return Err(late_one("the state of this message is known"));
    }
    let reactions = [row.opened_at, row.machine_opened_at, row.clicked_at, row.machine_clicked_at];
    if decision == Decision::SendAgain && reactions.iter().any(Option::is_some) {
        return Ok(Err(Reason::new("arrived")));
    }
    let row = Box::new(row);
    let done = match decision {
        Decision::CountAsSent => {
            let note = format!("counted as sent by {by}");
            app.decider.ask(|reply| Task::CountAsSent { row, note, reply }).await
        }
        Decision::SendAgain => {
            let note = format!("sent again by {by}");
            app.decider.ask(|reply| Task::SendAgain { row, late, note, reply }).await
        }
    };
    match done {
        Ok(task::Answer::Verdict(Verdict::NotAgain(why))) => Ok(Err(why)),
        Ok(_) => Ok(Ok(())),
        Err(NotTaken::Refused) => Err(late_one("somebody else was quicker")),
        Err(_) => Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "repeat in a moment")),
    }
}
