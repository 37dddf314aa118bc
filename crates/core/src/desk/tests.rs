//! What the desk asks for is enough: less at hand changes nothing of the decision.

use super::*;
use crate::door::Holder;
use crate::event::{Event, Identity, Line, Mode, Source, Strength, Traits};
use crate::ids::{Door, DoorKind};
use crate::plan::{Settings, parse};
use proptest::prelude::*;

const SHOP: ShopId = ShopId(1);

fn plan() -> Plan {
    let cart = include_str!("../../../../plans/abandoned-cart.yaml");
    let pages = "journey: pages
class: B
priority: 10
entry: {on: left, after: 1h, when: [{did: Page Viewed, at_least: 2, within: 1d}]}
steps: [{message: page, template: page}]
";
    let journeys = [cart, pages].map(|text| {
        let mut journey = parse(text).unwrap();
        journey.on = true;
        journey
    });
    Plan::new(1, journeys.into(), Settings::default()).unwrap()
}

fn incoming(number: u64, kind: u8, minutes: i64, door: u8) -> Incoming {
    let fact = match kind {
        0 | 1 => Fact::Page { path: "/".into() },
        2 => Fact::Heartbeat,
        3 => Fact::ListViewed { category: "c".into() },
        _ => {
            let item = ItemRef { id: "A".into(), alt: String::new() };
            Fact::CartAdded { cart: String::new(), line: Line { item, quantity: 1, price: None } }
        }
    };
    let at = ShopTime(1_772_409_600_000 + minutes * 60_000);
    let mut identities =
        vec![Identity { door: Door::new(DoorKind::Anonymous, "w"), strength: Strength::Claimed }];
    if door > 0 {
        let door = Door::new(DoorKind::Phone, format!("700{door}"));
        identities.insert(0, Identity { door, strength: Strength::Claimed });
        identities.rotate_left(1);
    }
    let event =
        Event { number, occurred_at: at, received_at: at, mode: Mode::Live, source: Source::Browser, fact };
    Incoming { event, identities, traits: Traits::default() }
}

proptest! {
    #[test]
    fn a_hot_half_alone_decides_the_same_where_no_more_is_asked_for(acts in prop::collection::vec((0u8..6, 1i64..90, 0u8..3), 1..30)) {
        let mut whole = Profile::new(SHOP, ProfileId(1), ShopTime(0));
        let (mut minutes, mut without_warm) = (0, 0);
        for plan in [plan(), Plan::default()] {
            for (number, (kind, later, door)) in acts.iter().enumerate() {
                minutes += later;
                let event = incoming(number as u64 + 1, *kind, minutes, *door);
                let (now, input) = (event.event.received_at, Input::Event(Box::new(event)));
                let decision = decide(now, &plan, &Facts::default(), &whole, &input);
                if !needs(&plan, &whole, &input).warm {
                    without_warm += 1;
                    let bare = Profile { warm: None, ..whole.clone() };
                    let alone = decide(now, &plan, &Facts::default(), &bare, &input);
                    prop_assert_eq!(&alone.profile.hot, &decision.profile.hot);
                    prop_assert_eq!(&whole.warm, &decision.profile.warm, "what was not asked for does not change");
                    prop_assert_eq!((alone.effects, alone.why), (decision.effects, decision.why));
                }
                whole = decision.profile;
            }
        }
        prop_assert!(without_warm > 0 || acts.len() < 20);
    }
}

#[test]
fn what_is_not_at_hand_is_asked_for_and_nothing_is_changed() {
    let plan = Plan::default();
    let mut shelf = Shelf::default();
    let work = Work::Event(Box::new(incoming(1, 0, 0, 0)));
    let door = Door::new(DoorKind::Anonymous, "w");
    let now = ShopTime(1_772_409_600_000);
    let mut desk = Desk::new(SHOP, now, &plan, &NoOffers, &mut shelf);
    assert_eq!(desk.work(&work), Err(Missing::Holder(door.bucket(SHOP), door.id(SHOP))));
    assert!(desk.changes.events.is_empty());
    desk.shelf.holders.insert((SHOP, door.id(SHOP)), Slot::loaded(None, 0));
    assert_eq!(desk.work(&work), Ok(None));
    assert_eq!(desk.changes.events.len(), 1);
    // The profile is born in the bucket of its door: first contact is one transaction.
    assert_eq!(desk.changes.events[0].0.bucket(), door.bucket(SHOP));
    assert_eq!(desk.changes.events[0].2, None);
}

#[test]
fn a_browser_that_changed_hands_meanwhile_is_left_to_its_holder() {
    let (plan, door) = (Plan::default(), Door::new(DoorKind::Anonymous, "w"));
    let holder = Holder {
        door: door.clone(),
        profile: ProfileId(3),
        proved: true,
        since: ShopTime(1),
        moves: 0,
        moves_day: 0,
    };
    let mut shelf = Shelf::complete();
    let key = (SHOP, door.id(SHOP));
    shelf.holders.insert(key, Slot::loaded(Some(holder.clone()), 1));
    let to = Recipient::Door { bucket: door.bucket(SHOP), door: door.id(SHOP) };
    let rebind =
        |from| Letter::Rebind { door: door.clone(), from, to: ProfileId(2), moved: true, at: ShopTime(5) };
    let mut desk = Desk::new(SHOP, ShopTime(5), &plan, &NoOffers, &mut shelf);
    desk.work(&Work::Letter(to.clone(), rebind(ProfileId(1)))).unwrap();
    assert_eq!(desk.shelf.holder(SHOP, key.1), Some(Some(holder)));
    desk.work(&Work::Letter(to, rebind(ProfileId(3)))).unwrap();
    let moved = desk.shelf.holder(SHOP, key.1).flatten().unwrap();
    assert_eq!((moved.profile, moved.proved), (ProfileId(2), false));
}
