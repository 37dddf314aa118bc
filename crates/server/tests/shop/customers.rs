//! Looking for customers while typing, one of them live, and all of her data.

use crate::seed::{call, cart, left_carts, send, sent};
use crate::support::{Browser, World};
use axum::http::{Request, StatusCode};
use beckon_core::event::{Fact, OrderFact};
use serde_json::Value;

async fn names(browser: &mut Browser, typed: &str) -> Vec<&'static str> {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", typed).finish();
    let rows = browser.get(&format!("/customers/rows?{query}")).await;
    assert_eq!(rows.status, StatusCode::OK);
    assert!(!rows.text.contains("<html"), "only the part that changes");
    ["Ada Lovelace", "Adam Смирнов", "Ольга Смирнова"]
        .into_iter()
        .filter(|name| rows.text.contains(name))
        .collect()
}

#[tokio::test]
async fn typing_narrows_the_list() {
    let (world, mut browser) = World::with_owner().await;
    let people = [
        (1, "ada@shop.example", "Ada", "Lovelace", "79161234567", "A-1001"),
        (2, "adam@shop.example", "Adam", "Смирнов", "79031112233", "B-2002"),
        (3, "olga@mail.example", "Ольга", "Смирнова", "4915112345678", "a-1002"),
    ];
    let mut events = Vec::new();
    for (n, email, first, last, phone, order) in people {
        let mut event = cart(&world, n, email, "kettle", Some(true));
        let order =
            OrderFact { id: order.to_owned(), status: Default::default(), total: None, lines: vec![] };
        event.event.fact = Fact::Order(order);
        event.traits.first_name = Some(first.to_owned());
        event.traits.last_name = Some(last.to_owned());
        let door = beckon_core::ids::Door::new(beckon_core::ids::DoorKind::Phone, phone);
        let strength = beckon_core::event::Strength::Proved;
        event.identities.push(beckon_core::event::Identity { door, strength });
        events.push(event);
    }
    send(&world, events).await;
    let (ada, adam, olga) = ("Ada Lovelace", "Adam Смирнов", "Ольга Смирнова");
    for (typed, wanted) in [
        ("ad", vec![ada, adam]),
        ("ADA@", vec![ada]),
        ("adam", vec![adam]),
        ("смирн", vec![adam, olga]),
        ("Ольга смир", vec![olga]),
        ("смирнова ад", vec![]),
        ("8 916 123", vec![ada]),
        ("+7 (903)", vec![adam]),
        ("4915", vec![olga]),
        ("a-100", vec![ada, olga]),
        ("user-2", vec![adam]),
        ("browser-3", vec![olga]),
        ("browser", vec![]),
        ("%", vec![]),
        ("o'; DROP TABLE word; --", vec![]),
    ] {
        assert_eq!(names(&mut browser, typed).await, wanted, "{typed}");
    }
    let page = browser.get("/customers").await;
    assert!(page.text.contains("data-search=\"/customers/rows\""));
}

#[tokio::test]
async fn a_customer_is_shown_live_and_told_what_comes_next() {
    let (world, mut browser) = World::with_owner().await;
    left_carts(&world).await;
    sent(&world).await;
    let all = call(&world, "GET", "/api/v1/profiles?email=ada@shop.example", "").await;
    let id = all["profiles"][0]["id"].as_str().unwrap().to_owned();
    let page = browser.get(&format!("/customers/{id}")).await;
    assert!(page.text.contains("Message no. 2 on "), "{}", page.text);
    assert!(
        page.text.contains("unless she orders or empties the cart or unsubscribes before"),
        "{}",
        page.text
    );
    let path = format!("/customers/{id}/side");
    assert!(page.text.contains(&format!("data-live=\"{path}\"")));
    let part = browser.get(&path).await;
    let tag = part.headers["etag"].to_str().unwrap().to_owned();
    let request = || Request::get(&path).header("if-none-match", &tag);
    assert_eq!(browser.send(request(), String::new()).await.status, StatusCode::NOT_MODIFIED);
    let mut more = cart(&world, 1, "ada@shop.example", "evil", None);
    more.event.number = 77;
    send(&world, vec![more]).await;
    assert_eq!(browser.send(request(), String::new()).await.status, StatusCode::OK, "her cart has changed");
}

#[tokio::test]
async fn all_that_is_kept_of_her_is_given_out_as_one_file() {
    let (world, mut browser) = World::with_owner().await;
    left_carts(&world).await;
    sent(&world).await;
    let all = call(&world, "GET", "/api/v1/profiles?email=ada@shop.example", "").await;
    let id = all["profiles"][0]["id"].as_str().unwrap().to_owned();
    let file = browser.get(&format!("/customers/{id}/export")).await;
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let told: Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(told["profile"]["email"], "ada@shop.example");
    assert_eq!(told["messages"][0]["state"], "sent");
    assert_eq!(told["messages"][0]["kept"]["facts"]["items"][0]["title"], "Red kettle");
    let events = told["timeline"].as_array().unwrap().iter().filter(|item| item["type"] == "event");
    assert_eq!(events.count(), 1);
    assert!(!file.text.contains("eve@shop.example"), "nothing of anybody else");
    let same = call(&world, "GET", &format!("/api/v1/profiles/{id}/export"), "").await;
    assert_eq!(same["messages"], told["messages"]);
    let mut analyst = world.staff("analyst@example.com", beckon_server::access::rights::Role::Analyst).await;
    assert_eq!(analyst.get(&format!("/customers/{id}/export")).await.status, StatusCode::FORBIDDEN);
}
