//! The order that re-ranked blocks show: learned in the background from the shop's own visits, put to use without a
//! pause, and told of on the screens. A shop with too little history keeps the order of live counts.

use crate::app::App;
use crate::blocks::learned::CLICKS_MIN;
use beckon_core::time::{DAY, Span};
use beckon_recommend::Profile;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// After a start: by then the index is filled again.
const FIRST: Duration = Duration::from_secs(90);
/// Between two lessons; views count at once in between.
const PAUSE: Duration = Duration::from_secs(3 * 3_600);
/// Visits older than these teach nothing of what is wanted now.
const LOOKED_BACK: Span = DAY.times(90);

/// Learns now, if there is enough to learn from; true when it did. Blocks for seconds to minutes.
pub fn learn(app: &App) -> bool {
    let now = app.now();
    let lesson = app.learned.live.lesson(now.0, now.minus(LOOKED_BACK).0);
    let clicks = lesson.clicks();
    let enough = clicks >= CLICKS_MIN;
    // A lesson takes visits out of what is new, so what was learned goes back either way.
    let profile = if enough { Profile::Ranked } else { Profile::Fast };
    app.learned.live.adopt(lesson.learn(profile));
    if enough {
        let model = app.learned.live.model();
        let mut index = app.recommender.write().unwrap_or_else(PoisonError::into_inner);
        index.use_reranked(Some(model));
    }
    let mut known = app.learned.known.lock().unwrap_or_else(PoisonError::into_inner);
    known.tried = clicks;
    if enough {
        (known.clicks, known.until) = (clicks, now);
    }
    enough
}

/// Learns again and again until the program stops.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut pause = FIRST;
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => return,
        }
        pause = PAUSE;
        let (learning, (done, heard)) = (app.clone(), tokio::sync::oneshot::channel());
        // A thread of its own: it takes minutes, and threads that serve pages are few.
        let began = std::thread::Builder::new().name("learn".to_owned()).spawn(move || {
            let _ = done.send(learn(&learning));
        });
        if began.is_err() {
            continue;
        }
        tokio::select! {
            learned = heard => {
                let known = app.learned.known();
                tracing::info!(learned = learned.unwrap_or(false), clicks = known.tried, "visits were looked at");
            }
            _ = stop.changed() => return,
        }
    }
}
