//! A whole shop in this process: the server on real ports, a relay of our own, and a clock that jumps from one due moment
//! to the next, so that days pass in seconds and nothing happens late.

use crate::http::{self, Answer};
use crate::shop;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beckon_core::time::{HOUR, MINUTE, SECOND, ShopTime, Span, WallTime};
use beckon_pgtest::Database;
use beckon_server::app::{App, Config, Ops, SHOP};
use beckon_server::clock::Clock;
use beckon_server::connect::{fetch, import};
use beckon_server::journeys::{self, Change, Stamp};
use beckon_server::run::task::Task;
use beckon_server::serve::{self, Running};
use beckon_server::settings::ShopCard;
use beckon_server::setup;
use beckon_sim::smtp::{Faults, Mailbox, Options};
use beckon_store::shop::ShopPlane;
use beckon_store::{EventRow, MessageFilter, MessageRow, MessageState, Place};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Midnight of the first day of every story: Monday, 2 March 2026, UTC.
pub const MIDNIGHT: ShopTime = ShopTime(1_772_409_600_000);
/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// How a person's mail program or browser calls itself.
pub const FIREFOX: &str =
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
/// What forms and mail programs post.
pub const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

/// A shop that is open.
pub struct House {
    running: Running,
    /// Where its mails go.
    pub relay: Mailbox,
    /// The key of the shop's pages.
    pub write_key: String,
    /// The key of the shop's servers.
    pub server_key: String,
    dir: PathBuf,
    _database: Option<Database>,
}

/// A mail as its reader has it.
pub struct Letter {
    /// To whom.
    pub to: String,
    /// Header lines and body as sent.
    pub raw: String,
    /// The HTML part, decoded.
    pub html: String,
    /// The text part, decoded.
    pub text: String,
}

impl Letter {
    /// The target of the first link of the HTML that holds `part`, without the origin.
    pub fn path(&self, part: &str) -> String {
        let links = self.html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let mut images = self.html.split("src=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let link =
            links.into_iter().find(|link| link.contains(part)).or_else(|| images.find(|i| i.contains(part)));
        let link = link.unwrap_or_else(|| panic!("no link with {part} in the mail"));
        let after = link.split("://").nth(1).unwrap_or(link);
        format!("/{}", after.split_once('/').unwrap().1).replace("&amp;", "&")
    }
}

impl House {
    /// Opens at ten in the morning with a relay that behaves.
    pub async fn open() -> House {
        House::open_with(Faults::None).await
    }

    /// Opens at ten in the morning.
    pub async fn open_with(faults: Faults) -> House {
        let on_server = std::env::var("BECKON_TEST_ON").is_ok_and(|engine| engine == "postgresql");
        let database = on_server.then(|| tokio::task::spawn_blocking(beckon_pgtest::database));
        let database = match database {
            Some(made) => made.await.unwrap(),
            None => None,
        };
        House::open_in(database, faults).await
    }

    /// Opens at ten in the morning in a database of PostgreSQL; `None` where it is not installed.
    pub async fn open_on_server() -> Option<House> {
        let database = tokio::task::spawn_blocking(beckon_pgtest::database).await.unwrap()?;
        Some(House::open_in(Some(database), Faults::None).await)
    }

    async fn open_in(database: Option<Database>, faults: Faults) -> House {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("house-{}-{number}", std::process::id());
        let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).unwrap();
        let server = database.as_ref().map(|database| Place::read(&database.url));
        let (at, place) = (dir.clone(), server.clone().unwrap_or_else(|| Place::Directory(dir.clone())));
        let keys = tokio::task::spawn_blocking(move || furnish(&at, &place)).await.unwrap();
        let options = Options { addr: shop::free_port(), faults, ..Options::default() };
        let relay = Mailbox::start(options).await.unwrap();
        let config = Config {
            dir: dir.clone(),
            public: shop::free_port(),
            admin: shop::free_port(),
            smtp_url: Some(format!("smtp://{}", relay.addr())),
            from: Some("Tea <tea@shop.example>".to_owned()),
            public_origin: None,
            time_factor: 1.0,
            smtp_sessions: 2,
            allow_private_feeds: true,
            ops: Ops { database: server, ..Ops::default() },
        };
        let clock = Clock::starting_at(MIDNIGHT.plus(HOUR.times(10)), 1.0);
        let running = serve::start(config, Some(clock)).await.unwrap();
        House {
            running,
            relay,
            write_key: keys.write_key,
            server_key: keys.server_key,
            dir,
            _database: database,
        }
    }

    /// Closes it and takes its data away.
    pub async fn close(self) {
        self.running.stop().await;
        std::fs::remove_dir_all(&self.dir).unwrap();
    }

    /// The program.
    pub fn app(&self) -> &Arc<App> {
        &self.running.app
    }

    /// A request to the public address.
    pub async fn ask(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> Answer {
        http::request(self.running.public, method, path, headers, body).await.unwrap()
    }

    /// Where shoppers reach it.
    pub fn public(&self) -> std::net::SocketAddr {
        self.running.public
    }

    /// The shop's server reads the API.
    pub async fn api(&self, path: &str) -> Answer {
        let login = format!("Authorization: Bearer {}", self.server_key);
        http::request(self.running.admin, "GET", path, &[&login], b"").await.unwrap()
    }

    /// The shop's server changes something by the API.
    pub async fn api_post(&self, path: &str, body: &Value) -> Answer {
        let login = format!("Authorization: Bearer {}", self.server_key);
        let headers = ["Content-Type: application/json", login.as_str()];
        let body = body.to_string();
        http::request(self.running.admin, "POST", path, &headers, body.as_bytes()).await.unwrap()
    }

    /// A person follows a link.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[FIREFOX], b"").await
    }

    /// A person or a mail program posts a form.
    pub async fn post_form(&self, path: &str, form: &str) -> Answer {
        self.ask("POST", path, &[FIREFOX, FORM], form.as_bytes()).await
    }

    /// Any body to a path of the tracking API.
    pub async fn post(&self, key: &str, path: &str, body: &Value) -> Answer {
        let login = format!("Authorization: Basic {}", STANDARD.encode(format!("{key}:")));
        self.ask("POST", path, &["Content-Type: application/json", &login], body.to_string().as_bytes()).await
    }

    /// A call of a page, taken.
    pub async fn web(&self, browser: &str, mut call: Value) {
        call["anonymousId"] = json!(browser);
        self.call(&self.write_key, call).await;
    }

    /// A call of the shop's servers, taken.
    pub async fn server(&self, call: Value) {
        self.call(&self.server_key, call).await;
    }

    async fn call(&self, key: &str, call: Value) {
        let path = format!("/v1/{}", call["type"].as_str().unwrap());
        let answer = self.post(key, &path, &call).await;
        assert_eq!(answer.status, 200, "{call}: {}", answer.body);
    }

    /// Somebody who agreed to mails puts a product into her cart.
    pub async fn fills_cart(&self, browser: &str, email: &str, product: &str) {
        self.web(browser, identify(email)).await;
        self.web(browser, added(product)).await;
    }

    /// Lets time pass; whatever falls due meanwhile happens at its own moment.
    pub async fn pass(&self, span: Span) {
        let end = self.app().now().plus(span);
        loop {
            self.settle().await;
            let store = &self.app().store;
            let due = [store.next_due().unwrap(), store.next_outbox().unwrap()];
            let now = self.app().now();
            let next = due.into_iter().flatten().filter(|at| *at > now).min();
            match next.filter(|at| *at <= end) {
                Some(at) => self.app().clock.jump(at),
                None => break,
            }
        }
        self.app().clock.jump(end);
        self.settle().await;
    }

    /// Lets time pass until it is so late on a day of the story.
    pub async fn until(&self, day: i64, hour: i64, minute: i64) {
        let at = MIDNIGHT.plus(HOUR.times(24 * day + hour)).plus(MINUTE.times(minute));
        self.pass(at.since(self.app().now())).await;
    }

    /// Comes back when nothing is due and nothing is on its way.
    pub async fn settle(&self) {
        let idle = |house: &House| {
            let now = house.app().now();
            let later = house.app().store.next_due().unwrap().is_none_or(|at| at > now.plus(SECOND));
            later && !house.messages().iter().any(|row| on_its_way(row, now))
        };
        self.wait("that all is done", idle).await;
    }

    /// Waits for a condition.
    pub async fn wait(&self, what: &str, condition: impl Fn(&House) -> bool) {
        let began = Instant::now();
        loop {
            // Wakes the decider, and comes back when it has done what was due.
            drop(self.app().decider.ask(|reply| Task::Take { most: 0, reply }).await);
            if condition(self) {
                return;
            }
            let rows: Vec<_> =
                self.messages().iter().map(|row| (row.id, row.state, row.notes.clone())).collect();
            assert!(began.elapsed() < PATIENCE, "waited for {what}: {rows:?}");
            self.app().decider.shared().outbox.notify_one();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The mails that left, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        let read = |mail: beckon_sim::smtp::Mail| {
            let message = mail_parser::MessageParser::default().parse(&*mail.raw).unwrap();
            let part = |text: Option<std::borrow::Cow<str>>| text.unwrap_or_default().into_owned();
            Letter {
                to: mail.to.clone(),
                html: part(message.body_html(0)),
                text: part(message.body_text(0)),
                raw: String::from_utf8_lossy(&mail.raw).into_owned(),
            }
        };
        self.relay.received().into_iter().map(read).collect()
    }

    /// The only mail that left.
    pub fn letter(&self) -> Letter {
        let mut letters = self.letters();
        assert_eq!(letters.len(), 1, "one mail: {:?}", self.messages());
        letters.remove(0)
    }

    /// Every message that was considered, newest first.
    pub fn messages(&self) -> Vec<MessageRow> {
        let filter = MessageFilter { shop: SHOP, ..MessageFilter::default() };
        self.app().store.messages(&filter, None, 1_000).unwrap()
    }

    /// The only message that was considered.
    pub fn message(&self) -> MessageRow {
        let mut rows = self.messages();
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }

    /// Every event that was kept, oldest first.
    pub fn events(&self) -> Vec<EventRow> {
        self.app().store.events(0, 10_000).unwrap().into_iter().map(|(_, row)| row).collect()
    }

    /// Puts a template in place of a shipped one.
    pub fn change_template(&self, key: &str, text: &str) -> Result<(), journeys::NotApplied> {
        journeys::change_template(&self.app().plane, key, text, stamp())?;
        beckon_server::run::follow::reload_if_changed(self.app()).unwrap();
        Ok(())
    }
}

fn on_its_way(row: &MessageRow, now: ShopTime) -> bool {
    match row.state {
        MessageState::Claimed | MessageState::Handing => true,
        MessageState::Approved => row.not_before <= now,
        _ => false,
    }
}

/// She says who she is and agrees to mails.
pub fn identify(email: &str) -> Value {
    json!({"type": "identify", "traits": {"email": email, "email_consent": true}})
}

/// Something is put into the cart.
pub fn added(product: &str) -> Value {
    json!({"type": "track", "event": "Product Added", "properties": {"product_id": product, "quantity": 1}})
}

/// An order of one product.
pub fn order(id: &str, total: u32) -> Value {
    json!({"type": "track", "event": "Order Completed", "properties": {"order_id": id, "total": total,
        "currency": "RUB", "products": [{"product_id": "P-1", "quantity": 1, "price": total}]}})
}

fn stamp() -> Stamp<'static> {
    let ten = MIDNIGHT.plus(HOUR.times(10));
    Stamp { at: WallTime(ten.0), now: ten, by: "test" }
}

/// A shop with goods and with the abandoned cart on, in which nobody is held out.
fn furnish(dir: &std::path::Path, place: &Place) -> setup::Keys {
    let plane = ShopPlane::open_at(place).unwrap();
    let card = ShopCard {
        name: "Tea".to_owned(),
        site: "https://shop.example/".to_owned(),
        cart_url: "https://shop.example/cart".to_owned(),
        locale: "en".to_owned(),
        ..ShopCard::default()
    };
    let keys = setup::shop(&plane, &card, stamp().at, "test").unwrap();
    let feed = dir.join("feed.xml");
    std::fs::write(&feed, shop::feed()).unwrap();
    let limits = fetch::Limits::default();
    import::feed(&plane, SHOP, feed.to_str().unwrap(), &limits, stamp().now, &mut |_| {}).unwrap();
    let nobody = ["holdout", "global_holdout"].map(|name| (name.to_owned(), "0".to_owned()));
    let change = Change { on: Some(true), set: nobody.to_vec(), ..Change::default() };
    journeys::change(&plane, Some("abandoned-cart"), &change, stamp()).unwrap();
    keys
}
