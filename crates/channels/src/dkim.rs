//! DKIM: the signature of the sender's domain under a mail (RFC 6376, with Ed25519 of RFC 8463).
//!
//! `relaxed/relaxed`, so that relays which fold lines anew do not break it. A mail may carry several signatures; few
//! receivers check Ed25519, so it goes beside RSA and does not replace it.

mod canonical;
mod key;

pub use key::{Key, KeyError, dns_record, new_ed25519};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beckon_core::time::WallTime;
use ring::digest::{SHA256, digest};

/// The headers a signature covers, where the mail has them.
const SIGNED: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];

/// Headers named once more than they occur: a second one, added on the way and shown instead of ours, breaks the
/// signature (RFC 6376 §8.15).
const SEALED: [&str; 4] = ["From", "To", "Subject", "Date"];

/// Letters of the signature in one line.
const LINE: usize = 72;

/// Why a mail was not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// There is no empty line between headers and body, or no From.
    #[error("the message has no From header or no end of its headers, so it cannot be signed")]
    NotAMail,
    /// The cryptographic library refused; it gives no reason.
    #[error("the DKIM key could not sign")]
    Failed,
}

/// The mail with one signature of each key in front of it. One of RSA-2048 takes most of a millisecond of CPU: sign on
/// a thread that may be busy, not between two awaits.
///
/// # Errors
/// When the mail has no headers to sign, or a key cannot sign.
pub fn sign(keys: &[Key], mime: &[u8], at: WallTime) -> Result<Vec<u8>, SignError> {
    let (headers, body) = canonical::split(mime).ok_or(SignError::NotAMail)?;
    let body_hash = STANDARD.encode(digest(&SHA256, &canonical::body(body)));
    let (names, covered) = covered(&headers).ok_or(SignError::NotAMail)?;
    let mut out = Vec::with_capacity(mime.len() + keys.len() * 900);
    for key in keys {
        let header = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={};\r\n s={}; t={}; h={};\r\n bh={body_hash};\r\n b=",
            key.algorithm(),
            key.domain(),
            key.selector(),
            at.0.div_euclid(1_000).max(0),
            names,
        );
        let mut input = covered.clone();
        // The signature covers its own header with an empty b= and without the line's end (RFC 6376 §3.7).
        canonical::header(header.as_bytes(), &mut input);
        input.truncate(input.len() - 2);
        let signature = STANDARD.encode(key.sign(&input).ok_or(SignError::Failed)?);
        out.extend_from_slice(header.as_bytes());
        for (n, line) in signature.as_bytes().chunks(LINE).enumerate() {
            out.extend_from_slice(if n > 0 { b"\r\n " } else { b"" });
            out.extend_from_slice(line);
        }
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(mime);
    Ok(out)
}

/// The value of `h=`, folded, and the canonical headers it names. `None` without a From.
fn covered(headers: &[&[u8]]) -> Option<(String, Vec<u8>)> {
    let mut names: Vec<&str> = Vec::new();
    let mut bytes = Vec::new();
    for name in SIGNED {
        // Of several, the lowest comes first (RFC 6376 §5.4.2).
        for header in headers.iter().rev().filter(|header| canonical::is_named(header, name)) {
            names.push(name);
            canonical::header(header, &mut bytes);
        }
    }
    if names.first() != Some(&"From") {
        return None;
    }
    names.extend(SEALED);
    let lines: Vec<String> = names.chunks(5).map(|line| line.join(":")).collect();
    Some((lines.join(":\r\n "), bytes))
}

#[cfg(test)]
mod tests;
