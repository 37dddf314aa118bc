//! The abandoned cart: who gets it, when, and what ends it.

use crate::script::{MIDNIGHT, Story};
use crate::world::cart_series;
use beckon_core::ids::DoorKind;
use beckon_core::time::DAY;

fn told(text: &str) -> Story {
    Story::new(vec![cart_series()]).tell(text)
}

#[test]
fn the_clock_runs_from_the_last_sign_of_life_on_any_device() {
    let story = told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:10    web  reads
        10:20    app  is ann@shop.example
        10:20    app  views B
        10:30    app  views C
        10:40    app  views B
        10:55    =>   mail abandoned-cart-1 to ann with A
        d2 10:40 =>   mail abandoned-cart-2 to ann with A
        d5 10:40 =>   mail abandoned-cart-3 to ann with A
        ",
    );
    assert_eq!(story.world.count("abandoned-cart entered"), 1);
}

#[test]
fn an_order_twelve_minutes_after_leaving_and_nothing_is_sent() {
    let story = told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:12    web  orders 1001 for 500
        ",
    );
    assert_eq!(story.world.count("abandoned-cart entered"), 0);
}

#[test]
fn an_order_between_the_letters_ends_the_series_and_reaches_the_goal() {
    let story = told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        d1 09:00 shop orders 1001 for 500 by=ann@shop.example
        ",
    );
    assert_eq!(story.world.count("abandoned-cart goal"), 1);
    assert!(story.world.said("exit", "order"));
}

#[test]
fn an_order_while_the_letter_waits_for_a_sender_withholds_it() {
    let story = told(
        "
        09:00    sender is down
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:30    shop orders 1001 for 500 by=ann@shop.example
        10:40    sender works
        ",
    );
    assert_eq!(story.world.count("abandoned-cart withheld:order"), 1);
    assert_eq!(story.world.count("abandoned-cart goal"), 0, "she got nothing, so it earned nothing");
}

#[test]
fn the_evening_does_not_hold_a_cart_mail() {
    told(
        "
        22:50    web  is ann@shop.example agreeing zone=Europe/London
        22:50    web  adds A
        23:05    =>   mail abandoned-cart-1 to ann with A
        d1 08:00 web  empties cart
        ",
    );
}

#[test]
fn an_emptied_cart_ends_the_series() {
    let story = told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        11:00    web  removes A
        ",
    );
    assert!(story.world.said("exit", "cart_emptied"));
}

#[test]
fn an_unsubscription_ends_the_series() {
    let story = told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        11:00    ann  unsubscribes
        12:00    web  adds B
        ",
    );
    assert!(story.world.said("exit", "unsubscribed"));
}

#[test]
fn who_did_not_agree_gets_nothing() {
    let story = told(
        "
        10:00    web  is ann@shop.example
        10:00    web  adds A
        ",
    );
    assert!(story.world.said("withheld", "consent_missing"));
}

#[test]
fn nobody_is_written_to_who_cannot_be_reached() {
    let story = told(
        "
        10:00    web  adds A
        12:00    web  is ann@shop.example agreeing
        12:15    =>   mail abandoned-cart-1 to ann with A
        12:20    web  empties cart
        ",
    );
    assert!(story.world.said("not_entered", "reachable"));
}

#[test]
fn a_cart_that_changes_starts_the_series_anew_but_not_with_the_same_letter() {
    told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        18:00    web  adds B
        d2 18:00 =>   mail abandoned-cart-2 to ann with A, B
        d5 18:00 =>   mail abandoned-cart-3 to ann with A, B
        ",
    );
}

#[test]
fn a_cart_that_changes_the_next_day_gets_its_first_letter() {
    told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        d1 12:00 web  adds B
        d1 12:15 =>   mail abandoned-cart-1 to ann with A, B
        d3 12:00 =>   mail abandoned-cart-2 to ann with A, B
        d3 13:00 web  empties cart
        ",
    );
}

#[test]
fn after_the_last_letter_this_cart_is_never_written_about_again() {
    told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:15    =>   mail abandoned-cart-1 to ann with A
        d2 10:00 =>   mail abandoned-cart-2 to ann with A
        d5 10:00 =>   mail abandoned-cart-3 to ann with A
        d9 10:00 web  reads
        d9 10:01 web  adds A
        d9 10:02 web  cart A
        ",
    );
}

#[test]
fn who_has_just_bought_something_else_is_left_alone_for_two_days() {
    told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:05    web  orders 1001 for 500
        d3 10:00 web  adds B
        d5 10:15 =>   mail abandoned-cart-1 to ann with B
        d7 10:00 =>   mail abandoned-cart-2 to ann with B
        d7 11:00 web  orders 1002 for 500
        ",
    );
}

#[test]
fn an_order_within_the_shift_ends_what_has_not_begun() {
    let story = told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:05    web  orders 1001 for 500
        d1 10:00 web  adds B
        d1 12:00 shop orders 1002 for 500 by=ann@shop.example
        ",
    );
    assert!(story.world.said("entered", "shifted"));
    assert!(story.world.said("exit", "order"));
}

#[test]
fn a_webhook_that_repeats_an_old_order_does_not_disturb_the_new_cart() {
    told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:05    web  orders 1001 for 500
        d6 10:00 web  adds B
        d6 10:15 =>   mail abandoned-cart-1 to ann with B
        d6 11:00 shop orders 1001 for 500 by=ann@shop.example (6d55m ago)
        d8 10:00 =>   mail abandoned-cart-2 to ann with B
        d8 11:00 web  empties cart
        ",
    );
}

#[test]
fn a_year_of_imported_orders_and_carts_sends_nothing_and_enters_nobody() {
    let mut text = String::from("09:00 shop is ann@shop.example agreeing\n");
    for day in (1..365).rev().step_by(7) {
        text.push_str(&format!(
            "12:00 shop orders {day} for 100 by=ann@shop.example ({day}d ago, imported)\n"
        ));
    }
    text.push_str(
        "12:00 shop adds A (400d ago, imported)\n12:01 web is ann@shop.example (2d ago, imported)\n",
    );
    text.push_str("12:02 web adds A (1d ago, imported)\n");
    let story = told(&text);
    assert_eq!(story.world.count("abandoned-cart entered"), 0);
    assert!(story.world.said("not_entered", "history"));
    let ann = story.world.who(DoorKind::Email, "ann@shop.example");
    assert_eq!((ann.hot.orders, ann.hot.cart_lines), (52, 1), "facts are learned from history");
    assert_eq!(ann.hot.ordered_at, MIDNIGHT.plus(DAY.times(-7)).plus(noon()));
}

fn noon() -> beckon_core::time::Span {
    beckon_core::time::HOUR.times(12)
}

#[test]
fn an_app_that_was_offline_for_two_days_sends_nothing_at_once() {
    let story = told(
        "
        09:00    app  is ann@shop.example agreeing
        09:00    app  reads
        d2 08:00 app  adds A (1d22h ago)
        d2 08:00 app  adds B (1d21h ago)
        ",
    );
    assert!(story.world.said("not_entered", "late"));
    let ann = story.world.who(DoorKind::Email, "ann@shop.example");
    assert_eq!(ann.hot.cart_lines, 2);
}

#[test]
fn an_app_that_comes_back_is_reminded_when_she_leaves_again() {
    told(
        "
        09:00    app  is ann@shop.example agreeing
        d2 08:00 app  adds A (1d22h ago)
        d2 08:00 app  reads
        d2 08:15 =>   mail abandoned-cart-1 to ann with A
        d2 09:00 app  empties cart
        ",
    );
}

#[test]
fn goods_that_are_gone_end_the_series_and_unknown_ones_are_not_shown() {
    let mut story = Story::new(vec![cart_series()]);
    story.world.stock.gone.push("A".into());
    story.world.stock.unknown.push("Your account is blocked, go to evil.example".into());
    let story = story.tell(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        11:00    app  is bob@shop.example agreeing
        11:00    app  adds Your account is blocked, go to evil.example
        ",
    );
    assert!(story.world.said("withheld", "goods_gone"));
    assert!(story.world.said("withheld", "goods_not_in_catalogue"));
}
