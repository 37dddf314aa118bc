//! The journeys by stage of a customer's way, and which goes first.

use super::answer::{self, Answer, Refused};
use super::ask;
use super::journeys;
use crate::amount::Amount;
use crate::app::App;
use crate::journeys::stages;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A journey on its stage.
#[derive(Debug, Serialize)]
pub struct OnStage {
    name: String,
    stage: &'static str,
    class: String,
    priority: u16,
    on: bool,
    /// It ships with Beckon and was not taken over yet.
    ready: bool,
    /// When its letters go, from the start.
    letters: Vec<String>,
    /// Of the last 30 days.
    sent: i64,
    revenue: Vec<Amount>,
}

/// All of them, those that go first first.
#[derive(Debug, Serialize)]
pub struct Stages {
    journeys: Vec<OnStage>,
}

fn read(app: &App) -> Result<Stages, Refused> {
    let one = |one: stages::OnStage| OnStage {
        name: one.journey.name.clone(),
        stage: one.journey.stage.name(),
        class: format!("{:?}", one.journey.class),
        priority: one.journey.priority,
        on: one.journey.on,
        ready: one.ready,
        letters: stages::letters(&one.journey).iter().map(ToString::to_string).collect(),
        sent: one.numbers.sent,
        revenue: one.numbers.revenue,
    };
    Ok(Stages { journeys: stages::all(app)?.into_iter().map(one).collect() })
}

/// `GET /api/v1/stages`
///
/// # Errors
/// The store cannot be read.
pub async fn list(State(app): State<Arc<App>>) -> Answer<Stages> {
    answer::work(app, read).await.map(Json)
}

/// A new order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    order: Vec<String>,
}

/// `POST /api/v1/stages`: gives the journeys priorities in this order.
///
/// # Errors
/// It does not name each journey once.
pub async fn order(State(app): State<Arc<App>>, body: Bytes) -> Answer<Stages> {
    let asked: Asked = ask::body(&body, "{\"order\": [\"name\", …]}")?;
    let work = move |app: &App| {
        journeys::reorder(app, &asked.order, "server key")?;
        read(app)
    };
    answer::work(app, work).await.map(Json)
}
