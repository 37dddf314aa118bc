//! Bringing in who unsubscribed elsewhere: by the API, pasted, and as a file.

use crate::seed::{call, left_carts, refused};
use crate::support::World;
use axum::http::{Request, StatusCode};
use beckon_server::access::rights::Role;
use serde_json::json;

const PAGE: &str = "/settings/unsubscribes";

async fn state(world: &World, email: &str) -> (bool, String) {
    let found = call(world, "GET", &format!("/api/v1/suppressions?email={email}"), "").await;
    (found["stopped"] == true, found["reason"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_list_is_stopped_by_the_api_and_what_is_wrong_in_it_is_named() {
    let world = World::new();
    left_carts(&world).await;
    let list = json!(["ADA@shop.example", {"email": "new@shop.example", "reason": "bounced"}, "nobody",
        {"email": "b@shop.example", "reason": "boredom"}, {"mail": "c@shop.example"}, 7, "ada@shop.example"]);
    let done = call(&world, "POST", "/api/v1/suppressions", &list.to_string()).await;
    assert_eq!(done["stopped"], 2, "{done}");
    let places: Vec<_> = done["refused"].as_array().unwrap().iter().map(|one| one["index"].clone()).collect();
    assert_eq!(places, [2, 3, 4, 5]);
    assert!(done["refused"][1]["what"].as_str().unwrap().contains("`boredom` is no reason"), "{done}");
    assert_eq!(state(&world, "ada@shop.example").await, (true, "unsubscribed".to_owned()));
    assert_eq!(state(&world, "new@shop.example").await, (true, "bounced".to_owned()));
    assert_eq!(state(&world, "b@shop.example").await, (false, String::new()));
    let withheld = call(&world, "GET", "/api/v1/messages?email=ada@shop.example", "").await;
    assert_eq!(withheld["messages"][0]["state"], "withheld", "{withheld}");
    let (status, why) = refused(&world, "POST", "/api/v1/suppressions", "[]").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(why.to_string().contains("the list is empty"), "{why}");
}

#[tokio::test]
async fn more_addresses_than_one_commit_takes_are_all_stopped() {
    let world = World::new();
    let list: Vec<String> = (0..1_500).map(|n| format!("p{n}@shop.example")).collect();
    let done = call(&world, "POST", "/api/v1/suppressions", &json!(list).to_string()).await;
    assert_eq!(done, json!({"stopped": 1_500, "refused": []}));
    for n in [0, 511, 512, 1_499] {
        assert!(state(&world, &format!("p{n}@shop.example")).await.0, "{n}");
    }
}

#[tokio::test]
async fn what_is_pasted_is_stopped_and_wrong_lines_come_back() {
    let (world, mut owner) = World::with_owner().await;
    let csrf = owner.get(PAGE).await.csrf();
    let text = "Name;Email;Status\r\nAda;ada@shop.example;\r\nBea;bea@shop;\r\n\
                <script>alert(1)</script>;c@shop.example;subscribed\r\nDan;dan@shop.example;complained";
    let fields = [("csrf", csrf.as_str()), ("reason", "bounced"), ("addresses", text)];
    let page = owner.post(PAGE, &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("2 addresses are stopped."), "{}", page.text);
    assert!(page.text.contains("2 lines were not taken") && page.text.contains("<td class=\"num\">4</td>"));
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
    // What stays in the field still has the names of its columns, so that sending it again stops nobody more.
    let left = page.text.split("rows=\"10\"").nth(1).unwrap();
    assert!(
        left.split("</textarea>").next().unwrap().contains("Name;Email;Status\nBea;bea@shop;\n"),
        "{left}"
    );
    assert_eq!(state(&world, "ada@shop.example").await, (true, "bounced".to_owned()));
    assert_eq!(state(&world, "dan@shop.example").await, (true, "complained".to_owned()));
    assert_eq!(state(&world, "c@shop.example").await.0, false);
    for empty in ["", "nobody"] {
        let again = owner.post(PAGE, &[("csrf", &csrf), ("addresses", empty)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{empty}");
    }
    let log = owner.get("/settings/log?action=suppression").await;
    assert!(log.text.contains("addresses of a list: 2."), "{}", log.text);
    assert!(!log.text.contains("ada@shop"), "the log outlives an erasure");
}

#[tokio::test]
async fn a_file_is_answered_in_sentences_and_only_for_those_who_may() {
    let (world, mut owner) = World::with_owner().await;
    let send = |csrf: String| {
        Request::builder().method("POST").uri(format!("{PAGE}/file")).header("x-csrf-token", csrf)
    };
    let csrf = owner.get(PAGE).await.csrf();
    let said = owner.send(send(csrf.clone()), "ada@shop.example\nnobody\nada@shop.example".to_owned()).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text);
    let words =
        "1 address is stopped. 1 stood there twice. 1 line was not taken Line 2: There is no address in it.";
    assert_eq!(said.text, words);
    assert!(state(&world, "ada@shop.example").await.0);
    assert_eq!(owner.send(send(csrf), String::new()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut developer = world.staff("dev@example.com", Role::Developer).await;
    assert_eq!(developer.get(PAGE).await.status, StatusCode::FORBIDDEN);
    let mut marketer = world.staff("mia@example.com", Role::Marketer).await;
    assert_eq!(marketer.get(PAGE).await.status, StatusCode::OK);
}
