//! Two profiles turn out to be one person in the middle of something.

use crate::script::Story;
use crate::world::{SHOP, World, cart_series};
use beckon_core::address::Said;
use beckon_core::desk::Work;
use beckon_core::ids::{Door, DoorKind, ProfileId};
use beckon_core::input::{Delivered, Letter};
use beckon_core::profile::PositionState;

fn told(text: &str) -> Story {
    Story::new(vec![cart_series()]).tell(text)
}

#[test]
fn a_merge_in_the_middle_of_the_series_sends_no_second_letter_and_goes_on_once() {
    // The same story with every assignment of profile numbers: either of them may be the one that stays.
    for n in 0..12 {
        let story = told(&format!(
            "
            09:00    shop is ann@shop.example agreeing user=u{n}
            10:00    web{n} is user=u{n}
            10:00    web{n} adds A
            10:15    =>   mail abandoned-cart-1 to ann with A
            12:00    app{n} reads
            12:01    app{n} views B
            12:02    app{n} is user=u{n}
            d2 10:00 =>   mail abandoned-cart-2 to ann with A
            d5 10:00 =>   mail abandoned-cart-3 to ann with A
            "
        ));
        assert_eq!(story.world.count("abandoned-cart entered"), 1);
        let user = story.world.who(DoorKind::User, &format!("u{n}")).id;
        assert_eq!(user, story.world.who(DoorKind::Anonymous, &format!("app{n}")).id);
    }
}

#[test]
fn two_series_of_one_person_become_one() {
    // Two browsers, two addresses, each got the first letter; then an order shows that they are one person. The later
    // series goes on, once; its third letter would be the fourth about this cart within seven days.
    for n in 0..12 {
        let story = told(&format!(
            "
            09:00    shop is ann@shop.example agreeing
            09:00    shop is ann@work.example agreeing
            10:00    web{n} is ann@shop.example
            10:00    web{n} adds A
            10:15    =>   mail abandoned-cart-1 to ann with A
            11:00    app{n} is ann@work.example
            11:00    app{n} adds B
            11:15    =>   mail abandoned-cart-1 to ann with B
            12:00    shop orders 7 by=ann@shop.example (90d ago)
            12:00    shop orders 7 by=ann@work.example (90d ago)
            d2 11:00 =>   mail abandoned-cart-2 to ann with A, B
            "
        ));
        let one = story.world.who(DoorKind::Email, "ann@shop.example").id;
        assert_eq!(one, story.world.who(DoorKind::Email, "ann@work.example").id);
        assert!(story.world.said("withheld", "cap"));
    }
}

#[test]
fn a_merge_while_a_letter_is_handed_over() {
    for n in 0..12 {
        told(&format!(
            "
            09:00    shop is ann@shop.example agreeing user=u{n}
            10:00    web{n} is user=u{n}
            10:00    web{n} adds A
            10:10    app{n} reads
            10:10    sender is slow
            10:15    =>   mail abandoned-cart-1 to ann with A
            10:20    app{n} is user=u{n}
            d2 10:00 =>   mail abandoned-cart-2 to ann with A
            d2 11:00 web{n} empties cart
            "
        ));
    }
}

#[test]
fn a_merge_while_both_are_at_the_same_letter() {
    for n in 0..12 {
        let mut story = Story::new(vec![cart_series()]);
        story.go_on(&format!(
            "
            09:00    shop is ann@shop.example agreeing
            09:00    shop is ann@work.example agreeing
            10:00    web{n} is ann@shop.example
            10:00    web{n} adds A
            10:00    app{n} is ann@work.example
            10:00    app{n} adds A
            10:10    sender is down
            10:20    shop orders 7 by=ann@shop.example (90d ago)
            10:20    shop orders 7 by=ann@work.example (90d ago)
            10:30    sender works
            10:30    =>   mail abandoned-cart-1 to ann with A
            d1 09:00 web{n} empties cart
            "
        ));
        let end = story.world.now.plus(beckon_core::time::DAY.times(9));
        story.world.pass_until(end);
        story.check();
    }
}

#[test]
fn a_cart_left_by_nobody_is_not_written_about_hours_later() {
    // Nobody could be written to at 10:15; that she is known at noon, by the shop, is no leaving.
    for n in 0..12 {
        let story = told(&format!(
            "
            09:00    shop is ann@shop.example agreeing
            10:00    web{n} adds A
            12:00    web{n} orders 7 (3d ago)
            12:00    shop orders 7 by=ann@shop.example (3d ago)
            "
        ));
        let ann = story.world.who(DoorKind::Email, "ann@shop.example");
        assert_eq!((ann.hot.cart_lines, ann.hot.merged_into), (1, ProfileId(0)));
    }
}

/// Delivers letters, and those they cause, until only such as `kept` names are left; gives back what was delivered.
fn deliver_but(world: &mut World, kept: fn(&Letter) -> bool) -> Vec<Letter> {
    let mut delivered = Vec::new();
    while let Some(at) = world.letters.iter().position(|(_, letter)| !kept(letter)) {
        let (to, letter) = world.letters.remove(at);
        world.work(&Work::Letter(to, letter.clone()));
        delivered.push(letter);
    }
    delivered
}

/// Somebody is merged into another profile while her first letter is handed over, and what became of it arrives before
/// she does. Gives the world after both, and the letters that were delivered; `None` where she is the one that stays.
fn told_before_she_arrives(n: u64, result: Delivered) -> Option<(World, Vec<Letter>)> {
    let mut story = Story::new(vec![cart_series()]);
    story.go_on(&format!(
        "
        09:00    shop is ann@shop.example agreeing user=u{n}
        10:00    web{n} is user=u{n}
        10:00    web{n} adds A
        10:10    app{n} reads
        10:10    sender is down
        10:16    app{n} reads
        "
    ));
    let message = *story.world.outbox.keys().next().expect("the first letter is approved");
    assert!(story.world.claim(message));
    story.world.keep_letters = true;
    story.go_on(&format!("10:20 app{n} is user=u{n}"));
    let mut world = story.world;
    deliver_but(&mut world, |letter| matches!(letter, Letter::Absorb { .. }));
    let target = world.profile(world.outbox[&message].profile)?.hot.merged_into;
    if target == ProfileId(0) {
        return None;
    }
    world.tell(message, result);
    let mut delivered = deliver_but(&mut world, |letter| matches!(letter, Letter::Absorb { .. }));
    assert_eq!(world.profile(target)?.warm().early.len(), 1, "it waits for her");
    delivered.extend(deliver_but(&mut world, |_| false));
    let one = world.profile(target)?;
    assert!(one.warm().early.is_empty(), "it was waited for");
    assert!(one.hot.candidates.iter().all(|c| c.message != message));
    Some((world, delivered))
}

#[test]
fn what_became_of_a_letter_waits_for_the_profile_it_is_about() {
    let mut told = 0;
    for n in 0..12 {
        let Some((world, _)) = told_before_she_arrives(n, Delivered::Sent) else { continue };
        told += 1;
        assert_eq!(world.count("abandoned-cart sent"), 1);
        let one = world.who(DoorKind::User, &format!("u{n}"));
        assert_eq!(one.hot.sends.len(), 1, "it counts for caps");
        assert!(one.hot.positions.iter().all(|p| p.state() == PositionState::Waiting && p.sent_at.0 != 0));
    }
    assert!(told > 0, "she is merged into the other one for some numbers");
}

#[test]
fn a_refusal_told_before_she_arrives_reaches_the_address_once() {
    let mut told = 0;
    for n in 0..12 {
        let Some((world, delivered)) = told_before_she_arrives(n, Delivered::Never(true)) else { continue };
        told += 1;
        assert_eq!(world.count("abandoned-cart never"), 1);
        let of = |said: Said| {
            let reports = delivered.iter();
            reports.filter(|l| matches!(l, Letter::AddressReport { what, .. } if *what == said)).count()
        };
        assert_eq!((of(Said::Returned), of(Said::Bounced)), (1, 1));
        let door = Door::new(DoorKind::Email, "ann@shop.example").id(SHOP);
        assert!(world.shelf.address(SHOP, door).is_some_and(|address| address.dead()));
        let one = world.who(DoorKind::User, &format!("u{n}"));
        assert!(one.hot.sends.is_empty(), "it uses no cap");
        assert!(one.hot.email_stopped);
    }
    assert!(told > 0, "she is merged into the other one for some numbers");
}

#[test]
fn who_was_drawn_twice_is_one_person_of_the_proof_or_none() {
    let (mut mixed, mut both) = (0, 0);
    for n in 0..24 {
        let mut journey = cart_series();
        journey.set("holdout", "50%").unwrap();
        let mut story = Story::new(vec![journey]);
        story.go_on(&format!(
            "
            09:00    shop is a{n}@shop.example agreeing
            09:00    shop is b{n}@work.example agreeing
            10:00    web{n} is a{n}@shop.example
            10:00    web{n} adds A
            11:00    app{n} is b{n}@work.example
            11:00    app{n} adds B
            "
        ));
        let later = story.world.now.plus(beckon_core::time::HOUR.times(2));
        story.world.pass_until(later);
        story.go_on(
            "
            14:00    shop orders 7 by=a@shop.example
            14:00    shop orders 7 by=b@work.example
            "
            .replace("=a@", &format!("=a{n}@"))
            .replace("=b@", &format!("=b{n}@"))
            .as_str(),
        );
        let sum = |what: &str| -> i64 {
            let of = |(name, count): (&String, &u64)| name.contains(what).then_some(*count);
            story.world.counts.iter().filter_map(of).sum::<u64>().cast_signed()
        };
        let drawn = sum(" treated") + sum(" held_out");
        assert_eq!(drawn, 2, "each of them was drawn");
        let converted = sum(" converted:") - sum(" unconverted:");
        match sum(" mixed") {
            1 => {
                mixed += 1;
                assert_eq!((sum(" undrawn:"), converted), (2, 0), "{:?}", story.world.counts);
            }
            _ => {
                both += 1;
                assert_eq!((sum(" undrawn:"), converted), (1, 1), "{:?}", story.world.counts);
            }
        }
    }
    assert!(mixed > 3 && both > 3, "{mixed} {both}");
}
