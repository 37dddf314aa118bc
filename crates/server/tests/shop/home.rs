//! Home: the numbers of today from the store, beside those before, and what needs a decision.

use crate::seed::{handed, left_carts, sent};
use crate::support::World;
use beckon_core::input::Delivered;
use beckon_core::time::DAY;
use beckon_server::app::SHOP;

/// The number on the tile of this name, and what stands beside it.
fn tile(text: &str, name: &str) -> (String, String) {
    let rest = text
        .split(&format!("<span class=\"label\">{name}</span>"))
        .nth(1)
        .unwrap_or_else(|| panic!("{text}"));
    let part = |from: &str| rest.split(from).nth(1).unwrap().split('<').next().unwrap().to_owned();
    let tile = rest.split("</div>").next().unwrap();
    let before = tile.rsplit("<span class=\"hint\">").next().unwrap().split('<').next().unwrap();
    (part("<span class=\"value\">"), before.to_owned())
}

#[tokio::test]
async fn today_is_counted_in_the_store_and_told_beside_yesterday() {
    let (world, mut browser) = World::with_owner().await;
    left_carts(&world).await;
    sent(&world).await;
    // Arrivals in memory are gone after a restart; the numbers are not read from there.
    assert!(world.app.arrivals.lock().unwrap().is_empty());
    let today = browser.get("/home/today").await.text;
    assert_eq!(tile(&today, "Events").0, "2");
    assert_eq!(tile(&today, "Sent").0, "1");
    assert_eq!(tile(&today, "Sent").1, "yesterday by now 0, a week ago 0");
    world.app.clock.jump(world.app.now().plus(DAY));
    let tomorrow = browser.get("/home/today").await.text;
    assert_eq!(tile(&tomorrow, "Events").0, "0");
    let before = tile(&tomorrow, "Events").1;
    assert!(
        ["yesterday by now 0,", "yesterday by now 1,", "yesterday by now 2,"]
            .iter()
            .any(|b| before.starts_with(b))
    );
    let page = browser.get("/").await.text;
    assert!(page.contains("Events, by day") && page.contains("2 events in the last 14 days"), "{page}");
    // What is counted of the whole shop is no journey.
    let all =
        beckon_server::numbers::of_all(&world.app, beckon_core::time::ShopTime(0), world.app.now()).unwrap();
    assert_eq!(all.keys().collect::<Vec<_>>(), ["abandoned-cart"]);
    assert_eq!(world.app.store.numbers(SHOP, Some(""), (0, u32::MAX)).unwrap()[0].n, 2);
}

#[tokio::test]
async fn what_needs_a_decision_stands_there_with_its_button() {
    let (world, mut browser) = World::with_owner().await;
    let empty = browser.get("/").await.text;
    for text in
        ["No event has arrived", "No journey is switched on", "No mail goes out", "The catalogue is empty"]
    {
        assert!(empty.contains(text), "{text}: {empty}");
    }
    left_carts(&world).await;
    handed(&world, Delivered::Unknown, "the line broke").await;
    let page = browser.get("/").await.text;
    assert!(
        page.contains("1 message may or may not have been sent") && page.contains("/messages?state=unknown")
    );
    for text in ["No event has arrived", "No journey is switched on", "The catalogue is empty", "ago: prices"]
    {
        assert!(!page.contains(text), "{text}: {page}");
    }
    world.app.clock.jump(world.app.now().plus(DAY.times(3)));
    assert!(browser.get("/").await.text.contains("The feed was imported 3 days ago"));
}
