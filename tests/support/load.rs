//! Shoppers who never give up: each call is sent again, unchanged, until it is acknowledged, and some even after that.

use crate::http;
use crate::program::Program;
use base64::Engine;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A sequence of numbers that a seed repeats (xorshift64*, Vigna 2016).
pub struct Chance(u64);

impl Chance {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % end
    }
}

/// What the shoppers did, to be compared with what the program remembers.
#[derive(Default)]
pub struct Done {
    /// Message ids of events that were acknowledged.
    pub acknowledged: Mutex<Vec<String>>,
    /// Addresses of people who left a full cart and never ordered.
    pub left: Mutex<Vec<String>>,
    /// Calls that had to be sent again.
    pub repeated: AtomicU64,
    /// Set when everybody is to finish.
    pub stop: AtomicBool,
    /// Who takes longer than this to say who she is has left before anybody knew; not set where time stands still
    /// while nobody answers. Zero where time may run on for longer than a start stays fresh: then nobody can be said to
    /// have been forgotten.
    pub gone_after: Option<Duration>,
}

/// One browser after another, each of a person who was never seen before.
pub async fn shopper(number: u64, program: Arc<Program>, done: Arc<Done>) {
    let mut chance = Chance::new(number + 1);
    let mut visit = 0;
    while !done.stop.load(Ordering::Relaxed) {
        Visit {
            name: format!("{number}-{visit}"),
            calls: 0,
            program: &program,
            done: &done,
            chance: &mut chance,
        }
        .run()
        .await;
        visit += 1;
        tokio::time::sleep(Duration::from_millis(chance.below(150))).await;
    }
}

struct Visit<'a> {
    name: String,
    calls: u32,
    program: &'a Program,
    done: &'a Done,
    chance: &'a mut Chance,
}

impl Visit<'_> {
    async fn run(mut self) {
        let (email, browser) = (format!("s{}@example.test", self.name), format!("browser-{}", self.name));
        let says = json!({"email": email, "email_consent": true, "firstName": "Anna"});
        let began = Instant::now();
        let is_known = |done: &Done| done.gone_after.is_none_or(|gone| began.elapsed() < gone);
        let left = match self.chance.below(4) {
            // Unknown first, then she says who she is.
            0 => {
                let add = self.add(&browser);
                self.post(vec![add]).await;
                let identify = json!({"type": "identify", "anonymousId": browser, "traits": says});
                self.post(vec![identify]).await;
                is_known(self.done)
            }
            // All at once.
            1 => {
                let identify = json!({"type": "identify", "anonymousId": browser, "traits": says});
                let adds = [self.add(&browser), self.add(&browser)];
                self.post([&[identify], &adds[..]].concat()).await;
                self.done.gone_after.is_none_or(|gone| !gone.is_zero())
            }
            // Two devices become one person.
            2 => {
                let user = format!("user-{}", self.name);
                let phone = format!("phone-{}", self.name);
                let adds = [self.add(&browser), self.add(&phone)];
                let [first, second] = adds;
                self.post(vec![first]).await;
                self.post(vec![second]).await;
                for device in [browser, phone] {
                    let who =
                        json!({"type": "identify", "anonymousId": device, "userId": user, "traits": says});
                    self.post(vec![who]).await;
                }
                is_known(self.done)
            }
            // She orders in the end.
            _ => {
                let identify = json!({"type": "identify", "anonymousId": browser, "traits": says});
                let add = self.add(&browser);
                self.post(vec![identify, add]).await;
                tokio::time::sleep(Duration::from_millis(self.chance.below(1_500))).await;
                let goods = json!({"order_id": format!("O-{}", self.name), "total": 100, "currency": "RUB",
                    "products": [{"product_id": "P-1", "quantity": 1, "price": 100}]});
                let order = json!({"type": "track", "event": "Order Completed", "anonymousId": browser,
                    "properties": goods});
                self.post(vec![order]).await;
                false
            }
        };
        if left {
            self.done.left.lock().unwrap().push(email);
        }
    }

    fn add(&mut self, browser: &str) -> Value {
        let product = format!("P-{}", self.chance.below(crate::shop::OFFERS as u64));
        json!({"type": "track", "event": "Product Added", "anonymousId": browser,
            "properties": {"product_id": product, "quantity": 1, "price": 100}})
    }

    /// Posts one call or a batch until it is acknowledged. Every event keeps its message id.
    async fn post(&mut self, mut events: Vec<Value>) {
        let mut ids = Vec::new();
        for event in &mut events {
            let id = format!("m-{}-{}", self.name, self.calls);
            self.calls += 1;
            event["messageId"] = json!(id);
            ids.push(id);
        }
        let single = events.len() == 1 && self.chance.below(2) == 0;
        let path = if single {
            format!("/v1/{}", events[0]["type"].as_str().unwrap())
        } else {
            "/v1/batch".to_owned()
        };
        let body = if single { events.remove(0) } else { json!({ "batch": events }) }.to_string();
        let login = base64::engine::general_purpose::STANDARD.encode(format!("{}:", self.program.write_key));
        let headers = ["Content-Type: application/json", &format!("Authorization: Basic {login}")];
        // Now and then the answer is lost on the way, and the call comes again although it was acknowledged.
        let mut times = if self.chance.below(10) == 0 { 2 } else { 1 };
        while times > 0 {
            // Whichever program answers is as good as another.
            let to = self.program.front(self.chance.below(1 << 16));
            let answer = http::request(to, "POST", &path, &headers, body.as_bytes()).await;
            match answer {
                Ok(answer) if answer.status == 200 => {
                    times -= 1;
                    continue;
                }
                Ok(answer) => assert!(
                    matches!(answer.status, 429 | 500..),
                    "{path} {body}: {} {}",
                    answer.status,
                    answer.body
                ),
                Err(_) => {}
            }
            self.done.repeated.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(20 + self.chance.below(100))).await;
        }
        self.done.acknowledged.lock().unwrap().extend(ids);
        tokio::time::sleep(Duration::from_millis(20 + self.chance.below(120))).await;
    }
}
