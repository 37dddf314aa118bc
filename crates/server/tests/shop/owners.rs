//! The API of the owner's own tools: settings, staff, keys, parked inputs, stop, the test mail, and that
//! whatever is refused is a problem.

use crate::seed::{admin_key, ask, park};
use crate::support::World;
use axum::http::StatusCode;
use beckon_server::access::invite;
use beckon_server::access::rights::{Need, Role};
use beckon_server::app::SHOP;
use serde_json::{Value, json};

#[tokio::test]
async fn settings_are_changed_field_by_field_by_the_rules_of_the_screens() {
    let world = World::new();
    let key = admin_key(&world);
    let patch = async |part: &str, body: Value| {
        ask(&world, &key, "PATCH", &format!("/api/v1/settings/{part}"), &body.to_string()).await
    };
    let (_, all) = ask(&world, &key, "GET", "/api/v1/settings", "").await;
    assert_eq!((&all["shop"]["name"], &all["gate"]["mode"]), (&json!("Kettles"), &json!("open")));
    let version = all["gate"]["version"].clone();

    let (status, gate) = patch("gate", json!({"holdout": 2.5, "mode": "signed", "version": version})).await;
    assert_eq!((status, &gate["holdout"], &gate["mode"]), (StatusCode::OK, &json!(2.5), &json!("signed")));
    let settings = world.app.shop().settings.clone();
    assert_eq!((settings.global_holdout_ppm, settings.stopped), (25_000, false));
    assert_eq!(all["gate"]["quiet_from"], json!(settings.quiet_from_hour), "what was not named stays");
    let (status, why) = patch("gate", json!({"holdout": 1, "version": version})).await;
    assert_eq!((status, &why["code"]), (StatusCode::CONFLICT, &json!("conflict")));

    for (part, body, field) in [
        ("gate", json!({"holdout": 51}), "holdout"),
        ("gate", json!({"mode": "closed"}), "mode"),
        ("gate", json!({"time_zone": "Mars/North"}), "time_zone"),
        ("gate", json!({"stopped": true}), "stopped"),
        ("keeping", json!({"keep_events_days": 1}), "keep_events_days"),
        ("shop", json!({"name": ""}), "name"),
        ("shop", json!({"site": "javascript:alert(1)"}), "site"),
        ("shop", json!({"locale": "de"}), "locale"),
        ("sending", json!({"smtp_url": "smtp://me:••••••@elsewhere.example"}), "smtp_url"),
        (
            "sending",
            json!({"dkim_key": "no key", "dkim_domain": "shop.example", "dkim_selector": "a"}),
            "dkim_key",
        ),
        ("sending", json!({"action": "explode"}), "action"),
    ] {
        let before = world.app.plane.version().unwrap();
        let (status, why) = patch(part, body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {why}");
        assert_eq!(why["field"], field, "{body}: {why}");
        assert_eq!(world.app.plane.version().unwrap(), before, "{body}");
    }
    let (_, why) = patch("gate", json!({"holdout": 99, "quiet_from": 25})).await;
    assert_eq!(why["fields"].as_object().unwrap().len(), 2, "{why}");

    let (_, shop) = patch("shop", json!({"phones": ["1", "2"]})).await;
    assert_eq!((&shop["phones"], &shop["name"]), (&json!(["1", "2"]), &json!("Kettles")));
    let sending = json!({"smtp_url": "smtp://me:secret@mail.example",
        "dkim_domain": "shop.example", "dkim_selector": "a",
               "action": "generate"});
    let (status, sending) = patch("sending", sending).await;
    assert_eq!(status, StatusCode::OK, "{sending}");
    assert!(!sending.to_string().contains("secret") && sending["dkim_record"]["value"].is_string());
    assert_eq!(world.app.shop().settings.smtp_url, "smtp://me:secret@mail.example");
    // The masked address is sent back unchanged, and the password stays.
    let again = json!({"smtp_url": sending["smtp_url"], "from": "Shop <a@shop.example>"});
    assert_eq!(patch("sending", again).await.0, StatusCode::OK);
    assert_eq!(world.app.shop().settings.smtp_url, "smtp://me:secret@mail.example");
}

#[tokio::test]
async fn staff_comes_and_goes_and_an_owner_is_left() {
    let (world, _owner) = World::with_owner().await;
    let key = admin_key(&world);
    let call = async |method: &str, path: &str, body: &str| ask(&world, &key, method, path, body).await;
    let wanted = r#"{"email": "anna@example.com", "role": "analyst"}"#;
    let (status, invited) = call("POST", "/api/v1/staff", wanted).await;
    assert_eq!(status, StatusCode::CREATED);
    let token = invited["link"].as_str().unwrap().split_once("token=").unwrap().1.to_owned();
    let (_, listed) = call("GET", "/api/v1/staff", "").await;
    assert_eq!(listed["invitations"][0]["email"], "anna@example.com");
    assert!(!listed.to_string().contains(&token), "the link is shown again");
    invite::accept(&world.app.plane, &token, "a long password of anna", world.app.clock.wall()).unwrap();
    let mut anna = world.browser();
    let csrf = anna.get("/sign-in").await.csrf();
    let fields = [("csrf", &*csrf), ("email", "anna@example.com"), ("password", "a long password of anna")];
    anna.post("/sign-in", &fields).await;
    assert_eq!(anna.get("/journeys").await.status, StatusCode::OK);

    let (status, listed) = call("PATCH", "/api/v1/staff/anna@example.com", r#"{"role": "marketer"}"#).await;
    assert_eq!((status, listed["staff"].as_array().unwrap().len()), (StatusCode::OK, 2));
    assert_eq!(anna.get("/journeys").await.status, StatusCode::SEE_OTHER, "the session outlives the role");
    let again = call("POST", "/api/v1/staff", wanted).await;
    assert_eq!((again.0, &again.1["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("email")));
    let (_, reset) = call("POST", "/api/v1/staff/anna@example.com/reset", "").await;
    assert!(reset["link"].as_str().unwrap().contains("/join?token="));
    let (_, listed) = call("GET", "/api/v1/staff", "").await;
    let id = listed["invitations"][0]["id"].as_str().unwrap().to_owned();
    let (_, after) = call("DELETE", &format!("/api/v1/invitations/{id}"), "").await;
    assert_eq!(after["invitations"], json!([]));
    assert_eq!(call("DELETE", "/api/v1/staff/anna@example.com", "").await.0, StatusCode::OK);
    for (method, body) in [("DELETE", ""), ("PATCH", r#"{"role": "analyst"}"#)] {
        let (status, why) = call(method, "/api/v1/staff/owner@example.com", body).await;
        assert_eq!((status, &why["code"]), (StatusCode::CONFLICT, &json!("last_owner")), "{method}");
    }
    assert_eq!(call("DELETE", "/api/v1/staff/nobody@example.com", "").await.0, StatusCode::NOT_FOUND);
    let (status, why) = call("POST", "/api/v1/staff", r#"{"email": "b@example.com", "role": "king"}"#).await;
    assert_eq!((status, &why["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("role")));
}

#[tokio::test]
async fn keys_are_made_with_scopes_and_end() {
    let world = World::new();
    let key = admin_key(&world);
    let asked = r#"{"kind": "server", "scopes": ["read"], "label": "warehouse"}"#;
    let (status, made) = ask(&world, &key, "POST", "/api/v1/keys", asked).await;
    assert_eq!(status, StatusCode::CREATED);
    let fresh = made["key"].as_str().unwrap();
    assert_eq!(ask(&world, fresh, "GET", "/api/v1/journeys", "").await.0, StatusCode::OK);
    let (status, why) = ask(&world, fresh, "POST", "/api/v1/stop", r#"{"stopped": true}"#).await;
    assert_eq!((status, &why["code"]), (StatusCode::FORBIDDEN, &json!("missing_scope")));
    let (_, all) = ask(&world, &key, "GET", "/api/v1/keys", "").await;
    assert!(!all.to_string().contains(fresh), "the key is shown again");
    let mine = all["keys"].as_array().unwrap().iter().find(|of| of["label"] == "warehouse").unwrap();
    assert_eq!(mine["scopes"], json!(["read"]));
    let path = format!("/api/v1/keys/{}", made["id"].as_str().unwrap());
    assert_eq!(ask(&world, &key, "DELETE", &path, "").await.0, StatusCode::OK);
    assert_eq!(ask(&world, fresh, "GET", "/api/v1/journeys", "").await.0, StatusCode::UNAUTHORIZED);
    for (body, field) in
        [(r#"{"kind": "master"}"#, "kind"), (r#"{"kind": "server", "scopes": ["all"]}"#, "scopes")]
    {
        assert_eq!(ask(&world, &key, "POST", "/api/v1/keys", body).await.1["field"], field);
    }
}

#[tokio::test]
async fn parked_inputs_are_retried_and_dropped() {
    let world = World::new();
    park(&world, 7);
    park(&world, 8);
    let key = world.server_key.clone();
    let (_, list) = ask(&world, &key, "GET", "/api/v1/parked", "").await;
    let ids: Vec<&str> =
        list["parked"].as_array().unwrap().iter().map(|of| of["id"].as_str().unwrap()).collect();
    let (status, done) = ask(&world, &key, "POST", &format!("/api/v1/parked/{}/retry", ids[0]), "").await;
    assert_eq!((status, &done["result"]), (StatusCode::OK, &json!("applied")), "{done}");
    let (status, done) = ask(&world, &key, "DELETE", &format!("/api/v1/parked/{}", ids[1]), "").await;
    assert_eq!((status, &done["result"]), (StatusCode::OK, &json!("dropped")), "{done}");
    assert!(world.app.store.parked(SHOP, None, 10).unwrap().is_empty());
    for gone in [ids[0], "1-2", "x-y-z", "1-ffffff-1"] {
        let (status, _) = ask(&world, &key, "DELETE", &format!("/api/v1/parked/{gone}"), "").await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{gone}");
    }
}

#[tokio::test]
async fn the_switch_the_test_mail_and_the_table_of_numbers() {
    let world = World::new();
    let (key, admin) = (world.server_key.clone(), admin_key(&world));
    for stopped in [true, false] {
        let body = json!({"stopped": stopped}).to_string();
        assert_eq!(ask(&world, &key, "POST", "/api/v1/stop", &body).await.0, StatusCode::OK);
        assert_eq!(world.app.shop().settings.stopped, stopped);
    }
    let (status, tried) =
        ask(&world, &admin, "POST", "/api/v1/test-mail", r#"{"to": "a@shop.example"}"#).await;
    assert_eq!(
        (status, &tried["sent"], &tried["result"]),
        (StatusCode::OK, &json!(false), &json!("test-relay"))
    );
    let (_, restored) = ask(&world, &admin, "POST", "/api/v1/restored", r#"{"sure": true}"#).await;
    assert_eq!(restored, json!({"paused": false, "doubt": null}));
    let (_, why) = ask(&world, &admin, "POST", "/api/v1/restored", r#"{"sure": false}"#).await;
    assert_eq!(why["field"], "sure");
    let path = "/api/v1/journeys/abandoned-cart/numbers.csv";
    let (_, table) = ask(&world, &key, "GET", path, "").await;
    assert!(table.as_str().unwrap().starts_with("day,step,entered,sent"), "{table}");
    assert_eq!(ask(&world, &key, "GET", &format!("{path}?period=age"), "").await.1["field"], "period");
}

#[tokio::test]
async fn whatever_is_refused_is_a_problem() {
    let world = World::new();
    let key = world.server_key.clone();
    for (method, path, status, field) in [
        ("GET", "/api/v1/messages?limit=many", StatusCode::BAD_REQUEST, "limit"),
        ("GET", "/api/v1/parked?limit=-1", StatusCode::BAD_REQUEST, "limit"),
        ("GET", "/api/v1/profiles/%ff", StatusCode::BAD_REQUEST, ""),
        ("POST", "/api/v1/profiles", StatusCode::METHOD_NOT_ALLOWED, ""),
        ("DELETE", "/api/v1/stages", StatusCode::METHOD_NOT_ALLOWED, ""),
        ("GET", "/api/v1/nothing", StatusCode::NOT_FOUND, ""),
        ("POST", "/api/v1/stop", StatusCode::BAD_REQUEST, ""),
        ("GET", "/api/v1/settings", StatusCode::FORBIDDEN, ""),
    ] {
        let (answered, why) = ask(&world, &key, method, path, "").await;
        assert_eq!(answered, status, "{method} {path}: {why}");
        assert!(why["code"].is_string() && why["detail"].is_string(), "{why}");
        assert_eq!(why["field"].as_str().unwrap_or_default(), field, "{why}");
    }
    let (_, why) = ask(&world, &key, "POST", "/api/v1/stop", r#"{"halted": true}"#).await;
    assert_eq!(why["field"], "halted");
    assert_eq!(ask(&world, "sk_wrong", "GET", "/api/v1/nothing", "").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_only_the_owner_may_do_asks_for_her_key() {
    let (world, _) = World::with_owner().await;
    world.staff("developer@example.com", Role::Developer).await;
    let key = world.server_key.clone();
    for route in beckon_server::api::routes().into_iter().filter(|route| route.need == Need::AdminKey) {
        let path = route.path.replace("{email}", "developer@example.com").replace("{id}", "1");
        let (status, why) = ask(&world, &key, route.method.as_str(), &path, "{}").await;
        assert_eq!((status, &why["code"]), (StatusCode::FORBIDDEN, &json!("missing_scope")), "{path}");
    }
}
