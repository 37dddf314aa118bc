//! Addresses of our own that a message carries: signed, so that nobody can make one or bend one to another
//! target.
//!
//! A token is base64url of `payload || tag`, where the tag is the first 128 bits of HMAC-SHA256 (RFC 2104)
//! over a domain tag and the payload. The target of a click travels inside the signed payload: a click
//! redirects to what the shop wrote, or nowhere, and needs no look-up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;

use crate::facts::Urls;
pub use crate::web::{TARGET_BYTES_MAX, is_web};

/// The longest purpose of an unsubscribe link, in bytes.
pub const PURPOSE_BYTES_MAX: usize = 64;

const DOMAIN: &[u8] = b"beckon link 1";
const TAG_BYTES: usize = 16;

/// Makes and reads the signed addresses of one installation.
#[derive(Clone)]
pub struct Links {
    origin: String,
    host: String,
    key: hmac::Key,
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// A link of the message was clicked: count it, redirect to `url`.
    Click {
        /// Number of the message.
        message: u64,
        /// Which link of the template, from 0.
        index: u16,
        /// Where to: always http or https.
        url: String,
    },
    /// The pixel of the message was loaded.
    Open {
        /// Number of the message.
        message: u64,
    },
    /// The recipient wants no more of this. A GET shows a page; only a POST acts (RFC 8058).
    Unsubscribe {
        /// Number of the message.
        message: u64,
        /// From what: `marketing`, a journey, a list.
        purpose: String,
    },
    /// The recipient wants to choose what she gets.
    Preferences {
        /// Number of the message.
        message: u64,
    },
    /// The message as a page.
    View {
        /// Number of the message.
        message: u64,
    },
    /// Back to the cart this message was about.
    Restore {
        /// Number of the message.
        message: u64,
    },
}

/// A token that was not made here, or was changed on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this address was not made here, or is incomplete")]
pub struct Forged;

impl Links {
    /// `public_origin` is where shoppers reach us (`https://mail.example.org`, a trailing `/` is dropped);
    /// `secret` signs.
    #[must_use]
    pub fn new(public_origin: &str, secret: &[u8; 32]) -> Links {
        let origin = public_origin.trim_end_matches('/').to_owned();
        let after = origin.split_once("://").map_or(origin.as_str(), |(_, rest)| rest);
        let authority = after.split(['/', '?', '#']).next().unwrap_or("");
        let host = authority.split(':').next().unwrap_or("").to_owned();
        Links { origin, host, key: hmac::Key::new(hmac::HMAC_SHA256, secret) }
    }

    /// The host of the public origin, for list ids and unsubscribe addresses.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The tracked address of a link. A target that is not http(s), or is longer than [`TARGET_BYTES_MAX`],
    /// gives an empty text: such a link leads nowhere rather than past us.
    #[must_use]
    pub fn click(&self, message: u64, index: u16, url: &str) -> String {
        if !is_web(url) || url.len() > TARGET_BYTES_MAX {
            return String::new();
        }
        let mut payload = head(1, message, 2 + url.len());
        payload.extend_from_slice(&index.to_be_bytes());
        payload.extend_from_slice(url.as_bytes());
        self.address("c", payload)
    }

    /// The address of the open pixel.
    #[must_use]
    pub fn open(&self, message: u64) -> String {
        self.address("o", head(2, message, 0))
    }

    /// The unsubscribe page, and the target of the one-click POST. A purpose over [`PURPOSE_BYTES_MAX`] is
    /// cut.
    #[must_use]
    pub fn unsubscribe(&self, message: u64, purpose: &str) -> String {
        self.address("u", unsubscribe_payload(message, purpose))
    }

    /// The bare token of [`Links::unsubscribe`], for a mailto address.
    #[must_use]
    pub fn unsubscribe_token(&self, message: u64, purpose: &str) -> String {
        self.token(unsubscribe_payload(message, purpose))
    }

    /// The preference page.
    #[must_use]
    pub fn preferences(&self, message: u64) -> String {
        self.address("p", head(4, message, 0))
    }

    /// The message as a page.
    #[must_use]
    pub fn view(&self, message: u64) -> String {
        self.address("v", head(5, message, 0))
    }

    /// Back to the cart of the message.
    #[must_use]
    pub fn restore(&self, message: u64) -> String {
        self.address("r", head(6, message, 0))
    }

    /// All addresses of our own that templates may name, for one message.
    #[must_use]
    pub fn urls(&self, message: u64, purpose: &str) -> Urls {
        Urls {
            restore: self.restore(message),
            unsubscribe: self.unsubscribe(message, purpose),
            preferences: self.preferences(message),
            view: self.view(message),
        }
    }

    /// Reads a token, that is the last segment of an address made here.
    ///
    /// # Errors
    /// [`Forged`] for everything that was not signed with this secret, letter by letter.
    pub fn read(&self, token: &str) -> Result<Link, Forged> {
        if token.len() > (TARGET_BYTES_MAX + 64) * 4 / 3 {
            return Err(Forged);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Forged)?;
        let (payload, tag) = bytes.split_at_checked(bytes.len().saturating_sub(TAG_BYTES)).ok_or(Forged)?;
        // Comparing a second HMAC of both tags takes the same time wherever they differ.
        let expected = hmac::sign(&self.key, self.tag(payload).as_slice());
        hmac::verify(&self.key, tag, expected.as_ref()).map_err(|_| Forged)?;
        decode(payload).ok_or(Forged)
    }

    fn tag(&self, payload: &[u8]) -> [u8; TAG_BYTES] {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(DOMAIN);
        context.update(payload);
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&context.sign().as_ref()[..TAG_BYTES]);
        tag
    }

    fn token(&self, mut payload: Vec<u8>) -> String {
        let tag = self.tag(&payload);
        payload.extend_from_slice(&tag);
        URL_SAFE_NO_PAD.encode(payload)
    }

    fn address(&self, kind: &str, payload: Vec<u8>) -> String {
        format!("{}/{kind}/{}", self.origin, self.token(payload))
    }
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Links").field("origin", &self.origin).finish_non_exhaustive()
    }
}

fn head(kind: u8, message: u64, more: usize) -> Vec<u8> {
    let mut payload = Vec::with_capacity(9 + more + TAG_BYTES);
    payload.push(kind);
    payload.extend_from_slice(&message.to_be_bytes());
    payload
}

fn unsubscribe_payload(message: u64, purpose: &str) -> Vec<u8> {
    let purpose = &purpose[..purpose.floor_char_boundary(PURPOSE_BYTES_MAX)];
    let mut payload = head(3, message, purpose.len());
    payload.extend_from_slice(purpose.as_bytes());
    payload
}

fn decode(payload: &[u8]) -> Option<Link> {
    let (kind, rest) = payload.split_first()?;
    let (message, rest) = rest.split_first_chunk::<8>()?;
    let message = u64::from_be_bytes(*message);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    Some(match (kind, rest) {
        (1, rest) => {
            let (index, url) = rest.split_first_chunk::<2>()?;
            Link::Click { message, index: u16::from_be_bytes(*index), url: text(url)? }
        }
        (2, []) => Link::Open { message },
        (3, purpose) => Link::Unsubscribe { message, purpose: text(purpose)? },
        (4, []) => Link::Preferences { message },
        (5, []) => Link::View { message },
        (6, []) => Link::Restore { message },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn links() -> Links {
        Links::new("https://m.example.org/", &[7; 32])
    }

    fn token(address: &str) -> &str {
        address.rsplit('/').next().unwrap()
    }

    #[test]
    fn every_kind_is_read_back() {
        let links = links();
        let id = u64::MAX - 3;
        let url = "https://shop.example/корзина?a=1&b=2#c".to_owned();
        let address = links.click(id, 5, &url);
        assert!(address.starts_with("https://m.example.org/c/"), "{address}");
        assert_eq!(links.read(token(&address)), Ok(Link::Click { message: id, index: 5, url }));
        assert_eq!(links.read(token(&links.open(id))), Ok(Link::Open { message: id }));
        let purpose = "marketing".to_owned();
        assert_eq!(
            links.read(token(&links.unsubscribe(id, &purpose))),
            Ok(Link::Unsubscribe { message: id, purpose })
        );
        assert_eq!(links.read(token(&links.preferences(id))), Ok(Link::Preferences { message: id }));
        assert_eq!(links.read(token(&links.view(id))), Ok(Link::View { message: id }));
        assert_eq!(links.read(token(&links.restore(id))), Ok(Link::Restore { message: id }));
        assert_eq!(links.host(), "m.example.org");
    }

    #[test]
    fn any_changed_letter_and_any_other_secret_is_refused() {
        let links = links();
        let address = links.click(1, 0, "https://shop.example/");
        let good = token(&address);
        for at in 0..good.len() {
            let mut bad = good.as_bytes().to_vec();
            bad[at] = if bad[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(links.read(std::str::from_utf8(&bad).unwrap()), Err(Forged), "letter {at}");
            assert_eq!(links.read(&good[..at]), Err(Forged));
        }
        assert_eq!(Links::new("https://m.example.org", &[8; 32]).read(good), Err(Forged));
    }

    #[test]
    fn targets_are_web_addresses_of_bounded_length() {
        let links = links();
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "/cart",
            "",
            "https://",
            "https://a b",
        ] {
            assert_eq!(links.click(1, 0, bad), "", "{bad}");
        }
        let long = format!("https://shop.example/{}", "a".repeat(TARGET_BYTES_MAX - 21));
        assert_eq!(long.len(), TARGET_BYTES_MAX);
        let address = links.click(1, 0, &long);
        assert!(matches!(links.read(token(&address)), Ok(Link::Click { url, .. }) if url == long));
        assert_eq!(links.click(1, 0, &format!("{long}a")), "");
    }

    proptest! {
        #[test]
        fn no_text_is_a_token_by_chance(text in "\\PC{0,120}") {
            prop_assert_eq!(links().read(&text), Err(Forged));
        }
    }
}
