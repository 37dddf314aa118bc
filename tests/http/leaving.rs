//! What a reader does with a mail, and what scanners do with it: links, pixel, unsubscription, preferences.

use crate::house::{House, Letter};
use beckon_core::time::{DAY, MINUTE};

/// The address behind the button "Return to checkout": a click is counted, then it leads there.
async fn way_back(house: &House, letter: &Letter) -> String {
    for link in letter.html.split("href=\"").skip(1).filter(|link| link.contains("/c/")) {
        let path = format!("/c/{}", link.split("/c/").nth(1).unwrap().split('"').next().unwrap());
        let answer = house.get(&path).await;
        let target = answer.header("location").unwrap_or_default();
        if let Some((_, token)) = target.split_once("/r/") {
            return format!("/r/{token}");
        }
    }
    panic!("no way back to the cart")
}

/// A shop from which one cart mail has left.
async fn with_a_mail() -> (House, Letter) {
    let house = House::open().await;
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.pass(MINUTE.times(16)).await;
    let letter = house.letter();
    (house, letter)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_at_the_unsubscription_changes_nothing_and_posting_ends_it() {
    let (house, letter) = with_a_mail().await;
    let path = letter.path("/u/");
    let page = house.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Unsubscribe?"), "{}", page.body);
    assert_eq!(house.message().ended_badly_at, None, "a scanner follows every link");
    // RFC 8058: what a mail program posts at one click.
    let header = letter.raw.replace("\r\n ", " ").replace("\r\n\t", " ");
    let line = |name: &str| header.lines().find(|line| line.starts_with(name)).unwrap_or("").to_owned();
    assert!(line("List-Unsubscribe-Post:").contains("List-Unsubscribe=One-Click"));
    assert!(line("List-Unsubscribe:").contains("/u/"), "{}", line("List-Unsubscribe:"));
    let done = house.post_form(&path, "List-Unsubscribe=One-Click").await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(house.message().ended_badly_at.is_some(), "it is answered when it is on disk");
    house.fills_cart("other browser", "ann@example.test", "P-2").await;
    house.pass(DAY.times(10)).await;
    assert_eq!(house.letters().len(), 1, "a mail left after the unsubscription");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_on_its_way_is_withheld_by_an_unsubscription() {
    let (house, letter) = with_a_mail().await;
    house.pass(DAY).await;
    assert_eq!(house.post_form(&letter.path("/u/"), "").await.status, 200);
    house.pass(DAY.times(9)).await;
    assert_eq!(house.letters().len(), 1);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn preferences_say_how_it_is_and_change_it() {
    let (house, letter) = with_a_mail().await;
    let path = letter.path("/p/");
    assert!(house.get(&path).await.body.contains("You get our letters"));
    assert_eq!(house.post_form(&path, "choice=nonsense").await.status, 400);
    assert_eq!(house.post_form(&path, "choice=stop").await.status, 200);
    assert!(house.get(&path).await.body.contains("You do not get our letters"));
    house.pass(DAY.times(3)).await;
    assert_eq!(house.letters().len(), 1, "she said stop");
    assert_eq!(house.post_form(&path, "choice=start").await.status, 200);
    assert!(house.get(&path).await.body.contains("You get our letters"));
    house.fills_cart("web", "ann@example.test", "P-2").await;
    house.pass(MINUTE.times(16)).await;
    assert_eq!(house.letters().len(), 2, "she wants letters again");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_ours_or_nothing() {
    let (house, letter) = with_a_mail().await;
    let back = way_back(&house, &letter).await;
    for kind in ["/c/", "/u/", "/p/", "/v/", "/r/"] {
        let path = if kind == "/r/" { back.clone() } else { letter.path(kind) };
        let token = path.strip_prefix(kind).unwrap();
        let middle = token.len() / 2;
        let other = if token.as_bytes()[middle] == b'A' { "B" } else { "A" };
        let bent = format!("{kind}{}{other}{}", &token[..middle], &token[middle + 1..]);
        for forged in
            [bent, format!("{kind}{}", &token[..middle]), format!("{kind}AAAA"), format!("{kind}%00%ff")]
        {
            let answer = house.get(&forged).await;
            assert!(matches!(answer.status, 400 | 404), "{forged}: {} {}", answer.status, answer.body);
            assert_eq!(answer.header("location"), None, "{forged}");
        }
        // One kind of token opens no other door.
        for door in ["/c/", "/u/", "/p/", "/v/", "/r/"].into_iter().filter(|door| *door != kind) {
            assert_eq!(house.get(&format!("{door}{token}")).await.status, 404, "{kind} at {door}");
        }
    }
    let path = letter.path("/u/");
    assert_eq!(house.post_form(&format!("{path}A"), "").await.status, 404);
    assert_eq!(house.message().ended_badly_at, None);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_leads_to_the_signed_address_and_is_counted() {
    let (house, letter) = with_a_mail().await;
    let path = letter.path("/c/");
    let looked = house.ask("HEAD", &path, &[crate::house::FIREFOX], b"").await;
    assert_eq!(looked.status, 302);
    let row = house.message();
    assert!(row.machine_clicked_at.is_some() && row.clicked_at.is_none(), "a HEAD is a machine: {row:?}");
    let followed = house.get(&format!("{path}?url=https://evil.example/")).await;
    let location = followed.header("location").unwrap();
    assert!(location.starts_with("https://shop.example/"), "{location}");
    assert!(house.message().clicked_at.is_some(), "{:?}", house.message());
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pixel_tells_people_from_machines() {
    let (house, letter) = with_a_mail().await;
    let path = letter.path("/o/");
    // Apple's proxy fetches every picture under this name, read or not.
    let machine = house.ask("GET", &path, &["User-Agent: Mozilla/5.0"], b"").await;
    assert_eq!((machine.status, machine.header("content-type")), (200, Some("image/gif")));
    let row = house.message();
    assert!(row.machine_opened_at.is_some() && row.opened_at.is_none());
    assert_eq!(house.get(&path).await.status, 200);
    assert!(house.message().opened_at.is_some());
    assert_eq!(house.get("/o/forged.gif").await.status, 200, "a picture is a picture");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_mail_opens_in_a_browser_as_it_was_sent() {
    let (house, letter) = with_a_mail().await;
    let page = house.get(&letter.path("/v/")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Tea 1"), "{}", page.body);
    let csp = page.header("content-security-policy").unwrap();
    assert!(csp.contains("default-src 'none'") && csp.contains("sandbox"), "{csp}");
    assert_eq!(page.header("set-cookie"), None);
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cart_comes_back_with_the_token_of_its_mail_only() {
    let (house, letter) = with_a_mail().await;
    let back = house.get(&way_back(&house, &letter).await).await;
    let location = back.header("location").unwrap().to_owned();
    assert!(location.starts_with("https://shop.example/cart?bkn="), "{location}");
    let token = location.split("bkn=").nth(1).unwrap();
    let cart = house.get(&format!("/r/cart?token={token}")).await;
    assert_eq!(cart.body, r#"{"products":[{"product_id":"P-1","quantity":1}]}"#);
    for path in ["/r/cart", "/r/cart?token=", "/r/cart?token=AAAA", "/r/cart?email=ann@example.test"] {
        let answer = house.get(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (404, r#"{"products":[]}"#), "{path}");
    }
    house.close().await;
}
