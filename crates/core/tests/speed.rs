//! How many decisions one core makes: `cargo test --release -p beckon-core --test speed -- --ignored --nocapture`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "stories/world.rs"]
#[allow(dead_code)]
mod world;

use beckon_core::decide::{decide, needs};
use beckon_core::event::*;
use beckon_core::ids::{Door, DoorKind, ProfileId};
use beckon_core::input::{Facts, Input};
use beckon_core::plan::{Plan, Settings};
use beckon_core::profile::Profile;
use beckon_core::time::{DAY, MINUTE, ShopTime};
use std::hint::black_box;

const START: ShopTime = ShopTime(1_772_409_600_000);

fn event(number: u64, fact: Fact) -> Input {
    let at = START.plus(MINUTE.times(number as i64 % 10));
    let door = Door::new(DoorKind::Anonymous, "browser");
    let identities = vec![Identity { door, strength: Strength::Claimed }];
    let event =
        Event { number, occurred_at: at, received_at: at, mode: Mode::Live, source: Source::Browser, fact };
    Input::Event(Box::new(Incoming { event, identities, traits: Traits::default() }))
}

#[allow(clippy::disallowed_methods, clippy::disallowed_types)]
fn rate(name: &str, mut once: impl FnMut()) -> f64 {
    let rounds = 200_000;
    (0..1_000).for_each(|_| once());
    let start = std::time::Instant::now();
    (0..rounds).for_each(|_| once());
    let rate = f64::from(rounds) / start.elapsed().as_secs_f64();
    println!("{name}: {rate:.0}/s");
    rate
}

#[test]
#[ignore = "a measurement: run it alone, in release"]
fn decisions_per_second() {
    let plan = Plan::new(1, vec![world::cart_series()], Settings::default()).unwrap();
    let facts = Facts::default();
    let page = event(1, Fact::Page { path: "/".into() });
    let item = |n: u64| ItemRef { id: format!("item-{n}"), alt: String::new() };
    let add = |n| {
        let line = Line { item: item(n), quantity: 1, price: None };
        event(n, Fact::CartAdded { cart: String::new(), line })
    };
    let mut profile = Profile::new(beckon_core::ids::ShopId(1), ProfileId(1), START);
    for n in 0..8 {
        profile =
            decide(START, &plan, &facts, &profile, &event(n + 100, Fact::ProductViewed { item: item(n) }))
                .profile;
    }
    let bare = Profile { warm: None, ..profile.clone() };
    assert!(!needs(&plan, &bare, &page).warm);
    rate("page view, hot half", || drop(black_box(decide(START, &plan, &facts, &bare, &page))));
    rate("page view, hot half, cloning alone", || drop(black_box(bare.clone())));
    rate("page view, whole profile", || drop(black_box(decide(START, &plan, &facts, &profile, &page))));
    rate("cloning a whole profile", || drop(black_box(profile.clone())));
    let adds: Vec<Input> = (1..5).map(add).collect();
    let mut n = 0;
    rate("cart add", || {
        n += 1;
        drop(black_box(decide(START, &plan, &facts, &profile, &adds[n % 4])));
    });
    let left = adds.iter().fold(profile.clone(), |p, a| decide(START, &plan, &facts, &p, a).profile);
    let later = START.plus(DAY);
    rate("wake", || drop(black_box(decide(later, &plan, &facts, &left, &Input::Wake))));
}
