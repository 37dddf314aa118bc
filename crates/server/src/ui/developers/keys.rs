//! Keys: made, shown once, deleted.

use crate::access::kept_keys::{Line, all, new};
use crate::access::rights::{Right, Scope};
use crate::app::App;
use crate::form::Fields;
use crate::save::{Change, Saved, blocking, save};
use crate::settings::kind;
use crate::ui::layout::{Page, broken, html, problem};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "developers/keys.html")]
struct Keys {
    page: Page,
    lines: Vec<Line>,
    fresh: Option<String>,
}

/// `GET /developers/keys`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    show(page, &app, None).await
}

async fn show(page: Page, app: &Arc<App>, fresh: Option<String>) -> Response {
    match blocking(app, all).await {
        Ok(lines) => html(&Keys { page, lines, fresh }),
        Err(why) => broken(page, &why),
    }
}

/// `POST /developers/keys`: a new key; the answer is the only page that shows it.
pub async fn add(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let scopes: Vec<Scope> = fields.all("scope").filter_map(Scope::parse).collect();
    if scopes.contains(&Scope::Admin) && !page.may(Right::Staff) {
        // With such a key one could give oneself any role.
        return problem(page, StatusCode::FORBIDDEN, "problem-right");
    }
    let new = new(fields.text("kind") == "server", &scopes, fields.text("label"));
    match save(&app, page.by(), vec![Change::put(kind::KEY, &new.name, 0, &new.document)]).await {
        Saved::Done => show(page, &app, Some(new.key)).await,
        Saved::Conflict => page.redirect("/developers/keys", "flash-conflict"),
        Saved::Failed(why) => broken(page, &why),
    }
}

/// `POST /developers/keys/delete`: what uses the key is refused from now on.
pub async fn delete(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let version = fields.whole("version").unwrap_or(0).unsigned_abs();
    match save(&app, page.by(), vec![Change::delete(kind::KEY, fields.text("name"), version)]).await {
        Saved::Done => page.redirect("/developers/keys", "flash-removed"),
        Saved::Conflict => page.redirect("/developers/keys", "flash-conflict"),
        Saved::Failed(why) => broken(page, &why),
    }
}
