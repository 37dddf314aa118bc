//! Keys and parked inputs.

use crate::support::World;
use axum::http::StatusCode;
use beckon_core::event::{Event, Fact, Identity, Incoming, Mode, Source, Strength, Traits};
use beckon_core::ids::{Door, DoorKind};
use beckon_core::time::ShopTime;
use beckon_server::app::SHOP;
use beckon_server::run::letterbox::Parked;
use beckon_store::{Commit, ParkedWrite};

#[tokio::test]
async fn a_server_key_is_shown_once_works_and_ends() {
    let (world, mut browser) = World::with_owner().await;
    let csrf = browser.get("/developers/keys").await.csrf();
    let made = browser.post("/developers/keys", &[("csrf", &csrf), ("kind", "server")]).await;
    let key = made.text.split("<code>sk_").nth(1).unwrap().split('<').next().unwrap();
    let key = format!("sk_{key}");
    assert!(world.app.shop().keys.is_server(&key));
    let later = browser.get("/developers/keys").await;
    assert!(!later.text.contains(&key), "the key is shown again");
    let mine = later.text.split("<tr>").find(|row| row.contains(&key[..7])).unwrap();
    let value = |name: &str| {
        let rest = mine.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let fields = [("csrf", csrf.as_str()), ("name", &value("name")), ("version", &value("version"))];
    assert_eq!(browser.post("/developers/keys/delete", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(!world.app.shop().keys.is_server(&key));
}

fn incoming() -> Incoming {
    let at = ShopTime(1_700_000_000_000);
    Incoming {
        event: Event {
            number: 7,
            occurred_at: at,
            received_at: at,
            mode: Mode::Live,
            source: Source::Browser,
            fact: Fact::Page { path: "/kettles".to_owned() },
        },
        identities: vec![Identity {
            door: Door::new(DoorKind::Anonymous, "a1"),
            strength: Strength::Claimed,
        }],
        traits: Traits::default(),
    }
}

fn park(world: &World, number: u64, body: Vec<u8>) {
    let bucket = incoming().identities[0].door.bucket(SHOP);
    let head = world.app.store.head().unwrap();
    let parked = ParkedWrite {
        shop: SHOP,
        bucket,
        number,
        at: ShopTime(1_700_000_000_000),
        reason: "a test".to_owned(),
        body,
    };
    let commit = Commit { epoch: head.epoch, now: head.now, parked: vec![parked], ..Commit::default() };
    world.app.store.commit(&commit).unwrap();
}

#[tokio::test]
async fn a_parked_event_is_applied_when_it_is_tried_again() {
    let (world, mut browser) = World::with_owner().await;
    park(&world, 1, serde_json::to_vec(&Parked::Event(Box::new(incoming()))).unwrap());
    let page = browser.get("/developers/parked").await;
    assert!(page.text.contains("a test") && page.text.contains("Page Viewed"));
    let fields = [
        ("csrf", page.csrf()),
        ("bucket", page.field("bucket")),
        ("number", page.field("number")),
        ("at", page.field("at")),
        ("action", "retry".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(browser.post("/developers/parked", &fields).await.status, StatusCode::SEE_OTHER);
    assert!(world.app.store.parked(SHOP, None, 10).unwrap().is_empty());
    assert_eq!(world.app.store.customers(SHOP, None, 10).unwrap().len(), 1, "the event was not applied");
    assert!(browser.get("/developers/parked").await.text.contains("It was applied"));
}

#[tokio::test]
async fn what_cannot_be_read_stays_until_it_is_dropped() {
    let (world, mut browser) = World::with_owner().await;
    park(&world, 2, b"?".to_vec());
    let page = browser.get("/developers/parked").await;
    let send = async |browser: &mut crate::support::Browser, action: &str| {
        let fields = [
            ("csrf", page.csrf()),
            ("bucket", page.field("bucket")),
            ("number", page.field("number")),
            ("at", page.field("at")),
            ("action", action.to_owned()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/developers/parked", &fields).await
    };
    send(&mut browser, "retry").await;
    assert_eq!(world.app.store.parked(SHOP, None, 10).unwrap().len(), 1);
    send(&mut browser, "drop").await;
    assert!(world.app.store.parked(SHOP, None, 10).unwrap().is_empty());
}

fn signature(key: &str, text: &str) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key.as_bytes());
    ring::hmac::sign(&key, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn the_signing_key_is_shown_once_and_the_old_one_counts_until_it_must_not() {
    let (world, mut browser) = World::with_owner().await;
    assert!(world.app.shop().signing.is_none());
    let mut make = async |old: &str| {
        let csrf = browser.get("/developers/signing").await.csrf();
        let answer = browser.post("/developers/signing", &[("csrf", &csrf), ("old", old)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let key = answer.text.split("<code>id_").nth(1).unwrap().split('<').next().unwrap();
        let key = format!("id_{key}");
        assert!(!browser.get("/developers/signing").await.text.contains(&key), "the key is shown again");
        (signature(&key, "42"), key)
    };
    let proves = |given: &str| {
        let now = world.app.clock.wall();
        world.app.shop().signing.as_ref().is_some_and(|signing| signing.proves("42", given, now))
    };
    let (first, key) = make("").await;
    assert!(proves(&first));
    let (second, _) = make("keep").await;
    assert!(proves(&second) && proves(&first));
    let (third, _) = make("end").await;
    assert!(proves(&third) && !proves(&second) && !proves(&first));
    let log = format!("{:?}", world.app.plane.audit(SHOP, &Default::default(), None, 100).unwrap());
    assert!(log.contains("signing.created") && log.contains("signing.changed") && !log.contains(&key));
}
