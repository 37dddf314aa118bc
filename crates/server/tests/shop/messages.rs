//! The list of messages: its filters, and what a person decides of a message nobody can say anything of.

use crate::seed::{call, handed, left_carts, raw, refused};
use crate::support::World;
use axum::http::StatusCode;
use beckon_core::input::Delivered;
use beckon_server::access::rights::Role;

#[tokio::test]
async fn an_unknown_message_counts_as_sent_when_a_person_says_so() {
    let (world, mut owner) = World::with_owner().await;
    left_carts(&world).await;
    let id = handed(&world, Delivered::Unknown, "the line broke").await;
    let numbers = || async { call(&world, "GET", "/api/v1/journeys/abandoned-cart/numbers", "").await };
    let before = numbers().await;
    assert_eq!((&before["unknown"], &before["sent"]), (&1.into(), &0.into()));

    let page = owner.get(&format!("/messages/{id}")).await;
    assert!(page.text.contains("Count as sent") && page.text.contains("nobody can say"));
    let mut analyst = world.staff("analyst@example.com", Role::Developer).await;
    let csrf = analyst.get("/").await.csrf();
    let path = format!("/messages/{id}/sent");
    assert_eq!(analyst.post(&path, &[("csrf", &csrf)]).await.status, StatusCode::FORBIDDEN);
    let csrf = page.csrf();
    let back = [("csrf", csrf.as_str()), ("back", "//evil.example")];
    let done = owner.post(&path, &back).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/messages"));

    let told = call(&world, "GET", &format!("/api/v1/messages/{id}"), "").await;
    assert_eq!(told["state"], "sent");
    assert!(told["notes"].to_string().contains("counted as sent by owner@example.com"), "{told}");
    let after = numbers().await;
    assert_eq!((&after["unknown"], &after["sent"]), (&0.into(), &1.into()));
    // Twice is once.
    assert_eq!(owner.post(&path, &back).await.status, StatusCode::SEE_OTHER);
    let again = raw(&world, "POST", &format!("/api/v1/messages/{id}/sent"), "", "en").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(numbers().await["sent"], 1);
    let log = owner.get("/settings/log?action=message").await.text;
    assert!(log.contains(&format!("owner@example.com counted the message {id} as sent.")), "{log}");
}

#[tokio::test]
async fn one_decision_for_all_is_made_on_the_list_by_who_may_edit_and_told_to_the_log() {
    let (world, mut owner) = World::with_owner().await;
    left_carts(&world).await;
    let id = handed(&world, Delivered::Unknown, "the line broke").await;
    let list = owner.get("/messages?state=unknown").await;
    assert!(list.text.contains("/messages/unknown") && list.text.contains("/send-again"), "{}", list.text);
    let mut developer = world.staff("developer@example.com", Role::Developer).await;
    let csrf = developer.get("/").await.csrf();
    for path in ["/messages/unknown".to_owned(), format!("/messages/{id}/send-again")] {
        assert_eq!(developer.post(&path, &[("csrf", &csrf)]).await.status, StatusCode::FORBIDDEN);
    }
    let csrf = list.csrf();
    let fields = [("csrf", csrf.as_str()), ("decision", "send_again"), ("journey", "nothing-like-it")];
    assert_eq!(owner.post("/messages/unknown", &fields).await.status, StatusCode::SEE_OTHER);
    let fields = [("csrf", csrf.as_str()), ("decision", "count_as_sent")];
    assert_eq!(owner.post("/messages/unknown", &fields).await.status, StatusCode::SEE_OTHER);
    let told = call(&world, "GET", &format!("/api/v1/messages/{id}"), "").await;
    assert_eq!(told["state"], "sent");
    let log = owner.get("/settings/log?action=message").await.text;
    assert!(log.contains("owner@example.com counted unknown messages as sent: 1."), "{log}");
}

#[tokio::test]
async fn messages_are_found_by_every_filter() {
    let (world, mut owner) = World::with_owner().await;
    left_carts(&world).await;
    crate::seed::sent(&world).await;
    let count = async |query: &str| {
        let all = call(&world, "GET", &format!("/api/v1/messages?{query}"), "").await;
        all["messages"].as_array().unwrap().len()
    };
    for (query, n) in [
        ("", 2),
        ("state=sent", 1),
        ("state=withheld&reason=consent_missing", 1),
        ("reason=bounced", 0),
        ("journey=abandoned-cart&step=classic-first", 2),
        ("step=nothing", 0),
        ("channel=email", 2),
        ("channel=none", 0),
        ("from=2001-01-01T00:00:00Z", 2),
        ("until=2001-01-01T00:00:00Z", 0),
        ("email=ada@shop.example&state=sent&step=classic-first&channel=email", 1),
        ("email=ada@shop.example&state=withheld", 0),
    ] {
        assert_eq!(count(query).await, n, "{query}");
    }
    assert_eq!(refused(&world, "GET", "/api/v1/messages?from=soon", "").await.0, StatusCode::BAD_REQUEST);
    let page =
        owner.get("/messages?state=withheld&reason=consent_missing&from=2020-01-01&to=2099-01-01").await;
    assert!(
        page.text.contains("eve@shop.example") && !page.text.contains("ada@shop.example"),
        "{}",
        page.text
    );
    assert!(page.text.contains("value=\"2020-01-01\"") && page.text.contains("sent (1)"), "{}", page.text);
}
