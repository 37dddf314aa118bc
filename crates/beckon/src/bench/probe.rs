//! The bare probe: an endpoint that only finds who and when in a call and appends it to one table, one commit for all
//! that waits. What the disk or the database gives to who does nothing else.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::ProfileId;
use beckon_core::time::ShopTime;
use beckon_server::app::SHOP;
use beckon_store::{Commit, JournalWrite, Options, Place, Store};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Events of one commit, as the decider's.
const EVENTS_PER_COMMIT: usize = 512;

/// Rows of one request, and who waits for them.
type Rows = (Vec<JournalWrite>, oneshot::Sender<bool>);

/// Starts it on this place.
///
/// # Errors
/// It cannot be opened, or no port is free.
pub async fn start(place: &Place) -> Result<SocketAddr, String> {
    let store = Store::open_at(place, &Options::default()).map_err(|why| why.to_string())?;
    let epoch = store.head().map_err(|why| why.to_string())?.epoch;
    let (sender, queue) = sync_channel(4_096);
    std::thread::spawn(move || write(&store, epoch, &queue));
    let router = Router::new().route("/v1/{call}", post(take)).with_state(sender);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|why| why.to_string())?;
    let addr = listener.local_addr().map_err(|why| why.to_string())?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(addr)
}

async fn take(State(queue): State<SyncSender<Rows>>, body: Bytes) -> Result<&'static str, StatusCode> {
    let parsed: serde_json::Value = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let rows = match parsed["batch"].as_array() {
        Some(calls) => calls.iter().map(row).collect(),
        None => vec![row(&parsed)],
    };
    let (reply, done) = oneshot::channel();
    queue.try_send((rows, reply)).map_err(|_| StatusCode::TOO_MANY_REQUESTS)?;
    if done.await == Ok(true) { Ok("{}") } else { Err(StatusCode::SERVICE_UNAVAILABLE) }
}

fn row(call: &serde_json::Value) -> JournalWrite {
    let who = call["anonymousId"].as_str().unwrap_or_default();
    let at = call["timestamp"].as_str().and_then(|at| at.parse::<jiff::Timestamp>().ok());
    // As long as what Beckon keeps of an event.
    let body = call["properties"].to_string().into_bytes();
    JournalWrite {
        shop: SHOP,
        profile: ProfileId(hash(Tag::Jitter, SHOP, &[who.as_bytes()])),
        at: ShopTime(at.map_or(0, jiff::Timestamp::as_millisecond)),
        body,
    }
}

/// One writer: whatever waits is one commit.
fn write(store: &Store, epoch: u64, queue: &Receiver<Rows>) {
    while let Ok((rows, reply)) = queue.recv() {
        let (mut journal, mut waiting) = (rows, vec![reply]);
        while journal.len() < EVENTS_PER_COMMIT
            && let Ok((rows, reply)) = queue.try_recv()
        {
            journal.extend(rows);
            waiting.push(reply);
        }
        let is_kept = store.commit(&Commit { epoch, journal, ..Commit::default() }).is_ok();
        for reply in waiting {
            // A client that gave up has nothing to be told.
            let _ = reply.send(is_kept);
        }
    }
}
