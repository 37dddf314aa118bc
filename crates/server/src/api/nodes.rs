//! The programs that share the shop's database.

use super::answer::{self, Answer};
use crate::app::App;
use crate::ops::nodes::{Part, buckets, look};
use axum::Json;
use axum::extract::State;
use beckon_store::NodeRow;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// The programs.
#[derive(Debug, Serialize)]
pub struct NodesView {
    /// There may be several: the shop lies in a database. In a directory there is this one, and no list.
    shared: bool,
    /// Inputs that wait for the owner, counted up to 20,000.
    inbox: u64,
    nodes: Vec<NodeView>,
}

/// A program.
#[derive(Debug, Serialize)]
pub struct NodeView {
    /// 16 hex digits, drawn when it started.
    id: String,
    name: String,
    /// The one that answers.
    this: bool,
    /// `owner`, `standby`, `draining` or `silent`.
    role: &'static str,
    buckets: u16,
    /// Seconds for which it has owned the buckets or stood by.
    since_secs: u64,
    /// What is left of its lease; `null` of one that owns nothing.
    lease_left_ms: Option<u64>,
    heard_ms_ago: u64,
    /// How far its recommender is behind the events; `null` while it is being filled.
    events_behind_ms: Option<u64>,
    /// How far its settings and its catalogue are behind the shop's.
    plane_behind_ms: Option<u64>,
    version: String,
    admin: String,
}

fn ms(of: Duration) -> u64 {
    u64::try_from(of.as_millis()).unwrap_or(u64::MAX)
}

/// `GET /api/v1/nodes`
///
/// # Errors
/// The store does not answer.
pub async fn list(State(app): State<Arc<App>>) -> Answer<NodesView> {
    let read = |app: &App| {
        let programs = look(app)?;
        let view = |row: NodeRow| NodeView {
            id: format!("{:016x}", row.id.0),
            this: row.id == app.node.id(),
            role: Part::of(&row).code(),
            buckets: buckets(&row),
            since_secs: row.since.as_secs(),
            lease_left_ms: row.epoch.map(|_| ms(row.left)),
            heard_ms_ago: ms(row.silent),
            events_behind_ms: row.state.events_behind.map(ms),
            plane_behind_ms: row.state.plane_behind.map(ms),
            name: row.name,
            version: row.state.version,
            admin: row.state.admin,
        };
        let nodes = programs.rows.into_iter().map(view).collect();
        Ok(NodesView { shared: programs.is_shared, inbox: programs.inbox, nodes })
    };
    answer::work(app, read).await.map(Json)
}
