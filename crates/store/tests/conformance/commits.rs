//! A commit happens whole or not at all, and every row keeps its guard.

use crate::world::*;
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_store::*;

fn conflict(result: Result<Committed>) -> String {
    match result {
        Err(Error::Conflict(what)) => what,
        other => panic!("expected a conflict, got {other:?}"),
    }
}

#[test]
fn a_profile_is_written_only_over_the_version_that_was_read() {
    for w in engines() {
        let id = profile_id(1);
        let one = |p: ProfileWrite| Commit { profiles: vec![p], ..Commit::default() };
        w.commit(one(ProfileWrite { warm: Some(b"warm".to_vec()), ..profile(id, 1) }));
        conflict(w.store.commit(&one(profile(id, 1))));
        let said = conflict(w.store.commit(&one(profile(id, 3))));
        assert!(said.contains(&id.to_string()) && said.contains("version 2"), "{said}");
        w.commit(one(profile(id, 2)));
        let row = w.profile(id).unwrap();
        assert_eq!((row.version, row.hot, row.warm), (2, b"hot 2".to_vec(), Some(b"warm".to_vec())));
        conflict(w.store.commit(&one(profile(profile_id(2), 7))));
        assert_eq!(w.profile(profile_id(2)), None);
    }
}

#[test]
fn a_conflict_in_the_last_row_leaves_nothing() {
    for w in engines() {
        let id = profile_id(3);
        let commit = Commit {
            now: ShopTime(77),
            profiles: vec![ProfileWrite { due: Some(ShopTime(5)), ..profile(id, 1) }],
            identities: vec![identity(9, 9, id)],
            events: vec![event(id, 1)],
            seen: vec![SeenWrite { shop: SHOP, bucket: Bucket(4), number: 4, at: ShopTime(1) }],
            messages: vec![
                new_message(message(1)),
                moved(2, &[MessageState::Approved], MessageState::Claimed, 1),
            ],
            letters: vec![letter(1)],
            ..Commit::default()
        };
        let said = conflict(w.store.commit(&commit));
        assert!(said.contains("message"), "{said}");
        let found = w.store.load(&Wanted {
            identities: vec![(SHOP, Bucket(9), DoorId(9))],
            events: vec![(SHOP, id.bucket(), 1), (SHOP, Bucket(4), 4)],
            profiles: vec![(SHOP, id, true)],
            messages: vec![(SHOP, message_id(1))],
            ..Wanted::default()
        });
        let found = found.unwrap();
        assert!(found.identities.is_empty() && found.events.is_empty() && found.profiles.is_empty());
        assert!(found.messages.is_empty());
        assert_eq!(w.store.next_due().unwrap(), None);
        assert_eq!(w.store.letters(9).unwrap(), vec![]);
        assert_eq!(w.store.head().unwrap(), Head { epoch: 0, commit_number: 0, now: ShopTime(0) });
        w.commit(Commit { messages: vec![new_message(message(2))], ..commit.clone() });
        assert_eq!(w.store.head().unwrap(), Head { epoch: 0, commit_number: 1, now: ShopTime(77) });
    }
}

#[test]
fn a_commit_of_an_older_epoch_is_refused() {
    for w in engines() {
        w.commit(Commit::default());
        assert_eq!(w.store.raise_epoch().unwrap(), 1);
        assert!(conflict(w.store.commit(&Commit::default())).contains("epoch 0"));
        w.commit(Commit { epoch: 1, ..Commit::default() });
    }
}

#[test]
fn an_event_counts_once() {
    for w in engines() {
        let (a, b) = (profile_id(1), profile_id(2));
        let events = vec![event(a, 1), event(b, 1), event(a, 1)];
        let done = w.commit(Commit { events, ..Commit::default() });
        assert_eq!(done.new_events, vec![true, true, false], "another bucket is another event");
        let other_shop = EventWrite { shop: ShopId(2), ..event(a, 1) };
        let done = w.commit(Commit { events: vec![event(a, 1), other_shop], ..Commit::default() });
        assert_eq!(done.new_events, vec![false, true]);
    }
}

#[test]
fn a_message_moves_only_from_the_states_named() {
    use MessageState::*;
    for w in engines() {
        let one = |m: MessageWrite| Commit { messages: vec![m], ..Commit::default() };
        w.commit(one(new_message(message(1))));
        let again = w.commit(one(new_message(MessageRow { lane: 2, ..message(1) })));
        assert_eq!(again.known_messages, vec![message_id(1)]);
        assert_eq!(w.store.message(SHOP, message_id(1)).unwrap(), Some(message(1)));
        w.commit(one(moved(1, &[Approved], Claimed, 10)));
        conflict(w.store.commit(&one(moved(1, &[Approved, Handing], Sent, 11))));
        w.commit(one(moved(1, &[Approved, Claimed], Handing, 12)));
        let retry = MessageWrite::Move {
            shop: SHOP,
            id: message_id(1),
            from: &[Handing],
            to: Approved,
            at: ShopTime(13),
            not_before: Some(ShopTime(600_000)),
            reason: "greylisted".to_owned(),
            note: Some("450 later".to_owned()),
        };
        w.commit(one(retry));
        let row = w.store.message(SHOP, message_id(1)).unwrap().unwrap();
        assert_eq!((row.state, row.tries, row.not_before), (Approved, 1, ShopTime(600_000)));
        assert_eq!(
            (row.handed_at, row.ended_at, row.approved_at),
            (Some(ShopTime(12)), None, Some(ShopTime(500)))
        );
        w.commit(one(moved(1, &[Approved], Claimed, 14)));
        w.commit(one(moved(1, &[Claimed], Handing, 15)));
        let MessageWrite::Move { shop, id, from, to, at, not_before, reason, .. } =
            moved(1, &[Handing], Sent, 16)
        else {
            unreachable!()
        };
        let note = Some("250 ok".to_owned());
        w.commit(one(MessageWrite::Move { shop, id, from, to, at, not_before, reason, note }));
        let row = w.store.message(SHOP, message_id(1)).unwrap().unwrap();
        assert_eq!((row.state, row.tries, row.ended_at), (Sent, 2, Some(ShopTime(16))));
        assert_eq!((row.notes.as_str(), row.reason.as_str()), ("450 later\n250 ok", ""));
    }
}

#[test]
fn only_the_first_mark_of_a_kind_is_kept() {
    for w in engines() {
        let mark = |mark, at| MessageWrite::Mark { shop: SHOP, id: message_id(1), mark, at: ShopTime(at) };
        let kinds =
            [Mark::Opened, Mark::OpenedByMachine, Mark::Clicked, Mark::ClickedByMachine, Mark::Complained];
        let mut messages = vec![mark(Mark::Opened, 1), new_message(message(1))];
        messages.extend(kinds.iter().enumerate().map(|(n, kind)| mark(*kind, 10 + n as i64)));
        messages.extend(kinds.iter().map(|kind| mark(*kind, 99)));
        messages.push(mark(Mark::Unsubscribed, 100));
        w.commit(Commit { messages, ..Commit::default() });
        let row = w.store.message(SHOP, message_id(1)).unwrap().unwrap();
        let times = [
            row.opened_at,
            row.machine_opened_at,
            row.clicked_at,
            row.machine_clicked_at,
            row.ended_badly_at,
        ];
        assert_eq!(times, [10, 11, 12, 13, 14].map(|at| Some(ShopTime(at))));
        assert_eq!(row.reason, "complained");
    }
}

#[test]
fn orders_and_addresses_keep_their_versions_and_an_order_has_one_credit() {
    for w in engines() {
        let credit = |minor| CreditWrite {
            journey: "cart".to_owned(),
            step: "first".to_owned(),
            message: message_id(900),
            at: ShopTime(50),
            minor,
            currency: "RUB".to_owned(),
        };
        let order = |version, credit| OrderWrite {
            block_credits: Vec::new(),
            placed: None,
            shop: SHOP,
            bucket: Bucket(1000),
            door: DoorId(u64::MAX),
            version,
            body: vec![version as u8],
            credit,
        };
        let owed = |arm: &str, units| BlockCreditWrite {
            block: "home".to_owned(),
            arm: arm.to_owned(),
            at: ShopTime(50),
            units,
            minor: i64::from(units) * 10,
            currency: "RUB".to_owned(),
        };
        let one = |o: OrderWrite| Commit { orders: vec![o], ..Commit::default() };
        let sums = || w.store.credits(SHOP, ShopTime(0), ShopTime(51)).unwrap();
        w.commit(one(order(1, Some(credit(100)))));
        w.commit(one(order(2, Some(credit(70)))));
        assert_eq!(sums().iter().map(|s| (s.orders, s.minor)).collect::<Vec<_>>(), vec![(1, 70)]);
        conflict(w.store.commit(&one(order(2, None))));
        let row = w.store.order(SHOP, Bucket(1000), DoorId(u64::MAX)).unwrap().unwrap();
        assert_eq!(row, OrderRow { version: 2, body: vec![2], credit: Some(credit(70)) });
        let other = OrderWrite { door: DoorId(7), ..order(1, Some(credit(5))) };
        w.commit(one(other.clone()));
        let told: Vec<_> = sums().iter().map(|s| (s.orders, s.messages, s.minor)).collect();
        assert_eq!(told, vec![(2, 1, 75)], "one message earned two orders");
        w.commit(one(OrderWrite { version: 2, credit: None, ..other }));
        w.commit(one(order(3, None)));
        assert_eq!(sums(), vec![]);

        let blocks = || -> Vec<(String, u64, u64, i64)> {
            let sums = w.store.block_credits(SHOP, ShopTime(0), ShopTime(51)).unwrap();
            sums.into_iter().map(|s| (s.arm, s.orders, s.units, s.minor)).collect()
        };
        w.commit(one(OrderWrite { block_credits: vec![owed("a", 2), owed("b", 1)], ..order(4, None) }));
        assert_eq!(blocks(), [("a".to_owned(), 1, 2, 20), ("b".to_owned(), 1, 1, 10)]);
        w.commit(one(OrderWrite { block_credits: vec![owed("b", 3)], ..order(5, None) }));
        assert_eq!(blocks(), [("b".to_owned(), 1, 3, 30)], "a later write replaces all of them");
        w.commit(one(order(6, None)));
        assert_eq!(blocks(), []);

        let address = |version| AddressWrite {
            shop: SHOP,
            bucket: Bucket(0),
            door: DoorId(5),
            version,
            body: vec![version as u8],
        };
        let one = |a: AddressWrite| Commit { addresses: vec![a], ..Commit::default() };
        w.commit(one(address(1)));
        w.commit(one(address(2)));
        conflict(w.store.commit(&one(address(1))));
        conflict(w.store.commit(&one(address(4))));
    }
}

#[test]
fn who_orders_again_after_a_credited_order_is_counted_once() {
    for w in engines() {
        let order = |door, version, who: Option<u64>, at: i64, journey: Option<&str>| OrderWrite {
            shop: SHOP,
            bucket: Bucket(1000),
            door: DoorId(door),
            version,
            body: Vec::new(),
            credit: journey.map(|journey| CreditWrite {
                journey: journey.to_owned(),
                step: "first".to_owned(),
                message: message_id(900),
                at: ShopTime(at),
                minor: 1,
                currency: "RUB".to_owned(),
            }),
            block_credits: Vec::new(),
            placed: who.map(|who| (profile_id(who), ShopTime(at))),
        };
        let (cart, none) = (Some("cart"), None);
        let orders = vec![
            // Comes back twice, once of herself.
            order(1, 1, Some(1), 10, cart),
            order(2, 1, Some(1), 20, cart),
            order(3, 1, Some(1), 200, none),
            // Had ordered before, but not since.
            order(4, 1, Some(2), 5, none),
            order(5, 1, Some(2), 30, cart),
            // Nobody knows who this was.
            order(6, 1, None, 40, cart),
            // Comes back after the span.
            order(7, 1, Some(3), 50, cart),
            order(8, 1, Some(3), 300, Some("win-back")),
        ];
        w.commit(Commit { orders, ..Commit::default() });
        let sums = |until| -> Vec<(String, u64, u64)> {
            let sums = w.store.buyers(SHOP, ShopTime(0), ShopTime(until)).unwrap();
            sums.into_iter().map(|sum| (sum.journey, sum.buyers, sum.returned)).collect()
        };
        assert_eq!(sums(100), [("cart".to_owned(), 3, 2)]);
        assert_eq!(sums(301)[1], ("win-back".to_owned(), 1, 0), "before it is not after it");
        // Her later order is cancelled.
        w.commit(Commit { orders: vec![order(8, 2, None, 300, none)], ..Commit::default() });
        assert_eq!(sums(100), [("cart".to_owned(), 3, 1)]);
    }
}

#[test]
fn what_is_too_large_or_nowhere_is_refused_and_the_store_goes_on() {
    for w in engines() {
        let id = profile_id(1);
        let large = ProfileWrite { hot: vec![0; HOT_MAX_BYTES + 1], ..profile(id, 1) };
        let refused = w.store.commit(&Commit { profiles: vec![large], ..Commit::default() });
        assert!(matches!(refused, Err(Error::Corrupt(_))), "{refused:?}");
        let large = ProfileWrite { warm: Some(vec![0; WARM_MAX_BYTES + 1]), ..profile(id, 1) };
        let refused = w.store.commit(&Commit { profiles: vec![large], ..Commit::default() });
        assert!(matches!(refused, Err(Error::Corrupt(_))), "{refused:?}");
        let nowhere = identity(1024, 1, id);
        let refused = w.store.commit(&Commit { identities: vec![nowhere], ..Commit::default() });
        assert!(matches!(refused, Err(Error::Corrupt(_))), "{refused:?}");
        let full = ProfileWrite { hot: vec![7; HOT_MAX_BYTES], ..profile(id, 1) };
        w.commit(Commit { profiles: vec![full], ..Commit::default() });
        assert_eq!(w.profile(id).unwrap().hot.len(), HOT_MAX_BYTES);
    }
}

#[test]
fn a_full_disk_is_unavailable_and_passes() {
    let dir = Dir::new();
    let store = Store::open(&dir.0, &Options { pages_max: Some(150) }).unwrap();
    let big = |n: u64| {
        let body = vec![b' '; 20_000];
        Commit {
            profiles: vec![profile(profile_id(n), 1)],
            events: vec![EventWrite { body, ..event(profile_id(n), n) }],
            ..Commit::default()
        }
    };
    let mut n = 0;
    let error = loop {
        match store.commit(&big(n)) {
            Ok(_) => n += 1,
            Err(e) => break e,
        }
        assert!(n < 1_000, "it never filled up");
    };
    assert!(matches!(&error, Error::Unavailable(why) if why.contains("full")), "{error}");
    assert!(n > 3);
    store.raise_epoch().unwrap();
    store.commit(&Commit { epoch: 1, ..Commit::default() }).unwrap();
    let wanted =
        Wanted { profiles: (0..=n).map(|n| (SHOP, profile_id(n), false)).collect(), ..Wanted::default() };
    assert_eq!(store.load(&wanted).unwrap().profiles.len(), n as usize, "the failed commit left nothing");
    drop(store);
    let store = Store::open(&dir.0, &Options::default()).unwrap();
    store.commit(&Commit { epoch: 1, ..big(n) }).unwrap();
    assert_eq!(store.load(&wanted).unwrap().profiles.len(), n as usize + 1);
}

#[test]
fn two_servers_never_share_a_directory() {
    let w = embedded();
    let Err(Error::Unavailable(why)) = Store::open(&w.dir.0, &Options::default()) else {
        panic!("opened twice");
    };
    assert!(why.contains(&format!("in use by process {}", std::process::id())), "{why}");
    w.reopen().commit(Commit::default());
}

#[test]
fn an_older_copy_put_in_place_is_noticed() {
    let dir = Dir::new();
    let open = || Store::open(&dir.0, &Options::default()).unwrap();
    let database = dir.0.join("customers.db");
    let store = open();
    store.commit(&Commit::default()).unwrap();
    assert_eq!(store.suspicion(), None);
    drop(store);
    let backup = std::fs::read(&database).unwrap();
    let store = open();
    assert_eq!(store.suspicion(), None, "a restart is no copy");
    (0..3).for_each(|_| drop(store.commit(&Commit::default()).unwrap()));
    drop(store);
    // Written into the same file: only the commit number tells. What the newer one left beside it goes, as in a
    // restore.
    for beside in ["customers.db-wal", "customers.db-shm"] {
        drop(std::fs::remove_file(dir.0.join(beside)));
    }
    std::fs::write(&database, &backup).unwrap();
    let store = open();
    let why = store.suspicion().unwrap();
    assert!(why.contains("but 4 was made"), "{why}");
    (0..9).for_each(|_| drop(store.commit(&Commit::default()).unwrap()));
    drop(store);
    let store = open();
    assert!(store.suspicion().is_some(), "until a person says so");
    store.accept_origin().unwrap();
    drop(store);
    assert_eq!(open().suspicion(), None);
    // Another file under the name.
    let copy = dir.0.join("copy");
    std::fs::copy(&database, &copy).unwrap();
    std::fs::rename(&copy, &database).unwrap();
    assert!(open().suspicion().unwrap().contains("copied"));
}
