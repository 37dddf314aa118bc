//! Tests of the tracking API over its router, with an intake that writes down what it gets.

mod captures;
mod events;
mod hostile;
mod protocol;
mod signing;
mod speed;

use super::{ClaimMode, Flag, Intake, Key, KeyKind, Reason, Refused, router};
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beckon_core::event::{Fact, Incoming, Line};
use beckon_core::ids::{DoorKind, MessageId, ShopId};
use beckon_core::time::{ShopTime, WallTime};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// 2026-11-22T15:00:00Z.
const WALL: i64 = 1_795_359_600_000;
/// A shop clock that is far from the wall clock, so that a mix-up of the two cannot go unseen.
const SHOP: i64 = 3_000_000_000_000;

/// An intake that writes down what it gets.
struct Recorder {
    wall: i64,
    /// What kind of key `WK_TEST` is.
    kind: KeyKind,
    refuse: Option<Refused>,
    events: Mutex<Vec<Incoming>>,
    flags: Mutex<Vec<Flag>>,
}

impl Recorder {
    fn new() -> Arc<Recorder> {
        Recorder::at(WALL, KeyKind::Write)
    }

    fn at(wall: i64, kind: KeyKind) -> Arc<Recorder> {
        Arc::new(Recorder { wall, kind, refuse: None, events: Mutex::default(), flags: Mutex::default() })
    }

    fn events(&self) -> Vec<Incoming> {
        std::mem::take(&mut self.events.lock().unwrap())
    }

    fn reasons(&self) -> Vec<Reason> {
        self.flags.lock().unwrap().drain(..).map(|flag| flag.reason).collect()
    }
}

impl Intake for Arc<Recorder> {
    fn key(&self, text: &str) -> Option<Key> {
        let (kind, mode) = match text {
            "WK_TEST" => (self.kind, ClaimMode::Open),
            "WK_SIGNED" => (KeyKind::Write, ClaimMode::Signed),
            "SK_TEST" => (KeyKind::Server, ClaimMode::Signed),
            _ => return None,
        };
        Some(Key { shop: ShopId(7), kind, mode })
    }
    fn now(&self) -> (ShopTime, WallTime) {
        (ShopTime(SHOP), WallTime(self.wall))
    }
    async fn submit(&self, shop: ShopId, events: Vec<Incoming>) -> Result<(), Refused> {
        assert_eq!(shop, ShopId(7));
        assert!(!events.is_empty());
        match self.refuse {
            Some(refused) => Err(refused),
            None => {
                self.events.lock().unwrap().extend(events);
                Ok(())
            }
        }
    }
    fn message_of(&self, _: ShopId, token: &str) -> Option<MessageId> {
        (token == "signed").then_some(MessageId(0xabc))
    }
    fn is_signed(&self, _: ShopId, text: &str, signature: &str) -> bool {
        let expected = signing::signed(text, "id_test");
        !text.is_empty() && signature == expected
    }
    fn flag(&self, shop: ShopId, flag: Flag) {
        assert_eq!((shop, flag.at), (ShopId(7), ShopTime(SHOP)));
        self.flags.lock().unwrap().push(flag);
    }
    fn refused(&self, code: &'static str) {
        assert!(super::CODES.contains(&code), "{code} has no words for people");
    }
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The code of a refusal; panics when the body has not the shape that SDKs need.
    fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        assert!(body["message"].as_str().is_some_and(|text| text.len() > 10), "{}", self.body);
        body["code"].as_str().unwrap().to_owned()
    }
}

async fn send(
    recorder: &Arc<Recorder>,
    method: Method,
    path: &str,
    headers: &[(String, String)],
    body: Body,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let response = router(Arc::clone(recorder)).oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(bytes.to_vec()).unwrap() }
}

fn basic(key: &str) -> Vec<(String, String)> {
    vec![("authorization".to_owned(), format!("Basic {}", STANDARD.encode(format!("{key}:"))))]
}

async fn post_as(recorder: &Arc<Recorder>, key: &str, path: &str, body: impl Into<Body>) -> Answer {
    send(recorder, Method::POST, path, &basic(key), body.into()).await
}

/// Posts with `WK_TEST`, expects 200.
async fn post(recorder: &Arc<Recorder>, path: &str, body: &str) {
    let answer = post_as(recorder, "WK_TEST", path, body.to_owned()).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, r#"{"success":true}"#), "{body}");
}

/// The events and flags of one call.
async fn one(path: &str, body: &str) -> (Option<Incoming>, Vec<Reason>) {
    let recorder = Recorder::new();
    post(&recorder, path, body).await;
    let mut events = recorder.events();
    assert!(events.len() <= 1);
    (events.pop(), recorder.reasons())
}

/// The fact of a `track` call with these properties.
async fn fact(event: &str, properties: &str) -> (Fact, Vec<Reason>) {
    let body = format!(r#"{{"anonymousId":"a-1","event":"{event}","properties":{properties}}}"#);
    let (incoming, reasons) = one("/v1/track", &body).await;
    (incoming.unwrap().event.fact, reasons)
}

/// Identities in a line: `user:u-1 anon:a-1`.
fn doors(incoming: &Incoming) -> String {
    let name = |kind| match kind {
        DoorKind::User => "user",
        DoorKind::Card => "card",
        DoorKind::Email => "email",
        DoorKind::Phone => "phone",
        DoorKind::Anonymous => "anon",
        DoorKind::Order => "order",
    };
    let doors: Vec<String> =
        incoming.identities.iter().map(|i| format!("{}:{}", name(i.door.kind), i.door.value)).collect();
    doors.join(" ")
}

/// A line in a word: `507/G-32 x1 @18.99RUB`.
fn line(line: &Line) -> String {
    let alt = if line.item.alt.is_empty() { String::new() } else { format!("/{}", line.item.alt) };
    let price = line.price.map(|p| format!(" @{}{}", p.decimal(), p.currency.code())).unwrap_or_default();
    format!("{}{alt} x{}{price}", line.item.id, line.quantity)
}

/// A fact in a line, for tables of expectations.
fn brief(fact: &Fact) -> String {
    let lines = |lines: &[Line]| lines.iter().map(line).collect::<Vec<_>>().join(", ");
    match fact {
        Fact::Page { path } => format!("page {path}"),
        Fact::Heartbeat => "heartbeat".to_owned(),
        Fact::ProductViewed { item } => format!("viewed {}/{}", item.id, item.alt),
        Fact::ProductDwelled { item, dwell_secs } => {
            format!("dwelled {}/{} {dwell_secs}s", item.id, item.alt)
        }
        Fact::ListViewed { category } => format!("list {category}"),
        Fact::CartAdded { cart, line: l } => format!("added [{cart}] {}", line(l)),
        Fact::CartRemoved { cart, line: l } => format!("removed [{cart}] {}", line(l)),
        Fact::CartIs { cart, lines: l } => format!("cart [{cart}] {}", lines(l)),
        Fact::CheckoutStarted { cart, lines: l } => format!("checkout [{cart}] {}", lines(l)),
        Fact::Order(o) => {
            let total = o.total.map(|t| format!("{}{}", t.decimal(), t.currency.code())).unwrap_or_default();
            format!("{:?} {} {total}: {}", o.status, o.id, lines(&o.lines))
        }
        Fact::Wished { item, on } => format!("wished {}/{} {on}", item.id, item.alt),
        Fact::Identified { traits } => format!("identified {}", traits.join(",")),
        Fact::BlocksSeen { blocks } => {
            let names: Vec<String> = blocks.iter().map(|b| format!("{}/{}", b.block, b.arm)).collect();
            format!("saw {}", names.join(", "))
        }
        Fact::BlockClicked { block, arm, item } => format!("picked {} in {block}/{arm}", item.id),
        Fact::CameFromMessage { message } => format!("from {message}"),
        Fact::Other { name, item } => match item {
            Some(item) => format!("other {name} {}/{}", item.id, item.alt),
            None => format!("other {name}"),
        },
    }
}
