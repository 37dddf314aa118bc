//! The pop-up after adding to the cart.

use serde_json::json;

use crate::browser::Browser;
use crate::collector::Collector;
use crate::{HOST, ROOM, open, shift, usual};

const BODY: &str = "<button id=buy onclick=\"beckon('add', {product_id: 'P-9', quantity: 1})\">Buy</button>
    <div data-beckon=added_to_cart></div>";

#[tokio::test]
async fn it_opens_on_adding_and_escape_gives_the_focus_back() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.recommend(usual);
    shop.page("/", ROOM, BODY);
    let page = open(&browser, &shop.url(HOST, "/")).await;
    page.wait_until("beckon.version").await;
    page.eval("document.getElementById('buy').focus(); void 0").await;
    page.press("Enter").await;
    page.wait_for("dialog[open] [data-block=added-to-cart-block]").await;
    let question = shop.questions()[0].clone();
    assert_eq!((&question["show"], &question["products"]), (&json!(["added_to_cart"]), &json!(["P-9"])));
    assert_eq!(question["cart"], json!(["P-9"]));
    let named =
        "document.getElementById(document.querySelector('dialog').getAttribute('aria-labelledby')).innerText";
    assert_eq!(page.eval(named).await, "Title added-to-cart-block");
    assert_eq!(page.eval("document.activeElement.closest('dialog') !== null").await, true);
    let viewed = shop.wait_for("Recommendations Viewed", 1).await;
    assert_eq!(viewed[0]["properties"]["blocks"], json!([{"block": "added-to-cart-block"}]));
    page.press("Escape").await;
    page.wait_until("!document.querySelector('dialog')").await;
    assert_eq!(page.eval("document.activeElement.id").await, "buy");

    page.eval("beckon('show', 'added_to_cart', {product_id: 'P-8'}); void 0").await;
    page.wait_for("dialog[open]").await;
    page.click(".beckon-close").await;
    page.wait_until("!document.querySelector('dialog')").await;
    assert_eq!(page.eval("document.activeElement.id").await, "buy");
    assert!(shift(&page).await < 0.001);
    assert_eq!(page.eval("errors").await, json!([]));
    browser.close().await;
}

#[tokio::test]
async fn without_an_answer_it_stays_away() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.recommend(|_| (500, "no".to_owned()));
    shop.page("/", ROOM, BODY);
    let page = open(&browser, &shop.url(HOST, "/")).await;
    page.wait_until("beckon.version").await;
    page.click("#buy").await;
    shop.wait_for("Product Added", 1).await;
    shop.wait("the question", |c| !c.questions().is_empty()).await;
    assert_eq!(page.eval("document.querySelector('dialog')").await, json!(null));
    assert_eq!(page.eval("[errors, window.rejected]").await, json!([[], null]));
    browser.close().await;
}
