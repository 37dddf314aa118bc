//! Lists page without gaps or repeats, sums add up, and what is old goes.

use crate::world::*;
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_store::*;

#[test]
fn a_timeline_pages_through_events_and_journal_of_merged_profiles() {
    for w in engines() {
        let (a, b) = (profile_id(1), profile_id(2));
        let mut commit = Commit::default();
        for n in 0..60u64 {
            // Many share a moment, so that pages end within one.
            let at = ShopTime(n as i64 / 7);
            let profile = if n % 2 == 0 { a } else { b };
            if n % 3 == 0 {
                let body = n.to_string().into_bytes();
                commit.journal.push(JournalWrite { shop: SHOP, profile, at, body });
            } else {
                commit.events.push(EventWrite { at, ..event(profile, n) });
            }
        }
        commit.events.push(event(profile_id(3), 1_000));
        w.commit(commit);
        let whole = w.store.timeline(SHOP, &[a, b], None, 1_000).unwrap();
        assert_eq!(whole.len(), 60);
        assert!(whole.windows(2).all(|pair| pair[0].key() > pair[1].key()));
        for size in [1, 4, 7] {
            let mut paged = Vec::new();
            loop {
                let before = paged.last().map(TimelineRow::key);
                let page = w.store.timeline(SHOP, &[a, b], before, size).unwrap();
                if page.is_empty() {
                    break;
                }
                paged.extend(page);
            }
            assert_eq!(paged, whole, "pages of {size}");
        }
        assert_eq!(w.store.timeline(ShopId(2), &[a, b], None, 9).unwrap(), vec![]);
    }
}

#[test]
fn messages_are_listed_by_journey_state_and_profile() {
    for w in engines() {
        let states =
            [MessageState::Approved, MessageState::Unknown, MessageState::Sent, MessageState::Withheld];
        let rows: Vec<_> = (0..48u64)
            .map(|n| MessageRow {
                created_at: ShopTime(n as i64 / 5),
                journey: if n % 3 == 0 { "cart" } else { "welcome" }.to_owned(),
                state: states[n as usize % 4],
                ..message(n)
            })
            .collect();
        w.commit(Commit { messages: rows.iter().cloned().map(new_message).collect(), ..Commit::default() });
        let mut sorted = rows;
        sorted.sort_by_key(|m| std::cmp::Reverse((m.created_at, m.id.0 as i64)));
        for journey in [None, Some("cart".to_owned())] {
            for state in [None, Some(MessageState::Unknown), Some(MessageState::Withheld)] {
                for profile in [None, Some(profile_id(9))] {
                    let filter = MessageFilter {
                        shop: SHOP,
                        profile,
                        journey: journey.clone(),
                        state,
                        ..MessageFilter::default()
                    };
                    let mut expected = sorted.clone();
                    expected.retain(|m| profile.is_none_or(|p| p == m.profile));
                    expected.retain(|m| journey.as_ref().is_none_or(|j| *j == m.journey));
                    expected.retain(|m| state.is_none_or(|s| s == m.state));
                    let mut paged: Vec<MessageRow> = Vec::new();
                    loop {
                        let before = paged.last().map(|m| PageKey { at: m.created_at, id: m.id.0 });
                        let page = w.store.messages(&filter, before, 5).unwrap();
                        if page.is_empty() {
                            break;
                        }
                        paged.extend(page);
                    }
                    assert_eq!(paged, expected, "{filter:?}");
                }
            }
        }
    }
}

#[test]
fn customers_are_listed_newest_first() {
    for w in engines() {
        let identities = (0..20u64).map(|n| identity(n as u16, n, profile_id(n))).collect();
        w.commit(Commit { identities, ..Commit::default() });
        let first = w.store.customers(SHOP, None, 8).unwrap();
        assert_eq!(first.iter().map(|i| i.door.0).collect::<Vec<_>>(), (12..20).rev().collect::<Vec<_>>());
        let key = PageKey { at: first[7].since, id: first[7].door.0 };
        let rest = w.store.customers(SHOP, Some(key), 99).unwrap();
        assert_eq!(rest.iter().map(|i| i.door.0).collect::<Vec<_>>(), (0..12).rev().collect::<Vec<_>>());
    }
}

#[test]
fn counts_add_up() {
    for w in engines() {
        let count = |hour, journey: &str, metric: &str, n| CountDelta {
            shop: SHOP,
            hour,
            journey: journey.to_owned(),
            step: String::new(),
            metric: metric.to_owned(),
            n,
        };
        let counts =
            vec![count(1, "cart", "sent", 2), count(2, "cart", "sent", 3), count(2, "cart", "entered", 1)];
        w.commit(Commit { counts, ..Commit::default() });
        w.commit(Commit {
            counts: vec![count(2, "cart", "sent", 4), count(2, "gift", "sent", 9)],
            ..Commit::default()
        });
        let sums = |journey, hours| -> Vec<_> {
            let rows = w.store.numbers(SHOP, journey, hours).unwrap();
            rows.into_iter().map(|c| (c.journey, c.metric, c.n)).collect()
        };
        let row = |journey: &str, metric: &str, n| (journey.to_owned(), metric.to_owned(), n);
        assert_eq!(sums(Some("cart"), (0, 9)), [row("cart", "entered", 1), row("cart", "sent", 9)]);
        assert_eq!(
            sums(None, (2, 3)),
            [row("cart", "entered", 1), row("cart", "sent", 7), row("gift", "sent", 9)]
        );
        let hours: Vec<_> =
            w.store.hourly(SHOP, "sent", (0, 9)).unwrap().iter().map(|c| (c.hour, c.n)).collect();
        assert_eq!(hours, [(1, 2), (2, 7), (2, 9)]);
    }
}

#[test]
fn whole_days_and_their_edges_add_up_to_the_hours() {
    for w in engines() {
        let count = |hour, n| CountDelta {
            shop: SHOP,
            hour,
            journey: "cart".to_owned(),
            step: "first".to_owned(),
            metric: "sent".to_owned(),
            n,
        };
        let counts: Vec<CountDelta> = (20..100).map(|hour| count(hour, 1 << (hour % 40))).collect();
        w.commit(Commit { counts: counts.clone(), ..Commit::default() });
        w.commit(Commit { counts: vec![count(50, -7)], ..Commit::default() });
        for from in 18..102 {
            for until in from..102 {
                let within = counts.iter().filter(|c| (from..until).contains(&c.hour));
                let more = if (from..until).contains(&50) { -7 } else { 0 };
                let expected = within.map(|c| c.n).sum::<i64>() + more;
                let told: i64 = w.store.numbers(SHOP, None, (from, until)).unwrap().iter().map(|c| c.n).sum();
                assert_eq!(told, expected, "{}: {from}..{until}", w.name);
            }
        }
    }
}

#[test]
fn retention_deletes_the_old_in_slices() {
    for w in engines() {
        let id = profile_id(1);
        let mut commit = Commit { events: (0..2_500).map(|n| event(id, n)).collect(), ..Commit::default() };
        commit.events.push(EventWrite { shop: ShopId(2), ..event(id, 1) });
        commit.seen = (0..2_500u64)
            .map(|n| SeenWrite {
                shop: SHOP,
                bucket: Bucket(n as u16 % 2 * 1023),
                number: n,
                at: ShopTime(n as i64),
            })
            .collect();
        commit.messages = (0..9).map(|n| new_message(message(n))).collect();
        commit.messages.extend((0..4).map(|n| moved(n, &[MessageState::Approved], MessageState::Sent, 1)));
        w.commit(commit);
        let forget = |what| {
            let (mut cursor, mut deleted) = (Some(-1), 0);
            while let Some(at) = cursor {
                let done = w.store.forget(what, SHOP, ShopTime(2_200), at).unwrap();
                assert!(done.deleted <= 1_000);
                deleted += done.deleted;
                cursor = done.next;
            }
            deleted
        };
        assert_eq!(forget(Forget::Events), 2_200);
        assert_eq!(forget(Forget::Seen), 2_200);
        assert_eq!(forget(Forget::Bodies), 4, "what waits to be sent keeps its text");
        assert_eq!(forget(Forget::Bodies), 0, "what is empty is not emptied again");
        assert!(w.store.message(SHOP, message_id(0)).unwrap().unwrap().body.is_empty());
        assert!(!w.store.message(SHOP, message_id(5)).unwrap().unwrap().body.is_empty());
        assert_eq!(forget(Forget::Messages), 4, "what waits to be sent stays");
        assert_eq!(forget(Forget::Journal), 0);
        let wanted =
            Wanted { events: (0..2_500).map(|n| (SHOP, id.bucket(), n)).collect(), ..Wanted::default() };
        assert_eq!(w.store.load(&wanted).unwrap().events.len(), 300);
        assert_eq!(w.store.timeline(ShopId(2), &[id], None, 9).unwrap().len(), 1);
    }
}
