//! Services of the shop's own that recommend: where they are asked, for how long, with which secret, and how they fare.

use crate::app::{App, SHOP};
use crate::blocks::endpoint::{Endpoint, Health, TIMEOUT_USUAL_MS};
use crate::blocks::outside::check;
use crate::form::{Errors, Fields};
use crate::save::{Change, Saved, blocking, save};
use crate::settings::kind;
use crate::ui::layout::{Page, broken, html, html_with, problem};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

struct Line {
    name: String,
    version: u64,
    url: String,
    timeout_ms: u32,
    header: String,
    health: Health,
}

/// What was typed; the secret never comes back.
#[derive(Default)]
struct Typed {
    name: String,
    url: String,
    timeout_ms: String,
    header: String,
    errors: Errors,
}

#[derive(Template)]
#[template(path = "developers/endpoints.html")]
struct Endpoints {
    page: Page,
    lines: Vec<Line>,
    typed: Typed,
    /// Addresses within private networks may be asked.
    private: bool,
}

/// `GET /developers/endpoints`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    let timeout_ms = TIMEOUT_USUAL_MS.to_string();
    show(page, &app, Typed { timeout_ms, ..Typed::default() }).await
}

async fn show(page: Page, app: &Arc<App>, typed: Typed) -> Response {
    let documents = match blocking(app, |app| app.plane.list(SHOP, kind::ENDPOINT)).await {
        Ok(documents) => documents,
        Err(why) => return broken(page, &why),
    };
    let lines = documents.into_iter().filter_map(|document| {
        let endpoint: Endpoint = serde_json::from_str(document.body.as_deref()?).ok()?;
        Some(Line {
            health: app.outside.health(&document.name),
            name: document.name,
            version: document.version,
            url: endpoint.url,
            timeout_ms: endpoint.timeout_ms,
            header: endpoint.header,
        })
    });
    let lines = lines.collect();
    let status = if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let private = app.config.allow_private_feeds;
    let made = Endpoints { page, lines, typed, private };
    if status == StatusCode::OK { html(&made) } else { html_with(status, &made) }
}

/// `POST /developers/endpoints`: makes one, or changes the one of that name; an empty secret keeps the one there is.
pub async fn submit(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let text = |name: &str| fields.text(name).to_owned();
    let mut typed = Typed {
        name: text("name"),
        url: text("url"),
        timeout_ms: text("timeout_ms"),
        header: text("header"),
        errors: Errors::default(),
    };
    let known = app.shop().endpoints.get(&typed.name).cloned().unwrap_or_default();
    let secret = match fields.raw("secret") {
        // Another address must not be told a secret it never had.
        "" if known.url == typed.url => known.secret.clone(),
        secret => secret.to_owned(),
    };
    let timeout_ms = fields.whole("timeout_ms").and_then(|ms| u32::try_from(ms).ok()).unwrap_or(0);
    let endpoint = Endpoint { url: typed.url.clone(), timeout_ms, header: typed.header.clone(), secret };
    typed.errors = check(page.locale, &typed.name, &endpoint, app.config.allow_private_feeds);
    if !typed.errors.is_empty() {
        return show(page, &app, typed).await;
    }
    let (asked, name) = (typed.name.clone(), typed.name.clone());
    let version = blocking(&app, move |app| app.plane.get(SHOP, kind::ENDPOINT, &asked)).await;
    let version = match version {
        Ok(document) => document.map_or(0, |document| document.version),
        Err(why) => return broken(page, &why),
    };
    let change = Change::put(kind::ENDPOINT, &name, version, &endpoint);
    let saved = save(&app, page.by(), vec![change]).await;
    app.outside.forgive(&name);
    done(page, saved, "flash-saved")
}

/// `POST /developers/endpoints/delete`
pub async fn delete(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let name = fields.text("name").to_owned();
    let Ok(version) = fields.text("version").parse() else {
        return problem(page, StatusCode::BAD_REQUEST, "problem-missing");
    };
    let saved = save(&app, page.by(), vec![Change::delete(kind::ENDPOINT, &name, version)]).await;
    app.outside.forgive(&name);
    done(page, saved, "flash-removed")
}

fn done(page: Page, saved: Saved, flash: &str) -> Response {
    match saved {
        Saved::Done => page.redirect("/developers/endpoints", flash),
        Saved::Conflict => page.redirect("/developers/endpoints", "flash-conflict"),
        Saved::Failed(why) => broken(page, &why),
    }
}
