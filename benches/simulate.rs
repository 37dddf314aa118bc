//! How long the simulator takes: invented shoppers over thirty days, and what of it is inventing them.
//!
//! `cargo bench -p beckon --bench simulate`; `--shoppers 20000 --days 30 --rounds 3`
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

mod support;

use beckon_core::desk::Offers;
use beckon_core::event::{Incoming, ItemRef};
use beckon_core::ids::ShopId;
use beckon_core::plan::{self, Plan, Settings};
use beckon_core::time::{DAY, ShopTime};
use beckon_replay::{Model, Setup, Stream, Visit, run};
use beckon_sim::shop::Shop;
use beckon_sim::shoppers::{Events, Setting, VISITS};
use std::sync::Arc;
use std::time::Instant;

struct Crowd(Events);
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
struct AllInStock;
impl Offers for AllInStock {
    fn resolve(&self, _: &ItemRef) -> Option<String> {
        None
    }
    fn available(&self, _: &str) -> Option<bool> {
        Some(true)
    }
}

fn main() {
    let (shoppers, days) = (support::arg("--shoppers", 20_000), support::arg("--days", 30));
    let rounds = support::arg("--rounds", 3);
    support::head("a plan over invented shoppers, seconds", "cargo bench -p beckon --bench simulate");
    let mut taken = (Vec::new(), Vec::new());
    let mut events = 0;
    for _ in 0..rounds {
        let (invent_secs, all_secs, played) = once(shoppers, days);
        taken.0.push(invent_secs);
        taken.1.push(all_secs);
        events = played;
    }
    support::row(&format!("{shoppers} people, {days} days (probe: invent)"), &taken.0, &taken.1);
    support::alone("events", events);
    support::alone("events a second", (events as f64 / support::median(&taken.1)) as u64);
    support::alone("memory, MB", support::resident_mb(std::process::id()) as u64);
}

/// Seconds to invent the shoppers' events alone, seconds to play them, and how many there were.
fn once(shoppers: usize, days: usize) -> (f64, f64, u64) {
    let start = ShopTime(1_772_398_800_000);
    let until = start.plus(DAY.times(days as i64));
    let shop = Arc::new(Shop::new(7));
    let invented = || {
        let setting = Setting { origin: String::new(), seed: 7, people: shoppers as u32, start };
        Events::new(shop.clone(), setting).visiting(VISITS)
    };
    let begun = Instant::now();
    let alone = invented().take_while(|(at, _)| *at < until).count();
    let invent_secs = begun.elapsed().as_secs_f64();
    assert!(alone > 0);
    let mut journey = plan::parse(include_str!("../plans/abandoned-cart.yaml")).unwrap();
    journey.on = true;
    let plan = Plan::new(1, vec![journey], Settings::default()).unwrap();
    let model = Model { seed: 7, ..Model::default() };
    let setup =
        Setup { shop: ShopId(1), plan: &plan, catalogue: &AllInStock, model: &model, from: start, until };
    let begun = Instant::now();
    let report = run(&setup, &mut Crowd(invented()));
    (invent_secs, begun.elapsed().as_secs_f64(), report.events)
}
