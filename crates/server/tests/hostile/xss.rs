//! Text of strangers on the screens of staff (Mautic CVE-2020-35124, CVE-2021-27910; listmonk CVE-2026-21483;
//! phpList #660): referrers, user agents, traits, names of events and goods, answers of mail servers,
//! search boxes, error pages.

use crate::page::assert_inert;
use crate::seed::{call, cart, left_carts};
use crate::support::{Browser, World};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use beckon_core::input::{Delivered, Input, Outcome};
use beckon_core::wire::Hash64;
use beckon_server::app::{Arrival, SHOP};
use beckon_server::facts::message;
use beckon_server::run::sender::Kept;
use beckon_server::run::task::{Answer as Done, Task};
use http_body_util::BodyExt;
use serde_json::json;
use std::sync::Arc;
use tower::ServiceExt;

pub const PAYLOADS: [&str; 12] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</title><script src=//evil.example/x.js></script>",
    "</textarea><iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert(1)//",
    "\" autofocus onfocus=alert(1) x=\"",
    "' onmouseover='alert(1)",
    "<a href=javascript:alert(1) data-x=xss-marker>x</a>",
    "{{7*7}}<math><mtext></p><style><!--</style><img title=--&gt;&lt;img src=x onerror=alert(1)>",
    "<base href=//evil.example/><object data=x>",
    "\u{202e}<ScRiPt\u{0}>alert(1)</sCrIpT>",
];

/// Sends calls to the public side with the key of the shop's page, as anybody may.
async fn track(world: &World, payload: &str, number: usize) -> StatusCode {
    let public = beckon_server::public::router(world.app.clone());
    let key = world.app.shop().keys.write_key().unwrap().to_owned();
    let context = json!({
        "page": {"url": payload, "path": payload, "referrer": payload, "title": payload, "search": payload},
        "campaign": {"name": payload, "source": payload},
        "userAgent": payload, "locale": payload, "timezone": payload,
    });
    let who = json!(format!("{payload}{number}"));
    let body = json!({"batch": [
        {"type": "page", "anonymousId": who, "name": payload, "context": context},
        {"type": "identify", "anonymousId": who, "userId": who, "context": context, "traits": {
            "email": format!("x{number}@shop.example"), "firstName": payload, "lastName": payload,
            "phone": payload, payload: payload}},
        {"type": "track", "anonymousId": who, "event": payload, "context": context, "properties": {
            "product_id": payload, "name": payload, "url": payload, "image_url": payload, payload: payload}},
        {"type": "track", "anonymousId": who, "event": "Product Added", "context": context, "properties": {
            "product_id": payload, "name": payload, "cart_id": payload, "price": payload, "quantity": 1}},
        {"type": payload, "anonymousId": who, "event": payload},
    ]});
    let request = Request::post("/v1/batch")
        .header("content-type", "application/json")
        .header("user-agent", "Mozilla/5.0")
        .header("authorization", format!("Basic {}", base64_of(&format!("{key}:"))))
        .body(Body::from(body.to_string()))
        .unwrap();
    public.oneshot(request).await.unwrap().status()
}

fn base64_of(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// Every page without a parameter, and those of everything there is.
async fn pages(world: &World) -> Vec<String> {
    let fixed = beckon_server::routes::table();
    let fixed = fixed.iter().filter(|route| route.method == "GET" && !route.path.contains('{'));
    let fixed = fixed.filter(|route| !route.path.starts_with("/api") && route.path != "/health");
    let mut paths: Vec<String> = fixed.map(|route| route.path.to_owned()).collect();
    let all = call(world, "GET", "/api/v1/messages", "").await;
    for message in all["messages"].as_array().unwrap() {
        paths.push(format!("/messages/{}", message["id"].as_str().unwrap()));
        paths.push(format!("/customers/{}", message["profile"].as_str().unwrap()));
    }
    for number in 0..PAYLOADS.len() {
        let path = format!("/api/v1/profiles?email=x{number}@shop.example");
        for profile in call(world, "GET", &path, "").await["profiles"].as_array().unwrap() {
            paths.push(format!("/customers/{}", profile["id"].as_str().unwrap()));
        }
    }
    paths
}

async fn walk(world: &World, browser: &mut Browser) {
    let mut seen = 0;
    for path in pages(world).await {
        let page = browser.get(&path).await;
        assert!(!page.status.is_server_error(), "{path}: {}", page.status);
        if !page.status.is_redirection() {
            assert_inert(&path, &page);
            seen += 1;
        }
    }
    assert!(seen >= 20, "only {seen} pages were looked at");
}

#[tokio::test]
async fn what_trackers_report_stays_text_on_every_page() {
    let (world, mut owner) = World::with_owner().await;
    left_carts(&world).await;
    for (number, payload) in PAYLOADS.iter().enumerate() {
        let status = track(&world, payload, number).await;
        assert!(status == StatusCode::OK || status == StatusCode::BAD_REQUEST, "{payload}: {status}");
        // The page of arrivals is fed by a loop that does not run here.
        let mut arrived = cart(&world, 100 + number as u64, "e@shop.example", payload, None);
        arrived.traits.first_name = Some((*payload).to_owned());
        arrived.identities[0].door.value = (*payload).to_owned();
        world.app.arrived(Arrival::Event(Arc::new(arrived)));
    }
    walk(&world, &mut owner).await;
}

#[tokio::test]
async fn what_a_mail_server_answers_stays_text() {
    let (world, mut owner) = World::with_owner().await;
    left_carts(&world).await;
    let app = &world.app;
    let Done::Taken(rows) = app.decider.ask(|reply| Task::Take { most: 9, reply }).await.unwrap() else {
        panic!("nothing to send")
    };
    let row = &rows[0];
    let draft = message::draft(app, row).unwrap_or_else(|why| panic!("{why:?}"));
    let content: Hash64 = draft.content;
    let body =
        serde_json::to_vec(&Kept { locale: draft.locale, facts: draft.facts, ..Kept::default() }).unwrap();
    let (message, profile, address) = (row.id, row.profile, row.address);
    let keep = |reply| Task::Keep { shop: SHOP, message, body, profile, content, address, reply };
    app.decider.ask(keep).await.unwrap();
    let note = format!("550 5.1.1 {}", PAYLOADS.join(" "));
    let outcome = Input::Outcome(Outcome { message, address, result: Delivered::Never(true), note });
    app.decider.ask(|reply| Task::Input { shop: SHOP, profile, input: outcome, reply }).await.unwrap();
    let page = owner.get(&format!("/messages/{message}")).await;
    assert!(page.text.contains("550 5.1.1"), "the answer is not shown: {}", page.text);
    assert_inert("a message that came back", &page);
    walk(&world, &mut owner).await;
}

#[tokio::test]
async fn search_boxes_and_error_pages_say_nothing_back_that_runs() {
    let (_world, mut owner) = World::with_owner().await;
    for payload in PAYLOADS {
        let text: String = url::form_urlencoded::byte_serialize(payload.as_bytes()).collect();
        for path in [
            format!("/customers?q={text}"),
            format!("/messages?email={text}&state={text}&journey={text}"),
            format!("/catalogue?search={text}&category={text}"),
            format!("/settings/log?actor={text}&action={text}&object={text}&before={text}"),
            format!("/developers/parked?at=1&number={text}"),
            format!("/journeys/{text}"),
            format!("/customers/{text}"),
            format!("/catalogue/offers/{text}"),
            format!("/join?token={text}"),
            format!("/no/such/{text}"),
        ] {
            let page = owner.get(&path).await;
            assert!(!page.status.is_server_error(), "{path}: {}", page.status);
            assert_inert(&path, &page);
        }
    }
}

#[tokio::test]
async fn public_pages_carry_no_script_of_anybody() {
    let world = World::new();
    let public = beckon_server::public::router(world.app.clone());
    for payload in PAYLOADS {
        let text: String = url::form_urlencoded::byte_serialize(payload.as_bytes()).collect();
        for door in ["c", "r", "u", "p", "v"] {
            let request = Request::get(format!("/{door}/{text}")).body(Body::empty()).unwrap();
            let answer = public.clone().oneshot(request).await.unwrap();
            assert!(answer.status().is_client_error(), "/{door}/{payload}: {}", answer.status());
            let bytes = answer.into_body().collect().await.unwrap().to_bytes();
            let html = String::from_utf8_lossy(&bytes).to_lowercase();
            assert!(!html.contains("<script") && !html.contains("onerror="), "/{door}/{payload}: {html}");
        }
    }
}
