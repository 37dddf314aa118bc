//! Recommendations of a service of the shop's own: taken when they come in time and make sense, else the fall-back.

use crate::seed::{admin_key, left_carts};
use crate::support::{Browser, World};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::post;
use beckon_server::public;
use beckon_server::run::follow;
use http_body_util::BodyExt;
use serde_json::Value;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tower::ServiceExt;

/// A service that answers as it is told to.
#[derive(Default)]
struct Service {
    answer: Mutex<(u16, String)>,
    slow: Mutex<Option<Duration>>,
    asked: AtomicU32,
    heard: Mutex<(String, String)>,
}

impl Service {
    async fn start() -> (Arc<Service>, String) {
        let service = Arc::new(Service::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/recommend", listener.local_addr().unwrap());
        let router = axum::Router::new().route("/recommend", post(Service::hear)).with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (service, url)
    }

    async fn hear(
        State(service): State<Arc<Service>>,
        headers: HeaderMap,
        body: String,
    ) -> (StatusCode, String) {
        service.asked.fetch_add(1, Ordering::SeqCst);
        let secret = headers.get("x-lab").map_or("", |value| value.to_str().unwrap()).to_owned();
        *service.heard.lock().unwrap() = (secret, body);
        let slow = *service.slow.lock().unwrap();
        if let Some(slow) = slow {
            tokio::time::sleep(slow).await;
        }
        let (status, text) = service.answer.lock().unwrap().clone();
        (StatusCode::from_u16(status).unwrap(), text)
    }

    fn says(&self, status: u16, text: &str) {
        *self.answer.lock().unwrap() = (status, text.to_owned());
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

/// A shop with a block that starts from a service, set up on its screens.
async fn shop(url: &str) -> (World, Browser, String) {
    let (world, mut browser) = World::with_owner().await;
    left_carts(&world).await;
    follow::tell_recommender(&world.app).unwrap();
    let csrf = browser.get("/developers/endpoints").await.csrf();
    let endpoint = [
        ("csrf", csrf.as_str()),
        ("name", "lab"),
        ("url", url),
        ("timeout_ms", "2000"),
        ("header", "X-Lab"),
        ("secret", "very-secret"),
    ];
    let made = browser.post("/developers/endpoints", &endpoint).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let fields = [("csrf", csrf.as_str()), ("strategy", "third_party"), ("name", "lab-goods")];
    assert_eq!(browser.post("/blocks", &fields).await.status, StatusCode::SEE_OTHER);
    (world, browser, csrf)
}

async fn ask(world: &World) -> Value {
    let uri = format!(
        "/v1/recommend?writeKey={}&show=lab-goods&anonymousId=me&products=evil&userId=user-1",
        world.write_key
    );
    let request = Request::get(uri).body(Body::empty()).unwrap();
    let answer = public::router(world.app.clone()).oneshot(request).await.unwrap();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&bytes).unwrap()
}

/// What chose the only product that may come.
fn chosen_by(answer: &Value) -> &str {
    assert_eq!(answer["blocks"][0]["items"][0]["id"], "kettle", "the list is full all the same: {answer}");
    answer["blocks"][0]["items"][0]["strategy"].as_str().unwrap()
}

#[tokio::test]
async fn an_answer_in_time_is_shown_and_filters_hold_for_it() {
    let (service, url) = Service::start().await;
    let (world, mut browser, _) = shop(&url).await;
    service.says(200, r#"{"items": ["gone", "evil", "kettle"]}"#);
    let answer = ask(&world).await;
    assert_eq!(chosen_by(&answer), "third_party");
    assert_eq!(answer["blocks"][0]["items"].as_array().unwrap().len(), 1, "never the page's own product");
    let (secret, body) = service.heard.lock().unwrap().clone();
    assert_eq!(secret, "very-secret");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&body["products"][0], &body["anonymousId"]), (&"evil".into(), &"me".into()));
    assert_eq!(body["userId"], "", "the public key proves nobody");
    let preview = "/blocks/lab-goods/preview?mix[0].strategy=third_party&mix[0].endpoint=lab&size=4";
    let page = browser.get(preview).await.text;
    assert!(page.contains("Red kettle") && page.contains("own service"), "{page}");
}

#[tokio::test]
async fn too_late_garbage_and_errors_fall_back_and_are_told() {
    let (service, url) = Service::start().await;
    let (world, mut browser, csrf) = shop(&url).await;
    let preview = "/blocks/lab-goods/preview?mix[0].strategy=third_party&mix[0].endpoint=lab&size=4&fill=1";
    for (status, text, told) in [
        (200, "<html>", "neither a list of ids"),
        (500, "[]", "it answers 500"),
        (302, "[\"kettle\"]", "it answers 302"),
    ] {
        service.says(status, text);
        assert_eq!(chosen_by(&ask(&world).await), "bestsellers", "{status}");
        let page = browser.get("/developers/endpoints").await.text;
        assert!(page.contains(told), "{told}: {page}");
    }
    // One good answer, and all is forgiven.
    service.says(200, "[\"kettle\"]");
    assert_eq!(chosen_by(&ask(&world).await), "third_party");

    let quick = [("csrf", csrf.as_str()), ("name", "lab"), ("url", &url), ("timeout_ms", "30")];
    let quick = [&quick[..], &[("header", "X-Lab")]].concat();
    assert_eq!(browser.post("/developers/endpoints", &quick).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.app.shop().endpoints["lab"].secret, "very-secret", "an empty field keeps it");
    *service.slow.lock().unwrap() = Some(Duration::from_secs(30));
    let begun = Instant::now();
    let page = browser.get(preview).await.text;
    assert!(page.contains("no answer within 30 ms"), "{page}");
    assert!(begun.elapsed() < Duration::from_secs(20), "nobody waits for it");
}

#[tokio::test]
async fn who_keeps_failing_is_left_alone() {
    let (service, url) = Service::start().await;
    let (world, mut browser, _) = shop(&url).await;
    service.says(500, "");
    for _ in 0..8 {
        assert_eq!(chosen_by(&ask(&world).await), "bestsellers");
    }
    assert_eq!(service.asked(), 5);
    assert!(browser.get("/developers/endpoints").await.text.contains("left alone"));
    // A page in English names the rest of the trouble; nothing of it is asked of the network again.
    let preview = "/blocks/lab-goods/preview?mix[0].strategy=third_party&mix[0].endpoint=lab&size=4";
    assert!(browser.get(preview).await.text.contains("it answers 500"));
    assert_eq!(service.asked(), 5);
}

#[tokio::test]
async fn programs_keep_services_without_learning_their_secrets() {
    let (_service, url) = Service::start().await;
    let world = World::new();
    let key = admin_key(&world);
    let call = async |method: &str, body: &str| {
        crate::seed::ask(&world, &key, method, "/api/v1/endpoints/lab", body).await
    };
    assert_eq!(call("GET", "").await.0, StatusCode::NOT_FOUND);
    let body = format!(r#"{{"url": "{url}", "header": "X-Lab", "secret": "very-secret"}}"#);
    let (status, made) = call("PUT", &body).await;
    assert!(status.is_success(), "{made}");
    assert_eq!((&made["timeout_ms"], &made["secret_set"]), (&150.into(), &true.into()));
    let (_, all) = crate::seed::ask(&world, &key, "GET", "/api/v1/endpoints", "").await;
    assert_eq!(all["endpoints"][0]["url"], *url);
    assert!(!made.to_string().contains("very-secret") && !all.to_string().contains("very-secret"));
    // The secret stays with its address, and goes to no other.
    let quick = format!(r#"{{"url": "{url}", "header": "X-Lab", "timeout_ms": 50}}"#);
    assert!(call("PUT", &quick).await.0.is_success());
    assert_eq!(world.app.shop().endpoints["lab"].secret, "very-secret");
    let (status, why) = call("PUT", r#"{"url": "https://elsewhere.example/", "header": "X-Lab"}"#).await;
    assert_eq!((status, why["field"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("secret")), "{why}");
    assert_eq!(world.app.shop().endpoints["lab"].url, url);
    let old = format!(r#"{{"url": "{url}", "version": 1}}"#);
    assert_eq!(call("PUT", &old).await.0, StatusCode::CONFLICT);
    assert!(call("DELETE", "").await.0.is_success());
    assert!(world.app.shop().endpoints.is_empty());
    assert_eq!(call("DELETE", "").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_secret_is_never_shown_and_goes_to_no_other_address() {
    let (_service, url) = Service::start().await;
    let (world, mut browser, csrf) = shop(&url).await;
    for path in ["/developers/endpoints", "/settings/log", "/blocks/lab-goods", "/blocks/lab-goods/versions"]
    {
        assert!(!browser.get(path).await.text.contains("very-secret"), "{path}");
    }
    let moved = [
        ("csrf", csrf.as_str()),
        ("name", "lab"),
        ("url", "https://elsewhere.example/"),
        ("timeout_ms", "100"),
        ("header", "X-Lab"),
    ];
    let refused = browser.post("/developers/endpoints", &moved).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.app.shop().endpoints["lab"].url, url);
    let bad = [("csrf", csrf.as_str()), ("name", "Bad name"), ("url", "file:///etc"), ("timeout_ms", "1")];
    let wrong = browser.post("/developers/endpoints", &bad).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("public internet") && wrong.text.contains("from 20 to 5000"));
    let version = browser.get("/developers/endpoints").await.field("version");
    let gone = [("csrf", csrf.as_str()), ("name", "lab"), ("version", version.as_str())];
    assert_eq!(browser.post("/developers/endpoints/delete", &gone).await.status, StatusCode::SEE_OTHER);
    assert!(world.app.shop().endpoints.is_empty());
    assert_eq!(chosen_by(&ask(&world).await), "bestsellers");
}
