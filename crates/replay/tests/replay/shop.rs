//! A shop for the tests: invented shoppers, journeys that get into each other's way, everything in stock.

use beckon_core::desk::Offers;
use beckon_core::event::{Incoming, ItemRef};
use beckon_core::ids::ShopId;
use beckon_core::plan::{Journey, Plan, Settings, parse};
use beckon_core::time::{DAY, ShopTime};
use beckon_replay::{Model, Report, Setup, Stream, Visit, Watch, run_watched};
use beckon_sim::shop::Shop;
use beckon_sim::shoppers::{Events, Setting};
use std::sync::Arc;

/// Midnight of a Monday in Moscow.
pub const START: ShopTime = ShopTime(1_772_398_800_000);

pub struct AllInStock;

impl Offers for AllInStock {
    fn resolve(&self, _: &ItemRef) -> Option<String> {
        None
    }
    fn available(&self, _: &str) -> Option<bool> {
        Some(true)
    }
}

pub struct Crowd(pub Events);

impl Crowd {
    pub fn new(people: u32, seed: u64) -> Crowd {
        let setting = Setting { origin: String::new(), seed, people, start: START };
        Crowd(Events::new(Arc::new(Shop::new(7)), setting))
    }
}

impl Stream for Crowd {
    fn next_at(&mut self) -> Option<ShopTime> {
        self.0.next_at()
    }
    fn next(&mut self) -> Option<(ShopTime, Incoming)> {
        self.0.next()
    }
    fn came(&mut self, visit: &Visit) {
        self.0.came(visit.address, visit.message, visit.at);
    }
}

/// A journey from its text, switched on.
pub fn journey(text: &str) -> Journey {
    let mut journey = parse(text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
    journey.on = true;
    journey
}

pub fn cart() -> Journey {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plans/abandoned-cart.yaml");
    journey(&std::fs::read_to_string(path).unwrap())
}

/// Life cycle: who left and can be written to, again and again.
pub fn browse() -> Journey {
    journey(
        "journey: browse\nclass: B\npriority: 60\nentry: {on: left, after: 15m, when: reachable, again_after: 2h}\n\
         steps:\n  - message: first\n    template: t1\n    when_beaten: drop\n    deadline: 6h\n  \
         - wait: pause\n    for: 1d\n  - message: second\n    template: t2\n    when_beaten: postpone\n    \
         deadline: 24h\n",
    )
}

/// Mass mail after each order, at any hour.
pub fn news() -> Journey {
    journey(
        "journey: news\nclass: C\npriority: 20\nentry: {on: event, event: Identify, after: 5m}\nsteps:\n  \
         - message: news\n    template: t3\n    when_beaten: postpone\n    deadline: 2d\n",
    )
}

pub fn plan(journeys: Vec<Journey>) -> Plan {
    Plan::new(1, journeys, Settings::default()).unwrap()
}

/// Plays invented shoppers.
pub fn play(
    plan: &Plan,
    model: &Model,
    (people, days, seed): (u32, i64, u64),
    watch: &mut dyn Watch,
) -> Report {
    let until = START.plus(DAY.times(days));
    let setup = Setup { shop: ShopId(1), plan, catalogue: &AllInStock, model, from: START, until };
    run_watched(&setup, &mut Crowd::new(people, seed), watch)
}
