//! Sessions, guessing and other people's things: sessions that outlive a password (listmonk CVE-2026-34828), names of
//! staff by timing (Mautic CVE-2025-9824), cookies on the public side, ids of others (IDOR).

use crate::seed::{left_carts, raw};
use crate::support::{PASSWORD, World};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use std::time::{Duration, Instant};
use tower::ServiceExt;

#[tokio::test]
async fn no_session_outlives_a_password() {
    let (world, mut here) = World::with_owner().await;
    let mut others = Vec::new();
    for _ in 0..10 {
        others.push(world.sign_in("owner@example.com").await);
    }
    let csrf = here.get("/account").await.csrf();
    let fields = [("csrf", csrf.as_str()), ("old", PASSWORD), ("new", "a quite new one")];
    let stolen = here.clone();
    assert_eq!(here.post("/account/password", &fields).await.status, StatusCode::SEE_OTHER);
    for mut other in others {
        assert_eq!(other.get("/").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(stolen.clone().get("/").await.status, StatusCode::SEE_OTHER, "the old cookie lives on");
    assert_eq!(here.get("/").await.status, StatusCode::OK);
}

/// The same words, the same status, and a hash is computed for nobody too. Time is judged by its least of a few tries,
/// so that a busy machine does not matter.
#[tokio::test]
async fn who_works_here_cannot_be_found_out_by_signing_in() {
    let (world, _owner) = World::with_owner().await;
    let mut least = [Duration::MAX; 2];
    let mut said = Vec::new();
    for (place, email) in ["owner@example.com", "nobody@example.com"].into_iter().enumerate() {
        for _ in 0..5 {
            let mut browser = world.browser();
            let csrf = browser.get("/sign-in").await.csrf();
            let fields = [("csrf", csrf.as_str()), ("email", email), ("password", "not this one")];
            let begun = Instant::now();
            let answer = browser.post("/sign-in", &fields).await;
            least[place] = least[place].min(begun.elapsed());
            said.push((answer.status, answer.text.replace(email, "").replace(&csrf, "")));
        }
    }
    assert!(said.iter().all(|one| one.0 == StatusCode::UNPROCESSABLE_ENTITY));
    assert!(said.iter().all(|one| one.1.len() == said[0].1.len()), "the pages differ");
    let (slow, fast) = (least[0].max(least[1]), least[0].min(least[1]));
    assert!(slow < fast * 3, "an address that nobody has is answered in another time: {least:?}");
}

#[tokio::test]
async fn the_public_side_sets_no_cookie_and_takes_none() {
    let (world, owner) = World::with_owner().await;
    let public = beckon_server::public::router(world.app.clone());
    let cookies: Vec<String> = owner.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let ask = async |path: &str, cookie: Option<String>| {
        let mut request = Request::get(path);
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        let answer = public.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert!(answer.headers().get("set-cookie").is_none(), "{path} sets a cookie");
        answer.status()
    };
    for path in ["/health", "/beckon.js", "/public.css", "/c/x", "/u/x", "/p/x", "/v/x", "/r/x"] {
        let with = ask(path, Some(cookies.join("; "))).await;
        assert_eq!(with, ask(path, None).await, "{path} looks at a cookie");
    }
    // Nothing of the admin side is there at all, whatever cookie comes along.
    for route in beckon_server::routes::table() {
        if route.path.contains('{')
            || matches!(route.path, "/health" | "/health/live")
            || !route.method.is_safe()
        {
            continue;
        }
        let status = ask(route.path, Some(cookies.join("; "))).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{} is on the public side", route.path);
    }
}

#[tokio::test]
async fn ids_that_are_not_ours_lead_nowhere() {
    let (world, mut owner) = World::with_owner().await;
    left_carts(&world).await;
    for id in [
        "0",
        "1",
        "-1",
        "ffffffffffffffff",
        "7fffffffffffffff",
        "00000000000000000000000001",
        "../1",
        "1%2F..%2F2",
        "1;2",
        "%00",
        "1e9",
        "2/0000000000000001",
    ] {
        for noun in ["profiles", "messages", "orders", "catalogue"] {
            let answer = raw(&world, "GET", &format!("/api/v1/{noun}/{id}"), "", "en").await;
            // The router answers as staff are answered where no route of keys fits.
            let none = [StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST, StatusCode::UNAUTHORIZED];
            assert!(none.contains(&answer.status), "{noun}/{id}: {} {}", answer.status, answer.text);
        }
        for noun in ["customers", "messages"] {
            assert_eq!(
                owner.get(&format!("/{noun}/{id}")).await.status,
                StatusCode::NOT_FOUND,
                "{noun}/{id}"
            );
        }
    }
}
