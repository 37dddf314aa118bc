//! Somebody with the public key says that she is somebody else.

use crate::seed_key;
use crate::support::World;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use beckon_server::intake::Tracking;
use beckon_server::ops::signing;
use beckon_server::run::follow;
use beckon_server::settings::{MAIN, kind};
use beckon_server::track;
use beckon_store::shop::DocumentWrite;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

async fn say(world: &World, key: &str, body: Value) {
    let request = Request::post("/v1/batch").header(header::CONTENT_TYPE, "application/json");
    let request = request.header("x-forwarded-for", "192.0.2.1");
    let mut whole = json!({ "batch": [body] });
    whole["writeKey"] = key.into();
    let request = request.body(Body::from(whole.to_string())).unwrap();
    let answer = track::router(Tracking(world.app.clone())).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{:?}", answer.into_body().collect().await);
}

async fn profiles(world: &World, api: &str, query: &str) -> Vec<Value> {
    let mut browser = world.browser();
    let request = Request::get(format!("/api/v1/profiles?{query}"));
    let answer = browser.send(request.header("authorization", format!("Bearer {api}")), String::new()).await;
    let found: Value = serde_json::from_str(&answer.text).unwrap();
    found["profiles"].as_array().unwrap().clone()
}

fn go_signed(world: &World) {
    let document = world.app.plane.get(beckon_server::app::SHOP, kind::SETTINGS, MAIN).unwrap().unwrap();
    let mut body: Value = serde_json::from_str(document.body.as_deref().unwrap()).unwrap();
    body["mode"] = "signed".into();
    let write = DocumentWrite {
        shop: beckon_server::app::SHOP,
        kind: kind::SETTINGS,
        name: MAIN,
        expected_version: document.version,
        body: Some(&body.to_string()),
        at: beckon_core::time::WallTime(1),
        by: "test",
    };
    world.app.plane.put(&write).unwrap();
    follow::reload_if_changed(&world.app).unwrap();
}

fn signature(key: &str, text: &str) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key.as_bytes());
    ring::hmac::sign(&key, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// In signed mode a stranger's browser joins nobody: not by claiming the victim's id, not with a signature of its own
/// id, and not by bringing the victim's address along. The victim's own browser, with her signature, is hers.
#[tokio::test]
async fn in_signed_mode_a_claim_joins_nobody_and_a_signature_only_its_own() {
    let world = World::new();
    go_signed(&world);
    let api = seed_key(&world);
    let (_, key) = signing::renew(&world.app, "test", false).await;
    let victim = json!({"email": "victim@shop.example", "firstName": "Vera"});
    let said = json!({"type": "identify", "userId": "victim", "anonymousId": "hers", "traits": victim});
    say(&world, &world.server_key, said).await;
    let (own, hers) = (signature(&key, "mallory"), signature(&key, "victim"));
    let attempts = [
        json!({"userId": "victim", "traits": {"email": "victim@shop.example"}}),
        json!({"userId": "victim", "traits": {"signature": own}}),
        json!({"userId": "mallory", "traits": {"signature": own, "email": "victim@shop.example"}}),
        json!({"userId": "victim", "traits": {"signature": "00", "email_signature": own}}),
        json!({"userId": "victim", "context": {"signature": hers.replace('a', "b")}}),
    ];
    for attempt in attempts {
        let mut said = attempt;
        (said["type"], said["anonymousId"]) = ("identify".into(), "mallorys-browser".into());
        say(&world, &world.write_key, said).await;
    }
    let found = profiles(&world, &api, "user_id=victim").await;
    assert_eq!(found.len(), 1, "{found:?}");
    let values = |profile: &Value| -> Vec<String> {
        let all = profile["identities"].as_array().unwrap();
        all.iter()
            .map(|of| format!("{}:{}", of["kind"].as_str().unwrap(), of["value"].as_str().unwrap()))
            .collect()
    };
    assert!(!values(&found[0]).iter().any(|of| of.contains("mallory")), "{found:?}");
    let mallory = profiles(&world, &api, "anonymous_id=mallorys-browser").await;
    assert_ne!(mallory[0]["id"], found[0]["id"]);
    assert_ne!(mallory[0]["first_name"], "Vera");

    // Her other browser, on a page that says so with her signature.
    let traits = json!({ "signature": hers });
    let said = json!({"type": "identify", "userId": "victim", "anonymousId": "her-phone", "traits": traits});
    say(&world, &world.write_key, said).await;
    let phone = profiles(&world, &api, "anonymous_id=her-phone").await;
    assert_eq!(phone[0]["id"], found[0]["id"]);
}

/// A signed address is proved also as what letters are sent to.
#[tokio::test]
async fn a_signed_address_is_proved() {
    let world = World::new();
    let api = seed_key(&world);
    let (_, key) = signing::renew(&world.app, "test", false).await;
    let email = "ann@shop.example";
    for (browser, given) in [("one", "00".repeat(32)), ("two", signature(&key, email))] {
        let traits = json!({"email": email, "signature": given});
        say(&world, &world.write_key, json!({"type": "identify", "anonymousId": browser, "traits": traits}))
            .await;
        let found = profiles(&world, &api, "email=ann@shop.example").await;
        assert_eq!(found[0]["email_proved"], browser == "two", "{found:?}");
    }
}
