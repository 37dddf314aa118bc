//! "Events arriving" in a real browser, over a running program: what SDKs really sent is shown with every field
//! explained, and whatever is wrong says what to do about it.
//!
//! The captures are not ours and not in the repository; without them the test of them says so.

use crate::browser::{Browser, Page};
use crate::http::{self, Answer};
use crate::program::Program;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;

/// A program whose first visitor has set the shop up, her browser, and the shop's write key.
async fn open(browser: &Browser, name: &str, lang: &str) -> (Program, Page, String) {
    let server = Program::serve(name);
    let page = browser.blank().await;
    page.viewport(1440, 900, false).await;
    page.goto(&format!("{}/?lang={lang}", server.origin(0))).await;
    page.type_into("[name=name]", "Kettle").await;
    page.type_into("[name=email]", "owner@shop.example").await;
    page.type_into("[name=password]", "correct horse").await;
    page.eval("void (window.__old = true)").await;
    page.click("form[action='/set-up'] button.primary").await;
    page.wait_until("!window.__old && document.readyState === 'complete'").await;
    page.goto(&format!("{}/developers", server.origin(0))).await;
    let said = page.text("main").await;
    let key = said
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')))
        .find(|word| word.starts_with("wk_"));
    let key = key.unwrap_or_else(|| panic!("no write key on {said}")).to_owned();
    (server, page, key)
}

/// What the list shows: for each entry whether something was wrong, its text, and the fields without an explanation.
const LIST: &str = "[...document.querySelectorAll('.arrival')].map(line => ({ \
    wrong: line.tagName !== 'DETAILS', text: line.textContent, \
    bare: [...line.querySelectorAll('dt')].filter(name => !name.nextElementSibling.querySelector('small')) \
        .map(name => name.textContent) }))";

async fn list(server: &Program, page: &Page) -> Vec<Value> {
    page.goto(&format!("{}/developers/arrivals", server.origin(0))).await;
    page.eval(LIST).await.as_array().cloned().unwrap_or_default()
}

fn public(server: &Program) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], server.port + 1))
}

/// The POSTs of a capture as they were, but for the key: that is the shop's own.
async fn replay(server: &Program, key: &str, file: &std::path::Path) -> Vec<Answer> {
    let mut answers = Vec::new();
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let request: Value = serde_json::from_str(&line.replace("WK_TEST", key)).unwrap();
        if request["method"] != "POST" {
            continue;
        }
        let body = match (&request["raw_b64"], &request["json"], &request["body_text"]) {
            (Value::String(raw), _, _) => STANDARD.decode(raw).unwrap(),
            (_, json @ Value::Object(_), _) => json.to_string().into_bytes(),
            (_, _, text) => text.as_str().unwrap_or_default().as_bytes().to_vec(),
        };
        let login = format!("Basic {}", STANDARD.encode(format!("{key}:")));
        let ours = ["host", "connection", "content-length"];
        let headers = request["headers"].as_array().unwrap().iter().filter_map(|header| {
            let (name, value) = (header[0].as_str()?, header[1].as_str()?);
            let value = if name.eq_ignore_ascii_case("authorization") { &login } else { value };
            (!ours.contains(&name.to_lowercase().as_str())).then(|| format!("{name}: {value}"))
        });
        let headers: Vec<String> = headers.collect();
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let path = request["path"].as_str().unwrap();
        answers.push(http::request(public(server), "POST", path, &headers, &body).await.unwrap());
    }
    answers
}

#[tokio::test]
async fn what_sdks_really_sent_is_shown_with_every_field_explained() {
    let captures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/captures");
    if !captures.is_dir() {
        return println!("skipped: no ../shared");
    }
    let Some(browser) = Browser::launch().await else { return };
    let (server, page, key) = open(&browser, "captures", "en").await;
    let files = std::fs::read_dir(captures).unwrap().map(|file| file.unwrap().path());
    let ours = ["segment", "rudder", "analytics-python"];
    let mut files: Vec<PathBuf> = files
        .filter(|file| file.extension().is_some_and(|end| end == "jsonl"))
        .filter(|file| ours.iter().any(|name| file.to_string_lossy().contains(name)))
        .collect();
    files.sort();
    assert!(files.len() > 15, "{files:?}");
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        for answer in replay(&server, &key, &file).await {
            assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"success":true}"#), "{name}");
        }
        let lines = list(&server, &page).await;
        assert!(!lines.is_empty(), "{name}: nothing arrived");
        for line in lines {
            let text = line["text"].as_str().unwrap();
            assert_eq!(line["wrong"], json!(false), "{name}: {text}");
            assert_eq!(line["bare"], json!([]), "{name}: fields without an explanation in {text}");
            for silly in ["undefined", "[object", "\u{27e6}", "{\"", "NaN"] {
                assert!(!text.contains(silly), "{name}: {text}");
            }
        }
    }
    browser.close().await;
}

#[tokio::test]
async fn whatever_is_wrong_says_what_to_do() {
    let Some(browser) = Browser::launch().await else { return };
    let (server, page, key) = open(&browser, "wrong", "en").await;
    let login = format!("Authorization: Basic {}", STANDARD.encode(format!("{key}:")));
    let deep = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
    let bodies: [(&str, Vec<u8>); 12] = [
        ("/v1/track", b"{\"event\": <script>".to_vec()),
        ("/v1/track", b"\x1f\x8bthis is no gzip".to_vec()),
        ("/v1/track", b"\xff\xfe\xfd".to_vec()),
        ("/v1/track", vec![b' '; 40_000]),
        ("/v1/tarck", b"{}".to_vec()),
        ("/v1/track", br#"{"event": "Product Viewed", "userId": "null"}"#.to_vec()),
        ("/v1/track", br#"{"anonymousId": "a", "event": ""}"#.to_vec()),
        (
            "/v1/track",
            br#"{"anonymousId": "a", "event": "Product Viewed", "timestamp": "yesterday"}"#.to_vec(),
        ),
        ("/v1/track", br#"{"anonymousId": "a", "event": "Order Completed"}"#.to_vec()),
        (
            "/v1/identify",
            br#"{"anonymousId": "a", "traits": {"email": "<img src=x onerror=alert(1)>"}}"#.to_vec(),
        ),
        ("/v1/identify", format!("{{\"anonymousId\": \"a\", \"traits\": {deep}}}").into_bytes()),
        ("/v1/batch", br#"{"batch": [17, {"type": "purchase", "anonymousId": "a"}]}"#.to_vec()),
    ];
    for (path, body) in &bodies {
        let headers = ["Content-Type: application/json", login.as_str()];
        http::request(public(&server), "POST", path, &headers, body).await.unwrap();
    }
    // Whoever floods us without a key takes up one line.
    for _ in 0..100 {
        let answer = http::request(public(&server), "POST", "/v1/track", &[], b"{}").await.unwrap();
        assert_eq!(answer.status, 401);
    }
    let lines = list(&server, &page).await;
    let wrong: Vec<&str> = lines
        .iter()
        .filter(|line| line["wrong"] == true)
        .map(|line| line["text"].as_str().unwrap())
        .collect();
    assert!(wrong.len() >= 12, "{wrong:#?}");
    for text in &wrong {
        let (_, todo) = text.split_once("What to do:").unwrap_or_else(|| panic!("no mend in {text}"));
        assert!(todo.trim().len() > 10, "{text}");
    }
    assert_eq!(wrong.iter().filter(|text| text.contains("100 requests refused")).count(), 1, "{wrong:#?}");
    browser.close().await;
}
