//! The screens: in both languages, with hostile text everywhere, and their forms.

use crate::seed::{EVIL, call, feed, left_carts, sent};
use crate::support::World;
use axum::http::{Request, StatusCode};
use beckon_server::access::rights::Role;
use std::time::{Duration, Instant};

async fn pages(world: &World) -> Vec<String> {
    let mut paths: Vec<String> = [
        "/customers",
        "/customers?q=ada@shop.example",
        "/customers?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/customers/rows?q=a%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/messages",
        "/messages?state=withheld&email=%22%3E%3Cscript%3Ealert(1)",
        "/journeys",
        "/journeys/abandoned-cart",
        "/journeys/abandoned-cart/numbers",
        "/journeys/abandoned-cart/numbers?period=day&metric=%3Cscript%3Ealert(1)",
        "/journeys/abandoned-cart/settings",
        "/journeys/abandoned-cart/steps/classic-first",
        "/journeys/abandoned-cart/steps/variant",
        "/journeys/abandoned-cart/versions",
        "/journeys/abandoned-cart?span=%3Cscript%3Ealert(1)",
        "/journeys/abandoned-cart/text",
        "/stages",
        "/catalogue",
        "/catalogue?search=%22%3E%3Cscript%3Ealert(1)",
        "/catalogue/offers/evil",
        "/catalogue/imports",
        "/catalogue/imports/running",
        "/settings/unsubscribes",
    ]
    .map(str::to_owned)
    .into();
    let all = call(world, "GET", "/api/v1/messages", "").await;
    for message in all["messages"].as_array().unwrap() {
        paths.push(format!("/messages/{}", message["id"].as_str().unwrap()));
        paths.push(format!("/customers/{}", message["profile"].as_str().unwrap()));
        paths.push(format!("/customers/{}/timeline", message["profile"].as_str().unwrap()));
        paths.push(format!("/customers/{}/side", message["profile"].as_str().unwrap()));
    }
    paths
}

#[tokio::test]
async fn every_page_speaks_both_languages_and_hostile_text_stays_text() {
    let (world, _) = World::with_owner().await;
    left_carts(&world).await;
    sent(&world).await;
    for (language, email) in [("en", "en@shop.example"), ("ru", "ru@shop.example")] {
        beckon_server::access::staff::create_speaking(
            &world.app.plane,
            email,
            crate::support::PASSWORD,
            Role::Owner,
            beckon_server::i18n::Locale::parse(language).unwrap(),
        )
        .unwrap();
        let mut browser = world.sign_in(email).await;
        for path in pages(&world).await {
            let page = browser.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
            assert!(!page.text.contains("<script>alert") && !page.text.contains("<img src=x"), "{path}");
            assert!(!page.text.contains("href=\"javascript"), "{path}");
            assert!(!page.text.contains('⟦'), "{path}: {}", page.text);
            let policy = page.headers["content-security-policy"].to_str().unwrap();
            assert!(!policy.contains("unsafe"), "{path}: {policy}");
            let part = ["/timeline", "/running", "/side"].iter().any(|end| path.ends_with(end));
            if !part && !path.starts_with("/customers/rows") {
                assert!(page.text.contains(&format!("<html lang=\"{language}\"")), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_mail_is_shown_without_its_opening_picture_and_without_ways_out() {
    let (world, mut browser) = World::with_owner().await;
    left_carts(&world).await;
    let id = sent(&world).await;
    let pixel = world.app.links().open(id.parse::<beckon_core::ids::MessageId>().unwrap().0);
    let body = browser.get(&format!("/messages/{id}/body")).await;
    assert!(body.text.contains("Red kettle"));
    assert!(!body.text.contains(&pixel), "looking at it would count as opened");
    assert!(body.text.contains("<base target=\"_blank\">"));
    let policy = body.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.ends_with("sandbox"), "a link could be followed: {policy}");
    let page = browser.get(&format!("/messages/{id}")).await;
    assert!(page.text.contains("sandbox=\"\"") && page.text.contains("250 taken"), "{}", page.text);
}

#[tokio::test]
async fn a_person_is_found_by_what_was_typed_and_a_merged_one_leads_on() {
    let (world, mut browser) = World::with_owner().await;
    left_carts(&world).await;
    for typed in ["ada@shop.example", "user-1", "browser-1"] {
        let page = browser.get(&format!("/customers?q={typed}")).await;
        assert!(page.text.contains("ada@shop.example"), "{typed}: {}", page.text);
    }
    let nobody = browser.get("/customers?q=nobody").await;
    assert!(nobody.text.contains("Nobody found"));
    assert_eq!(browser.get("/customers/zzz").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_journey_is_switched_set_and_edited_on_its_pages() {
    let (world, mut browser) = World::with_owner().await;
    let home = "/journeys/abandoned-cart";
    let csrf = browser.get(home).await.csrf();
    let on = browser.post(&format!("{home}/switch"), &[("csrf", &csrf), ("on", "1")]).await;
    assert_eq!((on.status, on.location()), (StatusCode::SEE_OTHER, home));
    assert!(world.app.shop().journeys["abandoned-cart"].on);
    let settings = format!("{home}/settings");
    let fields = [
        ("csrf", csrf.as_str()),
        ("after", "15m"),
        ("priority", "94"),
        ("variant", "test"),
        ("holdout", "90%"),
        ("global_holdout", "2%"),
    ];
    let wrong = browser.post(&settings, &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("at most 50%") && wrong.text.contains("value=\"90%\""), "{}", wrong.text);
    assert!(world.app.shop().journeys["abandoned-cart"].set.is_empty(), "half of a refused form was taken");
    let mut right = fields;
    right[4] = ("holdout", "10%");
    assert_eq!(browser.post(&settings, &right).await.status, StatusCode::SEE_OTHER);
    let set = world.app.shop().journeys["abandoned-cart"].set.clone();
    assert_eq!(
        set.keys().map(String::as_str).collect::<Vec<_>>(),
        ["holdout", "variant"],
        "what did not differ stays the text's"
    );

    let text = world.app.shop().journeys["abandoned-cart"].text.replace('\n', "\r\n");
    let page = format!("{home}/text");
    let broken = text.replace("for: 2d", "for: soon");
    let line = broken.lines().position(|line| line.contains("for: soon")).unwrap() + 1;
    let shown = browser.post(&page, &[("csrf", &csrf), ("text", &broken)]).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        shown.text.contains(&format!("Line {line}:")) && shown.text.contains("for: soon"),
        "{}",
        shown.text
    );
    let same = browser.post(&page, &[("csrf", &csrf), ("text", &text)]).await;
    assert_eq!((same.status, same.location()), (StatusCode::SEE_OTHER, home));
    assert_eq!(world.app.shop().journeys["abandoned-cart"].graph, 1, "line ends are no new graph");
}

#[tokio::test]
async fn a_feed_sent_as_a_file_is_imported_and_its_broken_offers_are_told() {
    let (world, mut browser) = World::with_owner().await;
    let csrf = browser.get("/catalogue/imports").await.csrf();
    let request = Request::post("/catalogue/imports/file").header("x-csrf-token", &csrf);
    assert_eq!(browser.send(request, feed()).await.status, StatusCode::ACCEPTED);
    let begun = Instant::now();
    loop {
        let page = browser.get("/catalogue/imports").await;
        if page.text.contains("<code>broken</code>") {
            assert!(!page.text.contains(EVIL));
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{}", page.text);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(browser.get("/catalogue").await.text.contains("Red kettle"));
    let staff = beckon_server::access::staff::create_speaking;
    let ru = beckon_server::i18n::Locale::Ru;
    staff(&world.app.plane, "ru@shop.example", crate::support::PASSWORD, Role::Owner, ru).unwrap();
    let page = world.sign_in("ru@shop.example").await.get("/catalogue/imports").await;
    assert!(
        page.text.contains("у товара нет названия"),
        "refusals are told in the page's language: {}",
        page.text
    );
    let bad = browser.post("/catalogue/imports", &[("csrf", &csrf), ("url", "/etc/passwd")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
}
