//! Being led to another site (Mautic CVE-2025-5256, mail-tracker #254): by links of mails and after signing in.

use crate::support::{PASSWORD, World};
use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt;

#[tokio::test]
async fn nobody_is_led_elsewhere_after_signing_in() {
    let (world, _owner) = World::with_owner().await;
    for next in [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\t/evil.example",
        "/\r\nLocation: https://evil.example",
        "http://admin.example@evil.example",
        " //evil.example",
    ] {
        let mut browser = world.browser();
        let csrf = browser.get("/sign-in").await.csrf();
        let fields =
            [("csrf", csrf.as_str()), ("email", "owner@example.com"), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/sign-in", &fields).await.location(), "/", "{next:?}");
        let csrf = browser.get("/account").await.csrf();
        let answer = browser.post("/preferences", &[("csrf", &csrf), ("back", next)]).await;
        assert_eq!(answer.location(), "/", "{next:?}");
    }
}

#[tokio::test]
async fn a_link_leads_only_where_it_was_signed_to() {
    let world = World::new();
    let public = beckon_server::public::router(world.app.clone());
    let signed = world.app.links().click(1, 0, "https://shop.example/a");
    let token = signed.rsplit('/').next().unwrap().to_owned();
    let mut forged: Vec<String> = vec![
        "https%3A%2F%2Fevil.example".to_owned(),
        "%2F%2Fevil.example".to_owned(),
        format!("{token}x"),
        format!("x{token}"),
        token[..token.len() - 1].to_owned(),
        token.to_lowercase(),
        format!("{token}?url=https://evil.example"),
        "AAAA".to_owned(),
    ];
    for at in [0, token.len() / 3, token.len() / 2] {
        let mut letters: Vec<char> = token.chars().collect();
        letters[at] = if letters[at] == 'A' { 'B' } else { 'A' };
        forged.push(letters.into_iter().collect());
    }
    for path in &forged {
        let request = Request::get(format!("/c/{path}")).body(Body::empty()).unwrap();
        let answer = public.clone().oneshot(request).await.unwrap();
        let led = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let own = led.as_deref().is_none_or(|to| to.starts_with("https://shop.example/a"));
        assert!(own, "{path} leads to {led:?}");
    }
}
