//! The description of the API against the API: each example is run against a seeded shop, and each answer has the shape
//! that is described, with no field that is not.

mod schema;

use crate::seed::{admin_key, ask, cart, handed, left_carts, park, send};
use crate::support::World;
use beckon_core::event::{Fact, OrderFact};
use beckon_core::input::Delivered;
use beckon_core::money::{Currency, Money};
use serde_json::Value;
use std::collections::BTreeMap;

fn document() -> Value {
    serde_json::from_str(beckon_server::api::openapi::TEXT).unwrap()
}

/// A shop in which every example finds what it asks for, and what ids are called there.
async fn seeded() -> (World, String, BTreeMap<&'static str, String>) {
    let world = World::new();
    left_carts(&world).await;
    let message = handed(&world, Delivered::Unknown, "the line broke").await;
    let mut order = cart(&world, 7, "ada@shop.example", "kettle", None);
    let total = Money::parse("1990.50", Currency::RUB);
    let fact = OrderFact { id: "1001".to_owned(), status: Default::default(), total, lines: vec![] };
    order.event.fact = Fact::Order(fact);
    send(&world, vec![order]).await;
    park(&world, 99);
    let key = admin_key(&world);
    let paths = &document()["paths"];
    for (path, place) in [
        ("/api/v1/blocks/{name}", "/api/v1/blocks/cart-extras"),
        ("/api/v1/places/{place}", "/api/v1/places/cart.web"),
        ("/api/v1/endpoints/{name}", "/api/v1/endpoints/lab"),
    ] {
        let body = &paths[path]["put"]["requestBody"]["content"]["application/json"]["example"];
        let (status, answer) = ask(&world, &key, "PUT", place, &body.to_string()).await;
        assert!(status.is_success(), "{answer}");
    }
    let get = async |path: &str| ask(&world, &key, "GET", path, "").await.1;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    member(&world, "owner@shop.example", "owner");
    member(&world, "anna@shop.example", "analyst");
    ask(&world, &key, "POST", "/api/v1/staff", r#"{"email": "carl@shop.example", "role": "analyst"}"#).await;
    let profile = text(&get("/api/v1/profiles?email=ada@shop.example").await["profiles"][0]["id"]);
    let invitation = text(&get("/api/v1/staff").await["invitations"][0]["id"]);
    let parked = text(&get("/api/v1/parked").await["parked"][0]["id"]);
    let journey = text(&get("/api/v1/journeys/abandoned-cart").await["text"]);
    let write_key = world.app.shop().keys.write_key().unwrap().to_owned();
    let ids = [
        ("profiles", profile),
        ("messages", message),
        ("invitations", invitation),
        ("parked", parked),
        ("keys", write_key),
        ("text", journey),
    ];
    (world, key, ids.into())
}

/// Somebody who works here and never signs in: a real hash would take most of the time of this test.
fn member(world: &World, email: &str, role: &str) {
    let body = format!(r#"{{"password": "none", "role": "{role}", "locale": "en"}}"#);
    let write = beckon_store::shop::DocumentWrite {
        shop: beckon_server::app::SHOP,
        kind: beckon_server::settings::kind::STAFF,
        name: email,
        expected_version: 0,
        body: Some(&body),
        at: world.app.clock.wall(),
        by: "test",
    };
    world.app.plane.put(&write).unwrap();
}

/// The address of an operation with the examples of its parameters; ids that each shop gives anew come from `ids`.
fn address(path: &str, operation: &Value, ids: &BTreeMap<&str, String>) -> String {
    let noun = path.split('/').nth(3).unwrap_or_default();
    let (mut path, mut query) = (path.to_owned(), url::form_urlencoded::Serializer::new(String::new()));
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let example = match &parameter["example"] {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        };
        match parameter["in"].as_str() {
            Some("path") => {
                let value = ids.get(noun).cloned().or(example);
                let value = value.unwrap_or_else(|| panic!("{path}: no example of {name}"));
                path = path.replace(&format!("{{{name}}}"), &value);
            }
            Some("query") => drop(example.map(|example| query.append_pair(name, &example))),
            _ => {}
        }
    }
    let query = query.finish();
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// What an operation is sent: its example; the text of a journey, which is long, is the one that is there.
fn body_of(operation: &Value, ids: &BTreeMap<&str, String>) -> String {
    let content = &operation["requestBody"]["content"];
    if content["text/plain"].is_object() {
        return ids["text"].clone();
    }
    match &content["application/json"]["example"] {
        Value::Null => String::new(),
        example => example.to_string(),
    }
}

/// Runs an operation's example; what is wrong with the answer.
async fn run(
    world: &World,
    key: &str,
    ids: &BTreeMap<&str, String>,
    document: &Value,
    (path, method, operation): (&str, &str, &Value),
) -> Vec<String> {
    let place = address(path, operation, ids);
    let (status, answer) = ask(world, key, &method.to_uppercase(), &place, &body_of(operation, ids)).await;
    let described = &operation["responses"][status.as_str()]["content"];
    let Some((_, content)) = described.as_object().and_then(|content| content.iter().next()) else {
        return vec![format!("{status} is not described: {answer}")];
    };
    if !status.is_success() {
        return vec![format!("{status}: {answer}")];
    }
    let mut wrong = schema::problems(document, &content["schema"], &answer);
    wrong.extend(
        schema::problems(document, &content["schema"], &content["example"])
            .iter()
            .map(|why| format!("example: {why}")),
    );
    wrong
}

/// What is not there is 404 for whoever reads, changes or takes it away; only what makes a thing makes it.
#[tokio::test]
async fn what_is_not_there_is_not_found_by_any_method() {
    let (document, (world, key, ids)) = (document(), seeded().await);
    let makes = ["blocks", "journeys", "endpoints"].map(|noun| ("put", format!("/api/v1/{noun}/{{name}}")));
    let mut wrong = Vec::new();
    for (path, methods) in
        document["paths"].as_object().unwrap().iter().filter(|(path, _)| path.contains('{'))
    {
        for (method, operation) in methods.as_object().unwrap() {
            if makes.contains(&(method.as_str(), path.clone())) {
                continue;
            }
            let none = |part: &str| match part {
                "{email}" => "nobody@shop.example".to_owned(),
                part if part.starts_with('{') => "0000000000000001".to_owned(),
                part => part.to_owned(),
            };
            let place: Vec<String> = path.split('/').map(none).collect();
            let (place, body) = (place.join("/"), body_of(operation, &ids));
            let (status, answer) = ask(&world, &key, &method.to_uppercase(), &place, &body).await;
            if status.as_u16() != 404 || answer["code"] != "not_found" {
                wrong.push(format!("{method} {path}: {status} {answer}"));
            }
            if !operation["responses"]["404"].is_object() {
                wrong.push(format!("{method} {path}: 404 is not described"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_example_runs_and_every_answer_is_as_described() {
    let document = document();
    let mut wrong = Vec::new();
    let reading = seeded().await;
    let feed = r#"{"url": "https://shop.example/feed.xml"}"#;
    assert!(ask(&reading.0, &reading.1, "POST", "/api/v1/imports", feed).await.0.is_success());
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            // What changes something has a shop of its own.
            let own = if method == "get" { None } else { Some(seeded().await) };
            let (world, key, ids) = own.as_ref().unwrap_or(&reading);
            let found = run(world, key, ids, &document, (path, method, operation)).await;
            wrong.extend(found.into_iter().map(|why| format!("{method} {path}: {why}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
