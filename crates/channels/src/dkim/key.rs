//! A key with which a domain signs, and the DNS record that publishes its public half.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;

enum Secret {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

/// A key of a domain under a selector. Read once, used for every mail; ring holds it.
pub struct Key {
    domain: String,
    selector: String,
    secret: Secret,
    random: SystemRandom,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Key({}, {}._domainkey.{})", self.algorithm(), self.selector, self.domain)
    }
}

/// Why a key cannot be used; says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither PEM nor DER of a private key.
    #[error("the DKIM key is no private key in PEM or DER; make one with: openssl genrsa -out dkim.pem 2048")]
    NotAKey,
    /// A private key of another kind, or of a size that is not safe.
    #[error("the DKIM key is neither Ed25519 nor RSA of 2048 to 4096 bits ({0})")]
    Unfit(String),
    /// Domain or selector would not make a DNS name.
    #[error("\"{0}\" is no domain or selector: letters, digits, hyphens and dots")]
    Name(String),
    /// The system gave no random numbers.
    #[error("the system gave no random numbers for a new key")]
    Random,
}

impl Key {
    /// Reads a private key: PEM (`PRIVATE KEY`, PKCS#8, or `RSA PRIVATE KEY`, PKCS#1) or the DER inside it.
    ///
    /// # Errors
    /// When it is no key, of a kind that DKIM does not know, or too small.
    pub fn parse(domain: &str, selector: &str, key: &[u8]) -> Result<Key, KeyError> {
        for name in [domain, selector] {
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.';
            if name.is_empty() || name.len() > 253 || !name.chars().all(fits) {
                return Err(KeyError::Name(name.chars().take(80).collect()));
            }
        }
        let named = PrivateKeyDer::from_pem_slice(key);
        let der = match &named {
            Ok(named) => named.secret_der(),
            // A SEQUENCE of DER; anything else is text that was meant to be PEM.
            Err(_) if key.first() == Some(&0x30) => key,
            Err(_) => return Err(KeyError::NotAKey),
        };
        let secret = read(der)?;
        let (domain, selector) = (domain.to_ascii_lowercase(), selector.to_owned());
        Ok(Key { domain, selector, secret, random: SystemRandom::new() })
    }

    /// The domain that signs, `d=`.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Which of the domain's keys, `s=`.
    #[must_use]
    pub fn selector(&self) -> &str {
        &self.selector
    }

    /// `rsa-sha256` or `ed25519-sha256`, `a=`.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match self.secret {
            Secret::Rsa(_) => "rsa-sha256",
            Secret::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// The signature of these bytes; Ed25519 signs their SHA-256 (RFC 8463 §3).
    pub(super) fn sign(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        match &self.secret {
            Secret::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &self.random, bytes, &mut signature).ok()?;
                Some(signature)
            }
            Secret::Ed25519(pair) => Some(pair.sign(digest(&SHA256, bytes).as_ref()).as_ref().to_vec()),
        }
    }

    /// The public half as it stands in DNS: SubjectPublicKeyInfo for RSA (RFC 6376 §3.6.1), 32 bytes for Ed25519.
    fn public(&self) -> Vec<u8> {
        match &self.secret {
            Secret::Rsa(pair) => subject_public_key_info(pair.public_key().as_ref()),
            Secret::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
        }
    }
}

fn read(der: &[u8]) -> Result<Secret, KeyError> {
    if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
        return Ok(Secret::Ed25519(pair));
    }
    let pair = RsaKeyPair::from_pkcs8(der).or_else(|why| RsaKeyPair::from_der(der).map_err(|_| why));
    pair.map(|pair| Secret::Rsa(Box::new(pair))).map_err(|why| KeyError::Unfit(why.to_string()))
}

/// The TXT record for `<selector>._domainkey.<domain>`. One of RSA is longer than 255 bytes: many DNS editors split it
/// by themselves, others want it in two quoted strings.
#[must_use]
pub fn dns_record(key: &Key) -> String {
    let kind = match key.secret {
        Secret::Rsa(_) => "rsa",
        Secret::Ed25519(_) => "ed25519",
    };
    format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(key.public()))
}

/// A new Ed25519 key: its PKCS#8 PEM, to be kept secret, and the TXT record to publish.
///
/// # Errors
/// When the names make no DNS name or the system gives no random numbers.
pub fn new_ed25519(domain: &str, selector: &str) -> Result<(String, String), KeyError> {
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| KeyError::Random)?;
    let record = dns_record(&Key::parse(domain, selector, pkcs8.as_ref())?);
    let text = STANDARD.encode(pkcs8.as_ref());
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    Ok((pem, record))
}

/// An RSAPublicKey in its envelope (RFC 5280 §4.1.2.7): algorithm rsaEncryption with NULL, then the key as bits.
fn subject_public_key_info(rsa: &[u8]) -> Vec<u8> {
    const RSA_ENCRYPTION: [u8; 15] =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let bits = [&[0u8][..], rsa].concat();
    tagged(0x30, &[&RSA_ENCRYPTION[..], &tagged(0x03, &bits)].concat())
}

/// A DER element; keys of up to 4096 bits need at most two bytes of length.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = match length {
        0..=0x7f => vec![tag, length as u8],
        0x80..=0xff => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    out.extend_from_slice(content);
    out
}
