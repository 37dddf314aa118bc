//! Loading what a batch needs: set-based where it can be foreseen, one by one where the desk asks.

use super::round::Batch;
use super::task::Task;
use super::write;
use beckon_core::desk::{Missing, Shelf};
use beckon_core::event::Incoming;
use beckon_core::ids::{Bucket, ShopId};
use beckon_store::{Result, Wanted};
use std::collections::HashSet;

impl Batch<'_> {
    /// Loads, set-based, what the tasks will ask for: which events are known, who holds their identities, and
    /// the profiles behind them.
    pub(super) fn foresee(&self, tasks: &[Task], shelf: &mut Shelf) -> Result<HashSet<(Bucket, u64)>> {
        let shop = self.state.shop;
        let mut wanted = Wanted::default();
        for task in tasks {
            for incoming in task.events() {
                if let Some(first) = incoming.identities.first() {
                    wanted.events.push((shop, first.door.bucket(shop), incoming.event.number));
                }
                for identity in &incoming.identities {
                    wanted.identities.push((shop, identity.door.bucket(shop), identity.door.id(shop)));
                }
            }
        }
        wanted.identities.sort_unstable();
        wanted.identities.dedup();
        let found = self.load(shelf, wanted)?;
        let known = found.into_iter().map(|(_, bucket, number)| (bucket, number)).collect();
        let mut profiles = Wanted::default();
        for task in tasks {
            for incoming in task.events() {
                let first = incoming.identities.first();
                let holder = first.and_then(|i| shelf.holder(shop, i.door.id(shop)).flatten());
                if let Some(holder) = holder {
                    profiles.profiles.push((shop, holder.profile, is_rich(incoming)));
                }
            }
            match task {
                Task::Wake { profile, .. } | Task::Input { profile, .. } | Task::Keep { profile, .. } => {
                    profiles.profiles.push((shop, *profile, true));
                }
                _ => {}
            }
        }
        // The one that asks for the warm half stands last of its profile and is the one kept.
        profiles.profiles.sort_unstable();
        profiles.profiles.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            kept.2 |= same && next.2;
            same
        });
        self.load(shelf, profiles)?;
        Ok(known)
    }

    /// Loads the one thing the desk asked for.
    pub(super) fn fetch(&self, shelf: &mut Shelf, missing: Missing) -> Result<()> {
        let shop = self.state.shop;
        let mut wanted = Wanted::default();
        match missing {
            Missing::Profile(id, warm) => wanted.profiles.push((shop, id, warm)),
            Missing::Holder(bucket, door) => wanted.identities.push((shop, bucket, door)),
            Missing::Order(bucket, door) => wanted.orders.push((shop, bucket, door)),
            Missing::Address(bucket, door) => wanted.addresses.push((shop, bucket, door)),
        }
        self.load(shelf, wanted).map(drop)
    }

    /// Lays what is wanted onto the shelf, from memory or from the store, and tells which of the events are known.
    fn load(&self, shelf: &mut Shelf, mut wanted: Wanted) -> Result<Vec<(ShopId, Bucket, u64)>> {
        self.remembered.borrow_mut().lend(&mut wanted, shelf);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.store.load(&wanted)?;
        let known = std::mem::take(&mut found.events);
        write::shelve(shelf, &wanted, found)?;
        Ok(known)
    }
}

/// Whether an event will need the warm half of its profile.
fn is_rich(incoming: &Incoming) -> bool {
    !incoming.event.is_passing() || incoming.tells()
}
