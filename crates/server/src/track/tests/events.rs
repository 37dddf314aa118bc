//! What calls become: facts, identities, traits, times.

use super::*;
use beckon_core::event::{Mode, Source, Strength};

#[tokio::test]
async fn the_28_names_of_the_specification_become_facts() {
    let product =
        r#""product_id":"507","sku":"G-32","price":19,"currency":"usd","quantity":2,"cart_id":"c1""#;
    let lines = r#""products":[{"product_id":"1","price":"1 990,50","quantity":"2"},{"sku":"s2"},{"product_id":"3","quantity":0}]"#;
    let cart = "1 x2 @1990.50RUB, s2 x1";
    let order =
        format!(r#"{{"order_id":"o1","cart_id":"c1","total":27.5,"revenue":25,"currency":"RUB",{lines}}}"#);
    let product = format!("{{{product}}}");
    for (name, properties, expected) in [
        ("Products Searched", r#"{"query":"roses"}"#, "other Products Searched".to_owned()),
        ("Product List Viewed", r#"{"list_id":"l1","category":"Deals"}"#, "list Deals".into()),
        ("Product List Filtered", r#"{"category":"Deals"}"#, "other Product List Filtered".into()),
        ("Promotion Viewed", r#"{"promotion_id":"p"}"#, "other Promotion Viewed".into()),
        ("Promotion Clicked", r#"{"promotion_id":"p"}"#, "other Promotion Clicked".into()),
        ("Product Clicked", &product, "other Product Clicked 507/G-32".into()),
        ("Product Viewed", &product, "viewed 507/G-32".into()),
        ("Product Added", &product, "added [c1] 507/G-32 x2 @19USD".into()),
        ("Product Removed", &product, "removed [c1] 507/G-32 x2 @19USD".into()),
        ("Cart Viewed", &order, format!("cart [c1] {cart}")),
        ("Checkout Started", &order, format!("checkout [c1] {cart}")),
        ("Checkout Step Viewed", r#"{"step":1}"#, "other Checkout Step Viewed".into()),
        ("Checkout Step Completed", r#"{"step":1}"#, "other Checkout Step Completed".into()),
        ("Payment Info Entered", r#"{"step":1}"#, "other Payment Info Entered".into()),
        ("Order Completed", &order, format!("Completed o1 27.50RUB: {cart}")),
        ("Order Updated", &order, format!("Updated o1 27.50RUB: {cart}")),
        ("Order Refunded", r#"{"order_id":"o1","total":"-5","currency":"RUB"}"#, "Refunded o1 5RUB: ".into()),
        ("Order Cancelled", &order, format!("Cancelled o1 27.50RUB: {cart}")),
        ("Coupon Entered", r#"{"coupon_id":"x"}"#, "other Coupon Entered".into()),
        ("Coupon Applied", r#"{"coupon_id":"x"}"#, "other Coupon Applied".into()),
        ("Coupon Denied", r#"{"coupon_id":"x"}"#, "other Coupon Denied".into()),
        ("Coupon Removed", r#"{"coupon_id":"x"}"#, "other Coupon Removed".into()),
        ("Product Added to Wishlist", &product, "wished 507/G-32 true".into()),
        ("Product Removed from Wishlist", &product, "wished 507/G-32 false".into()),
        ("Wishlist Product Added to Cart", &product, "added [c1] 507/G-32 x2 @19USD".into()),
        ("Product Shared", &product, "other Product Shared 507/G-32".into()),
        ("Cart Shared", r#"{"cart_id":"c1"}"#, "other Cart Shared".into()),
        (
            "Product Reviewed",
            r#"{"product_id":"1","review_body":"text"}"#,
            "other Product Reviewed 1/".into(),
        ),
    ] {
        let snake = name.to_lowercase().replace(' ', "_");
        let mut camel = name.replace(' ', "");
        camel[..1].make_ascii_lowercase();
        for spelling in [name, &snake, &camel, &name.to_uppercase()] {
            let (fact, reasons) = fact(spelling, properties).await;
            assert_eq!((brief(&fact), reasons), (expected.clone(), vec![]), "{spelling}");
        }
    }
}

#[tokio::test]
async fn what_beckon_js_reports_of_recommendations() {
    for (name, properties, expected, flagged) in [
        (
            "Recommendations Viewed",
            r#"{"blocks":[{"block":"home","arm":"hits"},{"block":"product"},{"block":"Not A Name"},7]}"#,
            "saw home/hits, product/",
            false,
        ),
        ("Recommendations Viewed", r#"{"block":"home"}"#, "saw home/", false),
        ("Recommendations Viewed", r#"{"blocks":[]}"#, "other Recommendations Viewed", true),
        (
            "Recommendation Clicked",
            r#"{"block":"home","arm":"hits","product_id":"507"}"#,
            "picked 507 in home/hits",
            false,
        ),
        ("Recommendation Clicked", r#"{"block":"home"}"#, "other Recommendation Clicked", true),
        (
            "Recommendation Clicked",
            r#"{"block":"home","arm":"<b>","product_id":"507"}"#,
            "other Recommendation Clicked 507/",
            true,
        ),
    ] {
        let (fact, reasons) = fact(name, properties).await;
        assert_eq!((brief(&fact).as_str(), !reasons.is_empty()), (expected, flagged), "{properties}");
    }
}

#[tokio::test]
async fn names_of_our_own_and_of_the_shop() {
    for (name, properties, expected) in [
        ("Product Dwelled", r#"{"product_id":"1","dwell_secs":"42.4"}"#, "dwelled 1/ 42s"),
        ("Heartbeat", "{}", "heartbeat"),
        ("Message Clicked", r#"{"token":"signed"}"#, "from 0000000000000abc"),
        ("Cart Viewed", r#"{"products":[]}"#, "cart [] "),
        ("Cart Viewed", "{}", "other Cart Viewed"),
        ("Cart Viewed", r#"{"products":null}"#, "other Cart Viewed"),
        ("Product Removed", r#"{"product_id":"1"}"#, "removed [] 1 x0"),
        ("Product Added", r#"{"products":[{"product_id":1,"quantity":1.5}]}"#, "added [] 1 x2"),
        (
            "Order Completed",
            r#"{"order_id":1001,"value":"$19.99","currency":"USD"}"#,
            "Completed 1001 19.99USD: ",
        ),
        ("Video Played", r#"{"id":"v1","sku":"s"}"#, "other Video Played s/"),
        ("Invited ivan@example.com", "null", "other Invited …"),
    ] {
        let (fact, reasons) = fact(name, properties).await;
        assert_eq!((brief(&fact).as_str(), reasons), (expected, vec![]), "{name}");
    }
}

#[tokio::test]
async fn what_is_not_understood_is_kept_by_name_and_flagged() {
    use Reason::{BadNumber, BadToken, NoOrder, NoProduct};
    for (name, properties, expected, reason) in [
        ("Product Viewed", r#"{"name":"x"}"#, "other Product Viewed", NoProduct),
        ("Product Viewed", r#"{"product_id":{"a":1}}"#, "other Product Viewed", NoProduct),
        ("Order Completed", r#"{"total":5}"#, "other Order Completed", NoOrder),
        ("Order Completed", r#"{"order_id":"ivan@example.com"}"#, "other Order Completed", NoOrder),
        ("Message Clicked", r#"{"token":"forged"}"#, "other Message Clicked", BadToken),
        ("Product Added", r#"{"sku":"1","price":1e308}"#, "added [] 1 x1", BadNumber),
        ("Product Added", r#"{"sku":"1","price":"NaN"}"#, "added [] 1 x1", BadNumber),
        ("Product Added", r#"{"sku":"1","price":-5}"#, "added [] 1 x1", BadNumber),
        ("Product Added", r#"{"sku":"1","quantity":-2}"#, "added [] 1 x1", BadNumber),
        ("Product Added", r#"{"sku":"1","quantity":0}"#, "added [] 1 x1", BadNumber),
        ("Product Added", r#"{"sku":"1","quantity":1e30}"#, "added [] 1 x100000", BadNumber),
        ("Product Added", r#"{"sku":"1","quantity":"inf"}"#, "added [] 1 x1", BadNumber),
        ("Order Completed", r#"{"order_id":"1","total":"many"}"#, "Completed 1 : ", BadNumber),
        ("Cart Viewed", r#"{"products":[{"sku":"1"},{"name":"x"},7]}"#, "cart [] 1 x1", NoProduct),
        ("Product Dwelled", r#"{"sku":"1","dwell_secs":1e9}"#, "viewed 1/", BadNumber),
    ] {
        let (fact, reasons) = fact(name, properties).await;
        assert_eq!((brief(&fact).as_str(), reasons), (expected, vec![reason]), "{name} {properties}");
    }
    let many = format!(r#"{{"products":[{}]}}"#, vec![r#"{"sku":"1"}"#; 201].join(","));
    let (Fact::CartIs { lines, .. }, reasons) = fact("Cart Viewed", &many).await else { panic!() };
    assert_eq!((lines.len(), reasons), (200, vec![Reason::TooManyProducts]));
}

#[tokio::test]
async fn identities_are_found_and_ordered() {
    for (path, body, expected) in [
        (
            "i",
            r#"{"userId":"u","traits":{"email":" A@B.de ","phone":"8 916 123-45-67","card":77},"anonymousId":"a"}"#,
            "user:u card:77 email:a@b.de phone:79161234567 anon:a",
        ),
        ("i", r#"{"userId":"A@b.de"}"#, "user:A@b.de email:a@b.de"),
        ("i", r#"{"userId":42,"context":{"traits":{"loyalty_card":"c"}}}"#, "user:42 card:c"),
        ("i", r#"{"properties":{"email":"a@b.de"}}"#, "email:a@b.de"),
        ("p", r#"{"anonymousId":"a","context":{"traits":{"email":"a@b.de"}}}"#, "email:a@b.de anon:a"),
        (
            "t",
            r#"{"event":"Order Completed","properties":{"order_id":"1","email":"a@b.de"}}"#,
            "email:a@b.de",
        ),
        ("t", r#"{"anonymousId":"a","event":"Gift Sent","properties":{"email":"friend@b.de"}}"#, "anon:a"),
        ("g", r#"{"anonymousId":"a","groupId":"g","traits":{"email":"office@b.de"}}"#, "anon:a"),
        (
            "a",
            r#"{"userId":"new","previousId":"0f0f0f0f-0000-4000-8000-000000000000"}"#,
            "user:new anon:0f0f0f0f-0000-4000-8000-000000000000",
        ),
        ("a", r#"{"userId":"new","previousId":"old"}"#, "user:new user:old anon:old"),
        ("a", r#"{"userId":"new","previousId":"a@b.de"}"#, "user:new user:a@b.de email:a@b.de"),
    ] {
        let (event, reasons) = one(&format!("/v1/{path}"), body).await;
        let event = event.unwrap();
        assert_eq!((doors(&event).as_str(), reasons), (expected, vec![]), "{body}");
        assert!(event.identities.iter().all(|i| i.strength == Strength::Claimed));
        assert_eq!(event.event.source, Source::Browser);
    }
}

#[tokio::test]
async fn an_event_of_nobody_is_flagged() {
    for (body, expected) in [
        (r#"{"userId":"","anonymousId":null}"#, vec![Reason::NoId]),
        (r#"{"userId":"undefined"}"#, vec![Reason::PlaceholderId, Reason::NoId]),
        (r#"{"userId":{"a":1},"anonymousId":"a\u0000"}"#, vec![Reason::BadId, Reason::BadId, Reason::NoId]),
        (r#"{"traits":{"email":"not an address"}}"#, vec![Reason::BadEmail, Reason::NoId]),
    ] {
        assert_eq!(one("/v1/identify", body).await, (None, expected), "{body}");
    }
    assert_eq!(one("/v1/track", r#"{"userId":"u"}"#).await, (None, vec![Reason::NoEventName]));
    let recorder = Recorder::new();
    post(&recorder, "/v1/batch", r#"{"batch":[{"userId":"u"},{"userId":"u","type":"delete"}]}"#).await;
    assert_eq!(recorder.reasons(), [Reason::UnknownType; 2]);
}

#[tokio::test]
async fn in_signed_mode_the_browsers_key_says_nobody() {
    let recorder = Recorder::new();
    let claim = r#"{"userId":"u","anonymousId":"a","traits":{"email":"a@b.de","firstName":"Eve"}}"#;
    post_as(&recorder, "WK_SIGNED", "/v1/identify", claim).await;
    post_as(&recorder, "SK_TEST", "/v1/identify", claim).await;
    post_as(&recorder, "WK_SIGNED", "/v1/identify", r#"{"userId":"u"}"#).await;
    post_as(&recorder, "WK_SIGNED", "/v1/alias", r#"{"userId":"u","previousId":"victim","anonymousId":"a"}"#)
        .await;
    let events = recorder.events();
    let found: Vec<String> = events.iter().map(doors).collect();
    assert_eq!(found, ["anon:a", "user:u email:a@b.de anon:a", "anon:a"]);
    assert_eq!(events[0].traits.first_name.as_deref(), Some("Eve"), "traits stay, as claims");
    assert_eq!(events[1].identities[0].strength, Strength::Proved);
    assert_eq!(recorder.reasons(), [Reason::Unsigned, Reason::SignedOnly, Reason::Unsigned]);
}

#[tokio::test]
async fn traits_are_read_in_all_their_spellings() {
    let body = r#"{"anonymousId":"a","context":{"timezone":"europe/moscow","locale":"ru_RU"},"traits":{
        "name":"Анна  Мария Иванова","marketing_consent":"1","email":"x","birthday":"1990-01-02","age":33.0,
        "address":{"city":"Казань","deep":{"x":1}},"tags":["a",2],"password":"secret","plan":null}}"#;
    let (event, reasons) = one("/v1/identify", body).await;
    let event = event.unwrap();
    let traits = &event.traits;
    assert_eq!(
        (traits.first_name.as_deref(), traits.last_name.as_deref()),
        (Some("Анна"), Some("Мария Иванова"))
    );
    assert_eq!((traits.email_consent, traits.email.as_deref()), (Some(true), None));
    assert_eq!(
        (traits.time_zone.as_deref(), traits.locale.as_deref()),
        (Some("Europe/Moscow"), Some("ru-RU"))
    );
    let other: Vec<(&str, &str)> = traits.other.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(
        other,
        [
            ("address.city", "Казань"),
            ("age", "33"),
            ("birthday", "1990-01-02"),
            ("plan", ""),
            ("tags", "a, 2")
        ]
    );
    assert_eq!(reasons, [Reason::BadEmail, Reason::TraitsLeftOut]);
    let names = "address.city,age,birthday,email_consent,first_name,last_name,locale,plan,tags,time_zone";
    assert_eq!(brief(&event.event.fact), format!("identified {names}"));
    let stored = serde_json::to_string(&event.event).unwrap();
    assert!(
        !stored.contains("Казань") && !stored.contains("Анна"),
        "an event holds no personal text: {stored}"
    );
}

#[tokio::test]
async fn consent_is_yes_no_or_unsaid() {
    for (traits, expected) in [
        (r#"{"email_consent":true}"#, Some(true)),
        (r#"{"emailConsent":"false"}"#, Some(false)),
        (r#"{"consent":{"email":0}}"#, Some(false)),
        (r#"{"consent.email":"yes"}"#, Some(true)),
        (r#"{"email_consent":null}"#, None),
    ] {
        let body = format!(r#"{{"anonymousId":"a","traits":{traits}}}"#);
        let (event, reasons) = one("/v1/identify", &body).await;
        assert_eq!((event.unwrap().traits.email_consent, reasons), (expected, vec![]), "{traits}");
    }
    let (event, reasons) =
        one("/v1/identify", r#"{"anonymousId":"a","traits":{"email_consent":"maybe"}}"#).await;
    assert_eq!((event.unwrap().traits.email_consent, reasons), (None, vec![Reason::BadConsent]));
}

#[tokio::test]
async fn traits_are_bounded() {
    let many: Vec<String> = (0..40).map(|n| format!(r#""t{n:02}":"{}""#, "я".repeat(300))).collect();
    let body = format!(r#"{{"anonymousId":"a","traits":{{"{}":"x",{}}}}}"#, "k".repeat(65), many.join(","));
    let (event, reasons) = one("/v1/identify", &body).await;
    let other = event.unwrap().traits.other;
    assert_eq!((other.len(), reasons), (32, vec![Reason::TraitsLeftOut]));
    assert!(other.values().all(|value| value.chars().count() == 256));
}

#[tokio::test]
async fn time_is_an_age_on_the_shops_clock() {
    let recorder = Recorder::new();
    let body = r#"{"sentAt":"2020-01-01T00:00:10Z","context":{"timezone":"Asia/Omsk"},"batch":[
        {"type":"page","anonymousId":"a","timestamp":"2020-01-01T00:00:04Z","messageId":"m-1"},
        {"type":"page","anonymousId":"a","timestamp":"2020-01-01T00:00:04Z","sentAt":"2020-01-01T00:00:05Z"},
        {"type":"page","anonymousId":"a","timestamp":"never","context":{"timezone":"GMT+0000"}}]}"#;
    post(&recorder, "/v1/batch", body).await;
    let events = recorder.events();
    let ages: Vec<i64> = events.iter().map(|i| SHOP - i.event.occurred_at.0).collect();
    assert_eq!((ages, recorder.reasons()), (vec![6_000, 1_000, 0], vec![Reason::BadTime]));
    assert_eq!(
        events[0].traits.time_zone.as_deref(),
        Some("Asia/Omsk"),
        "the context of the batch is each event's"
    );
    assert_eq!(events[2].traits.time_zone, None);
    assert!(events.iter().all(|i| i.event.mode == Mode::Live && i.event.received_at == ShopTime(SHOP)));
}

#[tokio::test]
async fn the_number_is_of_the_message_id() {
    let number = async |path: &str, body: &str| one(path, body).await.0.unwrap().event.number;
    let first =
        number("/v1/p", r#"{"messageId":"m","anonymousId":"a","sentAt":"2026-11-22T14:00:00Z"}"#).await;
    let again =
        number("/v1/p", r#"{"messageId":"m","anonymousId":"a","sentAt":"2026-11-22T14:59:00Z"}"#).await;
    let other = number("/v1/p", r#"{"messageId":"n","anonymousId":"a"}"#).await;
    assert_eq!(first, again);
    assert_ne!(first, other);
    let without = number("/v1/p", r#"{"anonymousId":"a"}"#).await;
    assert_ne!(without, number("/v1/p", r#"{"anonymousId":"b"}"#).await);
}

#[tokio::test]
async fn crawlers_look_at_nothing() {
    let agent = |text: &str| [basic("WK_TEST"), vec![("user-agent".to_owned(), text.to_owned())]].concat();
    let bot = "Mozilla/5.0 AppleWebKit/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/1";
    let recorder = Recorder::new();
    let send_as = |agent: Vec<(String, String)>, path: &'static str| {
        let recorder = Arc::clone(&recorder);
        async move {
            send(&recorder, Method::POST, path, &agent, Body::from(r#"{"anonymousId":"a"}"#)).await.status
        }
    };
    assert_eq!(send_as(agent(bot), "/v1/page").await, StatusCode::OK);
    assert_eq!((recorder.events().len(), recorder.reasons()), (0, vec![Reason::Crawler]));
    assert_eq!(send_as(agent(bot), "/v1/identify").await, StatusCode::OK);
    let people = [
        "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 Chrome/97 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) YaBrowser/24 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/156.0.0.0 Safari/537.36",
        "",
    ];
    for person in people {
        send_as(agent(person), "/v1/page").await;
    }
    assert_eq!((recorder.events().len(), recorder.reasons()), (1 + people.len(), vec![]));
    let said = format!(r#"{{"anonymousId":"a","context":{{"userAgent":"{bot}"}}}}"#);
    post(&recorder, "/v1/page", &said).await;
    assert_eq!(recorder.reasons(), [Reason::Crawler]);
    post_as(&recorder, "SK_TEST", "/v1/page", said).await;
    assert_eq!(recorder.events().len(), 1, "the shop's own server may speak of whom it likes");
}
