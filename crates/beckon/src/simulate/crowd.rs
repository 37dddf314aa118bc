//! The invented shoppers as a stream for a replay, and the invented shop's stock day by day.

use beckon_core::desk::Offers;
use beckon_core::event::{Incoming, ItemRef};
use beckon_core::time::{DAY, ShopTime};
use beckon_replay::{Catalogue, Stream, Visit};
use beckon_sim::shop::Shop;
use beckon_sim::shoppers::Events;
use std::io::{IsTerminal, Write};
use std::sync::Arc;

/// The shoppers, telling a person at a terminal how far they are.
pub struct Crowd {
    events: Events,
    start: ShopTime,
    days: u32,
    told: Option<i64>,
}

impl Crowd {
    /// All shoppers, before the first has come.
    pub fn new(events: Events, start: ShopTime, days: u32) -> Crowd {
        let told = std::io::stderr().is_terminal().then_some(-1);
        Crowd { events, start, days, told }
    }

    fn progress(&mut self, at: ShopTime) {
        let Some(told) = self.told else { return };
        let day = at.since(self.start).0 / DAY.0;
        if day > told && day < i64::from(self.days) {
            self.told = Some(day);
            let mut err = std::io::stderr();
            // Whether anybody sees it changes nothing.
            drop(write!(err, "\r{} / {}\r", day + 1, self.days));
            drop(err.flush());
        }
    }
}

impl Stream for Crowd {
    fn next_at(&mut self) -> Option<ShopTime> {
        self.events.next_at()
    }

    fn next(&mut self) -> Option<(ShopTime, Incoming)> {
        let (at, incoming) = self.events.next()?;
        self.progress(at);
        Some((at, incoming))
    }

    fn came(&mut self, visit: &Visit) {
        self.events.came(visit.address, visit.message, visit.at);
    }
}

/// The invented shop's stock on each day.
pub struct Shelves {
    start: ShopTime,
    days: Vec<Shelf>,
}

struct Shelf {
    shop: Arc<Shop>,
    day: u32,
}

impl Shelves {
    /// The stock of the first days.
    pub fn new(shop: &Arc<Shop>, start: ShopTime, days: u32) -> Shelves {
        Shelves { start, days: (0..days.max(1)).map(|day| Shelf { shop: shop.clone(), day }).collect() }
    }
}

impl Catalogue for Shelves {
    fn on(&self, at: ShopTime) -> &dyn Offers {
        let day = usize::try_from(at.since(self.start).0 / DAY.0).unwrap_or(0);
        &self.days[day.min(self.days.len() - 1)]
    }
}

impl Offers for Shelf {
    fn resolve(&self, _: &ItemRef) -> Option<String> {
        None
    }

    fn available(&self, id: &str) -> Option<bool> {
        let (product, variant) = self.shop.offer(id)?;
        Some(self.shop.quote(product, variant, self.day).stock > 0)
    }
}
