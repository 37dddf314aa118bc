//! What every page keeps: its language, its policy, and no code of strangers.

use crate::support::World;
use axum::http::{Method, StatusCode};
use beckon_core::event::{Event, Fact, Identity, Incoming, ItemRef, Line, Mode, Source, Strength, Traits};
use beckon_core::ids::{Door, DoorKind};
use beckon_server::access::rights::Need;
use beckon_server::app::Arrival;
use beckon_server::routes::table;
use beckon_server::settings::{MAIN, ShopCard, kind};
use beckon_server::track::{Flag, Reason};
use std::sync::Arc;

const EVIL: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";

fn evil_event(app: &beckon_server::app::App) -> Incoming {
    let now = app.now();
    let item = ItemRef { id: EVIL.to_owned(), alt: EVIL.to_owned() };
    Incoming {
        event: Event {
            number: 1,
            occurred_at: now,
            received_at: now,
            mode: Mode::Live,
            source: Source::Browser,
            fact: Fact::CartAdded { cart: EVIL.to_owned(), line: Line { item, quantity: 1, price: None } },
        },
        identities: vec![Identity {
            door: Door::new(DoorKind::Anonymous, EVIL),
            strength: Strength::Claimed,
        }],
        traits: Traits { first_name: Some(EVIL.to_owned()), ..Traits::default() },
    }
}

/// Puts hostile text wherever a stranger or a colleague can.
fn poison(world: &World) {
    let app = &world.app;
    app.arrived(Arrival::Event(Arc::new(evil_event(app))));
    let mut other = evil_event(app);
    other.event.fact = Fact::Other { name: EVIL.to_owned(), item: None };
    app.arrived(Arrival::Event(Arc::new(other)));
    app.arrived(Arrival::Flag(Flag { reason: Reason::NoId, what: EVIL.to_owned(), at: app.now() }));
    let card = ShopCard {
        name: EVIL.to_owned(),
        phones: vec![EVIL.to_owned()],
        address: EVIL.to_owned(),
        ..ShopCard::default()
    };
    let body = serde_json::to_string(&card).unwrap();
    let before = app.plane.get(beckon_server::app::SHOP, kind::SHOP, MAIN).unwrap().unwrap();
    app.plane
        .put(&beckon_store::shop::DocumentWrite {
            shop: beckon_server::app::SHOP,
            kind: kind::SHOP,
            name: MAIN,
            expected_version: before.version,
            body: Some(&body),
            at: app.clock.wall(),
            by: EVIL,
        })
        .unwrap();
    beckon_server::run::follow::reload_if_changed(app).unwrap();
}

#[tokio::test]
async fn hostile_text_is_shown_as_text_and_every_page_has_its_words() {
    let (world, mut browser) = World::with_owner().await;
    poison(&world);
    let mut seen = 0;
    for locale in ["en", "ru"] {
        let csrf = browser.get("/account").await.csrf();
        browser.post("/preferences", &[("csrf", &csrf), ("locale", locale), ("back", "/")]).await;
        for route in table() {
            if route.method != Method::GET || route.path.contains('{') || route.need == Need::ServerKey {
                continue;
            }
            let answer = browser.get(route.path).await;
            if answer.status != StatusCode::OK || !answer.text.contains('<') {
                continue;
            }
            seen += 1;
            let text = &answer.text;
            assert!(
                !text.contains("<script>alert") && !text.contains("<img src=x"),
                "{} runs hostile text",
                route.path
            );
            assert!(!text.contains('⟦'), "{} in {locale} prints a raw key", route.path);
            assert!(
                !text.contains(" style=\"") && !text.contains("<style"),
                "{} has inline style",
                route.path
            );
            for part in text.split("<script").skip(1) {
                assert!(part.starts_with(" src=\"/static/"), "{} has an inline script", route.path);
            }
        }
    }
    assert!(seen >= 20, "only {seen} pages were seen");
}

#[tokio::test]
async fn arrivals_show_what_came_and_what_was_wrong() {
    let (world, mut browser) = World::with_owner().await;
    poison(&world);
    let page = browser.get("/developers/arrivals").await;
    assert!(page.text.contains("Product Added"));
    assert!(page.text.contains("nobody to remember it for"), "the flag has no words");
    assert!(page.text.contains("&lt;script&gt;") || page.text.contains("&#60;script&#62;"), "{}", page.text);
}

#[tokio::test]
async fn every_answer_has_the_policy() {
    let (world, mut browser) = World::with_owner().await;
    for path in ["/", "/sign-in", "/no/such/page", "/settings/shop", "/health"] {
        let answer = browser.get(path).await;
        let policy = answer
            .headers
            .get("content-security-policy")
            .unwrap_or_else(|| panic!("{path}"))
            .to_str()
            .unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(answer.headers.get("x-content-type-options").unwrap(), "nosniff");
        assert_eq!(answer.headers.get("cache-control").unwrap(), "no-store", "{path}");
    }
    let page = world.browser().get("/sign-in").await;
    let style = page.text.split("href=\"/static/").nth(1).unwrap().split('"').next().unwrap();
    let answer = world.browser().get(&format!("/static/{style}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.headers.get("cache-control").unwrap().to_str().unwrap().contains("immutable"));
}

#[tokio::test]
async fn a_live_part_that_did_not_change_is_not_sent_again() {
    let (world, mut browser) = World::with_owner().await;
    let first = browser.get("/developers/arrivals/list").await;
    let tag = first.headers.get("etag").unwrap().to_str().unwrap().to_owned();
    browser.headers = vec![("if-none-match", tag)];
    let second = browser.get("/developers/arrivals/list").await;
    assert_eq!((second.status, second.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    poison(&world);
    assert_eq!(browser.get("/developers/arrivals/list").await.status, StatusCode::OK);
}
