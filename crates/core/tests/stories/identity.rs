//! Who is who: proved and claimed identities, shared inboxes, and people who lie.

use crate::script::Story;
use crate::world::cart_series;
use beckon_core::ids::{DoorKind, ProfileId};
use beckon_core::time::DAY;

fn told(text: &str) -> Story {
    Story::new(vec![cart_series()]).tell(text)
}

#[test]
fn one_order_reported_by_browser_and_server_is_one_order_with_one_credit() {
    let story = told(
        "
        09:00    shop is ann@shop.example agreeing
        10:00    web  is ann@shop.example
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        11:00    ann  clicks
        12:00    web  orders 1001 for 500
        12:01    shop orders 1001 for 510 by=ann@shop.example
        ",
    );
    let order = story.world.order("1001");
    let (touch, money) = order.credit(DAY.times(5)).expect("the click earned it");
    assert_eq!((touch.step.as_str(), money.minor), ("classic-first", 51_000));
    assert_eq!(story.world.shelf.orders.len(), 1);
    assert_eq!(story.world.who(DoorKind::Email, "ann@shop.example").hot.orders, 1);
}

#[test]
fn a_cancelled_order_replaces_its_credit() {
    let story = told(
        "
        09:00    shop is ann@shop.example agreeing
        10:00    web  is ann@shop.example
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        11:00    ann  clicks
        12:00    web  orders 1001 for 500
        13:00    shop cancels 1001 by=ann@shop.example
        ",
    );
    let (_, money) = story.world.order("1001").credit(DAY.times(5)).unwrap();
    assert_eq!(money.minor, 0);
    assert_eq!(story.world.who(DoorKind::Email, "ann@shop.example").hot.orders, 0);
}

#[test]
fn a_click_of_the_other_profile_is_credited_after_the_merge() {
    // She clicks as ann, orders in another browser as nobody, and the shop's webhook names her.
    let story = told(
        "
        09:00    shop is ann@shop.example agreeing
        10:00    web  is ann@shop.example
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        11:00    ann  clicks
        12:00    tab  adds A
        12:05    tab  orders 1001 for 500
        12:06    shop orders 1001 for 500 by=ann@shop.example
        ",
    );
    let ann = story.world.who(DoorKind::Email, "ann@shop.example").id;
    assert_eq!(ann, story.world.who(DoorKind::Anonymous, "tab").id, "the order proves that they are one");
    assert_eq!(story.world.who(DoorKind::Anonymous, "tab").hot.orders, 1);
    assert!(story.world.order("1001").credit(DAY.times(5)).is_some());
}

#[test]
fn a_click_that_is_told_after_the_order_still_earns_it() {
    let mut story = Story::new(vec![cart_series()]);
    story.go_on(
        "
        09:00    shop is ann@shop.example agreeing
        10:00    web  is ann@shop.example
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        12:00    web  orders 1001 for 500
        12:30    ann  clicks (1h ago)
        ",
    );
    story.check();
    assert!(story.world.order("1001").credit(DAY.times(5)).is_some());
}

#[test]
fn an_address_that_only_a_browser_named_gets_one_message_a_day() {
    told(
        "
        10:00    web  is eve@shop.example user=u1 agreeing
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to eve with A
        11:00    tab  is eve@shop.example user=u2 agreeing
        11:00    tab  adds B
        d1 10:15 =>   mail abandoned-cart-1 to eve with B
        d1 11:00 tab  empties cart
        d1 11:00 web  empties cart
        ",
    );
}

#[test]
fn what_a_browser_claims_never_replaces_what_the_shop_proved() {
    let story = told(
        "
        09:00    shop is ann@shop.example name=Ann refusing
        10:00    evil is ann@shop.example name=http://evil.example agreeing
        10:00    evil adds A
        ",
    );
    let ann = story.world.who(DoorKind::Email, "ann@shop.example");
    assert_eq!(ann.warm().first_name.value, "Ann");
    assert_eq!(ann.hot.consent.agreed, Some(false), "nobody agrees for her in a browser");
    assert!(ann.hot.email_proved);
}

#[test]
fn what_a_browser_takes_back_counts() {
    let story = told(
        "
        09:00    shop is ann@shop.example agreeing
        10:00    web  is ann@shop.example refusing
        10:00    web  adds A
        ",
    );
    let ann = story.world.who(DoorKind::Email, "ann@shop.example");
    assert_eq!(ann.hot.consent.agreed, Some(false));
}

#[test]
fn a_browser_that_claims_to_be_many_people_joins_none_of_them() {
    let story = told(
        "
        09:00    shop is a@shop.example
        09:00    shop is b@shop.example
        09:00    shop is c@shop.example
        09:00    shop is d@shop.example
        09:00    shop is e@shop.example
        10:00    evil reads
        10:01    evil is a@shop.example
        10:02    evil is b@shop.example
        10:03    evil is c@shop.example
        10:04    evil is d@shop.example
        10:05    evil is e@shop.example (9h ago)
        ",
    );
    let people = ["a", "b", "c", "d", "e"];
    let ids: Vec<ProfileId> =
        people.iter().map(|p| story.world.who(DoorKind::Email, &format!("{p}@shop.example")).id).collect();
    let different: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(different.len(), 5, "five people stay five people");
    let evil = story.world.who(DoorKind::Anonymous, "evil").id;
    assert!(evil != ids[3] && evil != ids[4], "after three changes of hands it is nobody else's");
}

#[test]
fn a_clock_that_lies_does_not_let_a_browser_join_more_people() {
    let mut text = String::from("09:00 evil reads\n");
    for n in 0..20 {
        text.push_str(&format!("10:{n:02} evil is p{n}@shop.example ({}d ago)\n", 40 - n));
    }
    let story = told(&text);
    let evil = story.world.who(DoorKind::Anonymous, "evil").id;
    let last = story.world.who(DoorKind::Email, "p19@shop.example").id;
    assert_ne!(evil, last);
}

#[test]
fn a_shared_address_does_not_glue_two_users_together() {
    let story = told(
        "
        10:00    web  is home@shop.example user=u1 agreeing
        10:01    tab  is home@shop.example user=u2 agreeing
        ",
    );
    let (one, two) = (story.world.who(DoorKind::User, "u1"), story.world.who(DoorKind::User, "u2"));
    assert_ne!(one.id, two.id);
    assert_eq!(one.hot.email, two.hot.email);
}

#[test]
fn who_unsubscribes_at_a_shared_address_stops_both() {
    let story = told(
        "
        09:00    shop is home@shop.example user=u1 agreeing
        09:00    shop is home@shop.example user=u2 agreeing
        10:00    web  is user=u1
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to home with A
        11:00    home unsubscribes
        12:00    tab  is user=u2
        12:00    tab  adds B
        ",
    );
    let two = story.world.who(DoorKind::User, "u2");
    assert!(two.hot.email_stopped && two.hot.consent.agreed == Some(true));
    assert!(story.world.said("not_entered", "reachable"));
}

#[test]
fn an_import_of_old_consent_lifts_no_unsubscription() {
    let story = told(
        "
        09:00    shop is home@shop.example user=u1 agreeing
        09:00    shop is home@shop.example user=u2 agreeing
        10:00    web  is user=u1
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to home with A
        11:00    home unsubscribes
        12:00    shop is home@shop.example user=u2 agreeing (30d ago, imported)
        12:00    shop is home@shop.example user=u2 agreeing (1h30m ago)
        13:00    tab  is user=u2
        13:00    tab  adds B
        ",
    );
    assert!(story.world.who(DoorKind::User, "u2").hot.email_stopped);
}

#[test]
fn who_agrees_anew_with_the_shop_is_written_to_again() {
    told(
        "
        09:00    shop is ann@shop.example agreeing
        10:00    web  is ann@shop.example
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        11:00    ann  unsubscribes
        d3 09:00 shop is ann@shop.example agreeing
        d3 10:00 web  adds B
        d3 10:15 =>   mail abandoned-cart-1 to ann with A, B
        d3 11:00 web  empties cart
        ",
    );
}
