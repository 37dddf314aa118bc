//! Facts do not depend on the order in which they are told, and a profile stays small.

use super::merge::join_facts;
use super::*;
use crate::event::*;
use crate::ids::{Door, DoorKind};
use crate::limits::*;
use crate::money::{Currency, Money};
use crate::plan::name_key;
use crate::time::Span;
use proptest::prelude::*;
use std::collections::BTreeSet;

const SHOP: ShopId = ShopId(1);

fn item() -> impl Strategy<Value = ItemRef> {
    "[A-C]".prop_map(|id| ItemRef { id, alt: String::new() })
}

fn line() -> impl Strategy<Value = Line> {
    (item(), 0u32..4).prop_map(|(item, quantity)| Line { item, quantity, price: None })
}

fn fact() -> impl Strategy<Value = Fact> {
    let cart = || prop_oneof![Just(String::new()), Just("c1".to_owned()), Just("c2".to_owned())];
    let status = prop_oneof![
        3 => Just(OrderStatus::Completed),
        1 => Just(OrderStatus::Updated),
        1 => Just(OrderStatus::Refunded),
        1 => Just(OrderStatus::Cancelled)
    ];
    let total =
        prop::option::of(1i64..4).prop_map(|n| n.map(|minor| Money { minor, currency: Currency::RUB }));
    prop_oneof![
        3 => (cart(), line()).prop_map(|(cart, line)| Fact::CartAdded { cart, line }),
        2 => (cart(), line()).prop_map(|(cart, line)| Fact::CartRemoved { cart, line }),
        1 => (cart(), prop::collection::vec(line(), 0..4)).prop_map(|(cart, lines)| Fact::CartIs { cart, lines }),
        1 => cart().prop_map(|cart| Fact::CheckoutStarted { cart, lines: Vec::new() }),
        2 => ("[1-3]", status, total, prop::collection::vec(line(), 0..2))
            .prop_map(|(id, status, total, lines)| Fact::Order(OrderFact { id, status, total, lines })),
        1 => item().prop_map(|item| Fact::ProductViewed { item }),
        1 => (item(), 0u32..9).prop_map(|(item, dwell_secs)| Fact::ProductDwelled { item, dwell_secs }),
        1 => (item(), any::<bool>()).prop_map(|(item, on)| Fact::Wished { item, on }),
        1 => (1u64..3).prop_map(|n| Fact::CameFromMessage { message: crate::ids::MessageId(n) }),
        1 => Just(Fact::Identified { traits: Vec::new() }),
        1 => Just(Fact::Other { name: "Rated".into(), item: None }),
    ]
}

fn traits() -> impl Strategy<Value = Traits> {
    let email = prop::option::weighted(0.2, prop_oneof![Just("a@x.y".to_owned()), Just("b@x.y".to_owned())]);
    let name = prop::option::weighted(0.2, "[XY]?");
    let other = prop::collection::btree_map("[p-r]", "[0-3]", 0..2);
    (email, name, prop::option::weighted(0.2, any::<bool>()), other).prop_map(
        |(email, name, consent, other)| Traits {
            email,
            first_name: name,
            email_consent: consent,
            other,
            ..Traits::default()
        },
    )
}

/// Events of one person; every one has a number of its own, several may share a moment.
fn events() -> impl Strategy<Value = Vec<Incoming>> {
    let one = (fact(), traits(), 1i64..8, any::<bool>(), 0u8..3);
    prop::collection::vec(one, 1..14).prop_map(|all| {
        let event = |(n, (fact, traits, at, server, who)): (usize, (Fact, Traits, i64, bool, u8))| {
            let source = if server { Source::Server } else { Source::Browser };
            let strength = if server { Strength::Proved } else { Strength::Claimed };
            let at = ShopTime(at * 1000);
            let number = n as u64 + 1;
            Incoming {
                event: Event { number, occurred_at: at, received_at: at, mode: Mode::Live, source, fact },
                identities: vec![Identity {
                    door: Door::new(DoorKind::Anonymous, format!("w{who}")),
                    strength,
                }],
                traits,
            }
        };
        all.into_iter().enumerate().map(event).collect()
    })
}

fn folded<'a>(events: impl IntoIterator<Item = &'a Incoming>) -> Profile {
    let measured = BTreeSet::from([name_key("Rated"), name_key("Order Completed")]);
    let mut profile = Profile::new(SHOP, ProfileId(7), ShopTime(0));
    events.into_iter().for_each(|event| fold(&mut profile, event, &measured));
    profile
}

/// What of a profile is a fact.
fn facts(profile: &Profile) -> impl PartialEq + std::fmt::Debug + use<> {
    let hot = &profile.hot;
    let summary =
        (hot.email, hot.email_proved, hot.consent.clone(), hot.cart_lines, hot.cart, hot.cart_content);
    (profile.warm.clone(), summary, hot.ordered_at, hot.orders)
}

/// Beyond these bounds the oldest gives way, and what that is depends on when it came: single changes of one line.
fn within_bounds(events: &[Incoming]) -> bool {
    let changes = |id: &str| {
        let of = |line: &Line| line.item.id == id;
        let changes = |event: &&Incoming| match &event.event.fact {
            Fact::CartAdded { line, .. } | Fact::CartRemoved { line, .. } => of(line),
            _ => false,
        };
        events.iter().filter(changes).count()
    };
    ["A", "B", "C"].into_iter().all(|id| changes(id) <= CART_ADDS_MAX)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn facts_are_the_same_for_any_order_of_the_same_events(
        (told, shuffled) in events().prop_flat_map(|e| (Just(e.clone()), Just(e).prop_shuffle())),
        twice in 0usize..14,
    ) {
        prop_assume!(within_bounds(&told));
        let mut shuffled = shuffled;
        // A retry that slipped through changes nothing either.
        shuffled.push(shuffled[twice % shuffled.len()].clone());
        prop_assert_eq!(facts(&folded(&told)), facts(&folded(&shuffled)));
    }

    #[test]
    fn joining_facts_does_not_depend_on_who_joins_whom(told in events(), parts in prop::collection::vec(0u8..3, 14)) {
        prop_assume!(within_bounds(&told));
        let part = |n: u8| folded(told.iter().zip(&parts).filter(|(_, p)| **p == n).map(|(e, _)| e));
        let (a, b, c) = (part(0), part(1), part(2));
        let join = |a: &Warm, b: &Warm| {
            let mut a = a.clone();
            join_facts(&mut a, b);
            a
        };
        // The door of the address is set when the hot half is summed up, after a join.
        let without_door = |profile: &Profile| {
            let mut warm = profile.warm().clone();
            warm.email.door = DoorId(0);
            warm
        };
        let (a, b, c) = (&without_door(&a), &without_door(&b), &without_door(&c));
        prop_assert_eq!(join(a, b), join(b, a), "commutative");
        prop_assert_eq!(join(&join(a, b), c), join(a, &join(b, c)), "associative");
        prop_assert_eq!(&join(a, a), a, "idempotent");
        let (joined, whole) = (join(&join(a, b), c), without_door(&folded(&told)));
        prop_assert_eq!(joined, whole, "two halves know what one would know");
    }

    #[test]
    fn joining_consent_is_the_stricter_of_both(words in prop::collection::vec((any::<bool>(), any::<bool>(), 1i64..5, 0usize..3), 0..9)) {
        let mut three = [Consent::default(), Consent::default(), Consent::default()];
        for (agreed, shop, at, whose) in words {
            let by = if shop { Strength::Proved } else { Strength::Claimed };
            three[whose].say(agreed, by, &Stamp::new(ShopTime(at), 1));
        }
        let join = |a: &Consent, b: &Consent| {
            let mut a = a.clone();
            a.join(b);
            a
        };
        let [a, b, c] = &three;
        prop_assert_eq!(join(a, b), join(b, a));
        prop_assert_eq!(join(&join(a, b), c), join(a, &join(b, c)));
        prop_assert_eq!(&join(a, a), a);
        let shops = |c: &Consent| c.agreed == Some(false) && c.proved;
        prop_assert!(!(shops(a) || shops(b)) || join(a, b).agreed == Some(false));
    }

    #[test]
    fn a_profile_comes_back_from_its_bytes(told in events()) {
        let profile = folded(&told);
        let (hot, warm) = (profile.hot.to_bytes(), profile.warm().to_bytes());
        let back = Profile::load(SHOP, profile.id, profile.version, &hot, Some(&warm)).unwrap();
        prop_assert_eq!(back, profile);
    }
}

/// A number that takes all its bytes.
fn big(n: u64) -> Hash64 {
    Hash64(u64::MAX - n)
}

fn late(n: i64) -> ShopTime {
    ShopTime(4_000_000_000_000 + n)
}

#[test]
fn the_fullest_hot_half_fits() {
    let mut hot = Hot::default();
    (hot.created_at, hot.now, hot.active_at, hot.woken_at) = (late(0), late(1), late(2), late(3));
    hot.doors = (0..20).map(|n| DoorId(u64::MAX - n)).collect();
    (hot.email, hot.email_proved, hot.draw_by, hot.active_by) = (DoorId(u64::MAX), true, DoorId(9), big(1));
    hot.consent.say(true, Strength::Proved, &Stamp::new(late(0), u64::MAX));
    hot.consent.say(false, Strength::Claimed, &Stamp::new(late(0), u64::MAX));
    (hot.cart_lines, hot.cart, hot.cart_content) = (50, big(2), big(3));
    (hot.ordered_at, hot.orders, hot.email_stopped) = (late(4), u32::MAX, true);
    for n in 0..POSITIONS_MAX as u32 {
        hot.positions.push(Position {
            journey: u32::MAX - n,
            graph: 1_000,
            step: u32::MAX,
            subject: big(4),
            t0: late(5),
            wake: if n < 4 { ShopTime::NEVER } else { late(6) },
            occurrence: big(5),
            visits: 1_000,
            state: if n < 4 { PositionState::Messaging } else { PositionState::Waiting } as u32,
            sent_at: late(7),
            content: big(6),
            shift: Span(172_800_000),
            reached: true,
            ..Position::default()
        });
    }
    for n in 0..CANDIDATES_MAX as u32 {
        hot.candidates.push(Candidate {
            message: crate::ids::MessageId(u64::MAX),
            journey: u32::MAX - n,
            step: u32::MAX,
            subject: big(4),
            due: late(0),
            deadline: late(1),
            held_until: late(2),
            state: 1,
            ghost: true,
            ..Candidate::default()
        });
    }
    for n in 0..20 {
        hot.sends.push(Send {
            at: late(-n),
            class: 4,
            journey: u32::MAX,
            step: u32::MAX,
            subject: big(4),
            message: crate::ids::MessageId(u64::MAX),
            ..Send::default()
        });
        hot.exposures.push(Exposure::new(u32::MAX - n as u32, true, late(0)));
    }
    let mut profile = Profile { hot, ..Profile::default() };
    profile.bound();
    let bytes = profile.hot.to_bytes().len();
    assert!(bytes <= HOT_BYTES_MAX, "{bytes} bytes");
    assert_eq!(profile.hot.positions.len(), POSITIONS_MAX, "no place in a journey is lost");
    assert_eq!(profile.hot.candidates.len(), CANDIDATES_MAX);
    assert!(profile.hot.sends.len() >= 3, "caps look at three: {}", profile.hot.sends.len());
}

#[test]
fn the_fullest_warm_half_fits_and_keeps_the_newest() {
    let id = |n: usize| format!("{n:0>100}");
    let mut profile = Profile::new(SHOP, ProfileId(7), ShopTime(0));
    let measured: BTreeSet<u32> = (0..20).map(|n| name_key(&id(n))).collect();
    for n in 0..2_000usize {
        let item = ItemRef { id: id(n % 200), alt: String::new() };
        let line = Line { item: item.clone(), quantity: 3, price: None };
        let fact = match n % 6 {
            0 => Fact::ProductViewed { item },
            1 => Fact::CartAdded { cart: id(n), line },
            2 => Fact::Wished { item, on: true },
            3 => Fact::Order(OrderFact {
                id: id(n),
                status: OrderStatus::Updated,
                total: Some(Money { minor: i64::MAX, currency: Currency::RUB }),
                lines: vec![line; 12],
            }),
            4 => Fact::Other { name: id(n % 20), item: None },
            _ => Fact::CameFromMessage { message: crate::ids::MessageId(u64::MAX - n as u64) },
        };
        let other = [(id(n % 50), id(n))].into();
        let traits = Traits { email: Some(id(n)), first_name: Some(id(n)), other, ..Traits::default() };
        let at = late(n as i64 * 1000);
        let event = Event {
            number: n as u64,
            occurred_at: at,
            received_at: at,
            mode: Mode::Live,
            source: Source::Browser,
            fact,
        };
        let door = Door::new(DoorKind::Anonymous, id(n));
        let identities = vec![Identity { door, strength: Strength::Claimed }];
        fold(&mut profile, &Incoming { event, identities, traits }, &measured);
        if n % 50 == 0 {
            let bytes = profile.warm().to_bytes().len();
            assert!(bytes <= WARM_BYTES_MAX, "{bytes} bytes after {n} events");
        }
    }
    let warm = profile.warm();
    assert!(warm.to_bytes().len() <= WARM_BYTES_MAX);
    assert_eq!(warm.views[0].id, id(1_998 % 200), "the newest stays");
    assert_eq!(profile.hot.cart_lines as usize, warm.cart.lines().len());
    for list in [warm.views.len(), warm.wishes.len(), warm.orders.len(), warm.cart.lines().len()] {
        assert!(list >= 5, "no list is emptied for another: {list}");
    }
}
