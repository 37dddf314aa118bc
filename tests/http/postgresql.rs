//! A story on PostgreSQL, from the event to the mail and to what is told of it: the same as in a directory.

use crate::house::{House, order};
use beckon_core::time::{DAY, MINUTE};
use serde_json::Value;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cart_is_remembered_mailed_about_and_bought() {
    let Some(house) = House::open_on_server().await else { return };
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.pass(MINUTE.times(14)).await;
    assert!(house.messages().is_empty(), "too early: {:?}", house.messages());
    house.pass(MINUTE.times(4)).await;
    let (row, letter) = (house.message(), house.letter());
    assert_eq!((letter.to.as_str(), row.template.as_str()), ("ann@example.test", "abandoned-cart-1"));
    assert!(letter.html.contains("Tea 1"), "{}", letter.text);
    // She follows the link and orders, and the journey ends.
    let click = house.get(&letter.path("/c/")).await;
    assert!([302, 303].contains(&click.status), "{}", click.status);
    house.web("web", order("1001", 500)).await;
    house.pass(DAY.times(10)).await;
    assert_eq!(house.letters().len(), 1, "who has ordered gets no second letter");
    // What is told of it: the customer, the journey's numbers, the order.
    let answer = house.api("/api/v1/profiles?email=ann%40example.test").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("ann@example.test"), "{}", answer.body);
    let numbers: Value =
        serde_json::from_str(&house.api("/api/v1/journeys/abandoned-cart/numbers").await.body).unwrap();
    assert_eq!((numbers["sent"].as_i64(), numbers["clicked"].as_i64()), (Some(1), Some(1)), "{numbers}");
    let order = house.api("/api/v1/orders/1001").await;
    assert_eq!(order.status, 200, "{}", order.body);
    house.close().await;
}
