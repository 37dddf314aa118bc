//! Documents keep their versions, followers hear of every change, sessions end.

use crate::planes::planes;
use crate::world::*;
use beckon_core::ids::ShopId;
use beckon_core::time::WallTime;
use beckon_store::shop::*;
use beckon_store::*;

fn write<'a>(
    kind: &'a str,
    name: &'a str,
    expected_version: u64,
    body: Option<&'a str>,
) -> DocumentWrite<'a> {
    DocumentWrite { shop: SHOP, kind, name, expected_version, body, at: WallTime(7), by: "anna" }
}

#[test]
fn a_document_is_written_only_over_the_version_that_was_read() {
    for world in planes() {
        let plane = &world.plane;
        assert_eq!(plane.put(&write("journey", "cart", 0, Some("{1}"))).unwrap(), 1);
        assert_eq!(plane.put(&write("journey", "cart", 1, Some("{2}"))).unwrap(), 2);
        for expected in [0, 1, 3] {
            let refused = plane.put(&write("journey", "cart", expected, Some("{x}")));
            assert!(
                matches!(&refused, Err(Error::Conflict(why)) if why.contains("version 2")),
                "{refused:?}"
            );
        }
        let version = plane.version().unwrap();
        let both = [write("graph", "new", 0, Some("{}")), write("journey", "cart", 9, Some("{}"))];
        assert!(matches!(plane.put_all(&both), Err(Error::Conflict(_))));
        assert_eq!(plane.get(SHOP, "graph", "new").unwrap(), None, "all or none");
        assert_eq!(plane.version().unwrap(), version);
        let row = plane.get(SHOP, "journey", "cart").unwrap().unwrap();
        assert_eq!((row.version, row.body.as_deref(), row.changed_by.as_str()), (2, Some("{2}"), "anna"));
        assert_eq!(plane.get(ShopId(2), "journey", "cart").unwrap(), None);
        let past: Vec<_> = plane.past(SHOP, "journey", "cart").unwrap().into_iter().map(|d| d.body).collect();
        assert_eq!(past, [Some("{1}".to_owned())]);
    }
}

#[test]
fn a_deleted_document_is_gone_and_followers_hear_of_it() {
    for world in planes() {
        let plane = &world.plane;
        plane.put(&write("template", "a", 0, Some("1"))).unwrap();
        plane.put(&write("template", "b", 0, Some("2"))).unwrap();
        let seen = plane.version().unwrap();
        plane.put(&write("template", "a", 1, None)).unwrap();
        assert!(matches!(plane.put(&write("template", "a", 2, None)), Err(Error::Conflict(_))));
        let names: Vec<_> = plane.list(SHOP, "template").unwrap().into_iter().map(|d| d.name).collect();
        assert_eq!(names, ["b"]);
        let changed: Vec<_> =
            plane.changed_since(seen).unwrap().into_iter().map(|d| (d.name, d.body)).collect();
        assert_eq!(changed, [("a".to_owned(), None)]);
        assert_eq!(plane.changed_since(plane.version().unwrap()).unwrap(), vec![]);
        assert_eq!(plane.put(&write("template", "a", 0, Some("3"))).unwrap(), 3, "versions go on");
    }
}

#[test]
fn another_process_sees_what_was_written_and_is_not_lost_against() {
    for world in planes() {
        let plane = &world.plane;
        let other = world.again();
        plane.put(&write("settings", "mail", 0, Some("1"))).unwrap();
        assert_eq!(other.get(SHOP, "settings", "mail").unwrap().unwrap().version, 1);
        let done: usize = std::thread::scope(|scope| {
            let writers: Vec<_> = [plane, &other]
                .into_iter()
                .map(|plane| {
                    scope.spawn(move || {
                        let mut done = 0;
                        while done < 50 {
                            let version = plane.get(SHOP, "settings", "mail").unwrap().unwrap().version;
                            match plane.put(&write("settings", "mail", version, Some("1"))) {
                                Ok(_) => done += 1,
                                Err(Error::Conflict(_)) => {}
                                Err(e) => panic!("{e}"),
                            }
                        }
                        done
                    })
                })
                .collect();
            writers.into_iter().map(|w| w.join().unwrap()).sum()
        });
        assert_eq!(plane.get(SHOP, "settings", "mail").unwrap().unwrap().version as usize, 1 + done);
    }
}

#[test]
fn sessions_are_kept_until_they_end() {
    for world in planes() {
        let plane = &world.plane;
        let session = |token: u8, staff: &str, until| Session {
            token: vec![token; 32],
            staff: staff.to_owned(),
            created: WallTime(1),
            seen: WallTime(1),
            until: WallTime(until),
            agent: "Firefox".to_owned(),
            ip: "192.0.2.1".to_owned(),
        };
        let anna = session(1, "anna", 100);
        plane.put_session(&anna).unwrap();
        plane.put_session(&session(2, "anna", 200)).unwrap();
        plane.put_session(&session(3, "boris", 50)).unwrap();
        assert_eq!(plane.session(&[1; 32], WallTime(100)).unwrap(), Some(anna.clone()));
        assert_eq!(plane.session(&[1; 32], WallTime(101)).unwrap(), None);
        plane.put_session(&Session { seen: WallTime(90), until: WallTime(300), ..anna }).unwrap();
        assert_eq!(plane.session(&[1; 32], WallTime(299)).unwrap().unwrap().seen, WallTime(90));
        assert_eq!(plane.end_sessions(None, WallTime(60)).unwrap(), 1);
        plane.end_session(&[2; 32]).unwrap();
        assert_eq!(plane.session(&[2; 32], WallTime(1)).unwrap(), None);
        assert_eq!(plane.end_sessions(Some("anna"), WallTime(0)).unwrap(), 1);
    }
}

#[test]
fn a_change_and_its_entry_in_the_log_are_one() {
    use beckon_store::shop::AuditFilter;
    for world in planes() {
        let plane = &world.plane;
        let log = || plane.audit(SHOP, &AuditFilter::default(), None, 100).unwrap();
        plane.put(&write("settings", "main", 0, Some(r#"{"stopped":false}"#))).unwrap();
        let both = [
            write("settings", "main", 1, Some(r#"{"stopped":true}"#)),
            write("settings", "other", 7, Some("{}")),
        ];
        assert!(matches!(plane.put_all(&both), Err(Error::Conflict(_))));
        assert_eq!(log().len(), 1, "what was not done is told");
        plane.put(&both[0]).unwrap();
        plane.put(&write("settings", "main", 2, None)).unwrap();
        let told: Vec<String> = log().into_iter().map(|entry| entry.action).collect();
        assert_eq!(told, ["settings.deleted", "settings.changed", "settings.created"]);
        let only = AuditFilter { action: "settings.changed".to_owned(), ..AuditFilter::default() };
        let changed = plane.audit(SHOP, &only, None, 100).unwrap();
        assert_eq!(changed[0].changes[0].after.as_deref(), Some("true"));
        assert_eq!(plane.audit(SHOP, &AuditFilter::default(), Some(changed[0].seq), 100).unwrap().len(), 1);
    }
}
