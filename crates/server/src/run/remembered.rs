//! Customers kept in memory between batches, so that who comes again need not be read again.
//!
//! Only the owner of the buckets writes customers, so what was committed last is what is on disk. Should it not be (a
//! row was erased, another program took over), the commit's guards refuse the write and the batch is read anew.

use crate::ops::names::{CUSTOMERS_LOADED, CUSTOMERS_REMEMBERED};
use beckon_core::desk::{Shelf, Slot};
use beckon_core::door::Holder;
use beckon_core::ids::{DoorId, ProfileId, ShopId};
use beckon_core::profile::Profile;
use beckon_store::Wanted;
use std::collections::HashMap;

/// The most that is kept without being told: a million customers on disk and a million clicks in the recommender stay
/// within 600 MB.
const DEFAULT_MOST_BYTES: u64 = 160 << 20;
/// A profile without any of its lists, on the high side.
const PROFILE_BYTES: usize = size_of::<Profile>() + 512;
/// An entry of one of its lists, with its texts.
const ENTRY_BYTES: usize = 112;
/// A holder with its door.
const HOLDER_BYTES: usize = size_of::<Holder>() + 96;

/// An eighth of the machine's memory, or of what this program may use of it; bounded.
#[must_use]
pub fn default_bytes() -> usize {
    let system = rustix::system::sysinfo();
    let all = (system.totalram as u64).saturating_mul(u64::from(system.mem_unit.max(1)));
    // What a container may use; "max" where it may use all.
    let allowed = std::fs::read_to_string("/sys/fs/cgroup/memory.max");
    let allowed = allowed.ok().and_then(|text| text.trim().parse().ok()).unwrap_or(u64::MAX);
    usize::try_from((all.min(allowed) / 8).min(DEFAULT_MOST_BYTES)).unwrap_or(0)
}

/// What was at hand last, in two generations: when the young one has half of the room, the old one goes.
pub struct Remembered {
    most_bytes: usize,
    young: Generation,
    old: Generation,
}

#[derive(Default)]
struct Generation {
    profiles: HashMap<(ShopId, ProfileId), (Profile, u64)>,
    holders: HashMap<(ShopId, DoorId), Holder>,
    bytes: usize,
}

impl Remembered {
    /// Nothing yet, and never more than about so many bytes.
    #[must_use]
    pub fn new(most_bytes: usize) -> Remembered {
        Remembered { most_bytes, young: Generation::default(), old: Generation::default() }
    }

    /// Lays what is wanted and remembered onto the shelf; what is left must be loaded. It is not remembered until it is
    /// kept again: a batch that cannot be written leaves nothing behind.
    pub fn lend(&mut self, wanted: &mut Wanted, shelf: &mut Shelf) {
        let asked = wanted.profiles.len();
        wanted.profiles.retain(|&(shop, id, warm)| match self.take_profile((shop, id)) {
            // Of whom half is at hand already, the other half must be read: it belongs to that half.
            Some((profile, version))
                if (!warm || profile.warm.is_some()) && !shelf.profiles.contains_key(&(shop, id)) =>
            {
                shelf.profiles.insert((shop, id), Slot::loaded(Some(profile), version));
                false
            }
            _ => true,
        });
        wanted.identities.retain(|&(shop, _, door)| match self.take_holder((shop, door)) {
            Some(holder) => {
                shelf.holders.entry((shop, door)).or_insert_with(|| Slot::loaded(Some(holder), 1));
                false
            }
            None => true,
        });
        let loaded = wanted.profiles.len();
        metrics::counter!(CUSTOMERS_LOADED).increment(loaded as u64);
        metrics::counter!(CUSTOMERS_REMEMBERED).increment((asked - loaded) as u64);
    }

    /// Keeps what is on the shelf of a batch that is on disk.
    pub fn keep(&mut self, shelf: Shelf) {
        if self.most_bytes == 0 {
            return;
        }
        for (key, slot) in shelf.profiles {
            let version = slot.version + u64::from(slot.changed);
            // Who was merged away is only asked for by those who do not know it yet.
            if let Some(profile) = slot.value.filter(|profile| profile.hot.merged_into == ProfileId(0)) {
                self.young.bytes += bytes_of(&profile);
                self.young.profiles.insert(key, (profile, version));
            }
        }
        for (key, slot) in shelf.holders {
            if let Some(holder) = slot.value {
                self.young.bytes += HOLDER_BYTES;
                self.young.holders.insert(key, holder);
            }
        }
        if self.young.bytes > self.most_bytes / 2 {
            self.old = std::mem::take(&mut self.young);
        }
    }

    fn take_profile(&mut self, key: (ShopId, ProfileId)) -> Option<(Profile, u64)> {
        for generation in [&mut self.young, &mut self.old] {
            if let Some(found) = generation.profiles.remove(&key) {
                generation.bytes = generation.bytes.saturating_sub(bytes_of(&found.0));
                return Some(found);
            }
        }
        None
    }

    fn take_holder(&mut self, key: (ShopId, DoorId)) -> Option<Holder> {
        for generation in [&mut self.young, &mut self.old] {
            if let Some(found) = generation.holders.remove(&key) {
                generation.bytes = generation.bytes.saturating_sub(HOLDER_BYTES);
                return Some(found);
            }
        }
        None
    }
}

/// About what a profile takes in memory.
fn bytes_of(profile: &Profile) -> usize {
    let hot = &profile.hot;
    let mut entries =
        hot.doors.len() + hot.positions.len() + hot.candidates.len() + hot.sends.len() + hot.exposures.len();
    if let Some(warm) = &profile.warm {
        entries += warm.traits.len() + warm.cart.lines().len() + warm.views.len() + warm.wishes.len();
        entries += warm.orders.len() + warm.touches.len() + warm.doors.len() + warm.absorbed.len();
        entries += warm.measures.len() + warm.early.len() + warm.block_touches.len();
    }
    PROFILE_BYTES + entries * ENTRY_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use beckon_core::time::ShopTime;

    const SHOP: ShopId = ShopId(1);

    fn shelf(ids: impl Iterator<Item = u64>, warm: bool) -> Shelf {
        let mut shelf = Shelf::default();
        for id in ids {
            let mut profile = Profile::new(SHOP, ProfileId(id), ShopTime(1));
            profile.warm = profile.warm.filter(|_| warm);
            shelf
                .profiles
                .insert((SHOP, ProfileId(id)), Slot { value: Some(profile), version: 3, changed: id == 1 });
        }
        shelf
    }

    fn lent(remembered: &mut Remembered, id: u64, warm: bool) -> Option<u64> {
        let mut shelf = Shelf::default();
        let mut wanted = Wanted { profiles: vec![(SHOP, ProfileId(id), warm)], ..Wanted::default() };
        remembered.lend(&mut wanted, &mut shelf);
        let slot = shelf.profiles.get(&(SHOP, ProfileId(id)));
        assert_eq!(slot.is_none(), wanted.profiles.len() == 1, "lent or left to be loaded");
        assert!(slot.is_none_or(|slot| !slot.changed));
        slot.map(|slot| slot.version)
    }

    #[test]
    fn what_was_written_is_lent_once_with_the_version_it_has_on_disk() {
        let mut remembered = Remembered::new(1 << 20);
        remembered.keep(shelf(1..3, true));
        assert_eq!(lent(&mut remembered, 1, true), Some(4), "changed: written as the next version");
        assert_eq!(lent(&mut remembered, 2, true), Some(3), "read only");
        assert_eq!(lent(&mut remembered, 1, true), None, "nobody said that the batch was written");
    }

    #[test]
    fn half_a_customer_is_no_answer_to_who_wants_the_whole() {
        let mut remembered = Remembered::new(1 << 20);
        remembered.keep(shelf(1..2, false));
        assert_eq!(lent(&mut remembered, 1, true), None);
        remembered.keep(shelf(2..3, false));
        assert_eq!(lent(&mut remembered, 2, false), Some(3));
    }

    #[test]
    fn memory_is_bounded_and_the_latest_stay() {
        let most = 40 * PROFILE_BYTES;
        let mut remembered = Remembered::new(most);
        for id in 1..1_000 {
            remembered.keep(shelf(id..id + 1, true));
            let kept = remembered.young.profiles.values().chain(remembered.old.profiles.values());
            let bytes: usize = kept.map(|(profile, _)| bytes_of(profile)).sum();
            assert_eq!(bytes, remembered.young.bytes + remembered.old.bytes);
            assert!(bytes <= most + PROFILE_BYTES, "{bytes}");
        }
        assert!(lent(&mut remembered, 999, true).is_some() && lent(&mut remembered, 985, true).is_some());
        assert_eq!(lent(&mut remembered, 1, true), None);
        let mut none = Remembered::new(0);
        none.keep(shelf(1..3, true));
        assert_eq!(lent(&mut none, 1, true), None);
    }
}
