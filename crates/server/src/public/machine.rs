//! Telling people from machines that open mails and follow links: marked, never dropped.

use axum::http::{HeaderMap, Method, header};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What Gmail fetches pictures with before anybody reads the mail.
const GMAIL_PREFETCH: &str = "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0";
/// Names of link scanners and fetchers, in small letters.
const SCANNERS: [&str; 14] = [
    "barracuda",
    "proofpoint",
    "mimecast",
    "symantec",
    "trendmicro",
    "fireeye",
    "sophos",
    "forcepoint",
    "urldefense",
    "bingpreview",
    "googlebot",
    "yandexbot",
    "facebookexternalhit",
    "headlesschrome",
];
/// A person follows one link at a time.
const TWO_LINKS_WITHIN: Duration = Duration::from_secs(2);
/// Messages whose last click is remembered.
const REMEMBERED_MAX: usize = 10_000;

/// Whether the pixel was fetched by a machine. Apple's proxy says exactly `Mozilla/5.0`; Google's image proxy fetches
/// when a person reads.
pub fn opened(method: &Method, headers: &HeaderMap) -> bool {
    let agent = super::text(headers, header::USER_AGENT);
    *method == Method::HEAD || agent.is_empty() || agent == "Mozilla/5.0" || agent.contains(GMAIL_PREFETCH)
}

/// Whether a link was followed by a machine: a scanner by name, a HEAD, or the second link of a message within two
/// seconds.
pub fn clicked(method: &Method, headers: &HeaderMap, message: u64, index: u16) -> bool {
    let agent = super::text(headers, header::USER_AGENT).to_ascii_lowercase();
    let scanner = SCANNERS.iter().any(|name| agent.contains(name));
    *method == Method::HEAD || agent.is_empty() || scanner || in_a_hurry(message, index)
}

fn in_a_hurry(message: u64, index: u16) -> bool {
    static LAST: Mutex<Option<HashMap<u64, (Instant, u16)>>> = Mutex::new(None);
    let now = Instant::now();
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let last = last.get_or_insert_default();
    if last.len() >= REMEMBERED_MAX {
        last.retain(|_, (at, _)| now.duration_since(*at) < TWO_LINKS_WITHIN);
        if last.len() >= REMEMBERED_MAX {
            last.clear();
        }
    }
    let before = last.insert(message, (now, index));
    before.is_some_and(|(at, link)| link != index && now.duration_since(at) < TWO_LINKS_WITHIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn agent(text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::USER_AGENT, HeaderValue::from_static(text))])
    }

    #[test]
    fn proxies_that_prefetch_are_no_readers() {
        assert!(opened(&Method::GET, &agent("Mozilla/5.0")));
        assert!(opened(&Method::HEAD, &agent("Thunderbird")));
        assert!(!opened(&Method::GET, &agent("Mozilla/5.0 (via ggpht.com GoogleImageProxy)")));
    }

    #[test]
    fn the_second_link_in_a_breath_is_a_scanners() {
        let person = agent("Mozilla/5.0 (Windows NT 10.0) Firefox/130.0");
        assert!(!clicked(&Method::GET, &person, 77, 0));
        assert!(clicked(&Method::GET, &person, 77, 1));
        assert!(!clicked(&Method::GET, &person, 78, 0));
    }
}
