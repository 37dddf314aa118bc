//! Recommendations on the shop's pages: what is counted, and what an order owes to them.

use crate::script::Story;
use crate::world::cart_series;
use beckon_core::time::DAY;

/// A shop with two blocks; the one on the home page is being tested.
fn told(text: &str) -> Story {
    let mut story = Story::new(vec![cart_series()]);
    let arms = ["hits", "personal"].map(str::to_owned);
    story.world.plan.blocks.insert("home".to_owned(), arms.into_iter().collect());
    story.world.plan.blocks.insert("product".to_owned(), Default::default());
    story.tell(text)
}

/// What the order owes, as `block/arm pieces minor`.
fn owed(story: &Story, order: &str) -> Vec<String> {
    let credits = story.world.order(order).block_credits(DAY.times(5));
    let line = |c: &beckon_core::block::BlockCredit| {
        format!("{}/{} {} {}", c.block, c.arm, c.units, c.revenue.minor)
    };
    credits.iter().map(line).collect()
}

#[test]
fn what_was_clicked_in_a_block_and_then_ordered_is_owed_to_it() {
    let story = told(
        "
        10:00    web  sees home/hits, product
        10:01    web  picks A in home/hits
        10:05    web  picks B in product
        10:06    web  picks B in home/hits
        10:30    web  orders 1 for 900 with A@100 x2, B@200, C@500
        ",
    );
    assert_eq!(owed(&story, "1"), ["home/hits 3 40000"], "the last click on a product earns its line");
    assert_eq!(story.world.count("block:home shown"), 1);
    assert_eq!(story.world.count("block:home clicked"), 2);
    assert_eq!(story.world.count("block:product clicked"), 1);
}

#[test]
fn people_of_a_test_count_once_under_what_they_were_shown_first() {
    let story = told(
        "
        10:00    web  sees home/hits, product
        10:01    web  sees home/hits
        10:02    web  sees home/personal
        10:03    web  picks A in home/hits
        10:04    web  picks B in home/hits
        10:05    web  picks B in product
        10:30    web  orders 1 for 900 with C@500
        11:30    web  orders 2 for 900 with C@500
        ",
    );
    assert_eq!(story.world.count("block:home shown"), 3, "showings");
    assert_eq!(story.world.count("block:home people"), 1);
    assert_eq!(story.world.count("block:home people_clicked"), 1);
    assert_eq!(story.world.count("block:home people_bought"), 1);
    assert_eq!(story.world.count("block:product people"), 0, "it is not being tested");
    let late = told(
        "
        10:00    web  orders 1 for 900 with C@500
        10:01    web  sees home/hits
        10:02    web  orders 2 for 900 with C@500
        10:03    shop cancels 3 by=u1
        ",
    );
    assert_eq!(late.world.count("block:home people_bought"), 1, "what came before is no merit of it");
}

#[test]
fn a_click_after_the_order_or_long_before_it_earns_nothing() {
    let story = told(
        "
        10:00    web  picks A in product
        d6 10:00 web  orders 1 for 100 with A@100
        d6 10:05 web  picks B in product
        d6 10:06 shop orders 1 for 200 by=u1 with A@100, B@100
        ",
    );
    assert_eq!(owed(&story, "1"), Vec::<String>::new());
}

#[test]
fn a_cancelled_order_earned_nothing_and_a_second_report_earns_no_more() {
    let story = told(
        "
        10:00    web  picks A in product
        10:10    web  orders 1 for 100 with A@100
        10:11    shop orders 1 for 100 by=u1 with A@100
        10:12    web  orders 2 for 100 with A@100
        11:00    shop cancels 2 by=u1
        ",
    );
    assert_eq!(owed(&story, "1"), ["product/ 1 10000"]);
    assert_eq!(owed(&story, "2"), ["product/ 0 0"]);
}

#[test]
fn the_click_of_one_browser_earns_an_order_that_only_the_shop_reports() {
    let story = told(
        "
        10:00    web  is user=u1
        10:01    web  picks A in product
        10:10    shop orders 1 for 100 by=u1 with A@100
        ",
    );
    assert_eq!(owed(&story, "1"), ["product/ 1 10000"]);
}

#[test]
fn a_click_that_is_told_after_the_order_still_earns_it() {
    let story = told(
        "
        10:00    web  orders 1 for 100 with A@100
        10:30    web  picks A in product (1h ago)
        ",
    );
    assert_eq!(owed(&story, "1"), ["product/ 1 10000"]);
}

#[test]
fn names_that_the_shop_does_not_have_count_nothing() {
    let story = told(
        "
        10:00    web  sees invented, home/invented
        10:01    web  picks A in invented
        ",
    );
    assert_eq!(story.world.count("block:invented shown") + story.world.count("block:home shown"), 0);
    assert_eq!(story.world.count("block:invented clicked"), 0);
}
