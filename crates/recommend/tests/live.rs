//! Visits as they happen: what counts at once, what a new model changes, what is forgotten, and what a bot
//! cannot do.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use beckon_recommend::{LiveVisits, Profile, SnapshotError, VisitQuestion};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

fn view(live: &LiveVisits, visitor: u64, items: &str, at_ms: i64) {
    for (item, step) in items.split(' ').zip(0..) {
        assert!(live.observe(visitor, item, at_ms + step * 1_000));
    }
}

fn after(live: &LiveVisits, visit: &[&str]) -> Vec<String> {
    live.next(&VisitQuestion { visit, ..VisitQuestion::default() }, |_| true)
}

/// A shop of circles of ten items, so many visits old, learned.
fn learned(visits: u64, profile: Profile) -> LiveVisits {
    let live = LiveVisits::new();
    for n in 0..visits {
        let (circle, start) = (n % 20, n / 20);
        let items: Vec<String> =
            (0..5).map(|at| format!("{circle}-{}", (start + at * (1 + n % 3)) % 10)).collect();
        view(&live, n, &items.join(" "), n as i64 * MINUTE);
    }
    live.adopt(live.lesson(100 * DAY, 0).learn(profile));
    live
}

#[test]
fn a_view_counts_at_once_even_of_an_item_no_model_knows_and_not_for_its_own_visitor() {
    for live in [LiveVisits::new(), learned(400, Profile::Fast)] {
        view(&live, 9_001, "3-1 novelty", 200 * DAY);
        assert!(after(&live, &["3-1"]).contains(&"novelty".to_owned()));
        assert!(after(&live, &["novelty"]).contains(&"3-1".to_owned()));
        let own = VisitQuestion { visitor: Some(9_001), visit: &["3-1"], ..VisitQuestion::default() };
        assert!(
            !live.next(&own, |_| true).contains(&"novelty".to_owned()),
            "one's own visit is no neighbour"
        );
        let here = VisitQuestion { visitor: Some(9_002), ..VisitQuestion::default() };
        assert!(live.next(&here, |_| true).is_empty(), "nobody came");
        view(&live, 9_002, "novelty", 200 * DAY);
        assert!(live.next(&here, |_| true).contains(&"3-1".to_owned()), "by the visit that is going on");
        let filtered = live.next(&here, |item| item != "3-1");
        assert!(!filtered.contains(&"3-1".to_owned()));
    }
}

#[test]
fn a_new_model_takes_over_while_it_is_asked_and_loses_nothing() {
    let live = Arc::new(learned(400, Profile::Fast));
    let stop = Arc::new(AtomicBool::new(false));
    let asker = {
        let (live, stop) = (live.clone(), stop.clone());
        std::thread::spawn(move || {
            let mut asked = 0;
            while !stop.load(Ordering::Relaxed) || asked == 0 {
                assert!(!after(&live, &["3-1", "3-2"]).is_empty());
                asked += 1;
            }
        })
    };
    view(&live, 9_001, "3-1 early", 200 * DAY);
    view(&live, 9_002, "3-1 open", 201 * DAY);
    let lesson = live.lesson(201 * DAY + MINUTE, 0);
    assert_eq!(lesson.clicks(), 400 * 5 + 2, "who is still here is not learned from");
    view(&live, 9_003, "3-1 meanwhile", 201 * DAY + MINUTE);
    live.adopt(lesson.learn(Profile::Ranked));
    view(&live, 9_002, "later", 201 * DAY + 2 * MINUTE);
    stop.store(true, Ordering::Relaxed);
    asker.join().unwrap();
    let next = after(&live, &["3-1"]);
    for item in ["early", "open", "meanwhile", "later"] {
        assert!(next.contains(&item.to_owned()), "{item} in {next:?}");
    }
    assert_eq!(live.lesson(300 * DAY, 0).clicks(), 400 * 5 + 2 + 3 + 2);
    assert_eq!(live.lesson(300 * DAY, 200 * DAY).clicks(), 7, "only the last days");
}

#[test]
fn a_visitor_with_a_hundred_thousand_views_in_an_hour_skews_nothing() {
    let (live, clean) = (learned(400, Profile::Fast), learned(400, Profile::Fast));
    let before = live.memory_bytes();
    let counted = (0..100_000_i64)
        .filter(|n| live.observe(666, if n % 2 == 0 { "3-1" } else { "spam" }, 200 * DAY + n * 36))
        .count();
    assert!(counted <= 400, "{counted}");
    assert!(live.memory_bytes() < before + 100_000);
    let top = |live: &LiveVisits| {
        live.next(&VisitQuestion { visit: &["3-1"], ..VisitQuestion::default() }, |item| item != "spam")
    };
    assert_eq!(top(&live)[..3], top(&clean)[..3]);
    live.adopt(live.lesson(300 * DAY, 0).learn(Profile::Fast));
    clean.adopt(clean.lesson(300 * DAY, 0).learn(Profile::Fast));
    assert_eq!(top(&live)[..3], top(&clean)[..3]);
    let many: Vec<&str> = vec!["3-1"; 100_000];
    assert!(!after(&live, &many).is_empty());
}

#[test]
fn who_is_forgotten_is_in_no_answer_no_snapshot_and_no_later_model() {
    let live = learned(400, Profile::Fast);
    view(&live, 7_777, "3-1 secret", 200 * DAY);
    live.adopt(live.lesson(201 * DAY, 0).learn(Profile::Fast));
    view(&live, 7_777, "3-1 diary", 202 * DAY);
    assert!(after(&live, &["3-1"]).contains(&"diary".to_owned()));
    live.forget(7_777);
    assert!(!after(&live, &["3-1"]).contains(&"diary".to_owned()), "what came lately goes at once");
    let restored = LiveVisits::from_bytes(&live.to_bytes()).unwrap();
    live.adopt(live.lesson(300 * DAY, 0).learn(Profile::Fast));
    for live in [&live, &restored] {
        let next = after(live, &["3-1"]);
        assert!(!next.is_empty() && !next.iter().any(|item| item == "secret" || item == "diary"), "{next:?}");
    }
    view(&live, 7_777, "3-1 again", 301 * DAY);
    assert_eq!(live.lesson(302 * DAY, 0).clicks(), 400 * 5 + 2, "a new act starts afresh");
}

#[test]
fn a_snapshot_answers_as_before_in_both_profiles_and_a_damaged_one_is_refused() {
    let live = learned(2_000, Profile::Ranked);
    assert!(live.model().is_ranked());
    let bytes = live.to_bytes();
    let restored = LiveVisits::from_bytes(&bytes).unwrap();
    for profile in [Profile::Fast, Profile::Ranked] {
        for visit in [&["3-1"][..], &["5-2", "5-3", "5-2"], &["7-7", "1-1"]] {
            let question = VisitQuestion { visit, profile, visitor: None };
            assert_eq!(live.next(&question, |_| true), restored.next(&question, |_| true));
        }
    }
    assert_eq!(LiveVisits::from_bytes(b"").unwrap_err(), SnapshotError::OtherFormat);
    assert_eq!(LiveVisits::from_bytes(&bytes[..bytes.len() / 2]).unwrap_err(), SnapshotError::Damaged);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_visitors_items_and_clocks_come_lists_hold_nothing_twice(
        views in prop::collection::vec((0_u64..6, "\\PC{0,3}", any::<i64>(), 0_u8..20), 0..150),
    ) {
        let live = LiveVisits::new();
        for (visitor, item, at_ms, act) in &views {
            live.observe(*visitor, item, *at_ms);
            match act {
                0 => live.forget(*visitor),
                1 => live.adopt(live.lesson(*at_ms, i64::MIN).learn(Profile::Ranked)),
                _ => {}
            }
            let list = after(&live, &[item.as_str(), "a"]);
            let distinct: std::collections::HashSet<_> = list.iter().collect();
            prop_assert_eq!(distinct.len(), list.len());
        }
        prop_assert!(LiveVisits::from_bytes(&live.to_bytes()).is_ok());
    }

    #[test]
    fn any_change_of_a_snapshot_is_refused_without_harm(place in 0_usize..4_000, flip in 1_u8..) {
        let live = LiveVisits::new();
        (0..50).for_each(|n| view(&live, n, &format!("a{} b c{}", n % 7, n % 5), n as i64));
        let mut bytes = live.to_bytes();
        let place = place % bytes.len();
        bytes[place] ^= flip;
        prop_assert!(LiveVisits::from_bytes(&bytes).is_err());
        prop_assert!(LiveVisits::from_bytes(&bytes[..place]).is_err());
    }
}
