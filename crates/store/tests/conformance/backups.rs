//! Copies beside the commits, given up when they cost too much, and what a copy knows of itself.

use crate::world::*;
use beckon_store::shop::ShopPlane;
use beckon_store::*;

#[test]
fn a_copy_is_whole_marked_and_stays_doubted_until_it_is_accepted() {
    let w = embedded();
    drop(ShopPlane::open(&w.dir.0).unwrap());
    let profiles = (0..50u64).map(|n| profile(profile_id(n), 1)).collect();
    w.commit(Commit { profiles, ..Commit::default() });
    let (to, back) = (w.dir.0.join("copy"), w.dir.0.join("back"));
    let mut told = 0;
    let made = backup::backup(&w.dir.0, &to, 7, u64::MAX, &mut |_| told += 1).unwrap();
    assert_eq!((made.made_at, made.rows["profile"]), (7, 50));
    assert!(told >= 2, "progress was told {told} times");
    // What comes after is not in it.
    w.commit(Commit { profiles: vec![profile(profile_id(99), 1)], ..Commit::default() });
    assert_eq!(backup::restore(&to, &back).unwrap(), made);
    assert!(backup::restore(&to, &back).unwrap_err().to_string().contains("is not empty"));
    for _ in 0..2 {
        let copy = Store::open(&back, &Options::default()).unwrap();
        assert!(copy.suspicion().unwrap().contains("restored from a backup"));
        assert_eq!(copy.head().unwrap().commit_number, made.commit_number);
    }
    let copy = Store::open(&back, &Options::default()).unwrap();
    copy.accept_origin().unwrap();
    drop(copy);
    assert_eq!(Store::open(&back, &Options::default()).unwrap().suspicion(), None);
    assert_eq!(w.store.suspicion(), None, "the original is no copy");
}

#[test]
fn a_copy_is_given_up_when_the_log_grows_too_long() {
    let w = embedded();
    drop(ShopPlane::open(&w.dir.0).unwrap());
    w.commit(Commit { profiles: vec![profile(profile_id(1), 1)], ..Commit::default() });
    let to = w.dir.0.join("copy");
    let said = backup::backup(&w.dir.0, &to, 7, 0, &mut |_| {}).unwrap_err().to_string();
    assert!(said.contains("the backup was given up") && said.contains("0 MB are the limit"), "{said}");
    assert!(!to.exists() && !w.dir.0.join("copy.part").exists(), "something was left behind");
}

#[test]
fn what_waits_is_counted_by_lane_and_state() {
    for w in engines() {
        let mut messages: Vec<_> = (0..3).map(|n| new_message(message(n))).collect();
        messages.push(new_message(MessageRow { lane: 0, state: MessageState::Unknown, ..message(7) }));
        messages.push(new_message(MessageRow { state: MessageState::Sent, ..message(8) }));
        w.commit(Commit { messages, ..Commit::default() });
        let waiting = w.store.waiting().unwrap();
        assert_eq!(waiting.messages, [(1, MessageState::Approved, 3), (0, MessageState::Unknown, 1)]);
        assert_eq!((waiting.parked, waiting.letters), (0, 0));
        if w.name != "embedded" {
            continue;
        }
        let sizes = sizes(&w.dir.0);
        assert!(sizes[0].bytes + sizes[0].log_bytes > 4_096 && sizes[0].plane == "customers");
        assert_eq!(look::customers(&w.dir.0).unwrap().unknown, 1);
        let found = look::databases(&w.dir.0);
        assert!(found.is_err(), "there is no shop's plane yet: {found:?}");
    }
}
