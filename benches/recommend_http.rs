//! `/v1/recommend` over HTTP: how many a second beside an endpoint of the same server stack that gives back a ready
//! answer of the same size, and how long each waits at a steady 2,000 a second while events stream in.
//!
//! `cargo bench -p beckon --bench recommend_http`; `-- --quick 1` for a look, `--seconds 60` for a longer stream.
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

mod support;

use axum::Router;
use axum::http::header;
use axum::routing::post;
use beckon_server::serve;
use beckon_sim::load::{self, ask, send_all, send_steadily};
use beckon_sim::traffic::Traffic;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use support::shop::{config, prepare, timestamp, wall_now};
use support::{Dir, Draw, alone, arg, head, quantile_ms, row};
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Shoppers of whom events are sent.
const SHOPPERS: u64 = 20_000;
/// Connections that ask.
const CONNECTIONS: usize = 16;
/// Questions a second of the steady stream, and events beside them.
const QUESTIONS_PER_SEC: usize = 2_000;
const EVENTS_PER_SEC: usize = 200;

/// What pages ask: a name, and what shows what.
const PAGES: [(&str, &str); 3] = [
    ("product card, 8 similar", r#""show":"card-similar","size":8,"products":["{a}"]"#),
    ("cart of 2, what goes with it", r#""show":"cart-accompanying","cart":["{a}","{b}"]"#),
    ("home after 2 views", r#""show":"home-for-you","viewed":["{a}","{b}"]"#),
];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run());
}

async fn run() {
    let quick = arg("--quick", 0) == 1;
    let (rounds, requests, secs, batches) = if quick { (1, 2_000, 2, 100) } else { (5, 10_000, 20, 1_000) };
    let dir = Dir::new("recommend-http");
    let (keys, products) = prepare(&dir.0, None);
    let running = serve::start(config(&dir.0, None, 1), None).await.unwrap();
    let mut traffic = Traffic::new(1, SHOPPERS, products.clone(), &keys.write_key);
    let known = traffic.batches(arg("--batches", batches), 100, &timestamp(wall_now()));
    send_all(running.public, 8, Arc::new(known)).await.unwrap();
    head("recommendations over HTTP", "cargo bench -p beckon --bench recommend_http");
    alone("products", products.len());
    let mut draw = Draw(5);
    for (name, fields) in PAGES {
        let asked = Arc::new(questions(&mut draw, &products, &keys.write_key, fields, requests));
        let ready = probe(ask(running.public, &asked[0]).await.unwrap()).await;
        let (mut rates, mut p99) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
        for _ in 0..arg("--rounds", rounds) {
            for (who, addr) in [ready, running.public].into_iter().enumerate() {
                let mut sent = send_all(addr, CONNECTIONS, Arc::clone(&asked)).await.unwrap();
                rates[who].push(sent.each.len() as f64 / sent.whole.as_secs_f64());
                p99[who].push(quantile_ms(&mut sent.each, 0.99));
            }
        }
        row(&format!("{name}, /s"), &rates[0], &rates[1]);
        row(&format!("{name}, p99, ms"), &p99[0], &p99[1]);
    }
    steadily(running.public, &mut traffic, &products, &keys.write_key, arg("--seconds", secs)).await;
    running.stop().await;
}

/// Questions of all kinds at a steady pace, with and without events beside them.
async fn steadily(addr: SocketAddr, traffic: &mut Traffic, products: &[String], key: &str, secs: usize) {
    let mut draw = Draw(9);
    let mut asked: Vec<Vec<u8>> = Vec::new();
    for (_, fields) in PAGES {
        asked.extend(questions(&mut draw, products, key, fields, 1_000));
    }
    // Kinds by turns.
    let asked = (0..QUESTIONS_PER_SEC * secs).map(|n| asked[n % 3 * 1_000 + n / 3 % 1_000].clone());
    let asked = Arc::new(asked.collect::<Vec<_>>());
    let pace = Duration::from_secs(1) / QUESTIONS_PER_SEC as u32;
    for events in [0, EVENTS_PER_SEC] {
        let singles = Arc::new(traffic.singles(events * secs, &timestamp(wall_now())));
        let beside = Duration::from_secs(1) / events.max(1) as u32;
        let events_sent = tokio::spawn(send_steadily(addr, 8, beside, singles));
        let mut times = send_steadily(addr, CONNECTIONS * 4, pace, Arc::clone(&asked)).await.unwrap();
        events_sent.await.unwrap().unwrap();
        for share in [0.5, 0.9, 0.99, 0.999] {
            let name = format!("2,000/s with {events} events/s, p{}, ms", share * 100.0);
            alone(&name, format!("{:.2}", quantile_ms(&mut times, share)));
        }
    }
}

fn questions(draw: &mut Draw, products: &[String], key: &str, fields: &str, count: usize) -> Vec<Vec<u8>> {
    let mut one = || products[draw.below(products.len() as u64) as usize].clone();
    let make = |_| {
        let fields = fields.replace("{a}", &one()).replace("{b}", &one());
        load::post("/v1/recommend", "", &format!("{{\"writeKey\":\"{key}\",{fields}}}"))
    };
    (0..count).map(make).collect()
}

/// The least that could answer: the same bytes to everybody.
async fn probe(ready: String) -> SocketAddr {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    let router = Router::new().route(
        "/v1/recommend",
        post(move |_: axum::body::Bytes| {
            let ready = ready.clone();
            async move { (headers, ready) }
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    addr
}
