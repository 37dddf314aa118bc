//! Widgets of recommendations (`web/widgets.js`) in a real browser: what a shopper sees, what the page suffers when
//! there is no answer, and what reaches the collector.

// Helpers of tests are tests too; Clippy only knows the functions marked so.
#![allow(clippy::unwrap_used)]
// Each test file uses its own part of what the browser and the collector can do.
#![allow(dead_code)]

#[path = "support/browser.rs"]
mod browser;
#[path = "support/collector.rs"]
mod collector;
#[path = "widgets/guest.rs"]
mod guest;
#[path = "widgets/popup.rs"]
mod popup;

use browser::{Browser, Page};
use collector::Collector;
use serde_json::{Value, json};

/// The shop's host where the name does not matter.
const HOST: &str = "127.0.0.1";

/// What the layout did, and what went wrong, from the first moment on.
const WATCH: &str = "window.shift = 0; \
    new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.shift += e.value })) \
      .observe({type: 'layout-shift', buffered: true}); \
    addEventListener('unhandledrejection', \
    (e) => { (window.rejected = window.rejected || []).push(String(e.reason)) })";

/// A shop's page: room reserved by the one rule of the documents.
const ROOM: &str = "<meta name=viewport content='width=device-width'>\
    <style>[data-beckon] { min-height: 25rem } [data-beckon=home] { min-height: 50rem } \
    [data-beckon=added_to_cart] { min-height: 0 }</style>";

fn item(id: usize) -> Value {
    json!({
        "id": format!("P-{id}"), "title": format!("Tea {id}"), "url": format!("/p/{id}"),
        "picture": format!("/i/{id}.png"), "price": {"currency": "EUR", "minor": 450, "amount": "4.50"},
        "old_price": {"currency": "EUR", "minor": 900, "amount": "9.00"}, "brand": "T", "strategy": "new",
        "reason": "Bought together in 4 orders",
    })
}

fn block(asked: &str, name: &str, arm: &str, count: usize) -> Value {
    let items: Vec<Value> = (0..count).map(item).collect();
    json!({"asked": asked, "block": name, "arm": arm, "title": format!("Title {name}"), "enough": count > 1,
           "items": items})
}

/// For every name one block, two for `home`.
fn usual(question: &Value) -> (u16, String) {
    let mut blocks = Vec::new();
    let asked: Vec<&str> = match &question["show"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    };
    for name in asked {
        if name == "home" {
            blocks.push(block(name, "home-for-you", "a", 12));
        }
        blocks.push(block(name, &format!("{}-block", name.replace('_', "-")), "", 12));
    }
    (200, json!({ "blocks": blocks }).to_string())
}

async fn open(browser: &Browser, url: &str) -> Page {
    let page = browser.blank().await;
    page.before_load(WATCH).await;
    page.goto(url).await;
    page
}

/// How far the layout has moved so far, in the unit of CLS.
async fn shift(page: &Page) -> f64 {
    // Two frames, so that what was just drawn is counted.
    page.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))").await;
    page.eval("shift").await.as_f64().unwrap()
}

#[tokio::test]
async fn one_line_of_html_shows_blocks_without_moving_the_page() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.recommend(usual);
    let body = "<h1>Shop</h1><div data-beckon=home data-reasons></div><p id=after>after</p>
        <div data-beckon=product_card data-product=42></div>";
    shop.page("/", ROOM, body);
    let page = open(&browser, &shop.url(HOST, "/")).await;
    page.wait_until("document.querySelectorAll('[data-block]').length === 3").await;
    assert!(shift(&page).await < 0.001, "{}", shift(&page).await);

    let questions = shop.questions();
    assert_eq!(questions.len(), 1, "one request for the page");
    assert_eq!(questions[0]["show"], json!(["home", "product_card"]));
    assert_eq!((&questions[0]["products"], &questions[0]["channel"]), (&json!("42"), &json!("web")));
    assert_eq!(questions[0]["writeKey"], "WK-1");
    let events = shop.wait_for("page", 1).await;
    assert_eq!(questions[0]["anonymousId"], events[0]["anonymousId"]);

    let first = "document.querySelector('[data-block=home-for-you]')";
    let drawn = page
        .eval(&format!(
            "(() => {{ const box = {first}; const link = box.querySelector('a'), img = box.querySelector('img'); \
             return [box.tagName, document.getElementById(box.getAttribute('aria-labelledby')).textContent, \
               box.querySelectorAll('ul > li').length, link.getAttribute('href').endsWith('/p/0'), \
               link.querySelector('.beckon-name').textContent, link.querySelector('.beckon-now').textContent, \
               link.querySelector('.beckon-old').textContent, link.querySelector('.beckon-reason').textContent, \
               img.width > 0, img.hasAttribute('alt'), img.getAttribute('height'), \
               box.querySelector('h2') !== null, box.querySelector('[style]') === null] }})()"
        ))
        .await;
    let wanted = json!([
        "SECTION",
        "Title home-for-you",
        12,
        true,
        "Tea 0",
        "€4.50",
        "Old price €9",
        "Bought together in 4 orders",
        true,
        true,
        "240",
        true,
        true
    ]);
    assert_eq!(drawn, wanted);
    assert_eq!(page.eval("document.querySelectorAll('.beckon-waiting, [aria-busy]').length").await, json!(0));
    assert_eq!(page.eval("errors").await, json!([]));

    // By keys: the row is a stop, then its links.
    page.press("Tab").await;
    assert_eq!(page.eval("document.activeElement.className").await, "beckon-list");
    page.press("Tab").await;
    assert_eq!(page.eval("document.activeElement.className").await, "beckon-link");
    browser.close().await;
}

#[tokio::test]
async fn what_was_seen_and_clicked_arrives_with_block_and_arm() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.recommend(usual);
    let below = "<div data-beckon=home></div><div style='height: 3000px'></div><div data-beckon=cart></div>";
    shop.page("/", ROOM, below);
    let page = open(&browser, &shop.url(HOST, "/")).await;
    page.viewport(1280, 1000, false).await;
    page.wait_until("document.querySelectorAll('[data-block]').length === 3").await;
    page.wait_until("performance.now() > 2500").await;
    assert_eq!(shop.named("Recommendations Viewed").len(), 0, "told once for the page");
    page.eval("document.querySelector('[data-beckon=cart]').scrollIntoView()").await;
    let viewed = shop.wait_for("Recommendations Viewed", 1).await;
    assert_eq!(
        viewed[0]["properties"]["blocks"],
        json!([{"block": "home-for-you", "arm": "a"}, {"block": "home-block"}, {"block": "cart-block"}])
    );
    page.eval("document.querySelector('[data-block=home-for-you] .beckon-link').click()").await;
    let clicked = shop.wait_for("Recommendation Clicked", 1).await;
    let wanted = json!({"block": "home-for-you", "arm": "a", "product_id": "P-0"});
    assert_eq!(clicked[0]["properties"], wanted);
    assert_eq!(shop.named("Recommendations Viewed").len(), 1);
    browser.close().await;
}

#[tokio::test]
async fn what_is_seen_is_told_on_leaving_and_a_new_route_asks_anew() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.recommend(usual);
    shop.page(
        "/",
        ROOM,
        "<main><div data-beckon=cart></div><div style='height: 3000px'></div>
        <div data-beckon=not_found></div></main>",
    );
    let page = open(&browser, &shop.url(HOST, "/")).await;
    page.wait_until("document.querySelectorAll('[data-block]').length === 2").await;
    page.wait_until("performance.now() > 2500").await;
    page.eval(
        "document.querySelector('main').innerHTML = '<div data-beckon=\"favourites\"></div>'; \
               history.pushState({}, '', '/next'); void 0",
    )
    .await;
    let viewed = shop.wait_for("Recommendations Viewed", 1).await;
    assert_eq!(viewed[0]["properties"]["blocks"], json!([{"block": "cart-block"}]));
    page.wait_for("[data-block=favourites-block]").await;
    assert_eq!(shop.questions()[1]["show"], json!(["favourites"]));
    // A widget that comes without a change of the address.
    page.eval(
        "document.querySelector('main').insertAdjacentHTML('beforeend', \
               '<div data-beckon=\"search\" data-query=\"tea\"></div>'); beckon('show'); void 0",
    )
    .await;
    page.wait_for("[data-block=search-block]").await;
    assert_eq!(
        (&shop.questions()[2]["show"], &shop.questions()[2]["query"]),
        (&json!(["search"]), &json!("tea"))
    );
    browser.close().await;
}

#[tokio::test]
async fn the_browser_remembers_goods_and_shops_may_draw_themselves() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.recommend(usual);
    shop.page("/", "", "");
    let page = browser.open(&shop.url(HOST, "/")).await;
    page.wait_until("beckon.version").await;
    assert_eq!(page.eval("document.querySelectorAll('script[src*=widgets]').length").await, json!(0));
    page.eval(
        "for (let i = 0; i < 30; i++) beckon('product', {product_id: 'V-' + i, email: 'anna@example.com'}); \
         beckon('product', {product_id: 'V-20'}); \
         beckon('add', {product_id: 'C-1', quantity: 2}); beckon('remove', {product_id: 'C-1', quantity: 1}); \
         beckon('add', {product_id: 'C-2'}); beckon('remove', {product_id: 'C-2', quantity: 1}); \
         beckon('recommend', {show: 'home', size: 4}, (answer) => { window.raw = answer }); void 0",
    )
    .await;
    page.wait_until("window.raw").await;
    assert_eq!(page.eval("raw.blocks.map((block) => block.items.length)").await, json!([12, 12]));
    let question = shop.questions()[0].clone();
    assert_eq!((&question["show"], &question["size"]), (&json!("home"), &json!(4)));
    let viewed = question["viewed"].as_array().unwrap();
    assert_eq!((viewed.len(), &viewed[19], &viewed[18]), (20, &json!("V-20"), &json!("V-29")));
    assert_eq!(question["cart"], json!(["C-1"]), "one of two is left");
    let kept = page.eval("localStorage.getItem('_bkn_m')").await;
    assert!(!kept.to_string().contains("anna"), "{kept}");

    page.eval("beckon('order', {order_id: 'O-1', products: [{product_id: 'C-1', quantity: 1}]}); void 0")
        .await;
    page.reload().await;
    page.wait_until("beckon.version").await;
    page.eval("beckon('recommend', {show: ['cart']}, (answer) => { window.raw = answer }); void 0").await;
    page.wait_until("window.raw").await;
    let question = shop.questions()[1].clone();
    assert_eq!((&question["cart"], &question["bought"]), (&json!([]), &json!(["C-1"])));
    page.eval("beckon('reset'); void 0").await;
    assert_eq!(page.eval("localStorage.getItem('_bkn_m')").await, Value::Null, "the next person is another");
    browser.close().await;
}
