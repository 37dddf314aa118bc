//! The versions of a journey: how many stand in each, how far a move is, and who changed what and when.

use super::super::customers::refused;
use super::super::layout::{Page, fragment, html};
use super::publication::told;
use super::tell::Teller;
use super::{Head, Tab};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::app::App;
use crate::flow::Standing;
use crate::i18n;
use crate::journeys::history;
use crate::settings::{JourneyDocument, MoveOrder};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use beckon_core::time::ShopTime;
use std::sync::Arc;

/// A version somebody may stand in.
struct Version {
    title: String,
    newest: bool,
    people: String,
    since: String,
    state: String,
}

/// The part that changes by itself.
#[derive(Template)]
#[template(path = "journeys/versions_now.html")]
struct Now {
    page: Page,
    versions: Vec<Version>,
}

/// A change.
struct Line {
    at: String,
    by: String,
    what: Vec<String>,
    /// The text after it, where it is another one than today's.
    text: Option<String>,
}

#[derive(Template)]
#[template(path = "journeys/versions.html")]
struct VersionsPage {
    page: Page,
    head: Head,
    now: Now,
    lines: Vec<Line>,
    may: bool,
}

/// `GET /journeys/{name}/versions`
pub async fn page(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| read(app, frame, &name)).await {
        Ok(versions) => html(&versions),
        Err(why) => refused(page, &why),
    }
}

/// `GET /journeys/{name}/versions/now`
pub async fn live(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| now(app, &frame, &name)).await {
        Ok(now) => fragment(&headers, &now),
        Err(why) => refused(page, &why),
    }
}

fn now(app: &App, page: &Page, name: &str) -> Result<Now, Refused> {
    let state = app.shop();
    let document = state.journeys.get(name).ok_or_else(|| Refused::missing("journey"))?;
    let standing = Standing::of(app, name)?;
    let newest = document.graph.max(1);
    let mut versions: Vec<u32> = document.texts.keys().copied().chain(standing.versions()).collect();
    versions.push(newest);
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions.dedup();
    let version = |version: u32| Version {
        title: page.with("versions-version", "version", &version.to_string()),
        newest: version == newest,
        people: page.count("versions-stand", standing.in_version(version)),
        since: since(page, document, version),
        state: match document.moves.get(&version) {
            _ if version == newest => String::new(),
            Some(order) => state_of(page, order, standing.in_version(version)),
            None => page.t("versions-stay"),
        },
    };
    Ok(Now { page: page.clone(), versions: versions.into_iter().map(version).collect() })
}

fn since(page: &Page, document: &JourneyDocument, version: u32) -> String {
    match document.published.get(&version) {
        Some(published) => format!("{}, {}", page.words.moment(&ShopTime(published.at)), published.by),
        None => page.t("versions-unknown"),
    }
}

fn state_of(page: &Page, order: &MoveOrder, left: i64) -> String {
    if left == 0 && order.done_at != 0 {
        return page.t("versions-done");
    }
    let key = if order.end { "versions-ending" } else { "versions-moving" };
    let args = [("to", order.to.into()), ("count", left.into())];
    i18n::t(page.locale, key, &args)
}

fn read(app: &App, page: Page, name: &str) -> Result<VersionsPage, Refused> {
    let head = Head::new(app, &page, name, Tab::Versions)?;
    let journey = crate::journeys::planned(app, name);
    let words = answer::words(app, page.locale);
    let teller = Teller { page: &page, words: &words };
    let today = app.shop().journeys.get(name).map(|document| document.text.clone()).unwrap_or_default();
    let forms: Vec<_> = journey.iter().collect();
    let line = |change: history::Change| {
        let mut what = Vec::new();
        if change.published {
            what.push(page.with("versions-began", "version", &change.graph.to_string()));
        }
        what.extend(
            change
                .switched
                .map(|on| if on { page.t("versions-switched-on") } else { page.t("versions-switched-off") }),
        );
        what.extend(told(&teller, &change.differences, &forms));
        Line {
            at: page.words.moment(&change.shop_at),
            by: change.by,
            what,
            text: (change.text != today).then_some(change.text),
        }
    };
    let lines = history::of(&app.plane, name)?.into_iter().map(line).collect();
    Ok(VersionsPage { now: now(app, &page, name)?, head, lines, may: page.may(Right::Edit), page })
}
