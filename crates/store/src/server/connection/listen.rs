//! Hearing what other programs on the same database tell (PostgreSQL, LISTEN).
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
    let address = Arc::downgrade(address);
    handle.spawn(async move {
        while address.strong_count() > 0 {
            connection(&address, &heard).await;
            tokio::time::sleep(PAUSE).await;
        }
    });
}

/// Hears until the connection is lost, or nobody wants to hear any more.
async fn connection(address: &Weak<Address>, heard: &Heard) {
    let Some(found) = address.upgrade() else { return };
    let (config, tls) = (found.config.clone(), found.tls.clone());
    drop(found);
    let Ok((client, mut connection)) = config.connect(tls).await else { return };
    let asking = pin!(async {
        if client.batch_execute("LISTEN beckon").await.is_ok() {
            std::future::pending::<()>().await;
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
