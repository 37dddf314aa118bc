//! Inputs that could not be applied and wait for a person.

use super::answer::{self, Answer, Refused};
use super::ask::Query;
use crate::app::{App, SHOP};
use crate::run::parked::{Place, Settled, settle};
use crate::when::When;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use beckon_core::ids::Bucket;
use beckon_core::time::ShopTime;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    before: Option<String>,
    limit: Option<usize>,
}

/// Parked inputs, newest first.
#[derive(Debug, Serialize)]
pub struct Parked {
    parked: Vec<ParkedView>,
    next: Option<String>,
}

/// A parked input.
#[derive(Debug, Serialize)]
pub struct ParkedView {
    /// To retry or drop it by. Tried in vain, it is parked anew under another.
    id: String,
    bucket: u16,
    /// Hash of the input, 16 hex digits.
    number: String,
    at: When,
    reason: String,
    input: serde_json::Value,
}

/// `GET /api/v1/parked`
///
/// # Errors
/// `before` cannot be read, or the store does not answer.
pub async fn list(State(app): State<Arc<App>>, Query(part): Query<Part>) -> Answer<Parked> {
    let (before, limit) = (answer::page(part.before.as_deref())?, answer::limit(part.limit));
    let read = move |app: &App| {
        let rows = app.store.parked(SHOP, before, limit)?;
        let last = rows.last().filter(|_| rows.len() == limit);
        let next = last.map(|row| answer::cursor(row.at, row.number));
        let view = |row: beckon_store::ParkedRow| ParkedView {
            id: format!("{}-{:x}-{:x}", row.at.0, row.bucket.0, row.number),
            bucket: row.bucket.0,
            number: format!("{:016x}", row.number),
            at: When(row.at),
            reason: row.reason,
            input: serde_json::from_slice(&row.body).unwrap_or_default(),
        };
        Ok(Parked { parked: rows.into_iter().map(view).collect(), next })
    };
    answer::work(app, read).await.map(Json)
}

/// What came of a parked input.
#[derive(Debug, Serialize)]
pub struct Done {
    /// `applied` or `dropped`.
    result: &'static str,
}

/// `POST /api/v1/parked/{id}/retry`
///
/// # Errors
/// It is not there, cannot be read, or was tried in vain and is parked again.
pub async fn retry(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<Done> {
    done(&app, &id, false).await
}

/// `DELETE /api/v1/parked/{id}`: the input is lost for good.
///
/// # Errors
/// It is not there.
pub async fn discard(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<Done> {
    done(&app, &id, true).await
}

async fn done(app: &Arc<App>, id: &str, drop: bool) -> Answer<Done> {
    let place = place(id).ok_or_else(|| Refused::missing("parked input"))?;
    let unavailable = |why| Refused::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", why);
    match settle(app, place, drop).await.map_err(unavailable)? {
        Settled::Applied => Ok(Json(Done { result: "applied" })),
        Settled::Dropped => Ok(Json(Done { result: "dropped" })),
        Settled::Gone => Err(Refused::missing("parked input")),
        Settled::Again => Err(Refused::new(
            StatusCode::CONFLICT,
            "parked_again",
            "it could not be applied again: the list has it under another id, with the reason",
        )),
        Settled::Unreadable => Err(Refused::new(
            StatusCode::CONFLICT,
            "unreadable",
            "it cannot be read, so it cannot be tried again: all that is left is to drop it",
        )),
    }
}

fn place(id: &str) -> Option<Place> {
    let mut parts = id.rsplitn(3, '-');
    let number = u64::from_str_radix(parts.next()?, 16).ok()?;
    let bucket = Bucket(u16::from_str_radix(parts.next()?, 16).ok()?);
    Some(Place { bucket, number, at: ShopTime(parts.next()?.parse().ok()?) })
}
