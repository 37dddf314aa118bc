//! Letters to doors: who holds an identity, what an order is, what may be sent to an address.

use super::{Desk, Missing, Slot};
use crate::address::Said;
use crate::door::{Answer, claim, rebind};
use crate::ids::{Bucket, Door, DoorId, DoorKind, ProfileId};
use crate::input::{Letter, Recipient};
use crate::order::Report;
use crate::time::ShopTime;

impl Desk<'_> {
    /// Answers a letter to a door.
    pub(super) fn at_door(&mut self, bucket: Bucket, door: DoorId, letter: &Letter) -> Result<(), Missing> {
        match letter {
            Letter::ClaimDoor { door: text, claimant, proved, at } => {
                self.claimed(bucket, text, *claimant, *proved, *at)
            }
            Letter::Rebind { door: text, from, to, moved, at } => {
                let mut slot = self.holder_slot(bucket, text.id(self.shop))?;
                let rebound = rebind(&mut slot.value, *from, *to, *at);
                slot.changed |= rebound;
                if let (true, Some(holder)) = (rebound && *moved, &mut slot.value) {
                    // The browser is another person's now: that it was hers proves nothing for the new one.
                    holder.proved = false;
                }
                self.shelf.holders.insert((self.shop, text.id(self.shop)), slot);
                Ok(())
            }
            Letter::OrderReport(report) => self.reported(bucket, door, report),
            Letter::AddressReport { profile, what, at, .. } => self.said(bucket, door, *profile, *what, *at),
            _ => Ok(()),
        }
    }

    fn holder_slot(&self, bucket: Bucket, door: DoorId) -> Result<Slot<crate::door::Holder>, Missing> {
        match self.shelf.holders.get(&(self.shop, door)) {
            Some(slot) => Ok(slot.clone()),
            None if self.shelf.complete => Ok(Slot::loaded(None, 0)),
            None => Err(Missing::Holder(bucket, door)),
        }
    }

    fn claimed(
        &mut self,
        bucket: Bucket,
        text: &Door,
        claimant: ProfileId,
        proved: bool,
        at: ShopTime,
    ) -> Result<(), Missing> {
        let door = text.id(self.shop);
        let mut slot = self.holder_slot(bucket, door)?;
        let before = slot.value.clone();
        // A browser's changes of hands are counted on our clock: the client says when it happened, and may lie.
        let answer = claim(&mut slot.value, text, claimant, proved, self.now);
        if let (Answer::Bound, Some(holder)) = (answer, &mut slot.value) {
            holder.since = at;
        }
        slot.changed |= slot.value != before;
        let proved = proved && slot.value.as_ref().is_some_and(|holder| holder.proved);
        self.shelf.holders.insert((self.shop, door), slot);
        if let Answer::Held(holder) = answer {
            let letter = Letter::Held { kind: text.kind, door, holder, proved };
            self.letters.push_back((Recipient::Profile(claimant), letter));
        }
        Ok(())
    }

    fn reported(&mut self, bucket: Bucket, door: DoorId, report: &Report) -> Result<(), Missing> {
        let key = (self.shop, door);
        if !self.shelf.orders.contains_key(&key) {
            if !self.shelf.complete {
                return Err(Missing::Order(bucket, door));
            }
            self.shelf.orders.insert(key, Slot::loaded(None, 0));
        }
        let Some(slot) = self.shelf.orders.get_mut(&key) else { return Ok(()) };
        let order = slot.value.get_or_insert_default();
        let joined = order.join(report);
        slot.changed |= joined.changed;
        for (proved, other) in joined.same_person {
            let letter = Letter::Held { kind: DoorKind::Order, door, holder: other, proved: true };
            self.letters.push_back((Recipient::Profile(proved), letter));
        }
        Ok(())
    }

    fn said(
        &mut self,
        bucket: Bucket,
        door: DoorId,
        profile: ProfileId,
        what: Said,
        at: ShopTime,
    ) -> Result<(), Missing> {
        let key = (self.shop, door);
        if !self.shelf.addresses.contains_key(&key) {
            if !self.shelf.complete {
                return Err(Missing::Address(bucket, door));
            }
            self.shelf.addresses.insert(key, Slot::loaded(None, 0));
        }
        let Some(slot) = self.shelf.addresses.get_mut(&key) else { return Ok(()) };
        let before = slot.value.clone().unwrap_or_default();
        let address = slot.value.get_or_insert_default();
        address.bucket = u32::from(bucket.0);
        address.say(what, profile, at);
        slot.changed |= *address != before;
        let stopped = address.stopped().is_some();
        let told: Vec<ProfileId> = if stopped != before.stopped().is_some() {
            address.profiles.iter().map(|p| ProfileId(p.0)).collect()
        } else if what == Said::Used && stopped {
            vec![profile]
        } else {
            Vec::new()
        };
        for profile in told {
            let letter = Letter::AddressIs { door, stopped };
            self.letters.push_back((Recipient::Profile(profile), letter));
        }
        Ok(())
    }
}
