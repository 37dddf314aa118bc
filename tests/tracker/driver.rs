//! The browser driver itself: what the other tests build on does what a person does.

use serde_json::json;

use crate::HOST;
use crate::browser::Browser;
use crate::collector::Collector;

#[tokio::test]
async fn the_driver_acts_like_a_person() {
    let Some(browser) = Browser::launch().await else { return };
    let shop = Collector::start().await;
    let form = "<meta name=viewport content='width=device-width'>
        <form><div style='height: 2000px'></div><input name=name><button>Go</button></form><p id=out></p>
        <script>const out = document.getElementById('out');
        document.forms[0].onsubmit = (e) => { e.preventDefault(); \
          out.textContent = 'Привет, ' + e.target.elements.name.value; e.target.reset() }</script>";
    shop.page("/", "", form);
    let page = browser.blank().await;
    page.viewport(390, 844, true).await;
    page.goto(&shop.url(HOST, "/")).await;
    assert_eq!(page.eval("[innerWidth, innerHeight]").await, json!([390, 844]));
    page.type_into("input", "Анна ✓").await;
    page.click("button").await;
    assert_eq!(page.text("#out").await, "Привет, Анна ✓");
    page.type_into("input", "Bo").await;
    page.press("Enter").await;
    page.wait_until("out.textContent === 'Привет, Bo'").await;
    page.eval("window.turned = 0; addEventListener('wheel', (e) => { turned += e.deltaY }); scrollTo(0, 0)")
        .await;
    page.wheel(120.0).await;
    page.wait_until("turned === 120").await;

    let file = std::env::temp_dir().join(format!("beckon-driver-{}.png", std::process::id()));
    page.screenshot(&file, false).await;
    let (viewport, header) = (std::fs::read(&file).unwrap().len(), b"\x89PNG".as_slice());
    page.screenshot(&file, true).await;
    let png = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(png.starts_with(header) && viewport > 1000);
    let height = u32::from_be_bytes(png[20..24].try_into().unwrap());
    assert!(height > 2000, "the whole page is {height} pixels high");

    page.block(&["*://*:*/v1/*"]).await;
    assert_eq!(
        page.eval("fetch('/v1/b', {method: 'POST'}).then(() => 'sent', () => 'blocked')").await,
        "blocked"
    );
    page.block(&[]).await;
    assert_eq!(
        page.eval("fetch('/v1/b', {method: 'POST'}).then(() => 'sent', () => 'blocked')").await,
        "sent"
    );
    browser.close().await;
}
