//! Settings, check-up: what `beckon doctor` says, for whoever has no shell.

use crate::app::App;
use crate::checkup::background::{Checkup, State as Progress};
use crate::checkup::{Finding, Level, STEPS, Subject};
use crate::ui::layout::{Page, fragment, html};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use beckon_core::time::ShopTime;
use std::sync::Arc;

/// A finding in the words of the page.
struct Row {
    /// Class of its badge.
    kind: &'static str,
    word: String,
    title: String,
    text: String,
    mend: String,
}

#[derive(Template)]
#[template(path = "settings/checkup.html")]
struct CheckupPage {
    page: Page,
    progress: Progress,
    when: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "settings/checkup_list.html")]
struct CheckupPart {
    page: Page,
    progress: Progress,
    when: String,
    rows: Vec<Row>,
}

fn rows(page: &Page, findings: &[Finding]) -> Vec<Row> {
    let row = |finding: &Finding| Row {
        kind: match finding.level {
            Level::Ok => "good",
            Level::NotChecked => "",
            Level::Warning => "warn",
            Level::Wrong => "bad",
        },
        word: finding.level.word(page.locale),
        title: finding.title(page.locale),
        text: finding.text(page.locale),
        mend: finding.mend(page.locale),
    };
    let mut findings: Vec<&Finding> = findings.iter().collect();
    // What wants a person first; within a level in the order of the checks.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    findings.into_iter().map(row).collect()
}

/// When the last one began; people read every moment in the shop's zone.
fn when(page: &Page, progress: &Progress) -> String {
    progress.began.map_or_else(String::new, |began| page.words.moment(&ShopTime(began.0)))
}

/// `GET /settings/checkup`: the last one, or the one that runs; the first visit begins one.
pub async fn page(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(checkup): Extension<Arc<Checkup>>,
) -> Response {
    if checkup.state().began.is_none() {
        checkup.start(Subject::of(&app));
    }
    let progress = checkup.state();
    let rows = rows(&page, &progress.findings);
    let when = when(&page, &progress);
    html(&CheckupPage { page, progress, when, rows })
}

/// `GET /settings/checkup/list`: the part that asks for itself.
pub async fn live(page: Page, Extension(checkup): Extension<Arc<Checkup>>, headers: HeaderMap) -> Response {
    let progress = checkup.state();
    let rows = rows(&page, &progress.findings);
    let when = when(&page, &progress);
    fragment(&headers, &CheckupPart { page, progress, when, rows })
}

/// `POST /settings/checkup`: once more.
pub async fn submit(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(checkup): Extension<Arc<Checkup>>,
) -> Response {
    checkup.start(Subject::of(&app));
    page.redirect("/settings/checkup", "")
}
