//! Readiness and refusals of a program in trouble: a decider that hangs, a disk that is full, a queue that is full.

use crate::support::World;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beckon_core::time::SECOND;
use beckon_server::ops::health::{Health, STUCK_AFTER, TRIED_AGAIN_AFTER};
use beckon_server::public;
use beckon_store::Options;
use serde_json::{Value, json};
use tower::ServiceExt;

/// An event of a page with so many letters in it; status and Retry-After.
async fn track(world: &World, browser: usize, letters: usize) -> (StatusCode, Option<String>) {
    let text = "x".repeat(letters);
    let event = json!({"anonymousId": format!("b-{browser}"), "event": "Note", "properties": {"text": text}});
    let request = Request::post("/v1/track")
        .header("authorization", format!("Basic {}", STANDARD.encode(format!("{}:", world.write_key))))
        .body(Body::from(event.to_string()))
        .unwrap();
    let answer = public::router(world.app.clone()).oneshot(request).await.unwrap();
    let after = answer.headers().get("retry-after").map(|secs| secs.to_str().unwrap().to_owned());
    (answer.status(), after)
}

async fn ready(world: &World) -> (StatusCode, Value) {
    let answer = world.browser().get("/health/ready").await;
    (answer.status, serde_json::from_str(&answer.text).unwrap())
}

#[tokio::test]
async fn a_decider_that_hangs_is_not_ready() {
    let mut world = World::asleep(&Options::default());
    let began = world.app.decider.shared().beat();
    let just = Health::at(&world.app, began.plus(STUCK_AFTER).plus(SECOND.times(-1))).await;
    assert!(just.ready, "{just:?}");
    let stuck = Health::at(&world.app, began.plus(STUCK_AFTER)).await;
    assert_eq!((stuck.ready, stuck.store.as_str()), (false, "answers"));
    assert_eq!(stuck.decider, "has not been heard of for 20 s: restart the program");
    assert_eq!(stuck.into_response().status(), StatusCode::SERVICE_UNAVAILABLE);
    world.wake();
}

#[tokio::test]
async fn a_full_disk_is_not_ready_until_it_is_tried_again() {
    let mut world = World::asleep(&Options { pages_max: Some(150) });
    world.wake();
    assert_eq!(ready(&world).await.0, StatusCode::OK);
    let mut taken = 0;
    let refused = loop {
        match track(&world, taken, 400).await {
            (StatusCode::OK, _) => taken += 1,
            refused => break refused,
        }
        assert!(taken < 1_000, "it never filled up");
    };
    assert_eq!(refused, (StatusCode::SERVICE_UNAVAILABLE, Some("1".to_owned())));
    let (status, words) = ready(&world).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(words["store"], "takes no commits: look at the disk and at the log");
    assert_eq!((&words["ready"], &words["decider"]), (&json!(false), &json!("works")));
    // Whoever sends events only to what is ready must send one again, or nothing would ever show that there is room.
    let failed = world.app.decider.shared().failed_at();
    let again = Health::at(&world.app, failed.plus(TRIED_AGAIN_AFTER)).await;
    assert!(again.ready && again.store.contains("is asked again"), "{again:?}");
}

#[tokio::test]
async fn a_full_queue_is_answered_429_and_keeps_nothing() {
    let mut world = World::asleep(&Options::default());
    // Nothing is taken out while the decider sleeps: beyond its length each of these is dropped.
    for _ in 0..10_000 {
        world.app.decider.nudge();
    }
    assert_eq!(track(&world, 1, 1).await, (StatusCode::TOO_MANY_REQUESTS, Some("1".to_owned())));
    world.wake();
    let mut answer = track(&world, 2, 1).await;
    for _ in 0..10_000 {
        if answer.0 != StatusCode::TOO_MANY_REQUESTS {
            break;
        }
        tokio::task::yield_now().await;
        answer = track(&world, 2, 1).await;
    }
    assert_eq!(answer, (StatusCode::OK, None), "it goes on once there is room");
    let found = |browser: &str| {
        use beckon_core::ids::{Door, DoorKind};
        let door = Door::new(DoorKind::Anonymous, browser);
        let shop = beckon_server::app::SHOP;
        world.app.store.holders(shop, &[(door.bucket(shop), door.id(shop))]).unwrap().len()
    };
    assert_eq!((found("b-1"), found("b-2")), (0, 1));
}
