//! Erasing what old messages said. Their rows stay, with when and why; the facts they were made of hold an address, a
//! name and a cart, and are kept no longer than anybody asks what a letter looked like.

use crate::app::{App, SHOP};
use beckon_core::time::{DAY, Span};
use beckon_store::Forget;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// So long what a message said is kept.
const KEPT_FOR: Span = Span(90 * DAY.0);
/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(3_600);
/// Between two slices, so that commits go first.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks every hour until the program stops.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        erase(&app, &stop).await;
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => return,
        }
    }
}

async fn erase(app: &Arc<App>, stop: &watch::Receiver<bool>) {
    let before = app.now().minus(KEPT_FOR);
    let mut cursor = Some(-1);
    while let Some(at) = cursor.filter(|_| !*stop.borrow()) {
        let slice = app.clone();
        let work = move || slice.store.forget(Forget::Bodies, SHOP, before, at);
        cursor = match tokio::task::spawn_blocking(work).await {
            Ok(Ok(done)) => done.next,
            Ok(Err(why)) => {
                tracing::error!(%why, "bodies of old messages cannot be erased");
                None
            }
            Err(_) => None,
        };
        tokio::time::sleep(PAUSE).await;
    }
}
