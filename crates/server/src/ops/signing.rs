//! Renewing the key that identities are signed with.

use crate::access::signing::Signing;
use crate::app::App;
use crate::save::{Change, Saved, read, save};
use crate::settings::{MAIN, kind};
use std::sync::Arc;

/// Makes a new key and puts it in force; what came of it, and the key.
pub async fn renew(app: &Arc<App>, by: &str, end_old: bool) -> (Saved, String) {
    let (before, version) = match read::<Signing>(app, kind::SIGNING, MAIN).await {
        Ok(found) => found,
        Err(why) => return (Saved::Failed(why.to_string()), String::new()),
    };
    let next = before.renewed(app.clock.wall(), end_old);
    let saved = save(app, by, vec![Change::put(kind::SIGNING, MAIN, version, &next)]).await;
    (saved, next.key().to_owned())
}
