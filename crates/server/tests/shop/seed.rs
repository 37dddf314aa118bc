//! A shop with goods and two shoppers who left their carts: one agreed to mail, one never did.

use crate::support::{Answer, Browser, World};
use axum::http::{Request, StatusCode};
use beckon_core::event::{Event, Fact, Identity, Incoming, ItemRef, Line, Mode, Source, Strength, Traits};
use beckon_core::ids::{Door, DoorKind, MessageId};
use beckon_core::input::{Delivered, Input, Outcome};
use beckon_core::time::MINUTE;
use beckon_core::wire::Hash64;
use beckon_server::app::SHOP;
use beckon_server::connect::import;
use beckon_server::facts::message;
use beckon_server::journeys::{self, Change, Stamp};
use beckon_server::run::follow;
use beckon_server::run::task::{Answer as Done, Task};
use beckon_server::sent;
use serde_json::Value;
use std::time::{Duration, Instant};

/// What a stranger may try wherever text goes.
pub const EVIL: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";

/// Two good offers, one with hostile text, one broken.
pub fn feed() -> String {
    let evil = EVIL.replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<yml_catalog date=\"2026-11-22 10:00\"><shop><name>K</name>\
         <currencies><currency id=\"RUB\" rate=\"1\"/></currencies><categories><category id=\"1\">Kettles</category>\
         </categories><offers>\n<offer id=\"kettle\" available=\"true\"><name>Red kettle</name><price>1990.50</price>\
         <currencyId>RUB</currencyId><categoryId>1</categoryId><url>https://shop.example/kettle</url>\
         <picture>https://shop.example/kettle.jpg</picture></offer>\n<offer id=\"evil\" available=\"true\"><name>{evil}\
         </name><price>10</price><currencyId>RUB</currencyId><categoryId>1</categoryId><vendor>{evil}</vendor>\
         <description>{evil}</description><url>javascript:alert(1)</url></offer>\n\
         <offer id=\"broken\"><name></name></offer>\n</offers></shop></yml_catalog>\n"
    )
}

/// A cart put together by somebody with an address.
pub fn cart(world: &World, number: u64, email: &str, item: &str, consent: Option<bool>) -> Incoming {
    let now = world.app.now();
    let item = ItemRef { id: item.to_owned(), alt: String::new() };
    let door = |kind, value: &str, strength| Identity { door: Door::new(kind, value), strength };
    Incoming {
        event: Event {
            number,
            occurred_at: now,
            received_at: now,
            mode: Mode::Live,
            source: Source::Server,
            fact: Fact::CartAdded { cart: String::new(), line: Line { item, quantity: 2, price: None } },
        },
        identities: vec![
            door(DoorKind::User, &format!("user-{number}"), Strength::Proved),
            door(DoorKind::Email, email, Strength::Proved),
            door(DoorKind::Anonymous, &format!("browser-{number}"), Strength::Claimed),
        ],
        traits: Traits {
            email: Some(email.to_owned()),
            first_name: Some("Ada".to_owned()),
            email_consent: consent,
            ..Traits::default()
        },
    }
}

pub async fn send(world: &World, events: Vec<Incoming>) {
    let done = world.app.decider.ask(|reply| Task::Events { shop: SHOP, events, reply }).await;
    assert!(matches!(done, Ok(Done::Done)), "{done:?}");
}

/// The shop as described above, twenty minutes after both left.
pub async fn left_carts(world: &World) {
    let app = &world.app;
    import::read(&app.plane, SHOP, feed().as_bytes(), app.now(), &mut |_| {}).unwrap();
    let set = [("holdout", "0"), ("global_holdout", "0")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    let change = Change { on: Some(true), set: set.into(), ..Change::default() };
    let stamp = Stamp { at: app.clock.wall(), now: app.now(), by: "test" };
    journeys::change(&app.plane, Some("abandoned-cart"), &change, stamp).unwrap();
    follow::reload_if_changed(app).unwrap();
    let ada = cart(world, 1, "ada@shop.example", "kettle", Some(true));
    let mut eve = cart(world, 2, "eve@shop.example", "evil", None);
    eve.traits.first_name = Some(EVIL.to_owned());
    eve.traits.other = [(EVIL.to_owned(), EVIL.to_owned())].into();
    eve.identities[0].door.value = EVIL.to_owned();
    send(world, vec![ada, eve]).await;
    app.clock.jump(app.now().plus(MINUTE.times(20)));
    let begun = Instant::now();
    loop {
        let all = call(world, "GET", "/api/v1/messages", "").await;
        if all["messages"].as_array().unwrap().len() == 2 {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "nobody decided: {all}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Sends the approved message as the sender does, to a relay that takes it.
pub async fn sent(world: &World) -> String {
    handed(world, Delivered::Sent, "250 taken").await
}

/// The same, to a relay that answers so.
pub async fn handed(world: &World, result: Delivered, said: &str) -> String {
    let app = &world.app;
    let taken = app.decider.ask(|reply| Task::Take { most: 9, reply }).await.unwrap();
    let Done::Taken(rows) = taken else { panic!("{taken:?}") };
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    let draft = message::draft(app, row).unwrap_or_else(|why| panic!("{why:?}"));
    let content: Hash64 = draft.content;
    let (mut kept, template) = sent::keep(app, row, draft.locale, draft.facts).unwrap();
    (kept.from, kept.to) = ("Kettles <shop@example.com>".to_owned(), draft.email);
    let letter = sent::letter(row, &kept, &template, &app.links()).unwrap();
    kept.rendered = sent::fingerprint(&letter.rendered);
    let body = serde_json::to_vec(&kept).unwrap();
    let (message, profile): (MessageId, _) = (row.id, row.profile);
    let keep =
        |reply| Task::Keep { shop: SHOP, message, body, profile, content, address: row.address, reply };
    let kept = app.decider.ask(keep).await.unwrap();
    assert!(matches!(kept, Done::Verdict(beckon_core::effect::Verdict::Hand)), "{kept:?}");
    let outcome = Outcome { message, address: row.address, result, note: said.to_owned() };
    let input = Input::Outcome(outcome);
    app.decider.ask(|reply| Task::Input { shop: SHOP, profile, input, reply }).await.unwrap();
    message.to_string()
}

/// Calls the API with the server key.
pub async fn raw(world: &World, method: &str, path: &str, body: &str, language: &str) -> Answer {
    let mut browser: Browser = world.browser();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {}", world.server_key))
        .header("accept-language", language);
    browser.send(request, body.to_owned()).await
}

/// Calls the API and reads the answer; anything but success fails the test.
pub async fn call(world: &World, method: &str, path: &str, body: &str) -> Value {
    let answer = raw(world, method, path, body, "en").await;
    assert!(answer.status.is_success(), "{method} {path}: {} {}", answer.status, answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

/// Calls the API and expects a refusal.
pub async fn refused(world: &World, method: &str, path: &str, body: &str) -> (StatusCode, Value) {
    let answer = raw(world, method, path, body, "en").await;
    let value: Value = serde_json::from_str(&answer.text).unwrap_or_else(|_| panic!("{}", answer.text));
    assert!(value["code"].is_string() && value["message"].is_string(), "{value}");
    (answer.status, value)
}

/// A key of the owner's own tools.
pub fn admin_key(world: &World) -> String {
    use beckon_server::access::keys::NewKey;
    use beckon_server::access::rights::Scope;
    let new = NewKey::scoped(&Scope::ALL, "owner");
    let body = serde_json::to_string(&new.document).unwrap();
    let write = beckon_store::shop::DocumentWrite {
        shop: SHOP,
        kind: beckon_server::settings::kind::KEY,
        name: &new.name,
        expected_version: 0,
        body: Some(&body),
        at: world.app.clock.wall(),
        by: "test",
    };
    world.app.plane.put(&write).unwrap();
    follow::reload_if_changed(&world.app).unwrap();
    new.key
}

/// Calls the API with a key; whatever is answered.
pub async fn ask(world: &World, key: &str, method: &str, path: &str, body: &str) -> (StatusCode, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {key}"))
        .header("accept-language", "en");
    let answer = world.browser().send(request, body.to_owned()).await;
    let kind = answer.headers.get("content-type").map(|kind| kind.to_str().unwrap()).unwrap_or_default();
    if !answer.status.is_success() {
        assert_eq!(kind, "application/problem+json", "{method} {path}: {}", answer.text);
    }
    let read = || serde_json::from_str(&answer.text).unwrap_or_else(|_| panic!("{}", answer.text));
    (answer.status, if kind.ends_with("json") { read() } else { Value::String(answer.text.clone()) })
}

/// Parks an event that can be applied.
pub fn park(world: &World, number: u64) {
    use beckon_server::run::letterbox::Parked;
    let incoming = cart(world, number, "parked@shop.example", "kettle", None);
    let bucket = incoming.identities[0].door.bucket(SHOP);
    let head = world.app.store.head().unwrap();
    let parked = beckon_store::ParkedWrite {
        shop: SHOP,
        bucket,
        number,
        at: head.now,
        reason: "a test".to_owned(),
        body: serde_json::to_vec(&Parked::Event(Box::new(incoming))).unwrap(),
    };
    let commit = beckon_store::Commit {
        epoch: head.epoch,
        now: head.now,
        parked: vec![parked],
        ..beckon_store::Commit::default()
    };
    world.app.store.commit(&commit).unwrap();
}
