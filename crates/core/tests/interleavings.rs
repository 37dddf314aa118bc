//! Whatever the order in which work, letters, wakes and senders come: no message twice, no cap broken, one end.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "stories/world.rs"]
#[allow(dead_code)]
mod world;

use beckon_core::desk::Work;
use beckon_core::effect::MessageEnd;
use beckon_core::event::*;
use beckon_core::ids::{Door, DoorKind, MessageId, ProfileId};
use beckon_core::input::{Delivered, Feedback, Input, Reaction};
use beckon_core::profile::PositionState;
use beckon_core::time::{DAY, HOUR, MINUTE, ShopTime};
use proptest::prelude::*;
use std::collections::BTreeMap;
use world::{Sender, World, cart_series};

const START: ShopTime = ShopTime(1_772_409_600_000);

/// One thing that may happen.
#[derive(Clone, Debug)]
enum Act {
    Adds(u8, char),
    Orders(u8, u8),
    SignsIn(u8),
    Shop(u8),
    Clicks,
    Passes(i64),
    Letter(usize),
    Wakes,
    Claims(usize),
    Told(usize, u8),
    Repeats(usize, bool),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0u8..3, prop::char::range('A', 'C')).prop_map(|(who, what)| Act::Adds(who, what)),
        1 => (0u8..3, 0u8..3).prop_map(|(who, id)| Act::Orders(who, id)),
        3 => (0u8..3).prop_map(Act::SignsIn),
        1 => (0u8..3).prop_map(Act::Shop),
        1 => Just(Act::Clicks),
        4 => prop_oneof![Just(1i64), Just(20), Just(300), Just(1_500)].prop_map(Act::Passes),
        8 => (0usize..8).prop_map(Act::Letter),
        4 => Just(Act::Wakes),
        4 => (0usize..4).prop_map(Act::Claims),
        2 => (0usize..4, any::<bool>()).prop_map(|(which, late)| Act::Repeats(which, late)),
        4 => (0usize..4, 0u8..4).prop_map(|(which, how)| Act::Told(which, how)),
    ]
}

fn incoming(world: &mut World, who: &str, fact: Fact, user: bool, server: bool) -> Incoming {
    world.events += 1;
    let source = if server { Source::Server } else { Source::Browser };
    let strength = if server { Strength::Proved } else { Strength::Claimed };
    let mut doors = Vec::new();
    let mut traits = Traits::default();
    if user {
        doors.push(Door::new(DoorKind::User, "ann"));
        traits.email = Some("ann@shop.example".into());
        traits.email_consent = Some(true);
    }
    if !server {
        doors.push(Door::new(DoorKind::Anonymous, who));
    }
    let (number, now) = (world.events, world.now);
    Incoming {
        event: Event { number, occurred_at: now, received_at: now, mode: Mode::Live, source, fact },
        identities: doors.into_iter().map(|door| Identity { door, strength }).collect(),
        traits,
    }
}

fn of_state(world: &World, state: Option<MessageEnd>) -> Vec<MessageId> {
    world.outbox.iter().filter(|(_, row)| row.state == state).map(|(id, _)| *id).collect()
}

fn event(world: &mut World, who: u8, fact: Fact, user: bool, server: bool) {
    let incoming = incoming(world, &format!("w{who}"), fact, user, server);
    world.work(&Work::Event(Box::new(incoming)));
}

fn order(id: u8) -> Fact {
    let status = OrderStatus::Completed;
    Fact::Order(OrderFact { id: id.to_string(), status, total: None, lines: Vec::new() })
}

/// A person wants an unknown message sent again; what speaks against it is as good an answer as that it goes.
fn repeat(world: &mut World, which: usize, late: bool) {
    let unknown = of_state(world, Some(MessageEnd::Unknown));
    if !unknown.is_empty() {
        drop(world.repeat(unknown[which % unknown.len()], late));
    }
}

fn perform(world: &mut World, act: &Act) {
    match act {
        Act::Adds(who, what) => {
            let item = ItemRef { id: what.to_string(), alt: String::new() };
            let line = Line { item, quantity: 1, price: None };
            event(world, *who, Fact::CartAdded { cart: String::new(), line }, false, false);
        }
        Act::Orders(who, id) => event(world, *who, order(*id), false, false),
        Act::SignsIn(who) => event(world, *who, Fact::Identified { traits: Vec::new() }, true, false),
        Act::Shop(id) => event(world, 0, order(*id), true, true),
        Act::Clicks => {
            let sent = world.outbox.iter().find(|(_, row)| row.state == Some(MessageEnd::Sent));
            let Some((message, row)) = sent else { return };
            let feedback = Feedback {
                message: *message,
                address: row.address,
                journey: row.journey.clone(),
                step: row.step.clone(),
                kind: Reaction::Clicked,
                at: world.now,
                first: true,
            };
            let profile = row.profile;
            world.work(&Work::Input(profile, Input::Feedback(feedback)));
        }
        Act::Passes(minutes) => world.now = world.now.plus(MINUTE.times(*minutes)),
        Act::Letter(which) => {
            if !world.letters.is_empty() {
                let at = which % world.letters.len();
                let (to, letter) = world.letters.remove(at);
                world.work(&Work::Letter(to, letter));
            }
        }
        Act::Wakes => world.wake(),
        Act::Claims(which) => {
            let ready = of_state(world, None);
            let ready: Vec<_> = ready.iter().filter(|id| world.outbox[id].not_before <= world.now).collect();
            if !ready.is_empty() {
                world.claim(*ready[which % ready.len()]);
            }
        }
        Act::Repeats(which, late) => repeat(world, *which, *late),
        Act::Told(which, how) => {
            let handing = of_state(world, Some(MessageEnd::Handing));
            if !handing.is_empty() {
                let result = match how {
                    0 => Delivered::Retry(world.now.plus(MINUTE)),
                    1 => Delivered::Unknown,
                    _ => Delivered::Sent,
                };
                world.tell(handing[which % handing.len()], result);
            }
        }
    }
}

/// Lets everything that is on its way arrive, in order, with a sender that works.
fn settle(world: &mut World) {
    for _ in 0..1_000 {
        if world.letters.is_empty() {
            break;
        }
        let (to, letter) = world.letters.remove(0);
        world.work(&Work::Letter(to, letter));
    }
    for message in of_state(world, Some(MessageEnd::Handing)) {
        world.tell(message, Delivered::Sent);
    }
    world.keep_letters = false;
    for (to, letter) in std::mem::take(&mut world.letters) {
        world.work(&Work::Letter(to, letter));
    }
    world.sender = Sender::Ok;
}

/// When each message left for good, by template: a retry that did not arrive left nothing.
fn left(world: &World) -> Vec<(ShopTime, String)> {
    let gone = |row: &&world::Row| {
        matches!(row.state, Some(MessageEnd::Sent | MessageEnd::Unknown | MessageEnd::Handing))
    };
    let mut all: Vec<_> =
        world.outbox.values().filter(gone).map(|r| (r.handed_at.unwrap(), r.template.clone())).collect();
    all.sort();
    all
}

fn run(acts: &[Act], keep_letters: bool) -> World {
    let mut series = cart_series();
    series.set("variant", "three-days").unwrap();
    let mut world = World::new(START, vec![series]);
    world.keep_letters = keep_letters;
    world.sender = Sender::Down;
    for act in acts {
        perform(&mut world, act);
    }
    settle(&mut world);
    world.standing_is_true();
    world
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn no_interleaving_sends_twice_or_breaks_a_cap(acts in prop::collection::vec(act(), 1..60)) {
        let mut world = run(&acts, true);
        let end = world.now.plus(DAY.times(9));
        world.pass_until(end);
        world.standing_is_true();
        let mails = left(&world);
        // All mail goes to one address. Where two profiles of hers both wrote before anybody knew that they are one,
        // the address's own door holds them apart; once they are one, the caps do.
        let merged = world.profiles().filter(|p| p.hot.email.0 != 0 && p.hot.merged_into == ProfileId(0)).count() <= 1;
        prop_assert!(merged, "one person in the end");
        for pair in mails.windows(2) {
            prop_assert!(pair[1].0.since(pair[0].0) >= HOUR.times(4), "{mails:?}");
        }
        let mut last: BTreeMap<&str, ShopTime> = BTreeMap::new();
        for (at, template) in mails.iter().filter(|(_, template)| template == "abandoned-cart-1") {
            if let Some(before) = last.insert(template, *at) {
                prop_assert!(at.since(before) >= DAY, "the first letter twice within a day: {mails:?}");
            }
        }
        // Nobody hangs: every message has its end, nobody waits for one that is not there.
        prop_assert!(world.outbox.values().all(|r| !matches!(r.state, None | Some(MessageEnd::Handing))));
        for profile in world.profiles() {
            prop_assert!(profile.hot.candidates.is_empty());
            let waits = profile.hot.positions.iter().any(|p| p.state() == PositionState::Messaging);
            prop_assert!(!waits, "a position waits for a message that is gone");
        }
    }

    #[test]
    fn letters_kept_or_answered_at_once_end_in_the_same_facts(acts in prop::collection::vec(act(), 1..40)) {
        // The clicks depend on what was sent, which depends on when letters came; all else is facts.
        let acts: Vec<Act> = acts.into_iter().filter(|act| !matches!(act, Act::Clicks)).collect();
        let facts = |world: &World| -> Vec<_> {
            let alive = world.profiles().filter(|p| p.hot.merged_into == ProfileId(0));
            let mut all: Vec<_> = alive
                .map(|p| {
                    let warm = p.warm();
                    (warm.cart.lines().iter().map(|(i, n)| format!("{i}{n}")).collect::<Vec<_>>(), p.hot.orders, p.hot.ordered_at, p.hot.email, p.hot.consent.agreed, warm.doors.len())
                })
                .collect();
            all.sort();
            all
        };
        prop_assert_eq!(facts(&run(&acts, true)), facts(&run(&acts, false)));
    }
}
