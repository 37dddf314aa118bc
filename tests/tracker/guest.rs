//! A guest on a hostile page: whatever the shop's page does, no error of ours reaches it, and what can be sent is.

use axum::http::HeaderMap;
use serde_json::json;

use crate::HOST;
use crate::browser::Browser;
use crate::collector::Collector;

#[tokio::test]
async fn hostile_arguments_do_no_harm() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    // Prototype.js of old gave arrays a toJSON that returns a string; others put things on Object.prototype.
    let head = "<script>Array.prototype.toJSON = function () { return 'spoiled' };
        Object.prototype.quantity = 99; Object.prototype.signal = 'x'; Object.prototype.once = true;
        Object.prototype.nodeType = 1; Object.prototype.toJSON = () => 'spoiled';</script>";
    shop.page("/", head, "<div id=box>x</div>");
    let page = browser.open(&shop.url(HOST, "/")).await;
    page.wait_until("beckon.version").await;
    page.eval(
        "(() => {
           const circle = {product_id: 'P-1', tags: ['a', 'b']}; circle.self = circle; circle.list = [circle];
           Object.defineProperty(circle, 'bad', {enumerable: true, get() { throw new Error('getter') }});
           circle.node = document.body; circle.win = window; circle.fn = () => 1; circle.when = new Date(NaN);
           circle.text = 'x'.repeat(5e6); circle.half = 'a\\ud800b\\0c'; circle.nan = NaN;
           beckon('add', circle);
           beckon('cart', {cart_id: 'C', products: Array.from({length: 300}, (_, i) =>
             ({product_id: 'P-' + i, quantity: 1, price: 9.5, name: 'Очень длинное имя '.repeat(9)}))});
           beckon('product', new Proxy({}, {ownKeys() { throw new Error('proxy') }, get() { throw new Error('get') }}));
           for (const method of ['nonsense', 'constructor', '__proto__', 'toString', null, {}, [], Symbol.iterator, 5])
             beckon(method, {a: 1});
           beckon(); beckon({toString() { throw new Error('name') }}, {});
           for (const odd of [null, undefined, 5, 'text', [], document, window, () => 1, Symbol('s'), 5n])
             for (const call of ['page', 'product', 'add', 'order', 'identify', 'consent', 'track', 'onRestore'])
               beckon(call, odd, odd);
           beckon('track', 'Last', {ok: true});
         })()",
    )
    .await;
    shop.wait_for("Last", 1).await;
    let added = &shop.named("Product Added")[0]["properties"];
    assert_eq!(added["product_id"], "P-1");
    assert_eq!(added["tags"], json!(["a", "b"]));
    assert_eq!(added["half"], "abc");
    assert!(added["text"].as_str().unwrap().len() <= 2000);
    for gone in ["bad", "node", "win", "fn", "when", "self", "quantity"] {
        assert!(added.get(gone).is_none(), "{gone}: {added}");
    }
    let cart = &shop.named("Cart Viewed")[0];
    let lines = cart["properties"]["products"].as_array().unwrap();
    assert_eq!(
        lines[0],
        json!({"product_id": "P-0", "quantity": 1, "price": 9.5}),
        "a big cart is sent lean"
    );
    assert_eq!(lines.len(), 300, "and whole");
    for event in shop.events() {
        assert!(event.to_string().len() < 32_768);
    }
    assert_eq!(page.eval("errors").await, json!([]));
    browser.close().await;
}

#[tokio::test]
async fn missing_and_broken_browser_parts_do_no_harm() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    let throwing = "get() { throw new Error('blocked') }";
    let blocked = format!(
        "<script>for (const name of ['localStorage', 'sessionStorage', 'crypto'])
           Object.defineProperty(window, name, {{{throwing}}});
         Object.defineProperty(document, 'cookie', {{{throwing}, set() {{ throw new Error('blocked') }}}});
         delete window.Intl; Navigator.prototype.sendBeacon = undefined;</script>"
    );
    shop.page("/blocked", &blocked, "");
    let page = browser.open(&shop.url(HOST, "/blocked?bkn=tok-2")).await;
    page.wait_until("beckon.version").await;
    page.eval("beckon('identify', 'U-1'); beckon('add', {product_id: 'P-1'}); void 0").await;
    let added = shop.wait_for("Product Added", 1).await;
    let first = shop.wait_for("page", 1).await;
    assert_eq!(added[0]["anonymousId"], first[0]["anonymousId"], "memory stands in for storage");
    assert_eq!(added[0]["userId"], "U-1");
    assert_eq!(page.eval("errors").await, json!([]));

    // No fetch: the beacon carries everything, each event once.
    shop.page(
        "/no-fetch",
        "<script>delete window.fetch; delete Window.prototype.fetch; window.fetch = null</script>",
        "",
    );
    page.goto(&shop.url(HOST, "/no-fetch")).await;
    page.wait_until("beckon.version").await;
    page.eval("beckon('track', 'Without fetch'); void 0").await;
    shop.wait_for("Without fetch", 1).await;
    assert_eq!(page.eval("errors").await, json!([]));

    // A form named like the DOM's own properties, and an element in the place of our global.
    shop.page("/named", "", "<img name=cookie><form name=currentScript></form><div id=beckon></div>");
    page.goto(&shop.url(HOST, "/named")).await;
    page.wait_until("document.readyState === 'complete'").await;
    assert_eq!(page.eval("errors").await, json!([]));
    browser.close().await;
}

#[tokio::test]
async fn a_policy_that_forbids_us_stays_silent() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    let mut headers = HeaderMap::new();
    let policy = format!("connect-src 'none'; script-src 'unsafe-inline' {}", shop.origin());
    headers.insert("content-security-policy", policy.parse().unwrap());
    shop.page_with("/", headers, "", "<button onclick=\"window.clicked = 1\">Buy</button>");
    let page = browser.open(&shop.url(HOST, "/")).await;
    page.wait_until("beckon.version").await;
    page.eval(
        "window.refused = 0; document.addEventListener('securitypolicyviolation', () => { refused++ }); \
         beckon('order', {order_id: 'O-1'}); void 0",
    )
    .await;
    page.wait_until("refused > 0").await;
    page.click("button").await;
    page.wait_until("window.clicked").await;
    assert_eq!(page.eval("errors").await, json!([]));
    assert!(shop.arrivals().is_empty());
    // The events wait in this browser for a page that may send them.
    shop.page("/open", "", "");
    page.goto(&shop.url(HOST, "/open")).await;
    shop.wait_for("Order Completed", 1).await;
    browser.close().await;
}

#[tokio::test]
async fn twice_on_the_page_counts_once() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.page("/", &shop.snippet(), "");
    let page = browser.open(&shop.url(HOST, "/")).await;
    page.wait_until("beckon.version").await;
    page.eval("beckon('track', 'Fence'); void 0").await;
    shop.wait_for("Fence", 1).await;
    assert_eq!(shop.named("page").len(), 1);
    assert_eq!(page.eval("errors").await, json!([]));
    browser.close().await;
}
