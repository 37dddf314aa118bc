//! A mail of which nobody can say whether it arrived, and a person who decides: by the API, with a relay that lost the
//! line after the final dot.

use crate::house::{FIREFOX, House, added};
use beckon_core::time::{DAY, MINUTE};
use beckon_sim::smtp::{Faults, Step, What};
use beckon_store::MessageState::{Sent, Unknown, Withheld};
use serde_json::{Value, json};

/// A shop whose first mail, to ann, was taken by a relay that did not say so.
async fn unknown() -> House {
    let house = House::open_with(Faults::first(Step::Dot, What::AcceptAndClose)).await;
    house
        .server(json!({"type": "identify", "userId": "u-1", "anonymousId": "web",
        "traits": {"email": "ann@example.test", "email_consent": true}}))
        .await;
    house.web("web", added("P-1")).await;
    house.pass(MINUTE.times(20)).await;
    assert_eq!((house.message().state, house.relay.accepted()), (Unknown, 1));
    house
}

async fn decide(house: &House, way: &str, body: Value) -> (u16, Value) {
    let id = house.message().id;
    let answer = house.api_post(&format!("/api/v1/messages/{id}/{way}"), &body).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

fn message_id(raw: &str) -> &str {
    raw.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_sends_it_again_under_the_same_number_and_nobody_else_does() {
    let house = unknown().await;
    house.pass(MINUTE.times(30)).await;
    assert_eq!(house.relay.accepted(), 1, "nothing goes twice by itself");
    // Two people press at once, and one of them twice.
    let press = async || decide(&house, "send-again", json!({})).await;
    let (a, b, c) = tokio::join!(press(), press(), press());
    let mut answers = [a.0, b.0, c.0];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409, 409], "{} {} {}", a.1, b.1, c.1);
    house.settle().await;
    let letters = house.letters();
    assert_eq!(letters.len(), 2);
    assert_eq!(message_id(&letters[0].raw), message_id(&letters[1].raw));
    let row = house.message();
    assert_eq!((row.state, row.tries), (Sent, 2));
    assert!(row.notes.contains("sent again by the API"), "{}", row.notes);
    // Approved is sent, never, withheld, unknown or of the control group: the numbers took the unknown one back.
    let numbers = house.api("/api/v1/journeys/abandoned-cart/numbers").await;
    let numbers: Value = serde_json::from_str(&numbers.body).unwrap();
    let count = |what: &str| numbers.pointer(&format!("/{what}")).and_then(Value::as_i64).unwrap_or(0);
    assert_eq!((count("approved"), count("sent"), count("unknown")), (1, 1, 0), "{numbers}");
    house.pass(DAY.times(2)).await;
    assert_eq!(house.messages().iter().filter(|row| row.state == Unknown).count(), 0);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_unsubscribed_by_the_first_one_gets_no_second() {
    let house = unknown().await;
    let path = house.letter().path("/u/");
    house.ask("POST", &path, &[FIREFOX, crate::house::FORM], b"List-Unsubscribe=One-Click").await;
    let (status, said) = decide(&house, "send-again", json!({"late": true})).await;
    assert_eq!((status, said["code"].as_str()), (409, Some("not_again")), "{said}");
    assert!(said["message"].as_str().unwrap().len() > 10, "{said}");
    house.pass(MINUTE.times(30)).await;
    assert_eq!((house.message().state, house.relay.accepted()), (Unknown, 1));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_all_is_stopped_it_waits_and_past_its_deadline_it_needs_a_word() {
    let house = unknown().await;
    house.api_post("/api/v1/stop", &json!({"stopped": true})).await;
    assert_eq!(decide(&house, "send-again", json!({})).await.0, 200);
    house.pass(MINUTE.times(30)).await;
    assert_eq!(house.relay.accepted(), 1, "stop holds for what a person sends too");
    house.pass(DAY.times(2)).await;
    let row = house.messages().pop().unwrap();
    assert_eq!((row.state, row.reason.as_str()), (Withheld, "stopped"));
    house.close().await;

    let house = unknown().await;
    house.pass(DAY).await;
    let id = house.messages().pop().unwrap().id;
    let path = format!("/api/v1/messages/{id}/send-again");
    let refused = house.api_post(&path, &json!({})).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert_eq!(house.api_post(&path, &json!({"late": true})).await.status, 200);
    house.settle().await;
    assert_eq!((house.messages().pop().unwrap().state, house.relay.accepted()), (Sent, 2));
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_decision_for_all_that_a_filter_finds() {
    let house =
        House::open_with(Faults::rule(|asked| (asked.step == Step::Dot).then_some(What::Close))).await;
    for name in ["ann", "bea", "eve"] {
        house.fills_cart(name, &format!("{name}@example.test"), "P-1").await;
    }
    house.pass(MINUTE.times(20)).await;
    let states = |state| house.messages().iter().filter(|row| row.state == state).count();
    assert_eq!(states(Unknown), 3);
    let ask = json!({"decision": "count_as_sent", "journey": "abandoned-cart", "email": "bea@example.test"});
    let answer = house.api_post("/api/v1/messages/unknown", &ask).await;
    let said: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(said, json!({"done": 1, "refused": [], "more": false}));
    assert_eq!((states(Unknown), states(Sent)), (2, 1));
    let ask = json!({"decision": "send_again", "journey": "another"});
    assert!(house.api_post("/api/v1/messages/unknown", &ask).await.body.contains("\"done\":0"));
    house
        .web("eve", json!({"type": "track", "event": "Product Removed", "properties": {"product_id": "P-1"}}))
        .await;
    let answer = house.api_post("/api/v1/messages/unknown", &json!({"decision": "send_again"})).await;
    let said: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(said["done"], 1, "{said}");
    assert_eq!(said["refused"][0]["code"], "cart_emptied", "{said}");
    house.close().await;
}
