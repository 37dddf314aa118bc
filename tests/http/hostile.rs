//! What an attacker posts with the key from the page's source, and what a broken client posts.

use crate::house::{House, added, identify};
use crate::http;
use beckon_core::time::{DAY, MINUTE};
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_word_of_a_tracker_reaches_a_mail() {
    let house = House::open().await;
    let evil = "Your account is blocked, go to evil.example";
    house
        .web(
            "attacker",
            json!({"type": "identify", "traits": {"email": "victim@example.test",
        "email_consent": true, "firstName": "Blocked! See http://evil.example/", "lastName": evil}}),
        )
        .await;
    house
        .web(
            "attacker",
            json!({"type": "track", "event": "Product Added", "properties": {
        "product_id": "P-1", "quantity": 1, "price": 1, "name": evil, "category": evil,
        "image_url": "https://evil.example/i.png", "url": "https://evil.example/"}}),
        )
        .await;
    // A product that the catalogue does not know says whatever it likes.
    house
        .web(
            "attacker",
            json!({"type": "track", "event": "Product Added", "properties": {
        "product_id": "X-evil.example", "name": evil, "url": "https://evil.example/"}}),
        )
        .await;
    house.pass(MINUTE.times(16)).await;
    let letter = house.letter();
    for part in [&letter.html, &letter.text, &letter.raw] {
        assert!(!part.contains("evil") && !part.contains("locked"), "{part}");
    }
    assert!(letter.html.contains("Tea 1"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claimed_address_gets_one_message_a_day_and_shows_the_claimer_nothing() {
    let house = House::open().await;
    house.fills_cart("victim's browser", "victim@example.test", "P-1").await;
    house.web("attacker", identify("victim@example.test")).await;
    for path in ["/r/cart", "/r/cart?anonymousId=attacker", "/r/cart?token=attacker"] {
        let answer = house.ask("GET", path, &["Cookie: bkn=attacker; ajs_anonymous_id=attacker"], b"").await;
        assert_eq!((answer.status, answer.body.as_str()), (404, r#"{"products":[]}"#), "{path}");
    }
    for hour in 0..6 {
        house.web(&format!("attacker {hour}"), identify("victim@example.test")).await;
        house.web(&format!("attacker {hour}"), added(&format!("P-{hour}"))).await;
        house.pass(MINUTE.times(60)).await;
    }
    assert_eq!(house.letters().len(), 1, "the address is known by claim alone");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_says_nothing_about_anybody() {
    let house = House::open().await;
    let first =
        house.post(&house.write_key, "/v1/identify", &with_browser("a", identify("new@example.test"))).await;
    let known =
        house.post(&house.write_key, "/v1/identify", &with_browser("b", identify("new@example.test"))).await;
    assert_eq!((first.status, &first.body), (known.status, &known.body));
    house.close().await;
}

fn with_browser(browser: &str, mut call: serde_json::Value) -> serde_json::Value {
    call["anonymousId"] = json!(browser);
    call
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_refused_in_words_and_keeps_nothing() {
    let house = House::open().await;
    let with = |key: &str| format!("/v1/track?writeKey={key}");
    let path = with(&house.write_key);
    for body in ["", "{", "[]", "null", "\u{0}", &"[".repeat(100_000)] {
        let answer = house.ask("POST", &path, &[], body.as_bytes()).await;
        assert!(matches!(answer.status, 400 | 401), "{body:.20}: {} {}", answer.status, answer.body);
        assert!(answer.body.starts_with('{'), "{}", answer.body);
    }
    let mut call = added("P-1");
    call["anonymousId"] = json!("web");
    for key in ["", "wk_unknown", "' OR 1=1 --", &house.write_key[..8]] {
        let answer = house.post(key, "/v1/track", &call).await;
        assert_eq!(answer.status, 401, "{key}: {}", answer.body);
    }
    let big = format!("{{\"name\": \"{}\"}}", "x".repeat(10 << 20));
    // The connection may be cut before all of it is sent.
    if let Ok(answer) = http::request(house.public(), "POST", &path, &[], big.as_bytes()).await {
        assert!(matches!(answer.status, 400 | 413), "{}", answer.status);
    }
    assert_eq!(house.ask("GET", "/v1/track", &[], b"").await.status, 405);
    assert_eq!(house.ask("POST", "/v1/nonsense", &[], b"{}").await.status, 404);
    assert!(house.events().is_empty(), "{:?}", house.events());
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.pass(MINUTE.times(16)).await;
    assert_eq!(house.letters().len(), 1, "and it goes on");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bad_event_of_a_batch_does_not_cost_the_others() {
    let house = House::open().await;
    let batch = json!({"batch": [
        with_browser("a", identify("ann@example.test")),
        {"type": "track", "event": 7, "anonymousId": {"a": []}, "properties": "no"},
        "text", null, 12, [],
        with_browser("a", added("P-1")),
    ]});
    let answer = house.post(&house.write_key, "/v1/batch", &batch).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    house.pass(MINUTE.times(16)).await;
    assert!(house.letter().html.contains("Tea 1"));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_say_nothing_stop_nobody() {
    let house = House::open().await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut line = tokio::net::TcpStream::connect(house.public()).await.unwrap();
        let head = format!(
            "POST /v1/track?writeKey={} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{",
            house.write_key
        );
        line.write_all(head.as_bytes()).await.unwrap();
        slow.push(line);
    }
    let began = std::time::Instant::now();
    house.fills_cart("web", "ann@example.test", "P-1").await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let mut answer = String::new();
    let told = tokio::time::timeout(Duration::from_secs(40), slow[0].read_to_string(&mut answer)).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "a body that never comes is given up: {told:?} {answer}");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_kept_is_not_acknowledged() {
    let house = House::open().await;
    house.fills_cart("web", "ann@example.test", "P-1").await;
    // Another process took the store over: every commit of this one is refused.
    house.app().store.raise_epoch().unwrap();
    let call = with_browser("web", added("P-2"));
    let answer = house.post(&house.write_key, "/v1/track", &call).await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.header("retry-after").is_some());
    assert_eq!(house.events().len(), 2);
    house.app().clock.jump(house.app().now().plus(DAY));
    assert!(house.letters().is_empty(), "nothing leaves that cannot be written down");
    house.close().await;
}
