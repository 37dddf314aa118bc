//! Folding an event into the facts of a profile. The same events in any order end in the same facts.

use super::facts::{KnownDoor, OrderSeen, Stamp, TextTrait, Touch, View, Wish};
use super::{Measure, Profile, Warm};
use crate::block::BlockTouch;
use crate::event::{Event, Fact, Identity, Incoming, OrderFact, OrderStatus, Strength};
use crate::hash::{Tag, hash};
use crate::ids::{Door, DoorKind};
use crate::limits;
use crate::time::ShopTime;
use std::collections::BTreeSet;

/// Takes an event and what was said with it into the facts. `measured` names the events whose times some condition
/// counts.
pub(crate) fn fold(profile: &mut Profile, incoming: &Incoming, measured: &BTreeSet<u32>) {
    let event = &incoming.event;
    let stamp = Stamp::new(event.occurred_at, event.number);
    for identity in &incoming.identities {
        know_door(profile, identity, event.occurred_at);
    }
    if incoming.tells() {
        say_traits(profile, incoming, &stamp);
    }
    if let Some(warm) = &mut profile.warm {
        let key = crate::plan::name_key(event.fact.name());
        if measured.contains(&key) {
            warm.measure(key, &stamp);
        }
        fold_fact(warm, event, &stamp);
        profile.summarise_cart();
        profile.summarise_orders();
    }
    profile.bound();
}

fn strength_of(event: &Event) -> Strength {
    match event.source {
        crate::event::Source::Server => Strength::Proved,
        crate::event::Source::Browser => Strength::Claimed,
    }
}

/// Of all that a browser says, the shop's server can have signed the address.
fn strength_of_email(incoming: &Incoming, email: &str) -> Strength {
    let signed = |of: &Identity| {
        of.strength == Strength::Proved && of.door.kind == DoorKind::Email && of.door.value == email
    };
    if incoming.identities.iter().any(signed) { Strength::Proved } else { strength_of(&incoming.event) }
}

/// Remembers that this identity is hers.
pub(crate) fn know_door(profile: &mut Profile, identity: &Identity, since: ShopTime) {
    let id = identity.door.id(profile.shop);
    if !profile.hot.doors.contains(&id) {
        profile.hot.doors.insert(0, id);
        profile.hot.doors.truncate(limits::DOORS_HOT_MAX);
    }
    let Some(warm) = &mut profile.warm else { return };
    let proved = identity.strength == Strength::Proved;
    let kind = identity.door.kind as u32;
    match warm.doors.iter_mut().find(|known| known.kind == kind && known.value == identity.door.value) {
        Some(known) => {
            known.proved |= proved;
            known.since = known.since.min(since);
        }
        None => warm.doors.push(KnownDoor {
            kind,
            value: identity.door.value.clone(),
            proved,
            since,
            ..KnownDoor::default()
        }),
    }
}

fn say_traits(profile: &mut Profile, incoming: &Incoming, stamp: &Stamp) {
    let (traits, strength) = (&incoming.traits, strength_of(&incoming.event));
    if let Some(agreed) = traits.email_consent {
        profile.hot.consent.say(agreed, strength, stamp);
    }
    let Some(warm) = &mut profile.warm else { return };
    if let Some(email) = &traits.email {
        warm.email.said.say(email, strength_of_email(incoming, email), stamp);
    }
    let named = [
        (&traits.phone, &mut warm.phone),
        (&traits.first_name, &mut warm.first_name),
        (&traits.last_name, &mut warm.last_name),
        (&traits.time_zone, &mut warm.time_zone),
        (&traits.locale, &mut warm.locale),
    ];
    for (said, field) in named {
        if let Some(value) = said {
            field.say(value, strength, stamp);
        }
    }
    for (name, value) in &traits.other {
        warm.trait_named(name).say(value, strength, stamp);
    }
    profile.summarise_email();
}

fn fold_fact(warm: &mut Warm, event: &Event, stamp: &Stamp) {
    match &event.fact {
        Fact::ProductViewed { item } => warm.view(&item.id, 0, stamp),
        Fact::ProductDwelled { item, dwell_secs } => warm.view(&item.id, *dwell_secs, stamp),
        Fact::CartAdded { cart, line } => {
            warm.cart.name(cart, stamp);
            warm.cart.add(&line.item.id, i64::from(line.quantity.max(1)), stamp);
        }
        Fact::CartRemoved { cart, line } => {
            warm.cart.name(cart, stamp);
            match line.quantity {
                0 => warm.cart.remove(&line.item.id, stamp),
                n => warm.cart.add(&line.item.id, -i64::from(n), stamp),
            }
        }
        Fact::CartIs { cart, lines } => {
            warm.cart.name(cart, stamp);
            warm.cart.set(lines, stamp);
        }
        Fact::CheckoutStarted { cart, .. } => warm.cart.name(cart, stamp),
        Fact::Order(order) => warm.order(order, event, stamp),
        Fact::Wished { item, on } => warm.wish(&item.id, *on, stamp),
        Fact::CameFromMessage { message } => {
            warm.touch(Touch { message: *message, at: stamp.at, ..Touch::default() });
        }
        Fact::BlockClicked { block, arm, item } => {
            let touch = BlockTouch {
                at: stamp.at,
                block: block.clone(),
                arm: arm.clone(),
                item: item.id.clone(),
                ..BlockTouch::default()
            };
            BlockTouch::add(&mut warm.block_touches, touch, limits::BLOCK_TOUCHES_MAX);
        }
        Fact::Page { .. }
        | Fact::Heartbeat
        | Fact::BlocksSeen { .. }
        | Fact::ListViewed { .. }
        | Fact::Identified { .. }
        | Fact::Other { .. } => {}
    }
}

impl Profile {
    /// The hot half's copy of the address in use.
    pub(crate) fn summarise_email(&mut self) {
        let Some(warm) = &mut self.warm else { return };
        let value = warm.email.said.value.clone();
        let door = if value.is_empty() {
            crate::ids::DoorId(0)
        } else {
            Door::new(DoorKind::Email, value).id(self.shop)
        };
        warm.email.door = door;
        if self.hot.email != door {
            // Another address: what the old one's door said does not bind the new one; its own door will.
            (self.hot.email, self.hot.email_stopped) = (door, false);
        }
        self.hot.email_proved = warm.email.said.proved;
        if self.hot.draw_by == crate::ids::DoorId(0) {
            self.hot.draw_by = door;
        }
    }

    /// The hot half's copy of what orders say.
    pub(crate) fn summarise_orders(&mut self) {
        let Some(warm) = &self.warm else { return };
        let standing = warm.orders.iter().filter(|order| order.stands());
        self.hot.ordered_at = standing.clone().map(|order| order.at).max().unwrap_or_default();
        self.hot.orders = warm.older_orders.saturating_add(standing.count() as u32);
    }
}

impl Warm {
    /// What the series about her cart is keyed by: the order after which it grew. Not by the shop's id for it, which
    /// differs between a browser and an app and may change on every visit; nor by the moment of that order, of which
    /// two sources have two.
    pub(crate) fn cart_subject(&self, shop: crate::ids::ShopId) -> u64 {
        let placed = self.orders.iter().filter(|order| order.at != ShopTime(0));
        let newest = placed.max_by_key(|order| (order.at, &order.id)).map_or("", |order| &order.id);
        hash(Tag::Cart, shop, &[newest.as_bytes()])
    }

    fn trait_named(&mut self, name: &str) -> &mut TextTrait {
        let at = match self.traits.binary_search_by(|t| t.name.as_str().cmp(name)) {
            Ok(at) => at,
            Err(at) => {
                self.traits.insert(at, TextTrait { name: name.to_owned(), ..TextTrait::default() });
                at
            }
        };
        &mut self.traits[at]
    }

    fn measure(&mut self, key: u32, stamp: &Stamp) {
        if let Some(measure) = self.measures.iter_mut().find(|m| m.event == key) {
            measure.add(stamp);
        } else if self.measures.len() < limits::MEASURES_MAX {
            let mut measure = Measure { event: key, ..Measure::default() };
            measure.add(stamp);
            self.measures.push(measure);
            self.measures.sort_by_key(|m| m.event);
        }
    }

    fn view(&mut self, id: &str, dwell_secs: u32, stamp: &Stamp) {
        match self.views.iter_mut().find(|view| view.id == id) {
            Some(view) => {
                view.dwell_secs = view.dwell_secs.max(dwell_secs);
                if *stamp > view.stamp {
                    view.stamp = stamp.clone();
                }
            }
            None => self.views.push(View {
                id: id.to_owned(),
                stamp: stamp.clone(),
                dwell_secs,
                ..View::default()
            }),
        }
        self.views.sort_by(|a, b| b.stamp.cmp(&a.stamp));
    }

    fn wish(&mut self, id: &str, on: bool, stamp: &Stamp) {
        match self.wishes.iter_mut().find(|wish| wish.id == id) {
            Some(wish) if *stamp > wish.stamp => (wish.on, wish.stamp) = (on, stamp.clone()),
            Some(_) => {}
            None => {
                self.wishes.push(Wish { id: id.to_owned(), on, stamp: stamp.clone(), ..Wish::default() });
            }
        }
        self.wishes.sort_by(|a, b| b.stamp.cmp(&a.stamp));
    }

    fn order(&mut self, order: &OrderFact, event: &Event, stamp: &Stamp) {
        let seen = OrderSeen {
            id: order.id.clone(),
            at: if order.status == OrderStatus::Completed { stamp.at } else { ShopTime::default() },
            status: order.status as u32,
            said: stamp.clone(),
            rank: event.source as u32,
            total: order.total,
            total_said: order.total.map_or_else(Stamp::default, |_| stamp.clone()),
            total_rank: order.total.map_or(0, |_| event.source as u32),
            items: order
                .lines
                .iter()
                .take(limits::ORDER_LINES_MAX)
                .map(|line| line.item.id.clone())
                .collect(),
            ..OrderSeen::default()
        };
        self.see_order(seen);
        if order.status == OrderStatus::Completed {
            self.cart.clear(stamp);
        }
    }

    /// Joins what two reports say of one order: the later word of the better source on its status, the earliest time,
    /// the fuller lines.
    pub(crate) fn see_order(&mut self, new: OrderSeen) {
        match self.orders.iter_mut().find(|order| order.id == new.id) {
            Some(order) => order.join(&new),
            None => self.orders.push(new),
        }
        self.orders.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    }

    /// Remembers a click, once per message and moment.
    pub(crate) fn touch(&mut self, touch: Touch) {
        Touch::add(&mut self.touches, touch);
    }
}

impl OrderSeen {
    pub(crate) fn join(&mut self, new: &OrderSeen) {
        let word = |order: &OrderSeen| (order.said.at, order.rank, order.status, order.said.number);
        if word(new) > word(self) {
            self.status = new.status;
            self.said = new.said.clone();
            self.rank = new.rank;
        }
        let total =
            |order: &OrderSeen| (order.total_said.at, order.total_rank, order.total_said.number, order.total);
        if new.total.is_some() && (self.total.is_none() || total(new) > total(self)) {
            self.total = new.total;
            self.total_said = new.total_said.clone();
            self.total_rank = new.total_rank;
        }
        self.at = match (self.at.0, new.at.0) {
            (0, at) | (at, 0) => ShopTime(at),
            (a, b) => ShopTime(a.min(b)),
        };
        if (new.items.len(), &new.items) > (self.items.len(), &self.items) {
            self.items.clone_from(&new.items);
        }
    }
}
