//! The stories of the abandoned cart as a shop and its shoppers live them, over HTTP to the mail in the inbox.

use crate::house::{House, MIDNIGHT, added, identify, order};
use beckon_core::time::{DAY, HOUR, MINUTE};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clock_runs_from_the_last_sign_of_life_on_any_device() {
    let house = House::open().await;
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.web("web", json!({"type": "identify", "userId": "u-1"})).await;
    house.pass(MINUTE.times(14)).await;
    let viewed = json!({"type": "track", "event": "Product Viewed", "userId": "u-1",
        "properties": {"product_id": "P-2"}});
    house.until(0, 10, 14).await;
    house.web("app", viewed.clone()).await;
    for minute in [20, 30, 40] {
        house.until(0, 10, minute).await;
        house.web("app", viewed.clone()).await;
    }
    house.until(0, 10, 54).await;
    assert!(house.messages().is_empty(), "too early: {:?}", house.messages());
    house.until(0, 10, 57).await;
    let (row, letter) = (house.message(), house.letter());
    let late = row.due.since(MIDNIGHT.plus(HOUR.times(10)).plus(MINUTE.times(55)));
    assert!((0..30_000).contains(&late.0), "due at {}", row.due.since(MIDNIGHT));
    assert_eq!((letter.to.as_str(), row.template.as_str()), ("ann@example.test", "abandoned-cart-1"));
    assert!(letter.html.contains("Tea 1") && letter.text.contains("Tea 1"), "{}", letter.text);
    house.pass(DAY.times(10)).await;
    let steps: Vec<String> = house.messages().into_iter().rev().map(|row| row.template).collect();
    assert_eq!(steps, ["abandoned-cart-1", "abandoned-cart-2", "abandoned-cart-3"]);
    assert_eq!(house.letters().len(), 3);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_the_afternoon_nor_the_evening_holds_a_cart_mail() {
    let house = House::open().await;
    house.until(0, 14, 0).await;
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.until(0, 14, 16).await;
    assert_eq!(house.letter().to, "ann@example.test");
    house.until(0, 22, 50).await;
    house.fills_cart("web-2", "eve@example.test", "P-3").await;
    house.until(0, 23, 6).await;
    assert_eq!(house.letters()[1].to, "eve@example.test");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_twelve_minutes_after_leaving_and_nothing_is_sent() {
    let house = House::open().await;
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.pass(MINUTE.times(12)).await;
    house.web("web", order("1001", 500)).await;
    house.pass(DAY.times(10)).await;
    assert!(house.messages().is_empty() && house.letters().is_empty(), "{:?}", house.messages());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_after_the_merge_is_the_same_event() {
    let house = House::open().await;
    let call = json!({"type": "track", "event": "Product Added", "messageId": "m-1",
        "properties": {"product_id": "P-1", "quantity": 1}});
    house.web("web", call.clone()).await;
    house.web("web", identify("ann@example.test")).await;
    house.web("web", call).await;
    assert_eq!(house.events().len(), 2, "{:?}", house.events());
    house.pass(MINUTE.times(16)).await;
    assert_eq!(house.letters().len(), 1);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_of_imported_orders_sends_nothing() {
    let house = House::open().await;
    let events: Vec<_> = (0..365)
        .flat_map(|day| {
            let at = MIDNIGHT.0 - DAY.times(365 - day).0;
            let at = |event: serde_json::Value| {
                let mut event = event;
                event["timestamp"] = json!(at);
                event["messageId"] =
                    json!(format!("{day}-{}", event["type"]) + event["event"].as_str().unwrap_or(""));
                event["userId"] = json!(format!("u-{}", day % 50));
                event
            };
            let mail = format!("u{}@example.test", day % 50);
            [at(identify(&mail)), at(added("P-2")), at(order(&format!("O-{day}"), 100))]
        })
        .collect();
    for slice in events.chunks(300) {
        let answer = house.post(&house.server_key, "/v1/import", &json!({ "batch": slice })).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    assert_eq!(house.events().len(), 3 * 365);
    house.pass(DAY.times(30)).await;
    assert!(house.messages().is_empty() && house.letters().is_empty());
    let browser = house.post(&house.write_key, "/v1/import", &json!({"batch": [added("P-1")]})).await;
    assert_eq!(browser.status, 403, "history is told by the shop's servers only: {}", browser.body);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn carts_of_1970_and_of_the_future_start_nothing_late_and_nothing_twice() {
    let house = House::open().await;
    for (browser, timestamp) in [("old", "1970-01-01T00:00:05Z"), ("new", "2999-01-01T00:00:00Z")] {
        house.web(browser, identify(&format!("{browser}@example.test"))).await;
        let mut cart = added("P-1");
        cart["timestamp"] = json!(timestamp);
        house.web(browser, cart).await;
    }
    let now = house.app().now();
    for row in house.events() {
        assert!(row.at <= now, "an event of the future was kept: {row:?}");
    }
    house.pass(DAY).await;
    let letters = house.letters();
    assert!(letters.len() <= 2, "{} mails", letters.len());
    assert!(
        letters.iter().any(|letter| letter.to == "new@example.test"),
        "a wrong clock is no reason to forget"
    );
    house.close().await;
}
