//! Invented shoppers who live in the shop: they look, choose, leave, come back, sometimes say who they are
//! and sometimes order. A seed and a number of people give the same life, act by act, on the shop's clock.
//!
//! [`Shoppers`] is pure and knows no network; [`Live`] plays it against a running Beckon. [`Events`] is the
//! same life as events of the core, for simulations.

mod call;
mod deed;
mod events;
mod http;
mod life;
mod live;
mod person;
mod rhythm;
mod widgets;

pub use events::{Events, Good};
pub use live::Live;
pub use person::{Device, Person};
pub use rhythm::{VISITS, VISITS_MAX};

use crate::chance::Chance;
use crate::shop::Shop;
use beckon_core::time::{DAY, ShopTime};
use call::Caller;
use deed::Doing;
use life::Life;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The zone all of them live in.
const ZONE_NAME: &str = "Europe/Moscow";

/// One call of a shopper's browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// When it happens.
    pub at: ShopTime,
    /// Who: a number below the number of shoppers.
    pub who: u32,
    /// On which of the shopper's devices.
    pub device: u8,
    /// A call of Segment's HTTP API (`type`, `messageId`, …), without `timestamp`: `at` says when.
    pub call: Value,
}

/// Where and when the shoppers live.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The shop's origin, for the addresses of pages.
    pub origin: String,
    /// What makes this life different from another.
    pub seed: u64,
    /// How many people.
    pub people: u32,
    /// The first moment of the shop: its day 0 begins here.
    pub start: ShopTime,
}

/// All shoppers and what they will do next.
pub struct Shoppers {
    shop: Arc<Shop>,
    setting: Setting,
    chance: Chance,
    lives: Vec<Life>,
    /// The next visit of each.
    next: BTreeSet<(ShopTime, u32)>,
    /// What is left of visits that have begun, in order of time.
    begun: Vec<Act>,
}

impl Shoppers {
    /// The shoppers of a setting, before the first of them has come.
    #[must_use]
    pub fn new(shop: Arc<Shop>, setting: Setting) -> Shoppers {
        let chance = Chance::new(setting.seed);
        let lives: Vec<Life> = (0..setting.people).map(|who| Life::new(chance, &shop, who)).collect();
        let next =
            lives.iter().map(|life| (life.first_visit(chance, setting.start), life.person.who)).collect();
        Shoppers { shop, setting, chance, lives, next, begun: Vec::new() }
    }

    /// What happens before `until` and was not given out yet, in order of time.
    pub fn next_acts(&mut self, until: ShopTime) -> Vec<Act> {
        while let Some((at, who)) = self.next.first().copied().filter(|(at, _)| *at < until) {
            self.next.pop_first();
            let day = day_of(at, self.setting.start);
            let Some(life) = self.lives.get_mut(who as usize) else { continue };
            let doings = life.visit(self.chance, &self.shop, at, day);
            let over = doings.last().map_or(at, |doing| doing.at);
            self.next.insert((life.next_visit(self.chance, over), who));
            let acts = self.acts(who, &doings);
            self.begun.extend(acts);
        }
        // Stable and by person, so that two acts of one moment always come in the same order.
        self.begun.sort_by_key(|act| (act.at, act.who));
        let due = self.begun.partition_point(|act| act.at < until);
        self.begun.drain(..due).collect()
    }

    /// When the next act is due, or the next visit begins.
    #[must_use]
    pub fn next_at(&self) -> Option<ShopTime> {
        let begun = self.begun.iter().map(|act| act.at).min();
        begun.into_iter().chain(self.next.first().map(|(at, _)| *at)).min()
    }

    /// What a shopper does after the link of a mail has brought her to the shop with `token`: she looks,
    /// and often
    /// orders what she had left in the cart. Empty for a stranger's address.
    pub fn after_click(&mut self, email: &str, token: &str, at: ShopTime) -> Vec<Act> {
        let day = day_of(at, self.setting.start);
        let Some(life) = self.lives.iter_mut().find(|life| life.person.email == email) else {
            return Vec::new();
        };
        let doings = life.after_click(self.chance, &self.shop, (at, day), token);
        let who = life.person.who;
        self.acts(who, &doings)
    }

    /// What a shopper does after she has chosen a product among recommendations: she looks at it, and
    /// perhaps puts it into the cart. Empty for an offer the shop does not have.
    pub fn after_choice(&mut self, (who, device): (u32, u8), offer: &str, at: ShopTime) -> Vec<Act> {
        let day = day_of(at, self.setting.start);
        let Some(life) = self.lives.get_mut(who as usize) else { return Vec::new() };
        let doings = life.after_choice(self.chance, &self.shop, (at, day), device, offer);
        self.acts(who, &doings)
    }

    fn acts(&self, who: u32, doings: &[Doing]) -> Vec<Act> {
        let Some(person) = self.person(who) else { return Vec::new() };
        let (shop, origin) = (&*self.shop, self.setting.origin.as_str());
        let caller = Caller { chance: self.chance, shop, origin, person };
        doings.iter().filter_map(|doing| caller.act(doing)).collect()
    }

    /// Puts acts of [`Shoppers::after_click`] among those that will be given out.
    pub fn plan(&mut self, acts: Vec<Act>) {
        self.begun.extend(acts);
    }

    /// Who the shopper of a number is.
    #[must_use]
    pub fn person(&self, who: u32) -> Option<&Person> {
        self.lives.get(who as usize).map(|life| &life.person)
    }

    /// Whose address it is; `None` for a stranger's.
    #[must_use]
    pub fn with_email(&self, email: &str) -> Option<&Person> {
        self.lives.iter().map(|life| &life.person).find(|person| person.email == email)
    }
}

/// The shop's day at a moment, from 0.
fn day_of(at: ShopTime, start: ShopTime) -> u32 {
    u32::try_from(at.since(start).0 / DAY.0).unwrap_or(0)
}

#[cfg(test)]
mod tests;
