//! Who gets in, and what she may do there.

use crate::support::{PASSWORD, World};
use axum::http::{Request, StatusCode};
use beckon_server::access::rights::{Need, Role};
use beckon_server::guard::ServerKey;
use beckon_server::routes::table;

/// A path of the table with something in its parameters.
fn example(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_role_reaches_exactly_the_routes_of_its_rights() {
    for role in Role::ALL {
        let world = World::new();
        let mut browser = world.staff("she@example.com", role).await;
        let csrf = browser.get("/account").await.csrf();
        for route in table() {
            let path = example(route.path);
            if matches!(route.need, Need::ServerKey) || route.path == "/sign-out" {
                continue;
            }
            let expected = match route.need {
                Need::Of(right) => role.may(right),
                _ => true,
            };
            let request = Request::builder().method(route.method.clone()).uri(&path);
            let request = request.header("x-csrf-token", &csrf);
            let answer = browser.send(request, String::new()).await;
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !expected, "{role:?} {} {path}: {}", route.method, answer.status);
            assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{} {path}", route.method);
        }
    }
}

#[tokio::test]
async fn nobody_gets_in_without_signing_in() {
    let (world, _owner) = World::with_owner().await;
    for route in table() {
        let path = example(route.path);
        let request = Request::builder().method(route.method.clone()).uri(&path);
        let answer = world.browser().send(request, String::new()).await;
        match route.need {
            Need::Nobody => continue,
            Need::ServerKey => assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}"),
            _ if path.starts_with("/api/") => assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}"),
            _ => {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{} {path}", route.method);
                assert!(answer.location().starts_with("/sign-in"), "{path} leads to {}", answer.location());
            }
        }
    }
    let answer = world.browser().get("/no/such/page").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "what there is, is told to staff only");
}

#[tokio::test]
async fn after_signing_in_she_comes_where_she_wanted_and_nowhere_else() {
    let (world, _owner) = World::with_owner().await;
    let mut browser = world.browser();
    let answer = browser.get("/settings/shop?x=1").await;
    assert_eq!(answer.location(), "/sign-in?next=%2Fsettings%2Fshop%3Fx%3D1");
    for (next, led) in [
        ("/settings/shop?x=1", "/settings/shop?x=1"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
    ] {
        let mut browser = world.browser();
        let csrf = browser.get("/sign-in").await.csrf();
        let fields =
            [("csrf", csrf.as_str()), ("email", "owner@example.com"), ("password", PASSWORD), ("next", next)];
        let answer = browser.post("/sign-in", &fields).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, led), "{next}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let (world, mut browser) = World::with_owner().await;
    let csrf = browser.get("/settings/gate").await.csrf();
    let stop =
        |token: &str| vec![("csrf".to_owned(), token.to_owned()), ("stopped".to_owned(), "yes".to_owned())];
    let foreign = world.browser().get("/sign-in").await.csrf();
    for token in ["", "forged", &foreign] {
        let fields = stop(token);
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = browser.post("/settings/stop", &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "token {token:?}");
    }
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let mut elsewhere = browser.clone();
        elsewhere.headers = vec![(name, value.to_owned())];
        let answer = elsewhere.post("/settings/stop", &[("csrf", &csrf), ("stopped", "yes")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert!(!world.app.shop().settings.stopped);
    let answer = browser.post("/settings/stop", &[("csrf", &csrf), ("stopped", "yes")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(world.app.shop().settings.stopped);
}

#[tokio::test]
async fn another_password_ends_every_other_session() {
    let (world, mut here) = World::with_owner().await;
    let mut there = world.sign_in("owner@example.com").await;
    assert_eq!(there.get("/account").await.status, StatusCode::OK);
    let csrf = here.get("/account").await.csrf();
    let wrong =
        here.post("/account/password", &[("csrf", &csrf), ("old", "no"), ("new", "a new password")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("csrf", csrf.as_str()), ("old", PASSWORD), ("new", "a new password")];
    assert_eq!(here.post("/account/password", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER, "the other session lives on");
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_ends_the_session_not_only_the_cookie() {
    let (_world, mut browser) = World::with_owner().await;
    let stolen = browser.clone();
    let csrf = browser.get("/account").await.csrf();
    let answer = browser.post("/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!(answer.location(), "/sign-in");
    assert_eq!(stolen.clone().get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_is_removed_is_out_at_once() {
    let (world, mut owner) = World::with_owner().await;
    let mut other = world.staff("anna@example.com", Role::Marketer).await;
    let csrf = owner.get("/settings/staff").await.csrf();
    owner.post("/settings/staff/remove", &[("csrf", &csrf), ("email", "anna@example.com")]).await;
    assert_eq!(other.get("/").await.status, StatusCode::SEE_OTHER);
    let own = owner.post("/settings/staff/remove", &[("csrf", &csrf), ("email", "owner@example.com")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "the last owner removed herself");
}

#[tokio::test]
async fn guessing_passwords_ends_soon() {
    let (world, _owner) = World::with_owner().await;
    let mut browser = world.browser();
    let csrf = browser.get("/sign-in").await.csrf();
    let mut last = StatusCode::OK;
    for _ in 0..12 {
        let fields = [("csrf", csrf.as_str()), ("email", "nobody@example.com"), ("password", "a wrong one")];
        last = browser.post("/sign-in", &fields).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_session_cookie_is_for_this_host_and_no_script() {
    let (world, _owner) = World::with_owner().await;
    for (proto, start) in [("http", "beckon="), ("https", "__Host-beckon=")] {
        let mut browser = world.browser();
        browser.headers = vec![("x-forwarded-proto", proto.to_owned())];
        let csrf = browser.get("/sign-in").await.csrf();
        let fields = [("csrf", csrf.as_str()), ("email", "owner@example.com"), ("password", PASSWORD)];
        let answer = browser.post("/sign-in", &fields).await;
        let cookie = answer.headers.get("set-cookie").unwrap().to_str().unwrap();
        assert!(cookie.starts_with(start), "{cookie}");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
        assert_eq!(cookie.contains("; Secure"), proto == "https");
        assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn the_first_visitor_sets_up_and_the_second_cannot() {
    let world = World::new();
    let mut browser = world.browser();
    assert_eq!(browser.get("/").await.location(), "/set-up");
    let page = browser.get("/set-up").await;
    let csrf = page.csrf();
    let fields = |password: &'static str| {
        vec![
            ("csrf", csrf.as_str()),
            ("name", "Чайники"),
            ("locale", "ru"),
            ("email", "a@example.com"),
            ("password", password),
        ]
    };
    let short = browser.post("/set-up", &fields("short")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = browser.post("/set-up", &fields(PASSWORD)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let key = done.text.split("sk_").nth(1).unwrap().split('<').next().unwrap();
    assert!(world.app.shop().keys.is_server(&format!("sk_{key}")));
    assert!(done.text.contains(world.app.shop().keys.write_key().unwrap()));
    assert_eq!(world.app.shop().card.name, "Чайники");
    assert!(browser.get("/").await.text.contains("lang=\"ru\""));
    let mut second = world.browser();
    assert_eq!(second.get("/set-up").await.location(), "/sign-in");
}

#[tokio::test]
async fn only_a_server_key_opens_the_api() {
    let world = World::new();
    let router = axum::Router::new()
        .route("/api/v1/x", axum::routing::get(async |_: ServerKey| "in"))
        .with_state(world.app.clone());
    let write = world.app.shop().keys.write_key().unwrap().to_owned();
    for (line, status) in [
        (String::new(), StatusCode::UNAUTHORIZED),
        (format!("Bearer {write}"), StatusCode::UNAUTHORIZED),
        ("Bearer sk_forged".to_owned(), StatusCode::UNAUTHORIZED),
        (format!("Basic {}", world.server_key), StatusCode::UNAUTHORIZED),
        (format!("bearer {}", world.server_key), StatusCode::OK),
    ] {
        let request = Request::get("/api/v1/x").header("authorization", &line);
        let request = request.body(axum::body::Body::empty()).unwrap();
        let answer = tower::ServiceExt::oneshot(router.clone(), request).await.unwrap();
        assert_eq!(answer.status(), status, "{line}");
    }
}
