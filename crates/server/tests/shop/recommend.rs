//! Recommendations for pages and servers: what is asked, what comes back, and what a stranger does not learn.

use crate::seed::{call, left_carts, refused};
use crate::support::World;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use beckon_server::public;
use beckon_server::run::follow;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

/// A shop whose recommender knows its catalogue.
async fn shop() -> (World, String) {
    let world = World::new();
    left_carts(&world).await;
    follow::tell_recommender(&world.app).unwrap();
    let key = world.write_key.clone();
    (world, key)
}

async fn ask(world: &World, request: Request<Body>) -> (StatusCode, Value) {
    let answer = public::router(world.app.clone()).oneshot(request).await.unwrap();
    let status = answer.status();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap())
}

async fn get(world: &World, query: &str) -> (StatusCode, Value) {
    ask(world, Request::get(format!("/v1/recommend?{query}")).body(Body::empty()).unwrap()).await
}

fn ids(block: &Value) -> Vec<&str> {
    block["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_place_shows_its_blocks_with_the_catalogues_words() {
    let (world, key) = shop().await;
    let (status, answer) = get(&world, &format!("writeKey={key}&show=product_card&products=evil")).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let block = &answer["blocks"][0];
    assert_eq!(ids(block), ["kettle"], "never the product of the page");
    let item = &block["items"][0];
    assert_eq!(item["title"], "Red kettle");
    assert_eq!(item["price"]["amount"], "1990.50");
    assert_eq!(item["url"], "https://shop.example/kettle");
    assert!(item["reason"].as_str().is_some_and(|text| !text.is_empty() && !text.contains('⟦')), "{item}");
    assert!(block["title"].as_str().is_some_and(|title| !title.is_empty()));
}

#[tokio::test]
async fn a_body_and_a_query_ask_the_same() {
    let (world, key) = shop().await;
    let (_, by_query) =
        get(&world, &format!("writeKey={key}&show=cart&cart=kettle&channel=mobile_web")).await;
    let body = json!({"writeKey": key, "show": ["cart"], "cart": ["kettle"], "channel": "mobile_web"});
    let request = Request::post("/v1/recommend").header(header::CONTENT_TYPE, "text/plain");
    let (status, by_body) = ask(&world, request.body(Body::from(body.to_string())).unwrap()).await;
    assert_eq!((status, &by_body), (StatusCode::OK, &by_query));
    assert!(by_body["blocks"].as_array().unwrap().iter().all(|block| !ids(block).contains(&"kettle")));
}

#[tokio::test]
async fn a_script_of_the_feed_comes_as_text_and_its_address_not_at_all() {
    let (world, key) = shop().await;
    let (_, answer) = get(&world, &format!("writeKey={key}&show=home&exclude=kettle")).await;
    let evil =
        answer["blocks"].as_array().unwrap().iter().flat_map(|block| block["items"].as_array().unwrap());
    let evil: Vec<&Value> = evil.filter(|item| item["id"] == "evil").collect();
    assert!(!evil.is_empty());
    assert!(evil.iter().all(|item| item.get("url").is_none()));
}

#[tokio::test]
async fn the_public_key_learns_nothing_of_anybody() {
    let (world, key) = shop().await;
    // Ada's cart holds the kettle. A stranger who calls her address and browser his own gets what a nobody gets.
    let nobody = get(&world, &format!("writeKey={key}&show=cart")).await;
    for claim in ["email=ada@shop.example", "userId=user-1", "anonymousId=browser-1"] {
        let claimed = get(&world, &format!("writeKey={key}&show=cart&{claim}")).await;
        assert_eq!(claimed, nobody, "{claim}");
    }
    // The shop's own server asks for her: what is in her cart does not come.
    let request = Request::get("/v1/recommend?show=cart&email=ada@shop.example")
        .header(header::AUTHORIZATION, format!("Bearer {}", world.server_key));
    let (status, answer) = ask(&world, request.body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(answer["blocks"].as_array().unwrap().iter().all(|block| !ids(block).contains(&"kettle")));
}

#[tokio::test]
async fn what_cannot_be_answered_is_said() {
    let (world, key) = shop().await;
    for (query, status, code) in [
        ("show=home".to_owned(), StatusCode::UNAUTHORIZED, "invalid_write_key"),
        (format!("writeKey={key}"), StatusCode::BAD_REQUEST, "invalid_question"),
        (format!("writeKey={key}&show=nothing"), StatusCode::NOT_FOUND, "unknown_block"),
        (format!("writeKey={key}&show=home&channel=tv"), StatusCode::BAD_REQUEST, "invalid_query"),
    ] {
        let (got, answer) = get(&world, &query).await;
        assert_eq!((got, answer["code"].as_str()), (status, Some(code)), "{query}");
    }
    let request = Request::post("/v1/recommend").body(Body::from("{\"show\":[\n}")).unwrap();
    let (status, answer) = ask(&world, request).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(answer["message"].as_str().unwrap().contains("line 2"), "{answer}");
}

#[tokio::test]
async fn a_block_is_kept_tried_placed_and_taken_away() {
    let (world, key) = shop().await;
    let block = json!({"name": "mine", "title": {"en": "Mine"}, "mix": [{"strategy": "bestsellers"}],
        "rules": [{"pin": {"item": "kettle", "position": 1}}]});
    let body = json!({"arms": [{"name": "", "share": 1, "block": block}]}).to_string();
    call(&world, "PUT", "/api/v1/blocks/mine", &body).await;
    follow::reload_if_changed(&world.app).unwrap();
    call(&world, "PUT", "/api/v1/places/home.web", "{\"blocks\":[\"mine\"]}").await;
    follow::reload_if_changed(&world.app).unwrap();
    let (_, answer) = get(&world, &format!("writeKey={key}&show=home")).await;
    assert_eq!(answer["blocks"].as_array().unwrap().len(), 1);
    assert_eq!((&answer["blocks"][0]["title"], ids(&answer["blocks"][0])[0]), (&json!("Mine"), "kettle"));
    let tried = call(&world, "POST", "/api/v1/blocks/mine/preview", "{\"cart\":[\"kettle\"]}").await;
    assert_eq!(tried["items"][0]["id"], "evil", "what is in the cart is not pinned: {tried}");
    assert_eq!(tried["notes"][0]["note"], "pin_left_out");
    let numbers = call(&world, "GET", "/api/v1/blocks/mine/numbers", "").await;
    assert_eq!(numbers[0]["shown"], 0);
    call(&world, "DELETE", "/api/v1/blocks/mine", "").await;
    follow::reload_if_changed(&world.app).unwrap();
    assert_eq!(refused(&world, "GET", "/api/v1/blocks/mine", "").await.0, StatusCode::NOT_FOUND);
    let broken = json!({"arms": [{"share": 1, "block": {"name": "mine", "mix": [{"strategy": "for_you"}],
        "size": 1000}}]});
    let (status, why) = refused(&world, "PUT", "/api/v1/blocks/mine", &broken.to_string()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(why.to_string().contains("size"), "{why}");
}
