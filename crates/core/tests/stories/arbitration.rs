//! One person, one message: priorities, caps and quiet hours.

use crate::script::Story;
use crate::world::{cart_series, journey};
use beckon_core::plan::Journey;

/// Browse abandonment in small: an hour after leaving, if the cart is empty; its letter half an hour later.
fn browse() -> Journey {
    journey(
        "
journey: browse
class: B
priority: 60
entry: {on: left, after: 1h, when: [cart_empty, reachable]}
exits: [order, unsubscribed]
steps:
  - wait: a-while
    for: 30m
  - message: viewed
    template: browse-1
    deadline: 6h
    when_beaten: drop
",
    )
}

/// Something that an event of the shop calls for at once.
fn on_event(name: &str, class: &str, priority: u16, deadline: &str, loser: &str) -> Journey {
    journey(&format!(
        "
journey: {name}
class: {class}
priority: {priority}
entry: {{on: event, event: {name}}}
exits: []
steps:
  - message: {name}-1
    template: {name}-1
    deadline: {deadline}
    when_beaten: {loser}
"
    ))
}

const ANN: &str = "
    09:00    shop is ann@shop.example agreeing zone=UTC
    09:59    web  is ann@shop.example
";

fn told(journeys: Vec<Journey>, text: &str) -> Story {
    Story::new(journeys).tell(&format!("{ANN}{text}"))
}

#[test]
fn browse_does_not_enter_while_something_is_in_the_cart() {
    let story = told(
        vec![cart_series(), browse()],
        "
        10:00    web adds A
        10:10    web reads
        10:20    web views B
        10:35    =>  mail abandoned-cart-1 to ann with A
        d1 09:00 web orders 2 for 10
        ",
    );
    assert!(story.world.said("not_entered", "cart_empty"), "browse says that the cart is not empty");
}

#[test]
fn browse_loses_to_a_cart_that_was_filled_after_it_began() {
    let story = told(
        vec![cart_series(), browse()],
        "
        10:00    web views A
        11:20    web adds A
        11:35    =>  mail abandoned-cart-1 to ann with A
        d1 12:00 web orders 2 for 10
        ",
    );
    let lost = story.world.journal.iter().find(|(_, _, l)| l.journey == "browse" && l.what == "withheld");
    let why = &lost.expect("browse was withheld").2.why[0];
    assert_eq!(why.code, "lost_to");
    assert_eq!((why.values["priority"].as_str(), why.values["mine"].as_str()), ("94", "60"));
    assert_eq!(why.values["journey"], "abandoned-cart");
}

#[test]
fn browse_does_not_begin_again_within_its_days() {
    told(
        vec![browse()],
        "
        10:00    web views A
        11:30    =>  mail browse-1 to ann
        d1 10:00 web views B
        d6 10:00 web views B
        d7 10:00 web views C
        d7 11:30 =>  mail browse-1 to ann
        ",
    );
}

#[test]
fn the_loser_goes_at_once_when_the_winner_is_withheld() {
    told(
        vec![cart_series(), on_event("note", "B", 60, "6h", "postpone")],
        "
        10:50    web adds A
        10:55    web does note
        11:05    web empties cart
        11:05    =>  mail note-1 to ann
        ",
    );
}

#[test]
fn the_loser_that_is_postponed_waits_for_the_end_of_the_cap() {
    told(
        vec![cart_series(), on_event("note", "B", 60, "1d", "postpone")],
        "
        10:50    web adds A
        10:55    web does note
        11:10    =>  mail abandoned-cart-1 to ann with A
        12:00    web empties cart
        d1 03:10 =>  mail note-1 to ann
        ",
    );
}

#[test]
fn the_loser_that_is_merged_counts_as_sent() {
    let story = told(
        vec![cart_series(), on_event("note", "B", 60, "6h", "merge")],
        "
        10:50    web adds A
        10:55    web does note
        11:10    =>  mail abandoned-cart-1 to ann with A
        12:00    web empties cart
        ",
    );
    assert_eq!(story.world.count("note withheld:merged_into"), 1);
}

#[test]
fn a_digest_in_the_morning_does_not_stop_the_cart_mail_at_noon() {
    told(
        vec![cart_series(), on_event("digest", "C", 30, "12h", "drop")],
        "
        10:00    web does digest
        10:00    =>  mail digest-1 to ann
        14:00    web adds A
        14:15    =>  mail abandoned-cart-1 to ann with A
        15:00    web empties cart
        ",
    );
}

#[test]
fn a_cart_mail_counts_against_the_digest() {
    let story = told(
        vec![cart_series(), on_event("digest", "C", 30, "12h", "drop")],
        "
        10:00    web adds A
        10:15    =>  mail abandoned-cart-1 to ann with A
        12:00    web does digest
        12:01    web empties cart
        ",
    );
    assert!(story.world.said("withheld", "cap"));
}

#[test]
fn two_hot_mails_are_four_hours_apart_and_life_cycle_mails_sixteen() {
    let hot = |name| on_event(name, "A", 50, "1d", "postpone");
    let life = |name| on_event(name, "B", 50, "3d", "postpone");
    told(
        vec![hot("one"), hot("two"), life("three"), life("four")],
        "
        10:00    web does one
        10:00    =>  mail one-1 to ann
        10:30    web does two
        11:00    web does three
        14:00    =>  mail two-1 to ann
        d1 06:00 =>  mail three-1 to ann
        d1 07:00 web does four
        ",
    );
}

#[test]
fn three_life_cycle_mails_a_week() {
    let mut journeys: Vec<Journey> =
        (0..3).map(|n| on_event(&format!("n{n}"), "B", 50, "3d", "postpone")).collect();
    journeys.push(on_event("n3", "B", 50, "7d", "postpone"));
    told(
        journeys,
        "
        10:00    web does n0
        10:00    =>  mail n0-1 to ann
        d1 10:00 web does n1
        d1 10:00 =>  mail n1-1 to ann
        d2 10:00 web does n2
        d2 10:00 =>  mail n2-1 to ann
        d3 10:00 web does n3
        d7 10:00 =>  mail n3-1 to ann
        ",
    );
}

#[test]
fn of_equal_priority_the_one_that_fell_due_first_goes() {
    told(
        vec![on_event("b", "B", 50, "1d", "drop"), on_event("a", "B", 50, "1d", "drop")],
        "
        10:00    web    does b
        10:00    =>     mail b-1 to ann
        10:01    web    does a
        ",
    );
}

#[test]
fn mass_mail_waits_for_the_morning_where_she_lives_over_the_change_of_the_clock() {
    // In Berlin the clock goes from 2 to 3 on 29 March 2026 (day 27): 9:00 is 8:00 UTC the day before, 7:00 after it.
    for (zone, evening, morning) in [
        ("Europe/Berlin", "d26 20:30", "d27 07:00"),
        ("Europe/Berlin", "d25 20:30", "d26 08:00"),
        ("Europe/Moscow", "d26 18:00", "d27 06:00"),
        ("Asia/Tokyo", "d26 23:30", "d27 00:00"),
        ("No/Where", "d26 18:00", "d27 06:00"),
    ] {
        Story::new(vec![on_event("digest", "C", 30, "12h", "drop")]).tell(&format!(
            "
            09:00      shop is ann@shop.example agreeing zone={zone}
            09:00      web  is ann@shop.example
            {evening}  web  does digest
            {morning}  =>   mail digest-1 to ann
            "
        ));
    }
}

#[test]
fn mass_mail_that_was_approved_in_the_evening_does_not_leave_at_night() {
    told(
        vec![on_event("digest", "C", 30, "20h", "drop")],
        "
        20:30    sender is down
        20:45    web does digest
        22:00    sender works
        d1 09:00 =>  mail digest-1 to ann
        ",
    );
}

#[test]
fn a_transactional_message_is_never_held_back() {
    let receipt = journey(
        "
journey: receipt
class: T
priority: 100
entry: {on: event, event: Order Completed}
steps:
  - message: receipt-1
    template: receipt
",
    );
    Story::new(vec![cart_series(), receipt]).tell(
        "
        09:00    shop is ann@shop.example refusing
        10:00    web  is ann@shop.example
        23:00    web  orders 1 for 10
        23:00    =>   mail receipt to ann
        23:01    web  orders 2 for 10
        23:01    =>   mail receipt to ann
        ",
    );
}

/// Called for by an event, an hour after it.
fn an_hour_after(name: &str, priority: u16) -> Journey {
    journey(&format!(
        "
journey: {name}
class: A
priority: {priority}
entry: {{on: event, event: {name}, after: 1h}}
exits: []
steps:
  - message: {name}-1
    template: {name}-1
"
    ))
}

#[test]
fn a_journey_that_has_begun_and_waits_for_its_first_letter_competes_with_it() {
    let story = told(
        vec![an_hour_after("visit", 90), on_event("note", "B", 60, "6h", "drop")],
        "
        10:00    web does visit
        10:30    web does note
        11:00    =>  mail visit-1 to ann
        ",
    );
    assert!(story.world.said("held", "lost_to") && story.world.said("withheld", "lost_to"));
    // The lesser one waits for nobody.
    told(
        vec![an_hour_after("visit", 50), on_event("note", "B", 60, "6h", "drop")],
        "
        10:00    web does visit
        10:30    web does note
        10:30    =>  mail note-1 to ann
        11:00    =>  mail visit-1 to ann
        ",
    );
}
