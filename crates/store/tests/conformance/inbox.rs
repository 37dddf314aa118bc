//! What arrives at a program that does not own the buckets is kept by anybody and applied once, by the owner.

use crate::world::*;
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_store::*;
use std::sync::mpsc::channel;
use std::time::Duration;

fn key(n: u64) -> InboxKey {
    InboxKey { bucket: Bucket(1023 - n as u16 % 1024), shop: SHOP, number: u64::MAX - n }
}

fn arrived(n: u64) -> InboxWrite {
    InboxWrite { key: key(n), at: ShopTime(n as i64), body: n.to_string().into_bytes() }
}

#[test]
fn what_arrived_is_kept_in_order_and_once_whatever_the_epoch() {
    for w in engines() {
        w.store.raise_epoch().unwrap();
        let all: Vec<_> = (0..600).map(arrived).collect();
        w.store.put_inbox(&all).unwrap();
        // Sent once more, together with something new and with itself.
        let again = InboxWrite { body: b"again".to_vec(), ..arrived(5) };
        w.store.put_inbox(&[again.clone(), arrived(600), again]).unwrap();
        let rows = w.store.inbox(1_000).unwrap();
        let expected: Vec<_> =
            (0..=600).map(|n| InboxRow { key: key(n), body: n.to_string().into_bytes() }).collect();
        assert_eq!(rows, expected, "{}", w.name);
        assert_eq!(w.store.inbox(7).unwrap(), expected[..7]);
        assert_eq!((w.store.inbox_rows(100).unwrap(), w.store.inbox_rows(5_000).unwrap()), (100, 601));
        assert_eq!(w.store.waiting().unwrap().inbox, 601);
        assert_eq!(w.store.inbox_left(&[key(3), key(9_999), key(600)]).unwrap(), 2);
        let w = w.reopen();
        assert_eq!(w.store.inbox(1_000).unwrap(), expected, "{}", w.name);
    }
}

#[test]
fn what_is_applied_goes_with_the_commit_and_only_once() {
    for w in engines() {
        let epoch = w.store.raise_epoch().unwrap();
        w.store.put_inbox(&[arrived(1), arrived(2), arrived(3)]).unwrap();
        let id = profile_id(1);
        let apply = |version, done: Vec<InboxKey>| Commit {
            epoch,
            profiles: vec![profile(id, version)],
            inbox_done: done,
            ..Commit::default()
        };
        w.commit(apply(1, vec![key(1), key(3)]));
        assert_eq!(w.store.inbox(9).unwrap().len(), 1);
        let refused = w.store.commit(&apply(2, vec![key(2), key(3)]));
        assert!(matches!(&refused, Err(Error::Conflict(why)) if why.contains("gone")), "{refused:?}");
        assert_eq!(
            w.profile(id).unwrap().version,
            1,
            "{}: nothing of a commit that was refused stays",
            w.name
        );
        assert_eq!(w.store.inbox_left(&[key(2)]).unwrap(), 1);
        // Who lost the buckets takes nothing out either.
        w.store.raise_epoch().unwrap();
        assert!(matches!(w.store.commit(&apply(2, vec![key(2)])), Err(Error::Conflict(_))));
        assert_eq!(w.store.inbox(9).unwrap()[0].key, key(2));
    }
}

#[test]
fn a_row_of_no_bucket_is_refused_with_all_that_came_beside_it() {
    for w in engines() {
        let nowhere = InboxWrite { key: InboxKey { bucket: Bucket(1024), ..key(1) }, ..arrived(1) };
        let refused = w.store.put_inbox(&[arrived(2), nowhere]);
        assert!(matches!(refused, Err(Error::Corrupt(_))), "{}: {refused:?}", w.name);
        assert_eq!(w.store.inbox(9).unwrap(), []);
    }
}

/// A lower number may be committed after a higher one was read and applied.
#[test]
fn a_row_that_was_committed_late_is_found() {
    let Some(database) = beckon_pgtest::database() else { return };
    let store = Store::open_server(&database.url).unwrap();
    let epoch = store.raise_epoch().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&database.url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let open = "BEGIN; INSERT INTO inbox (bucket, shop, number, at, body) VALUES (1, 1, 7, 0, '')";
        client.batch_execute(open).await.unwrap();
        store.put_inbox(&[arrived(1)]).unwrap();
        let commit = Commit { epoch, inbox_done: vec![key(1)], ..Commit::default() };
        store.commit(&commit).unwrap();
        assert_eq!(store.inbox(9).unwrap(), []);
        client.batch_execute("COMMIT").await.unwrap();
    });
    assert_eq!(store.inbox(9).unwrap().iter().map(|row| row.key.number).collect::<Vec<_>>(), [7]);
}

#[test]
fn the_others_hear_of_the_inbox_of_a_shop_given_back_and_of_its_plane() {
    let Some(database) = beckon_pgtest::database() else { return };
    let place = Place::read(&database.url);
    let (one, other) =
        (Store::open_server(&database.url).unwrap(), Store::open_server(&database.url).unwrap());
    let plane = beckon_store::shop::ShopPlane::open_at(&place).unwrap();
    let (heard, hears) = channel();
    one.hear(Box::new(move |hint| {
        let _ = heard.send(hint);
    }));
    let expect = |wanted: Hint, cause: &dyn Fn()| {
        // The first may be told before the line is there.
        for _ in 0..100 {
            cause();
            if hears.recv_timeout(Duration::from_millis(200)) == Ok(wanted) {
                while hears.try_recv().is_ok() {}
                return;
            }
        }
        panic!("{wanted:?} was not heard");
    };
    expect(Hint::Inbox, &|| other.put_inbox(&[arrived(1)]).unwrap());
    expect(Hint::Free, &|| other.resign(NodeId(2)).unwrap());
    let put = || {
        let body = Some("{}");
        let at = beckon_core::time::WallTime(1);
        let expected_version = plane.get(SHOP, "card", "main").unwrap().map_or(0, |found| found.version);
        let write = beckon_store::shop::DocumentWrite {
            shop: SHOP,
            kind: "card",
            name: "main",
            expected_version,
            body,
            at,
            by: "test",
        };
        plane.put(&write).unwrap();
    };
    expect(Hint::Plane, &put);
}
