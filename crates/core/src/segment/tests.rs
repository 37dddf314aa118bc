//! The moment at which an answer changes by itself is exact.

use super::*;
use crate::plan::name_key;
use crate::profile::{Measure, Stamp, Touch, Warm};
use proptest::prelude::*;

fn condition() -> impl Strategy<Value = Condition> {
    let event = prop_oneof![Just(name_key("a")), Just(name_key("b"))];
    let leaf = prop_oneof![
        Just(Condition::CartNotEmpty),
        Just(Condition::ReachableByEmail),
        (event, 1usize..4, prop::option::of(1i64..60)).prop_map(|(event, at_least, within)| {
            Condition::Did { event, at_least, within: within.map(Span) }
        }),
        (1i64..60).prop_map(|n| Condition::Clicked { within: Span(n) }),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Condition::Any),
            inner.prop_map(|c| Condition::Not(Box::new(c))),
        ]
    })
}

/// The answer counted anew from the bare times, without windows that close by themselves.
fn recount(condition: &Condition, profile: &Profile, now: ShopTime) -> bool {
    match condition {
        Condition::All(list) => list.iter().all(|c| recount(c, profile, now)),
        Condition::Any(list) => list.iter().any(|c| recount(c, profile, now)),
        Condition::Not(inner) => !recount(inner, profile, now),
        Condition::Did { event, at_least, within } => {
            let measures = profile.warm().measures.iter().filter(|m| m.event == *event);
            let times = measures.flat_map(|m| &m.stamps);
            let inside = |at: ShopTime| within.is_none_or(|within| now.since(at) < within);
            times.filter(|stamp| inside(stamp.at)).count() >= *at_least
        }
        Condition::Clicked { within } => profile.warm().touches.iter().any(|t| now.since(t.at) < *within),
        other => other.ask(profile, now).holds,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn the_next_change_is_exact(
        condition in condition(),
        times in prop::collection::vec((any::<bool>(), 1i64..100), 0..8),
        clicks in prop::collection::vec(1i64..100, 0..3),
        cart in 0u32..2,
    ) {
        let mut warm = Warm::default();
        for (number, (a, at)) in times.into_iter().enumerate() {
            let event = name_key(if a { "a" } else { "b" });
            if !warm.measures.iter().any(|m| m.event == event) {
                warm.measures.push(Measure { event, ..Measure::default() });
            }
            let measure = warm.measures.iter_mut().find(|m| m.event == event).unwrap();
            measure.add(&Stamp::new(ShopTime(at), number as u64));
        }
        for at in clicks {
            Touch::add(&mut warm.touches, Touch { at: ShopTime(at), ..Touch::default() });
        }
        let mut profile = Profile { warm: Some(warm), ..Profile::default() };
        profile.hot.cart_lines = cart;
        let mut now = ShopTime(100);
        for _ in 0..20 {
            let answer = condition.ask(&profile, now);
            prop_assert_eq!(answer.holds, recount(&condition, &profile, now));
            prop_assert_eq!(answer.holds, condition.failing(&profile, now).is_none());
            let Some(next) = answer.changes_at else {
                prop_assert_eq!(recount(&condition, &profile, ShopTime(1_000_000)), answer.holds);
                break;
            };
            prop_assert!(next > now, "a change lies ahead");
            let before = next.minus(Span(1));
            prop_assert_eq!(condition.ask(&profile, before).holds, answer.holds);
            prop_assert_eq!(recount(&condition, &profile, before), answer.holds);
            now = next;
        }
    }
}
