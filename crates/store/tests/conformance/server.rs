//! What only a database on a server does: it goes away, comes back, and may come back older.

use crate::world::*;
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_store::*;

/// Ends all connections of others to the database, as a server that fails over does.
const END_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[test]
fn a_database_that_lacks_what_was_acknowledged_takes_no_commits_until_it_is_accepted() {
    let Some(database) = beckon_pgtest::database() else { return };
    let store = Store::open_server(&database.url).unwrap();
    (0..4).for_each(|_| drop(store.commit(&Commit::default()).unwrap()));
    database.sql(END_ALL);
    store.commit(&Commit::default()).unwrap();
    assert_eq!(store.suspicion(), None, "a fail-over that lost nothing is no reason to stop");
    // A standby takes over that had not received the last two commits.
    database.sql("UPDATE head SET commit_number = commit_number - 2");
    database.sql(END_ALL);
    let refused = store.commit(&Commit::default());
    let Err(Error::Unavailable(why)) = refused else { panic!("{refused:?}") };
    assert!(why.contains("ends at commit 3, but 5 was acknowledged"), "{why}");
    assert!(matches!(store.raise_epoch(), Err(Error::Unavailable(_))));
    assert!(matches!(store.take_parked(SHOP, Bucket(1), 1), Err(Error::Unavailable(_))));
    assert_eq!(store.head().unwrap().commit_number, 3, "it can still be looked at");
    drop(store);
    let store = Store::open_server(&database.url).unwrap();
    assert!(store.suspicion().unwrap().contains("5 was acknowledged"), "until a person says so");
    store.accept_origin().unwrap();
    assert_eq!(store.suspicion(), None);
    assert_eq!(store.commit(&Commit::default()).unwrap().number, 4);
}

#[test]
fn every_verb_goes_on_after_all_connections_were_ended() {
    let Some(database) = beckon_pgtest::database() else { return };
    let store = Store::open_server(&database.url).unwrap();
    let one = |n: u64| Commit { profiles: vec![profile(profile_id(n), 1)], ..Commit::default() };
    let wanted = Wanted { profiles: vec![(SHOP, profile_id(1), true)], ..Wanted::default() };
    for n in 0..3 {
        store.commit(&one(n)).unwrap();
        assert_eq!(store.load(&wanted).unwrap().profiles.len(), usize::from(n > 0));
        let (a, b) = (store.next_due().unwrap(), store.profiles(SHOP, &[profile_id(n)]).unwrap());
        assert_eq!((a, b.len()), (None, 1));
        database.sql(END_ALL);
        match n {
            0 => assert_eq!(store.load(&wanted).unwrap().profiles.len(), 0),
            1 => assert_eq!(store.profiles(SHOP, &[profile_id(1)]).unwrap().len(), 1),
            _ => assert_eq!(store.head().unwrap().commit_number, 3),
        }
    }
    store.forget(Forget::Events, SHOP, ShopTime(1), -1).unwrap();
}

#[test]
fn texts_that_no_database_can_hold_do_no_harm() {
    for w in engines() {
        let mut hostile = identity(1, 1, profile_id(1));
        hostile.value = "anna\0@example.org".to_owned();
        let words = vec![WordsWrite { shop: SHOP, profile: profile_id(1), words: vec!["an\0na".to_owned()] }];
        w.commit(Commit { identities: vec![hostile], words, ..Commit::default() });
        let found = w.store.search(SHOP, DoorKind::Email, "anna\0", 9).unwrap();
        assert_eq!(found.len(), 1, "{}", w.name);
        assert_eq!(w.store.search_words(SHOP, "an\0", 9).unwrap(), [profile_id(1)]);
    }
}

#[test]
fn the_first_row_that_is_wrong_is_the_one_that_is_told() {
    for w in engines() {
        let owed = BlockCreditWrite {
            block: "home".to_owned(),
            arm: String::new(),
            at: ShopTime(1),
            units: 1,
            minor: 1,
            currency: "EUR".to_owned(),
        };
        let order = OrderWrite {
            shop: SHOP,
            bucket: Bucket(1),
            door: DoorId(1),
            version: 1,
            body: Vec::new(),
            credit: None,
            block_credits: vec![owed.clone(), owed],
            placed: None,
        };
        // The same profile twice: both fail, and the first is named, though an order is wrong in another way.
        let profiles = vec![profile(profile_id(1), 1), profile(profile_id(2), 5), profile(profile_id(1), 7)];
        let refused = w.store.commit(&Commit { profiles, orders: vec![order.clone()], ..Commit::default() });
        let Err(Error::Conflict(why)) = refused else { panic!("{}: {refused:?}", w.name) };
        assert_eq!(why, format!("profile {} of shop 1 is not at version 4", profile_id(2)), "{}", w.name);
        let refused = w.store.commit(&Commit { orders: vec![order], ..Commit::default() });
        assert!(matches!(refused, Err(Error::Corrupt(_))), "{}: {refused:?}", w.name);
        assert_eq!(w.commit(Commit::default()).number, 1, "nothing was left");
    }
}
