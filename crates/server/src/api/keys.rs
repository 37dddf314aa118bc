//! Keys: listed, made, deleted.

use super::answer::{self, Answer, Refused};
use super::ask;
use super::settings::BY;
use crate::access::kept_keys::{self, Line};
use crate::access::rights::Scope;
use crate::app::App;
use crate::save::{Change, save};
use crate::settings::kind;
use crate::when::When;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A key as it is shown.
#[derive(Debug, Serialize)]
pub struct KeyView {
    id: String,
    /// `write` or `server`.
    kind: String,
    /// The write key itself; of a server key its first letters.
    hint: String,
    scopes: Vec<&'static str>,
    label: String,
    made_at: When,
    made_by: String,
    used_at: When,
}

/// All keys.
#[derive(Debug, Serialize)]
pub struct Keys {
    keys: Vec<KeyView>,
}

fn view(line: Line) -> KeyView {
    let scopes = Scope::ALL.into_iter().filter(|scope| line.key.kind == "server" && line.key.may(*scope));
    KeyView {
        id: line.name,
        scopes: scopes.map(Scope::code).collect(),
        kind: line.key.kind,
        hint: line.key.hint,
        label: line.key.label,
        made_at: When(line.since),
        made_by: line.by,
        used_at: When::from(line.used),
    }
}

fn read(app: &App) -> Result<Keys, Refused> {
    Ok(Keys { keys: kept_keys::all(app)?.into_iter().map(view).collect() })
}

/// `GET /api/v1/keys`
///
/// # Errors
/// The store cannot be read.
pub async fn list(State(app): State<Arc<App>>) -> Answer<Keys> {
    answer::work(app, read).await.map(Json)
}

/// What key is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    kind: String,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default)]
    label: String,
}

/// A key that was just made.
#[derive(Debug, Serialize)]
pub struct Made {
    id: String,
    /// The key itself: no other answer has it.
    key: String,
}

/// `POST /api/v1/keys`
///
/// # Errors
/// The kind or a scope is none.
pub async fn make(State(app): State<Arc<App>>, body: Bytes) -> Result<(StatusCode, Json<Made>), Refused> {
    let shape = "{\"kind\": \"write\" or \"server\", \"scopes\": [\"read\", …], \"label\": …}";
    let wanted: Wanted = ask::body(&body, shape)?;
    if !matches!(wanted.kind.as_str(), "write" | "server") {
        return Err(Refused::field("kind", "`kind` is write or server"));
    }
    let scope = |code: &String| {
        let why = || Refused::field("scopes", format!("`{code}` is no scope: use read, write or admin"));
        Scope::parse(code).ok_or_else(why)
    };
    let scopes = wanted.scopes.iter().map(scope).collect::<Result<Vec<_>, _>>()?;
    let new = kept_keys::new(wanted.kind == "server", &scopes, &wanted.label);
    Result::from(save(&app, BY, vec![Change::put(kind::KEY, &new.name, 0, &new.document)]).await)?;
    Ok((StatusCode::CREATED, Json(Made { id: new.name, key: new.key })))
}

/// `DELETE /api/v1/keys/{id}`: what uses the key is refused from now on. A key may delete itself.
///
/// # Errors
/// There is no such key.
pub async fn remove(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<Keys> {
    let all = answer::work(app.clone(), |app| Ok(kept_keys::all(app)?)).await?;
    let line = all.into_iter().find(|line| line.name == id).ok_or_else(|| Refused::missing("key"))?;
    Result::from(save(&app, BY, vec![Change::delete(kind::KEY, &line.name, line.version)]).await)?;
    answer::work(app, read).await.map(Json)
}
