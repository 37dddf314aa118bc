//! The log: nothing is changed without an entry, and no entry tells a secret.

use crate::support::{Browser, PASSWORD, World};
use axum::http::{Request, StatusCode};
use beckon_core::time::{DAY, WallTime};
use beckon_server::access::keys::NewKey;
use beckon_server::access::rights::{Need, Role, Scope};
use beckon_server::app::SHOP;
use beckon_server::routes::table;
use beckon_server::run::follow;
use beckon_server::settings::kind;
use beckon_store::shop::{AuditFilter, AuditRow, DocumentWrite};

fn entries(world: &World) -> Vec<AuditRow> {
    world.app.plane.audit(SHOP, &AuditFilter::default(), None, 10_000).unwrap()
}

/// A key with all scopes, put in force.
pub fn key(world: &World, scopes: &[Scope]) -> String {
    let new = NewKey::scoped(scopes, "a test");
    let body = serde_json::to_string(&new.document).unwrap();
    let write = DocumentWrite {
        shop: SHOP,
        kind: kind::KEY,
        name: &new.name,
        expected_version: 0,
        body: Some(&body),
        at: WallTime(1),
        by: "test",
    };
    world.app.plane.put(&write).unwrap();
    follow::reload_if_changed(&world.app).unwrap();
    new.key
}

/// Every changing route of the table, called by somebody who may, leaves an entry in her name: also when the call
/// itself is refused for what it says.
#[tokio::test]
async fn every_changing_route_leaves_an_entry() {
    let (world, mut owner) = World::with_owner().await;
    let key = key(&world, &Scope::ALL);
    let csrf = owner.get("/account").await.csrf();
    let mut routes = table();
    routes.retain(|route| !route.method.is_safe());
    // What ends the session comes last.
    routes.sort_by_key(|route| route.path == "/sign-out");
    assert!(routes.len() > 15);
    for route in routes {
        let part = |part: &'static str| if part.starts_with('{') { "1" } else { part };
        let path = route.path.split('/').map(part).collect::<Vec<_>>().join("/");
        let before = entries(&world).first().map_or(0, |entry| entry.seq);
        let mut request = Request::builder().method(route.method.clone()).uri(&path);
        let mut browser = if route.need.scope(&route.method).is_some() {
            request = request.header("authorization", format!("Bearer {key}"));
            world.browser()
        } else {
            request = request.header("x-csrf-token", &csrf);
            owner.clone()
        };
        let answer = browser.send(request, String::new()).await;
        assert_ne!(answer.status, StatusCode::FORBIDDEN, "{} {path}", route.method);
        let mut after = entries(&world);
        after.retain(|entry| entry.seq > before);
        let named = format!("{} {}", route.method, route.path);
        assert!(!after.is_empty(), "{named} ({}) left no entry", answer.status);
        assert!(after.iter().all(|entry| entry.route == named), "{after:?}");
        if matches!(route.need, Need::Of(_) | Need::SignedIn) {
            assert_eq!(after[0].actor, "owner@example.com", "{named}");
        }
    }
}

#[tokio::test]
async fn what_was_refused_for_want_of_a_right_is_told_too() {
    let (world, _owner) = World::with_owner().await;
    let mut analyst = world.staff("ana@example.com", Role::Analyst).await;
    let csrf = analyst.get("/account").await.csrf();
    let answer = analyst.post("/settings/stop", &[("csrf", &csrf), ("stopped", "yes")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let last = &entries(&world)[0];
    assert_eq!((last.action.as_str(), last.actor.as_str()), ("request.refused", "ana@example.com"));
}

#[tokio::test]
async fn an_entry_says_who_from_where_and_what_it_was_before() {
    let (world, mut owner) = World::with_owner().await;
    let csrf = owner.get("/settings/gate").await.csrf();
    owner.post("/settings/stop", &[("csrf", &csrf), ("stopped", "yes")]).await;
    let last = entries(&world).remove(0);
    assert_eq!((last.action.as_str(), last.route.as_str()), ("settings.changed", "POST /settings/stop"));
    let changes: Vec<_> = last
        .changes
        .iter()
        .map(|of| (of.field.as_str(), of.before.as_deref(), of.after.as_deref()))
        .collect();
    assert_eq!(changes, [("stopped", Some("false"), Some("true"))]);
    let page = owner.get("/settings/log?action=settings").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("owner@example.com changed the settings."), "{}", page.text);
    assert!(page.text.contains("everything stopped: no → yes"), "{}", page.text);
    assert!(!owner.get("/settings/log?actor=nobody").await.text.contains("changed the settings"));
}

#[tokio::test]
async fn tries_to_sign_in_are_told_and_no_entry_has_a_secret() {
    let (world, mut owner) = World::with_owner().await;
    let mut guesser = world.browser();
    let csrf = guesser.get("/sign-in").await.csrf();
    let fields = [("csrf", csrf.as_str()), ("email", "owner@example.com"), ("password", "hunter2hunter2")];
    guesser.post("/sign-in", &fields).await;
    assert_eq!(entries(&world)[0].action, "sign-in.failed");
    let csrf = owner.get("/account").await.csrf();
    let fields = [("csrf", csrf.as_str()), ("old", PASSWORD), ("new", "a quite new one")];
    owner.post("/account/password", &fields).await;
    relay_with_password(&mut owner).await;
    let csrf = owner.get("/account").await.csrf();
    let made = owner.post("/developers/keys", &[("csrf", &csrf), ("kind", "server")]).await;
    let key = made.text.split("<code>sk_").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let log = format!("{:?}", entries(&world));
    for action in ["staff.changed", "settings.changed", "key.created", "sign-in.done"] {
        assert!(log.contains(&format!("\"{action}\"")), "{action} is missing: {log}");
    }
    for secret in ["hunter2", PASSWORD, "a quite new one", "relay-secret", &key, "argon2"] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

async fn relay_with_password(owner: &mut Browser) {
    let page = owner.get("/settings/sending").await;
    let (csrf, version) = (page.csrf(), page.field("version"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("version", &version),
        ("smtp_url", "smtp://me:relay-secret@mail.example:587"),
        ("from", "Kettles <shop@example.com>"),
    ];
    assert_eq!(owner.post("/settings/sending", &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn where_somebody_acted_from_is_forgotten_after_ninety_days() {
    let (world, _owner) = World::with_owner().await;
    let acting = beckon_store::acting::Acting::new(beckon_store::acting::Actor {
        kind: "staff".to_owned(),
        name: "a@example.com".to_owned(),
        ip: "192.0.2.1".to_owned(),
        route: String::new(),
    });
    let now = world.app.clock.wall();
    for days in [91, 89] {
        let at = WallTime(now.0 - DAY.times(days).0);
        let entry =
            beckon_store::shop::AuditWrite { shop: SHOP, at, action: "test.done", object: "", changes: &[] };
        beckon_store::acting::act(Some(acting.clone()), || world.app.plane.note(&entry, "test").unwrap());
    }
    world.app.plane.prune_audit(SHOP, now).unwrap();
    let kept: Vec<String> =
        entries(&world).into_iter().filter(|e| e.action == "test.done").map(|e| e.ip).collect();
    assert_eq!(kept, ["192.0.2.1", ""]);
}

#[tokio::test]
async fn the_api_gives_the_log_to_an_admin_key_only() {
    let world = World::new();
    let admin = key(&world, &[Scope::Admin]);
    let get = |key: String, path: &'static str| {
        let request = Request::get(path).header("authorization", format!("Bearer {key}"));
        let mut browser = world.browser();
        async move { browser.send(request, String::new()).await }
    };
    let denied = get(world.server_key.clone(), "/api/v1/audit").await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN, "{}", denied.text);
    assert_eq!(denied.headers["content-type"], "application/problem+json");
    let first = get(admin.clone(), "/api/v1/audit?limit=2").await;
    let first: serde_json::Value = serde_json::from_str(&first.text).unwrap();
    assert_eq!(first["entries"].as_array().unwrap().len(), 2);
    assert!(first["entries"][0]["text"].as_str().unwrap().starts_with("Beckon itself (test)"));
    let bad = get(admin, "/api/v1/audit?before=x").await;
    let bad: serde_json::Value = serde_json::from_str(&bad.text).unwrap();
    assert_eq!((bad["field"].as_str(), bad["status"].as_u64()), (Some("before"), Some(422)));
}
