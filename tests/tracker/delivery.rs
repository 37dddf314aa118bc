//! Nothing is lost and nothing counts twice: dead networks, closed pages, busy servers, several tabs.

use serde_json::{Value, json};

use crate::HOST;
use crate::browser::{Browser, Page};
use crate::collector::Collector;

async fn shop_with_page() -> Option<(Browser, Collector, Page)> {
    let browser = Browser::launch().await?;
    let shop = Collector::start().await;
    shop.page("/", "", "");
    let page = browser.open(&shop.url(HOST, "/")).await;
    shop.wait_for("page", 1).await;
    Some((browser, shop, page))
}

/// What the tracker keeps in this origin's storage: the queues of all tabs.
const QUEUES: &str = "Object.keys(localStorage).filter(k => k.startsWith('_bkn_q.')).length";

#[tokio::test]
async fn offline_then_online_delivers_once() {
    let Some((browser, shop, page)) = shop_with_page().await else { return };
    page.offline(true).await;
    page.eval(
        "window.failed = 0; const real = fetch; window.fetch = function () { \
               const p = real.apply(this, arguments); p.catch(() => { failed++ }); return p }; void 0",
    )
    .await;
    page.eval("beckon('add', {product_id: 'P-1', quantity: 1}); void 0").await;
    page.wait_until("failed > 0").await;
    page.eval("beckon('order', {order_id: 'O-1', total: 5, currency: 'EUR'}); void 0").await;
    assert_eq!(shop.named("Product Added").len(), 0);
    page.offline(false).await;
    shop.wait_for("Product Added", 1).await;
    shop.wait_for("Order Completed", 1).await;
    page.wait_until(&format!("{QUEUES} === 0")).await;
    assert_eq!(shop.copies().len(), shop.events().len(), "each event came once");
    browser.close().await;
}

#[tokio::test]
async fn a_busy_server_is_left_alone_and_then_gets_the_same_ids() {
    let Some((browser, shop, page)) = shop_with_page().await else { return };
    shop.answer(429, Some("1"));
    page.eval("window.asked = Date.now(); beckon('add', {product_id: 'P-1', quantity: 1}); void 0").await;
    shop.wait("a refusal", |c| c.arrivals().iter().any(|a| !a.taken)).await;
    shop.answer(200, None);
    let added = shop.wait_for("Product Added", 1).await;
    assert!(page.eval("Date.now() - asked").await.as_f64().unwrap() >= 1000.0, "Retry-After: 1");
    let refused = shop.arrivals().into_iter().find(|a| !a.taken).unwrap();
    assert_eq!(refused.body["batch"][0]["messageId"], added[0]["messageId"]);
    assert_eq!(refused.body["batch"][0]["timestamp"], added[0]["timestamp"], "the time when it happened");

    // What is refused for good is dropped, and later events do not suffer from it.
    shop.answer(400, None);
    page.eval("beckon('track', 'Bad'); void 0").await;
    shop.wait("the second refusal", |c| c.arrivals().iter().filter(|a| !a.taken).count() == 2).await;
    page.wait_until(&format!("{QUEUES} === 0")).await;
    shop.answer(200, None);
    page.eval("beckon('track', 'Good'); void 0").await;
    shop.wait_for("Good", 1).await;
    assert_eq!(shop.named("Bad"), Vec::<Value>::new());
    browser.close().await;
}

#[tokio::test]
async fn a_page_closed_right_after_still_delivers() {
    let Some((browser, shop, page)) = shop_with_page().await else { return };
    // Leaving for another page in the same breath as the click.
    shop.page("/next", "", "");
    page.eval("beckon('add', {product_id: 'P-1', quantity: 1}); location.href = '/next'; void 0").await;
    // By a beacon, or by a request before the page was left: a slow machine takes its time to leave.
    shop.wait_for("Product Added", 1).await;
    let beacons = shop.arrivals().into_iter().filter(|a| a.path == "/beacon/v1/batch");
    assert!(beacons.into_iter().all(|a| a.query == "writeKey=WK-1"));
    let pages = shop.wait_for("page", 2).await;
    assert_eq!(pages[1]["properties"]["path"], "/next");
    assert_eq!(shop.named("Product Added").len(), 1, "the repetition has the same message id");
    page.wait_until(&format!("{QUEUES} === 0")).await;

    // Closing the tab. The last page of the browser would take the browser with it, hence another one.
    let other = browser.blank().await;
    page.show().await;
    page.eval("beckon('add', {product_id: 'P-2', quantity: 1}); void 0").await;
    page.close().await;
    let added = shop.wait_for("Product Added", 2).await;
    assert_eq!(added[1]["properties"]["product_id"], "P-2");
    other.close().await;
    browser.close().await;
}

#[tokio::test]
async fn the_queue_of_a_closed_page_is_sent_by_the_next() {
    let Some((browser, shop, page)) = shop_with_page().await else { return };
    // A time of peace also keeps the closed page's beacon back, so that the copies can be counted.
    shop.answer(503, Some("1"));
    page.eval("beckon('order', {order_id: 'O-1', total: 5, currency: 'EUR'}); void 0").await;
    shop.wait("a refusal", |c| c.arrivals().iter().any(|a| !a.taken)).await;
    let other = browser.blank().await;
    page.close().await;
    shop.answer(200, None);
    // One tab that adopts and one that comes at the same time.
    let (first, second) =
        (browser.open(&shop.url(HOST, "/")).await, browser.open(&shop.url(HOST, "/")).await);
    shop.wait_for("page", 3).await;
    shop.wait_for("Order Completed", 1).await;
    first.wait_until(&format!("{QUEUES} === 0")).await;
    assert_eq!(shop.named("Order Completed").len(), 1);
    let copies = shop.copies().into_iter().filter(|e| e["event"] == "Order Completed").count();
    assert_eq!(copies, 1, "only one tab adopted it");
    for tab in [first, second, other] {
        tab.close().await;
    }
    browser.close().await;
}

#[tokio::test]
async fn a_tab_leaves_the_queue_of_a_living_tab_alone() {
    let Some((browser, shop, page)) = shop_with_page().await else { return };
    let line = |id: &str, kept: u8, at: i64| {
        format!(
            "{kept} {at} {id} {}",
            json!({"type": "track", "event": id, "messageId": id, "anonymousId": "a"})
        )
    };
    let now = page.eval("Date.now()").await.as_i64().unwrap();
    let (week, minutes) = (7 * 86_400_000, 10 * 60_000);
    let queues = [
        ("living", format!("{now}\n{}", line("Living", 0, now))),
        (
            "dead",
            format!("{}\n{}\nnonsense\n0 1 x {{broken}}", now - minutes, line("Dead", 0, now - minutes)),
        ),
        ("old", format!("0\n{}\n{}", line("Too Old", 0, now - week), line("Kept", 1, now - week))),
    ];
    for (name, queue) in &queues {
        let (key, value) = (json!(format!("_bkn_q.{name}")), json!(queue));
        page.eval(&format!("localStorage.setItem({key}, {value})")).await;
    }
    page.reload().await;
    shop.wait_for("Dead", 1).await;
    shop.wait_for("Kept", 1).await;
    shop.wait_for("page", 2).await;
    assert_eq!(page.eval("localStorage.getItem('_bkn_q.living')").await, queues[0].1.as_str());
    // The mark tells a tab that only slept that its queue has been taken; a queue left behind needs none.
    let mark = page.eval("localStorage.getItem('_bkn_q.dead')").await;
    assert!(mark.as_str().unwrap().parse::<i64>().unwrap() >= now, "{mark}");
    assert_eq!(page.eval("localStorage.getItem('_bkn_q.old')").await, Value::Null);
    assert!(shop.named("Living").is_empty() && shop.named("Too Old").is_empty());
    browser.close().await;
}

#[tokio::test]
async fn the_queue_is_bounded_and_keeps_orders() {
    let Some((browser, shop, page)) = shop_with_page().await else { return };
    shop.answer(503, Some("3000"));
    page.eval("beckon('order', {order_id: 'O-1', total: 5}); beckon('identify', {email: 'anna@example.com'}); void 0")
        .await;
    shop.wait("a refusal", |c| c.arrivals().iter().any(|a| !a.taken)).await;
    page.eval("for (let i = 0; i < 300; i++) beckon('track', 'Tick ' + i, {}); void 0").await;
    let queue =
        page.eval("localStorage.getItem(Object.keys(localStorage).find(k => k.startsWith('_bkn_q.')))").await;
    let queue = queue.as_str().unwrap();
    assert!(queue.len() <= 66_000 && queue.lines().count() <= 101, "{} bytes", queue.len());
    assert!(queue.contains("Order Completed") && queue.contains("\"identify\""));
    assert!(queue.contains("\"Tick 299\"") && !queue.contains("\"Tick 0\""), "the oldest go first");
    let before = shop.arrivals().len();
    // Neither a new page nor a beacon bothers a server that asked for peace.
    page.reload().await;
    page.wait_until("beckon.version").await;
    assert_eq!(shop.arrivals().len(), before);
    page.eval("localStorage.removeItem('_bkn_w')").await;
    shop.answer(200, None);
    page.reload().await;
    shop.wait_for("Order Completed", 1).await;
    shop.wait_for("identify", 1).await;
    shop.wait_for("Tick 299", 1).await;
    browser.close().await;
}

#[tokio::test]
async fn a_page_that_slept_knows_what_others_took() {
    let Some((browser, shop, page)) = shop_with_page().await else { return };
    let waiting = |name: &str| {
        format!(
            "Object.keys(localStorage).some(k => k.startsWith('_bkn_q.') && localStorage[k].includes('{name}'))"
        )
    };
    // Another tab took the queue while this one was frozen, and left its mark.
    shop.answer(503, Some("3000"));
    page.eval("beckon('track', 'Taken'); void 0").await;
    shop.wait("a refusal", |c| c.arrivals().iter().any(|a| !a.taken)).await;
    page.eval("localStorage.setItem(Object.keys(localStorage).find(k => k.startsWith('_bkn_q.')), '1')")
        .await;
    page.eval("beckon('track', 'After'); void 0").await;
    assert_eq!(page.eval(&waiting("After")).await, true);
    assert_eq!(page.eval(&waiting("Taken")).await, false);
    // The shop cleared its storage (many do so at log-out): nobody took anything.
    page.eval("localStorage.clear(); beckon('track', 'Cleared'); void 0").await;
    assert_eq!(page.eval(&waiting("After")).await, true);

    // Into the back/forward cache, where the next page takes the queue; and out again.
    page.eval("localStorage.setItem('_bkn_w', String(Date.now() + 1e6))").await;
    page.eval("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))").await;
    let released =
        "Object.keys(localStorage).find(k => k.startsWith('_bkn_q.') && localStorage[k].startsWith('0\\n'))";
    page.eval(&format!("localStorage.removeItem({released})")).await;
    page.eval("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))").await;
    page.eval("beckon('track', 'Back'); void 0").await;
    assert_eq!(page.eval(&waiting("After")).await, false);
    assert_eq!(page.eval(&waiting("Back")).await, true);
    shop.answer(200, None);
    page.eval("localStorage.removeItem('_bkn_w')").await;
    page.reload().await;
    shop.wait_for("Back", 1).await;
    assert!(shop.named("Taken").is_empty() && shop.named("After").is_empty());
    browser.close().await;
}
