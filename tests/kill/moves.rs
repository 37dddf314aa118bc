//! Killed in the middle of moving people to a newer version of their journey.

use crate::http;
use crate::program::Program;
use crate::shop;
use base64::Engine;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// People inside.
const PEOPLE: i64 = 300;
const JOURNEY: &str = "/api/v1/journeys/abandoned-cart";

/// Calls the API; `None` while nobody answers.
async fn api(program: &Program, method: &str, path: &str, body: &str) -> Option<Value> {
    let key = format!("Authorization: Bearer {}", program.server_key);
    let headers = ["Content-Type: application/json", &key];
    let answer = http::request(program.admin, method, path, &headers, body.as_bytes()).await.ok()?;
    assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.body);
    Some(serde_json::from_str(&answer.body).unwrap())
}

/// Who stands in the versions 1 and 2, and whether the move is noted as done.
async fn standing(program: &Program) -> ([i64; 2], bool) {
    let all = api(program, "GET", &format!("{JOURNEY}/versions"), "").await.unwrap();
    let (mut standing, mut done) = ([0; 2], false);
    for version in all["versions"].as_array().unwrap() {
        let number = version["version"].as_u64().unwrap() as usize;
        standing[number - 1] = version["standing"].as_i64().unwrap();
        done |= number == 1 && !version["done_at"].is_null();
    }
    // An empty version is retired some time after the move.
    let retired = all["versions"].as_array().unwrap().len() == 1;
    (standing, done || retired)
}

async fn until(what: &str, holds: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "not within a minute: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Everybody fills a cart; nobody agreed to letters, so all come to the first pause and stand there for two days.
async fn fill(program: &Program) {
    let login = base64::engine::general_purpose::STANDARD.encode(format!("{}:", program.write_key));
    let headers = ["Content-Type: application/json", &format!("Authorization: Basic {login}")];
    let calls = (0..PEOPLE).flat_map(|n| {
        let (browser, email) = (format!("browser-{n}"), format!("m{n}@example.test"));
        let goods = json!({"product_id": "P-1", "quantity": 1, "price": 100});
        [
            json!({"type": "identify", "messageId": format!("i{n}"), "anonymousId": browser,
                "traits": {"email": email}}),
            json!({"type": "track", "event": "Product Added", "messageId": format!("a{n}"),
                "anonymousId": browser, "properties": goods}),
        ]
    });
    for batch in calls.collect::<Vec<_>>().chunks(100) {
        let body = json!({ "batch": batch }).to_string();
        let answer = http::request(program.public, "POST", "/v1/batch", &headers, body.as_bytes()).await;
        assert_eq!(answer.unwrap().status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_a_move_it_moves_everybody_exactly_once() {
    // Nobody listens there: there is no letter to send.
    let program = Program::set_up("move", shop::free_port(), 1);
    let none_held_out = r#"{"set":{"holdout":"0"}}"#;
    let mut child = program.start(crate::FACTOR).await;
    api(&program, "POST", JOURNEY, none_held_out).await.unwrap();
    fill(&program).await;
    until("all stand at the pause", async || {
        let all = api(&program, "GET", &format!("{JOURNEY}/versions"), "").await.unwrap();
        all["versions"][0]["steps"]["classic-2d"] == json!(PEOPLE)
    })
    .await;
    let order = r#"{"set":{"classic-2d.for":"30d"},"inside":"move"}"#;
    api(&program, "POST", JOURNEY, order).await.unwrap();
    let mut kills = 0;
    for part in [1, PEOPLE / 2] {
        until("some are moved", async || standing(&program).await.0[1] >= part).await;
        // On Unix this is SIGKILL.
        child.kill().unwrap();
        child.wait().unwrap();
        child = program.start(crate::FACTOR).await;
        kills += usize::from(!standing(&program).await.1);
    }
    assert!(kills > 0, "the move was over before the first kill: the run proves nothing");
    until("the move is noted as done", async || standing(&program).await.1).await;
    assert_eq!(standing(&program).await.0, [0, PEOPLE]);
    let numbers = api(&program, "GET", &format!("{JOURNEY}/numbers"), "").await.unwrap();
    let moved: i64 = numbers["moved"].as_object().unwrap().values().filter_map(Value::as_i64).sum();
    assert_eq!((moved, &numbers["entered"]), (PEOPLE, &json!(PEOPLE)), "{}", numbers["moved"]);
    program.stop(child).await;
    std::fs::remove_dir_all(&program.dir).unwrap();
}
