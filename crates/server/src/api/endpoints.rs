//! Services of the shop's own that recommend: where they are asked, and how they fare. Their secrets go in and never
//! come out.

use super::answer::{self, Answer, Refused};
use super::ask;
use super::settings::BY;
use crate::app::{App, SHOP};
use crate::blocks::endpoint::{Endpoint, TIMEOUT_USUAL_MS};
use crate::blocks::outside;
use crate::save::{Change, blocking, read, save};
use crate::settings::kind;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A service as it is shown.
#[derive(Debug, Serialize)]
pub struct EndpointView {
    name: String,
    version: u64,
    url: String,
    timeout_ms: u32,
    header: String,
    /// Whether a secret is kept; the secret itself is in no answer.
    secret_set: bool,
    /// Failures one after the other.
    failures: u32,
    /// It is left alone now.
    resting: bool,
    /// What went wrong last since the start; empty when nothing did.
    last_failure: String,
}

impl EndpointView {
    fn of(app: &App, name: &str, version: u64, endpoint: Endpoint) -> EndpointView {
        let health = app.outside.health(name);
        EndpointView {
            name: name.to_owned(),
            version,
            url: endpoint.url,
            timeout_ms: endpoint.timeout_ms,
            header: endpoint.header,
            secret_set: !endpoint.secret.is_empty(),
            failures: health.failures,
            resting: health.resting,
            last_failure: health.last,
        }
    }
}

/// All services.
#[derive(Debug, Serialize)]
pub struct EndpointsView {
    endpoints: Vec<EndpointView>,
}

/// `GET /api/v1/endpoints`
///
/// # Errors
/// The store does not answer.
pub async fn list(State(app): State<Arc<App>>) -> Answer<EndpointsView> {
    let documents = blocking(&app, |app| app.plane.list(SHOP, kind::ENDPOINT)).await?;
    let views = documents.into_iter().filter_map(|document| {
        let endpoint = serde_json::from_str(document.body.as_deref()?).ok()?;
        Some(EndpointView::of(&app, &document.name, document.version, endpoint))
    });
    Ok(Json(EndpointsView { endpoints: views.collect() }))
}

/// `GET /api/v1/endpoints/{name}`
///
/// # Errors
/// There is none of that name.
pub async fn one(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer<EndpointView> {
    let (endpoint, version) = there(&app, &name).await?;
    Ok(Json(EndpointView::of(&app, &name, version, endpoint)))
}

async fn there(app: &Arc<App>, name: &str) -> Result<(Endpoint, u64), Refused> {
    let (endpoint, version) = read::<Option<Endpoint>>(app, kind::ENDPOINT, name).await?;
    Ok((endpoint.ok_or_else(|| Refused::missing("endpoint"))?, version))
}

/// A service as it is to be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    url: String,
    timeout_ms: Option<u32>,
    #[serde(default)]
    header: String,
    /// Without it the one there is stays, as long as address and header do.
    secret: Option<String>,
    /// The version it was read with; without it whatever there is gives way.
    version: Option<u64>,
}

/// `PUT /api/v1/endpoints/{name}`: adds a service, or changes the one of that name.
///
/// # Errors
/// A field cannot be taken, or somebody else changed it since `version`; nothing was changed then.
pub async fn keep(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<EndpointView> {
    let wanted: Wanted = ask::body(&body, r#"{"url": …, "timeout_ms": …, "header": …, "secret": …}"#)?;
    let (known, current) = read::<Endpoint>(&app, kind::ENDPOINT, &name).await?;
    let timeout_ms = wanted.timeout_ms.unwrap_or(TIMEOUT_USUAL_MS);
    let (url, header) = (wanted.url, wanted.header);
    // Another address must not be told a secret it never had.
    let stays = known.url == url && known.header == header;
    let kept = if stays { known.secret } else { String::new() };
    let endpoint = Endpoint { url, timeout_ms, header, secret: wanted.secret.unwrap_or(kept) };
    let locale = answer::locale(&app, &headers);
    let errors = outside::check(locale, &name, &endpoint, app.config.allow_private_feeds);
    Refused::fields(&errors).map_or(Ok(()), Err)?;
    let change = Change::put(kind::ENDPOINT, &name, wanted.version.unwrap_or(current), &endpoint);
    Result::from(save(&app, BY, vec![change]).await)?;
    app.outside.forgive(&name);
    one(State(app), Path(name)).await
}

/// A service is gone.
#[derive(Debug, Serialize)]
pub struct Gone {
    name: String,
}

/// `DELETE /api/v1/endpoints/{name}`: blocks that name it show their fall-backs.
///
/// # Errors
/// There is none of that name.
pub async fn forget(State(app): State<Arc<App>>, Path(name): Path<String>) -> Answer<Gone> {
    let (_, version) = there(&app, &name).await?;
    Result::from(save(&app, BY, vec![Change::delete(kind::ENDPOINT, &name, version)]).await)?;
    app.outside.forgive(&name);
    Ok(Json(Gone { name }))
}
