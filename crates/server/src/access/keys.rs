//! Keys of the API. The write key is public and kept as it is; of the server key only a hash is kept.

use super::rights::Scope;
use crate::settings::{KeyDocument, kind};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use beckon_core::ids::ShopId;
use beckon_core::time::{MINUTE, WallTime};
use beckon_store::shop::{Document, ShopPlane};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Keys of a shop by what is stored of them.
#[derive(Clone, Debug, Default)]
pub struct Keys(HashMap<String, Known>);

/// A key that is known.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its document.
    pub document: KeyDocument,
    /// When it was last used, in milliseconds of the wall clock; 0 when not since the program was started.
    used: Arc<AtomicI64>,
}

impl Known {
    /// Notes that it is used; [`flush`] writes that down.
    pub fn mark(&self, now: WallTime) {
        self.used.fetch_max(now.0, Ordering::Relaxed);
    }
}

/// Writes down when keys were last used, each at most once a minute. Blocks.
///
/// # Errors
/// The plane cannot be written.
pub fn flush(plane: &ShopPlane, keys: &Keys, shop: ShopId) -> beckon_store::Result<()> {
    let used = |known: &Known| known.used.load(Ordering::Relaxed);
    if keys.0.values().all(|known| used(known) == 0) {
        return Ok(());
    }
    let stored: HashMap<String, WallTime> = plane.key_uses(shop)?.into_iter().collect();
    for (name, known) in &keys.0 {
        let before = stored.get(name).map_or(0, |at| at.0);
        if used(known) >= before.saturating_add(MINUTE.0) {
            plane.use_key(shop, name, WallTime(used(known)))?;
        }
    }
    Ok(())
}

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
        let document = KeyDocument { kind: "write".to_owned(), hint: key.clone(), ..KeyDocument::default() };
        NewKey { name: key.clone(), key, document }
    }

    /// The secret key of a shop's servers, which may read and write.
    #[must_use]
    pub fn server() -> NewKey {
        NewKey::scoped(&[Scope::Read, Scope::Write], "")
    }

    /// A secret key that may do this and nothing else.
    #[must_use]
    pub fn scoped(scopes: &[Scope], label: &str) -> NewKey {
        let key = format!("sk_{}", random_text(24));
        let document = KeyDocument {
            kind: "server".to_owned(),
            hint: format!("{}…", &key[..7]),
            scopes: scopes.iter().map(|scope| scope.code().to_owned()).collect(),
            label: label.to_owned(),
        };
        NewKey { name: hashed(&key), key, document }
    }
}

/// What is stored of a secret key.
#[must_use]
pub fn hashed(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, key.as_bytes()))
}

impl Keys {
    /// The keys among a shop's documents; of one that was known before, its use stays known.
    #[must_use]
    pub fn of(documents: &[Document], before: Option<&Keys>) -> Keys {
        let keys = documents.iter().filter(|document| document.kind == kind::KEY);
        let read = |document: &Document| {
            let body = serde_json::from_str(document.body.as_deref()?).ok()?;
            let known = before.and_then(|before| before.0.get(&document.name));
            let used = known.map(|known| known.used.clone()).unwrap_or_default();
            Some((document.name.clone(), Known { document: body, used }))
        };
        Keys(keys.filter_map(read).collect())
    }

    /// Whether this is a write key.
    #[must_use]
    pub fn is_write(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|known| known.document.kind == "write")
    }

    /// Whether this is a server key, of whatever scope.
    #[must_use]
    pub fn is_server(&self, key: &str) -> bool {
        self.server(key).is_some()
    }

    /// A server key.
    #[must_use]
    pub fn server(&self, key: &str) -> Option<&Known> {
        let known = key.starts_with("sk_").then(|| self.0.get(&hashed(key)))??;
        (known.document.kind == "server").then_some(known)
    }

    /// Any key, as it is shown to a shop's pages and servers.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Known> {
        if self.is_write(key) { self.0.get(key) } else { self.server(key) }
    }

    /// When a key was last used since the program was started, by the name of its document.
    #[must_use]
    pub fn used(&self, name: &str) -> Option<WallTime> {
        let at = self.0.get(name)?.used.load(Ordering::Relaxed);
        (at > 0).then_some(WallTime(at))
    }

    /// The write key to put into a page.
    #[must_use]
    pub fn write_key(&self) -> Option<&str> {
        // The same one each time: a map has no order of its own.
        self.0.iter().filter(|(_, known)| known.document.kind == "write").map(|(key, _)| key.as_str()).min()
    }
}
