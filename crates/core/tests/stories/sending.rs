//! What happens between approval and the channel's answer.

use crate::script::Story;
use crate::world::{SHOP, cart_series};
use beckon_core::ids::{Door, DoorKind, MessageId};
use beckon_core::input::Delivered;

fn told(text: &str) -> Story {
    Story::new(vec![cart_series()]).tell(text)
}

const ANN: &str = "
    10:00    web  is ann@shop.example agreeing
    10:00    web  adds A
";

#[test]
fn a_deadline_that_passed_while_the_sender_was_down_withholds() {
    let story = told(&format!(
        "{ANN}
        10:01    sender is down
        d1 10:30 sender works
        d2 10:00 => mail abandoned-cart-2 to ann with A
        d5 10:00 => mail abandoned-cart-3 to ann with A"
    ));
    assert!(story.world.said("withheld", "deadline"));
}

#[test]
fn a_sender_that_is_back_in_time_sends_late() {
    told(&format!(
        "{ANN}
        10:01    sender is down
        20:00    sender works
        20:00    => mail abandoned-cart-1 to ann with A
        d1 10:00 web empties cart"
    ));
}

#[test]
fn a_busy_channel_is_asked_again_and_nothing_goes_twice() {
    told(&format!(
        "{ANN}
        10:01    sender fails
        10:40    sender works
        10:45    => mail abandoned-cart-1 to ann with A
        d1 10:00 web empties cart"
    ));
}

#[test]
fn what_nobody_can_say_counts_as_sent() {
    let story = told(&format!(
        "{ANN}
        10:01    sender lies unknown
        10:15    => mail abandoned-cart-1 to ann with A
        11:00    sender works
        d2 10:00 => mail abandoned-cart-2 to ann with A
        d3 10:00 web empties cart"
    ));
    assert_eq!(story.world.count("abandoned-cart unknown"), 1);
}

#[test]
fn an_address_that_does_not_exist_ends_the_series() {
    let story = told(&format!(
        "{ANN}
        10:01    sender bounces
        11:00    sender works
        d1 10:00 web adds B"
    ));
    assert_eq!(story.world.count("abandoned-cart never"), 1);
}

#[test]
fn what_is_being_handed_over_cannot_be_stopped_and_ends_well() {
    let story = told(&format!(
        "{ANN}
        10:01    sender is slow
        10:15    => mail abandoned-cart-1 to ann with A
        10:20    web adds B
        d2 10:20 => mail abandoned-cart-2 to ann with A, B
        d2 10:30 web orders 1001 for 500"
    ));
    assert_eq!(story.world.count("abandoned-cart sent"), 2);
}

#[test]
fn a_journey_that_is_off_is_quiet_and_goes_on_when_it_is_on_again() {
    let mut story = Story::new(vec![cart_series()]);
    story.go_on(&format!("{ANN} 10:15 => mail abandoned-cart-1 to ann with A"));
    let story = story.tell(
        "
        d1 10:00 switch off abandoned-cart
        d1 11:00 app    is bob@shop.example agreeing
        d1 11:00 app    adds C
        d3 10:00 switch on abandoned-cart
        d3 10:00 =>     mail abandoned-cart-2 to ann with A
        d5 10:00 =>     mail abandoned-cart-3 to ann with A
        ",
    );
    assert_eq!(story.world.count("abandoned-cart entered"), 1, "who came while it was off does not enter");
}

#[test]
fn what_was_approved_when_the_journey_is_switched_off_does_not_leave() {
    let story = told(&format!(
        "{ANN}
        10:01    sender is down
        10:30    switch off abandoned-cart
        10:31    sender works"
    ));
    assert!(story.world.said("withheld", "journey_off"));
}

#[test]
fn everything_stopped_means_nothing_leaves_until_it_goes_on() {
    let mut story = Story::new(vec![cart_series()]);
    story.world.plan.settings.stopped = true;
    story.go_on(&format!("{ANN} 12:00 web reads"));
    story.world.plan.settings.stopped = false;
    story.tell("12:01 => mail abandoned-cart-1 to ann with A\n12:30 web empties cart");
}

/// Her first letter is being handed over when the shop tells a new address of hers.
fn with_another_address() -> (Story, MessageId) {
    let mut story = Story::new(vec![cart_series()]);
    story.go_on(&format!("{ANN} 10:01 sender is down\n 10:16 web reads"));
    let message = *story.world.outbox.keys().next().expect("the first letter is approved");
    assert!(story.world.claim(message));
    story.go_on("10:20 shop is ann@shop.example new@shop.example");
    (story, message)
}

fn stopped(story: &Story, email: &str) -> Option<&'static str> {
    let door = Door::new(DoorKind::Email, email).id(SHOP);
    story.world.shelf.address(SHOP, door).and_then(|address| address.stopped())
}

#[test]
fn a_refusal_ends_the_address_it_came_from_not_the_one_in_use() {
    let (mut story, message) = with_another_address();
    story.world.tell(message, Delivered::Never(true));
    assert_eq!(stopped(&story, "ann@shop.example"), Some("bounced"));
    assert_eq!(stopped(&story, "new@shop.example"), None);
    assert!(story.world.who(DoorKind::Email, "new@shop.example").reachable_by_email());
}

#[test]
fn who_unsubscribes_in_a_mail_to_her_old_address_stops_that_one() {
    let (mut story, message) = with_another_address();
    story.world.tell(message, Delivered::Sent);
    story.go_on("10:30 ann unsubscribes");
    assert_eq!(stopped(&story, "ann@shop.example"), Some("unsubscribed"));
    assert_eq!(stopped(&story, "new@shop.example"), None);
    // What she herself said holds wherever she is written to.
    assert_eq!(story.world.who(DoorKind::Email, "new@shop.example").hot.consent.agreed, Some(false));
}
