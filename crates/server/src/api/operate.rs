//! Running the shop: stop and go on, the test mail, the check-up, going on after a restore.

use super::answer::{self, Answer, Refused};
use super::ask;
use super::settings::BY;
use crate::app::App;
use crate::checkup::background::{Checkup, State as Progress};
use crate::checkup::{STEPS, Subject};
use crate::i18n::{self, Locale};
use crate::ops::{resume, stop, test_mail};
use crate::when::When;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use beckon_core::time::ShopTime;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Whether everything is stopped.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stopped {
    stopped: bool,
}

/// `GET /api/v1/stop`
pub async fn stopped(State(app): State<Arc<App>>) -> Json<Stopped> {
    Json(Stopped { stopped: app.shop().settings.stopped })
}

/// `POST /api/v1/stop`: stops everything, or goes on; it is in force when this is answered.
///
/// # Errors
/// The body cannot be read, or the store does not answer.
pub async fn stop(State(app): State<Arc<App>>, body: Bytes) -> Answer<Stopped> {
    let asked: Stopped = ask::body(&body, "{\"stopped\": true or false}")?;
    let done = stop::set(&app, BY, asked.stopped).await;
    done.map_err(|why| Refused::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why))?;
    Ok(Json(asked))
}

/// Where a test mail goes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct To {
    to: String,
}

/// What came of a test mail.
#[derive(Debug, Serialize)]
pub struct Tried {
    sent: bool,
    /// Stable code.
    result: &'static str,
    /// What it means.
    text: String,
    /// The relay's own words.
    answer: String,
}

/// `POST /api/v1/test-mail`: a mail is really sent; a relay that refuses it is no failure of this request.
///
/// # Errors
/// The body cannot be read.
pub async fn test_mail(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Answer<Tried> {
    let asked: To = ask::body(&body, "{\"to\": \"somebody@example.com\"}")?;
    let locale = answer::locale(&app, &headers);
    let tried = test_mail::attempt(&app, locale, asked.to.trim()).await;
    if tried.key == "test-address" {
        return Err(Refused::field("to", tried.answer));
    }
    let text = i18n::t(locale, tried.key, &[]);
    Ok(Json(Tried { sent: tried.sent, result: tried.key, text, answer: tried.answer }))
}

/// A check-up: the last one, or the one that runs.
#[derive(Debug, Serialize)]
pub struct CheckupView {
    /// When it began; `null`: never.
    began: When,
    running: bool,
    steps_done: usize,
    steps: usize,
    findings: Vec<FindingView>,
}

/// What one check found.
#[derive(Debug, Serialize)]
pub struct FindingView {
    check: &'static str,
    level: &'static str,
    found: &'static str,
    title: String,
    text: String,
    /// What to do; empty when nothing is.
    mend: String,
}

fn view(progress: &Progress, locale: Locale) -> CheckupView {
    let finding = |finding: &crate::checkup::Finding| FindingView {
        check: finding.check,
        level: finding.level.code(),
        found: finding.found,
        title: finding.title(locale),
        text: finding.text(locale),
        mend: finding.mend(locale),
    };
    CheckupView {
        began: When(progress.began.map_or(ShopTime(0), |began| ShopTime(began.0))),
        running: progress.running,
        steps_done: progress.steps,
        steps: STEPS,
        findings: progress.findings.iter().map(finding).collect(),
    }
}

/// `GET /api/v1/checkup`
pub async fn checkup(
    State(app): State<Arc<App>>,
    Extension(checkup): Extension<Arc<Checkup>>,
    headers: HeaderMap,
) -> Json<CheckupView> {
    Json(view(&checkup.state(), answer::locale(&app, &headers)))
}

/// `POST /api/v1/checkup`: begins one, unless one runs; what it finds is read with GET.
pub async fn check_up(
    State(app): State<Arc<App>>,
    Extension(checkup): Extension<Arc<Checkup>>,
    headers: HeaderMap,
) -> (StatusCode, Json<CheckupView>) {
    checkup.start(Subject::of(&app));
    (StatusCode::ACCEPTED, Json(view(&checkup.state(), answer::locale(&app, &headers))))
}

/// Whether nothing is sent because the data was restored or copied.
#[derive(Debug, Serialize)]
pub struct Restored {
    paused: bool,
    /// What the store noticed.
    doubt: Option<String>,
}

/// `GET /api/v1/restored`
pub async fn restored(State(app): State<Arc<App>>) -> Json<Restored> {
    let doubt = app.store.suspicion();
    Json(Restored { paused: doubt.is_some(), doubt })
}

/// That whoever asks is sure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sure {
    sure: bool,
}

/// `POST /api/v1/restored`: goes on with the data as it is.
///
/// # Errors
/// It is not said that unsubscribes were brought over, or the store does not answer.
pub async fn go_on(State(app): State<Arc<App>>, headers: HeaderMap, body: Bytes) -> Answer<Restored> {
    let asked: Sure = ask::body(&body, "{\"sure\": true}")?;
    if !asked.sure {
        let locale = answer::locale(&app, &headers);
        return Err(Refused::field("sure", i18n::t(locale, "restored-sure-wanted", &[])));
    }
    resume::go_on(&app, BY).await?;
    Ok(restored(State(app)).await)
}
