//! The plans that ship mean what the flows say.

use beckon_core::plan::{About, Action, Class, EntryOn, Exit, Loser, WaitFrom, name_key, parse};
use beckon_core::segment::Condition;
use beckon_core::time::{DAY, HOUR, MINUTE, Span};

#[test]
fn the_abandoned_cart_is_flow_f2() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plans/abandoned-cart.yaml");
    let journey = parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!((journey.name.as_str(), journey.class, journey.priority), ("abandoned-cart", Class::A, 94));
    assert_eq!((journey.holdout_ppm, journey.about, journey.on), (50_000, About::Cart, false));
    assert!(journey.title.contains_key("en") && journey.title.contains_key("ru"));
    let ordered = name_key("Order Completed");
    assert_eq!((&journey.entry.on, journey.entry.after), (&EntryOn::Left, MINUTE.times(15)));
    assert_eq!(
        journey.entry.when,
        Condition::All(vec![Condition::CartNotEmpty, Condition::ReachableByEmail])
    );
    let bought = Condition::Did { event: ordered, at_least: 1, within: Some(DAY.times(5)) };
    assert_eq!(journey.entry.shift, Some((DAY.times(2), bought)));
    assert_eq!(journey.exits, [Exit::Order, Exit::CartEmptied, Exit::Unsubscribed]);
    let goal = journey.goal.as_ref().unwrap();
    assert_eq!((goal.event, goal.within), (ordered, DAY.times(3)));

    let graph = &journey.graphs[&1];
    let Action::Split { only, arms } = &graph.steps[0].action else { panic!("it begins with the split") };
    assert_eq!(graph.steps[0].name, "variant");
    assert_eq!(only.as_deref(), Some("classic"));
    let series = |name: &str| {
        let (_, share, first) = arms.iter().find(|(arm, ..)| arm == name).unwrap();
        let mut messages = Vec::new();
        let (mut at, mut wait) = (*first, journey.entry.after);
        while let Some(step) = at.and_then(|key| graph.step(key)) {
            match &step.action {
                Action::Message(message) => messages.push((wait, message.clone())),
                Action::Wait { span, from: WaitFrom::Start } => wait = *span,
                other => panic!("unexpected step {other:?}"),
            }
            at = step.next;
        }
        for (number, (_, message)) in messages.iter().enumerate() {
            assert_eq!(message.template, format!("abandoned-cart-{}", number + 1));
            assert_eq!((message.deadline, message.when_beaten), (DAY, Loser::Postpone));
            assert_eq!(message.priority, if number == 0 { 94 } else { 90 });
            assert_eq!(message.at_most_every, (number == 0).then_some(DAY));
        }
        (*share, messages.into_iter().map(|(wait, _)| wait).collect::<Vec<Span>>())
    };
    let quarter = MINUTE.times(15);
    assert_eq!(series("once"), (20, vec![quarter]));
    assert_eq!(series("three-days"), (20, vec![quarter, DAY, DAY.times(3)]));
    assert_eq!(series("classic"), (40, vec![quarter, DAY.times(2), DAY.times(5)]));
    assert_eq!(series("later"), (20, vec![HOUR.times(4), DAY.times(2), DAY.times(5)]));
}
