//! A guest on the page: hostile goods, no answer, no storage and strict policies do no harm.

use axum::http::HeaderMap;
use serde_json::json;

use crate::browser::Browser;
use crate::collector::Collector;
use crate::{HOST, ROOM, block, item, open, shift, usual};

#[tokio::test]
async fn hostile_titles_and_links_stay_text() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.recommend(|_| {
        let harm = "<img src=x onerror=\"document.title='harm'\"><script>document.title='harm'</script>";
        let mut bad = block("cart", "cart-block", "", 4);
        bad["title"] = json!(harm);
        for (n, url) in
            ["javascript:document.title='harm'", "data:text/html,x", " JaVaScRiPt:1"].iter().enumerate()
        {
            bad["items"][n]["title"] = json!(harm);
            bad["items"][n]["reason"] = json!(harm);
            bad["items"][n]["url"] = json!(url);
            bad["items"][n]["picture"] = json!(url);
            bad["items"][n]["price"] = json!({"currency": "<b>", "amount": harm});
        }
        (200, json!({"blocks": [bad]}).to_string())
    });
    shop.page("/", ROOM, "<div data-beckon=cart data-reasons></div>");
    let page = open(&browser, &shop.url(HOST, "/")).await;
    page.wait_for("[data-block]").await;
    let counted =
        "['a', 'img', 'script', 'b'].map((tag) => document.querySelectorAll('[data-block] ' + tag).length)";
    assert_eq!(page.eval(counted).await, json!([1, 1, 0, 0]));
    page.click("[data-block] .beckon-link").await;
    assert_eq!(page.eval("document.title").await, "Shop /");
    assert_eq!(page.eval("errors").await, json!([]));
    browser.close().await;
}

#[tokio::test]
async fn no_answer_leaves_the_page_as_it_was() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    let body = "<p id=before>before</p><div id=seen data-beckon=cart></div><p id=after>after</p>
        <div style='height: 3000px'></div><div id=below data-beckon=not_found></div><p>end</p>";
    shop.page("/", ROOM, body);
    let gone = "document.getElementById('below').hidden && !document.querySelector('[aria-busy]')";
    // Nothing (the server hangs), a refusal, nonsense, too few goods.
    for attempt in 0..4 {
        match attempt {
            0 => {}
            1 => shop.recommend(|_| (500, "no".to_owned())),
            2 => shop.recommend(|_| (200, "<html>".to_owned())),
            _ => shop.recommend(|_| (200, json!({"blocks": [block("cart", "c", "", 1)]}).to_string())),
        }
        let page = open(&browser, &shop.url(HOST, "/")).await;
        page.wait_until(gone).await;
        assert!(shift(&page).await < 0.001, "attempt {attempt}: what is on the screen stays where it is");
        assert_eq!(page.eval("document.getElementById('seen').hidden").await, false, "attempt {attempt}");
        assert_eq!(page.eval("[errors, window.rejected]").await, json!([[], null]), "attempt {attempt}");
        // Scrolled out below, the empty room goes.
        page.eval("document.body.insertAdjacentHTML('afterbegin', '<div style=\"height: 2000px\"></div>')")
            .await;
        page.wait_until("document.getElementById('seen').hidden").await;
        page.close().await;
    }
    browser.close().await;
}

#[tokio::test]
async fn a_widget_spelt_wrong_does_not_take_the_others_with_it() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.recommend(|question| {
        if question["show"].to_string().contains("cqrt") { (404, "{}".to_owned()) } else { usual(question) }
    });
    shop.page("/", ROOM, "<div data-beckon=favourites></div><div data-beckon=cqrt></div>");
    let page = open(&browser, &shop.url(HOST, "/")).await;
    page.wait_for("[data-block=favourites-block]").await;
    browser.close().await;
}

#[tokio::test]
async fn blocked_storage_and_a_strict_policy_do_no_harm() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.recommend(usual);
    let blocked = "<script>for (const name of ['localStorage', 'sessionStorage'])
           Object.defineProperty(window, name, {get() { throw new Error('blocked') }});
         Object.defineProperty(document, 'cookie', {get() { throw new Error('blocked') }, set() { throw 1 }});
         Array.prototype.toJSON = () => 'spoiled'; Object.prototype.category = 'spoiled';
         document.addEventListener('securitypolicyviolation', (e) => errors.push(e.violatedDirective));</script>";
    let mut headers = HeaderMap::new();
    let origin = shop.origin();
    let policy = format!(
        "default-src 'none'; script-src 'unsafe-inline' {origin}; connect-src {origin}; style-src {origin}; img-src *"
    );
    headers.insert("content-security-policy", policy.parse().unwrap());
    shop.page_with("/", headers, blocked, "<h1>Shop</h1><div data-beckon=cart></div>");
    let page = open(&browser, &shop.url(HOST, "/")).await;
    page.wait_until("beckon.version").await;
    page.wait_for("[data-block=cart-block]").await;
    page.eval("beckon('product', {product_id: 'P-1'}); beckon('show', 'cart'); void 0").await;
    shop.wait("the second question", |c| c.questions().len() == 2).await;
    assert_eq!(shop.questions()[1]["viewed"], json!(["P-1"]), "memory stands in for storage");
    page.wait_until("!document.querySelector('[aria-busy]')").await;
    let look = "getComputedStyle(document.querySelector('.beckon-list')).display";
    assert_eq!(page.eval(look).await, "flex", "the style is a sheet of ours");
    assert_eq!(page.eval("errors").await, json!([]));
    browser.close().await;
}

#[tokio::test]
async fn without_a_style_the_shop_draws_it() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    shop.recommend(|_| {
        let mut plain = block("cart", "cart-block", "", 3);
        plain["items"][1] = json!({"id": "bare", "title": "Bare"});
        plain["items"][2] = item(7);
        (200, json!({"blocks": [plain]}).to_string())
    });
    shop.page("/", "", "<div data-beckon=cart data-style=none data-heading=3 data-locale=ru></div>");
    let page = open(&browser, &shop.url(HOST, "/")).await;
    page.wait_for("[data-block=cart-block] h3").await;
    assert_eq!(
        page.eval("document.querySelectorAll('link[href*=widgets], .beckon-styled').length").await,
        json!(0)
    );
    assert_eq!(page.eval("document.querySelectorAll('.beckon-item').length").await, json!(3));
    assert_eq!(page.text(".beckon-old").await, "Старая цена 9\u{a0}€");
    browser.close().await;
}
