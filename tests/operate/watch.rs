//! Health and metrics of a program that does something.

use crate::program::Program;
use crate::{http, shop};
use beckon_sim::smtp::{Mailbox, Options};
use serde_json::{Value, json};

/// A program with a relay, on which everything that is counted has happened once.
pub async fn story(name: &str) -> (Program, crate::program::Serving, Mailbox) {
    let relay = Mailbox::start(Options { addr: shop::free_port(), ..Options::default() }).await.unwrap();
    let mut program = Program::set_up(name);
    let url = format!("smtp://{}", relay.addr());
    program.options = ["--smtp-url", &url, "--time-factor", "3600"].map(str::to_owned).to_vec();
    let serving = program.start().await;
    program.fills_cart("b-1", "anna@mail.example").await;
    // Nobody, and an address that is none.
    let nobody = json!({"type": "track", "event": "Product Viewed", "anonymousId": null});
    let key = format!("Authorization: Basic {}", {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(format!("{}:", program.write_key))
    });
    let taken =
        http::request(program.public, "POST", "/v1/track", &[&key], nobody.to_string().as_bytes()).await;
    assert_eq!(taken.unwrap().status, 200);
    program.web("b-1", json!({"type": "identify", "traits": {"email": "no address"}})).await;
    let unkeyed = http::request(program.public, "POST", "/v1/track", &[], b"{}").await.unwrap();
    assert_eq!(unkeyed.status, 401);
    crate::program::until("the mail", async || {
        program.metric("beckon_messages_total{outcome=\"sent\"}").await.is_some_and(|sent| sent >= 1.0)
    })
    .await;
    (program, serving, relay)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_says_in_words_how_it_is() {
    let program = Program::set_up("health");
    let serving = program.start().await;
    for (side, path) in [(program.public, "/health/live"), (program.admin, "/health/live")] {
        let live = http::request(side, "GET", path, &[], b"").await.unwrap();
        assert_eq!((live.status, live.body.as_str()), (200, "live"));
    }
    let ready = http::request(program.admin, "GET", "/health/ready", &[], b"").await.unwrap();
    assert_eq!(ready.status, 200);
    let words: Value = serde_json::from_str(&ready.body).unwrap();
    assert_eq!(words["ready"], true);
    assert_eq!(words["store"], "answers");
    assert_eq!(words["shop"], "loaded");
    assert_eq!(words["decider"], "works");
    assert_eq!(words["sending"], "waits: no relay or no sender is set");
    assert_eq!(words["version"], env!("CARGO_PKG_VERSION"));
    let public = http::request(program.public, "GET", "/health/ready", &[], b"").await.unwrap();
    assert_eq!(public.status, 404, "strangers are told no more than that it lives");
    serving.stop().await;
    program.clear();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_count_what_happened_and_name_nobody() {
    let (program, serving, _relay) = story("metrics").await;
    let page = program.metrics_page().await;
    let figure = |line: &str| -> f64 {
        let found = page.lines().find_map(|l| l.strip_prefix(line).filter(|rest| rest.starts_with(' ')));
        found.unwrap_or_else(|| panic!("no {line} in\n{page}")).trim().parse().unwrap()
    };
    assert_eq!(figure("beckon_events_taken_total"), 3.0);
    assert_eq!(figure("beckon_events_refused_total{reason=\"no-id\"}"), 1.0);
    assert_eq!(figure("beckon_events_flagged_total{reason=\"bad-email\"}"), 1.0);
    assert_eq!(figure("beckon_requests_refused_total{reason=\"invalid_write_key\"}"), 1.0);
    assert_eq!(figure("beckon_messages_total{outcome=\"unknown\"}"), 0.0);
    assert_eq!(figure("beckon_outbox_messages{lane=\"mass\",state=\"approved\"}"), 0.0);
    assert_eq!(
        (figure("beckon_paused"), figure("beckon_store_ok"), figure("beckon_feed_ok")),
        (0.0, 1.0, 1.0)
    );
    assert!(figure("beckon_commit_seconds_count") > 2.0);
    assert!(figure("beckon_database_bytes{plane=\"customers\"}") > 4_096.0);
    assert!(figure("beckon_disk_free_bytes") > 0.0);
    assert_eq!(figure(&format!("beckon_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"))), 1.0);
    let route = "beckon_http_request_seconds_count{side=\"public\",route=\"/v1/{call}\",status=\"2xx\"}";
    assert_eq!(figure(route), 4.0);
    // Many paths that do not exist are one route.
    for n in 0..5 {
        http::request(program.public, "GET", &format!("/nothing/{n}"), &[], b"").await.unwrap();
    }
    let page = program.metrics_page().await;
    assert!(page.contains("route=\"unmatched\""), "{page}");
    for personal in ["anna", "mail.example", "127.0.0.1", "/nothing"] {
        assert!(!page.contains(personal), "{personal} is in the metrics:\n{page}");
    }
    for line in page.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        assert!(line.starts_with("beckon_"), "{line}");
    }
    serving.stop().await;
    program.clear();
}
