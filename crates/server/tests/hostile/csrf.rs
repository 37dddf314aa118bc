//! Forms of other sites (listmonk CVE-2025-58430, Mautic CVE-2017-8874, Silverpeas #1463): on every changing route.

use crate::support::World;
use axum::http::{Request, StatusCode};
use beckon_server::routes::table;

#[tokio::test]
async fn no_changing_route_takes_what_another_site_sends() {
    let (world, mut owner) = World::with_owner().await;
    let own = owner.get("/account").await.csrf();
    let foreign = world.browser().get("/sign-in").await.csrf();
    let other = world.staff("b@example.com", beckon_server::access::rights::Role::Owner).await;
    let theirs = other.clone().get("/account").await.csrf();
    let version = world.app.plane.version().unwrap();
    let tries: [(&str, &[(&str, &str)]); 12] = [
        ("", &[]),
        ("forged", &[]),
        (&foreign, &[]),
        (&theirs, &[]),
        (&own, &[("sec-fetch-site", "cross-site")]),
        (&own, &[("sec-fetch-site", "same-site")]),
        (&own, &[("origin", "https://evil.example")]),
        (&own, &[("origin", "null")]),
        (&own, &[("origin", "http://admin.example:8080")]),
        (&own, &[("origin", "http://admin.example.evil.example")]),
        (&own, &[("origin", "http://evil.example#admin.example")]),
        (&own, &[("origin", "admin.example")]),
    ];
    for route in table().into_iter().filter(|route| !route.method.is_safe()) {
        if route.need.scope(&route.method).is_some() {
            continue;
        }
        let part = |part: &'static str| if part.starts_with('{') { "1" } else { part };
        let path = route.path.split('/').map(part).collect::<Vec<_>>().join("/");
        for (token, headers) in &tries {
            let mut request = Request::builder().method(route.method.clone()).uri(&path);
            request = request.header("content-type", "application/x-www-form-urlencoded");
            for (name, value) in *headers {
                request = request.header(*name, *value);
            }
            let answer = owner.clone().send(request, format!("csrf={token}&stopped=yes")).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {token} {headers:?}");
        }
    }
    assert_eq!(world.app.plane.version().unwrap(), version, "something was changed all the same");
}

/// A key is no cookie: a browser does not send it by itself, and a cookie does not stand for it.
#[tokio::test]
async fn a_session_opens_no_route_of_keys() {
    let (_world, mut owner) = World::with_owner().await;
    let csrf = owner.get("/account").await.csrf();
    for route in table().into_iter().filter(|route| route.need.scope(&route.method).is_some()) {
        let path = route.path.replace(['{', '}'], "");
        let request = Request::builder().method(route.method).uri(&path).header("x-csrf-token", &csrf);
        assert_eq!(owner.send(request, String::new()).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}
