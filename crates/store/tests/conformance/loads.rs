//! A batch reads what it wants, and nothing of another shop or bucket.

use crate::world::*;
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_store::*;

#[test]
fn rows_of_many_buckets_come_back_as_they_were_written() {
    for w in engines() {
        let ids: Vec<_> = (0..40).map(profile_id).collect();
        let identities: Vec<_> =
            (0..40u64).map(|n| identity(n as u16 * 25, u64::MAX - n, ids[n as usize])).collect();
        w.commit(Commit {
            profiles: ids.iter().map(|id| profile(*id, 1)).collect(),
            identities: identities.clone(),
            events: vec![event(ids[0], u64::MAX)],
            seen: vec![SeenWrite { shop: SHOP, bucket: Bucket(7), number: 8, at: ShopTime(1) }],
            ..Commit::default()
        });
        let found = w.store.load(&Wanted {
            identities: identities.iter().map(|i| (SHOP, i.bucket, i.door)).collect(),
            events: vec![
                (SHOP, ids[0].bucket(), u64::MAX),
                (SHOP, Bucket(7), 8),
                (SHOP, Bucket(8), 8),
                (ShopId(2), Bucket(7), 8),
            ],
            profiles: ids.iter().map(|id| (SHOP, *id, false)).chain([(ShopId(2), ids[0], true)]).collect(),
            ..Wanted::default()
        });
        let found = found.unwrap();
        assert_eq!(found.identities.len(), 40);
        for (row, wrote) in found.identities.iter().zip(&identities) {
            assert_eq!((row.door, row.profile, &row.value), (wrote.door, wrote.profile, &wrote.value));
            assert_eq!((row.kind, row.strength, row.since), (wrote.kind, wrote.strength, wrote.since));
            assert_eq!((row.moves, row.moves_day), (wrote.moves, wrote.moves_day));
        }
        assert_eq!(found.events, vec![(SHOP, ids[0].bucket(), u64::MAX), (SHOP, Bucket(7), 8)]);
        let got: Vec<_> = found.profiles.iter().map(|p| (p.shop, p.id, p.version, p.warm.clone())).collect();
        assert_eq!(got, ids.iter().map(|id| (SHOP, *id, 1, None)).collect::<Vec<_>>());
    }
}

#[test]
fn an_identity_changes_hands() {
    for w in engines() {
        let (anna, boris) = (profile_id(1), profile_id(2));
        w.commit(Commit {
            identities: vec![identity(5, 5, anna), identity(6, 6, anna)],
            ..Commit::default()
        });
        w.commit(Commit { identities: vec![identity(5, 5, boris)], ..Commit::default() });
        let held =
            |id| -> Vec<_> { w.store.identities(SHOP, id).unwrap().into_iter().map(|i| i.door.0).collect() };
        assert_eq!((held(anna), held(boris)), (vec![6], vec![5]));
        let holders = w.store.holders(SHOP, &[(Bucket(5), DoorId(5)), (Bucket(6), DoorId(5))]).unwrap();
        assert_eq!(holders.iter().map(|i| i.profile).collect::<Vec<_>>(), [boris]);
    }
}
