//! Decisions a second on one core: the pure heart alone, beside cloning the profile it is asked about.
//!
//! `cargo bench -p beckon --bench decide`
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

mod support;

use beckon_core::decide::{decide, needs};
use beckon_core::event::{Event, Fact, Identity, Incoming, ItemRef, Line, Mode, Source, Strength, Traits};
use beckon_core::ids::{Door, DoorKind, ProfileId, ShopId};
use beckon_core::input::{Facts, Input};
use beckon_core::plan::{self, Plan, Settings};
use beckon_core::profile::Profile;
use beckon_core::time::{DAY, SECOND, ShopTime};
use std::hint::black_box;
use std::time::Instant;
use support::{arg, head, row};

const START: ShopTime = ShopTime(1_772_409_600_000);
const CALLS: usize = 100_000;

fn main() {
    let mut journey = plan::parse(include_str!("../plans/abandoned-cart.yaml")).unwrap();
    journey.on = true;
    let plan = Plan::new(1, vec![journey], Settings::default()).unwrap();
    let facts = Facts::default();
    let once =
        |at: ShopTime, profile: &Profile, input: &Input| decide(at, &plan, &facts, profile, input).profile;
    let mut viewer = Profile::new(ShopId(1), ProfileId(1), START);
    for n in 0..8 {
        viewer = once(START, &viewer, &event(n, Fact::ProductViewed { item: item(n) }));
    }
    let page = event(100, Fact::Page { path: "/".to_owned() });
    let view = event(101, Fact::ProductViewed { item: item(9) });
    let adds: Vec<Input> = (102..106).map(add).collect();
    let hot = Profile { warm: None, ..viewer.clone() };
    assert!(
        !needs(&plan, &hot, &page).warm,
        "a page view of somebody in no journey needs the hot half alone"
    );
    let mut left = adds.iter().fold(viewer.clone(), |profile, add| once(START, &profile, add));
    left = once(START, &left, &known(106));
    let later = START.plus(DAY);
    head("decisions/s on one core; the probe clones the profile", "cargo bench -p beckon --bench decide");
    let measure = |name: &str, profile: &Profile, at: ShopTime, inputs: &[Input]| {
        let (mut probe, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..arg("--rounds", 5) {
            probe.push(rate(|_| drop(black_box(black_box(profile).clone()))));
            ours.push(rate(|n| {
                drop(black_box(decide(at, &plan, &facts, profile, &inputs[n % inputs.len()])))
            }));
        }
        row(name, &probe, &ours);
    };
    measure("page view, hot half", &hot, START, std::slice::from_ref(&page));
    measure("product view", &viewer, START, std::slice::from_ref(&view));
    measure("put in the cart", &viewer, START, &adds);
    measure("wake-up, cart left", &left, later, &[Input::Wake]);
}

fn rate(mut once: impl FnMut(usize)) -> f64 {
    let begun = Instant::now();
    (0..CALLS).for_each(&mut once);
    CALLS as f64 / begun.elapsed().as_secs_f64()
}

fn item(n: u64) -> ItemRef {
    ItemRef { id: format!("item-{n}"), alt: String::new() }
}

fn add(n: u64) -> Input {
    event(n, Fact::CartAdded { cart: String::new(), line: Line { item: item(n), quantity: 1, price: None } })
}

fn incoming(number: u64, fact: Fact, traits: Traits) -> Input {
    let at = START.plus(SECOND.times(number as i64));
    let door = Door::new(DoorKind::Anonymous, "browser");
    let identities = vec![Identity { door, strength: Strength::Claimed }];
    let event =
        Event { number, occurred_at: at, received_at: at, mode: Mode::Live, source: Source::Browser, fact };
    Input::Event(Box::new(Incoming { event, identities, traits }))
}

fn event(number: u64, fact: Fact) -> Input {
    incoming(number, fact, Traits::default())
}

/// She said who she is and that she may be written to.
fn known(number: u64) -> Input {
    let traits = Traits {
        email: Some("anna@example.test".to_owned()),
        email_consent: Some(true),
        ..Traits::default()
    };
    incoming(number, Fact::Page { path: "/checkout".to_owned() }, traits)
}
