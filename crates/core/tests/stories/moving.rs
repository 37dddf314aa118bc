//! Publishing a changed graph: who is inside is moved on, or her series ends, and nobody is written to twice.

use crate::script::{MIDNIGHT, Story};
use crate::world::{Sender, World, journey};
use beckon_core::desk::Work;
use beckon_core::effect::MessageEnd;
use beckon_core::event::*;
use beckon_core::ids::{Door, DoorKind};
use beckon_core::plan::{Journey, Move, name_key};
use beckon_core::profile::PositionState;
use beckon_core::time::{HOUR, MINUTE};
use proptest::prelude::*;
use std::collections::BTreeMap;

const BEGUN: &str = "
    09:00    shop is ann@shop.example agreeing
    09:00    web  is ann@shop.example
    10:00    web  does Begin
    10:00    =>   mail one to ann
";

fn series(steps: &str) -> Journey {
    let head = "journey: series\nclass: T\npriority: 50\nentry: {on: event, event: Begin}\nsteps:\n";
    journey(&format!("{head}{steps}"))
}

fn says(name: &str) -> String {
    format!("  - message: {name}\n    template: {name}\n    deadline: 2h\n")
}

fn waits(name: &str, how: &str) -> String {
    format!("  - wait: {name}\n    {how}\n")
}

fn begun() -> Story {
    let text = format!("{}{}{}", says("one"), waits("pause", "for: 2d"), says("two"));
    let mut story = Story::new(vec![series(&text)]);
    story.go_on(BEGUN);
    story
}

/// Publishes a text as the next version, with what becomes of those inside.
fn publish(world: &mut World, steps: &str, end: bool, stated: &[(&str, &str)]) {
    let new = series(steps).graphs.remove(&1).unwrap();
    let published = world.plan.journeys.get_mut(&name_key("series")).unwrap();
    let to = published.current + 1;
    let steps: BTreeMap<u32, u32> = stated.iter().map(|(from, to)| (name_key(from), name_key(to))).collect();
    for from in 1..to {
        published.moves.insert(from, Move { to, end, steps: steps.clone() });
    }
    published.graphs.insert(to, new);
    published.current = to;
}

#[test]
fn a_shorter_wait_holds_for_who_was_moved() {
    let mut story = begun();
    let text = format!("{}{}{}", says("one"), waits("pause", "for: 1d"), says("two"));
    publish(&mut story.world, &text, false, &[]);
    story.go_on("12:00 web reads");
    story.world.standing_is_true();
    let story = story.tell("d1 10:00 => mail two to ann");
    assert!(story.world.said("moved", "moved"));
    assert_eq!(story.world.count("series moved:1"), 1);
}

#[test]
fn a_wait_that_is_over_by_the_new_length_ends_now() {
    let mut story = begun();
    let text = format!("{}{}{}", says("one"), waits("pause", "for: 1h"), says("two"));
    story.go_on("d1 09:00 web reads");
    publish(&mut story.world, &text, false, &[]);
    // By its own time the letter would have had its deadline yesterday.
    story.world.look_at_all();
    story.tell("d1 09:00 => mail two to ann");
}

#[test]
fn a_longer_wait_is_counted_from_where_it_began() {
    let mut story = begun();
    let text = format!("{}{}{}", says("one"), waits("pause", "for: 3d"), says("two"));
    publish(&mut story.world, &text, false, &[]);
    story.world.look_at_all();
    story.world.look_at_all();
    story.tell("d3 10:00 => mail two to ann");
}

#[test]
fn whose_step_is_gone_goes_on_at_the_stated_one_in_its_time() {
    let mut story = begun();
    let text = format!("{}{}{}", says("one"), waits("rest", "{for: 4d, from: start}"), says("three"));
    let text = text.replace("{for: 4d, from: start}", "for: 4d\n    from: start");
    publish(&mut story.world, &text, false, &[("pause", "rest")]);
    story.world.look_at_all();
    story.tell("d4 10:00 => mail three to ann");

    let mut story = begun();
    publish(&mut story.world, &format!("{}{}", says("one"), says("three")), false, &[("pause", "three")]);
    story.world.look_at_all();
    // The stated step has no time of its own: she goes on when her old wait would have ended.
    story.tell("d2 10:00 => mail three to ann");
}

#[test]
fn whose_step_is_nowhere_leaves() {
    let mut story = begun();
    publish(&mut story.world, &says("three"), false, &[]);
    story.world.look_at_all();
    let story = story.tell("d5 10:00 web reads");
    assert!(story.world.said("exit", "step_removed"));
    story.world.standing_is_true();
}

#[test]
fn ended_series_are_quiet() {
    let mut story = begun();
    let text = format!("{}{}{}", says("one"), waits("pause", "for: 2d"), says("two"));
    publish(&mut story.world, &text, true, &[]);
    story.world.look_at_all();
    story.go_on("d3 10:00 web reads");
    assert!(story.world.said("exit", "version_ended"));
    story.tell("d4 10:00 web does Begin\n d4 10:00 => mail one to ann\n d6 10:00 => mail two to ann");
}

#[test]
fn a_message_on_its_way_is_waited_for() {
    let text = format!("{}{}{}", says("one"), waits("pause", "for: 2d"), says("two"));
    let mut story = Story::new(vec![series(&text)]);
    story.world.sender = Sender::Slow(MINUTE.times(30));
    story.go_on(BEGUN);
    let text = format!("{}{}", waits("pause", "for: 1d"), says("two"));
    publish(&mut story.world, &text, false, &[("one", "pause")]);
    story.world.look_at_all();
    let stands = |story: &Story| story.world.profiles().flat_map(|p| p.hot.positions.clone()).next().unwrap();
    assert_eq!((stands(&story).graph, stands(&story).state()), (1, PositionState::Messaging));
    story.go_on("10:40 web reads");
    assert_eq!((stands(&story).graph, stands(&story).step), (2, name_key("pause")));
    story.tell("d1 10:30 => mail two to ann");
}

#[test]
fn who_is_taken_back_is_not_written_to_again() {
    let mut story = begun();
    let text = format!("{}{}{}", says("one"), waits("rest", "for: 1d"), says("two"));
    publish(&mut story.world, &text, false, &[("pause", "one")]);
    story.world.look_at_all();
    let story = story.tell("d3 10:00 => mail two to ann");
    assert!(story.world.said("skipped", "said_before"));
}

/// A step of a text that is made up.
#[derive(Clone, Debug)]
enum Piece {
    Says(u8),
    Waits(u8, i64),
}

/// Something that happens.
#[derive(Clone, Debug)]
enum Act {
    Begins(u8),
    Passes(i64),
    Publishes(Vec<Piece>, u8, Vec<(u8, u8)>),
    LooksAt(usize),
    Sender(u8),
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        (0u8..4).prop_map(Piece::Says),
        (0u8..4, prop_oneof![Just(1i64), Just(24), Just(60)]).prop_map(|(name, h)| Piece::Waits(name, h))
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let steps = prop::collection::vec(piece(), 1..6);
    let stated = prop::collection::vec((0u8..8, 0u8..8), 0..4);
    prop_oneof![
        3 => (0u8..3).prop_map(Act::Begins),
        4 => prop_oneof![Just(10i64), Just(90), Just(2_000)].prop_map(Act::Passes),
        2 => (steps, 0u8..4, stated).prop_map(|(steps, how, stated)| Act::Publishes(steps, how, stated)),
        3 => (0usize..3).prop_map(Act::LooksAt),
        1 => (0u8..4).prop_map(Act::Sender),
    ]
}

/// Writes a text; a name that was there is left out.
fn text(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        let line = match piece {
            Piece::Says(n) => says(&format!("says-{n}")),
            Piece::Waits(n, hours) => waits(&format!("waits-{n}"), &format!("for: {hours}h")),
        };
        let head = line.lines().next().unwrap().to_owned() + "\n";
        if !text.contains(&head) {
            text.push_str(&line);
        }
    }
    text
}

fn name(n: u8) -> String {
    if n < 4 { format!("says-{n}") } else { format!("waits-{}", n - 4) }
}

fn begins(world: &mut World, who: u8) {
    world.events += 1;
    let (number, now) = (world.events, world.now);
    let email = format!("p{who}@shop.example");
    let fact = Fact::Other { name: "Begin".to_owned(), item: None };
    let identities = vec![Identity { door: Door::new(DoorKind::Email, &*email), strength: Strength::Proved }];
    let (mode, source) = (Mode::Live, Source::Server);
    let event = Event { number, occurred_at: now, received_at: now, mode, source, fact };
    let traits = Traits { email: Some(email), email_consent: Some(true), ..Traits::default() };
    world.event(Incoming { event, identities, traits });
}

fn perform(world: &mut World, act: &Act) {
    match act {
        Act::Begins(who) => begins(world, *who),
        Act::Passes(minutes) => world.pass_until(world.now.plus(MINUTE.times(*minutes))),
        Act::Publishes(steps, how, stated) => {
            let stated: Vec<(String, String)> = stated.iter().map(|(a, b)| (name(*a), name(*b))).collect();
            let stated: Vec<(&str, &str)> = stated.iter().map(|(a, b)| (&**a, &**b)).collect();
            let moves = world.plan.journeys[&name_key("series")].moves.clone();
            publish(world, &text(steps), *how == 3, &stated);
            if *how == 0 {
                // Only new entrants: what was ordered before stays ordered.
                world.plan.journeys.get_mut(&name_key("series")).unwrap().moves = moves;
            }
        }
        Act::LooksAt(which) => {
            let ids: Vec<_> = world.profiles().map(|profile| profile.id).collect();
            if let Some(id) = ids.get(*which) {
                world.work(&Work::Input(*id, beckon_core::input::Input::Wake));
                world.send();
            }
        }
        Act::Sender(how) => {
            world.sender = match how {
                0 => Sender::Slow(MINUTE.times(30)),
                1 => Sender::Fails,
                2 => Sender::Down,
                _ => Sender::Ok,
            };
            world.send();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_publication_writes_twice_or_loses_anybody(acts in prop::collection::vec(act(), 1..40)) {
        let first = [Piece::Says(0), Piece::Waits(0, 24), Piece::Says(1), Piece::Waits(1, 24), Piece::Says(2)];
        let mut entry = series(&text(&first));
        // A series a day: within one, each step writes once.
        entry.entry.again_after = HOUR.times(24 * 30);
        let mut world = World::new(MIDNIGHT, vec![entry]);
        for act in &acts {
            perform(&mut world, act);
            world.standing_is_true();
        }
        world.sender = Sender::Ok;
        world.send();
        world.pass_until(world.now.plus(HOUR));
        world.look_at_all();
        world.send();
        let journey = &world.plan.journeys[&name_key("series")];
        for position in world.profiles().flat_map(|p| p.hot.positions.clone()) {
            let ordered = journey.moves.get(&position.graph);
            prop_assert!(ordered.is_none(), "somebody was left behind: {position:?}");
        }
        world.pass_until(world.now.plus(HOUR.times(24 * 12)));
        world.standing_is_true();
        for profile in world.profiles() {
            let stands = profile.hot.positions.iter().any(|p| p.state() != PositionState::Done);
            prop_assert!(!stands && profile.hot.candidates.is_empty(), "somebody hangs: {:?}", profile.hot.positions);
        }
        let mut sent: BTreeMap<(u64, String), usize> = BTreeMap::new();
        for row in world.outbox.values() {
            if matches!(row.state, Some(MessageEnd::Sent | MessageEnd::Unknown | MessageEnd::Handing)) {
                *sent.entry((row.profile.0, row.step.clone())).or_default() += 1;
            }
        }
        prop_assert!(sent.values().all(|n| *n == 1), "a step wrote twice: {sent:?}");
    }
}
