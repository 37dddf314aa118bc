//! What unmodified SDKs of Segment and RudderStack really sent, replayed. The expectations were written by hand from
//! the requests. The captures are not ours and not in the repository; without them the tests say so.

use super::*;
use beckon_core::event::{Source, Strength};
use serde_json::Value;
use std::path::PathBuf;

/// A request as it was captured.
struct Captured {
    at_millis: i64,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

fn folder() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("../shared/data/captures");
    if !folder.is_dir() {
        println!("skipped: no ../shared");
        return None;
    }
    Some(folder)
}

fn read(name: &str) -> Option<Vec<Captured>> {
    let text = std::fs::read_to_string(folder()?.join(name)).unwrap();
    let requests = text.lines().map(|line| {
        let request: Value = serde_json::from_str(line).unwrap();
        let headers = request["headers"].as_array().unwrap().iter();
        let body = match (&request["raw_b64"], &request["json"], &request["body_text"]) {
            (Value::String(raw), _, _) => STANDARD.decode(raw).unwrap(),
            (_, json @ Value::Object(_), _) => json.to_string().into_bytes(),
            (_, _, text) => text.as_str().unwrap_or_default().as_bytes().to_vec(),
        };
        Captured {
            at_millis: (request["t"].as_f64().unwrap() * 1e3) as i64,
            method: request["method"].as_str().unwrap().parse().unwrap(),
            path: request["path"].as_str().unwrap().to_owned(),
            headers: headers
                .map(|h| (h[0].as_str().unwrap().to_owned(), h[1].as_str().unwrap().to_owned()))
                .filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"))
                .collect(),
            body,
        }
    });
    Some(requests.collect())
}

/// Replays the POSTs of a capture and compares each event with `identities | fact | age in milliseconds`.
async fn replay(name: &str, kind: KeyKind, expected: &[&str]) -> Vec<Incoming> {
    let Some(requests) = read(name) else { return Vec::new() };
    let mut all = Vec::new();
    for request in requests.into_iter().filter(|r| r.method == Method::POST) {
        let recorder = Recorder::at(request.at_millis, kind);
        let answer =
            send(&recorder, request.method, &request.path, &request.headers, request.body.into()).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, r#"{"success":true}"#), "{name}");
        assert_eq!(recorder.reasons(), [], "{name}");
        all.extend(recorder.events());
    }
    let (strength, source) = match kind {
        KeyKind::Write => (Strength::Claimed, Source::Browser),
        KeyKind::Server => (Strength::Proved, Source::Server),
    };
    for event in &all {
        assert!(event.identities.iter().all(|i| i.strength == strength) && event.event.source == source);
        assert_eq!(event.event.received_at, ShopTime(SHOP));
    }
    let briefs: Vec<String> = all
        .iter()
        .map(|i| format!("{} | {} | {}", doors(i), brief(&i.event.fact), SHOP - i.event.occurred_at.0))
        .collect();
    assert_eq!(briefs, expected, "{name}");
    all
}

const SEG: &str = "31127307-4890-4645-a64a-fd0af4213432";

#[tokio::test]
async fn analytics_next_in_a_browser() {
    let expected = [
        format!(
            "user:u-1 email:ivan@example.com anon:{SEG} | identified email,first_name,locale,time_zone | 61"
        ),
        format!("user:u-1 anon:{SEG} | other Group | 45"),
        format!("user:u-1 anon:{SEG} | page /static/seg.html | 131"),
        format!("user:u-1 anon:{SEG} | viewed 1/ | 56"),
        format!("user:u-1 anon:{SEG} | identified  | 40"),
    ];
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let events = replay("browser-segment-analytics-next-1.84.3.jsonl", KeyKind::Write, &expected).await;
    if let [identify, group, page, ..] = events.as_slice() {
        assert_eq!(identify.traits.email.as_deref(), Some("ivan@example.com"));
        assert_eq!(identify.traits.time_zone.as_deref(), Some("UTC"));
        assert_eq!(identify.traits.locale.as_deref(), Some("en-US"));
        assert!(group.traits.is_empty(), "the traits of a group are not hers");
        assert_eq!(page.traits.locale.as_deref(), Some("en-US"));
    }
}

#[tokio::test]
async fn analytics_next_in_batches() {
    const A: &str = "07cfecdd-abc5-4151-ad21-c369e3310cb1";
    let expected = [
        format!("user:u-1 anon:{A} | page /static/seg.html | 1187"),
        format!(
            "user:u-1 email:ivan@example.com anon:{A} | identified email,first_name,locale,time_zone | 1029"
        ),
        format!("user:u-1 anon:{A} | viewed 1/ | 1022"),
        format!("user:u-1 anon:{A} | other Group | 1015"),
        format!("user:u-1 anon:{A} | identified  | 1011"),
    ];
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    replay("browser-segment-analytics-next-1.84.3-batching.jsonl", KeyKind::Write, &expected).await;
}

fn rudder_browser(anonymous: &str, ages: [u32; 5]) -> Vec<String> {
    let known = format!("user:u-1 email:ivan@example.com anon:{anonymous}");
    let both = format!("user:u-2 user:u-1 email:ivan@example.com anon:u-1 anon:{anonymous}");
    let [page, identify, track, group, alias] = ages;
    vec![
        format!("anon:{anonymous} | page /static/rudder.html | {page}"),
        format!("{known} | identified email,locale | {identify}"),
        format!("{known} | viewed 1/ | {track}"),
        format!("{known} | other Group | {group}"),
        format!("{both} | identified email | {alias}"),
    ]
}

#[tokio::test]
async fn rudderstack_in_a_browser() {
    let expected = rudder_browser("876b36b6-16f4-4c9e-a794-0566bc8de53a", [5, 3, 9, 5, 5]);
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    replay("browser-rudderstack-analytics-js.jsonl", KeyKind::Write, &expected).await;
    let expected = rudder_browser("55f72c60-dd27-47d5-83b2-0eadb898cc31", [5020, 5014, 5009, 5006, 4997]);
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let events = replay("browser-rudderstack-analytics-js-beacon.jsonl", KeyKind::Write, &expected).await;
    if let Some(page) = events.first() {
        assert_eq!(page.traits.time_zone, None, "GMT+0000 is no zone of the IANA database");
    }
}

#[tokio::test]
async fn segment_on_node() {
    let expected = [
        "user:u-1 email:ivan@example.com phone:79161234567 anon:anon-1 | identified createdAt,email,first_name,phone | 15",
        "user:u-1 | viewed 507f1f77/G-32 | 13",
        "anon:anon-1 | Completed o1 27.50XXX: 1 x1 @19XXX | 80804629575",
        "user:u-1 | page / | 10",
        "user:u-1 | page Cart | 10",
        "user:u-1 | other Group | 10",
        "user:u-1 anon:anon-1 | identified  | 10",
    ];
    let events = replay("segment-analytics-node-3.1.0.jsonl", KeyKind::Server, &expected).await;
    if let Some(identify) = events.first() {
        assert_eq!(identify.traits.first_name.as_deref(), Some("Иван"));
        assert_eq!(identify.traits.other["createdAt"], "2024-05-01T10:00:00.000Z");
    }
    let expected = [
        "user:u-1 email:ivan@example.com | identified email | 1",
        "user:u-1 | added [] 1 x1 @10XXX | 1",
        "user:u-1 | page Home | 1",
        "user:u-1 | page Cart | 0",
        "user:u-1 | other Group | 0",
        "user:u-1 anon:anon | identified  | 0",
    ];
    replay("segment-analytics-node-legacy-6.2.0.jsonl", KeyKind::Server, &expected).await;
}

#[tokio::test]
async fn segment_on_python() {
    for (name, age) in
        [("segment-analytics-python-2.4.0.jsonl", 500), ("segment-analytics-python-2.4.0-gzip.jsonl", 501)]
    {
        let expected = [
            "user:u-1 email:ivan@example.com | identified createdAt,email",
            "user:u-1 | added [] 1 x1 @10XXX",
            "user:u-1 | page /",
            "user:u-1 | page Cart",
            "user:u-1 | other Group",
            "user:u-1 anon:anon | identified ",
            "anon:anon | Completed o1 25XXX: ",
        ]
        .map(|line| format!("{line} | {age}"));
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        replay(name, KeyKind::Server, &expected).await;
    }
    let expected = [
        "user:u-1 email:ivan@example.com | identified email | 538",
        "user:u-1 | added [] 1 x1 | 538",
        "user:u-1 anon:anon | identified  | 538",
    ];
    replay("analytics-python-legacy-1.4.jsonl", KeyKind::Server, &expected).await;
}

#[tokio::test]
async fn rudderstack_on_servers() {
    for (name, ages) in [
        ("rudder-sdk-node-3.0.13.jsonl", [1, 62, 61, 61, 61, 61]),
        ("rudder-sdk-node-3.0.13-nogzip.jsonl", [1, 56, 50, 50, 50, 50]),
        ("rudder-sdk-python-2.1.9.jsonl", [500; 6]),
        ("rudder-sdk-python-2.1.9-gzip.jsonl", [500; 6]),
    ] {
        let price = if name.contains("node") { " @10XXX" } else { "" };
        let expected = [
            "user:u-1 email:ivan@example.com | identified email".to_owned(),
            format!("user:u-1 | added [] 1 x1{price}"),
            "user:u-1 | page Home".to_owned(),
            "user:u-1 | page Cart".to_owned(),
            "user:u-1 | other Group".to_owned(),
            "user:u-1 anon:anon | identified ".to_owned(),
        ];
        let expected: Vec<String> =
            expected.iter().zip(ages).map(|(line, age)| format!("{line} | {age}")).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let events = replay(name, KeyKind::Server, &expected).await;
        if let Some(identify) = events.first() {
            assert_eq!(identify.traits.email.as_deref(), Some("ivan@example.com"), "{name}");
        }
    }
}

#[tokio::test]
async fn a_retry_has_the_numbers_of_its_first_copy() {
    for (name, tries) in [
        ("retry-segment-node-400.jsonl", 1),
        ("retry-segment-node-429.jsonl", 6),
        ("retry-segment-node-500.jsonl", 5),
        ("retry-segment-py-400-codebody.jsonl", 1),
        ("retry-segment-py-400.jsonl", 7),
        ("retry-segment-py-429.jsonl", 7),
        ("retry-segment-py-500.jsonl", 7),
    ] {
        let Some(requests) = read(name) else { return };
        assert_eq!(requests.len(), tries, "{name}");
        let mut numbers = Vec::new();
        for request in requests {
            let recorder = Recorder::at(request.at_millis, KeyKind::Server);
            send(&recorder, request.method, &request.path, &request.headers, request.body.into()).await;
            assert_eq!(recorder.reasons(), [], "{name}");
            numbers.push(recorder.events().iter().map(|i| i.event.number).collect::<Vec<u64>>());
        }
        assert!(numbers.iter().all(|of_try| *of_try == numbers[0]), "{name}");
        let mut unique = numbers.swap_remove(0);
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), 7, "{name}");
    }
}

#[tokio::test]
async fn preflights_of_browser_sdks_are_allowed() {
    for name in [
        "browser-segment-analytics-next-1.84.3.jsonl",
        "browser-segment-analytics-next-1.84.3-batching.jsonl",
        "browser-rudderstack-analytics-js.jsonl",
        "browser-rudderstack-analytics-js-beacon.jsonl",
    ] {
        let Some(requests) = read(name) else { return };
        let preflights: Vec<Captured> =
            requests.into_iter().filter(|r| r.method == Method::OPTIONS).collect();
        assert!(!preflights.is_empty(), "{name}");
        for request in preflights {
            let header = |wanted: &str| {
                let found = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
                found.map(|(_, value)| value.clone()).unwrap()
            };
            let (origin, wanted) = (header("origin"), header("access-control-request-headers"));
            let answer =
                send(&Recorder::new(), request.method, &request.path, &request.headers, Body::empty()).await;
            assert!(answer.status.is_success(), "{name}");
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert_eq!(answer.header("access-control-allow-headers"), wanted);
            assert!(answer.header("access-control-allow-methods").contains("POST"));
        }
    }
}

#[tokio::test]
async fn settings_have_the_shape_with_which_sdks_started() {
    fn shape(value: &Value) -> Value {
        match value {
            Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
            Value::Array(list) => Value::Array(list.iter().map(shape).collect()),
            Value::String(_) => "text".into(),
            other => other.clone(),
        }
    }
    let Some(folder) = folder() else { return };
    for (path, name) in [
        ("/v1/projects/WK_TEST/settings", "settings-segment-browser.json"),
        ("/sourceConfig/?p=npm&v=3.34.1&writeKey=WK_TEST", "settings-rudder-browser.json"),
        ("/sourceConfig?writeKey=WK_TEST", "settings-rudder-browser.json"),
    ] {
        let answer = send(&Recorder::new(), Method::GET, path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::OK);
        let ours: Value = serde_json::from_str(&answer.body).unwrap();
        let theirs: Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap();
        assert_eq!(shape(&ours), shape(&theirs), "{name}");
        assert!(answer.body.contains("WK_TEST"));
    }
}

#[tokio::test]
async fn the_examples_of_the_specification_are_understood() {
    let Some(folder) = folder() else { return };
    let text = std::fs::read_to_string(folder.join("../segment-ecommerce-v2.json")).unwrap();
    let specification: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(specification.len(), 28);
    let mut understood = 0;
    for (name, about) in &specification {
        for example in about["examples"].as_array().unwrap().iter().filter(|e| e["properties"].is_object()) {
            let (fact, reasons) = fact(name, &example["properties"].to_string()).await;
            // A product that came from a wish list is in the cart like any other.
            let expected = if name == "Wishlist Product Added to Cart" { "Product Added" } else { name };
            assert_eq!((fact.name(), reasons), (expected, vec![]), "{example}");
            understood += 1;
        }
    }
    assert!(understood >= 25, "{understood}");
}
