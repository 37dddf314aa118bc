//! The steps of a journey, and what happens when a journey changes under who is inside.

use crate::script::Story;
use crate::world::{World, journey};
use beckon_core::plan::{Action, Journey, name_key};
use beckon_core::time::DAY;

const ANN: &str = "
    09:00    shop is ann@shop.example agreeing
    09:00    web  is ann@shop.example
";

fn told(journeys: Vec<Journey>, text: &str) -> Story {
    Story::new(journeys).tell(&format!("{ANN}{text}"))
}

fn waiting() -> Journey {
    journey(
        "
journey: review
class: T
priority: 50
entry: {on: event, event: Delivered, after: 1h}
goal: {event: Reviewed, within: 10d}
steps:
  - message: ask
    template: ask
  - wait_for: reviewed
    event: Reviewed
    up_to: 3d
    then:
      - message: thanks
        template: thanks
      - exit: done
        reason: reviewed
    otherwise:
      - message: again
        template: again
  - wait: a-day
    for: 1d
  - message: last
    template: last
",
    )
}

#[test]
fn a_wait_for_ends_with_the_event() {
    let story = told(
        vec![waiting()],
        "
        10:00    web does Delivered
        11:00    =>  mail ask to ann
        d1 10:00 web does Reviewed
        d1 10:00 =>  mail thanks to ann
        ",
    );
    assert_eq!(story.world.count("review goal"), 1);
    assert!(story.world.said("exit", "exit_step"));
}

#[test]
fn a_wait_for_ends_without_the_event() {
    told(
        vec![waiting()],
        "
        10:00    web does Delivered
        10:30    web does Reviewed
        11:00    =>  mail ask to ann
        d1 10:00 web does Reviewed (1d ago)
        d3 11:00 =>  mail again to ann
        d4 11:00 =>  mail last to ann
        ",
    );
}

#[test]
fn a_branch_asks_what_is_true_then() {
    let text = "
journey: fork
class: T
priority: 50
entry: {on: event, event: Begin}
steps:
  - wait: an-hour
    for: 1h
  - branch: bought
    when: {did: Bought, at_least: 2, within: 2h}
    then:
      - message: twice
        template: twice
    otherwise:
      - message: not-twice
        template: not-twice
";
    told(
        vec![journey(text)],
        "
        10:00    web does Begin
        10:10    web does Bought
        10:20    web does Bought
        11:00    =>  mail twice to ann
        ",
    );
    told(
        vec![journey(text)],
        "
        08:00    web does Bought
        09:30    web does Bought
        09:55    web does Begin
        10:55    =>  mail not-twice to ann
        "
        .trim_start_matches("\n        08:00    web does Bought"),
    );
}

#[test]
fn a_loop_without_a_wait_ends_and_says_so() {
    let mut looping = journey(
        "
journey: loop
class: T
priority: 50
entry: {on: event, event: Begin}
steps:
  - goal: one
  - goal: two
",
    );
    let first = name_key("one");
    let steps = &mut looping.graphs.get_mut(&1).unwrap().steps;
    assert!(matches!(steps[1].action, Action::Goal));
    steps[1].next = Some(first);
    let story = told(vec![looping], "10:00 web does Begin");
    assert!(story.world.said("exit", "endless_loop"));
}

fn series(first: &str, second: &str) -> Journey {
    journey(&format!(
        "
journey: series
class: T
priority: 50
entry: {{on: event, event: Begin}}
steps:
  - message: {first}
    template: {first}
  - wait: two-days
    for: 2d
  - message: {second}
    template: {second}
"
    ))
}

#[test]
fn who_is_inside_goes_on_in_the_version_she_entered() {
    let mut story = Story::new(vec![series("one", "two")]);
    story.go_on(&format!("{ANN} 10:00 web does Begin\n 10:00 => mail one to ann"));
    let second = series("three", "four").graphs.remove(&1).unwrap();
    let published = story.world.plan.journeys.get_mut(&name_key("series")).unwrap();
    published.graphs.insert(2, second);
    published.current = 2;
    story.tell(
        "
        d1 10:00 app  is bob@shop.example
        d1 10:00 app  does Begin
        d1 10:00 =>   mail three to bob
        d2 10:00 =>   mail two to ann
        d3 10:00 =>   mail four to bob
        ",
    );
}

#[test]
fn texts_are_always_the_newest() {
    let mut story = Story::new(vec![series("one", "two")]);
    story.go_on(&format!("{ANN} 10:00 web does Begin\n 10:00 => mail one to ann"));
    let mut second = series("one", "two").graphs.remove(&1).unwrap();
    let Action::Message(message) = &mut second.steps[2].action else { panic!() };
    message.template = "two-corrected".into();
    let published = story.world.plan.journeys.get_mut(&name_key("series")).unwrap();
    published.graphs.insert(2, second);
    published.current = 2;
    story.tell("d2 10:00 => mail two-corrected to ann");
}

#[test]
fn a_step_that_is_gone_with_its_version_ends_the_journey() {
    let mut story = Story::new(vec![series("one", "two")]);
    story.go_on(&format!("{ANN} 10:00 web does Begin\n 10:00 => mail one to ann"));
    let mut second = series("three", "four").graphs.remove(&1).unwrap();
    second.steps.retain(|step| step.name != "two-days");
    let published = story.world.plan.journeys.get_mut(&name_key("series")).unwrap();
    (published.graphs, published.current) = (std::collections::BTreeMap::from([(2, second)]), 2);
    let story = story.tell("d3 10:00 web reads");
    assert!(story.world.said("exit", "step_gone"));
}

#[test]
fn waits_add_up_however_late_somebody_looks() {
    let mut world = World::new(crate::script::MIDNIGHT, vec![series("one", "two")]);
    let mut story = Story::new(vec![series("one", "two")]);
    std::mem::swap(&mut story.world, &mut world);
    story.go_on(&format!("{ANN} 10:00 web does Begin\n 10:00 => mail one to ann"));
    // Nobody woke her for three days; the second letter falls due when it should have, a day ago.
    story.world.now = story.world.now.plus(DAY.times(3));
    story.world.wake();
    let profile = story.world.profiles().find(|p| !p.hot.candidates.is_empty()).unwrap();
    assert_eq!(profile.hot.candidates[0].due, crate::script::MIDNIGHT.plus(DAY.times(2)).plus(hours(10)));
}

fn hours(n: i64) -> beckon_core::time::Span {
    beckon_core::time::HOUR.times(n)
}

#[test]
fn an_order_that_opens_a_journey_does_not_end_it_but_the_next_one_does() {
    let again = journey(
        "
journey: cross-sell
class: B
priority: 70
entry: {on: event, event: Order Completed, after: 1d}
exits: [order, unsubscribed]
steps:
  - message: more
    template: more
",
    );
    let story = told(
        vec![again],
        "
        10:00    web  orders 1 for 10
        d1 10:00 =>   mail more to ann
        d3 10:00 web  orders 2 for 10
        d3 12:00 web  orders 3 for 10
        d4 12:00 =>   mail more to ann
        ",
    );
    assert_eq!(story.world.count("cross-sell entered"), 3);
}

#[test]
fn a_journey_that_ends_with_the_event_it_waits_for_says_so() {
    let text = "
journey: last-word
class: T
priority: 50
entry: {on: event, event: Begin}
steps:
  - wait_for: answered
    event: Answered
    up_to: 3d
";
    let story = told(
        vec![journey(text)],
        "
        10:00    web does Begin
        11:00    web does Answered
        ",
    );
    let finished = story.world.journal.iter().find(|(_, _, line)| line.what == "finished");
    assert_eq!(finished.map(|(_, _, line)| line.step.as_str()), Some("answered"));
}

#[test]
fn whoever_was_drawn_converts_once_and_only_in_time() {
    let mut bought = waiting();
    bought.class = beckon_core::plan::Class::B;
    bought.goal = Some(beckon_core::plan::Goal { event: name_key("Reviewed"), within: DAY.times(3) });
    let day = crate::script::MIDNIGHT.0 / DAY.0;
    let converted = |held: bool, text: &str| {
        let mut journey = bought.clone();
        journey.holdout_ppm = if held { 1_000_000 } else { 0 };
        let story = Story::new(vec![journey]);
        let mut story = story;
        story.go_on(&format!("{ANN}\n 10:00 web does Delivered\n {text}"));
        let of = |arm: &str| story.world.count(&format!("review converted:{arm}:{day}"));
        (of("treated"), of("held_out"))
    };
    assert_eq!(converted(false, "d1 10:00 web does Reviewed\n d2 10:00 web does Reviewed"), (1, 0));
    assert_eq!(converted(true, "d1 10:00 web does Reviewed"), (0, 1), "the control group is counted alike");
    assert_eq!(converted(false, "d4 10:00 web does Reviewed"), (0, 0), "her time was over");
}
