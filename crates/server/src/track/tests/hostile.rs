//! Whatever comes: an answer, never a panic, and bounds that hold.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// Any JSON, its names often those that are looked up.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[0-9@.a-z+ -]{0,20}".prop_map(Value::from),
        Just(json!("2026-11-22T15:00:00Z")),
        Just(json!("Order Completed")),
        Just(json!("Product Added")),
        Just(json!("Cart Viewed")),
    ];
    let names = [
        "userId",
        "anonymousId",
        "previousId",
        "type",
        "event",
        "properties",
        "traits",
        "context",
        "timestamp",
        "originalTimestamp",
        "sentAt",
        "email",
        "phone",
        "products",
        "product_id",
        "sku",
        "price",
        "quantity",
        "total",
        "currency",
        "order_id",
        "path",
        "url",
        "page",
        "consent",
        "name",
        "timezone",
        "locale",
        "messageId",
        "card",
    ];
    let name =
        prop_oneof![8 => prop::sample::select(names.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    leaf.prop_recursive(5, 80, 10, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..10)
                .prop_map(|fields| fields.into_iter().collect::<Value>()),
        ]
    })
}

fn check(incoming: &Incoming) {
    let event = &incoming.event;
    assert!(!incoming.identities.is_empty());
    assert!(event.occurred_at <= event.received_at && event.occurred_at.0 >= SHOP - 700_000_000_000);
    for identity in &incoming.identities {
        let value = &identity.door.value;
        assert!(!value.is_empty() && value.chars().count() <= 254 && !value.chars().any(char::is_control));
    }
    let stored = serde_json::to_string(event).unwrap();
    assert!(!stored.contains('@'), "{stored}");
    serde_json::from_str::<Incoming>(&serde_json::to_string(incoming).unwrap()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_get_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300), gzip in any::<bool>(), path in 0..3) {
        let bytes = if gzip { [&[0x1f, 0x8b], bytes.as_slice()].concat() } else { bytes };
        let path = ["/v1/track", "/v1/batch", "/v1/import"][path as usize];
        let recorder = Recorder::new();
        let answer = run(post_as(&recorder, "WK_TEST", path, bytes));
        prop_assert!(answer.status == StatusCode::OK || answer.status.is_client_error());
        if answer.status != StatusCode::OK {
            answer.code();
        }
    }

    #[test]
    fn any_json_gets_an_event_or_a_reason(
        mut call in any_json(),
        kind in prop::sample::select(&["identify", "track", "page", "screen", "group", "alias"][..]),
        event in prop::sample::select(&["Order Completed", "Cart Viewed", "Product Added", "Product Dwelled", "x"][..]),
    ) {
        if let Value::Object(fields) = &mut call {
            fields.entry("anonymousId").or_insert(json!("a-1"));
            fields.insert("event".into(), json!(event));
        }
        let recorder = Recorder::new();
        let answer = run(post_as(&recorder, "WK_TEST", &format!("/v1/{kind}"), call.to_string()));
        let (events, reasons) = (recorder.events(), recorder.reasons());
        events.iter().for_each(check);
        if call.is_object() {
            prop_assert_eq!(answer.status, StatusCode::OK);
            prop_assert!(events.len() == 1 || reasons.iter().any(|reason| reason.loses_event()));
        } else {
            prop_assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        }
    }

    #[test]
    fn one_bad_event_never_loses_the_others(items in prop::collection::vec(any_json(), 0..5)) {
        let good = json!({"type": "page", "anonymousId": "good", "messageId": "good"});
        let mut batch = items;
        batch.insert(batch.len() / 2, good);
        let recorder = Recorder::new();
        let answer = run(post_as(&recorder, "WK_TEST", "/v1/batch", json!({ "batch": batch }).to_string()));
        prop_assert_eq!(answer.status, StatusCode::OK);
        let events = recorder.events();
        events.iter().for_each(check);
        prop_assert!(events.iter().any(|i| doors(i) == "anon:good"));
    }
}

#[tokio::test]
async fn deep_json_is_no_way_in() {
    let deep = format!(r#"{{"anonymousId":"a","x":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(one("/v1/page", &deep).await, (None, vec![Reason::Unreadable]));
}
