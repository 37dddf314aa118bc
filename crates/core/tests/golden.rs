//! What can never change: hashes, draws, and the bytes of saved states.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "stories/world.rs"]
#[allow(dead_code)]
mod world;

use beckon_core::event::*;
use beckon_core::hash::{Tag, hash, unit};
use beckon_core::ids::{Bucket, Door, DoorKind, MessageId, ProfileId, ShopId};
use beckon_core::money::{Currency, Money};
use beckon_core::profile::Profile;
use beckon_core::time::{MINUTE, ShopTime};
use beckon_core::wire::Record;
use world::{Sender, World, cart_series};

const START: ShopTime = ShopTime(1_772_409_600_000);

#[test]
fn hashes_buckets_and_draws_are_for_ever() {
    let shop = ShopId(1);
    let doors = [
        (DoorKind::User, "42"),
        (DoorKind::Card, "1234567890"),
        (DoorKind::Email, "ann@shop.example"),
        (DoorKind::Phone, "79001234567"),
        (DoorKind::Anonymous, "c0ffee"),
        (DoorKind::Order, "1001"),
    ];
    let mut said = Vec::new();
    for (kind, value) in doors {
        let door = Door::new(kind, value);
        said.push(format!("{kind:?} {} {:016x}", door.bucket(shop).0, door.id(shop).0));
    }
    let who = 0x1234_5678_9abc_def0u64.to_le_bytes();
    for (name, tag) in [("holdout", Tag::Holdout), ("arm", Tag::Arm), ("jitter", Tag::Jitter)] {
        said.push(format!("{name} {:.12}", unit(hash(tag, shop, &[b"abandoned-cart", &who]))));
    }
    let door = Door::new(DoorKind::Email, "ann@shop.example").id(shop);
    let born = ProfileId::born(shop, Bucket(7), door, 9);
    said.push(format!("profile {born}"));
    said.push(format!("message {}", MessageId::of(shop, born, &[b"abandoned-cart", b"classic-first"])));
    let expected = include_str!("golden/hashes.txt");
    assert_eq!(said.join("\n"), expected.trim_end(), "a customer would live elsewhere, or change her arm");
}

/// A customer with something in every field that a small life fills.
fn saved() -> Profile {
    let mut world = World::new(START, vec![cart_series()]);
    world.sender = Sender::Slow(MINUTE);
    let say = |world: &mut World, minutes: i64, fact: Fact, server: bool, traits: Traits| {
        world.pass_until(START.plus(MINUTE.times(minutes)));
        world.events += 1;
        let (source, strength) = match server {
            true => (Source::Server, Strength::Proved),
            false => (Source::Browser, Strength::Claimed),
        };
        let (number, now) = (world.events, world.now);
        let event = Event { number, occurred_at: now, received_at: now, mode: Mode::Live, source, fact };
        let doors = [Door::new(DoorKind::Email, "ann@shop.example"), Door::new(DoorKind::Anonymous, "web")];
        let identities = doors.into_iter().map(|door| Identity { door, strength }).collect();
        world.event(Incoming { event, identities, traits });
    };
    let item = |id: &str| ItemRef { id: id.into(), alt: String::new() };
    let line = Line { item: item("A"), quantity: 2, price: None };
    let known = Traits {
        email: Some("ann@shop.example".into()),
        phone: Some("79001234567".into()),
        first_name: Some("Ann".into()),
        email_consent: Some(true),
        time_zone: Some("Europe/Moscow".into()),
        locale: Some("ru".into()),
        other: [("tier".to_owned(), "gold".to_owned())].into(),
        ..Traits::default()
    };
    let total = Money::parse("1990.50", Currency::RUB);
    let order =
        |status| Fact::Order(OrderFact { id: "1001".into(), status, total, lines: vec![line.clone()] });
    let none = Traits::default;
    say(&mut world, 0, Fact::Identified { traits: Vec::new() }, true, known);
    say(&mut world, 1, order(OrderStatus::Completed), true, none());
    say(&mut world, 2, order(OrderStatus::Refunded), true, none());
    let days = 6 * 24 * 60;
    say(&mut world, days, Fact::ProductDwelled { item: item("A"), dwell_secs: 70 }, false, none());
    say(&mut world, days, Fact::Wished { item: item("B"), on: true }, false, none());
    say(&mut world, days, Fact::CartAdded { cart: "c1".into(), line: line.clone() }, false, none());
    say(&mut world, days + 1, Fact::CameFromMessage { message: MessageId(77) }, false, none());
    say(
        &mut world,
        days + 1,
        Fact::Page { path: "/".into() },
        false,
        Traits { email_consent: Some(true), ..none() },
    );
    world.pass_until(START.plus(MINUTE.times(days + 60)));
    world.who(DoorKind::Email, "ann@shop.example").clone()
}

fn hex(bytes: &[u8]) -> String {
    let line = |line: &[u8]| line.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    bytes.chunks(48).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn states_that_this_release_saves_are_known_to_later_ones() {
    let profile = saved();
    assert_eq!((profile.hot.positions.len(), profile.hot.sends.len()), (1, 1), "a life worth saving");
    let files = [
        ("hot", hex(&profile.hot.to_bytes()), include_str!("golden/profile-hot-2.hex")),
        ("warm", hex(&profile.warm().to_bytes()), include_str!("golden/profile-warm-1.hex")),
    ];
    for (half, now, saved) in files {
        assert_eq!(now, saved.trim_end(), "the {half} half is written otherwise than before:\n{now}\n");
    }
    let bytes = |text: &str| -> Vec<u8> {
        let digits: String = text.split_whitespace().collect();
        (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
    };
    let (hot, warm) = (bytes(files_of().0), bytes(files_of().1));
    let back = Profile::load(profile.shop, profile.id, profile.version, &hot, Some(&warm)).unwrap();
    // Release 1 counted nobody who stands at a step: she is counted when something happens to her.
    let mut first = profile.clone();
    first.hot.positions[0].counted = false;
    assert_eq!(back, first);
    let hot = bytes(include_str!("golden/profile-hot-2.hex"));
    let back = Profile::load(profile.shop, profile.id, profile.version, &hot, Some(&warm)).unwrap();
    assert_eq!(back, profile);
}

fn files_of() -> (&'static str, &'static str) {
    (include_str!("golden/profile-hot-1.hex"), include_str!("golden/profile-warm-1.hex"))
}
