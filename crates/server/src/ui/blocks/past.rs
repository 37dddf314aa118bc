//! How a block would have done on the shop's last days, in words a marketer understands.

use super::super::customers::refused;
use super::super::layout::{Page, fragment, html};
use super::{Head, Tab, now};
use crate::access::audit;
use crate::api::answer;
use crate::app::App;
use crate::blocks::past::{DAYS, Past, STEPS_MIN, State};
use crate::i18n::{self, Locale};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State as From};
use axum::http::HeaderMap;
use axum::response::Response;
use beckon_core::time::ShopTime;
use beckon_recommend::evaluate::{Foretold, Trial};
use std::sync::Arc;

/// What was found of one arm and one kind of step.
struct Finding {
    /// "What shoppers looked at next"
    what: String,
    /// The sentence.
    verdict: String,
    /// Of a hundred, for the bars.
    percent: u32,
    bestsellers: u32,
    bars: (String, String),
    /// Hit rate and mean reciprocal rank, for who knows them.
    figures: String,
}

/// An arm with its findings.
struct Arm {
    name: String,
    findings: Vec<Finding>,
    /// Too few steps were foretold.
    little: bool,
    short: String,
}

#[derive(Template)]
#[template(path = "blocks/past_result.html")]
struct Found {
    page: Page,
    state: Option<State>,
    began: ShopTime,
    since: ShopTime,
    arms: Vec<Arm>,
}

#[derive(Template)]
#[template(path = "blocks/past.html")]
struct PastPage {
    page: Page,
    head: Head,
    name: String,
    busy: bool,
    days: i64,
    found: Found,
}

/// `GET /blocks/{name}/past`
pub async fn page(
    page: Page,
    From(app): From<Arc<App>>,
    Extension(past): Extension<Arc<Past>>,
    Path(name): Path<String>,
) -> Response {
    let frame = page.clone();
    let made = answer::work(app, move |app| {
        let head = Head::new(app, &frame, &name, Tab::Past)?;
        let found = found(app, &frame, &name, &past);
        Ok(PastPage { head, busy: past.is_busy(), days: DAYS, found, name, page: frame })
    });
    match made.await {
        Ok(made) => html(&made),
        Err(why) => refused(page, &why),
    }
}

/// `GET /blocks/{name}/past/result`: how far it is, for a page that waits.
pub async fn live(
    page: Page,
    From(app): From<Arc<App>>,
    Extension(past): Extension<Arc<Past>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    fragment(&headers, &found(&app, &page, &name, &past))
}

/// `POST /blocks/{name}/past`: begins a trial, unless one runs.
pub async fn start(
    page: Page,
    From(app): From<Arc<App>>,
    Extension(past): Extension<Arc<Past>>,
    Path(name): Path<String>,
) -> Response {
    let to = format!("/blocks/{name}/past");
    let asked = name.clone();
    let document = match answer::work(app.clone(), move |app| now(app, &asked)).await {
        Ok((document, _)) => document,
        Err(why) => return refused(page, &why),
    };
    if !past.start(app.clone(), &name, document.arms) {
        return page.redirect(&to, "flash-past-busy-refused");
    }
    audit::note(&app, "block.tried", &name, Vec::new()).await;
    page.redirect(&to, "")
}

fn found(app: &App, page: &Page, name: &str, past: &Past) -> Found {
    let state = past.state(name);
    let size =
        app.shop().blocks.get(name).and_then(|block| Some(block.arms.first()?.block.size)).unwrap_or(1);
    let arms =
        state.iter().flat_map(|state| &state.found).map(|(arm, trial)| self::arm(page, arm, trial, size));
    Found {
        arms: arms.collect(),
        began: state.as_ref().map_or(ShopTime(0), |state| ShopTime(state.began.0)),
        since: state.as_ref().map_or(ShopTime(0), |state| state.from),
        state,
        page: page.clone(),
    }
}

fn arm(page: &Page, name: &str, trial: &Trial, size: u16) -> Arm {
    let asked = trial.viewed.questions + trial.taken.questions;
    let both = [("past-viewed", &trial.viewed), ("past-taken", &trial.taken)];
    let enough = both.into_iter().filter(|(_, of)| of.questions >= STEPS_MIN);
    let findings: Vec<Finding> = enough.map(|(key, of)| finding(page, key, of, size)).collect();
    Arm {
        name: name.to_owned(),
        little: findings.is_empty(),
        findings,
        short: match trial.short {
            0 => String::new(),
            short => page.with("past-short", "share", &page.words.share(short, asked)),
        },
    }
}

fn finding(page: &Page, key: &str, of: &Foretold, size: u16) -> Finding {
    let ((rate, error), (plain, _)) = (of.hit_rate(), of.bestseller_rate());
    let hundred = |rate: f64| (rate * 100.0).round() as u32;
    let tenths = |number: f64| decimal(page.locale, number, 1);
    // Two standard errors on both sides hold the truth 19 times of 20.
    let margin = tenths(200.0 * error);
    let place = of.mean_place().map(tenths).unwrap_or_default();
    let (n, size) = (page.words.number(hundred(rate)), page.words.number(size));
    let args = [
        ("n", n.as_str().into()),
        ("margin", margin.as_str().into()),
        ("size", size.as_str().into()),
        ("place", place.as_str().into()),
    ];
    let (hr, mrr) = (decimal(page.locale, rate, 3), decimal(page.locale, of.mrr(), 3));
    let questions = page.words.number(of.questions);
    let figures = [
        ("hr", hr.as_str().into()),
        ("mrr", mrr.as_str().into()),
        ("size", size.as_str().into()),
        ("questions", questions.as_str().into()),
    ];
    Finding {
        what: page.t(key),
        verdict: i18n::t(page.locale, if of.hits > 0 { "past-verdict" } else { "past-verdict-none" }, &args),
        percent: hundred(rate),
        bestsellers: hundred(plain),
        bars: (
            page.with("past-bar-block", "share", &format!("{} %", tenths(rate * 100.0))),
            page.with("past-bar-bestsellers", "share", &format!("{} %", tenths(plain * 100.0))),
        ),
        figures: i18n::t(page.locale, "past-figures", &figures),
    }
}

fn decimal(locale: Locale, number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    if locale == Locale::Ru { text.replace('.', ",") } else { text }
}
