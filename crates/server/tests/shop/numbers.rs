//! The numbers of a journey: buyers who return, charts of money, who is left out of the proof, and the table.

use crate::seed::{call, raw};
use crate::support::World;
use axum::http::StatusCode;
use beckon_core::ids::{Bucket, DoorId, MessageId, ProfileId};
use beckon_core::time::{DAY, ShopTime, Span};
use beckon_server::app::SHOP;
use beckon_server::numbers::hour_of;
use beckon_store::{Commit, CountDelta, CreditWrite, OrderWrite};
use serde_json::json;

const HOME: &str = "/journeys/abandoned-cart/numbers";
const API: &str = "/api/v1/journeys/abandoned-cart";

/// An order that stands; one with a currency is credited to the first letter.
fn order(door: u64, who: u64, at: ShopTime, credited: Option<(&str, i64)>) -> OrderWrite {
    OrderWrite {
        shop: SHOP,
        bucket: Bucket(7),
        door: DoorId(door),
        version: 1,
        body: Vec::new(),
        credit: credited.map(|(currency, minor)| CreditWrite {
            journey: "abandoned-cart".to_owned(),
            step: "classic-first".to_owned(),
            message: MessageId(1),
            at,
            minor,
            currency: currency.to_owned(),
        }),
        block_credits: Vec::new(),
        placed: Some((ProfileId(who), at)),
    }
}

fn count(at: ShopTime, step: &str, metric: &str, n: i64) -> CountDelta {
    let (journey, step, metric) = ("abandoned-cart".to_owned(), step.to_owned(), metric.to_owned());
    CountDelta { shop: SHOP, hour: hour_of(at), journey, step, metric, n }
}

#[tokio::test]
async fn money_and_returning_buyers_are_on_the_page_and_in_both_tables() {
    let (world, mut browser) = World::with_owner().await;
    call(&world, "POST", API, r#"{"on":true}"#).await;
    let now = world.app.now();
    let ago = |days: i64| now.minus(DAY.times(days));
    let orders = vec![
        order(1, 1, ago(2), Some(("RUB", 100_000))),
        order(2, 1, ago(1), None),
        order(3, 2, ago(2).plus(Span(1)), Some(("RUB", 300_000))),
    ];
    let counts = vec![count(ago(2), "classic-first", "sent", 5)];
    world
        .app
        .store
        .commit(&Commit { epoch: world.app.store.head().unwrap().epoch, orders, counts, ..Commit::default() })
        .unwrap();

    let numbers = call(&world, "GET", &format!("{API}/numbers"), "").await;
    assert_eq!((&numbers["buyers"], &numbers["returned"]), (&json!(2), &json!(1)));
    let page = browser.get(&format!("{HOME}?period=week&metric=average")).await;
    assert!(page.text.contains("<dt>Returning buyers</dt><dd><strong>50%</strong>"), "{}", page.text);
    assert!(page.text.contains("they placed at least one more"), "the page says what is counted");
    let chart = |text: &str| text.split("class=\"chart\"").nth(1).unwrap().to_owned();
    assert!(chart(&page.text).contains("Average order, RUB"), "{}", page.text);
    assert!(chart(&page.text).contains("2,000\u{a0}₽"), "{}", page.text);
    let page = browser.get(&format!("{HOME}?period=week&metric=revenue")).await;
    assert!(chart(&page.text).contains("4,000\u{a0}₽"), "{}", page.text);
    let page = browser.get(&format!("{HOME}?period=week&metric=sent")).await;
    assert!(chart(&page.text).contains("Sent, letters"), "the axis has its unit: {}", page.text);

    let mine = browser.get(&format!("{HOME}.csv?period=week")).await;
    let theirs = raw(&world, "GET", &format!("{API}/numbers.csv"), "", "en").await;
    assert!(theirs.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    assert_eq!(mine.text, theirs.text);
    let row = mine.text.lines().find(|line| line.contains(",classic-first,")).unwrap();
    assert!(row.ends_with(",0,5,0,0,0,0,0,0,2,4000,RUB"), "orders stand in the row of their day: {row}");
    let none = raw(&world, "GET", "/api/v1/journeys/none/numbers.csv", "", "en").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let wrong = raw(&world, "GET", &format!("{API}/numbers.csv?from=soon"), "", "en").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn who_was_in_both_groups_is_left_out_and_counted() {
    let (world, mut browser) = World::with_owner().await;
    call(&world, "POST", API, r#"{"on":true}"#).await;
    let drawn_at = world.app.now().minus(DAY.times(100));
    let day = drawn_at.0.div_euclid(DAY.0);
    let taken_back = |metric: &str, n| count(world.app.now(), "", &format!("{metric}:{day}"), n);
    let counts = vec![
        count(drawn_at, "", "treated", 80),
        count(drawn_at, "", "held_out", 60),
        taken_back("converted:treated", 9),
        taken_back("converted:held_out", 5),
        taken_back("undrawn:treated", 2),
        taken_back("undrawn:held_out", 2),
        taken_back("unconverted:treated", 1),
        count(world.app.now(), "", "mixed", 2),
    ];
    world
        .app
        .store
        .commit(&Commit { epoch: world.app.store.head().unwrap().epoch, counts, ..Commit::default() })
        .unwrap();
    let proof = call(&world, "GET", &format!("{API}/proof"), "").await;
    assert_eq!(proof["proof"]["treated"], json!({"drawn": 78, "converted": 8}));
    assert_eq!(proof["proof"]["held_out"], json!({"drawn": 58, "converted": 5}));
    assert_eq!(proof["proof"]["mixed"], 2);
    let page = browser.get(HOME).await;
    assert!(page.text.contains("2 people turned out to be in both groups"), "{}", page.text);
}
