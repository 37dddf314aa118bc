//! Signed identities: the shop's server signs who somebody is, its page shows the signature, and the browser's
//! public key can then prove it.
//!
//! A signature is the HMAC-SHA256 (RFC 2104) of the user id, or of the e-mail address in lower case, in hexadecimal.
//! The key is the text as it is shown: `hash_hmac('sha256', $id, 'id_…')` in PHP. Pages that are cached, and apps, go
//! on showing signatures of the key before; it counts for a week unless it leaked.

use super::keys::random_text;
use beckon_core::time::{DAY, WallTime};
use ring::hmac;
use serde::{Deserialize, Serialize};

/// How long signatures of the key before count, in days.
pub const OLD_DAYS: i64 = 7;

/// What identities are signed with. The keys themselves are kept: a signature can be checked with nothing less.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Signing {
    key: String,
    /// When it was made, in milliseconds of the wall clock.
    pub made_at: i64,
    #[serde(default)]
    old_key: String,
    /// Until when the key before counts, likewise; 0 when there is none.
    #[serde(default)]
    pub old_until: i64,
}

impl Signing {
    /// A new key; that of `self` counts for a week, or no more when it must not.
    #[must_use]
    pub fn renewed(&self, now: WallTime, end_old: bool) -> Signing {
        let key = format!("id_{}", random_text(32));
        if end_old || self.key.is_empty() {
            return Signing { key, made_at: now.0, ..Signing::default() };
        }
        let old_until = now.0.saturating_add(OLD_DAYS * DAY.0);
        Signing { key, made_at: now.0, old_key: self.key.clone(), old_until }
    }

    /// The key, for the one answer that shows it.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Until when the key before counts; `None` when it does no more.
    #[must_use]
    pub fn old_counts_until(&self, now: WallTime) -> Option<WallTime> {
        (!self.old_key.is_empty() && now.0 < self.old_until).then_some(WallTime(self.old_until))
    }

    /// Whether this is a signature of the text.
    #[must_use]
    pub fn proves(&self, text: &str, signature: &str, now: WallTime) -> bool {
        is_signed(&self.key, text, signature)
            || (self.old_counts_until(now).is_some() && is_signed(&self.old_key, text, signature))
    }
}

/// Takes the same time wherever it differs.
fn is_signed(key: &str, text: &str, signature: &str) -> bool {
    let Some(given) = bytes(signature) else { return false };
    let mac = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    !key.is_empty() && !text.is_empty() && hmac::verify(&mac, text.as_bytes(), &given).is_ok()
}

/// 64 hexadecimal digits as bytes.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.trim().as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits.chunks(2).map(|two| u8::try_from(digit(two[0])? * 16 + digit(two[1])?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_any_other_program() {
        // RFC 4231 §4.3, test case 2.
        let known = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let text = "what do ya want for nothing?";
        assert!(is_signed("Jefe", text, known));
        assert!(is_signed("Jefe", text, &known.to_uppercase()));
        assert!(!is_signed("Jefe", "another", known));
        assert!(!is_signed("jefe", text, known));
        for bad in ["", "5b", &known[1..], &known.replace('5', "g"), &"я".repeat(32)] {
            assert!(!is_signed("Jefe", text, bad), "{bad}");
        }
    }

    #[test]
    fn without_a_key_nothing_is_signed() {
        // The HMAC of "42" with an empty key is known to everybody.
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b""), b"42");
        let empty: String = mac.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(!Signing::default().proves("42", &empty, WallTime(0)));
        let first = Signing::default().renewed(WallTime(5), false);
        assert!(!first.proves("42", &empty, WallTime(5)) && first.old_counts_until(WallTime(5)).is_none());
    }

    #[test]
    fn the_key_before_counts_for_a_week_unless_it_leaked() {
        let sign = |signing: &Signing| -> String {
            let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, signing.key().as_bytes()), b"42");
            mac.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let first = Signing::default().renewed(WallTime(0), false);
        let (old, now) = (sign(&first), WallTime(1000));
        assert!(first.proves("42", &old, now) && !first.proves("43", &old, now));
        let second = first.renewed(now, false);
        let week = now.0 + OLD_DAYS * DAY.0;
        assert!(second.key() != first.key() && second.proves("42", &sign(&second), now));
        assert!(second.proves("42", &old, WallTime(week - 1)) && !second.proves("42", &old, WallTime(week)));
        assert!(!first.renewed(now, true).proves("42", &old, now));
    }
}
