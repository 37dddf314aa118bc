//! Settings, unsubscribes: brings in addresses that unsubscribed, complained or bounced elsewhere, pasted or as a file.

use crate::access::audit;
use crate::app::App;
use crate::form::Fields;
use crate::people::stop;
use crate::people::stop_list::{self, StopList, Wrong, WrongLine};
use crate::ui::layout::{Page, broken, html, html_with};
use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use beckon_core::address::Said;
use std::sync::Arc;

/// The largest file: some 300,000 addresses.
const FILE_MAX: usize = 8 << 20;
/// Wrong lines that are shown.
const WRONG_SHOWN: usize = 100;
/// Wrong lines that are named after a file, in one sentence each.
const WRONG_SAID: usize = 10;

/// What came of a list.
struct Report {
    stopped: usize,
    repeated: usize,
    wrong: Vec<WrongLine>,
    wrong_total: usize,
}

impl From<StopList> for Report {
    fn from(list: StopList) -> Report {
        let (wrong_total, mut wrong) = (list.wrong.len(), list.wrong);
        wrong.truncate(WRONG_SHOWN);
        Report { stopped: list.stops.len(), repeated: list.repeated, wrong, wrong_total }
    }
}

#[derive(Template)]
#[template(path = "settings/unsubscribes.html")]
struct UnsubscribesPage {
    page: Page,
    report: Option<Report>,
    text: String,
    reason: String,
    error: String,
}

impl UnsubscribesPage {
    fn new(page: Page) -> UnsubscribesPage {
        let (text, reason, error) = Default::default();
        UnsubscribesPage { page, report: None, text, reason, error }
    }
}

/// How many were stopped, in a sentence.
fn told(page: &Page, report: &Report) -> String {
    let stopped = page.count("unsubscribes-stopped", report.stopped);
    if report.repeated == 0 {
        return stopped;
    }
    format!("{stopped} {}", page.count("unsubscribes-repeated", report.repeated))
}

/// Key of what is wrong with a line.
fn why(why: &Wrong) -> &'static str {
    match why {
        Wrong::NoAddress => "unsubscribes-no-address",
        Wrong::BadAddress => "unsubscribes-bad-address",
        Wrong::BadReason => "unsubscribes-bad-reason",
    }
}

/// `GET /settings/unsubscribes`
pub async fn page(page: Page) -> Response {
    html(&UnsubscribesPage::new(page))
}

/// `POST /settings/unsubscribes`: what was pasted. Lines that were not taken stay in the field, to be put right.
pub async fn submit(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let text = fields.text("addresses");
    let usual = stop::reason(fields.text("reason")).unwrap_or(Said::Unsubscribed);
    let reason = fields.text("reason").to_owned();
    if text.is_empty() {
        let error = page.t("unsubscribes-empty");
        let again = UnsubscribesPage { error, reason, ..UnsubscribesPage::new(page) };
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let list = stop_list::read(text.as_bytes(), usual);
    if let Err(why) = bring(&app, &list).await {
        return broken(page, &why);
    }
    let (text, none) = (left(&list), list.stops.is_empty());
    let again = UnsubscribesPage { report: Some(list.into()), text, reason, ..UnsubscribesPage::new(page) };
    html_with(if none { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &again)
}

/// `POST /settings/unsubscribes/file`: the file as the body, sent by the page's script with the token in a header; told
/// in sentences.
pub async fn file(page: Page, State(app): State<Arc<App>>, body: Body) -> Response {
    let Ok(bytes) = to_bytes(body, FILE_MAX).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, page.t("unsubscribes-large")).into_response();
    };
    let list = stop_list::read(&bytes, Said::Unsubscribed);
    if list.stops.is_empty() && list.wrong.is_empty() {
        return (StatusCode::UNPROCESSABLE_ENTITY, page.t("unsubscribes-empty")).into_response();
    }
    if bring(&app, &list).await.is_err() {
        return (StatusCode::SERVICE_UNAVAILABLE, page.t("unsubscribes-failed")).into_response();
    }
    let report = Report::from(list);
    let status = if report.stopped == 0 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut said = vec![told(&page, &report)];
    if report.wrong_total > 0 {
        said.push(page.count("unsubscribes-wrong", report.wrong_total));
        said.extend(report.wrong.iter().take(WRONG_SAID).map(|line| {
            format!("{} {}: {}", page.t("unsubscribes-line"), line.line, page.t(why(&line.why)))
        }));
        if report.wrong_total > WRONG_SAID {
            said.push("…".to_owned());
        }
    }
    (status, said.join(" ")).into_response()
}

/// The lines that were not taken, under the names of their columns.
fn left(list: &StopList) -> String {
    let lines: Vec<&str> = list.wrong.iter().map(|line| line.text.as_str()).collect();
    let head = list.head.as_deref().filter(|_| !lines.is_empty());
    head.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

/// Stops all that can be read.
async fn bring(app: &Arc<App>, list: &StopList) -> beckon_store::Result<()> {
    stop::stop(app, &list.stops).await?;
    if !list.stops.is_empty() {
        audit::note(app, "suppression.list", &list.stops.len().to_string(), Vec::new()).await;
    }
    Ok(())
}
