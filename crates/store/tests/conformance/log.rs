//! The log of what was done, uses of keys, and texts of templates.

use crate::planes::planes;
use crate::world::*;
use beckon_core::catalogue::Offer;
use beckon_core::ids::ShopId;
use beckon_core::time::{DAY, ShopTime, WallTime};
use beckon_store::acting::{Acting, Actor, act};
use beckon_store::shop::*;

fn entry<'a>(action: &'a str, object: &'a str, at: i64, changes: &'a [Changed]) -> AuditWrite<'a> {
    AuditWrite { shop: SHOP, at: WallTime(at), action, object, changes }
}

#[test]
fn entries_are_written_in_the_name_of_whoever_acts() {
    for world in planes() {
        let plane = &world.plane;
        let anna = Actor {
            kind: "staff".to_owned(),
            name: "anna@example.org".to_owned(),
            ip: "192.0.2.7".to_owned(),
            route: "POST /settings".to_owned(),
        };
        let acting = Acting::new(anna);
        act(Some(acting.clone()), || {
            let body = Some(r#"{"from":"a@b.example"}"#);
            let (kind, name, at) = ("settings", "main", WallTime(5));
            let write = DocumentWrite { shop: SHOP, kind, name, expected_version: 0, body, at, by: "web" };
            plane.put(&write).unwrap();
            assert!(plane.put(&write).is_err());
            plane.note(&entry("customer.erased", "17", 6, &[]), "web").unwrap();
        });
        assert_eq!(acting.noted(), 2, "what was refused is not counted");
        let changes =
            [Changed { field: "зона".to_owned(), before: None, after: Some("Москва".to_owned()) }];
        plane.note(&entry("plan.applied", "x".repeat(300).as_str(), 7, &changes), "command line").unwrap();
        let log = |filter: AuditFilter| plane.audit(SHOP, &filter, None, 10).unwrap();
        let all = log(AuditFilter::default());
        let names: Vec<_> = all.iter().map(|row| (row.actor_kind.as_str(), row.actor.as_str())).collect();
        let staff = ("staff", "anna@example.org");
        assert_eq!(names, [("program", "command line"), staff, staff]);
        assert_eq!((all[0].object.len(), &all[0].changes[..]), (200, &changes[..]));
        assert_eq!((all[1].ip.as_str(), all[1].route.as_str()), ("192.0.2.7", "POST /settings"));
        let action = |action: &str| AuditFilter { action: action.to_owned(), ..AuditFilter::default() };
        assert_eq!(log(action("customer")).len(), 1, "the part before the dot");
        assert_eq!(log(action("custom")).len(), 0);
        let by = AuditFilter { actor: "anna@example.org".to_owned(), ..AuditFilter::default() };
        assert_eq!(log(by).len(), 2);
        let of = AuditFilter { object: "17".to_owned(), ..AuditFilter::default() };
        assert_eq!(log(of)[0].seq, all[1].seq);
        assert_eq!(plane.audit(SHOP, &AuditFilter::default(), Some(all[1].seq), 10).unwrap(), all[2..]);
        assert_eq!(plane.audit(ShopId(2), &AuditFilter::default(), None, 10).unwrap(), []);
    }
}

#[test]
fn the_log_forgets_addresses_and_then_itself() {
    for world in planes() {
        let plane = &world.plane;
        let nobody = Actor { kind: "nobody".to_owned(), ip: "192.0.2.9".to_owned(), ..Actor::default() };
        act(Some(Acting::new(nobody)), || {
            for day in 0..5 {
                plane.note(&entry("sign-in.failed", "", day * DAY.0, &[]), "web").unwrap();
            }
        });
        let log = || plane.audit(SHOP, &AuditFilter::default(), None, 100).unwrap();
        plane.prune_audit(SHOP, WallTime(92 * DAY.0)).unwrap();
        let ips: Vec<bool> = log().iter().map(|row| row.ip.is_empty()).collect();
        assert_eq!(ips, [false, false, false, true, true]);
        plane.prune_audit(ShopId(2), WallTime(999 * DAY.0)).unwrap();
        assert_eq!(log().len(), 5, "of another shop nothing is forgotten");
        plane.prune_audit(SHOP, WallTime(733 * DAY.0)).unwrap();
        assert_eq!(log().len(), 2);
    }
}

#[test]
fn keys_are_used_and_texts_are_kept_without_anybody_hearing_of_it() {
    for world in planes() {
        let plane = &world.plane;
        let before = plane.version().unwrap();
        plane.use_key(SHOP, "k1", WallTime(20)).unwrap();
        plane.use_key(SHOP, "k1", WallTime(10)).unwrap();
        plane.use_key(SHOP, "k2", WallTime(5)).unwrap();
        assert_eq!(
            plane.key_uses(SHOP).unwrap(),
            [("k1".to_owned(), WallTime(20)), ("k2".to_owned(), WallTime(5))]
        );
        assert_eq!(plane.key_uses(ShopId(2)).unwrap(), []);
        plane.keep_texts(SHOP, &[(1, "один"), (u64::MAX, "два")]).unwrap();
        plane.keep_texts(SHOP, &[(1, "другой"), (3, "три")]).unwrap();
        plane.keep_texts(SHOP, &[]).unwrap();
        assert_eq!(plane.text(SHOP, 1).unwrap().as_deref(), Some("один"), "a digest has one text");
        assert_eq!(plane.text(SHOP, u64::MAX).unwrap().as_deref(), Some("два"));
        assert_eq!(plane.text(SHOP, 3).unwrap().as_deref(), Some("три"));
        assert_eq!((plane.text(SHOP, 4).unwrap(), plane.text(ShopId(2), 1).unwrap()), (None, None));
        assert_eq!(plane.version().unwrap(), before);
    }
}

#[test]
fn odd_letters_neither_break_a_feed_nor_are_lost() {
    for world in planes() {
        let plane = &world.plane;
        let odd =
            |id: &str, title: &str| Offer { id: id.to_owned(), title: title.to_owned(), ..Offer::default() };
        let offers = [odd("a\0b", "Ёлка\0"), odd("\u{1F600}", "İstanbul ÇAY"), odd("'; --", "\\ \" %_")];
        let mut import = plane.import(SHOP, ShopTime(1)).unwrap();
        import.put(&offers).unwrap();
        import.finish(0.5).unwrap();
        for offer in &offers {
            assert_eq!(&plane.offer_by_id(SHOP, &offer.id).unwrap().unwrap().1, offer);
        }
        let found = |search| plane.page(SHOP, Some(search), None, None, 9).unwrap().len();
        assert_eq!((found("ёлка"), found("ЁЛКА"), found("çay"), found("%_"), found("_%")), (1, 1, 1, 1, 0));
        assert_eq!(plane.cards(SHOP, None, 9).unwrap().len(), 3);
    }
}
