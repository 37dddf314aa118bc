//! Names and order ids of customers that a release wrote which did not keep them to be searched. They are filled in
//! once, beside the traffic, in slices that hold up an event for some milliseconds at most.
//!
//! That it was done is a document of the shop. Until then a start begins anew: a word that is there is left alone.

use super::task::Task;
use crate::app::{App, SHOP};
use crate::settings::{WORDS, kind};
use beckon_core::ids::{BUCKETS, Bucket, ProfileId};
use beckon_store::shop::DocumentWrite;
use beckon_store::{Error, Result};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;

/// Customers of one slice: read and written within 5 ms.
const SLICE: usize = 32;
/// Between two slices.
const BREATH: Duration = Duration::from_millis(5);
/// After the store did not answer.
const PAUSE: Duration = Duration::from_secs(30);

/// Fills in until it is done or the program stops.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            done = fill(&app) => match done {
                Ok(()) => return,
                Err(why) => tracing::warn!(%why, "older customers cannot be found by name yet; it is tried again"),
            },
            _ = stop.changed() => return,
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => return,
        }
    }
}

/// Goes over everybody, unless that was done before.
///
/// # Errors
/// The store does not answer, or cannot take more at the moment.
pub async fn fill(app: &Arc<App>) -> Result<()> {
    if blocking(app, |app| Ok(app.plane.get(SHOP, kind::FILLED, WORDS)?.is_some())).await? {
        return Ok(());
    }
    let shared = app.decider.shared();
    for bucket in 0..BUCKETS {
        // A thousandth at least, so that what has begun is seen to go on.
        shared.filling.store(1 + u32::from(bucket) * 999 / u32::from(BUCKETS), Ordering::Relaxed);
        let mut after: Option<ProfileId> = None;
        loop {
            let read = move |app: &App| app.store.hot_halves(SHOP, Bucket(bucket), after, SLICE);
            let rows = blocking(app, read).await?;
            let Some(last) = rows.last().map(|row| row.id) else { break };
            let profiles: Vec<ProfileId> = rows.iter().map(|row| row.id).collect();
            let asked = app.decider.insist(|reply| Task::Words { profiles: profiles.clone(), reply }).await;
            asked.ok_or_else(|| Error::Unavailable("the decider did not take it".to_owned()))?;
            after = Some(last);
            tokio::time::sleep(BREATH).await;
        }
    }
    shared.filling.store(0, Ordering::Relaxed);
    blocking(app, done).await
}

fn done(app: &App) -> Result<()> {
    let (name, at) = (WORDS, app.clock.wall());
    let write = DocumentWrite {
        shop: SHOP,
        kind: kind::FILLED,
        name,
        expected_version: 0,
        body: Some("{}"),
        at,
        by: "beckon",
    };
    app.plane.put(&write).map(drop)
}

async fn blocking<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<T> + Send + 'static,
) -> Result<T> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || work(&app)).await;
    done.map_err(|why| Error::Unavailable(why.to_string()))?
}
