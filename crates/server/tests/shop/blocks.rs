//! Blocks of recommendations on their pages: composed, tried, placed, tested, looked back on.

use crate::seed::{EVIL, left_carts};
use crate::support::{Browser, World};
use axum::http::StatusCode;
use beckon_recommend::block::Strategy;
use beckon_recommend::{Interaction, Kind};
use beckon_server::access::rights::Role;
use beckon_server::run::follow;
use std::time::{Duration, Instant};

/// A shop whose recommender knows its catalogue, and its owner with her token.
async fn shop() -> (World, Browser, String) {
    let (world, mut browser) = World::with_owner().await;
    left_carts(&world).await;
    follow::tell_recommender(&world.app).unwrap();
    let csrf = browser.get("/blocks").await.csrf();
    (world, browser, csrf)
}

#[tokio::test]
async fn every_page_of_a_block_is_there_and_hostile_text_stays_text() {
    let (world, mut browser, csrf) = shop().await;
    let pinned =
        [("csrf", csrf.as_str()), ("version", "0"), ("mix[0].strategy", "bestsellers"), ("size", "8")];
    let hostile =
        [("title.en", EVIL), ("rules[0].kind", "pin"), ("rules[0].item", EVIL), ("rules[0].position", "1")];
    let saved = browser.post("/blocks/empty-cart", &[&pinned[..], &hostile[..]].concat()).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    for part in
        ["", "/places", "/numbers", "/past", "/past/result", "/code", "/versions", "/preview?product=evil"]
    {
        let page = browser.get(&format!("/blocks/empty-cart{part}")).await;
        assert_eq!(page.status, StatusCode::OK, "{part}: {}", page.text);
        assert!(!page.text.contains("<script>alert") && !page.text.contains("<img src=x"), "{part}");
        assert!(!page.text.contains('⟦'), "{part}: {}", page.text);
    }
    for path in ["/blocks", "/placements", "/suggest/goods?q=kettle", "/suggest/people?q=ada"] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(browser.get("/blocks/nowhere").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.app.shop().blocks.get("empty-cart").unwrap().title("en"), EVIL);
}

/// Every strategy is offered, in words of both languages.
#[tokio::test]
async fn every_strategy_may_be_chosen() {
    let (world, mut browser, _) = shop().await;
    let page = browser.get("/blocks/home-for-you").await.text;
    for strategy in Strategy::ALL {
        assert!(page.contains(&format!("<option value=\"{}\"", strategy.name())), "{strategy:?}");
        for locale in beckon_server::i18n::Locale::ALL {
            for end in ["", "-says"] {
                let key = format!("strategy-{}{end}", strategy.name().replace('_', "-"));
                assert!(!beckon_server::i18n::t(locale, &key, &[]).contains('⟦'), "{key}");
            }
        }
    }
    drop(world);
}

#[tokio::test]
async fn a_block_is_made_composed_with_mistakes_told_at_their_fields_and_taken_back() {
    let (world, mut browser, csrf) = shop().await;
    let wrong = browser.post("/blocks", &[("csrf", &csrf), ("strategy", ""), ("name", "x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = [("csrf", csrf.as_str()), ("strategy", "bestsellers"), ("title", "Loved"), ("name", "loved")];
    let answer = browser.post("/blocks", &made).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/blocks/loved"));
    assert_eq!(browser.post("/blocks", &made).await.status, StatusCode::UNPROCESSABLE_ENTITY, "taken");

    let page = browser.get("/blocks/loved").await;
    let version = page.field("version");
    let form = |size: &'static str, categories: &'static str, version: &str| {
        [("csrf", csrf.clone()), ("version", version.to_owned()), ("title.en", "Loved".to_owned())]
            .into_iter()
            .chain([("mix[0].strategy", "bestsellers".to_owned()), ("mix[0].period", "week".to_owned())])
            .chain([("filters.categories.only", categories.to_owned()), ("size", size.to_owned())])
            .chain([("fall_back[0].strategy", "new".to_owned()), ("min_size", "1".to_owned())])
            .collect::<Vec<_>>()
    };
    let poster = browser.clone();
    let post = async |form: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        poster.clone().post("/blocks/loved", &fields).await
    };
    let again = post(form("500", "Pots", &version)).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("There is no category “Pots”"), "{}", again.text);
    assert!(again.text.contains("a number from 1 to 100") && again.text.contains("value=\"500\""));
    assert_eq!(world.app.shop().blocks.get("loved").unwrap().arms[0].block.size, 8, "half of it was taken");

    assert_eq!(post(form("4", "kettles", &version)).await.status, StatusCode::SEE_OTHER);
    let kept = world.app.shop().blocks.get("loved").unwrap().arms[0].block.clone();
    assert_eq!((kept.size, kept.filters.categories.only, kept.fill), (4, vec!["1".to_owned()], false));
    let stale = post(form("5", "", &version)).await;
    assert_eq!((stale.status, stale.location()), (StatusCode::SEE_OTHER, "/blocks/loved"), "told, not kept");
    assert_eq!(world.app.shop().blocks.get("loved").unwrap().arms[0].block.size, 4);

    let versions = browser.get("/blocks/loved/versions").await;
    assert!(versions.text.contains("<code>size</code>: 8"), "{}", versions.text);
    let back = [("csrf", csrf.as_str()), ("version", version.as_str())];
    assert_eq!(browser.post("/blocks/loved/versions", &back).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.app.shop().blocks.get("loved").unwrap().arms[0].block.size, 8);

    let gone = browser.post("/blocks/loved/forget", &[("csrf", &csrf)]).await;
    assert_eq!((gone.status, gone.location()), (StatusCode::SEE_OTHER, "/blocks"));
    assert!(world.app.shop().blocks.get("loved").is_none());
}

#[tokio::test]
async fn the_preview_follows_the_form_and_says_what_kept_goods_away() {
    let (world, mut browser, _) = shop().await;
    for (visitor, item) in [(1, "kettle"), (2, "evil")] {
        let mut index = world.app.recommender.write().unwrap();
        index.set_now(world.app.now().0);
        let at_ms = world.app.now().0;
        index.observe(&Interaction { visitor, item, kind: Kind::Order, at_ms, live: true });
    }
    let asked = "/blocks/empty-cart/preview?mix[0].strategy=bestsellers&size=4&min_size=1&title.en=x";
    let page = browser.get(&format!("{asked}&fill=1")).await.text;
    assert!(page.contains("Red kettle") && page.contains("1,990.50"), "{page}");
    assert!(page.contains("a new visitor") && page.contains("stay empty"), "{page}");
    let dear = browser.get(&format!("{asked}&filters.price_minor.from=1000")).await.text;
    assert!(dear.contains("Red kettle") && dear.contains("1 product by its price"), "{dear}");
    let hers = browser.get(&format!("{asked}&who=ada@shop.example&product=kettle")).await.text;
    assert!(hers.contains("ada@shop.example") && hers.contains("on the page of “Red kettle”"), "{hers}");
    assert!(!hers.contains("/catalogue/offers/kettle"), "never the product of the page: {hers}");
    let nobody = browser.get(&format!("{asked}&who=nobody@x.example&product=nothing-such")).await.text;
    assert!(nobody.contains("Nobody is called so") && nobody.contains("no such product"), "{nobody}");
    let wrong = browser.get(&format!("{asked}&diversity=many")).await.text;
    assert!(wrong.contains("Mend what is marked"), "{wrong}");
}

#[tokio::test]
async fn who_may_not_see_people_sees_no_preview_for_one_and_changes_nothing() {
    let (world, _, _) = shop().await;
    let mut analyst = world.staff("ana@example.com", Role::Analyst).await;
    let page = analyst.get("/blocks/empty-cart").await;
    assert_eq!(page.status, StatusCode::OK);
    let csrf = analyst.get("/account").await.csrf();
    let refused = analyst.post("/blocks/empty-cart", &[("csrf", &csrf), ("mix[0].strategy", "new")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    if !page.text.contains("name=\"who\"") {
        let page = analyst.get("/blocks/empty-cart/preview?mix[0].strategy=new&who=ada@shop.example").await;
        assert!(!page.text.contains("ada@shop.example"), "{}", page.text);
        assert_eq!(analyst.get("/suggest/people?q=ada").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_block_is_placed_moved_and_goes_back_to_where_it_was() {
    let (world, mut browser, csrf) = shop().await;
    let at = |place: &str| -> Vec<String> {
        let state = world.app.shop();
        let blocks = state.blocks.at(place, beckon_recommend::block::Channel::Web).unwrap();
        blocks.iter().map(|block| block.name.clone()).collect()
    };
    let before = at("home");
    let put = [("csrf", csrf.as_str()), ("on", "empty_cart.web"), ("on", "home.web")];
    let done = browser.post("/blocks/empty-cart/places", &put).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(at("home").last().unwrap(), "empty-cart");
    assert_eq!(at("empty_cart"), ["empty-cart"]);
    let moved = [("csrf", csrf.as_str()), ("place", "home.web"), ("do", "up:empty-cart")];
    browser.post("/placements", &moved).await;
    assert_eq!(at("home")[before.len() - 1], "empty-cart");
    let away = [("csrf", csrf.as_str()), ("place", "home.web"), ("do", "away:empty-cart")];
    browser.post("/placements", &away).await;
    assert_eq!(at("home"), before);
    let add = [("csrf", csrf.as_str()), ("place", "cart.web"), ("do", "add"), ("block", "empty-cart")];
    browser.post("/placements", &add).await;
    assert!(at("cart").contains(&"empty-cart".to_owned()));
    let default = [("csrf", csrf.as_str()), ("place", "cart.web"), ("do", "default")];
    assert_eq!(browser.post("/placements", &default).await.status, StatusCode::SEE_OTHER);
    assert!(!at("cart").contains(&"empty-cart".to_owned()));
    let log = browser.get("/settings/log?action=place").await.text;
    assert!(log.contains("changed which blocks stand in “home.web”"), "{log}");
    assert!(log.contains("blocks: ") || log.contains("empty-cart"), "what it was and is: {log}");
}

#[tokio::test]
async fn a_test_is_begun_divided_and_ended_with_the_best() {
    let (world, mut browser, csrf) = shop().await;
    let test = "/blocks/empty-cart/test";
    let arms = || -> Vec<(String, u16)> {
        let state = world.app.shop();
        let block = state.blocks.get("empty-cart").unwrap();
        block.arms.iter().map(|arm| (arm.name.clone(), arm.share)).collect()
    };
    let added = browser.post(test, &[("csrf", &csrf), ("do", "add")]).await;
    assert_eq!((added.status, added.location()), (StatusCode::SEE_OTHER, "/blocks/empty-cart?arm=b"));
    let shares = [("csrf", csrf.as_str()), ("do", "shares"), ("share.a", "3"), ("share.b", "1")];
    browser.post(test, &shares).await;
    assert_eq!(arms(), [("a".to_owned(), 3), ("b".to_owned(), 1)]);
    let bad = [("csrf", csrf.as_str()), ("do", "shares"), ("share.a", "0"), ("share.b", "1")];
    browser.post(test, &bad).await;
    assert_eq!(arms()[0].1, 3, "a share of nothing is refused");
    let page = browser.get("/blocks/empty-cart/numbers").await.text;
    assert!(page.contains("Clicks: not enough yet") && page.contains("Orders: not enough yet"), "{page}");
    assert!(page.contains("75%"), "{page}");
    assert!(browser.get("/blocks/empty-cart?arm=b").await.text.contains("Way b"));
    browser.post(test, &[("csrf", &csrf), ("do", "win:b")]).await;
    assert_eq!(arms(), [(String::new(), 1)]);
}

#[tokio::test]
async fn a_block_is_tried_on_the_last_days_beside_the_screens() {
    let (_world, mut browser, csrf) = shop().await;
    let here = "/blocks/empty-cart/past";
    assert!(browser.get(here).await.text.contains("not tried yet"));
    assert_eq!(browser.post(here, &[("csrf", &csrf)]).await.location(), here);
    let begun = Instant::now();
    loop {
        let page = browser.get(&format!("{here}/result")).await.text;
        if page.contains("Tried ") {
            // Two carts are no history.
            assert!(page.contains("Too little happened"), "{page}");
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{page}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_developer_finds_her_line() {
    let (world, mut browser, _) = shop().await;
    let page = browser.get("/blocks/empty-cart/code").await.text;
    assert!(
        page.contains("&lt;div data-beckon=&quot;empty_cart&quot;&gt;")
            || page.contains("data-beckon=&#34;empty_cart&#34;"),
        "{page}"
    );
    assert!(page.contains(&world.write_key) && page.contains("/v1/recommend"), "{page}");
}

#[tokio::test]
async fn an_order_is_learned_once_there_is_enough_to_learn_from() {
    use beckon_core::time::{HOUR, MINUTE};
    use beckon_server::blocks::learned::CLICKS_MIN;
    use beckon_server::run::learn::learn;
    let (world, mut browser, _) = shop().await;
    assert!(!learn(&world.app), "nothing was looked at");
    let page = browser.get("/blocks/empty-cart").await.text;
    assert!(page.contains("There is no learned order yet") && page.contains("there were 0"), "{page}");
    let begun = world.app.now().minus(HOUR.times(24));
    let goods = ["kettle", "evil", "cup", "pot", "tray"];
    for visitor in 0..1_300_u64 {
        for step in 0..4_u64 {
            let item = goods[((visitor + step) % 5) as usize];
            world.app.learned.observe(visitor, item, begun.plus(MINUTE.times(step as i64)));
        }
    }
    assert!(learn(&world.app));
    let known = world.app.learned.known();
    assert!(known.clicks >= CLICKS_MIN, "{known:?}");
    let page = browser.get("/blocks/empty-cart").await.text;
    assert!(page.contains("learned from 5,200 looks"), "{page}");
}
