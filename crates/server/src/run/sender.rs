//! The sender: takes messages out of the outbox, renders them, claims them, hands them over, and reports what came of it.
//!
//! The order is: take (claimed) → connect → render → claim (handing, committed) → the channel → outcome. Nothing of a
//! message leaves before *handing* is on disk, and at most one message per session is there.

use super::task::{Answer, Task};
use crate::app::{App, SHOP};
use crate::facts::message::{self, Draft, NoDraft};
use crate::ops::names::{HANDED_AFTER_SECS, MESSAGES};
use crate::sent;
pub use crate::sent::Kept;
use beckon_channels::smtp::{Envelope, Pool, Slot};
use beckon_channels::{Address, Outcome as Said, dkim};
use beckon_core::effect::Verdict;
use beckon_core::input::{Delivered, Input, Outcome};
use beckon_core::time::{MINUTE, SECOND, ShopTime, Span, WallTime};
use beckon_core::wire::Hash64;
use beckon_render::{Links, RenderError};
use beckon_store::MessageRow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// Renderings of one message: a cart that changes while it is rendered is rendered anew.
const RENDERINGS_MAX: usize = 4;
/// Messages taken ahead per session, so that a session never waits for a commit.
const AHEAD_PER_SESSION: usize = 4;

/// The relay in force, with its sessions.
struct Relay {
    set: String,
    pool: Pool,
    from: Address,
    keys: Arc<Vec<dkim::Key>>,
}

/// Sends until the program stops, then waits for what is being handed over.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let sessions = app.config.smtp_sessions.max(1);
    let ahead = Arc::new(Semaphore::new(sessions * AHEAD_PER_SESSION));
    let mut relay: Option<Arc<Relay>> = None;
    while !*stop.borrow() {
        // A copy does not know who unsubscribed since: a person must look first.
        let current = match app.store.suspicion() {
            Some(why) => Err(why),
            None => current(&app, relay.take(), sessions),
        };
        match current {
            Ok(current) => relay = Some(current),
            Err(why) => tracing::debug!(why, "nothing can be sent"),
        }
        let sent = match &relay {
            Some(relay) => take(&app, relay, &ahead).await,
            None => 0,
        };
        if sent > 0 {
            continue;
        }
        let next = app.store.next_outbox().ok().flatten();
        let pause = next.map_or(Duration::from_secs(1), |at| app.clock.until(at).min(Duration::from_secs(1)));
        // Without a relay nothing can be done but to wait for one.
        let pause =
            if relay.is_none() { Duration::from_secs(1) } else { pause.max(Duration::from_millis(5)) };
        tokio::select! {
            () = app.decider.shared().outbox.notified() => {}
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => {}
        }
    }
    let all = u32::try_from(sessions * AHEAD_PER_SESSION).unwrap_or(u32::MAX);
    // What is on its way is waited for; what is merely claimed is safe to take back at the next start.
    drop(tokio::time::timeout(Duration::from_secs(20), ahead.acquire_many(all)).await);
    if let Some(relay) = relay {
        relay.pool.close().await;
    }
}

/// The relay the settings name now; its sessions are kept while the settings stay.
fn current(app: &App, before: Option<Arc<Relay>>, sessions: usize) -> Result<Arc<Relay>, String> {
    let state = app.shop();
    let (settings, from) = app.smtp()?;
    let signs = (&state.settings.dkim_selector, &state.settings.dkim_domain, &state.settings.dkim_key);
    let set = format!("{settings:?} {from} {signs:?}");
    if let Some(before) = before.filter(|relay| relay.set == set) {
        return Ok(before);
    }
    Ok(Arc::new(Relay { set, pool: Pool::new(settings, sessions), from, keys: Arc::new(dkim_keys(app)?) }))
}

/// The keys mails are signed with; none when the shop has none.
///
/// # Errors
/// The key cannot be read.
pub fn dkim_keys(app: &App) -> Result<Vec<dkim::Key>, String> {
    let state = app.shop();
    let settings = &state.settings;
    if settings.dkim_key.is_empty() {
        return Ok(Vec::new());
    }
    dkim::Key::parse(&settings.dkim_domain, &settings.dkim_selector, settings.dkim_key.as_bytes())
        .map(|key| vec![key])
        .map_err(|why| format!("the DKIM key: {why}"))
}

/// Takes what can be sent now; gives back how many messages were taken.
async fn take(app: &Arc<App>, relay: &Arc<Relay>, ahead: &Arc<Semaphore>) -> usize {
    let free = ahead.available_permits();
    if free == 0 {
        // Wait for one to be done.
        drop(ahead.acquire().await);
        return 1;
    }
    let answer = app.decider.ask(|reply| Task::Take { most: free, reply }).await;
    let Ok(Answer::Taken(rows)) = answer else { return 0 };
    let taken = rows.len();
    for row in rows {
        let (app, relay) = (app.clone(), relay.clone());
        let Ok(permit) = ahead.clone().acquire_owned().await else { return 0 };
        tokio::spawn(async move {
            send(&app, &relay, &row).await;
            drop(permit);
        });
    }
    taken
}

/// Takes one message from claimed to its end.
async fn send(app: &Arc<App>, relay: &Relay, row: &MessageRow) {
    for _ in 0..RENDERINGS_MAX {
        let written = match write(app, relay, row).await {
            Ok(written) => written,
            Err(Trouble::GiveBack(after, why)) => return give_back(app, row, after, why).await,
            Err(Trouble::Unrendered(why)) => return report(app, row, Delivered::Unrendered, why).await,
        };
        // A ghost goes the whole way but needs no session.
        let slot = if row.channel == "none" {
            None
        } else {
            match relay.pool.ready().await {
                Ok(slot) => Some(slot),
                Err(why) => return give_back_after(app, row, &why).await,
            }
        };
        match claim(app, row, &written).await {
            Some(Verdict::Hand) => {
                let Some(slot) = slot else { return };
                return hand(app, relay, row, slot, &written).await;
            }
            Some(Verdict::RenderAgain) => {}
            _ => return,
        }
    }
    give_back(app, row, SECOND.times(10), "the cart changed faster than it could be shown".to_owned()).await;
}

/// A mail, ready to be handed over.
struct Written {
    to: String,
    mime: Vec<u8>,
    facts: Vec<u8>,
    content: Hash64,
}

enum Trouble {
    GiveBack(Span, String),
    Unrendered(String),
}

/// Renders, packs and signs on a thread that may block.
async fn write(app: &Arc<App>, relay: &Relay, row: &MessageRow) -> Result<Written, Trouble> {
    let (app, row, from, keys) = (app.clone(), row.clone(), relay.from.clone(), relay.keys.clone());
    let work = tokio::task::spawn_blocking(move || write_now(&app, &row, &from, &keys));
    work.await.unwrap_or_else(|why| Err(Trouble::Unrendered(format!("rendering ended: {why}"))))
}

fn write_now(app: &App, row: &MessageRow, from: &Address, keys: &[dkim::Key]) -> Result<Written, Trouble> {
    let draft = match message::draft(app, row) {
        Ok(draft) => draft,
        Err(NoDraft::Unavailable(why)) => return Err(Trouble::GiveBack(SECOND.times(10), why)),
        // The claim will find the same and say why it is withheld.
        Err(NoDraft::Gone) => {
            return Err(Trouble::Unrendered("the address changed while the message waited".to_owned()));
        }
    };
    let Draft { facts, email, locale, content } = draft;
    let unrendered = |why: String| Trouble::Unrendered(why);
    let (mut kept, template) = sent::keep(app, row, locale, facts).map_err(unrendered)?;
    let to = Address::parse(&email).map_err(|why| unrendered(why.to_string()))?;
    (kept.from, kept.to, kept.date) = (from.to_string(), to.to_string(), app.clock.wall().0);
    let links = Links::new(&kept.origin, &app.shop().secret);
    let letter = sent::letter(row, &kept, &template, &links).map_err(|why| match why {
        RenderError::Abort(why) => Trouble::Unrendered(why),
        broken @ RenderError::Broken { .. } => Trouble::Unrendered(broken.to_string()),
    })?;
    kept.rendered = sent::fingerprint(&letter.rendered);
    let mime = sent::mime(&kept, &letter).map_err(unrendered)?;
    let mime = if keys.is_empty() {
        mime
    } else {
        dkim::sign(keys, &mime, WallTime(kept.date)).map_err(|why| unrendered(why.to_string()))?
    };
    let facts = serde_json::to_vec(&kept).map_err(|why| unrendered(why.to_string()))?;
    Ok(Written { to: to.email().to_owned(), mime, facts, content })
}

async fn claim(app: &App, row: &MessageRow, written: &Written) -> Option<Verdict> {
    let make = |reply| Task::Keep {
        shop: SHOP,
        message: row.id,
        body: written.facts.clone(),
        profile: row.profile,
        content: written.content,
        address: row.address,
        reply,
    };
    match app.decider.insist(make).await {
        Some(Answer::Verdict(verdict)) => Some(verdict),
        _ => None,
    }
}

/// Hands the message over: from here on only the channel's answer ends it.
async fn hand(app: &App, relay: &Relay, row: &MessageRow, slot: Slot, written: &Written) {
    let envelope = Envelope { from: relay.from.email(), to: &written.to };
    let late = app.now().since(row.due).0.max(0) as f64 / 1_000.0;
    metrics::histogram!(HANDED_AFTER_SECS).record(late);
    let said = slot.send(&envelope, &written.mime).await;
    let (result, note) = match said {
        Said::Sent { response } => (Delivered::Sent, response),
        Said::Retry { after_secs, why } => (Delivered::Retry(later(app, row, after_secs)), why),
        Said::Never { why } => (Delivered::Never(no_such_address(&why)), why),
        Said::Unknown { why } => (Delivered::Unknown, why),
    };
    report(app, row, result, note).await;
}

/// Retries wait longer with every try, never past the deadline by much.
fn later(app: &App, row: &MessageRow, after_secs: u32) -> ShopTime {
    let asked = SECOND.times(i64::from(after_secs));
    let grown = MINUTE.times(1 << row.tries.min(6));
    app.now().plus(asked.max(grown).min(SECOND.times(7_200)))
}

/// Only what says that the mailbox does not exist (RFC 3463: 5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10) ends an address; a
/// refusal for policy or content does not.
fn no_such_address(why: &str) -> bool {
    let dead = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"];
    why.starts_with("RCPT")
        && why.split(|c: char| !(c.is_ascii_digit() || c == '.')).any(|word| dead.contains(&word))
}

async fn report(app: &App, row: &MessageRow, result: Delivered, note: String) {
    let word = match result {
        Delivered::Sent => "sent",
        Delivered::Retry(_) => "retry",
        Delivered::Never(_) => "never",
        Delivered::Unknown => "unknown",
        Delivered::Unrendered => "unrendered",
    };
    metrics::counter!(MESSAGES, "outcome" => word).increment(1);
    let outcome = Outcome { message: row.id, address: row.address, result, note };
    app.decider
        .insist(|reply| Task::Input {
            shop: SHOP,
            profile: row.profile,
            input: Input::Outcome(outcome.clone()),
            reply,
        })
        .await;
}

async fn give_back_after(app: &App, row: &MessageRow, why: &Said) {
    let (after, why) = match why {
        Said::Retry { after_secs, why } => (SECOND.times(i64::from(*after_secs)), why.clone()),
        other => (MINUTE, format!("{other:?}")),
    };
    give_back(app, row, after, why).await;
}

async fn give_back(app: &App, row: &MessageRow, after: Span, why: String) {
    let not_before = app.now().plus(after);
    app.decider
        .insist(|reply| Task::GiveBack { shop: SHOP, message: row.id, not_before, note: why.clone(), reply })
        .await;
}
