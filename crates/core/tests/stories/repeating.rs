//! A message of which nobody can say whether it arrived, and a person who wants it sent again.

use crate::script::Story;
use crate::world::cart_series;
use beckon_core::effect::MessageEnd;
use beckon_core::ids::MessageId;

/// Her first letter left at 10:15, and the line broke after its last byte.
const UNKNOWN: &str = "
    10:00    web  is ann@shop.example agreeing
    10:00    web  adds A
    10:01    sender lies unknown
    10:15    => mail abandoned-cart-1 to ann with A
    10:20    sender works
";

fn unknown(then: &str) -> (Story, MessageId) {
    let mut story = Story::new(vec![cart_series()]);
    story.go_on(UNKNOWN);
    story.go_on(then);
    let lost = story.world.outbox.iter().find(|(_, row)| row.state == Some(MessageEnd::Unknown));
    let message = *lost.expect("a message nobody knows about").0;
    (story, message)
}

#[test]
fn it_goes_out_once_more_and_its_journey_goes_on_as_before() {
    let (mut story, message) = unknown("11:00 sender works");
    story.world.repeat(message, false).unwrap();
    assert!(story.world.repeat(message, false).is_err(), "it is on its way already");
    story.world.send();
    story.tell(
        "11:00    => mail abandoned-cart-1 to ann with A
        d2 10:00 => mail abandoned-cart-2 to ann with A
        d3 10:00 web empties cart",
    );
}

#[test]
fn what_she_said_since_speaks_against_it() {
    for (what, why) in
        [("web empties cart", "cart_emptied"), ("web is ann@shop.example refusing", "consent_refused")]
    {
        let (mut story, message) = unknown(&format!("11:00 {what}"));
        let said = story.world.repeat(message, true).unwrap_err();
        assert_eq!(said.code, why, "{what}");
        assert_eq!(story.world.outbox[&message].state, Some(MessageEnd::Unknown), "it stays as it was");
    }
}

#[test]
fn past_its_deadline_it_goes_out_only_if_the_person_knows() {
    let (mut story, message) = unknown("d1 11:00 sender works");
    assert_eq!(story.world.repeat(message, false).unwrap_err().code, "deadline");
    story.world.repeat(message, true).unwrap();
    story.world.send();
    assert_eq!(story.world.outbox[&message].state, Some(MessageEnd::Sent));
}

#[test]
fn unsubscribed_between_the_wish_and_the_claim_it_is_withheld() {
    let (mut story, message) = unknown("11:00 sender is down");
    story.world.repeat(message, false).unwrap();
    story.go_on("11:01 web is ann@shop.example refusing");
    story.go_on("11:02 sender works");
    assert_eq!(story.world.outbox[&message].state, Some(MessageEnd::Withheld));
    assert!(story.world.said("withheld", "unsubscribed"));
}
