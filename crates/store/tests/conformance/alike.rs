//! Whatever is committed, both engines answer every question alike. What comes is drawn at random from few
//! names, so that rows meet: the same row twice in a list, a message that moves in the commit that made it,
//! guards that do not hold.

mod answers;
mod draw;

use crate::world::*;
use answers::answers;
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;
use beckon_store::*;
use draw::{bucket_of, commit, number, shop, time};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Something done to a store.
#[derive(Clone, Debug)]
enum Act {
    Commit(Box<Commit>),
    Forget(Forget, ShopId, ShopTime),
    TakeParked(ShopId, u64),
    RaiseEpoch,
}

fn act() -> impl Strategy<Value = Act> {
    let what = prop::sample::select(vec![
        Forget::Events,
        Forget::Journal,
        Forget::Messages,
        Forget::Bodies,
        Forget::Seen,
    ]);
    prop_oneof![
        30 => commit().prop_map(|commit| Act::Commit(Box::new(commit))),
        2 => (what, shop(), time()).prop_map(|(what, shop, before)| Act::Forget(what, shop, before)),
        1 => (shop(), number()).prop_map(|(shop, number)| Act::TakeParked(shop, number)),
        1 => Just(Act::RaiseEpoch),
    ]
}

/// With the versions that follow those that are stored, except where another than the first was drawn: so
/// most commits happen, and some do not.
fn aimed(store: &Store, commit: &Commit) -> Commit {
    let mut commit = commit.clone();
    let found = store.load(&Wanted {
        profiles: commit.profiles.iter().map(|p| (p.shop, p.id, false)).collect(),
        orders: commit.orders.iter().map(|o| (o.shop, o.bucket, o.door)).collect(),
        addresses: commit.addresses.iter().map(|a| (a.shop, a.bucket, a.door)).collect(),
        ..Wanted::default()
    });
    let found = found.unwrap();
    let stored = (found.profiles.iter().map(|p| (('p', p.shop, p.id.0), p.version)))
        .chain(found.orders.iter().map(|(shop, door, version, _)| (('o', *shop, door.0), *version)))
        .chain(found.addresses.iter().map(|(shop, door, version, _)| (('a', *shop, door.0), *version)));
    let mut stored: BTreeMap<_, u64> = stored.collect();
    let written = (commit.profiles.iter_mut().map(|p| (('p', p.shop, p.id.0), &mut p.version)))
        .chain(commit.orders.iter_mut().map(|o| (('o', o.shop, o.door.0), &mut o.version)))
        .chain(commit.addresses.iter_mut().map(|a| (('a', a.shop, a.door.0), &mut a.version)));
    for (row, version) in written {
        let stored = stored.entry(row).or_default();
        if *version == 1 {
            *stored += 1;
            *version = *stored;
        }
    }
    commit
}

/// Does it and tells what came of it, without what each engine counts for itself.
fn done(store: &Store, act: &Act) -> String {
    match act {
        Act::Commit(commit) => {
            let mut commit = aimed(store, commit);
            commit.epoch += store.head().unwrap().epoch;
            let done = store.commit(&commit);
            format!("{done:?}")
        }
        Act::Forget(what, shop, before) => {
            let (mut cursor, mut deleted) = (Some(-1), 0);
            while let Some(at) = cursor {
                let done = store.forget(*what, *shop, *before, at).unwrap();
                (deleted, cursor) = (deleted + done.deleted, done.next);
            }
            format!("{deleted} forgotten")
        }
        Act::TakeParked(shop, number) => {
            format!("{:?}", store.take_parked(*shop, bucket_of(*number), *number).unwrap())
        }
        Act::RaiseEpoch => format!("{:?}", store.raise_epoch().unwrap()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_engines_answer_alike(acts in prop::collection::vec(act(), 1..40)) {
        let worlds = engines();
        let (first, others) = worlds.split_first().unwrap();
        for (n, act) in acts.iter().enumerate() {
            let expected = done(&first.store, act);
            for other in others {
                prop_assert_eq!(&done(&other.store, act), &expected, "{} of {:?}", n, acts);
            }
        }
        let expected = answers(&first.store);
        for other in others {
            for (answer, expected) in answers(&other.store).iter().zip(&expected) {
                prop_assert_eq!(answer, expected, "after {:?}", acts);
            }
        }
    }
}
