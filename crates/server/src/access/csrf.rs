//! That a form was sent from our own page: a token bound to the session, and what the browser says of the sender
//! (OWASP Cross-Site Request Forgery Prevention: HMAC-based token, Fetch Metadata, Origin).

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

/// Name of the form field.
pub const FIELD: &str = "csrf";
/// Name of the header, for requests that carry no form.
pub const HEADER: &str = "x-csrf-token";

/// The token for a session, or for a visitor who has not signed in. `binding` is what only her browser has.
#[must_use]
pub fn token(secret: &[u8; 32], binding: &str) -> String {
    URL_SAFE_NO_PAD.encode(hmac::sign(&key(secret), &text(binding)))
}

/// Whether this is the token of the binding; takes the same time wherever it differs.
#[must_use]
pub fn is_token(secret: &[u8; 32], binding: &str, token: &str) -> bool {
    let Ok(given) = URL_SAFE_NO_PAD.decode(token) else { return false };
    !binding.is_empty() && hmac::verify(&key(secret), &text(binding), &given).is_ok()
}

fn key(secret: &[u8; 32]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret)
}

/// The shop's secret signs links too: what is signed here begins with what no link begins with.
fn text(binding: &str) -> Vec<u8> {
    [b"beckon form\0", binding.as_bytes()].concat()
}

/// Whether the browser says that the request comes from our own origin. A browser too old to say anything is judged by
/// the token alone. `same-site` is not enough: the public side is another port of the same site.
#[must_use]
pub fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return true };
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    !host.is_empty() && text(HOST.as_str()).is_some_and(|ours| ours.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_session_only() {
        let ours = token(&[1; 32], "session");
        assert!(is_token(&[1; 32], "session", &ours));
        assert!(!is_token(&[1; 32], "other", &ours));
        assert!(!is_token(&[2; 32], "session", &ours));
        assert!(!is_token(&[1; 32], "", &token(&[1; 32], "")));
        assert!(!is_token(&[1; 32], "session", "?"));
    }

    #[test]
    fn another_port_of_the_same_host_is_another_origin() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
        };
        let own = |pairs: &[(&'static str, &'static str)]| is_same_origin(&headers(pairs));
        assert!(own(&[("host", "shop:81"), ("origin", "http://shop:81")]));
        assert!(!own(&[("host", "shop:81"), ("origin", "http://shop:80")]));
        assert!(!own(&[("host", "shop:81"), ("origin", "null")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("host", "a"), ("origin", "http://a")]));
        assert!(own(&[("sec-fetch-site", "same-origin")]));
    }
}
