//! Looking at everybody whom a publication moves, in slices beside the traffic, and retiring versions that are empty.
//!
//! The order stands in the journey's document, so a stop at any instant loses nothing: the next start goes over
//! everybody again, and who was moved already stays where she is.

use super::follow;
use super::task::Task;
use crate::app::{App, SHOP};
use crate::flow::Standing;
use crate::journeys::retire;
use crate::settings::{JourneyDocument, kind};
use beckon_core::ids::{BUCKETS, Bucket, ProfileId};
use beckon_core::input::Input;
use beckon_core::plan::Plan;
use beckon_core::profile::{PositionState, Profile};
use beckon_store::shop::DocumentWrite;
use beckon_store::{Error, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Between two looks at what is ordered.
const PAUSE: Duration = Duration::from_secs(1);
/// Looks after which versions are retired: once a minute is soon enough.
const LOOKS_PER_RETIRING: u32 = 60;
/// Hot halves read at a time.
const ROWS: usize = 500;
/// People looked at in one commit, so that events beside them wait some milliseconds at most.
const AT_ONCE: usize = 64;
/// Who the document says changed it.
const BY: &str = "beckon";

/// Carries out what is ordered until the program stops.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    for look in 0_u32.. {
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => return,
        }
        let done = async {
            round(&app).await?;
            if look.is_multiple_of(LOOKS_PER_RETIRING) { empty(&app) } else { Ok(()) }
        };
        tokio::select! {
            done = done => if let Err(why) = done {
                tracing::warn!(%why, "people could not be moved to a newer version; it is tried again");
            },
            _ = stop.changed() => return,
        }
    }
}

/// One pass over everybody, where something is ordered; notes it when nobody was left to move. True when it was made.
///
/// # Errors
/// The store does not answer, or cannot take more at the moment.
pub async fn round(app: &Arc<App>) -> Result<bool> {
    let state = app.shop();
    let under_way = |document: &JourneyDocument| document.moves.values().any(|order| order.done_at == 0);
    let names: Vec<String> = state
        .journeys
        .iter()
        .filter(|(_, document)| under_way(document))
        .map(|(name, _)| name.clone())
        .collect();
    if names.is_empty() {
        return Ok(false);
    }
    let mut left = 0;
    for bucket in 0..BUCKETS {
        left += bucket_round(app, &state.plan, Bucket(bucket)).await?;
    }
    if left == 0 {
        let version = state.version;
        let now = app.now().0;
        for name in names {
            // An order that came meanwhile is newer than the plan that was walked with: it gets a pass of its own.
            change(app, &name, |document| {
                let mut noted = false;
                for order in document.moves.values_mut().filter(|order| order.done_at == 0) {
                    (order.done_at, noted) = (now, true);
                }
                noted && app.shop().version == version
            })?;
        }
    }
    Ok(true)
}

async fn bucket_round(app: &Arc<App>, plan: &Arc<Plan>, bucket: Bucket) -> Result<usize> {
    let (mut after, mut found) = (None, 0);
    loop {
        let (reader, plan) = (app.clone(), plan.clone());
        let slice = move || -> Result<(Vec<ProfileId>, Option<ProfileId>)> {
            let rows = reader.store.hot_halves(SHOP, bucket, after, ROWS)?;
            let next = rows.last().filter(|_| rows.len() == ROWS).map(|row| row.id);
            let loaded =
                rows.iter().filter_map(|row| Profile::load(SHOP, row.id, row.version, &row.hot, None).ok());
            let moved = loaded.filter(|profile| is_ordered(&plan, profile)).map(|profile| profile.id);
            Ok((moved.collect(), next))
        };
        let read = tokio::task::spawn_blocking(slice).await;
        let (moved, next) = read.map_err(|why| Error::Unavailable(why.to_string()))??;
        found += moved.len();
        for people in moved.chunks(AT_ONCE) {
            look_at(app, people).await?;
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(found),
        }
    }
}

/// Whether somebody stands in a version that she is ordered away from.
fn is_ordered(plan: &Plan, profile: &Profile) -> bool {
    profile.hot.positions.iter().any(|position| {
        let journey = plan.journeys.get(&position.journey);
        let order = journey.and_then(|journey| journey.moves.get(&position.graph));
        position.state() != PositionState::Done && order.is_some_and(|order| order.to > position.graph)
    })
}

async fn look_at(app: &Arc<App>, people: &[ProfileId]) -> Result<()> {
    let mut asked = JoinSet::new();
    for &profile in people {
        let decider = app.decider.clone();
        let task = move |reply| Task::Input { shop: SHOP, profile, input: Input::Wake, reply };
        asked.spawn(async move { decider.ask(task).await.is_ok() });
    }
    let all = asked.join_all().await.into_iter().all(|taken| taken);
    all.then_some(()).ok_or_else(|| Error::Unavailable("the decider is busy".to_owned()))
}

/// Takes versions out in which nobody stands any more.
///
/// # Errors
/// The store or the plane does not answer.
pub fn empty(app: &App) -> Result<()> {
    let state = app.shop();
    for (name, document) in state.journeys.iter().filter(|(_, document)| document.texts.len() > 1) {
        let (standing, now) = (Standing::of(app, name)?, app.now());
        if retire(&mut document.clone(), now, |version| standing.in_version(version)) {
            change(app, name, |document| retire(document, now, |version| standing.in_version(version)))?;
        }
    }
    Ok(())
}

/// Changes a journey's document, unless somebody else does at the same time: then the next look finds it as it is.
fn change(app: &App, name: &str, change: impl FnOnce(&mut JourneyDocument) -> bool) -> Result<()> {
    let Some(stored) = app.plane.get(SHOP, kind::JOURNEY, name)? else { return Ok(()) };
    let read = stored.body.as_deref().and_then(|body| serde_json::from_str(body).ok());
    let Some(mut document): Option<JourneyDocument> = read else { return Ok(()) };
    if !change(&mut document) {
        return Ok(());
    }
    let body = serde_json::to_string(&document).unwrap_or_default();
    let (expected_version, body) = (stored.version, Some(body.as_str()));
    let at = app.clock.wall();
    let write = DocumentWrite { shop: SHOP, kind: kind::JOURNEY, name, expected_version, body, at, by: BY };
    match app.plane.put(&write) {
        Ok(_) => follow::reload_if_changed(app).map(drop),
        Err(Error::Conflict(_)) => Ok(()),
        Err(why) => Err(why),
    }
}
