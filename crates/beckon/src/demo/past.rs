//! Time that is lived through faster than it is shown: the days before the demo opens, and a jump to tomorrow.
//!
//! Nothing is made up: the shoppers act, the engine decides, mails are sent and answered, only without waiting in
//! between.

use super::{MORNING, NIGHT, of_day};
use beckon_core::time::{DAY, HOUR, MINUTE, ShopTime, Span};
use beckon_server::app::App;
use beckon_sim::shoppers::Live;
use std::time::{Duration, Instant};

/// The shop is looked at this often.
const STEP: Span = MINUTE.times(10);
/// How long one step may take to come to rest before life goes on.
const REST: Duration = Duration::from_millis(120);

/// Lives until `until` or until the wall has gone on by `budget`; the clock then stands where life has got to.
pub async fn live_through(app: &App, live: &Live, until: ShopTime, budget: Duration) {
    let began = Instant::now();
    let pace = app.clock.factor();
    // Between two steps time stands almost still.
    app.clock.set_factor(1.0);
    while app.now() < until && began.elapsed() < budget {
        let next = next_step(app, live).min(until);
        app.clock.jump(next);
        app.decider.nudge();
        live.play(next).await;
        rest(app).await;
    }
    app.clock.set_factor(pace);
}

/// The next moment at which something may happen: not in the night, and not in a time when nobody comes.
fn next_step(app: &App, live: &Live) -> ShopTime {
    let now = app.now();
    let local = of_day(now);
    if local >= NIGHT.0 {
        return now.plus(Span(DAY.0 - local + MORNING.0));
    }
    let store = app.store.next_due().ok().flatten().into_iter().chain(app.store.next_outbox().ok().flatten());
    let first = store.chain(live.next_at()).min();
    // What is due together is done together; an hour is never slept through, so that a night is noticed.
    first.map_or(now.plus(HOUR), |at| at.plus(STEP)).max(now.plus(STEP)).min(now.plus(HOUR))
}

/// Waits until nobody is due and nothing waits to be sent.
async fn rest(app: &App) {
    let began = Instant::now();
    while began.elapsed() < REST {
        let now = app.now();
        let due = |at: Result<Option<ShopTime>, _>| at.ok().flatten().is_some_and(|at: ShopTime| at <= now);
        if !due(app.store.next_due()) && !due(app.store.next_outbox()) {
            return;
        }
        app.decider.nudge();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
