//! The HTTP side: keys, sizes, encodings, methods, refusals.

use super::*;
use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::time::Duration;

const PAGE: &str = r#"{"anonymousId":"a-1","type":"page","properties":{"path":"/x"}}"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn every_path_takes_its_call() {
    for (path, expected) in [
        ("/v1/identify", "identified "),
        ("/v1/i", "identified "),
        ("/v1/track", "other Seen"),
        ("/v1/t", "other Seen"),
        ("/v1/page", "page /x"),
        ("/v1/p", "page /x"),
        ("/v1/p/", "page /x"),
        ("/v1/screen", "page Home"),
        ("/v1/s", "page Home"),
        ("/v1/group", "other Group"),
        ("/v1/g", "other Group"),
        ("/v1/alias", "identified "),
        ("/v1/a", "identified "),
    ] {
        let body =
            r#"{"anonymousId":"a-1","userId":"u-1","event":"Seen","name":"Home","properties":{"path":"/x"}}"#;
        let (event, reasons) = one(path, body).await;
        assert_eq!((brief(&event.unwrap().event.fact).as_str(), reasons), (expected, vec![]), "{path}");
    }
    for path in ["/v1/batch", "/v1/b", "/beacon/v1/batch"] {
        let recorder = Recorder::new();
        post(&recorder, path, &format!(r#"{{"batch":[{PAGE},{PAGE}]}}"#)).await;
        let events = recorder.events();
        assert_eq!(events.len(), 2, "{path}");
        assert_ne!(events[0].event.number, events[1].event.number, "without message id each is its own");
    }
    let recorder = Recorder::new();
    post(&recorder, "/v1/batch", r#"{"batch":[]}"#).await;
    post(&recorder, "/v1/m", r#"{"series":[]}"#).await;
    assert_eq!((recorder.events(), recorder.reasons()), (vec![], vec![]));
    assert_eq!(post_as(&recorder, "WK_TEST", "/v1/nothing", PAGE).await.code(), "unknown_call");
}

#[tokio::test]
async fn the_key_is_of_the_header_else_the_body_else_the_query() {
    let recorder = Recorder::new();
    let plain =
        |path: &'static str, body: &'static str| send(&recorder, Method::POST, path, &[], Body::from(body));
    let with_key = r#"{"anonymousId":"a-1","writeKey":"WK_TEST"}"#;
    assert_eq!(plain("/v1/page", with_key).await.status, StatusCode::OK);
    assert_eq!(plain("/v1/page?writeKey=WK_TEST", r#"{"anonymousId":"a-1"}"#).await.status, StatusCode::OK);
    assert_eq!(
        plain("/v1/page?writeKey=WK_TEST", r#"{"anonymousId":"a-1","writeKey":"no"}"#).await.status,
        401
    );
    let missing = plain("/v1/page", r#"{"anonymousId":"a-1"}"#).await;
    assert_eq!((missing.status, missing.code().as_str()), (StatusCode::UNAUTHORIZED, "invalid_write_key"));
    assert_eq!(plain("/v1/batch", r#"{"batch":[],"writeKey":"WK_TEST"}"#).await.status, StatusCode::OK);
    assert_eq!(post_as(&recorder, "other", "/v1/page", with_key).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(recorder.events().len(), 2);
}

#[tokio::test]
async fn bad_json_is_refused_with_its_place() {
    let recorder = Recorder::new();
    for (path, body, place) in [
        ("/v1/track", "{\"event\": \"x\",\n  \"userId\": }", "line 2, column 13"),
        ("/v1/track", "", "line 1, column 0"),
        ("/v1/track", "[1]", "no object"),
        ("/v1/track", "{} x", "line 1, column 4"),
        ("/v1/batch", "{\"batch\":[{}", "line 1, column 12"),
        ("/v1/batch", "{\"events\":[]}", "no list \"batch\""),
        ("/v1/batch", "{\"batch\":{}}", "line 1"),
    ] {
        let answer = post_as(&recorder, "WK_TEST", path, body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, "invalid_json"),
            "{body}"
        );
        let parsed: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert!(parsed["message"].as_str().unwrap().contains(place), "{body}: {}", answer.body);
    }
    let answer = post_as(&recorder, "WK_TEST", "/v1/track", b"{\"a\":\"\xff\"}".to_vec()).await;
    assert_eq!(answer.code(), "invalid_utf8");
    assert!(recorder.events().is_empty());
}

#[tokio::test]
async fn gzip_is_known_by_its_bytes_and_bounded() {
    let recorder = Recorder::new();
    assert_eq!(post_as(&recorder, "WK_TEST", "/v1/page", gzip(PAGE.as_bytes())).await.status, StatusCode::OK);
    let marked = [basic("WK_TEST"), vec![("content-encoding".to_owned(), "gzip".to_owned())]].concat();
    let answer = send(&recorder, Method::POST, "/v1/page", &marked, Body::from(PAGE)).await;
    assert_eq!(answer.status, StatusCode::OK, "a proxy has inflated it and left the mark");
    assert_eq!(recorder.events().len(), 2);
    let bomb = gzip(&vec![b' '; 50_000_000]);
    assert!(bomb.len() < 500 * 1024);
    assert_eq!(post_as(&recorder, "WK_TEST", "/v1/batch", bomb).await.code(), "too_large");
    let mut broken = gzip(PAGE.as_bytes());
    broken.truncate(20);
    assert_eq!(post_as(&recorder, "WK_TEST", "/v1/page", broken).await.code(), "invalid_gzip");
    let bom = [b"\xef\xbb\xbf", PAGE.as_bytes()].concat();
    assert_eq!(post_as(&recorder, "WK_TEST", "/v1/page", bom).await.status, StatusCode::OK);
}

#[tokio::test]
async fn sizes_are_those_of_segment() {
    let recorder = Recorder::new();
    let padded = |bytes: usize| format!("{}{}", PAGE, " ".repeat(bytes - PAGE.len()));
    assert_eq!(post_as(&recorder, "WK_TEST", "/v1/page", padded(32 * 1024)).await.status, StatusCode::OK);
    let answer = post_as(&recorder, "WK_TEST", "/v1/page", padded(32 * 1024 + 1)).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::BAD_REQUEST, "too_large"));
    let batch = |count: usize| format!(r#"{{"batch":[{}]}}"#, vec![PAGE; count].join(","));
    assert_eq!(post_as(&recorder, "WK_TEST", "/v1/batch", batch(2_500)).await.status, StatusCode::OK);
    assert_eq!(post_as(&recorder, "WK_TEST", "/v1/batch", batch(2_501)).await.code(), "too_many_events");
    assert_eq!(recorder.events().len(), 2_501);
    let long = format!(r#"{{"anonymousId":"a","type":"page","x":"{}"}}"#, "x".repeat(33_000));
    post(&recorder, "/v1/batch", &format!(r#"{{"batch":[{PAGE},{long},7,{{"a":1e999}}]}}"#)).await;
    assert_eq!(recorder.events().len(), 1, "the others are not lost");
    assert_eq!(recorder.reasons(), [Reason::TooLarge, Reason::Unreadable, Reason::Unreadable]);
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_cut_off() {
    let (mut sender, body) = http_body_util::channel::Channel::<Bytes>::new(1);
    let writer = tokio::spawn(async move {
        let mut sent = 0;
        while sent < 10_000_000 && sender.send_data(Bytes::from_static(&[b' '; 50_000])).await.is_ok() {
            sent += 50_000;
        }
        sent
    });
    let recorder = Recorder::new();
    let answer = post_as(&recorder, "WK_TEST", "/v1/batch", Body::new(body)).await;
    assert_eq!(answer.code(), "too_large");
    let sent = writer.await.unwrap();
    assert!(
        (1_500_000..2_000_000).contains(&sent),
        "{sent}: a little more than the limit is read, then no more"
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_is_given_up() {
    let (mut sender, body) = http_body_util::channel::Channel::<Bytes>::new(1);
    sender.send_data(Bytes::from_static(b"{")).await.unwrap();
    let begun = tokio::time::Instant::now();
    let answer = post_as(&Recorder::new(), "WK_TEST", "/v1/track", Body::new(body)).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::REQUEST_TIMEOUT, "slow_body"));
    assert_eq!(begun.elapsed(), Duration::from_secs(15));
    drop(sender);
}

#[tokio::test]
async fn wrong_methods_are_said_so() {
    let recorder = Recorder::new();
    for (method, path) in [
        (Method::GET, "/v1/track"),
        (Method::PUT, "/v1/batch"),
        (Method::GET, "/beacon/v1/batch"),
        (Method::POST, "/sourceConfig"),
        (Method::DELETE, "/v1/projects/WK_TEST/settings"),
    ] {
        let answer = send(&recorder, method, path, &[], Body::empty()).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            "{path}"
        );
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(!answer.header("allow").is_empty());
    }
    let answer = send(&recorder, Method::HEAD, "/v1/track", &[], Body::empty()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn busy_and_unavailable_ask_to_come_again() {
    for (refuse, status, secs) in [
        (Refused::Busy { retry_after_secs: 7 }, StatusCode::TOO_MANY_REQUESTS, "7"),
        (Refused::Unavailable, StatusCode::SERVICE_UNAVAILABLE, "1"),
    ] {
        let mut recorder = Recorder::new();
        Arc::get_mut(&mut recorder).unwrap().refuse = Some(refuse);
        let answer = post_as(&recorder, "WK_TEST", "/v1/page", PAGE).await;
        assert_eq!(answer.status, status);
        answer.code();
        assert_eq!((answer.header("retry-after"), answer.header("x-ratelimit-reset")), (secs, secs));
        assert!(answer.header("access-control-expose-headers").contains("Retry-After"));
    }
}

#[tokio::test]
async fn an_import_is_history_and_needs_the_server_key() {
    let recorder = Recorder::new();
    let body = format!(r#"{{"batch":[{PAGE}]}}"#);
    let answer = post_as(&recorder, "WK_TEST", "/v1/import", body.clone()).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "server_key_required"));
    assert_eq!(post_as(&recorder, "SK_TEST", "/v1/import", body).await.status, StatusCode::OK);
    let marked = format!(r#"{{"batch":[{PAGE}],"context":{{"mode":"history"}}}}"#);
    post(&recorder, "/v1/batch", &marked).await;
    post(&recorder, "/v1/batch", &format!(r#"{{"historical_migration":true,"batch":[{PAGE}]}}"#)).await;
    let events = recorder.events();
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|i| i.event.mode == beckon_core::event::Mode::History));
}

#[tokio::test]
async fn settings_are_for_the_public_key_only() {
    let recorder = Recorder::new();
    for (path, status) in [
        ("/v1/projects/WK_TEST/settings", 200),
        ("/v1/projects/SK_TEST/settings", 403),
        ("/v1/projects/none/settings", 401),
        ("/sourceConfig", 401),
    ] {
        let answer = send(&recorder, Method::GET, path, &[], Body::empty()).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert!(!answer.body.contains("SK_TEST"));
    }
    let answer = send(&recorder, Method::GET, "/sourceConfig/", &basic("WK_TEST"), Body::empty()).await;
    assert!(answer.body.contains("WK_TEST"));
}
