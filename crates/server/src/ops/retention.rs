//! Forgetting what is too old, in slices with pauses, so that events never wait for it.

use super::names;
use crate::app::{App, SHOP};
use crate::settings::ShopSettings;
use beckon_core::time::{DAY, ShopTime, Span};
use beckon_store::Forget;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Between two passes.
const PAUSE: Duration = Duration::from_secs(3_600);
/// After a start, so that what waited comes first.
const FIRST: Duration = Duration::from_secs(60);
/// Between two slices of a thousand rows.
const BREATH: Duration = Duration::from_millis(100);
/// That an event passed a door is known for seven days: SDKs repeat within hours.
const SEEN_FOR: Span = DAY.times(7);

/// What is forgotten, in this order, and its name in the metrics.
pub const KINDS: [(Forget, &str); 5] = [
    (Forget::Seen, "seen"),
    (Forget::Bodies, "bodies"),
    (Forget::Journal, "journal"),
    (Forget::Events, "events"),
    (Forget::Messages, "messages"),
];

/// Before which moment a kind is forgotten. The row of a message stays as long as events, because the unsubscribe link
/// in her mailbox leads to it.
fn before(what: Forget, settings: &ShopSettings, now: ShopTime) -> ShopTime {
    let days = |days: u32| DAY.times(i64::from(days));
    let kept = match what {
        Forget::Seen => SEEN_FOR,
        Forget::Bodies => days(settings.keep_bodies_days),
        Forget::Journal => days(settings.keep_journal_days),
        Forget::Events | Forget::Messages => days(settings.keep_events_days),
    };
    ShopTime(now.0.saturating_sub(kept.0))
}

/// One slice of a kind; gives back where the next begins, if there is one.
///
/// # Errors
/// The store does not answer.
pub fn slice(app: &App, what: Forget, name: &'static str, cursor: i64) -> beckon_store::Result<Option<i64>> {
    let before = before(what, &app.shop().settings, app.now());
    let done = app.store.forget(what, SHOP, before, cursor)?;
    metrics::counter!(names::FORGOTTEN, "what" => name).increment(done.deleted as u64);
    Ok(done.next)
}

/// Forgets, pass after pass, until the program stops.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut pause = FIRST;
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => return,
        }
        for (what, name) in KINDS {
            if !pass(&app, what, name, &mut stop).await {
                return;
            }
        }
        end_sessions(&app).await;
        pause = PAUSE;
    }
}

/// All slices of a kind; false when the program stops.
async fn pass(app: &Arc<App>, what: Forget, name: &'static str, stop: &mut watch::Receiver<bool>) -> bool {
    let mut cursor = -1;
    loop {
        let work = app.clone();
        let done = tokio::task::spawn_blocking(move || slice(&work, what, name, cursor)).await;
        match done {
            Ok(Ok(Some(next))) => cursor = next,
            Ok(Ok(None)) => return true,
            Ok(Err(why)) => {
                tracing::warn!(%why, name, "nothing can be forgotten now");
                return true;
            }
            Err(why) => {
                tracing::error!(%why, name, "forgetting ended");
                return true;
            }
        }
        // Under load everybody else comes first.
        let busy = app.decider.shared().waiting() > 0;
        tokio::select! {
            () = tokio::time::sleep(if busy { BREATH * 10 } else { BREATH }) => {}
            _ = stop.changed() => return false,
        }
    }
}

async fn end_sessions(app: &Arc<App>) {
    let work = app.clone();
    let ended = tokio::task::spawn_blocking(move || work.plane.end_sessions(None, work.clock.wall())).await;
    if let Ok(Err(why)) = ended {
        tracing::warn!(%why, "sessions that ended cannot be deleted");
    }
}
