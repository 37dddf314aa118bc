//! One order, whoever reports it, and one credit.

use crate::house::{House, order};
use beckon_core::ids::{Door, DoorKind};
use beckon_core::order::Order;
use beckon_core::time::{DAY, HOUR, MINUTE, ShopTime};
use beckon_core::wire::Record;
use beckon_server::app::SHOP;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn browser_and_server_report_one_order_with_one_credit() {
    let house = House::open().await;
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.pass(MINUTE.times(16)).await;
    let letter = house.letter();
    let clicked = house.get(&letter.path("/c/")).await;
    assert_eq!(clicked.status, 302);
    house.pass(HOUR).await;
    house.web("web", order("1001", 500)).await;
    let mut webhook = order("1001", 500);
    webhook["context"] = json!({"traits": {"email": "ann@example.test"}});
    webhook["userId"] = json!("u-7");
    house.server(webhook.clone()).await;
    house.server(webhook).await;
    house.settle().await;
    let door = Door::new(DoorKind::Order, "1001");
    let row = house.app().store.order(SHOP, door.bucket(SHOP), door.id(SHOP)).unwrap().unwrap();
    let order = Order::from_bytes(&row.body).unwrap();
    assert_eq!(order.total.unwrap().minor, 50_000);
    let credits = house.app().store.credits(SHOP, ShopTime(0), ShopTime::NEVER).unwrap();
    let sum: Vec<_> = credits.iter().map(|c| (c.journey.as_str(), c.orders, c.minor)).collect();
    assert_eq!(sum, [("abandoned-cart", 1, 50_000)]);
    house.pass(DAY.times(10)).await;
    assert_eq!(house.letters().len(), 1, "an order ends the series");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_without_a_click_is_credited_to_nobody() {
    let house = House::open().await;
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.pass(MINUTE.times(16)).await;
    house.web("web", order("1002", 500)).await;
    house.settle().await;
    let credits = house.app().store.credits(SHOP, ShopTime(0), ShopTime::NEVER).unwrap();
    assert!(credits.is_empty(), "{credits:?}");
    house.close().await;
}
