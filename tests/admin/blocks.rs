//! Composing a block in a browser: rows grow, the preview follows what is typed, and what is kept stands in its place.

use crate::browser::{Browser, Page};
use crate::people::enter;
use crate::program::Program;
use serde_json::json;

/// Chooses a value of a field, as a person does.
async fn choose(page: &Page, name: &str, value: &str) {
    page.eval(&format!(
        "{{ const field = document.querySelector('#compose [name=\"{name}\"]'); field.value = '{value}'; \
         field.dispatchEvent(new Event('input', {{ bubbles: true }})); }}"
    ))
    .await;
}

/// Presses what the selector finds and waits for the page it leads to.
async fn follow(page: &Page, selector: &str) {
    page.eval("void (window.__old = true)").await;
    page.click(selector).await;
    page.wait_until("!window.__old && document.readyState === 'complete'").await;
}

const SHOWN: &str = "document.querySelectorAll('#shown .goods li').length";

#[tokio::test]
async fn a_block_is_composed_beside_its_preview_kept_and_placed() {
    let Some(browser) = Browser::launch().await else { return };
    let demo = Program::demo("blocks", 0);
    let page = enter(&browser, &demo, "ru").await;
    follow(&page, ".side nav a[href='/blocks']").await;
    page.click("details.make summary").await;
    page.eval("document.querySelector('.make select').value = 'new'").await;
    page.type_into(".make [name=title]", "Свежее").await;
    page.type_into(".make [name=name]", "fresh").await;
    follow(&page, ".make button.primary").await;
    assert_eq!(page.eval("location.pathname").await, json!("/blocks/fresh"));
    page.wait_until(&format!("{SHOWN} === 8")).await;

    // The blank row at the end grows another one, and shows only what its strategy takes.
    assert_eq!(page.eval("document.querySelectorAll('[data-rows=mix] > li').length").await, json!(2));
    choose(&page, "mix[1].strategy", "up_sell").await;
    page.wait_until("document.querySelectorAll('[data-rows=mix] > li').length === 3").await;
    let band = "document.querySelector('[name=\"mix[1].band.from\"]')";
    assert_eq!(page.eval(&format!("{band}.disabled || {band}.offsetParent === null")).await, json!(false));
    let days = "document.querySelector('[name=\"mix[1].days\"]')";
    assert_eq!(page.eval(&format!("{days}.disabled")).await, json!(true));
    page.click("[data-rows=mix] > li:nth-child(2) .nudge button:last-child").await;
    page.wait_until("document.querySelectorAll('[data-rows=mix] > li').length === 2").await;

    // What is typed is shown before it is kept, and what is wrong is not.
    choose(&page, "size", "3").await;
    page.wait_until(&format!("{SHOWN} === 3")).await;
    choose(&page, "diversity", "more").await;
    page.wait_until("document.querySelector('#shown .note.warn')").await;
    choose(&page, "diversity", "10").await;
    page.wait_until(&format!("{SHOWN} === 3")).await;

    // A product is found by its name and never shown on its own page.
    let first = "document.querySelector('#shown .goods a').textContent";
    let title = page.eval(first).await;
    page.type_into("#product", title.as_str().unwrap()).await;
    page.wait_until(&format!("{SHOWN} === 3 && {first} !== {title}")).await;
    page.wait_until("document.getElementById('product').list?.options.length > 0").await;

    follow(&page, ".savebar button.primary").await;
    assert_eq!(page.eval("document.querySelector('[name=size]').value").await, json!("3"));
    follow(&page, ".tabs a[href$='/places']").await;
    page.click("[name=on][value='home.web']").await;
    follow(&page, "#content form button.primary").await;
    assert_eq!(page.eval("document.querySelector(\"[value='home.web']\").checked").await, json!(true));
    follow(&page, ".tabs a[href$='/code']").await;
    assert!(page.text("#content").await.contains("data-beckon=\"home\""));

    let shop = browser.open(&format!("{}/?lang=ru", demo.origin(1))).await;
    shop.wait_until("document.querySelector('[data-block=fresh]')").await;
    assert_eq!(
        shop.eval("document.querySelectorAll('[data-block=fresh] .beckon-item').length").await,
        json!(3)
    );
    browser.close().await;
}
