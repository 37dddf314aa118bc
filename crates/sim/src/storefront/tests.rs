//! The pages as a browser asks for them.

use super::*;
use axum::body::Body;
use http_body_util::BodyExt;
use tower::ServiceExt;

fn site(options: Options) -> Router {
    router(Arc::new(Shop::new(1)), options, Arc::new(|| 3))
}

fn options() -> Options {
    Options {
        origin: "http://shop.test".to_owned(),
        beckon: "http://beckon.test".to_owned(),
        write_key: "wk_1".to_owned(),
        admin: "http://admin.test".to_owned(),
        mailbox: "http://mail.test".to_owned(),
        lang: Lang::Ru,
        clock: Default::default(),
    }
}

async fn ask(site: &Router, path: &str, cookie: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::get(path).header(COOKIE, cookie).body(Body::empty()).unwrap();
    let answer = site.clone().oneshot(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (status, headers, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn every_page_speaks_both_languages_and_carries_the_tracker_and_the_policy() {
    let site = site(options());
    let paths = [
        "/",
        "/category/2",
        "/category/21",
        "/product/137-1",
        "/cart",
        "/checkout",
        "/thanks",
        "/search?q=%D1%8F%D1%8F%D1%8F",
        "/nowhere",
    ];
    for path in paths {
        for lang in Lang::ALL {
            let (status, headers, page) = ask(&site, path, &format!("a=b; lang={}", lang.code())).await;
            let wanted = if path == "/nowhere" { StatusCode::NOT_FOUND } else { StatusCode::OK };
            assert_eq!(status, wanted, "{path}");
            assert!(page.contains(&format!("<html lang=\"{}\">", lang.code())));
            assert!(page.contains("src=\"http://beckon.test/beckon.js\" data-key=\"wk_1\""), "{path}");
            assert!(
                page.contains("href=\"http://mail.test/\"") && page.contains("href=\"http://admin.test/\"")
            );
            let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("script-src 'self' http://beckon.test;") && !policy.contains("unsafe"));
            assert!(
                !page.contains("<style") && !page.contains(" style=") && !page.contains(" onclick"),
                "{path}"
            );
            let cyrillic = page.chars().filter(|c| ('а'..='я').contains(c)).count();
            assert_eq!(cyrillic > 100, lang == Lang::Ru, "{path} {lang:?}: {cyrillic} letters");
        }
    }
}

#[tokio::test]
async fn beckons_widgets_stand_where_shoppers_look() {
    let site = site(options());
    let widgets = [
        ("/", "data-beckon=\"home\""),
        ("/product/137-1", "data-beckon=\"product_card\" data-product=\"137-1\""),
        ("/product/137-1", "data-beckon=\"added_to_cart\""),
        ("/cart", "id=\"suggest\""),
        ("/search?q=%22%3Ezzz", "data-beckon=\"empty_search\" data-query=\"&#34;&#62;zzz\""),
        ("/nowhere", "data-beckon=\"not_found\""),
    ];
    for (path, widget) in widgets {
        let (_, _, page) = ask(&site, path, "lang=en").await;
        assert!(page.contains(widget), "{path}: {widget}");
    }
    let (_, _, page) = ask(&site, "/search?q=%D1%87%D0%B0%D0%B9", "lang=ru").await;
    assert!(page.contains("class=\"card") && !page.contains("data-beckon="), "goods are found");
}

#[tokio::test]
async fn consent_is_asked_and_never_ticked_beforehand() {
    let (_, _, page) = ask(&site(options()), "/checkout", "").await;
    assert!(page.contains("<input type=\"checkbox\" name=\"consent\">"));
    assert!(page.contains("Хочу получать письма о скидках и забытых корзинах"));
    assert!(!page.contains("checked"));
}

#[tokio::test]
async fn what_others_wrote_is_escaped() {
    let hostile = "\"><script>alert(1)</script>";
    let site = site(Options {
        write_key: hostile.to_owned(),
        beckon: format!("http://x{hostile}"),
        admin: hostile.to_owned(),
        ..options()
    });
    for path in ["/", "/product/137-1", "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E"] {
        let (_, headers, page) = ask(&site, path, "lang=\"><script>alert(1)</script>").await;
        assert!(!page.contains("<script>alert"), "{path}");
        assert!(!headers[CONTENT_SECURITY_POLICY].to_str().unwrap().contains("alert"), "{path}");
    }
    let (status, _, _) = ask(&site, "/picture/..%2F..%2Fetc%2Fpasswd.svg", "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_language_is_switched_by_a_cookie_and_leads_nowhere_else() {
    let site = site(options());
    let (status, headers, _) = ask(&site, "/category/2?bkn=tok&lang=en", "").await;
    assert_eq!(
        (status, &headers[LOCATION]),
        (StatusCode::SEE_OTHER, &HeaderValue::from_static("/category/2?bkn=tok"))
    );
    assert!(headers[SET_COOKIE].to_str().unwrap().starts_with("lang=en;"));
    let (_, headers, _) = ask(&site, "//evil.test/?lang=en", "").await;
    assert_eq!(headers[LOCATION], "/evil.test/");
    let (_, _, page) = ask(&site, "//evil.test/", "").await;
    assert!(page.contains("href=\"/evil.test/?lang=en\"") && !page.contains("\"//evil"));
}

#[tokio::test]
async fn a_cart_learns_what_its_lines_cost_today_and_the_feed_says_the_same() {
    let site = site(options());
    let (_, _, text) = ask(&site, "/offers.json?ids=137-2,nothing,101-1", "lang=en").await;
    let offers: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(offers.as_array().unwrap().len(), 2);
    assert_eq!(offers[0]["id"], "137-2");
    let (_, headers, feed) = ask(&site, "/feed.xml?lang=en", "").await;
    assert_eq!(headers[CONTENT_TYPE], "application/xml; charset=utf-8");
    let offer = feed.split("<offer id=\"137-2\"").nth(1).unwrap();
    assert!(offer.contains(&format!("<price>{}</price>", offers[0]["price"])));
    let (status, _, page) = ask(&site, "/product/137-2", "lang=en").await;
    assert_eq!(status, StatusCode::OK);
    let price = Lang::En.roubles(u32::try_from(offers[0]["price"].as_u64().unwrap()).unwrap());
    assert!(page.contains(&price));
}
