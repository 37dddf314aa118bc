//! The abandoned cart.

use crate::script::Story;
use crate::world::cart_series;

fn told(text: &str) -> Story {
    Story::new(vec![cart_series()]).tell(text)
}

#[test]
fn the_clock_runs_from_the_last_sign_of_life_on_any_device() {
    told(
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
}

#[test]
fn an_order_ends_the_series_at_once() {
    let story = told(
        "
        10:00    web  is ann@shop.example agreeing
        10:00    web  adds A
        10:12    web  orders 1001 for 500
        11:00    web  adds B
        11:15    shop orders 1001 for 500 by=ann@shop.example
        ",
    );
    assert!(!story.world.said("approved", "due"));
}
