//! The invented shop and the mailbox in a real browser: a cart from the shelf to the order, a cart that
//! comes back, and a
//! mail that tries to do harm.

// Helpers of tests are tests too; Clippy only knows the functions marked so.
#![allow(clippy::unwrap_used)]
// Each test file uses its own part of what the browser and the collector can do.
#![allow(dead_code)]

#[path = "support/browser.rs"]
mod browser;
#[path = "support/collector.rs"]
mod collector;

use std::sync::Arc;

use axum::Router;
use beckon_core::time::WallTime;
use beckon_sim::mailbox::{self, Letters};
use beckon_sim::shop::{Lang, Shop};
use beckon_sim::smtp::Mail;
use beckon_sim::storefront;
use browser::Browser;
use collector::Collector;
use serde_json::json;
use tokio::net::TcpListener;

/// Serves a site and gives its origin.
async fn serve(site: impl FnOnce(&str) -> Router) -> String {
    let ports = 21_000u16..32_000;
    let start = std::process::id() as u16 % 11_000;
    for step in 0..11_000 {
        let port = ports.start + (start + step) % 11_000;
        let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await else { continue };
        let origin = format!("http://127.0.0.1:{port}");
        let app = site(&origin);
        tokio::spawn(async move { axum::serve(listener, app).await });
        return origin;
    }
    panic!("no free port in {ports:?}");
}

async fn shop_for(beckon: &Collector, lang: Lang) -> String {
    let options = |origin: &str| storefront::Options {
        origin: origin.to_owned(),
        beckon: beckon.origin(),
        write_key: "WK-1".to_owned(),
        admin: "http://127.0.0.1:1".to_owned(),
        mailbox: "http://127.0.0.1:2".to_owned(),
        lang,
        clock: Default::default(),
    };
    serve(|origin| storefront::router(Arc::new(Shop::new(1)), options(origin), Arc::new(|| 3))).await
}

/// An offer that can be bought on the day of these tests.
fn in_stock() -> String {
    let shop = Shop::new(1);
    let product = shop.products().iter().find(|p| shop.quote(p, &p.variants[0], 3).stock > 0).unwrap();
    product.variants[0].id.clone()
}

const WATCH: &str = "window.errors = []; window.onerror = (m) => { errors.push(String(m)) }; \
                     addEventListener('unhandledrejection', (e) => errors.push(String(e.reason))); \
                     addEventListener('securitypolicyviolation', (e) => errors.push(e.violatedDirective))";

#[tokio::test]
async fn a_cart_goes_from_the_shelf_to_the_order() {
    let Some(browser) = Browser::launch().await else { return };
    let beckon = Collector::start().await;
    let origin = shop_for(&beckon, Lang::En).await;
    let offer = in_stock();
    let page = browser.blank().await;
    page.before_load(WATCH).await;
    page.goto(&format!("{origin}/product/{offer}")).await;
    page.click("#add").await;
    page.click("#add").await;
    page.wait_until("document.getElementById('cart-count').textContent === '2'").await;
    page.goto(&format!("{origin}/cart")).await;
    page.wait_for(".line").await;
    page.click("[data-step='-1']").await;
    page.wait_until("document.querySelector('.line output').textContent === '1'").await;
    page.click("a[href='/checkout']").await;
    page.wait_for("#brief li").await;
    assert_eq!(page.eval("document.querySelector('#checkout [name=consent]').checked").await, json!(false));
    page.type_into("#checkout [name=first_name]", "Анна").await;
    page.type_into("#checkout [name=email]", "anna@demo.example").await;
    page.click("#checkout [name=consent]").await;
    page.click("#checkout button").await;
    page.wait_until("location.pathname === '/thanks' && !document.getElementById('order').hidden").await;
    let number = page.text("#order b").await;

    let order = beckon.wait_for("Order Completed", 1).await[0].clone();
    assert_eq!(order["properties"]["order_id"], number.as_str());
    assert_eq!(order["properties"]["products"][0]["product_id"], offer.as_str());
    assert_eq!(order["properties"]["products"][0]["quantity"], 1);
    assert_eq!(order["properties"]["total"], order["properties"]["products"][0]["price"]);
    let who = beckon.wait_for("identify", 1).await[0].clone();
    assert_eq!(
        who["traits"],
        json!({ "email": "anna@demo.example", "firstName": "Анна", "email_consent": true })
    );
    let added = beckon.wait_for("Product Added", 2).await;
    assert_eq!(added[0]["properties"]["cart_id"], order["properties"]["cart_id"]);
    for (name, count) in
        [("Product Viewed", 1), ("Product Removed", 1), ("Cart Viewed", 1), ("Checkout Started", 1)]
    {
        assert_eq!(beckon.wait_for(name, count).await.len(), count, "{name}");
    }
    assert_eq!(page.eval("errors").await, json!([]));
    assert_eq!(page.eval("JSON.parse(localStorage.getItem('cart')).lines").await, json!([]));
    browser.close().await;
}

#[tokio::test]
async fn without_the_box_nothing_is_said_about_letters() {
    let Some(browser) = Browser::launch().await else { return };
    let beckon = Collector::start().await;
    let origin = shop_for(&beckon, Lang::Ru).await;
    let page = browser.blank().await;
    page.goto(&format!("{origin}/product/{}", in_stock())).await;
    page.click("#add").await;
    page.goto(&format!("{origin}/checkout")).await;
    page.wait_for("#brief li").await;
    page.type_into("#checkout [name=first_name]", "Boris").await;
    page.type_into("#checkout [name=email]", "boris@demo.example").await;
    page.click("#checkout button").await;
    let who = beckon.wait_for("identify", 1).await[0].clone();
    assert_eq!(who["traits"], json!({ "email": "boris@demo.example", "firstName": "Boris" }));
    browser.close().await;
}

#[tokio::test]
async fn a_link_from_a_mail_brings_the_cart_back() {
    let Some(browser) = Browser::launch().await else { return };
    let beckon = Collector::start().await;
    let origin = shop_for(&beckon, Lang::En).await;
    let offer = in_stock();
    let gone = json!({ "product_id": "gone", "quantity": 1 });
    let cart = json!({ "products": [{ "product_id": offer, "quantity": 3 }, gone] });
    let page = browser.blank().await;
    page.before_load(&format!(
        "{{ const real = fetch; window.fetch = (url, ...rest) => String(url).includes('/r/cart?token=tok-1') \
         ? Promise.resolve(new Response(JSON.stringify({cart}))) : real(url, ...rest) }}"
    ))
    .await;
    page.goto(&format!("{origin}/cart?bkn=tok-1")).await;
    page.wait_until("document.querySelectorAll('.line').length === 1").await;
    assert_eq!(page.text(".line output").await, "3");
    assert_eq!(page.eval("location.search").await, json!(""));
    let clicked = beckon.wait_for("Message Clicked", 1).await[0].clone();
    assert_eq!(clicked["properties"]["token"], "tok-1");

    // A cart that comes back on the page of the checkout can be ordered there and then.
    page.eval("localStorage.removeItem('cart'); sessionStorage.clear(); void 0").await;
    page.goto(&format!("{origin}/checkout?bkn=tok-1")).await;
    page.wait_for("#brief li").await;
    page.type_into("#checkout [name=first_name]", "Anna").await;
    page.type_into("#checkout [name=email]", "anna@demo.example").await;
    page.click("#checkout button").await;
    page.wait_until("location.pathname === '/thanks'").await;
    let begun = beckon.wait_for("Checkout Started", 1).await[0].clone();
    let order = beckon.wait_for("Order Completed", 1).await[0].clone();
    assert_eq!(order["properties"]["order_id"], begun["properties"]["order_id"]);
    browser.close().await;
}

#[tokio::test]
async fn a_mail_that_tries_to_do_harm_does_none() {
    let Some(browser) = Browser::launch().await else { return };
    let letters = Letters::new();
    let options = mailbox::Options {
        shop: "http://shop.test".into(),
        admin: "http://admin.test".into(),
        lang: Lang::En,
        clock: Default::default(),
    };
    let origin = serve(|_| mailbox::router(letters.clone(), options)).await;
    let harm = "fetch('/list.json'); top.document.title = parent.document.title = document.title = 'harm'; \
                document.body.className = 'harm'";
    let raw = format!(
        "From: \"<img src=x onerror=document.title='harm'>\" <a@b.example>\r\n\
         Subject: <script>document.title='harm'</script>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <html><head><base href='http://evil.example/'><meta http-equiv=refresh \
          content='0;url={origin}/mailbox.css'>\
         </head><body onload=\"{harm}\"><script>{harm}</script><img src=x onerror=\"{harm}\">\
         <svg onload=\"{harm}\"></svg><form \
          action='{origin}/'><button>x</button></form><p>Hello</p></body></html>"
    );
    letters.put(&Mail {
        from: "a@b.example".into(),
        to: "<b>\"x@demo.example".into(),
        raw: raw.into_bytes().into(),
        at: WallTime(1_700_000_000_000),
    });
    let page = browser.blank().await;
    page.goto(&format!("{origin}/#1")).await;
    page.wait_for(".row").await;
    page.wait_until("!document.getElementById('mail').hidden").await;
    page.wait_until("document.getElementById('frame').src.endsWith('/mail/1/html')").await;
    assert_eq!(page.text("#subject").await, "<script>document.title='harm'</script>");
    assert_eq!(page.eval("document.querySelectorAll('.row img, .row b, #from img').length").await, json!(0));
    assert_eq!(page.eval("document.getElementById('frame').contentDocument").await, json!(null));
    page.click("#tab-source").await;
    page.wait_until("document.getElementById('view-source').textContent.includes('onload=')").await;
    assert_eq!(page.eval("document.title").await, json!("Beckon’s mailbox"));

    // The mail on its own, where its origin can be asked about: the same policy comes with the answer.
    page.goto(&format!("{origin}/mail/1/html")).await;
    page.wait_for("p").await;
    assert_eq!(
        page.eval("[document.title, document.body.className, self.origin]").await,
        json!(["", "", "null"])
    );
    browser.close().await;
}
