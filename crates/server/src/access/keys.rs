//! Keys of the API. The write key is public and kept as it is; of the server key only a hash is kept.

use crate::settings::{KeyDocument, kind};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use beckon_store::shop::Document;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::HashMap;

/// Keys of a shop by what is stored of them.
#[derive(Clone, Debug, Default)]
pub struct Keys(HashMap<String, KeyDocument>);

/// A new key with its document's name and body. The key itself is shown once.
pub struct NewKey {
    /// What the shop puts into its page or its server.
    pub key: String,
    /// Name of the document.
    pub name: String,
    /// Body of the document.
    pub document: KeyDocument,
}

/// Random bytes from the system, as text that fits an address.
///
/// # Panics
/// The system has no randomness: nothing secret could be made.
#[must_use]
pub fn random_text(bytes: usize) -> String {
    let mut buffer = vec![0u8; bytes];
    SystemRandom::new().fill(&mut buffer).expect("the system gives random bytes");
    URL_SAFE_NO_PAD.encode(buffer)
}

impl NewKey {
    /// The public key of a shop's pages.
    #[must_use]
    pub fn write() -> NewKey {
        let key = format!("wk_{}", random_text(15));
        let document = KeyDocument { kind: "write".to_owned(), hint: key.clone() };
        NewKey { name: key.clone(), key, document }
    }

    /// The secret key of a shop's servers.
    #[must_use]
    pub fn server() -> NewKey {
        let key = format!("sk_{}", random_text(24));
        let document = KeyDocument { kind: "server".to_owned(), hint: format!("{}…", &key[..7]) };
        NewKey { name: hashed(&key), key, document }
    }
}

/// What is stored of a secret key.
#[must_use]
pub fn hashed(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, key.as_bytes()))
}

impl Keys {
    /// The keys among a shop's documents.
    #[must_use]
    pub fn of(documents: &[Document]) -> Keys {
        let keys = documents.iter().filter(|document| document.kind == kind::KEY);
        let read = |document: &Document| {
            let body = serde_json::from_str(document.body.as_deref()?).ok()?;
            Some((document.name.clone(), body))
        };
        Keys(keys.filter_map(read).collect())
    }

    /// Whether this is a write key.
    #[must_use]
    pub fn is_write(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|known| known.kind == "write")
    }

    /// Whether this is a server key.
    #[must_use]
    pub fn is_server(&self, key: &str) -> bool {
        key.starts_with("sk_") && self.0.get(&hashed(key)).is_some_and(|known| known.kind == "server")
    }

    /// The write key to put into a page.
    #[must_use]
    pub fn write_key(&self) -> Option<&str> {
        self.0.iter().find(|(_, known)| known.kind == "write").map(|(key, _)| key.as_str())
    }
}
