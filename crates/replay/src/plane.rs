//! The customers' plane in memory: profiles, doors, orders and addresses, and the timers of the people.
//!
//! It lends the desk what a piece of work needs and takes it back, as the store does for the shell; the warm
//! half of a profile stays where it is unless it is asked for, so that a page view copies the hot half alone,
//! here as there.

use beckon_core::address::Address;
use beckon_core::decide::due;
use beckon_core::desk::{Changes, Desk, Missing, Offers, Shelf, Slot, Work};
use beckon_core::door::Holder;
use beckon_core::effect::Verdict;
use beckon_core::event::Incoming;
use beckon_core::ids::{DoorId, ProfileId, ShopId};
use beckon_core::input::{Letter, Recipient};
use beckon_core::order::Order;
use beckon_core::plan::Plan;
use beckon_core::profile::Profile;
use beckon_core::time::{MINUTE, ShopTime};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

/// Letters left over by one piece of work that are still answered; a merge takes about ten.
const LETTERS_MAX: usize = 100_000;

/// A customer, and the earliest moment a timer of hers stands in the queue.
struct Person {
    profile: Profile,
    timer: ShopTime,
}

/// What lies in the plane.
#[derive(Default)]
struct Lying {
    people: BTreeMap<ProfileId, Person>,
    holders: BTreeMap<DoorId, Holder>,
    orders: BTreeMap<DoorId, Order>,
    addresses: BTreeMap<DoorId, Address>,
}

/// The customers' plane of one shop.
pub(crate) struct Plane {
    shop: ShopId,
    lying: Lying,
    /// May hold moments that were put off since: they are asked again when they come.
    timers: BinaryHeap<Reverse<(ShopTime, ProfileId)>>,
    shelf: Shelf,
}

impl Plane {
    pub(crate) fn new(shop: ShopId) -> Plane {
        let shelf = Shelf { spends: true, ..Shelf::default() };
        Plane { shop, lying: Lying::default(), timers: BinaryHeap::new(), shelf }
    }

    /// Does a piece of work with all the letters it causes.
    pub(crate) fn work(
        &mut self,
        now: ShopTime,
        plan: &Plan,
        offers: &dyn Offers,
        work: &Work,
    ) -> (Option<Verdict>, Changes) {
        let (shop, lying) = (self.shop, &mut self.lying);
        if let Work::Event(incoming) = work {
            lying.foresee(shop, &mut self.shelf, incoming);
        }
        let mut desk = Desk::new(shop, now, plan, offers, &mut self.shelf);
        let verdict = loop {
            match desk.work(work) {
                Ok(verdict) => break verdict,
                Err(missing) => lying.lend(shop, desk.shelf, missing),
            }
        };
        while let Err(missing) = desk.answer_letters() {
            lying.lend(shop, desk.shelf, missing);
        }
        let mut changes = std::mem::take(&mut desk.changes);
        let mut left: VecDeque<(Recipient, Letter)> = letters_of(&mut changes);
        let mut answered = 0;
        while let Some((to, letter)) = left.pop_front().filter(|_| answered < LETTERS_MAX) {
            answered += 1;
            let more = self.letter(now, plan, offers, Work::Letter(to, letter), &mut changes);
            left.extend(more);
        }
        self.take_back(now, plan);
        (verdict, changes)
    }

    /// A letter that the first desk did not get to.
    fn letter(
        &mut self,
        now: ShopTime,
        plan: &Plan,
        offers: &dyn Offers,
        work: Work,
        changes: &mut Changes,
    ) -> VecDeque<(Recipient, Letter)> {
        let mut desk = Desk::new(self.shop, now, plan, offers, &mut self.shelf);
        while let Err(missing) = desk.work(&work) {
            self.lying.lend(self.shop, desk.shelf, missing);
        }
        while let Err(missing) = desk.answer_letters() {
            self.lying.lend(self.shop, desk.shelf, missing);
        }
        let mut more = std::mem::take(&mut desk.changes);
        let left = letters_of(&mut more);
        changes.messages.extend(more.messages);
        changes.moves.extend(more.moves);
        changes.marks.extend(more.marks);
        changes.journal.extend(more.journal);
        changes.counts.extend(more.counts);
        left
    }

    /// Takes back what was lent, and sets the timers of whom it was about.
    fn take_back(&mut self, now: ShopTime, plan: &Plan) {
        let shelf = &mut self.shelf;
        while let Some(((_, id), slot)) = shelf.profiles.pop_first() {
            let Some(mut profile) = slot.value else { continue };
            let person = self
                .lying
                .people
                .entry(id)
                .or_insert_with(|| Person { profile: Profile::default(), timer: ShopTime::NEVER });
            if profile.warm.is_none() {
                profile.warm = person.profile.warm.take();
            }
            person.profile = profile;
            if slot.changed
                && let Some(at) = due(plan, &person.profile)
                && at < person.timer
            {
                // Who wants to be looked at again at once has been looked at: time must go on.
                person.timer = at.max(now);
                self.timers.push(Reverse((person.timer, id)));
            }
        }
        while let Some(((_, door), slot)) = shelf.holders.pop_first() {
            put(&mut self.lying.holders, door, slot);
        }
        while let Some(((_, door), slot)) = shelf.orders.pop_first() {
            put(&mut self.lying.orders, door, slot);
        }
        while let Some(((_, door), slot)) = shelf.addresses.pop_first() {
            put(&mut self.lying.addresses, door, slot);
        }
        shelf.warm_changed.clear();
    }

    /// When somebody may have to be woken next.
    pub(crate) fn next_timer(&self) -> Option<ShopTime> {
        self.timers.peek().map(|Reverse((at, _))| *at)
    }

    /// Takes the next timer out; `Some` when its time has really come.
    pub(crate) fn ring(&mut self, now: ShopTime, plan: &Plan) -> Option<ProfileId> {
        let Reverse((at, id)) = self.timers.pop()?;
        let person = self.lying.people.get_mut(&id).filter(|person| person.timer == at)?;
        person.timer = ShopTime::NEVER;
        let due = due(plan, &person.profile)?;
        if due <= now {
            return Some(id);
        }
        person.timer = due;
        self.timers.push(Reverse((due, id)));
        None
    }

    /// After a wake: one that changed nothing is not asked again at the same moment, whatever the plan says.
    pub(crate) fn woken(&mut self, now: ShopTime, plan: &Plan, id: ProfileId) {
        let Some(person) = self.lying.people.get_mut(&id) else { return };
        let again = due(plan, &person.profile);
        if again.is_some_and(|at| at <= now) {
            person.timer = now.plus(MINUTE);
            self.timers.push(Reverse((person.timer, id)));
        }
    }

    /// Somebody, where she is known.
    pub(crate) fn profile(&self, id: ProfileId) -> Option<&Profile> {
        self.lying.people.get(&id).map(|person| &person.profile)
    }

    /// Everybody.
    pub(crate) fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.lying.people.values().map(|person| &person.profile)
    }

    /// All orders.
    pub(crate) fn orders(&self) -> impl Iterator<Item = &Order> {
        self.lying.orders.values()
    }
}

impl Lying {
    /// Lends what an event is sure to need: a plain one the hot half alone.
    fn foresee(&mut self, shop: ShopId, shelf: &mut Shelf, incoming: &Incoming) {
        let Some(first) = incoming.identities.first() else { return };
        let door = first.door.id(shop);
        let holder = self.holders.get(&door).cloned();
        let profile = holder.as_ref().map(|holder| holder.profile);
        shelf.holders.insert((shop, door), Slot::loaded(holder, 0));
        if let Some(id) = profile {
            let plain = incoming.event.is_passing() && !incoming.tells();
            self.lend_profile(shop, shelf, id, !plain);
        }
    }

    fn lend(&mut self, shop: ShopId, shelf: &mut Shelf, missing: Missing) {
        match missing {
            Missing::Profile(id, warm) => self.lend_profile(shop, shelf, id, warm),
            Missing::Holder(_, door) => {
                let value = self.holders.get(&door).cloned();
                shelf.holders.insert((shop, door), Slot::loaded(value, 0));
            }
            Missing::Order(_, door) => {
                let value = self.orders.get(&door).cloned();
                shelf.orders.insert((shop, door), Slot::loaded(value, 0));
            }
            Missing::Address(_, door) => {
                let value = self.addresses.get(&door).cloned();
                shelf.addresses.insert((shop, door), Slot::loaded(value, 0));
            }
        }
    }

    fn lend_profile(&mut self, shop: ShopId, shelf: &mut Shelf, id: ProfileId, warm: bool) {
        let person = self.people.get_mut(&id);
        let slot = shelf.profiles.entry((shop, id));
        match (person, slot) {
            (None, slot) => {
                slot.or_insert(Slot::loaded(None, 0));
            }
            (Some(person), std::collections::btree_map::Entry::Occupied(mut lent)) => {
                // The hot half is lent already; the other is asked for now.
                if let Some(profile) = &mut lent.get_mut().value {
                    profile.warm = person.profile.warm.take().or(profile.warm.take());
                }
            }
            (Some(person), std::collections::btree_map::Entry::Vacant(free)) => {
                let kept = if warm { None } else { person.profile.warm.take() };
                let profile = std::mem::take(&mut person.profile);
                person.profile.warm = kept;
                free.insert(Slot::loaded(Some(profile), 0));
            }
        }
    }
}

fn letters_of(changes: &mut Changes) -> VecDeque<(Recipient, Letter)> {
    std::mem::take(&mut changes.letters).into_iter().map(|(to, letter, _)| (to, letter)).collect()
}

fn put<T>(lying: &mut BTreeMap<DoorId, T>, door: DoorId, slot: Slot<T>) {
    if let (true, Some(value)) = (slot.changed, slot.value) {
        lying.insert(door, value);
    }
}
