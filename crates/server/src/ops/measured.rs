//! What is measured when the metrics are read: sizes, queues, ages.

use crate::app::{App, SHOP};
use beckon_core::time::{ShopTime, Span};
use beckon_store::{MessageState, disk};
use metrics::gauge;

/// Gauges and what they mean.
const GAUGES: &[(&str, &str)] = &[
    ("beckon_build_info", "1, with the version as a label"),
    ("beckon_queue_tasks", "Tasks that wait for the decider"),
    ("beckon_decider_quiet_seconds", "Since the decider was last heard of"),
    ("beckon_decider_lag_seconds", "How long the longest overdue customer has waited to be looked at"),
    ("beckon_outbox_messages", "Messages by lane and state, counted up to 20000 of a kind"),
    ("beckon_outbox_lag_seconds", "How long the oldest message that may be sent has waited"),
    ("beckon_parked_inputs", "Inputs that wait for a person"),
    ("beckon_letters", "Letters between buckets that wait"),
    ("beckon_inbox_rows", "Inputs that wait for the program that owns the shop, counted up to 20000"),
    ("beckon_owner", "1 while this program owns the shop, 0 while it stands by"),
    ("beckon_feed_age_seconds", "Since the catalogue was last imported; -1: never"),
    ("beckon_feed_ok", "1 when the last import of the feed was taken, 0 when it was refused"),
    ("beckon_database_bytes", "Bytes of a database"),
    ("beckon_wal_bytes", "Bytes of a database's log"),
    ("beckon_disk_free_bytes", "Bytes free on the disk of the data"),
    ("beckon_paused", "1 while nothing is sent because the data was restored or copied"),
    ("beckon_stopped", "1 while staff has stopped all messages"),
    ("beckon_store_ok", "1 while the store answers and takes commits"),
];

/// Lanes of the outbox by number.
const LANES: [&str; 3] = ["transactional", "triggered", "mass"];
/// States that are not an end, and the one that wants a person.
const STATES: [(MessageState, &str); 4] = [
    (MessageState::Approved, "approved"),
    (MessageState::Claimed, "claimed"),
    (MessageState::Handing, "handing"),
    (MessageState::Unknown, "unknown"),
];

/// Names the gauges.
pub fn describe() {
    for (name, help) in GAUGES {
        metrics::describe_gauge!(*name, *help);
    }
}

/// Looks at everything now. Blocks.
pub fn sample(app: &App) {
    gauge!("beckon_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    let shared = app.decider.shared();
    gauge!("beckon_queue_tasks").set(shared.waiting() as f64);
    gauge!("beckon_decider_quiet_seconds").set(secs(app.clock.wall().since(shared.beat())));
    gauge!("beckon_owner").set(flag(app.role.owns()));
    gauge!("beckon_paused").set(flag(app.store.suspicion().is_some()));
    gauge!("beckon_stopped").set(flag(app.shop().settings.stopped));
    let in_directory = app.config.ops.database.is_none();
    for file in app.store.sizes().unwrap_or_default() {
        gauge!("beckon_database_bytes", "plane" => file.plane).set(file.bytes as f64);
        if in_directory {
            gauge!("beckon_wal_bytes", "plane" => file.plane).set(file.log_bytes as f64);
        }
    }
    // The disk of a database on a server is watched there.
    if let Some(free) = disk::free_bytes(&app.config.dir).filter(|_| in_directory) {
        gauge!("beckon_disk_free_bytes").set(free as f64);
    }
    let answers = customers(app).and_then(|()| feed(app));
    let refuses = shared.unavailable.load(std::sync::atomic::Ordering::Relaxed);
    gauge!("beckon_store_ok").set(flag(answers.is_ok() && !refuses));
}

fn customers(app: &App) -> beckon_store::Result<()> {
    let now = app.now();
    let late = |at: Option<ShopTime>| at.map_or(0.0, |at| secs(now.since(at)));
    gauge!("beckon_decider_lag_seconds").set(late(app.store.next_due()?));
    gauge!("beckon_outbox_lag_seconds").set(late(app.store.next_outbox()?));
    let waiting = app.store.waiting()?;
    for (lane, name) in LANES.iter().enumerate() {
        for (state, word) in STATES {
            let of = |row: &&(u8, MessageState, u64)| usize::from(row.0) == lane && row.1 == state;
            let count = waiting.messages.iter().find(of).map_or(0, |row| row.2);
            gauge!("beckon_outbox_messages", "lane" => *name, "state" => word).set(count as f64);
        }
    }
    gauge!("beckon_parked_inputs").set(waiting.parked as f64);
    gauge!("beckon_letters").set(waiting.letters as f64);
    gauge!("beckon_inbox_rows").set(waiting.inbox as f64);
    Ok(())
}

fn feed(app: &App) -> beckon_store::Result<()> {
    let reports = app.plane.import_reports(SHOP, 10)?;
    let taken = reports.iter().find(|report| report.outcome == "imported");
    gauge!("beckon_feed_age_seconds").set(taken.map_or(-1.0, |report| secs(app.now().since(report.at))));
    // A shop without a feed has nothing that fails.
    let ok = reports.first().is_none_or(|report| report.outcome == "imported");
    gauge!("beckon_feed_ok").set(flag(ok));
    Ok(())
}

fn secs(span: Span) -> f64 {
    span.0.max(0) as f64 / 1_000.0
}

fn flag(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}
