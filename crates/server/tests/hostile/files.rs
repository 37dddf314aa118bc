//! Files and addresses: paths out of their folder (Mautic 2022-25773), feeds that name files or grow without end (XXE,
//! billion laughs), feeds fetched from inside (novu #10912).

use crate::seed::raw;
use crate::support::World;
use axum::http::StatusCode;
use beckon_server::app::SHOP;
use beckon_server::connect::fetch::Limits;
use beckon_server::connect::import;
use std::time::{Duration, Instant};

#[tokio::test]
async fn no_path_leads_out_of_the_files_that_ship() {
    let (_world, mut owner) = World::with_owner().await;
    for path in [
        "/static/../shop.db",
        "/static/x/../../shop.db",
        "/static/x/..%2f..%2fshop.db",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/x/..%5c..%5cshop.db",
        "/static/x/%2fetc%2fpasswd",
        "/static//etc/passwd",
        "/static/x/admin.css%00.txt",
        "/static/x/shop.db",
        "/static/0000000000000000/admin.css",
        "/static/..;/shop.db",
        "/static/x/....//....//shop.db",
    ] {
        let answer = owner.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text.contains("SQLite") && !answer.text.contains("root:x:"), "{path}");
    }
}

#[tokio::test]
async fn a_feed_is_never_read_from_a_file() {
    let world = World::new();
    for url in [
        "/etc/passwd",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "../shop.db",
        "ftp://127.0.0.1/x",
        "gopher://127.0.0.1:25/_HELO",
        "data:text/xml,<yml_catalog/>",
        "jar:http://127.0.0.1!/x",
        "http:",
        "javascript:alert(1)",
        "\\\\host\\share",
        "",
    ] {
        let body = serde_json::json!({ "url": url }).to_string();
        let answer = raw(&world, "POST", "/api/v1/imports", &body, "en").await;
        assert!(answer.status.is_client_error(), "{url}: {} {}", answer.status, answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_never_fetched_from_inside() {
    let world = World::new();
    let limits = Limits { allow_private: false, temp_dir: world.app.config.dir.clone(), ..Limits::default() };
    for host in [
        "127.0.0.1:1",
        "localhost:1",
        "[::1]:1",
        "0.0.0.0:1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "[::ffff:127.0.0.1]:1",
        "[fd00::1]",
        "[fe80::1]",
        "2130706433:1",
        "0x7f000001:1",
        "017700000001:1",
        "100.64.0.1",
    ] {
        let (app, limits) = (world.app.clone(), limits.clone());
        let url = format!("http://{host}/feed.xml");
        let begun = Instant::now();
        let done = tokio::task::spawn_blocking(move || {
            import::feed(&app.plane, SHOP, &url, &limits, app.now(), &mut |_| {})
        });
        let refused = done.await.unwrap().unwrap_err();
        assert!(!refused.reason.is_empty());
        assert!(begun.elapsed() < Duration::from_secs(3), "{host} was tried to be reached");
    }
}

#[tokio::test]
async fn no_entity_of_a_feed_reads_a_file_or_grows() {
    let world = World::new();
    let bomb: String =
        (1..30).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let quadratic = format!("<!ENTITY big \"{}\">", "x".repeat(50_000));
    for (declared, used) in [
        ("<!ENTITY x SYSTEM \"file:///etc/passwd\">", "&x;"),
        ("<!ENTITY x SYSTEM \"http://127.0.0.1:1/\">", "&x;"),
        ("<!ENTITY x PUBLIC \"a\" \"file:///etc/hostname\">", "&x;"),
        ("<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;", "x"),
        ("<!ENTITY % a \"<!ENTITY b SYSTEM 'file:///etc/passwd'>\"> %a;", "&b;"),
        (&format!("<!ENTITY l0 \"lol\">{bomb}"), "&l29;"),
        (&quadratic, &"&big;".repeat(2_000)),
        ("<!ENTITY a \"&a;\">", "&a;"),
        ("<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">", "&a;"),
        ("", "&undeclared;"),
        ("", "&#0;&#x110000;&#xD800;"),
    ] {
        let feed = format!(
            "<?xml version=\"1.0\"?><!DOCTYPE yml_catalog [{declared}]><yml_catalog date=\"2026-11-22 10:00\">\
             <shop><name>K</name><currencies><currency id=\"RUB\" rate=\"1\"/></currencies><categories>\
             <category id=\"1\">K</category></categories><offers><offer id=\"a\" available=\"true\"><name>{used}\
             </name><price>1</price><currencyId>RUB</currencyId><categoryId>1</categoryId></offer></offers></shop>\
             </yml_catalog>"
        );
        let begun = Instant::now();
        let plane = &world.app.plane;
        let done = import::read(plane, SHOP, feed.as_bytes(), world.app.now(), &mut |_| {});
        assert!(begun.elapsed() < Duration::from_secs(10), "{declared:.60} took {:?}", begun.elapsed());
        for (_, offer) in plane.page(SHOP, None, None, None, 10).unwrap() {
            let text = format!("{offer:?}");
            assert!(!text.contains("root:x:") && text.len() < 200_000, "{declared:.60}: {done:?}");
        }
    }
}
