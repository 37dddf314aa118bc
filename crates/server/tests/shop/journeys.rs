//! A journey as a marketer works with it: the map with people on it, its settings, publishing with people inside.

use crate::seed::{call, cart, left_carts, refused, send, sent};
use crate::support::{Browser, World};
use axum::http::StatusCode;
use beckon_core::time::{DAY, MINUTE};
use beckon_server::run::moves;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const HOME: &str = "/journeys/abandoned-cart";
const API: &str = "/api/v1/journeys/abandoned-cart";

/// Waits until the decider has done what was due.
async fn until(world: &World, what: &str, holds: impl AsyncFn(&World) -> bool) {
    let begun = Instant::now();
    while !holds(world).await {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Ada got her first letter and waits for the second; Eve's were withheld, and she waits too.
async fn both_wait(world: &World) {
    left_carts(world).await;
    sent(world).await;
    until(world, "both stand at the pause", async |world| standing(world).await["classic-2d"] == 2).await;
}

/// Who stands where in the newest version and the ones before.
async fn standing(world: &World) -> Value {
    let all = call(world, "GET", &format!("{API}/versions"), "").await;
    let mut sums = serde_json::Map::new();
    for version in all["versions"].as_array().unwrap() {
        for (step, n) in version["steps"].as_object().unwrap() {
            let before = sums.get(step).and_then(Value::as_i64).unwrap_or(0);
            sums.insert(step.clone(), json!(before + n.as_i64().unwrap()));
        }
    }
    Value::Object(sums)
}

#[tokio::test]
async fn the_map_has_people_and_money_on_it() {
    let (world, mut browser) = World::with_owner().await;
    both_wait(&world).await;
    let page = browser.get(HOME).await;
    assert!(page.text.contains("Three letters in 5 days"), "arms have titles: {}", page.text);
    assert!(page.text.contains("First letter: you left something behind"));
    assert!(page.text.contains("<strong>2</strong> stand here now"), "{}", page.text);
    assert!(page.text.contains("2 people are inside now"));
    assert!(
        !page.text.contains("<details open><summary class=\"label\">"),
        "empty arms that are off are folded"
    );
    assert_eq!(page.text.matches("class=\"way off\"").count(), 3);
    // Both went from the split to the first letter and on; the table says the same for who does not see the map.
    let numbers = call(&world, "GET", &format!("{API}/numbers"), "").await;
    assert_eq!(numbers["steps"]["variant"]["went"], json!({"classic-first": 2}));
    assert_eq!(numbers["steps"]["classic-first"]["went"], json!({"classic-2d": 2}));
    assert_eq!(numbers["steps"]["classic-first"]["sent"], 1);
    let long_ago = browser.get(&format!("{HOME}?span=publication")).await;
    assert!(long_ago.text.contains("aria-current=\"true\">Since the last publication"));

    let step = browser.get(&format!("{HOME}/steps/classic-first")).await;
    assert!(step.text.contains("Never agreed to marketing e-mail"), "why letters were withheld, in words");
    assert!(step.text.contains("sandbox=\"\"") && step.text.contains("classic-first.deadline"));
    let preview = browser.get(&format!("{HOME}/steps/classic-first/preview")).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.text);
    assert!(preview.headers["content-security-policy"].to_str().unwrap().ends_with("sandbox"));
    assert_eq!(browser.get(&format!("{HOME}/steps/none")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_order_leaves_the_map_empty() {
    let (world, _) = World::with_owner().await;
    both_wait(&world).await;
    let mut ordered = cart(&world, 1, "ada@shop.example", "kettle", Some(true));
    ordered.event.number = 77;
    ordered.event.fact = beckon_core::event::Fact::Order(beckon_core::event::OrderFact {
        id: "1001".to_owned(),
        status: beckon_core::event::OrderStatus::Completed,
        total: None,
        lines: Vec::new(),
    });
    send(&world, vec![ordered]).await;
    assert_eq!(standing(&world).await, json!({"classic-2d": 1}));
    let numbers = call(&world, "GET", &format!("{API}/numbers"), "").await;
    assert_eq!(numbers["steps"]["classic-2d"]["exit"], json!({"order": 1}), "she left from where she stood");
}

#[tokio::test]
async fn every_setting_is_explained_bounded_and_refused_at_its_field() {
    let (world, mut browser) = World::with_owner().await;
    let all = call(&world, "GET", &format!("{API}/settings"), "").await;
    for setting in all["settings"].as_array().unwrap() {
        let (title, effect) = (setting["title"].as_str().unwrap(), setting["effect"].as_str().unwrap());
        assert!(!title.contains('⟦') && !effect.contains('⟦') && !effect.contains('{'), "{setting}");
    }
    let page = browser.get(&format!("{HOME}/settings")).await;
    assert!(page.text.contains("3 letters: 15 minutes, 2 days, 5 days"), "{}", page.text);
    let path = format!("{HOME}/settings/summary?after=30m&variant=once");
    let told = browser.get(&path).await;
    assert!(told.text.contains("One letter: 30 minutes"), "{}", told.text);
    let told = browser.get(&format!("{HOME}/settings/summary?after=soon")).await;
    assert!(told.text.contains("is not a time"), "{}", told.text);

    let csrf = page.csrf();
    let fields = [("csrf", csrf.as_str()), ("classic-first.deadline", "2y"), ("priority", "50")];
    let wrong = browser.post(&format!("{HOME}/settings"), &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let at_field = wrong.text.split("id=\"h-classic-first.deadline\">").nth(1).unwrap();
    assert!(at_field.starts_with("<strong class=\"error\">"), "{at_field}");
    assert!(world.app.shop().journeys["abandoned-cart"].set.is_empty(), "half of a refused form was taken");
    let (status, why) = refused(&world, "POST", API, r#"{"set":{"classic-first.deadline":"2y"}}"#).await;
    assert_eq!((status, &why["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("classic-first.deadline")));
    let (_, why) = refused(&world, "POST", API, r#"{"set":{"classic-first.template":"gone"}}"#).await;
    assert!(why["message"].as_str().unwrap().contains("there is no template"), "{why}");

    call(&world, "POST", API, r#"{"set":{"classic-first.deadline":"6h","priority":50}}"#).await;
    assert_eq!(world.app.shop().journeys["abandoned-cart"].graph, 1, "what is not pinned begins no version");
    call(&world, "POST", API, r#"{"set":{"classic-2d.for":"36h"}}"#).await;
    assert_eq!(world.app.shop().journeys["abandoned-cart"].graph, 2);
}

/// The question's page, after a wait was changed in the form.
async fn asked(browser: &mut Browser, value: &str, more: &[(&str, &str)]) -> crate::support::Answer {
    let csrf = browser.get(&format!("{HOME}/settings")).await.csrf();
    let mut fields = vec![("csrf", csrf.as_str()), ("classic-2d.for", value)];
    fields.extend(more);
    browser.post(&format!("{HOME}/settings"), &fields).await
}

#[tokio::test]
async fn publishing_asks_once_and_moves_those_inside() {
    let (world, mut browser) = World::with_owner().await;
    both_wait(&world).await;
    let question = asked(&mut browser, "1d", &[]).await;
    assert_eq!(question.status, StatusCode::OK);
    assert!(question.text.contains("what becomes of those inside") && question.text.contains("2d → 1d"));
    assert!(question.text.contains("Version 1</span><strong>2 people"), "{}", question.text);
    assert_eq!(world.app.shop().journeys["abandoned-cart"].graph, 1, "nothing happened yet");

    let done = asked(&mut browser, "1d", &[("inside", "move")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let before = call(&world, "GET", &format!("{API}/versions"), "").await;
    assert_eq!(
        (&before["versions"][1]["moving_to"], &before["versions"][1]["standing"]),
        (&json!(2), &json!(2))
    );
    assert!(
        browser.get(&format!("{HOME}/versions")).await.text.contains("Moving to version 2: 2 still to go")
    );

    // Stopped before anybody was moved: the order is in the document, and another start finds it.
    assert!(moves::round(&world.app).await.unwrap(), "there is something to do");
    assert!(moves::round(&world.app).await.unwrap(), "another pass finds nobody left and notes it");
    assert!(!moves::round(&world.app).await.unwrap(), "a third finds nothing ordered");
    let after = call(&world, "GET", &format!("{API}/versions"), "").await;
    assert_eq!(
        (&after["versions"][0]["standing"], &after["versions"][1]["standing"]),
        (&json!(2), &json!(0))
    );
    assert!(!after["versions"][1]["done_at"].is_null());
    moves::empty(&world.app).unwrap();
    let gone = call(&world, "GET", &format!("{API}/versions"), "").await;
    assert_eq!(gone["versions"].as_array().unwrap().len(), 1, "an empty version is retired");
    assert_eq!(gone["history"][0]["differences"][0]["of"], "classic-2d", "{}", gone["history"][0]);

    // The new length holds: the second letter is due a day after she left.
    world.app.clock.jump(world.app.now().plus(DAY).minus(MINUTE.times(10)));
    until(&world, "the second letter is decided on after a day", async |world| {
        let all = call(world, "GET", "/api/v1/messages", "").await;
        all["messages"].as_array().unwrap().iter().any(|message| message["step"] == "classic-second")
    })
    .await;
}

#[tokio::test]
async fn who_stands_at_a_removed_step_goes_where_it_is_said() {
    let (world, _) = World::with_owner().await;
    both_wait(&world).await;
    let text = world.app.shop().journeys["abandoned-cart"].text.clone();
    let shorter = text.replace("wait: classic-2d", "wait: classic-pause");
    let path = format!("{API}?inside=move&step.classic-2d=classic-5d");
    call(&world, "PUT", &path, &shorter).await;
    moves::round(&world.app).await.unwrap();
    assert_eq!(standing(&world).await, json!({"classic-5d": 2}));
    let (status, _) = refused(&world, "PUT", &format!("{API}?inside=away"), &text).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    // Back to the older text, and an end for those inside.
    call(&world, "PUT", &format!("{API}?inside=end"), &text).await;
    moves::round(&world.app).await.unwrap();
    assert_eq!(standing(&world).await, json!({}));
    let exits = call(&world, "GET", &format!("{API}/numbers"), "").await;
    assert_eq!(exits["exit"]["version_ended"], 2);
}

#[tokio::test]
async fn by_default_only_new_entrants_take_the_new_version() {
    let (world, mut browser) = World::with_owner().await;
    both_wait(&world).await;
    let done = asked(&mut browser, "1d", &[("inside", "stay")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(!moves::round(&world.app).await.unwrap());
    moves::empty(&world.app).unwrap();
    let all = call(&world, "GET", &format!("{API}/versions"), "").await;
    assert_eq!((&all["versions"][1]["version"], &all["versions"][1]["standing"]), (&json!(1), &json!(2)));
    assert_eq!(all["versions"][1]["moving_to"], Value::Null);
}

const SECOND: &str = "journey: tea-time\ntitle: {en: Tea time, ru: Чай}\nclass: B\npriority: 94\n\
                      entry: {on: event, event: Order Completed, after: 1d}\nsteps:\n  - message: tea\n    \
                      template: abandoned-cart-2\n";

#[tokio::test]
async fn the_stage_screen_shows_what_is_there_and_who_goes_first() {
    let (world, mut browser) = World::with_owner().await;
    call(&world, "PUT", "/api/v1/journeys/tea-time", SECOND).await;
    let page = browser.get("/stages").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let after = page.text.split("After the order").nth(1).unwrap();
    assert!(after.split("</section>").next().unwrap().contains("Tea time"), "an order opens it");
    assert!(page.text.contains("15 minutes · 2 days · 5 days"));
    let order = |answer: &Value| -> Vec<(String, u64)> {
        let all = answer["journeys"].as_array().unwrap().iter();
        all.map(|one| (one["name"].as_str().unwrap().to_owned(), one["priority"].as_u64().unwrap())).collect()
    };
    let (cart, tea) = ("abandoned-cart".to_owned(), "tea-time".to_owned());
    let before = call(&world, "GET", "/api/v1/stages", "").await;
    assert_eq!(order(&before), [(cart.clone(), 94), (tea.clone(), 94)]);
    let csrf = page.csrf();
    let up = browser.post("/stages", &[("csrf", &csrf), ("up", "tea-time")]).await;
    assert_eq!(up.status, StatusCode::SEE_OTHER, "{}", up.text);
    let now = call(&world, "GET", "/api/v1/stages", "").await;
    assert_eq!(
        order(&now),
        [(tea.clone(), 94), (cart.clone(), 93)],
        "numbers that were alike are told apart"
    );
    let dragged = [("csrf", csrf.as_str()), ("name", "abandoned-cart"), ("name", "tea-time")];
    browser.post("/stages", &dragged).await;
    let now = call(&world, "GET", "/api/v1/stages", "").await;
    assert_eq!(order(&now)[0].0, cart);
    for bad in [r#"{"order":["tea-time"]}"#, r#"{"order":["tea-time","tea-time"]}"#] {
        let (status, _) = refused(&world, "POST", "/api/v1/stages", bad).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}

#[tokio::test]
async fn numbers_come_with_rates_marks_proof_and_a_table() {
    let (world, mut browser) = World::with_owner().await;
    both_wait(&world).await;
    let page = browser.get(&format!("{HOME}/numbers?period=week")).await;
    assert!(page.text.contains("Not enough yet") && page.text.contains("13 %"), "{}", page.text);
    assert!(
        page.text.contains("class=\"mark\"") && page.text.contains("Switched on"),
        "changes are drawn in"
    );
    let proof = call(&world, "GET", &format!("{API}/proof"), "").await;
    assert_eq!((&proof["proof"]["verdict"], &proof["proof"]["gain"]), (&json!("not_enough"), &Value::Null));
    let table = browser.get(&format!("{HOME}/numbers.csv?period=week")).await;
    assert!(table.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    let mut lines = table.text.lines();
    assert!(lines.next().unwrap().starts_with("day,step,entered,sent"));
    let sent = lines.find(|line| line.contains(",classic-first,")).unwrap();
    assert_eq!(sent.split(',').nth(3), Some("1"), "{}", table.text);
    for metric in ["ordered", "goal"] {
        let chart = browser.get(&format!("{HOME}/numbers?period=day&metric={metric}")).await;
        assert_eq!(chart.status, StatusCode::OK);
    }
}
