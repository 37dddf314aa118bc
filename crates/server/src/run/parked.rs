//! Parked inputs: what could not be applied, tried again or dropped by a person.

use super::letterbox::Parked;
use super::task::Task;
use crate::access::audit;
use crate::app::{App, SHOP};
use crate::save::blocking;
use beckon_core::ids::Bucket;
use beckon_core::time::ShopTime;
use beckon_store::{MessageState, PageKey, ParkedRow};
use std::sync::Arc;

/// Inputs that were parked in the same millisecond, at most.
const ROWS: usize = 50;

/// Which parked input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Bucket of the customer it is about.
    pub bucket: Bucket,
    /// Its number.
    pub number: u64,
    /// When it was parked; tried in vain, it is parked anew.
    pub at: ShopTime,
}

/// What came of a parked input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It was applied.
    Applied,
    /// It was dropped.
    Dropped,
    /// It was tried in vain, and is parked again.
    Again,
    /// It is no longer there.
    Gone,
    /// It cannot be read.
    Unreadable,
}

/// Tries an input again, or drops it, and tells the log.
///
/// # Errors
/// The store or the decider does not answer; the input stays.
pub(crate) async fn settle(app: &Arc<App>, place: Place, drop: bool) -> Result<Settled, String> {
    let found = blocking(app, move |app| row(app, place)).await.map_err(|why| why.to_string())?;
    let Some(row) = found else { return Ok(Settled::Gone) };
    if !drop && !again(app, &row).await? {
        return Ok(Settled::Unreadable);
    }
    // Tried in vain, it is there again under the same number with a later time: only the one that was tried
    // goes.
    let taken = blocking(app, move |app| match self::row(app, place)? {
        Some(_) => app.store.take_parked(SHOP, place.bucket, place.number),
        None => Ok(None),
    });
    let taken = taken.await;
    let action = if drop { "parked.dropped" } else { "parked.retried" };
    audit::note(app, action, &format!("{:016x}", place.number), Vec::new()).await;
    match taken {
        Ok(Some(_)) if drop => Ok(Settled::Dropped),
        Ok(Some(_)) => Ok(Settled::Applied),
        Ok(None) => Ok(Settled::Again),
        Err(why) => Err(why.to_string()),
    }
}

/// A parked input as it was shown: of this number and this time.
fn row(app: &App, place: Place) -> beckon_store::Result<Option<ParkedRow>> {
    let Place { bucket, number, at } = place;
    // The first row before the key one past this one is this one, if it is still there.
    let past = PageKey { at: ShopTime(at.0.saturating_add(1)), id: i64::MIN as u64 };
    let rows = app.store.parked(SHOP, Some(past), ROWS)?;
    Ok(rows.into_iter().find(|row| (row.bucket, row.number, row.at) == (bucket, number, at)))
}

/// Submits an input once more and waits until it is decided; `false` when it cannot be read.
async fn again(app: &Arc<App>, row: &ParkedRow) -> Result<bool, String> {
    let Ok(parked) = serde_json::from_slice::<Parked>(&row.body) else { return Ok(false) };
    let asked = match parked {
        Parked::Event(incoming) => {
            let events = vec![*incoming];
            app.decider.ask(|reply| Task::Events { shop: SHOP, events, reply }).await
        }
        Parked::CountAsSent(message, note) => {
            let found = blocking(app, move |app| app.store.message(SHOP, message)).await;
            match found.map_err(|why| why.to_string())?.filter(|row| row.state == MessageState::Unknown) {
                Some(row) => {
                    app.decider.ask(|reply| Task::CountAsSent { row: Box::new(row), note, reply }).await
                }
                None => return Ok(true),
            }
        }
        Parked::Letter(to, letter) => app.decider.ask(|reply| Task::Letter { to, letter, reply }).await,
    };
    asked.map(|_| true).map_err(|why| format!("the decider did not take it: {why:?}"))
}
