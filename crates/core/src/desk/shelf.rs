//! What is at hand: profiles, holders of identities, orders and addresses, with what was changed of them.

use crate::address::Address;
use crate::door::Holder;
use crate::ids::{Door, DoorId, ProfileId, ShopId};
use crate::order::Order;
use crate::profile::Profile;
use crate::time::ShopTime;
use std::collections::{BTreeMap, BTreeSet};

/// Something at hand, with the version it is stored under and whether it was changed since.
#[derive(Clone, Debug)]
pub struct Slot<T> {
    /// What it is now; `None` is known not to be there.
    pub value: Option<T>,
    /// Version in the store; 0 when it is not there.
    pub version: u64,
    /// It must be written.
    pub changed: bool,
}

impl<T> Slot<T> {
    /// As it was loaded.
    pub fn loaded(value: Option<T>, version: u64) -> Slot<T> {
        Slot { value, version, changed: false }
    }
}

/// What is at hand, by shop and number.
#[derive(Debug, Default)]
pub struct Shelf {
    /// Customers.
    pub profiles: BTreeMap<(ShopId, ProfileId), Slot<Profile>>,
    /// Holders of identities.
    pub holders: BTreeMap<(ShopId, DoorId), Slot<Holder>>,
    /// Orders.
    pub orders: BTreeMap<(ShopId, DoorId), Slot<Order>>,
    /// Addresses.
    pub addresses: BTreeMap<(ShopId, DoorId), Slot<Address>>,
    /// Profiles whose warm half was changed.
    pub warm_changed: BTreeSet<(ShopId, ProfileId)>,
    /// Everything there is lies here: what is not, does not exist. For simulations.
    pub complete: bool,
    /// A decision that broke off would break off everything: nobody goes on with what was there before it, and it
    /// need not be copied. For simulations.
    pub spends: bool,
}

impl Shelf {
    /// A shelf with everything there is.
    #[must_use]
    pub fn complete() -> Shelf {
        Shelf { complete: true, ..Shelf::default() }
    }

    /// The profile, `Some(None)` when it is known not to be there, `None` when it is not at hand.
    #[must_use]
    pub fn profile(&self, shop: ShopId, id: ProfileId) -> Option<Option<&Profile>> {
        match self.profiles.get(&(shop, id)) {
            Some(slot) => Some(slot.value.as_ref()),
            None => self.complete.then_some(None),
        }
    }

    /// The holder, likewise.
    #[must_use]
    pub fn holder(&self, shop: ShopId, door: DoorId) -> Option<Option<Holder>> {
        match self.holders.get(&(shop, door)) {
            Some(slot) => Some(slot.value.clone()),
            None => self.complete.then_some(None),
        }
    }

    /// Takes a profile away to decide on it, where the shelf may be spent.
    pub(super) fn spend(&mut self, shop: ShopId, id: ProfileId) -> Option<Profile> {
        if !self.spends {
            return None;
        }
        self.profiles.get_mut(&(shop, id))?.value.take()
    }

    /// Whether the address is at hand.
    #[must_use]
    pub fn has_address(&self, shop: ShopId, door: DoorId) -> bool {
        self.complete || self.addresses.contains_key(&(shop, door))
    }

    /// The address, if there is anything to know of it.
    #[must_use]
    pub fn address(&self, shop: ShopId, door: DoorId) -> Option<&Address> {
        self.addresses.get(&(shop, door))?.value.as_ref()
    }

    /// A profile that has just been born at its door.
    pub(super) fn born(&mut self, profile: Profile, door: &Door, proved: bool, at: ShopTime) {
        let shop = profile.shop;
        let mut holder = None;
        crate::door::claim(&mut holder, door, profile.id, proved, at);
        self.holders.insert((shop, door.id(shop)), Slot { value: holder, version: 0, changed: true });
        self.profiles.insert((shop, profile.id), Slot { value: Some(profile), version: 0, changed: true });
    }

    /// A profile as it is now.
    pub(super) fn put(&mut self, profile: Profile) {
        let key = (profile.shop, profile.id);
        let slot = self.profiles.entry(key).or_insert(Slot { value: None, version: 0, changed: true });
        let warm_before = slot.value.as_ref().and_then(|p| p.warm.as_ref());
        if slot.version == 0 || warm_before != profile.warm.as_ref() {
            self.warm_changed.insert(key);
        }
        slot.changed = true;
        slot.value = Some(profile);
    }
}
