//! The browser tracker `web/beckon.js` in a real browser: what a shop's page does, and what reaches the collector.

// Helpers of tests are tests too; Clippy only knows the functions marked so.
#![allow(clippy::unwrap_used)]

#[path = "support/browser.rs"]
mod browser;
#[path = "support/collector.rs"]
mod collector;
#[path = "tracker/delivery.rs"]
mod delivery;
#[path = "tracker/driver.rs"]
mod driver;
#[path = "tracker/guest.rs"]
mod guest;
#[path = "tracker/presence.rs"]
mod presence;

use browser::Browser;
use collector::Collector;

/// The shop's host where the name does not matter.
const HOST: &str = "127.0.0.1";

#[test]
fn weighs_less_than_8_kb() {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(include_bytes!("../web/beckon.js")).unwrap();
    let size = gzip.finish().unwrap().len();
    println!("beckon.js: {size} bytes gzipped");
    assert!(size < 8 * 1024, "beckon.js is {size} bytes gzipped");
}

#[tokio::test]
async fn every_call_arrives_under_its_name() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    // The first call is made before the tracker is there.
    shop.page("/", "", "<script>beckon('product', {product_id: 'P-1', name: 'Чай', price: 4.5})</script>");
    let page = browser.open(&shop.url(HOST, "/")).await;
    page.wait_until("beckon.version").await;
    page.eval(
        "beckon('category', {list_id: 'L', category: 'Tea'});
         beckon('add', {product_id: 'P-1', quantity: 2, price: 4.5, cart_id: 'C-1'});
         beckon('remove', {product_id: 'P-1', quantity: 1});
         beckon('cart', {cart_id: 'C-1', products: [{product_id: 'P-1', quantity: 1}]});
         beckon('checkout', {order_id: 'O-1', value: 4.5});
         beckon('order', {order_id: 'O-1', total: 4.5, currency: 'EUR', products: [{product_id: 'P-1', quantity: 1}]});
         beckon('identify', 'U-1', {email: 'anna@example.com', email_consent: true, firstName: 'Anna'});
         beckon('consent', {email_consent: false});
         beckon('track', 'Quiz Finished', {score: 3});
         beckon('page', {kind: 'extra'}); void 0",
    )
    .await;
    let names = [
        "Product Viewed",
        "Product List Viewed",
        "Product Added",
        "Product Removed",
        "Cart Viewed",
        "Checkout Started",
        "Order Completed",
        "Quiz Finished",
    ];
    for name in names {
        shop.wait_for(name, 1).await;
    }
    let identified = shop.wait_for("identify", 2).await;
    let pages = shop.wait_for("page", 2).await;
    let viewed = &shop.named("Product Viewed")[0];
    assert_eq!(viewed["properties"], serde_json::json!({"product_id": "P-1", "name": "Чай", "price": 4.5}));
    assert_eq!(viewed["type"], "track");
    assert_eq!(identified[0]["traits"]["email"], "anna@example.com");
    assert_eq!(identified[0]["userId"], "U-1");
    assert_eq!(identified[1]["traits"], serde_json::json!({"email_consent": false}));
    assert_eq!(shop.named("Cart Viewed")[0]["properties"]["products"][0]["quantity"], 1);
    assert_eq!(pages[0]["properties"]["title"], "Shop /");
    assert_eq!(pages[1]["properties"]["kind"], "extra");
    let context = &viewed["context"];
    assert_eq!(context["library"]["name"], "beckon.js");
    for field in ["locale", "timezone", "userAgent"] {
        assert!(context[field].is_string(), "{field}: {context}");
    }
    assert!(context["screen"]["width"].is_u64() && context["page"]["url"].is_string(), "{context}");
    let events = shop.events();
    assert!(events.iter().all(|e| e["anonymousId"] == events[0]["anonymousId"]), "one visitor");
    assert_eq!(shop.copies().len(), events.len(), "message ids are unique and nothing comes twice");
    for arrival in shop.arrivals() {
        assert_eq!(arrival.path, "/v1/b");
        assert!(arrival.content_type.starts_with("text/plain"), "{}", arrival.content_type);
        assert_eq!(arrival.body["writeKey"], "WK-1");
        assert!(arrival.body["sentAt"].is_string());
    }
    assert_eq!(page.eval("errors").await, serde_json::json!([]));
    browser.close().await;
}

#[tokio::test]
async fn a_visitor_keeps_her_id() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.page("/", "", "");
    // A name under `localhost` reaches the loopback and, unlike an address, has a domain above it.
    let page = browser.open(&shop.url("www.shop.localhost", "/")).await;
    let first = shop.wait_for("page", 1).await[0]["anonymousId"].clone();
    assert!(first.as_str().is_some_and(|id| id.len() == 36), "{first}");
    page.reload().await;
    assert_eq!(shop.wait_for("page", 2).await[1]["anonymousId"], first, "after a reload");
    page.clear_cookies().await;
    page.reload().await;
    assert_eq!(shop.wait_for("page", 3).await[2]["anonymousId"], first, "localStorage restores the cookie");
    page.eval("localStorage.clear()").await;
    page.reload().await;
    assert_eq!(shop.wait_for("page", 4).await[3]["anonymousId"], first, "the cookie restores localStorage");
    page.goto(&shop.url("shop.localhost", "/")).await;
    assert_eq!(shop.wait_for("page", 5).await[4]["anonymousId"], first, "on the domain above");
    // No page may see the trial cookie by which the widest domain is found.
    assert_eq!(page.eval("document.cookie").await, format!("_bkn={}", first.as_str().unwrap()));

    page.eval(
        "beckon('identify', 'U-1'); beckon('track', 'A'); beckon('identify', 'null'); beckon('track', 'B')",
    )
    .await;
    assert_eq!(shop.wait_for("A", 1).await[0]["userId"], "U-1");
    let b = shop.wait_for("B", 1).await[0].clone();
    assert_eq!((&b["userId"], &b["anonymousId"]), (&"U-1".into(), &first), "'null' is nobody's id");
    page.eval("beckon('identify', 'U-2'); beckon('track', 'C')").await;
    let c = shop.wait_for("C", 1).await[0].clone();
    assert_eq!(c["userId"], "U-2");
    assert_ne!(c["anonymousId"], first, "two people at one browser are not glued together");
    page.eval("beckon('reset'); beckon('track', 'D')").await;
    let d = shop.wait_for("D", 1).await[0].clone();
    assert_eq!(d["userId"], serde_json::Value::Null);
    assert_ne!(d["anonymousId"], c["anonymousId"]);
    page.reload().await;
    assert_eq!(shop.wait_for("page", 6).await[5]["anonymousId"], d["anonymousId"], "and stays so");
    browser.close().await;
}

#[tokio::test]
async fn pages_of_a_single_page_shop_count_and_addresses_carry_no_mail() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.page("/", "", "");
    let page =
        browser.open(&shop.url(HOST, "/?q=tea&email=anna%40example.com&ref=boris@example.com#top")).await;
    let first = shop.wait_for("page", 1).await[0].clone();
    assert_eq!(first["properties"]["search"], "?q=tea");
    assert_eq!(first["properties"]["url"], shop.url(HOST, "/?q=tea#top"));
    page.eval(
        "history.pushState({}, '', '/list?page=2'); document.title = 'List'; \
         beckon('track', 'Fence'); void 0",
    )
    .await;
    let second = shop.wait_for("page", 2).await[1].clone();
    assert_eq!(second["properties"]["path"], "/list");
    assert_eq!(second["properties"]["title"], "List", "the title is read after the shop has set it");
    assert_eq!(second["properties"]["referrer"], first["properties"]["url"]);
    // Neither a fragment nor the same address is a page; going back is one.
    page.eval(
        "history.pushState({}, '', '#reviews'); history.pushState({}, '', '/list?page=2'); history.go(-3)",
    )
    .await;
    let third = shop.wait_for("page", 3).await[2].clone();
    assert_eq!(third["properties"]["path"], "/");
    page.eval("history.pushState({}, '', '/u/anna@example.com/orders'); void 0").await;
    shop.wait_for("page", 4).await;
    for arrival in shop.arrivals() {
        let sent = arrival.body.to_string();
        assert!(!sent.contains('@') && !sent.contains("%40"), "{sent}");
    }
    browser.close().await;
}

#[tokio::test]
async fn a_link_from_a_mail_counts_once_and_restores_the_cart() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.page("/", "", "<script>beckon('onRestore', (cart) => { window.restored = cart })</script>");
    let page = browser.open(&shop.url(HOST, "/?a=1&bkn=tok-1.x&b=2#cart")).await;
    let clicked = shop.wait_for("Message Clicked", 1).await;
    assert_eq!(clicked[0]["properties"], serde_json::json!({"token": "tok-1.x"}));
    assert_eq!(page.eval("location.href").await, shop.url(HOST, "/?a=1&b=2#cart"));
    page.wait_until("window.restored").await;
    assert_eq!(
        page.eval("restored").await,
        serde_json::json!({"asked": "token=tok-1.x", "products": [{"product_id": "P-7", "quantity": 2}]})
    );
    page.reload().await;
    // The same link again in this tab, as when the address could not be cleaned.
    page.goto(&shop.url(HOST, "/?bkn=tok-1.x")).await;
    let pages = shop.wait_for("page", 3).await;
    assert_eq!(shop.named("Message Clicked").len(), 1);
    assert!(pages.iter().all(|p| !p.to_string().contains("tok-1")), "the token is in no address");
    assert_eq!(page.eval("errors").await, serde_json::json!([]));
    browser.close().await;
}
