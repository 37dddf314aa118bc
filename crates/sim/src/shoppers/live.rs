//! Plays the shoppers against a running Beckon: their acts as batches over HTTP, their answers to its mails.

use super::{Act, Shoppers, http, widgets};
use crate::chance::Chance;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use beckon_core::time::{MINUTE, ShopTime};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often the clock is asked what is due.
const TICK: Duration = Duration::from_millis(400);
/// How long after a failed batch it is tried again.
const RETRY: Duration = Duration::from_secs(2);
/// A link of a mail may lead to the link that restores the cart, which leads into the shop.
const HOPS_MAX: usize = 3;

/// The shoppers at work. Cheap to clone; the clones share the shoppers.
#[derive(Clone)]
pub struct Live {
    shoppers: Arc<Mutex<Shoppers>>,
    /// Beckon's public origin.
    origin: String,
    write_key: String,
    chance: Chance,
}

impl Live {
    /// Shoppers who send to the Beckon at `origin` (`http://127.0.0.1:8091`; only loopback addresses are
    /// reached).
    #[must_use]
    pub fn new(shoppers: Shoppers, origin: &str, write_key: &str) -> Live {
        let chance = shoppers.chance;
        let origin = origin.trim_end_matches('/').to_owned();
        Live { shoppers: Arc::new(Mutex::new(shoppers)), origin, write_key: write_key.to_owned(), chance }
    }

    fn shoppers(&self) -> MutexGuard<'_, Shoppers> {
        self.shoppers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Plays for ever: whatever is due on the shop's clock is sent. Abort the task to end it.
    pub async fn run(&self, clock: impl Fn() -> ShopTime + Send) {
        loop {
            self.play(clock()).await;
            tokio::time::sleep(TICK).await;
        }
    }

    /// Sends what happens before a moment and was not sent yet; gives back how many acts that were.
    pub async fn play(&self, until: ShopTime) -> usize {
        let due = self.shoppers().next_acts(until);
        let count = due.len();
        let mut sending = tokio::task::JoinSet::new();
        for (device, batch) in by_device(due) {
            let live = self.clone();
            sending.spawn(async move {
                live.send(device, &batch).await;
                live.look_at_widgets(device, &batch, until).await;
            });
        }
        while sending.join_next().await.is_some() {}
        count
    }

    /// When the next visit begins or goes on.
    #[must_use]
    pub fn next_at(&self) -> Option<ShopTime> {
        self.shoppers().next_at()
    }

    /// Sends the acts of one device; tries again while Beckon does not answer, so that no act is lost when
    /// it restarts.
    async fn send(&self, (who, device): (u32, u8), calls: &[Value]) {
        let agent =
            self.shoppers().person(who).and_then(|person| person.devices.get(usize::from(device)).cloned());
        let agent = agent.map_or("", |device| device.user_agent);
        let url = format!("{}/v1/batch", self.origin);
        let body = json!({ "writeKey": self.write_key, "batch": calls }).to_string();
        for _ in 0..30 {
            match http::post(&url, agent, &body).await {
                Ok(answer) if answer.status < 500 && answer.status != 429 => return,
                _ => tokio::time::sleep(RETRY).await,
            }
        }
    }

    /// Looks at the widgets of the pages among the calls, tells what came into view, and plans what she does with what
    /// she chose there. Where Beckon does not answer, the pages have no widgets.
    async fn look_at_widgets(&self, (who, device): (u32, u8), calls: &[Value], now: ShopTime) {
        let url = format!("{}/v1/recommend", self.origin);
        let mut told = Vec::new();
        for page in calls {
            let Some(question) = widgets::question(self.chance, &self.write_key, page) else { continue };
            let Ok(answer) = http::post(&url, "", &question.to_string()).await else { continue };
            let answer: Value = serde_json::from_str(&answer.body).unwrap_or_default();
            let Some(look) = widgets::look(self.chance, page, &answer) else { continue };
            told.extend(look.calls);
            if let Some(offer) = look.chosen {
                let mut shoppers = self.shoppers();
                let acts = shoppers.after_choice((who, device), &offer, now.plus(MINUTE));
                shoppers.plan(acts);
            }
        }
        if !told.is_empty() {
            self.send((who, device), &told).await;
        }
    }

    /// A mail has come for somebody: as her habits are, she opens it, clicks in it and then often orders
    /// what her cart
    /// holds. `now` is the shop's time. Nothing happens for an address that is no shopper's, nor on an error.
    pub async fn on_mail(&self, to: &str, html: &str, now: ShopTime) {
        let Some(person) = self.shoppers().with_email(to).cloned() else { return };
        // The mail itself takes part in the draw: each has its own chance.
        let about = [u64::from(person.who), self.chance.bits(html, &[])];
        let agent = person.devices.first().map_or("", |device| device.user_agent);
        if !self.chance.percent("opens the mail", &about, person.habits.opens) {
            return;
        }
        if let Some(pixel) = own_links(html, "src=\"", &self.origin, "/o/").next() {
            let _ = http::get(&pixel, agent).await;
        }
        if !self.chance.percent("clicks in the mail", &about, person.habits.clicks) {
            return;
        }
        let Some(link) = restore_link(html, &self.origin) else { return };
        if let Some(token) = self.follow(link, agent).await {
            let mut shoppers = self.shoppers();
            let acts = shoppers.after_click(to, &token, now.plus(MINUTE));
            shoppers.plan(acts);
        }
    }

    /// Goes where a link leads, until it leads into the shop with a token.
    async fn follow(&self, mut link: String, agent: &str) -> Option<String> {
        for _ in 0..HOPS_MAX {
            let to = http::get(&link, agent).await.ok()?.location?;
            if let Some(token) = token_of(&to) {
                return Some(token.to_owned());
            }
            link = to;
        }
        None
    }
}

/// The calls of each device, in order.
fn by_device(acts: Vec<Act>) -> BTreeMap<(u32, u8), Vec<Value>> {
    let mut batches: BTreeMap<(u32, u8), Vec<Value>> = BTreeMap::new();
    for act in acts {
        batches.entry((act.who, act.device)).or_default().push(act.call);
    }
    batches
}

/// Addresses of Beckon with a path that begins with `path`, in attributes that begin with `attribute`.
fn own_links<'h>(
    html: &'h str,
    attribute: &'h str,
    origin: &'h str,
    path: &'h str,
) -> impl Iterator<Item = String> + 'h {
    html.split(attribute).skip(1).filter_map(move |rest| {
        let url = rest.split('"').next()?;
        let own = url.strip_prefix(origin)?.starts_with(path);
        own.then(|| url.replace("&amp;", "&"))
    })
}

/// The link back to the cart; else the first link into the shop.
fn restore_link(html: &str, origin: &str) -> Option<String> {
    let links: Vec<String> = own_links(html, "href=\"", origin, "/c/").collect();
    let to_the_cart = |link: &&String| {
        // The target stands readable in the token: base64 of a payload with the address in it.
        let token = link.rsplit('/').next().unwrap_or_default();
        let payload = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
        let payload = String::from_utf8_lossy(&payload);
        ["/cart", "/checkout", "/r/"].iter().any(|path| payload.contains(path))
    };
    own_links(html, "href=\"", origin, "/r/")
        .next()
        .or_else(|| links.iter().find(to_the_cart).or(links.first()).cloned())
}

/// The token that a click carries into the shop.
fn token_of(location: &str) -> Option<&str> {
    let query = location.split_once('?')?.1.split('#').next()?;
    query.split('&').find_map(|part| part.strip_prefix("bkn="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_to_the_cart_is_preferred_and_foreign_links_are_not_touched() {
        let [home, cart] =
            ["http://shop/", "http://shop/cart"].map(|url| URL_SAFE_NO_PAD.encode(format!("..{url}..")));
        let html = format!(
            "<a href=\"http://evil/c/x\">x</a><a href=\"http://b/c/{home}\">home</a><a \
             href=\"http://b/c/{cart}\">cart</a>\
             <img src=\"http://b/picture\"><img src=\"http://b/o/tok\" width=\"1\">"
        );
        assert_eq!(restore_link(&html, "http://b"), Some(format!("http://b/c/{cart}")));
        let direct = format!("{html}<a href=\"http://b/r/tok\">back</a>");
        assert_eq!(restore_link(&direct, "http://b").as_deref(), Some("http://b/r/tok"));
        assert_eq!(own_links(&html, "src=\"", "http://b", "/o/").collect::<Vec<_>>(), ["http://b/o/tok"]);
        assert_eq!(restore_link("<a href=\"http://b/u/1\">no more</a>", "http://b"), None);
        assert_eq!(token_of("http://s/cart?a=1&bkn=T.k#x"), Some("T.k"));
        assert_eq!(token_of("http://s/cart"), None);
    }

    type Seen = Arc<Mutex<Vec<(String, Value)>>>;

    /// A Beckon that writes down what it is asked, and whose link to the cart leads into the shop.
    async fn beckon() -> (String, Seen) {
        let seen = Seen::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let kept = Arc::clone(&seen);
        let app = axum::Router::new().fallback(async move |uri: axum::http::Uri, body: String| {
            let body = serde_json::from_str(&body).unwrap_or(Value::Null);
            kept.lock().unwrap().push((uri.path().to_owned(), body));
            axum::response::Redirect::temporary("http://127.0.0.1:9/cart?bkn=tok-9")
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        (origin, seen)
    }

    fn live(origin: &str) -> Live {
        let shop = Arc::new(crate::shop::Shop::new(1));
        let setting = crate::shoppers::Setting {
            origin: "http://shop.test".to_owned(),
            seed: 1,
            people: 60,
            start: ShopTime(0),
        };
        Live::new(Shoppers::new(shop, setting), origin, "WK-1")
    }

    #[tokio::test]
    async fn acts_arrive_as_batches_and_a_clicked_mail_comes_back_as_an_act() {
        let (origin, seen) = beckon().await;
        let live = live(&origin);
        let html = format!("<a href=\"{origin}/r/abc\">back</a><img src=\"{origin}/o/abc\">");
        for who in 0..60 {
            let email = live.shoppers().person(who).unwrap().email.clone();
            live.on_mail(&email, &html, ShopTime(0)).await;
        }
        live.on_mail("stranger@demo.example", &html, ShopTime(0)).await;
        let count = |path: &str| seen.lock().unwrap().iter().filter(|(at, _)| at == path).count();
        let (opens, clicks) = (count("/o/abc"), count("/r/abc"));
        assert!(clicks > 3 && opens > clicks && opens < 60, "{opens} opened, {clicks} clicked");

        let playing = live.clone();
        let task = tokio::spawn(async move { playing.run(|| ShopTime(4 * 3_600_000)).await });
        let tokens = || -> usize {
            let seen = seen.lock().unwrap();
            let batches = seen.iter().filter(|(at, body)| at == "/v1/batch" && body["writeKey"] == "WK-1");
            let calls = batches.flat_map(|(_, body)| body["batch"].as_array().unwrap().clone());
            calls.filter(|call| call["properties"]["token"] == "tok-9").count()
        };
        tokio::time::timeout(Duration::from_secs(20), async {
            while tokens() < clicks {
                tokio::task::yield_now().await;
            }
        })
        .await
        .expect("every click comes back");
        assert_eq!(tokens(), clicks);
        task.abort();
    }
}
