//! Text that means something to a machine behind us: SQL (Email Subscribers CVE-2026-1651, phpList
//! CVE-2020-35708), headers of mails (CRLF), JSON that is too deep, bodies that are too large.

use crate::seed::{call, left_carts, raw};
use crate::support::World;
use axum::http::{Request, StatusCode};
use beckon_channels::Address;
use beckon_server::access::staff;
use serde_json::Value;

const SQL: [&str; 12] = [
    "'",
    "' OR '1'='1",
    "'; DROP TABLE document; --",
    "1 UNION SELECT body FROM document",
    "\" OR \"\"=\"",
    "%' OR 1=1 --",
    "\\'; ATTACH DATABASE '/tmp/x' AS x; --",
    "1) OR (SELECT 1 FROM session)=(1",
    "?1",
    ":name",
    "\u{0}",
    "%_%_%",
];

#[tokio::test]
async fn no_parameter_of_the_api_reaches_the_database_as_its_language() {
    let world = World::new();
    left_carts(&world).await;
    let admin = crate::seed_key(&world);
    let before = call(&world, "GET", "/api/v1/messages", "").await;
    let described: Value = serde_json::from_str(beckon_server::api::openapi::TEXT).unwrap();
    let mut tried = 0;
    for (path, methods) in described["paths"].as_object().unwrap() {
        for parameter in methods["get"]["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            for payload in SQL {
                let text: String = url::form_urlencoded::byte_serialize(payload.as_bytes()).collect();
                let asked = match parameter["in"].as_str() {
                    Some("path") => path.replace(&format!("{{{name}}}"), &text.replace('+', "%20")),
                    _ => format!("{path}?{name}={text}"),
                };
                let asked = asked.replace(['{', '}'], "");
                let request = Request::get(&asked).header("authorization", format!("Bearer {admin}"));
                let answer = world.browser().send(request, String::new()).await;
                assert!(!answer.status.is_server_error(), "{asked}: {} {}", answer.status, answer.text);
                assert!(!answer.text.to_lowercase().contains("sql"), "{asked}: {}", answer.text);
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "only {tried} were tried");
    assert_eq!(before, call(&world, "GET", "/api/v1/messages", "").await, "something was changed");
}

#[tokio::test]
async fn no_address_and_no_name_begins_another_header() {
    for end in ["\r\n", "\n", "\r", "\u{85}", "\u{2028}", "\u{b}", "\u{c}", "\0", "%0d%0a\r\n", " \r\n "] {
        for text in [
            format!("a@example.com{end}Bcc: all@example.com"),
            format!("a{end}Bcc: all@example.com@example.com"),
            format!("Shop{end}Bcc: all@example.com <a@example.com>"),
            format!("\"Shop{end}X: y\" <a@example.com>"),
        ] {
            assert_eq!(staff::normal(&text), None, "{text:?}");
            let Ok(address) = Address::parse(&text) else { continue };
            let whole = format!("{}{}", address.name(), address.email());
            assert!(!whole.contains(['\r', '\n', '\0']), "{text:?} became {whole:?}");
        }
        let named = Address::parse("a@example.com").unwrap().named(&format!("Shop{end}Bcc: b@example.com"));
        let mail = beckon_channels::mime::build(&beckon_channels::mime::Mail {
            from: &named,
            to: &named,
            subject: &format!("Hello{end}Bcc: b@example.com{end}{end}<script>"),
            date: beckon_core::time::WallTime(0),
            message_id: "1@example.com",
            headers: &[],
            text: "text",
            html: None,
        });
        let Ok(mail) = mail else { continue };
        let text = String::from_utf8_lossy(&mail);
        let head = text.split("\r\n\r\n").next().unwrap();
        let own = head.lines().filter(|line| line.to_lowercase().starts_with("bcc:")).count();
        assert_eq!(own, 0, "{end:?} begins a header: {head}");
    }
}

#[tokio::test]
async fn what_is_too_deep_or_too_large_is_refused_and_nothing_falls() {
    let (world, mut owner) = World::with_owner().await;
    let deep = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    for body in [
        deep("[", "]", 200_000),
        deep("{\"a\":", "}", 200_000),
        deep("{\"set\":", "}", 1_000),
        format!("{{\"on\":{}}}", deep("[", "]", 100_000)),
        "[".repeat(500_000),
        format!("{{\"email\":\"{}\"}}", "a".repeat(1 << 20)),
        format!("{{\"email\":\"{}\"}}", "a".repeat(3 << 20)),
        "\u{feff}{}".to_owned(),
        "nul".to_owned(),
        "1e999999".to_owned(),
    ] {
        for (method, path) in [
            ("POST", "/api/v1/suppressions"),
            ("POST", "/api/v1/imports"),
            ("POST", "/api/v1/journeys/abandoned-cart"),
            ("PUT", "/api/v1/journeys/abandoned-cart"),
        ] {
            let answer = raw(&world, method, path, &body, "en").await;
            assert!(answer.status.is_client_error(), "{path} {body:.20}: {}", answer.status);
        }
    }
    let csrf = owner.get("/account").await.csrf();
    let large = "x".repeat(3 << 20);
    for path in ["/settings/shop", "/settings/gate", "/preferences", "/account/password", "/sign-out"] {
        let answer = owner.post(path, &[("csrf", &csrf), ("name", &large)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(owner.get("/").await.status, StatusCode::OK);
}
