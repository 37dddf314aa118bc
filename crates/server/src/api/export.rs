//! All that is kept of a customer, for her.

use super::answer::{self, Answer, Refused};
use super::messages::{self, MessageView};
use super::profiles::{TimelineItem, found, item, number, portrait};
use crate::app::{App, SHOP};
use crate::people::{self, Portrait};
use crate::sent::{self, Kept};
use crate::why_text::Words;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use beckon_store::{MessageFilter, PageKey, TimelineRow};
use serde::Serialize;
use std::sync::Arc;

/// All that is kept of a customer.
#[derive(Debug, Serialize)]
pub struct Everything {
    /// What is remembered of her now.
    profile: Portrait,
    /// What happened and what was decided, newest first.
    timeline: Vec<TimelineItem>,
    /// Messages to her, newest first, with what they said where that is still kept.
    messages: Vec<WholeMessage>,
}

/// A message with what it said.
#[derive(Debug, Serialize)]
struct WholeMessage {
    #[serde(flatten)]
    message: MessageView,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<Kept>,
}

/// Rows read at once for [`everything`].
const SLICE: usize = 500;
/// Lines and messages of one customer in an answer; nobody has so many.
const EVERYTHING_MAX: usize = 100_000;

/// `GET /api/v1/profiles/{id}/export`: all that is kept of a customer, for her.
///
/// # Errors
/// There is no such profile.
pub async fn export(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer<Everything> {
    let locale = answer::locale(&app, &headers);
    answer::work(app, move |app| everything(app, &id, &answer::words(app, locale))).await.map(Json)
}

/// All that is kept of a customer, read in slices.
///
/// # Errors
/// There is no such profile.
pub fn everything(app: &App, id: &str, words: &Words) -> Result<Everything, Refused> {
    let profile = found(app, number(id)?)?;
    let ids = people::all_ids(&profile);
    let (mut timeline, mut before) = (Vec::new(), None);
    while timeline.len() < EVERYTHING_MAX {
        let rows = app.store.timeline(SHOP, &ids, before, SLICE)?;
        before = rows.last().map(TimelineRow::key);
        let more = rows.len() == SLICE;
        timeline.extend(rows.into_iter().filter_map(|row| item(row, words)));
        if !more {
            break;
        }
    }
    let mut own = Vec::new();
    for id in ids {
        let filter = MessageFilter { shop: SHOP, profile: Some(id), ..MessageFilter::default() };
        let mut before = None;
        while own.len() < EVERYTHING_MAX {
            let rows = app.store.messages(&filter, before, SLICE)?;
            before = rows.last().map(|row| PageKey { at: row.created_at, id: row.id.0 });
            own.extend(
                rows.iter()
                    .map(|row| WholeMessage { message: messages::view(row, words), kept: sent::kept(row) }),
            );
            if rows.len() < SLICE {
                break;
            }
        }
    }
    Ok(Everything { profile: portrait(app, profile)?, timeline, messages: own })
}
