//! The mailbox as a browser asks for it.

use super::*;
use crate::shop::Lang;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

fn mail(to: &str, raw: &str) -> Mail {
    Mail {
        from: "shop@demo.example".to_owned(),
        to: to.to_owned(),
        raw: raw.as_bytes().into(),
        at: WallTime(1),
    }
}

fn site(letters: &Letters) -> Router {
    let options = Options {
        shop: "http://shop.test".to_owned(),
        admin: "http://admin.test".to_owned(),
        lang: Lang::Ru,
        clock: Default::default(),
    };
    router(letters.clone(), options)
}

async fn ask(site: &Router, path: &str, tag: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path).header("if-none-match", tag).body(Body::empty()).unwrap();
    let answer = site.clone().oneshot(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (status, headers, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn the_list_is_newest_first_filtered_and_answered_304_until_a_mail_comes() {
    let letters = Letters::new();
    let site = site(&letters);
    letters.put(&mail("anna@demo.example", "Subject: one\r\n\r\nText"));
    letters.put(&mail("boris@demo.example", "Subject: two\r\n\r\nText"));
    let (_, headers, text) = ask(&site, "/list.json", "").await;
    let list: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&list["mails"][0]["subject"], &list["count"]), (&"two".into(), &2.into()));
    let tag = headers["etag"].to_str().unwrap();
    assert_eq!(ask(&site, "/list.json", tag).await.0, StatusCode::NOT_MODIFIED);
    letters.put(&mail("anna@demo.example", "Subject: three\r\n\r\nText"));
    let (status, _, text) = ask(&site, "/list.json?to=ANNA", tag).await;
    assert_eq!(status, StatusCode::OK);
    let list: serde_json::Value = serde_json::from_str(&text).unwrap();
    let subjects: Vec<&str> =
        list["mails"].as_array().unwrap().iter().map(|mail| mail["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["three", "one"]);
}

#[tokio::test]
async fn only_the_newest_are_kept() {
    let letters = Letters::new();
    for n in 1..=LETTERS_MAX + 5 {
        letters.put(&mail("a@demo.example", &format!("Subject: {n}\r\n\r\n")));
    }
    assert_eq!(letters.count(), LETTERS_MAX);
    let site = site(&letters);
    assert_eq!(ask(&site, "/mail/5", "").await.0, StatusCode::NOT_FOUND);
    assert!(ask(&site, "/mail/6", "").await.2.contains("\"subject\":\"6\""));
    assert_eq!(ask(&site, "/mail/2005", "").await.0, StatusCode::OK);
    for path in ["/mail/2006", "/mail/0", "/mail/2006/html", "/mail/2006/source"] {
        assert_eq!(ask(&site, path, "").await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_mail_is_shown_under_a_policy_without_scripts_and_its_source_as_text() {
    let letters = Letters::new();
    let html = "<html><head><title>x</title></head><body><script>alert(1)</script></body></html>";
    letters.put(&mail("a@demo.example", &format!("Content-Type: text/html\r\n\r\n{html}")));
    let site = site(&letters);
    let (_, headers, shown) = ask(&site, "/mail/1/html", "").await;
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("sandbox ")
            && !policy.contains("allow-scripts")
            && !policy.contains("same-origin")
    );
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"));
    assert!(shown.starts_with("<html><head><base target=\"_blank\"><title>"));
    let (_, headers, _) = ask(&site, "/mail/1/source", "").await;
    assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    let (_, headers, page) = ask(&site, "/", "").await;
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"));
    assert!(page.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""));
}
