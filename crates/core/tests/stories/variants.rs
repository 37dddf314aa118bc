//! The four series of the abandoned cart, and the test that divides shoppers among them.

use crate::script::Story;
use crate::world::cart_series;
use beckon_core::ids::DoorKind;

fn told(variant: &str, text: &str) -> Story {
    let mut journey = cart_series();
    journey.set("variant", variant).unwrap();
    Story::new(vec![journey]).tell(text)
}

const ANN: &str = "
    09:00    shop is ann@shop.example agreeing
    10:00    web  is ann@shop.example
    10:00    web  adds A
";

#[test]
fn one_letter_and_no_more() {
    told("once", &format!("{ANN} 10:15 => mail abandoned-cart-1 to ann with A"));
}

#[test]
fn all_within_three_days() {
    let mails = "
        10:15    => mail abandoned-cart-1 to ann with A
        d1 10:00 => mail abandoned-cart-2 to ann with A
        d3 10:00 => mail abandoned-cart-3 to ann with A
    ";
    told("three-days", &format!("{ANN}{mails}"));
}

#[test]
fn the_first_only_after_four_hours() {
    let mails = "
        14:00    => mail abandoned-cart-1 to ann with A
        d2 10:00 => mail abandoned-cart-2 to ann with A
        d5 10:00 => mail abandoned-cart-3 to ann with A
    ";
    told("later", &format!("{ANN}{mails}"));
}

#[test]
fn the_test_divides_shoppers_by_the_shares() {
    let mut journey = cart_series();
    journey.set("variant", "test").unwrap();
    let mut story = Story::new(vec![journey]);
    for n in 0..400 {
        story.go_on(&format!("10:00 web{n} is a{n}@shop.example agreeing\n10:00 web{n} adds A\n"));
    }
    story.world.pass_until(crate::script::MIDNIGHT.plus(beckon_core::time::HOUR.times(11)));
    let share = |arm: &str| story.world.count(&format!("abandoned-cart arm:{arm}"));
    let (once, three, classic, later) =
        (share("once"), share("three-days"), share("classic"), share("later"));
    assert_eq!(once + three + classic + later, 400);
    for (share, of) in [(once, 80), (three, 80), (classic, 160), (later, 80)] {
        assert!(share.abs_diff(of) < of / 3, "{share} instead of about {of}");
    }
}

#[test]
fn another_variant_chosen_meanwhile_does_not_repeat_the_first_letter() {
    let mut story = Story::new(vec![cart_series()]);
    story.go_on(&format!("{ANN} 10:15 => mail abandoned-cart-1 to ann with A\n 11:00 web reads"));
    let key = beckon_core::plan::name_key("abandoned-cart");
    story.world.plan.journeys.get_mut(&key).unwrap().set("variant", "three-days").unwrap();
    // The cart changes: the new series is of the new variant, its first letter is the same letter.
    story.tell(
        "
        12:00    web adds B
        d1 12:00 =>  mail abandoned-cart-2 to ann with A, B
        d3 12:00 =>  mail abandoned-cart-3 to ann with A, B
        ",
    );
}

#[test]
fn a_ghost_goes_the_whole_way_and_uses_no_cap() {
    let held = |percent: u32| -> Vec<bool> {
        let mut journey = cart_series();
        journey.set("holdout", &format!("{percent}%")).unwrap();
        let mut story = Story::new(vec![journey]);
        for n in 0..300 {
            story.go_on(&format!("10:00 web{n} is a{n}@shop.example agreeing\n10:00 web{n} adds A\n"));
        }
        let end = story.world.now.plus(beckon_core::time::DAY.times(9));
        story.world.pass_until(end);
        let ghosts = story.world.count("abandoned-cart ghost");
        let held = story.world.count("abandoned-cart held_out");
        assert_eq!((ghosts, story.world.mails.len() as u64), (held * 3, (300 - held) * 3));
        assert_eq!(held + story.world.count("abandoned-cart treated"), 300);
        (0..300)
            .map(|n| {
                let profile = story.world.who(DoorKind::Email, &format!("a{n}@shop.example"));
                let out = profile.hot.exposures[0].arm == 2;
                assert_eq!(profile.hot.sends.is_empty(), out, "a ghost uses no cap");
                out
            })
            .collect()
    };
    let (five, ten) = (held(5), held(10));
    let count = |who: &[bool]| who.iter().filter(|out| **out).count();
    assert!((5..30).contains(&count(&five)), "{}", count(&five));
    assert!((15..50).contains(&count(&ten)), "{}", count(&ten));
    assert!(five.iter().zip(&ten).all(|(five, ten)| !five || *ten), "who was held out still is");
}
