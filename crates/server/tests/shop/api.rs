//! The API: what it tells and what it changes.

use crate::seed::{call, cart, left_carts, raw, refused, send, sent};
use crate::support::World;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn codes(message: &Value) -> Vec<&str> {
    message["why"].as_array().unwrap().iter().map(|said| said["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_customer_is_found_by_every_identity_and_shown_whole() {
    let world = World::new();
    left_carts(&world).await;
    let mut ids = Vec::new();
    for query in ["email=Ada@Shop.example", "user_id=user-1", "anonymous_id=browser-1"] {
        let found = call(&world, "GET", &format!("/api/v1/profiles?{query}"), "").await;
        let profiles = found["profiles"].as_array().unwrap();
        assert_eq!(profiles.len(), 1, "{query}: {found}");
        ids.push(profiles[0]["id"].as_str().unwrap().to_owned());
    }
    assert!(ids.iter().all(|id| *id == ids[0]));
    let she = call(&world, "GET", &format!("/api/v1/profiles/{}", ids[0]), "").await;
    assert_eq!(she["email"], "ada@shop.example");
    assert_eq!(she["first_name"], "Ada");
    assert_eq!((&she["consent"]["email"], &she["consent"]["by"]), (&json!(true), &json!("shop")));
    assert_eq!(she["address"], json!({"stopped": false, "reason": null}));
    let line = &she["cart"]["lines"][0];
    assert_eq!(
        (&line["product_id"], &line["quantity"], &line["title"]),
        (&json!("kettle"), &json!(2), &json!("Red kettle"))
    );
    assert_eq!(line["price"], json!({"currency": "RUB", "minor": 199_050, "amount": "1990.50"}));
    assert_eq!(she["journeys"][0]["journey"], "abandoned-cart");
    assert_eq!(she["journeys"][0]["state"], "messaging");
    assert_eq!(she["holdout"][0]["arm"], "treated");
    let nobody = call(&world, "GET", "/api/v1/profiles?email=nobody@shop.example", "").await;
    assert_eq!(nobody, json!({"profiles": []}));
    assert_eq!(refused(&world, "GET", "/api/v1/profiles", "").await.0, StatusCode::BAD_REQUEST);
    for wrong in ["/api/v1/profiles/ffffffffffffffff", "/api/v1/profiles/nothing", "/api/v1/messages/0"] {
        assert_eq!(refused(&world, "GET", wrong, "").await.0, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn a_timeline_tells_events_and_decisions_page_by_page() {
    let world = World::new();
    left_carts(&world).await;
    let found = call(&world, "GET", "/api/v1/profiles?user_id=user-1", "").await;
    let path = format!("/api/v1/profiles/{}/timeline", found["profiles"][0]["id"].as_str().unwrap());
    let whole = call(&world, "GET", &path, "").await;
    let items = whole["items"].as_array().unwrap();
    let events: Vec<&Value> = items.iter().filter(|item| item["type"] == "event").collect();
    assert_eq!((events.len(), &events[0]["name"]), (1, &json!("Product Added")));
    let entered = items.iter().find(|item| item["what"] == "entered").unwrap();
    assert_eq!(entered["why"][0]["code"], "left");
    let text = entered["why"][0]["text"].as_str().unwrap();
    assert!(text.contains("15 minutes"), "{text}");
    let russian = raw(&world, "GET", &path, "", "ru-RU,ru;q=0.9").await.text;
    assert!(russian.contains("15 минут"), "{russian}");
    let mut paged = Vec::new();
    let mut next = Some(String::new());
    while let Some(before) = next {
        let query = if before.is_empty() { String::new() } else { format!("&before={before}") };
        let page = call(&world, "GET", &format!("{path}?limit=1{query}"), "").await;
        paged.extend(page["items"].as_array().unwrap().clone());
        next = page["next"].as_str().map(str::to_owned);
        assert!(paged.len() <= items.len(), "the pages go round");
    }
    assert_eq!(&paged, items);
}

#[tokio::test]
async fn messages_sent_and_withheld_say_why() {
    let world = World::new();
    left_carts(&world).await;
    let ada = call(&world, "GET", "/api/v1/messages?email=ada@shop.example", "").await;
    let message = &ada["messages"][0];
    assert_eq!((&message["state"], &message["journey"]), (&json!("approved"), &json!("abandoned-cart")));
    assert_eq!(codes(message), ["due", "consented", "not_held_out", "no_rival", "under_caps"]);
    assert_eq!(message["items"], json!([{"product_id": "kettle", "quantity": 2}]));
    let withheld = call(&world, "GET", "/api/v1/messages?state=withheld", "").await;
    let withheld = withheld["messages"].as_array().unwrap();
    assert_eq!(withheld.len(), 1);
    assert_eq!(
        (&withheld[0]["reason"], codes(&withheld[0])),
        (&json!("consent_missing"), vec!["consent_missing"])
    );
    assert_eq!(withheld[0]["reason_text"], "She never agreed to marketing e-mail.");
    let (status, why) = refused(&world, "GET", "/api/v1/messages?state=lost", "").await;
    assert_eq!((status, why["code"].as_str()), (StatusCode::BAD_REQUEST, Some("bad_request")));

    let id = message["id"].as_str().unwrap();
    let (status, why) = refused(&world, "GET", &format!("/api/v1/messages/{id}/html"), "").await;
    assert_eq!((status, why["code"].as_str()), (StatusCode::NOT_FOUND, Some("not_rendered")));
    assert_eq!(sent(&world).await, id);
    let after = call(&world, "GET", &format!("/api/v1/messages/{id}"), "").await;
    assert_eq!((&after["state"], &after["notes"]), (&json!("sent"), &json!(["250 taken"])));
    assert!(after["handed_at"].is_string() && after["ended_at"].is_string());
    let html = raw(&world, "GET", &format!("/api/v1/messages/{id}/html"), "", "en").await;
    assert!(html.text.contains("Red kettle"), "{}", html.text);
    let policy = html.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
    let first = call(&world, "GET", "/api/v1/messages?limit=1", "").await;
    let before = first["next"].as_str().unwrap();
    let second = call(&world, "GET", &format!("/api/v1/messages?limit=1&before={before}"), "").await;
    assert_ne!(first["messages"][0]["id"], second["messages"][0]["id"]);
}

#[tokio::test]
async fn journeys_are_switched_set_and_published() {
    let world = World::new();
    let path = "/api/v1/journeys/abandoned-cart";
    let off = call(&world, "GET", path, "").await;
    assert_eq!((&off["on"], &off["on_since"]), (&json!(false), &json!(null)));
    let on = call(&world, "POST", path, r#"{"on": true, "set": {"holdout": 0, "variant": "once"}}"#).await;
    assert_eq!((&on["on"], &on["holdout"]), (&json!(true), &json!(0.0)));
    assert_eq!(on["steps"][0]["only"], "once");
    let (status, why) = refused(&world, "POST", path, r#"{"on": false, "set": {"holdout": "91%"}}"#).await;
    assert_eq!((status, why["code"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("bad_setting")));
    assert_eq!(call(&world, "GET", path, "").await["on"], true, "a refused change left something behind");
    assert_eq!(refused(&world, "POST", path, "{").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(refused(&world, "POST", "/api/v1/journeys/none", "{}").await.0, StatusCode::NOT_FOUND);

    let text = on["text"].as_str().unwrap();
    let (status, why) = refused(&world, "PUT", path, &text.replace("after: 15m", "after: soon")).await;
    let line = text.lines().position(|line| line.contains("after: 15m")).unwrap() + 1;
    assert_eq!(
        (status, &why["line"], &why["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!(line), &json!("bad_text"))
    );
    assert!(why["hint"].as_str().unwrap().contains("15m"), "{why}");
    let same = call(&world, "PUT", path, &text.replace("after: 15m", "after: 20m")).await;
    assert_eq!((&same["graph"], &same["after"]), (&json!(1), &json!("20m")));
    let longer = call(&world, "PUT", path, &text.replace("for: 5d", "for: 6d")).await;
    assert_eq!((&longer["graph"], &longer["graphs"]), (&json!(2), &json!([1, 2])));
    assert_eq!((&longer["on"], &longer["set"]["variant"]), (&json!(true), &json!("once")));
    let other = text.replace("journey: abandoned-cart", "journey: other");
    assert_eq!(refused(&world, "PUT", path, &other).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn numbers_are_those_of_what_happened() {
    let world = World::new();
    left_carts(&world).await;
    sent(&world).await;
    let numbers = call(&world, "GET", "/api/v1/journeys/abandoned-cart/numbers", "").await;
    assert_eq!(
        (&numbers["entered"], &numbers["approved"], &numbers["sent"]),
        (&json!(2), &json!(1), &json!(1))
    );
    assert_eq!(numbers["withheld"], json!({"consent_missing": 1}));
    assert_eq!(numbers["steps"]["classic-first"]["sent"], 1);
    assert_eq!((&numbers["ordered"], &numbers["revenue"]), (&json!(0), &json!([])));
    let before = "/api/v1/journeys/abandoned-cart/numbers?until=2001-01-01T00:00:00Z";
    assert_eq!(call(&world, "GET", before, "").await["entered"], 0);
    let wrong = "/api/v1/journeys/abandoned-cart/numbers?from=yesterday";
    assert_eq!(refused(&world, "GET", wrong, "").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_stopped_address_is_stopped_when_the_answer_comes() {
    let world = World::new();
    left_carts(&world).await;
    let path = "/api/v1/suppressions?email=ada@shop.example";
    assert_eq!(call(&world, "GET", path, "").await["stopped"], false);
    let body = r#"{"email": " ADA@shop.example ", "reason": "complained"}"#;
    let stopped = call(&world, "POST", "/api/v1/suppressions", body).await;
    assert_eq!((&stopped["stopped"], &stopped["reason"]), (&json!(true), &json!("complained")));
    let she = call(&world, "GET", "/api/v1/profiles?email=ada@shop.example", "").await;
    assert_eq!(she["profiles"][0]["address"], json!({"stopped": true, "reason": "complained"}));
    let withheld = call(&world, "GET", "/api/v1/messages?email=ada@shop.example", "").await;
    assert_eq!(withheld["messages"][0]["state"], "withheld", "{withheld}");
    let unknown = r#"{"email": "new@shop.example"}"#;
    let stopped = call(&world, "POST", "/api/v1/suppressions", unknown).await;
    assert_eq!(stopped["reason"], "unsubscribed", "an address nobody holds is kept too");
    for wrong in [r#"{"email": "nobody"}"#, r#"{"email": "a@b.example", "reason": "boredom"}"#, "[]"] {
        assert_eq!(refused(&world, "POST", "/api/v1/suppressions", wrong).await.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn the_catalogue_and_its_imports_are_told() {
    let world = World::new();
    left_carts(&world).await;
    let found = call(&world, "GET", "/api/v1/catalogue?search=KETTLE", "").await;
    assert_eq!((&found["offers"][0]["id"], &found["total"]), (&json!("kettle"), &json!(2)));
    assert_eq!(found["offers"][0]["category_name"], "Kettles");
    let none = call(&world, "GET", "/api/v1/catalogue?category=99", "").await;
    assert_eq!(none["offers"], json!([]));
    let offer = call(&world, "GET", "/api/v1/catalogue/kettle", "").await;
    assert_eq!(offer["price"]["amount"], "1990.50");
    assert_eq!(refused(&world, "GET", "/api/v1/catalogue/none", "").await.0, StatusCode::NOT_FOUND);
    let imports = call(&world, "GET", "/api/v1/imports", "").await;
    let import = &imports["imports"][0];
    assert_eq!((&import["outcome"], &import["broken"]), (&json!("imported"), &json!(1)));
    assert_eq!(import["examples"][0]["id"], "broken");
    for wrong in
        [r#"{"url": "/etc/passwd"}"#, r#"{"url": "file:///etc/passwd"}"#, r#"{"url": "ftp://a/b"}"#, "{}"]
    {
        assert_eq!(
            refused(&world, "POST", "/api/v1/imports", wrong).await.0,
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
    let began =
        raw(&world, "POST", "/api/v1/imports", r#"{"url": "http://u:p@127.0.0.1:9/feed.xml"}"#, "en").await;
    assert_eq!(began.status, StatusCode::ACCEPTED);
    assert!(!began.text.contains("u:p"), "a password was shown: {}", began.text);
    let begun = Instant::now();
    loop {
        let now = call(&world, "GET", "/api/v1/imports/running", "").await;
        if now["state"] == "refused" {
            assert!(now["refused"]["reason"].is_string(), "{now}");
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{now}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_order_is_told_with_its_profiles() {
    use beckon_core::event::{Fact, OrderFact};
    let world = World::new();
    let mut order = cart(&world, 7, "ada@shop.example", "kettle", None);
    let total = beckon_core::money::Money::parse("1990.50", beckon_core::money::Currency::RUB);
    order.event.fact =
        Fact::Order(OrderFact { id: "A/1".to_owned(), status: Default::default(), total, lines: vec![] });
    send(&world, vec![order]).await;
    let told = call(&world, "GET", "/api/v1/orders/A%2F1", "").await;
    assert_eq!((&told["status"], &told["total"]["minor"]), (&json!("completed"), &json!(199_050)));
    assert_eq!(told["credit"], Value::Null);
    let she = call(&world, "GET", "/api/v1/profiles?order_id=A%2F1", "").await;
    assert_eq!(she["profiles"][0]["id"], told["profiles"][0]);
    assert_eq!(refused(&world, "GET", "/api/v1/orders/none", "").await.0, StatusCode::NOT_FOUND);
    assert_eq!(call(&world, "GET", "/api/v1/parked", "").await, json!({"parked": [], "next": null}));
}

#[tokio::test]
async fn without_the_key_nothing_is_told() {
    let world = World::new();
    let mut browser = world.browser();
    for route in beckon_server::api::routes() {
        let request = axum::http::Request::builder().method(route.method.clone()).uri(route.path);
        let answer = browser.send(request.header("authorization", "Bearer sk_wrong"), String::new()).await;
        let open = route.path == "/api/openapi.json";
        assert_eq!(answer.status == StatusCode::UNAUTHORIZED, !open, "{} {}", route.method, route.path);
    }
}
