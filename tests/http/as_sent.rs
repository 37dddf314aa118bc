//! A message is shown as it was sent, whatever the shop changes afterwards.

use crate::house::House;
use beckon_core::time::{DAY, MINUTE};
use beckon_server::app::SHOP;
use beckon_server::run::follow;
use beckon_server::sent;
use beckon_server::settings::{MAIN, ShopCard, ShopSettings, kind};
use beckon_store::Forget;
use beckon_store::shop::DocumentWrite;

const OTHER: &str = "---\nsubject: Another\npreheader: Another\n---\n<mjml><mj-body><mj-section><mj-column><mj-text>\
                     Another letter <a href=\"{{ urls.unsubscribe }}\">Unsubscribe</a></mj-text></mj-column>\
                     </mj-section></mj-body></mjml>";

/// Writes the only document of a kind anew.
fn put(house: &House, kind: &str, body: &str) {
    let app = house.app();
    let expected_version = app.plane.get(SHOP, kind, MAIN).unwrap().map_or(0, |document| document.version);
    let (name, at) = (MAIN, app.clock.wall());
    let write = DocumentWrite { shop: SHOP, kind, name, expected_version, body: Some(body), at, by: "test" };
    app.plane.put(&write).unwrap();
    follow::reload_if_changed(app).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_stays_byte_for_byte_what_the_relay_took() {
    let house = House::open().await;
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.pass(MINUTE.times(16)).await;
    let (letter, row) = (house.letter(), house.message());

    let card = ShopCard { name: "Coffee".to_owned(), ..house.app().shop().card.clone() };
    put(&house, kind::SHOP, &serde_json::to_string(&card).unwrap());
    let settings = ShopSettings {
        public_origin: "https://elsewhere.example".to_owned(),
        from: "Other <other@shop.example>".to_owned(),
        ..house.app().shop().settings.clone()
    };
    put(&house, kind::SETTINGS, &serde_json::to_string(&settings).unwrap());
    house.change_template("abandoned-cart-1.en", OTHER).unwrap();

    let again = sent::again(house.app(), &row).unwrap();
    assert!(again.exact);
    let mime = sent::mime(&again.kept, &again.letter).unwrap();
    assert_eq!(String::from_utf8_lossy(&mime), letter.raw, "headers, text and HTML");

    let shown = house.api(&format!("/api/v1/messages/{}/html", row.id)).await;
    // A mail program reads the ends of lines as RFC 5322 writes them.
    assert_eq!((shown.status, shown.body.as_str()), (200, letter.html.replace("\r\n", "\n").trim_end()));
    let opened = house.get(&letter.path("/v/")).await;
    assert_eq!(opened.body, shown.body, "what she sees in the browser is the same");

    // The next one is made with what the shop says now.
    house.fills_cart("web2", "bea@example.test", "P-2").await;
    house.pass(MINUTE.times(16)).await;
    let last = house.letters().pop().unwrap();
    assert!(last.html.contains("Another letter") && !shown.body.contains("Another letter"));

    // Bodies are erased in time; the row with its why stays.
    let later = house.app().now().plus(DAY);
    house.app().store.forget(Forget::Bodies, SHOP, later, -1).unwrap();
    let row = house.app().store.message(SHOP, row.id).unwrap().unwrap();
    assert!(row.body.is_empty() && !row.why.is_empty() && row.handed_at.is_some());
    assert_eq!(sent::again(house.app(), &row).unwrap_err(), sent::NotShown::Nothing);
    assert_eq!(house.get(&letter.path("/v/")).await.status, 404);
    house.close().await;
}
