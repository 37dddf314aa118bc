//! Dwell and heartbeats: time counts while somebody looks at the visible page and moves, and only then.

use serde_json::{Value, json};

use crate::HOST;
use crate::browser::{Browser, Page};
use crate::collector::Collector;

/// Stops the page's clock; `advance(secs)` moves it second by second and runs the intervals that fall due.
const CLOCK: &str = "(() => {
    const start = Date.now(); let passed = 0; const ticks = new Map(); let last = 0;
    Date.now = () => start + passed;
    window.setInterval = (run, ms) => { ticks.set(++last, {run, ms, next: passed + ms}); return last };
    window.clearInterval = (id) => { ticks.delete(id) };
    window.advance = (secs) => {
        for (let i = 0; i < secs; i++) {
            passed += 1000;
            ticks.forEach((t) => { if (passed >= t.next) { t.next += t.ms; t.run() } });
        }
    };
})()";

async fn product_page() -> Option<(Browser, Collector, Page)> {
    let browser = Browser::launch().await?;
    let shop = Collector::start().await;
    shop.page("/", "", "<p>Tea</p><script>beckon('product', {product_id: 'P-1', price: 4.5})</script>");
    let page = browser.blank().await;
    page.before_load(CLOCK).await;
    page.before_load("window.moves = 0; addEventListener('pointermove', () => { moves++ })").await;
    page.goto(&shop.url(HOST, "/")).await;
    page.wait_until("beckon.version").await;
    shop.wait_for("Product Viewed", 1).await;
    Some((browser, shop, page))
}

/// A real movement of the mouse, seen by the page.
async fn move_mouse(page: &Page) {
    let before = page.eval("moves").await.as_i64().unwrap();
    page.move_mouse(50.0 + before as f64 % 50.0, 60.0).await;
    page.wait_until(&format!("moves > {before}")).await;
}

async fn advance(page: &Page, secs: u32) {
    page.eval(&format!("advance({secs})")).await;
}

/// Everything that the page has said so far has arrived when this has.
async fn fence(shop: &Collector, page: &Page, name: &str) {
    page.eval(&format!("beckon('track', '{name}'); void 0")).await;
    shop.wait_for(name, 1).await;
}

fn dwelled(shop: &Collector) -> Vec<i64> {
    shop.named("Product Dwelled").iter().map(|e| e["properties"]["dwell_secs"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn dwell_counts_only_while_somebody_looks() {
    let Some((browser, shop, page)) = product_page().await else { return };
    advance(&page, 100).await;
    fence(&shop, &page, "No input").await;
    assert_eq!(dwelled(&shop), Vec::<i64>::new(), "an open page is not a look at it");

    move_mouse(&page).await;
    advance(&page, 12).await;
    fence(&shop, &page, "Ten").await;
    assert_eq!(dwelled(&shop), [10]);
    // 30 s after the last input the time stands still: 30 s in all, however long the page stays open.
    advance(&page, 500).await;
    fence(&shop, &page, "Idle").await;
    assert_eq!(dwelled(&shop), [10]);
    // Script-made input is nobody's.
    page.eval("dispatchEvent(new PointerEvent('pointermove')); document.dispatchEvent(new Event('keydown'))")
        .await;
    advance(&page, 40).await;
    fence(&shop, &page, "Synthetic").await;
    assert_eq!(dwelled(&shop), [10]);
    for _ in 0..2 {
        move_mouse(&page).await;
        advance(&page, 16).await;
    }
    fence(&shop, &page, "Sixty").await;
    assert_eq!(dwelled(&shop), [10, 60]);

    // A hidden tab: the rest is reported, then nothing counts.
    let other = browser.open("about:blank").await;
    page.wait_until("document.hidden").await;
    shop.wait_for("Product Dwelled", 3).await;
    assert_eq!(dwelled(&shop), [10, 60, 62]);
    advance(&page, 600).await;
    fence(&shop, &page, "Hidden").await;
    assert_eq!(dwelled(&shop), [10, 60, 62]);
    assert!(shop.named("Heartbeat").is_empty());

    other.close().await;
    page.show().await;
    page.wait_until("!document.hidden").await;
    move_mouse(&page).await;
    advance(&page, 5).await;
    page.eval("beckon('product', {product_id: 'P-2'}); void 0").await;
    let all = shop.wait_for("Product Dwelled", 4).await;
    assert_eq!(
        all[3]["properties"],
        json!({"product_id": "P-1", "dwell_secs": 67}),
        "on leaving for another"
    );
    browser.close().await;
}

#[tokio::test]
async fn the_last_look_is_dated_when_it_was() {
    let Some((browser, shop, page)) = product_page().await else { return };
    move_mouse(&page).await;
    let moved_at = page.eval("Date.now()").await.as_i64().unwrap();
    advance(&page, 9).await;
    advance(&page, 3000).await;
    page.goto("about:blank").await;
    let dwell = shop.wait_for("Product Dwelled", 1).await;
    let next = shop.wait_for("Product Dwelled", 2).await[1].clone();
    assert_eq!(dwell[0]["properties"]["dwell_secs"], 10);
    assert_eq!(next["properties"]["dwell_secs"], 30);
    let sent = format!("new Date({}).getTime()", next["timestamp"]);
    assert_eq!(page.eval(&sent).await, json!(moved_at + 30_000), "not when the page was closed");
    browser.close().await;
}

#[tokio::test]
async fn heartbeats_follow_activity_and_no_oftener_than_five_minutes() {
    let Some((browser, shop, page)) = product_page().await else { return };
    // Leave the product, so that its own reports are not signs of life.
    page.eval("beckon('product', {}); void 0").await;
    advance(&page, 3600).await;
    fence(&shop, &page, "Idle hour").await;
    assert_eq!(shop.named("Heartbeat"), Vec::<Value>::new(), "an idle page gives none");
    for _ in 0..22 {
        advance(&page, 30).await;
        move_mouse(&page).await;
    }
    fence(&shop, &page, "Eleven minutes").await;
    assert_eq!(shop.named("Heartbeat").len(), 2);
    browser.close().await;
}
