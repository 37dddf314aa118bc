//! Leaving by a program that stands by: answered when it is in force, whoever owns the shop by then.

use crate::http;
use crate::standby::{PATIENCE, Shop};
use beckon_server::app::SHOP;
use beckon_store::MessageFilter;
use std::time::{Duration, Instant};

/// The paths in the mails of the relay that begin so, once there are as many.
async fn links(shop: &Shop, opening: &str, count: usize) -> Vec<String> {
    let began = Instant::now();
    loop {
        let path = |mail: beckon_sim::smtp::Mail| {
            let message = mail_parser::MessageParser::default().parse(&*mail.raw).unwrap();
            let html = message.body_html(0).unwrap_or_default().into_owned();
            let at = html.find(opening)?;
            Some(html[at..].split(['"', '<', ' ']).next().unwrap_or_default().to_owned())
        };
        let found: Vec<String> = shop.relay.received().into_iter().filter_map(path).collect();
        if found.len() >= count {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "{} mails arrived\n{}", found.len(), shop.program.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Messages of which the row says that she left.
fn left(shop: &Shop) -> usize {
    let filter = MessageFilter { shop: SHOP, ..MessageFilter::default() };
    let rows = shop.store().messages(&filter, None, 100).unwrap();
    rows.iter().filter(|row| row.ended_badly_at.is_some()).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_by_a_program_that_stands_by_is_told_so_when_it_is_in_force() {
    let Some(shop) = Shop::open("leave").await else { return };
    // A quarter of an hour of the shop passes in a second.
    let first = shop.start(900, 0).await;
    let second = shop.start(900, 0).await;
    for n in 0..12 {
        let says = serde_json::json!({"email": format!("p{n}@example.test"), "email_consent": true});
        let browser = format!("leaver-{n}");
        let identify = serde_json::json!({"anonymousId": browser, "traits": says});
        let add = serde_json::json!({"anonymousId": browser, "event": "Product Added",
            "properties": {"product_id": "P-1", "quantity": 1}});
        assert_eq!(shop.send(second.public, "/v1/identify", &identify).await.unwrap(), 200);
        assert_eq!(shop.send(second.public, "/v1/track", &add).await.unwrap(), 200);
    }
    let paths = links(&shop, "/u/", 2).await;
    let leave = async |path: &str| {
        let headers = ["Content-Type: application/x-www-form-urlencoded", "Accept-Language: en"];
        http::request(second.public, "POST", path, &headers, b"List-Unsubscribe=One-Click").await.unwrap()
    };
    let answer = leave(&paths[0]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(left(&shop), 1, "it was told before it was so");
    first.signal("-STOP");
    let answer = leave(&paths[1]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(left(&shop), 2, "it was told before it was so");
    assert_eq!(second.role().await, "owner");
    first.signal("-CONT");
    assert!(!first.ended().await.success());
    shop.program.stop(second.child).await;
}
