//! Libraries in a page of a shop, in a real browser.

use crate::browser::Browser;
use crate::house::House;
use crate::{arrived, registry, shop};
use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use std::path::PathBuf;

/// What the page of a shop says, whichever library speaks for it.
const SAYS: &str = "
    a.identify('u-web', {email: 'Web@Example.test', email_consent: true, firstName: 'Анна'});
    a.page('Tea');
    a.track('Product Viewed', {product_id: 'P-2'});
    a.track('Product Added', {product_id: 'P-1', quantity: 2, price: 101, currency: 'RUB'});
    a.track('Order Completed', {order_id: 'O-web', total: 202, currency: 'RUB',
        products: [{product_id: 'P-1', quantity: 2}]});";

/// A shop's site: one page, and the files of the packages.
async fn site(packages: PathBuf, page: String) -> String {
    let serve = move |uri: Uri| {
        let (packages, page) = (packages.clone(), page.clone());
        async move { answer(&packages, &page, &uri) }
    };
    let addr = shop::free_port();
    let listener = tokio::net::TcpListener::bind(addr).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(serve)).await });
    format!("http://{addr}/")
}

fn answer(packages: &std::path::Path, page: &str, uri: &Uri) -> Response {
    if uri.path() == "/" {
        return Html(page.to_owned()).into_response();
    }
    match std::fs::read(packages.join("node_modules").join(uri.path().trim_start_matches('/'))) {
        Ok(bytes) => ([(header::CONTENT_TYPE, "text/javascript")], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Opens a page that loads `script`, makes `a` by `load`, and says what shops say.
async fn in_a_page(script: &str, load: &str) {
    let packages = match tokio::task::spawn_blocking(registry::node).await.unwrap() {
        Ok(packages) => packages,
        Err(why) => return println!("skipped: {why}"),
    };
    let Some(browser) = Browser::launch().await else { return };
    let house = House::open().await;
    let load = load.replace("KEY", &house.write_key).replace("HOST", &house.public().to_string());
    let page = format!(
        "<!doctype html><meta charset=utf-8><title>Tea</title><script src=\"/{script}\"></script>\
         <script>{load}\n{SAYS}</script>"
    );
    let address = site(packages, page).await;
    let _page = browser.open(&address).await;
    house.wait("five events", |house| house.events().len() >= 5).await;
    arrived(&house, "web@example.test", "O-web", beckon_core::event::Source::Browser);
    browser.close().await;
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn segments_library_for_browsers_works_unchanged() {
    in_a_page(
        "@segment/analytics-next/dist/umd/index.js",
        "const a = AnalyticsNext.AnalyticsBrowser.load({writeKey: 'KEY', cdnURL: 'http://HOST'},
            {integrations: {'Segment.io': {apiHost: 'HOST/v1', protocol: 'http'}}});",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rudderstacks_library_for_browsers_works_unchanged() {
    in_a_page(
        "@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js",
        "const a = new rudderanalytics.RudderAnalytics();
         a.load('KEY', 'http://HOST', {configUrl: 'http://HOST'});",
    )
    .await;
}
