//! Settings: saved, refused with a sentence, and never over somebody else's change.

use crate::support::World;
use axum::http::StatusCode;
use beckon_sim::smtp::{Mailbox, Options};

#[tokio::test]
async fn of_two_changes_the_second_is_told_and_sees_the_first() {
    let (world, mut one) = World::with_owner().await;
    let mut two = one.clone();
    let page = one.get("/settings/shop").await;
    let (csrf, version) = (page.csrf(), page.field("version"));
    let fields =
        |name: &'static str| vec![("csrf", csrf.as_str()), ("version", version.as_str()), ("name", name)];
    assert_eq!(one.post("/settings/shop", &fields("First")).await.status, StatusCode::SEE_OTHER);
    let second = two.post("/settings/shop", &fields("Second")).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text.contains("value=\"First\""), "the newer values are shown");
    assert!(second.text.contains("changed this meanwhile"));
    assert_eq!(world.app.shop().card.name, "First");
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_said_at_its_field() {
    let (world, mut browser) = World::with_owner().await;
    let page = browser.get("/settings/shop").await;
    let fields = [
        ("csrf", page.csrf()),
        ("version", page.field("version")),
        ("name", String::new()),
        ("site", "javascript:alert(1)".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.post("/settings/shop", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("A web address begins with http"), "{}", answer.text);
    assert_eq!(world.app.shop().card.name, "Kettles");
}

#[tokio::test]
async fn the_gate_is_saved_whole_or_not_at_all() {
    let (world, mut browser) = World::with_owner().await;
    let page = browser.get("/settings/gate").await;
    let (csrf, version) = (page.csrf(), page.field("version"));
    let fields = |holdout: &'static str| {
        vec![
            ("csrf", csrf.as_str()),
            ("version", version.as_str()),
            ("holdout", holdout),
            ("quiet_from", "22"),
            ("quiet_until", "8"),
            ("time_zone", "Asia/Yekaterinburg"),
            ("attribution_days", "7"),
            ("mode", "signed"),
        ]
    };
    let wrong = browser.post("/settings/gate", &fields("51")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.app.shop().settings.mode, "open");
    assert_eq!(browser.post("/settings/gate", &fields("2,5")).await.status, StatusCode::SEE_OTHER);
    let state = world.app.shop();
    assert_eq!((state.settings.global_holdout_ppm, state.settings.mode.as_str()), (25_000, "signed"));
    assert_eq!(state.settings.time_zone, "Asia/Yekaterinburg");
}

#[tokio::test]
async fn a_password_of_the_relay_is_kept_and_never_shown_or_moved() {
    let (world, mut browser) = World::with_owner().await;
    let save = async |browser: &mut crate::support::Browser, url: &str| {
        let page = browser.get("/settings/sending").await;
        let (csrf, version) = (page.csrf(), page.field("version"));
        let fields = [
            ("csrf", csrf.as_str()),
            ("version", version.as_str()),
            ("smtp_url", url),
            ("from", "Kettles <shop@example.com>"),
            ("action", "save"),
        ];
        browser.post("/settings/sending", &fields).await
    };
    let real = "smtp://me:hunter22@mail.example:587";
    assert_eq!(save(&mut browser, real).await.status, StatusCode::SEE_OTHER);
    let page = browser.get("/settings/sending").await;
    assert!(!page.text.contains("hunter22"), "the password is shown");
    let masked = page.text.split("name=\"smtp_url\"").nth(1).unwrap().split("value=\"").nth(1).unwrap();
    let masked = masked.split('"').next().unwrap().to_owned();
    assert_eq!(save(&mut browser, &masked).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.app.shop().settings.smtp_url, real);
    let moved = save(&mut browser, &masked.replace("mail.example", "evil.example")).await;
    assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.app.shop().settings.smtp_url, real);
}

#[tokio::test]
async fn a_key_is_generated_and_its_record_shown() {
    let (world, mut browser) = World::with_owner().await;
    let page = browser.get("/settings/sending").await;
    let (csrf, version) = (page.csrf(), page.field("version"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("version", version.as_str()),
        ("dkim_domain", "example.com"),
        ("dkim_selector", "beckon"),
        ("action", "generate"),
    ];
    assert_eq!(browser.post("/settings/sending", &fields).await.status, StatusCode::SEE_OTHER);
    let page = browser.get("/settings/sending").await;
    assert!(
        page.text.contains("beckon._domainkey.example.com") && page.text.contains("v=DKIM1; k=ed25519; p=")
    );
    assert!(!page.text.contains("PRIVATE KEY"));
    assert!(world.app.shop().settings.dkim_key.contains("PRIVATE KEY"));
}

#[tokio::test]
async fn the_test_mail_really_goes_and_the_relay_is_quoted() {
    let (world, mut browser) = World::with_owner().await;
    let mailbox = Mailbox::start(Options::default()).await.unwrap();
    let csrf = browser.get("/settings/sending").await.csrf();
    let none = browser.post("/settings/sending/test", &[("csrf", &csrf), ("to", "a@example.com")]).await;
    assert!(none.text.contains("not set yet"), "{}", none.text);
    let version = browser.get("/settings/sending").await.field("version");
    let url = format!("smtp://{}", mailbox.addr());
    let fields = [
        ("csrf", csrf.as_str()),
        ("version", version.as_str()),
        ("smtp_url", url.as_str()),
        ("from", "Kettles <shop@example.com>"),
        ("action", "save"),
    ];
    assert_eq!(browser.post("/settings/sending", &fields).await.status, StatusCode::SEE_OTHER);
    let sent = browser.post("/settings/sending/test", &[("csrf", &csrf), ("to", "a@example.com")]).await;
    assert!(sent.text.contains("The relay took the mail"), "{}", sent.text);
    assert_eq!(mailbox.accepted(), 1);
    drop(world);
}
