//! Recommendations of a service of the shop's own: asked over HTTP within a time, and left alone for a while when it
//! keeps failing. Filters and fall-backs hold for what it answers as for any strategy.
//!
//! It is asked where somebody can wait for the answer: pages and apps, the preview, a message that is being written.
//! Decisions never ask it.

use super::endpoint::Endpoint;
use super::question::{Question, Remembered};
use crate::app::App;
use crate::connect::fetch::{Limits, client, is_public};
use crate::form::Errors;
use crate::i18n::{Locale, t};
use beckon_recommend::block::{Block, Strategy};
use reqwest::Client;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;
use url::{Host, Url};

/// The least and the most time an answer may take, in milliseconds.
pub const TIMEOUT_MS: std::ops::RangeInclusive<u32> = 20..=5_000;
/// The longest answer, in bytes, and the most ids read of it.
const ANSWER_MAX_BYTES: usize = 256 * 1_024;
const ITEMS_MAX: usize = 200;
/// The longest id.
const ID_MAX_BYTES: usize = 200;

/// An answer: a list of ids, or an object with one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    List(Vec<serde_json::Value>),
    Object { items: Vec<serde_json::Value> },
}

/// Names of the endpoints a block starts from, each once.
pub fn named(block: &Block, asked: &Question) -> impl Iterator<Item = String> + use<> {
    let sources = block.mix.iter().chain(&block.fall_back);
    let here = sources.filter(|source| source.on.is_empty() || source.on.contains(&asked.channel));
    let of_endpoints = here.filter(|source| source.strategy == Strategy::ThirdParty);
    let names: BTreeSet<String> = of_endpoints.filter_map(|source| source.endpoint.clone()).collect();
    names.into_iter()
}

/// Asks endpoints at once; those that do not answer in time, or not sensibly, are not in the result.
/// `by_server` says that the question's `userId` was asked for with the server key and may be passed on.
pub async fn ask(
    app: &App,
    names: &[String],
    asked: &Question,
    her: &Remembered,
    by_server: bool,
) -> BTreeMap<String, Vec<String>> {
    let mut answers = BTreeMap::new();
    // Nearly no block has any.
    if names.is_empty() {
        return answers;
    }
    let state = app.shop();
    let body = question(asked, her, by_server);
    let mut waiting = tokio::task::JoinSet::new();
    for name in names.iter().collect::<BTreeSet<_>>() {
        let Some(endpoint) = state.endpoints.get(name).cloned() else { continue };
        if !app.outside.may_ask(name) {
            continue;
        }
        match line(app) {
            Some(client) => {
                let (name, body, private) = (name.clone(), body.clone(), app.config.allow_private_feeds);
                waiting.spawn(async move { (name, one(&client, &endpoint, &body, private).await) });
            }
            None => app.outside.settle(name, Err("TLS cannot start")),
        }
    }
    while let Some(done) = waiting.join_next().await {
        let Ok((name, answer)) = done else { continue };
        match answer {
            Ok(items) => {
                app.outside.settle(&name, Ok(()));
                answers.insert(name, items);
            }
            Err(why) => {
                tracing::debug!(endpoint = name, why, "an endpoint did not recommend");
                app.outside.settle(&name, Err(&why));
            }
        }
    }
    answers
}

/// As [`ask`], on a thread that may block; outside of the program's runtime nobody is asked.
#[must_use]
pub fn ask_here(
    app: &App,
    names: &[String],
    asked: &Question,
    her: &Remembered,
) -> BTreeMap<String, Vec<String>> {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) if !names.is_empty() => runtime.block_on(ask(app, names, asked, her, true)),
        _ => BTreeMap::new(),
    }
}

fn line(app: &App) -> Option<Client> {
    let make = || {
        let limits = Limits { connect_timeout: Duration::from_secs(5), ..Limits::default() };
        let allowed: fn(IpAddr) -> bool = if app.config.allow_private_feeds { |_| true } else { is_public };
        client(&limits, allowed).ok()
    };
    app.outside.client.get_or_init(make).clone()
}

/// What the endpoint is told: what the page is about, and who asks by the numbers the shop itself gave out.
fn question(asked: &Question, her: &Remembered, by_server: bool) -> String {
    let or = |page: &[String], known: &[String]| if page.is_empty() { known.to_vec() } else { page.to_vec() };
    let user = if by_server { asked.user_id.as_str() } else { "" };
    serde_json::json!({
        "userId": user, "anonymousId": asked.anonymous_id, "products": asked.products.0,
        "cart": or(&asked.cart.0, &her.cart), "viewed": or(&asked.viewed.0, &her.viewed),
        "category": asked.category, "query": asked.query, "channel": asked.channel,
        "size": asked.size.unwrap_or(0), "locale": asked.locale,
    })
    .to_string()
}

async fn one(client: &Client, endpoint: &Endpoint, body: &str, private: bool) -> Result<Vec<String>, String> {
    let url = address(&endpoint.url, private)?;
    let timeout =
        Duration::from_millis(endpoint.timeout_ms.clamp(*TIMEOUT_MS.start(), *TIMEOUT_MS.end()).into());
    let mut request = client.post(url).header("content-type", "application/json").body(body.to_owned());
    if !endpoint.header.is_empty() {
        let (name, value) = header(endpoint)?;
        request = request.header(name, value);
    }
    let answer = async {
        let mut answer = request.send().await.map_err(|why| broken(&why))?;
        if !answer.status().is_success() {
            return Err(format!("it answers {}", answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|why| broken(&why))? {
            if bytes.len() + chunk.len() > ANSWER_MAX_BYTES {
                return Err(format!("its answer is longer than {ANSWER_MAX_BYTES} bytes"));
            }
            bytes.extend_from_slice(&chunk);
        }
        read(&bytes)
    };
    let late = |_| format!("no answer within {} ms", timeout.as_millis());
    tokio::time::timeout(timeout, answer).await.map_err(late)?
}

/// Only what cannot hold the secret or the address.
fn broken(why: &reqwest::Error) -> String {
    if why.is_connect() { "no connection, or a private address" } else { "the line broke" }.to_owned()
}

/// The address of an endpoint, if it may be asked.
///
/// # Errors
/// It is no http(s) address, or one within private networks that the operator has not allowed.
pub fn address(text: &str, private: bool) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| "no address")?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("no http or https address".to_owned());
    }
    let literal = match url.host() {
        Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
        _ => None,
    };
    if !private && literal.is_some_and(|ip| !is_public(ip)) {
        return Err("a private address".to_owned());
    }
    Ok(url)
}

/// The header with the secret.
///
/// # Errors
/// A name or a value that no header can have.
pub fn header(endpoint: &Endpoint) -> Result<(HeaderName, HeaderValue), String> {
    let name = HeaderName::from_bytes(endpoint.header.as_bytes()).map_err(|_| "no name of a header")?;
    let mut value = HeaderValue::from_str(&endpoint.secret).map_err(|_| "no value of a header")?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// What is wrong with an endpoint that somebody wants to keep, by field.
#[must_use]
pub fn check(locale: Locale, name: &str, endpoint: &Endpoint, private: bool) -> Errors {
    let mut errors = Errors::default();
    let say = |key: &str| t(locale, key, &[]);
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 60 || !name.chars().all(plain) {
        errors.add("name", say("flaw-bad-name"));
    }
    if address(&endpoint.url, private).is_err() {
        errors.add("url", say("endpoint-url-wrong"));
    }
    if !TIMEOUT_MS.contains(&endpoint.timeout_ms) {
        errors.add("timeout_ms", say("endpoint-timeout-wrong"));
    }
    if endpoint.header.is_empty() != endpoint.secret.is_empty() {
        errors.add("secret", say("endpoint-secret-wrong"));
    } else if !endpoint.header.is_empty() && header(endpoint).is_err() {
        errors.add("header", say("endpoint-header-wrong"));
    }
    errors
}

/// The ids of an answer; numbers count as ids, everything else is left out.
fn read(bytes: &[u8]) -> Result<Vec<String>, String> {
    let said: Said = serde_json::from_slice(bytes)
        .map_err(|_| "its answer is neither a list of ids nor {\"items\": […]}".to_owned())?;
    let (Said::List(items) | Said::Object { items }) = said;
    let id = |value: &serde_json::Value| match value {
        serde_json::Value::String(id) => Some(id.trim().to_owned()),
        serde_json::Value::Number(id) => Some(id.to_string()),
        serde_json::Value::Object(of) => match of.get("id")? {
            serde_json::Value::String(id) => Some(id.trim().to_owned()),
            serde_json::Value::Number(id) => Some(id.to_string()),
            _ => None,
        },
        _ => None,
    };
    let fits = |id: &String| !id.is_empty() && id.len() <= ID_MAX_BYTES;
    Ok(items.iter().filter_map(id).filter(fits).take(ITEMS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_ids_and_nothing_else() {
        assert_eq!(read(br#"["a", 7, {"id": "b"}, null, [], ""]"#).unwrap(), ["a", "7", "b"]);
        assert_eq!(read(br#"{"items": [1], "more": true}"#).unwrap(), ["1"]);
        assert!(read(b"<html>").is_err() && read(b"{}").is_err() && read(b"").is_err());
        let many = serde_json::to_vec(&vec!["x"; 1_000]).unwrap();
        assert_eq!(read(&many).unwrap().len(), ITEMS_MAX);
    }

    #[test]
    fn private_addresses_are_refused_unless_allowed() {
        for bad in ["http://127.0.0.1/x", "http://[::1]/", "http://10.0.0.1", "ftp://shop.example", "x"] {
            assert!(address(bad, false).is_err(), "{bad}");
        }
        assert!(address("https://shop.example/r", false).is_ok());
        assert!(address("http://127.0.0.1/x", true).is_ok());
    }
}
