//! Inputs that could not be applied and wait for a person.

use super::answer::{self, Answer};
use crate::app::{App, SHOP};
use crate::when::When;
use axum::Json;
use axum::extract::{Query, State};
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
