//! Hearing what other programs on the same database tell (PostgreSQL, LISTEN), and whether anything comes back at
//! all: the connection that listens has nothing else to wait for.
//!
//! It is a hint: a word that is lost with its connection is not told again, and whoever needs to know looks
//! now and then.

use super::address::Address;
use super::runtime;
use futures_util::future::select;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio_postgres::AsyncMessage;

/// Between a connection that was lost and the next.
const PAUSE: Duration = Duration::from_secs(1);
/// So often it is looked whether anybody wants to hear still.
const WANTED: Duration = Duration::from_secs(5);

/// What is called with each word.
pub type Heard = Box<dyn Fn(&str) + Send + Sync>;

/// Listens on a connection of its own, on the thread of the connections, as long as the database is held
/// open.
pub fn listen(address: &Arc<Address>, heard: Heard) {
    // Without the thread nothing else works either, and says so.
    let Ok(handle) = runtime::handle() else { return };
    let line = Arc::clone(&address.line);
    let address = Arc::downgrade(address);
    handle.spawn(async move {
        while address.strong_count() > 0 {
            connection(&address, &heard).await;
            tokio::time::sleep(PAUSE).await;
        }
        line.heard();
    });
}

/// Hears until the connection is lost, or nobody wants to hear any more.
async fn connection(address: &Weak<Address>, heard: &Heard) {
    let Some(found) = address.upgrade() else { return };
    let line = Arc::clone(&found.line);
    // As with an answer: whether nothing comes back must be known within the lease.
    let max = found.connect_max().min(line.answer_max());
    let (client, mut connection) = match found.connect(max).await {
        Ok(connected) => connected,
        Err(Some(_)) => return line.heard(),
        // Others may wait on connections that were made before it fell silent.
        Err(None) => return line.break_all(),
    };
    drop(found);
    line.heard();
    let asking = pin!(async {
        let mut question = "LISTEN beckon";
        loop {
            match tokio::time::timeout(line.answer_max(), client.batch_execute(question)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return,
                Err(_) => return line.break_all(),
            }
            question = "SELECT 1";
            tokio::time::sleep(line.pause()).await;
        }
    });
    let hearing = pin!(async {
        while address.strong_count() > 0 {
            let next = poll_fn(|cx| connection.poll_message(cx));
            match tokio::time::timeout(WANTED, next).await {
                Ok(Some(Ok(AsyncMessage::Notification(told)))) => heard(told.payload()),
                Ok(Some(Ok(_))) | Err(_) => {}
                Ok(Some(Err(_)) | None) => return,
            }
        }
    });
    select(asking, hearing).await;
}
