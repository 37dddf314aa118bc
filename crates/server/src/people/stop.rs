//! Stopping marketing to addresses from outside of mails: the shop's servers, a relay's reports, what happened while
//! another copy of the shop ran.

use crate::app::{App, SHOP};
use crate::run::decider::{Handle, NotTaken};
use crate::run::task::Task;
use beckon_core::address::Said;
use beckon_core::ids::{Door, DoorId, DoorKind, ProfileId};
use beckon_core::input::{Letter, Recipient};
use beckon_store::Error;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Letters on their way at once: they share commits, and leave the decider's queue room for events.
const AT_ONCE: usize = 512;

/// An address that is to get no marketing any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The address as it is kept: see [`crate::track::identity::email`].
    pub email: String,
    /// Why.
    pub what: Said,
}

/// The reasons that may be given, by the names they have everywhere.
pub const REASONS: [(&str, Said); 3] =
    [("unsubscribed", Said::Unsubscribed), ("complained", Said::Complained), ("bounced", Said::Bounced)];

/// Reads a reason's name.
#[must_use]
pub fn reason(code: &str) -> Option<Said> {
    REASONS.iter().find(|(known, _)| *known == code).map(|(_, said)| *said)
}

/// Stops addresses. When this returns well, the row of every one is on disk, so that no message to it is begun after.
///
/// # Errors
/// The store does not answer. Those before may be stopped already; stopping an address twice changes nothing, so that
/// all may be repeated.
pub async fn stop(app: &Arc<App>, stops: &[Stop]) -> beckon_store::Result<()> {
    for some in stops.chunks(AT_ONCE) {
        let doors: Vec<Door> =
            some.iter().map(|stop| Door::new(DoorKind::Email, stop.email.clone())).collect();
        let holders = holders(app, &doors).await?;
        let mut letters = JoinSet::new();
        for (stop, door) in some.iter().zip(&doors) {
            let id = door.id(SHOP);
            let profile = holders.get(&id).copied().unwrap_or(ProfileId(0));
            let letter = Letter::AddressReport { door: id, profile, what: stop.what, at: app.now() };
            let to = Recipient::Door { bucket: door.bucket(SHOP), door: id };
            letters.spawn(tell(app.decider.clone(), to, letter));
        }
        while let Some(told) = letters.join_next().await {
            let told = told.map_err(|why| Error::Unavailable(why.to_string()))?;
            told.map_err(|_| Error::Unavailable("an address could not be written".to_owned()))?;
        }
    }
    Ok(())
}

/// Who holds the addresses now.
async fn holders(app: &Arc<App>, doors: &[Door]) -> beckon_store::Result<BTreeMap<DoorId, ProfileId>> {
    let app = app.clone();
    let asked: Vec<_> = doors.iter().map(|door| (door.bucket(SHOP), door.id(SHOP))).collect();
    let found = tokio::task::spawn_blocking(move || app.store.holders(SHOP, &asked)).await;
    let rows = found.map_err(|why| Error::Unavailable(why.to_string()))??;
    Ok(rows.into_iter().map(|row| (row.door, row.profile)).collect())
}

async fn tell(decider: Handle, to: Recipient, letter: Letter) -> Result<(), NotTaken> {
    let letter = Box::new(letter);
    decider.ask(|reply| Task::Letter { to, letter, reply }).await.map(drop)
}
