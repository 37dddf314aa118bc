//! A mail, whole: carts that fall due at once are decided on, claimed, rendered, packed, signed, handed over and sent,
//! every step of it on disk; beside the same rendering, packing, signing and sending without a store. And how long
//! after its due a mail is handed over while little happens.
//!
//! `cargo bench -p beckon --bench mail`; `-- --rounds 3 --carts 1000` for less.
#![allow(clippy::unwrap_used, reason = "a figure that cannot be taken stops")]

mod support;

use beckon_channels::smtp::{Envelope, Pool, Settings};
use beckon_channels::{Address, Outcome, dkim, mime};
use beckon_core::time::{MINUTE, SECOND, ShopTime};
use beckon_render::{Envelope as About, Links, MessageClass, Source, Template, headers, render};
use beckon_server::app::{App, SHOP};
use beckon_server::run::sender::Kept;
use beckon_server::run::task::Task;
use beckon_server::serve;
use beckon_sim::load::{post, send_all};
use beckon_sim::smtp::{Mailbox, Options};
use beckon_store::{MessageFilter, MessageRow, MessageState};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::shop::{config, prepare, timestamp, wall_now};
use support::{Dir, alone, arg, head, quantile_ms, row};
use tokio::task::{JoinSet, spawn_blocking};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SESSIONS: usize = 8;
/// Mails that the program has in hand for each session.
const AHEAD_PER_SESSION: usize = 4;
const LINES: usize = 6;
const DKIM: &str = include_str!("../crates/channels/tests/keys/rsa-pkcs8.pem");
/// After this time of quiet the journey writes.
const AWAY_MINUTES: i64 = 15;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(run());
}

/// The running program, its relay, and the shoppers so far.
struct Bench {
    running: serve::Running,
    relay: Mailbox,
    products: Vec<String>,
    write_key: String,
    shoppers: usize,
}

async fn run() {
    let dir = Dir::new("mail");
    let (keys, products) = prepare(&dir.0, Some(DKIM));
    let relay = Mailbox::start(Options { keep: 1, ..Options::default() }).await.unwrap();
    let url = format!("smtp://{}", relay.addr());
    let running = serve::start(config(&dir.0, Some(url), SESSIONS), None).await.unwrap();
    let mut bench = Bench { running, relay, products, write_key: keys.write_key, shoppers: 0 };
    let carts = arg("--carts", 2_000);
    bench.whole(200).await;
    let probe = bench.probe();
    let bytes = bench.relay.received().last().map_or(0, |mail| mail.raw.len());
    head("mails, whole", "cargo bench -p beckon --bench mail");
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..arg("--rounds", 5) {
        bare.push(probe.rate(carts).await);
        ours.push(bench.whole(carts).await);
    }
    row(&format!("mails/s, {SESSIONS} sessions"), &bare, &ours);
    alone("bytes of a mail", bytes);
    alone("signed links of a mail", probe.links());
    let mut late = bench.light(300).await;
    alone("due to handed over, 50 mails/s, p50, ms", format!("{:.1}", quantile_ms(&mut late, 0.5)));
    alone("due to handed over, 50 mails/s, p99, ms", format!("{:.1}", quantile_ms(&mut late, 0.99)));
    bench.running.stop().await;
}

impl Bench {
    fn app(&self) -> &Arc<App> {
        &self.running.app
    }

    /// A shopper who says who she is and fills a cart.
    fn shopper(&mut self) -> Vec<u8> {
        self.shoppers += 1;
        let who = self.shoppers;
        let time = timestamp(wall_now());
        let lines: Vec<String> = (0..LINES)
            .map(|line| {
                let product = &self.products[(who * 7 + line * 31) % self.products.len()];
                format!(r#"{{"product_id":"{product}","quantity":1,"price":1990,"currency":"RUB"}}"#)
            })
            .collect();
        let common = format!(r#""anonymousId":"mail-{who}","timestamp":"{time}","sentAt":"{time}""#);
        let body = format!(
            r#"{{"writeKey":"{}","batch":[{{"type":"identify","messageId":"i{who}","traits":{{"email":"shopper{who}@example.test","email_consent":true}},{common}}},{{"type":"track","event":"Cart Viewed","messageId":"c{who}","properties":{{"cart_id":"c{who}","products":[{}]}},{common}}}]}}"#,
            self.write_key,
            lines.join(",")
        );
        post("/v1/batch", "", &body)
    }

    /// Mails a second from the moment at which all carts fall due to the one at which the last is known as sent.
    async fn whole(&mut self, carts: usize) -> f64 {
        let requests: Vec<Vec<u8>> = (0..carts).map(|_| self.shopper()).collect();
        send_all(self.running.public, 8, Arc::new(requests)).await.unwrap();
        let wanted = self.relay.accepted() + carts as u64;
        let app = Arc::clone(self.app());
        app.clock.jump(app.now().plus(MINUTE.times(AWAY_MINUTES + 1)));
        let begun = Instant::now();
        self.nudge().await;
        while self.relay.accepted() < wanted || self.is_handing() {
            assert!(begun.elapsed() < Duration::from_secs(120), "mails do not go out: {}", self.troubles());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        carts as f64 / begun.elapsed().as_secs_f64()
    }

    /// The decider looks at the clock when something reaches it.
    async fn nudge(&self) {
        self.app().decider.ask(|reply| Task::Take { most: 0, reply }).await.unwrap();
    }

    fn is_handing(&self) -> bool {
        !self.app().store.interrupted().unwrap().is_empty()
    }

    fn rows(&self, state: Option<MessageState>, most: usize) -> Vec<MessageRow> {
        let filter = MessageFilter { shop: SHOP, state, ..MessageFilter::default() };
        self.app().store.messages(&filter, None, most).unwrap()
    }

    fn troubles(&self) -> String {
        let rows = self.rows(None, 5);
        rows.iter().map(|row| format!("{:?} {} {}; ", row.state, row.reason, row.notes)).collect()
    }

    /// Carts that fall due one after another while nothing else happens; how late each was handed over.
    async fn light(&mut self, carts: usize) -> Vec<Duration> {
        let before = self.app().now();
        for _ in 0..carts {
            let request = self.shopper();
            send_all(self.running.public, 1, Arc::new(vec![request])).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // The first falls due a second from here, the others as far apart as they were filled.
        let (app, wanted) = (Arc::clone(self.app()), self.relay.accepted() + carts as u64);
        app.clock.jump(ShopTime(before.plus(MINUTE.times(AWAY_MINUTES)).0 - SECOND.0));
        self.nudge().await;
        let begun = Instant::now();
        while self.relay.accepted() < wanted || self.is_handing() {
            assert!(begun.elapsed() < Duration::from_secs(120), "mails do not go out: {}", self.troubles());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let rows = self.rows(Some(MessageState::Sent), carts);
        let late = rows.iter().filter_map(|row| Some(row.handed_at?.since(row.due).0.max(0) as u64));
        late.map(Duration::from_millis).collect()
    }

    /// The same mail as was sent last, without a store.
    fn probe(&self) -> Probe {
        let row = self.rows(Some(MessageState::Sent), 1).remove(0);
        let kept: Kept = serde_json::from_slice(&row.body).unwrap();
        let source = Source::shipped_one(&row.template, &kept.locale).unwrap().unwrap();
        let state = self.app().shop();
        Probe(Arc::new(Parts {
            template: Template::compile(&source).unwrap(),
            links: Links::new("https://mail.shop.example", &state.secret),
            key: dkim::Key::parse("shop.example", "bench", DKIM.as_bytes()).unwrap(),
            from: Address::parse("Lighthouse <hello@shop.example>").unwrap(),
            relay: Settings::parse(&format!("smtp://{}", self.relay.addr())).unwrap(),
            kept,
            row,
        }))
    }
}

/// Rendering, packing, signing and sending, and nothing kept.
#[derive(Clone)]
struct Probe(Arc<Parts>);

struct Parts {
    template: Template,
    links: Links,
    key: dkim::Key,
    from: Address,
    relay: Settings,
    kept: Kept,
    row: MessageRow,
}

impl Probe {
    fn links(&self) -> usize {
        render(&self.0.template, &self.0.kept.facts, &self.0.links, 1).unwrap().link_count
    }

    /// A mail to somebody, ready to be sent.
    fn written(&self, message: u64, to: &Address) -> Vec<u8> {
        let parts = &self.0;
        let mut facts = parts.kept.facts.clone();
        facts.urls = parts.links.urls(message, "marketing");
        let rendered = render(&parts.template, &facts, &parts.links, message).unwrap();
        let about = About {
            message,
            class: MessageClass::Marketing,
            purpose: "marketing",
            shop_name: "Lighthouse",
            campaign: &parts.row.journey,
            template: &parts.row.template,
            sender: parts.from.domain(),
            mailto_domain: None,
        };
        let headers: Vec<(String, String)> =
            headers(&parts.links, &about).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let mail = mime::Mail {
            from: &parts.from,
            to,
            subject: &rendered.subject,
            date: wall_now(),
            message_id: &format!("{message:016x}@shop.example"),
            headers: &headers,
            text: &rendered.text,
            html: Some(&rendered.html),
        };
        dkim::sign(std::slice::from_ref(&parts.key), &mime::build(&mail).unwrap(), wall_now()).unwrap()
    }

    /// Mails a second over as many sessions, as many written ahead, on as many threads as ours may use.
    async fn rate(&self, mails: usize) -> f64 {
        let pool = Pool::new(self.0.relay.clone(), SESSIONS);
        let begun = Instant::now();
        let mut tasks = JoinSet::new();
        let ahead = SESSIONS * AHEAD_PER_SESSION;
        for first in 0..ahead {
            let (probe, pool) = (self.clone(), pool.clone());
            tasks.spawn(async move {
                for n in (first..mails).step_by(ahead) {
                    let to = format!("shopper{n}@example.test");
                    let (writer, address) = (probe.clone(), Address::parse(&to).unwrap());
                    let mail = spawn_blocking(move || writer.written(n as u64 + 1, &address)).await.unwrap();
                    let slot = pool.ready().await.unwrap();
                    let said = slot.send(&Envelope { from: "hello@shop.example", to: &to }, &mail).await;
                    assert!(matches!(said, Outcome::Sent { .. }), "{said:?}");
                }
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        let rate = mails as f64 / begun.elapsed().as_secs_f64();
        pool.close().await;
        rate
    }
}
