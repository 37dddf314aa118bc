//! People come by a link, leave at once, and see where they are signed in.

use crate::log::key;
use crate::support::{Browser, PASSWORD, World};
use axum::http::{Request, StatusCode};
use beckon_core::time::{HOUR, WallTime};
use beckon_server::access::invite;
use beckon_server::access::rights::{Role, Scope};
use beckon_server::access::staff::Trouble;
use beckon_server::i18n::Locale;

/// Invites by the screen; gives back the path of the link.
async fn invite(owner: &mut Browser, email: &str, role: &str) -> String {
    let csrf = owner.get("/settings/staff").await.csrf();
    let fields = [("csrf", csrf.as_str()), ("email", email), ("role", role)];
    let made = owner.post("/settings/staff", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let link = made.text.split("<code>http://admin.example").nth(1).unwrap();
    link.split('<').next().unwrap().to_owned()
}

async fn join(browser: &mut Browser, path: &str, password: &str) -> StatusCode {
    let page = browser.get(path).await;
    let token = path.split_once("token=").unwrap().1;
    let csrf = page.csrf();
    let fields = [("csrf", csrf.as_str()), ("token", token), ("password", password)];
    browser.post("/join", &fields).await.status
}

#[tokio::test]
async fn a_link_lets_somebody_in_once() {
    let (world, mut owner) = World::with_owner().await;
    let path = invite(&mut owner, "Anna@example.com", "marketer").await;
    assert!(!owner.get("/settings/staff").await.text.contains(&path), "the link is shown again");
    let mut anna = world.browser();
    // Looking at it, as scanners of mails do, uses nothing up.
    assert!(anna.get(&path).await.text.contains("anna@example.com"));
    assert_eq!(join(&mut anna, &path, "short").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(join(&mut anna, &path, "password123").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(join(&mut anna, &path, PASSWORD).await, StatusCode::SEE_OTHER);
    assert_eq!(anna.get("/customers").await.status, StatusCode::OK);
    assert_eq!(anna.get("/settings/staff").await.status, StatusCode::FORBIDDEN);
    assert_eq!(join(&mut world.browser(), &path, "another password").await, StatusCode::GONE);
    assert_eq!(world.sign_in("anna@example.com").await.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_link_ends_by_time_by_withdrawal_and_by_a_newer_one() {
    let (world, mut owner) = World::with_owner().await;
    let plane = &world.app.plane;
    let (now, en) = (world.app.clock.wall(), Locale::En);
    let old = WallTime(now.0 - HOUR.times(48).0 - 1);
    let path = invite::make(plane, "late@example.com", Some(Role::Owner), en, old, "test").unwrap();
    assert_eq!(world.browser().get(&path).await.status, StatusCode::GONE);
    let first = invite(&mut owner, "b@example.com", "analyst").await;
    let second = invite(&mut owner, "b@example.com", "analyst").await;
    assert_eq!(world.browser().get(&first).await.status, StatusCode::GONE);
    let page = owner.get("/settings/staff").await;
    let fields = [("csrf", page.csrf()), ("name", page.field("name")), ("version", page.field("version"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(owner.post("/settings/staff/withdraw", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.browser().get(&second).await.status, StatusCode::GONE);
    for (email, role) in [("owner@example.com", Some(Role::Owner)), ("nobody@example.com", None)] {
        let made = invite::make(plane, email, role, en, now, "test");
        assert!(matches!(made, Err(Trouble::Exists | Trouble::Nobody)), "{email}: {made:?}");
    }
}

#[tokio::test]
async fn a_lost_password_is_replaced_by_a_link_and_ends_every_session() {
    let (world, mut there) = World::with_owner().await;
    let made = invite::make(
        &world.app.plane,
        "owner@example.com",
        None,
        Locale::En,
        world.app.clock.wall(),
        "beckon staff reset",
    );
    let path = made.unwrap();
    assert_eq!(there.get("/account").await.status, StatusCode::OK, "a link by itself changes nothing");
    let mut here = world.browser();
    assert_eq!(join(&mut here, &path, "a quite new one").await, StatusCode::SEE_OTHER);
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER, "an older session lives on");
    assert!(here.get("/settings/staff").await.text.contains("owner@example.com"), "the role is lost");
}

#[tokio::test]
async fn another_role_ends_sessions_and_an_owner_is_always_left() {
    let (world, mut owner) = World::with_owner().await;
    let mut anna = world.staff("anna@example.com", Role::Analyst).await;
    let csrf = owner.get("/settings/staff").await.csrf();
    let role = |email: &'static str, role: &'static str| {
        [("csrf", csrf.clone()), ("email", email.to_owned()), ("role", role.to_owned())]
    };
    let mut set = async |email, to| {
        let fields = role(email, to);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        owner.post("/settings/staff/role", &fields).await.status
    };
    assert_eq!(set("anna@example.com", "marketer").await, StatusCode::SEE_OTHER);
    assert_eq!(anna.get("/account").await.status, StatusCode::SEE_OTHER, "she was not signed out");
    assert_eq!(set("owner@example.com", "analyst").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(set("anna@example.com", "emperor").await, StatusCode::UNPROCESSABLE_ENTITY);
    let plane = &world.app.plane;
    let staff = beckon_server::access::staff::remove(plane, "owner@example.com", "test");
    assert_eq!(staff, Err(Trouble::LastOwner));
    assert_eq!(world.sign_in("anna@example.com").await.get("/customers").await.status, StatusCode::OK);
}

#[tokio::test]
async fn she_sees_her_sessions_and_ends_one_from_elsewhere() {
    let (world, mut here) = World::with_owner().await;
    let mut there = world.browser();
    there.headers = vec![("user-agent", "<b>Old tablet</b>".to_owned())];
    let csrf = there.get("/sign-in").await.csrf();
    let fields = [("csrf", csrf.as_str()), ("email", "owner@example.com"), ("password", PASSWORD)];
    assert_eq!(there.post("/sign-in", &fields).await.status, StatusCode::SEE_OTHER);
    let mut other = world.staff("anna@example.com", Role::Owner).await;
    let page = here.get("/account").await;
    assert!(page.text.contains("Old tablet") && !page.text.contains("<b>Old"), "{}", page.text);
    let mine = page.text.split("<form").find(|form| form.contains("Old tablet")).unwrap();
    let id = mine.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let csrf = other.get("/account").await.csrf();
    other.post("/account/sessions/end", &[("csrf", &csrf), ("id", &id)]).await;
    assert_eq!(there.get("/account").await.status, StatusCode::OK, "somebody else ended it");
    let csrf = here.get("/account").await.csrf();
    here.post("/account/sessions/end", &[("csrf", &csrf), ("id", &id)]).await;
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say_and_nothing_else() {
    let (world, mut owner) = World::with_owner().await;
    for (scopes, read, write, admin) in [
        (vec![Scope::Read], true, false, false),
        (vec![Scope::Write], false, true, false),
        (vec![Scope::Admin], false, false, true),
    ] {
        let key = key(&world, &scopes);
        for (method, path, may) in [
            ("GET", "/api/v1/journeys", read),
            ("POST", "/api/v1/suppressions", write),
            ("GET", "/api/v1/audit", admin),
        ] {
            let request = Request::builder().method(method).uri(path);
            let request = request.header("authorization", format!("Bearer {key}"));
            let answer = world.browser().send(request, String::new()).await;
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(refused, !may, "{scopes:?} {method} {path}: {}", answer.text);
        }
        let tracks =
            beckon_server::track::Intake::key(&beckon_server::intake::Tracking(world.app.clone()), &key);
        assert_eq!(tracks.is_some(), write, "{scopes:?} reports events");
    }
    let (plane, keys) = (&world.app.plane, world.app.shop());
    beckon_server::access::keys::flush(plane, &keys.keys, beckon_server::app::SHOP).unwrap();
    assert_eq!(world.app.plane.key_uses(beckon_server::app::SHOP).unwrap().len(), 3);
    let mut developer = world.staff("dev@example.com", Role::Developer).await;
    for (browser, status) in [(&mut developer, StatusCode::FORBIDDEN), (&mut owner, StatusCode::OK)] {
        let csrf = browser.get("/developers/keys").await.csrf();
        let fields = [("csrf", csrf.as_str()), ("kind", "server"), ("scope", "admin")];
        assert_eq!(browser.post("/developers/keys", &fields).await.status, status);
    }
}
