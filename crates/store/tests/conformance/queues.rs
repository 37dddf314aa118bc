//! Wake-ups, outbox, letters and parked inputs come in order and go when done.

use crate::world::*;
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_store::*;

#[test]
fn due_is_a_lower_bound_until_the_wake_up_moves_it() {
    for w in engines() {
        let id = profile_id(1);
        let write = |version, due: Option<i64>, woken| {
            let p = ProfileWrite { due: due.map(ShopTime), woken, ..profile(id, version) };
            w.commit(Commit { profiles: vec![p], ..Commit::default() });
            w.store.next_due().unwrap().map(|at| at.0)
        };
        assert_eq!(write(1, None, false), None);
        assert_eq!(write(2, Some(100), false), Some(100));
        assert_eq!(write(3, Some(200), false), Some(100), "a later one is not written");
        assert_eq!(write(4, None, false), Some(100));
        assert_eq!(write(5, Some(50), false), Some(50));
        assert_eq!(w.store.wakeups(ShopTime(49), 9).unwrap(), vec![]);
        assert_eq!(w.store.wakeups(ShopTime(50), 9).unwrap(), vec![(SHOP, id)]);
        assert_eq!(write(6, Some(200), true), Some(200));
        assert_eq!(w.store.wakeups(ShopTime(199), 9).unwrap(), vec![]);
        assert_eq!(write(7, None, true), None);
    }
}

#[test]
fn wake_ups_come_longest_overdue_first_over_all_buckets() {
    for w in engines() {
        let profiles = (0..50u64)
            .map(|n| ProfileWrite { due: Some(ShopTime(1_000 - n as i64)), ..profile(profile_id(n), 1) })
            .collect();
        w.commit(Commit { profiles, ..Commit::default() });
        let woken = w.store.wakeups(ShopTime(2_000), 20).unwrap();
        let expected: Vec<_> = (30..50).rev().map(|n| (SHOP, profile_id(n))).collect();
        assert_eq!(woken, expected);
    }
}

#[test]
fn the_outbox_gives_what_may_be_tried_in_order() {
    for w in engines() {
        let mut messages: Vec<_> = (0..5).rev().map(|n| new_message(message(n))).collect();
        messages.push(new_message(MessageRow { lane: 0, ..message(7) }));
        messages.push(new_message(MessageRow { state: MessageState::Withheld, ..message(8) }));
        w.commit(Commit { messages, ..Commit::default() });
        let outbox = |now, lane, limit| -> Vec<_> {
            let rows = w.store.outbox(ShopTime(now), lane, limit).unwrap();
            rows.into_iter().map(|row| row.id).collect()
        };
        assert_eq!(w.store.next_outbox().unwrap(), Some(ShopTime(1_000)));
        assert_eq!(outbox(999, 1, 9), vec![]);
        assert_eq!(outbox(1_002, 1, 9), vec![message_id(0), message_id(1), message_id(2)]);
        assert_eq!(outbox(9_999, 1, 2), vec![message_id(0), message_id(1)]);
        assert_eq!(outbox(9_999, 0, 9), vec![message_id(7)]);
        let claim = (0..5).map(|n| moved(n, &[MessageState::Approved], MessageState::Claimed, 1));
        w.commit(Commit { messages: claim.collect(), ..Commit::default() });
        assert_eq!(outbox(9_999, 1, 9), vec![]);
        assert_eq!(w.store.next_outbox().unwrap(), Some(ShopTime(1_007)));
    }
}

#[test]
fn what_a_sender_held_is_found_after_a_restart() {
    use MessageState::*;
    for w in engines() {
        let mut messages: Vec<_> = (0..4).map(|n| new_message(message(n))).collect();
        messages.extend((1..4).map(|n| moved(n, &[Approved], Claimed, 1)));
        messages.extend((2..4).map(|n| moved(n, &[Claimed], Handing, 2)));
        messages.push(moved(3, &[Handing], Unknown, 3));
        w.commit(Commit { messages, ..Commit::default() });
        let w = w.reopen();
        let held: Vec<_> = w.store.interrupted().unwrap().into_iter().map(|m| (m.id, m.state)).collect();
        assert_eq!(held, vec![(message_id(1), Claimed), (message_id(2), Handing)]);
    }
}

#[test]
fn what_nobody_knows_about_goes_back_to_the_outbox_for_a_person_and_for_one_only() {
    use MessageState::*;
    for w in engines() {
        let states = [(Approved, Claimed), (Claimed, Handing), (Handing, Unknown)];
        let from: [&'static [MessageState]; 3] = [&[Approved], &[Claimed], &[Handing]];
        let mut messages = vec![new_message(message(1))];
        messages.extend(from.into_iter().zip(states).map(|(from, (_, to))| moved(1, from, to, 3)));
        w.commit(Commit { messages, ..Commit::default() });
        let again = || Commit { messages: vec![moved(1, &[Unknown], Approved, 4)], ..Commit::default() };
        w.commit(again());
        let row = w.store.message(SHOP, message_id(1)).unwrap().unwrap();
        assert_eq!((row.state, row.ended_at, row.tries), (Approved, None, 1));
        let waiting = w.store.outbox(ShopTime(9_999), 1, 9).unwrap();
        assert_eq!(waiting.iter().map(|row| row.id).collect::<Vec<_>>(), [message_id(1)]);
        assert!(matches!(w.store.commit(&again()), Err(beckon_store::Error::Conflict(_))));
    }
}

#[test]
fn a_letter_waits_until_the_commit_that_applies_it() {
    for w in engines() {
        w.commit(Commit { letters: vec![letter(1), letter(2), letter(1)], ..Commit::default() });
        let other = LetterWrite { body: b"other".to_vec(), ..letter(2) };
        w.commit(Commit { letters: vec![other], ..Commit::default() });
        let waiting = w.store.letters(9).unwrap();
        assert_eq!(waiting.iter().map(|l| l.body.as_slice()).collect::<Vec<_>>(), [b"1", b"2"]);
        w.commit(Commit { letters_done: vec![letter(1).key], ..Commit::default() });
        let again = w.store.commit(&Commit { letters_done: vec![letter(1).key], ..Commit::default() });
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        assert_eq!(w.store.letters(9).unwrap(), vec![LetterRow { key: letter(2).key, body: b"2".to_vec() }]);
    }
}

#[test]
fn parked_inputs_are_listed_and_taken_once() {
    for w in engines() {
        let park = |n: u64| ParkedWrite {
            shop: SHOP,
            bucket: Bucket(n as u16),
            number: n,
            at: ShopTime(10 * n as i64),
            reason: "a step that does not exist".to_owned(),
            body: b"{}".to_vec(),
        };
        w.commit(Commit { parked: (0..5).map(park).collect(), ..Commit::default() });
        let first = w.store.parked(SHOP, None, 3).unwrap();
        assert_eq!(first.iter().map(|p| p.number).collect::<Vec<_>>(), [4, 3, 2]);
        let key = PageKey { at: first[2].at, id: first[2].number };
        let rest = w.store.parked(SHOP, Some(key), 3).unwrap();
        assert_eq!(rest.iter().map(|p| p.number).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(w.store.parked(ShopId(2), None, 9).unwrap(), vec![]);
        assert_eq!(w.store.take_parked(SHOP, Bucket(3), 3).unwrap().unwrap(), first[1]);
        assert_eq!(w.store.take_parked(SHOP, Bucket(3), 3).unwrap(), None);
    }
}
