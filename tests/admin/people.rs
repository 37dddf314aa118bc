//! What people do: set a shop up, try the demo, change a journey, go by keyboard.

use crate::browser::{Browser, Page};
use crate::program::Program;
use serde_json::json;

/// Comes in by the demo's door, in a language.
pub async fn enter(browser: &Browser, demo: &Program, lang: &str) -> Page {
    let page = browser.blank().await;
    page.viewport(1440, 900, false).await;
    page.goto(&format!("{}/?lang={lang}", demo.origin(0))).await;
    page.click(".doors a[href='/enter']").await;
    page.wait_for(".side nav").await;
    page
}

/// Presses what the selector finds and waits for the page it leads to.
async fn follow(page: &Page, selector: &str) {
    page.eval("void (window.__old = true)").await;
    page.click(selector).await;
    page.wait_until("!window.__old && document.readyState === 'complete'").await;
}

#[tokio::test]
async fn the_first_visitor_sets_the_shop_up_and_reads_what_was_wrong_at_its_field() {
    let Some(browser) = Browser::launch().await else { return };
    let server = Program::serve("set-up");
    let page = browser.open(&server.origin(0)).await;
    page.wait_for("form[action='/set-up']").await;
    page.type_into("[name=name]", "Чайник").await;
    page.type_into("[name=email]", "owner@shop.example").await;
    page.type_into("[name=password]", "short").await;
    follow(&page, "form[action='/set-up'] button.primary").await;
    page.wait_for(".wrong [name=password]").await;
    assert_eq!(page.eval("document.querySelector('[name=email]').value").await, json!("owner@shop.example"));
    page.type_into("[name=password]", "correct horse").await;
    follow(&page, "form[action='/set-up'] button.primary").await;
    let said = page.text("main").await;
    assert!(said.contains("beckon.js"), "the snippet for the shop's pages: {said}");
    follow(&page, "a[href='/'].primary").await;
    page.wait_for(".todo li").await;
    assert_eq!(page.text(".brand").await, "Чайник");
    browser.close().await;
}

#[tokio::test]
async fn a_visitor_of_the_demo_leaves_a_cart_gets_the_mail_and_reads_why() {
    let Some(browser) = Browser::launch().await else { return };
    let demo = Program::demo("visitor", 0);
    let shop = browser.open(&format!("{}/?lang=ru", demo.origin(1))).await;
    follow(&shop, ".cards a").await;
    if shop.eval("document.querySelector('#add').disabled").await == json!(true) {
        follow(&shop, "section .cards a").await;
    }
    shop.click("#add").await;
    shop.wait_until("document.getElementById('cart-count').textContent === '1'").await;
    // The shop shows what goes with it; she is not interested.
    shop.wait_for("dialog[open]").await;
    shop.press("Escape").await;
    shop.wait_until("!document.querySelector('dialog')").await;
    shop.type_into("#subscribe [name=email]", "visitor@home.example").await;
    shop.click("#subscribe [name=consent]").await;
    shop.click("#subscribe button").await;
    shop.wait_until("document.querySelector('.done').textContent !== ''").await;

    // Who has the shop before her eyes is not written to.
    shop.close().await;

    let admin = enter(&browser, &demo, "ru").await;
    assert_eq!(admin.eval("location.pathname").await, json!("/"));
    admin.wait_until("document.querySelectorAll('.guide li').length === 5").await;
    admin.wait_until("document.querySelector('.guide li').className === 'done'").await;
    follow(&admin, ".strip button[value='600']").await;
    admin
        .wait_until(
            "document.querySelector('.guide li:nth-child(2) a').pathname.length > '/messages/'.length",
        )
        .await;
    let mail = admin.eval("document.querySelector('.guide li:nth-child(2) a').href").await;
    admin.goto(mail.as_str().unwrap()).await;
    admin.wait_for("iframe.mail").await;
    admin.wait_until("document.querySelector('.guide li:nth-child(2)').className === 'done'").await;
    admin.wait_for(".why li").await;
    let customer = admin.eval("document.querySelector('.guide li:nth-child(4) a').href").await;
    admin.goto(customer.as_str().unwrap()).await;
    assert!(admin.text("main").await.contains("visitor@home.example"));

    let mailbox = browser.open(&format!("{}/?lang=ru", demo.origin(3))).await;
    mailbox.wait_until("document.querySelector('.row')?.innerText.includes('visitor@home.example')").await;
    browser.close().await;
}

#[tokio::test]
async fn a_ticket_of_the_demo_is_good_for_one_way_in() {
    let Some(browser) = Browser::launch().await else { return };
    let demo = Program::demo("ticket", 0);
    let page = browser.blank().await;
    page.goto(&format!("{}/demo/enter?ticket=guessed", demo.origin(2))).await;
    page.wait_for(".doors").await;
    assert_eq!(
        page.eval("location.port").await,
        json!(demo.port.to_string()),
        "a guessed ticket leads to the doors"
    );
    browser.close().await;
}

#[tokio::test]
async fn a_journey_is_changed_and_a_question_is_answered_by_keyboard() {
    let Some(browser) = Browser::launch().await else { return };
    let demo = Program::demo("journey", 0);
    let page = enter(&browser, &demo, "en").await;
    page.goto(&format!("{}/journeys/abandoned-cart/settings", demo.origin(2))).await;
    let field = "main form input[name^='p.'][type=text], main form input[name^='p-'], main form .field input";
    page.wait_for(field).await;
    let before = page.eval("document.querySelector('main form .field input').value").await;
    page.eval("document.querySelector('main form .field input').select()").await;
    page.type_into("main form .field input", "").await;
    page.eval("document.querySelector('main form .field input').value = '40m'").await;
    follow(&page, "main form button.primary").await;
    let after = page.eval("document.querySelector('main form .field input').value").await;
    assert_ne!(before, after, "the journey has the new setting");

    // Switching it off is asked in a window: Escape says no, Enter yes.
    page.goto(&format!("{}/journeys/abandoned-cart", demo.origin(2))).await;
    let asks = "main [data-confirm]";
    page.click(asks).await;
    page.wait_for("dialog[open]").await;
    page.press("Escape").await;
    page.wait_until("!document.querySelector('dialog[open]')").await;
    page.click(asks).await;
    page.wait_until("document.activeElement.value === 'yes'").await;
    page.eval("void (window.__old = true)").await;
    page.press("Enter").await;
    page.wait_until("!window.__old && document.readyState === 'complete'").await;
    page.wait_for(".toast[role=status]").await;
    browser.close().await;
}

#[tokio::test]
async fn the_page_is_walked_by_tab_and_the_focus_is_seen() {
    let Some(browser) = Browser::launch().await else { return };
    let demo = Program::demo("keyboard", 0);
    let page = enter(&browser, &demo, "en").await;
    page.goto(&format!("{}/catalogue", demo.origin(2))).await;
    page.press("Tab").await;
    assert_eq!(page.eval("document.activeElement.className").await, json!("skip"), "first the skip link");
    page.wait_until("document.activeElement.getBoundingClientRect().left >= 0").await;
    page.press("Enter").await;
    page.wait_until("location.hash === '#content'").await;
    page.goto(&format!("{}/catalogue", demo.origin(2))).await;
    let mut seen = Vec::new();
    for _ in 0..12 {
        page.press("Tab").await;
        let outline = "getComputedStyle(document.activeElement).outlineStyle !== 'none'";
        assert_eq!(
            page.eval(outline).await,
            json!(true),
            "{}",
            page.eval("document.activeElement.outerHTML").await
        );
        seen.push(page.eval("document.activeElement.getAttribute('href') ?? ''").await);
    }
    let menu = ["/", "/customers", "/messages", "/journeys", "/catalogue"];
    let places: Vec<Option<usize>> =
        menu.iter().map(|href| seen.iter().position(|seen| seen == *href)).collect();
    assert!(places.iter().all(Option::is_some) && places[1..].is_sorted(), "the menu in its order: {seen:?}");
    browser.close().await;
}

#[tokio::test]
async fn a_phone_has_a_dock_from_which_the_whole_menu_opens() {
    let Some(browser) = Browser::launch().await else { return };
    let demo = Program::demo("phone", 0);
    let page = enter(&browser, &demo, "ru").await;
    page.viewport(380, 780, true).await;
    page.reload().await;
    assert_eq!(page.eval("getComputedStyle(document.querySelector('.side')).display").await, json!("none"));
    follow(&page, ".dock a[href='/journeys']").await;
    assert_eq!(
        page.eval("document.querySelector('.dock [aria-current]').pathname").await,
        json!("/journeys")
    );
    page.click(".dock button").await;
    page.wait_until("document.querySelector('.side').matches(':popover-open')").await;
    follow(&page, ".side a[href='/settings']").await;
    assert!(page.eval("location.pathname").await.as_str().unwrap().starts_with("/settings"));
    browser.close().await;
}

/// How many stand in a version, as its page says.
const STAND: &str = "(version => { \
    const row = [...document.querySelectorAll('[data-live] tr')] \
        .find(row => row.cells[0].innerText.startsWith(`Version ${version}`)); \
    return row ? parseInt(row.cells[1].innerText) : 0; })";

#[tokio::test]
async fn a_wait_is_changed_in_the_text_and_those_inside_are_moved() {
    let Some(browser) = Browser::launch().await else { return };
    let demo = Program::demo("moved", 60);
    let page = enter(&browser, &demo, "en").await;
    let home = format!("{}/journeys/abandoned-cart", demo.origin(2));
    follow(&page, ".strip button[value='600']").await;
    page.goto(&format!("{home}/versions")).await;
    page.wait_until(&format!("{STAND}(1) > 2")).await;
    page.goto(&format!("{home}/text")).await;
    let changed = "(text => { text.value = text.value.replace(/for: 2d/, 'for: 36h') })";
    page.eval(&format!("{changed}(document.querySelector('#f-text'))")).await;
    follow(&page, "form button.primary").await;
    page.click("[name=inside][value=move]").await;
    follow(&page, "form button.primary").await;
    page.wait_for(".toast[role=status]").await;
    page.goto(&format!("{home}/versions")).await;
    page.wait_until(&format!("{STAND}(2) > 2 && {STAND}(1) === 0")).await;
    browser.close().await;
}

const SECOND_JOURNEY: &str = "journey: tea-time\ntitle: {en: Tea time, ru: Чай}\nclass: B\npriority: 40\n\
    entry: {on: event, event: Order Completed, after: 1d}\nsteps:\n  - message: tea\n    \
    template: abandoned-cart-2\n";

#[tokio::test]
async fn the_order_of_journeys_is_changed_by_arrow_and_by_dragging() {
    let Some(browser) = Browser::launch().await else { return };
    let server = Program::serve_with("stages", &[SECOND_JOURNEY]);
    let page = browser.open(&server.origin(0)).await;
    page.type_into("[name=name]", "Kettle").await;
    page.type_into("[name=email]", "owner@shop.example").await;
    page.type_into("[name=password]", "correct horse").await;
    follow(&page, "form[action='/set-up'] button.primary").await;
    page.goto(&format!("{}/stages", server.origin(0))).await;
    let names = "[...document.querySelectorAll('#order [name=name]')].map(one => one.value)";
    let before = page.eval(names).await;
    let before: Vec<&str> = before.as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
    assert!(before.len() > 1, "one journey has no order: {before:?}");
    let swapped: Vec<&str> = [&[before[1], before[0]], &before[2..]].concat();
    follow(&page, &format!("#order button[name=down][value='{}']", before[0])).await;
    assert_eq!(page.eval(names).await, json!(swapped));
    // Dragged back, by the events a mouse makes.
    page.eval("void (window.__old = true)").await;
    page.eval(
        "(() => { const [first, second] = document.querySelectorAll('#order .sortable'); \
         const dataTransfer = new DataTransfer(); \
         const tell = (on, kind, clientY) => on.dispatchEvent(new DragEvent(kind, \
             { bubbles: true, cancelable: true, dataTransfer, clientY })); \
         const box = first.getBoundingClientRect(); \
         tell(second, 'dragstart', 0); tell(first, 'dragover', box.top + 1); \
         tell(first, 'drop', box.top + 1); tell(second, 'dragend', box.top + 1); })()",
    )
    .await;
    page.wait_until("!window.__old && document.readyState === 'complete'").await;
    assert_eq!(page.eval(names).await, json!(before));
    browser.close().await;
}
