//! The first day of a shop: its secret, its keys, its settings, its journeys.

use crate::access::keys::NewKey;
use crate::app::SHOP;
use crate::settings::{JourneyDocument, MAIN, Published, ShopCard, ShopSettings, WORDS, kind};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use beckon_core::time::WallTime;
use beckon_store::Result;
use beckon_store::shop::{DocumentWrite, ShopPlane};
use ring::rand::{SecureRandom, SystemRandom};
use std::collections::BTreeMap;

/// Journeys that ship with Beckon: name and text.
pub const READY: &[(&str, &str)] = &[("abandoned-cart", include_str!("../../../plans/abandoned-cart.yaml"))];

/// Keys that are shown once.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Public: goes into the page.
    pub write_key: String,
    /// Secret: stays on the shop's servers.
    pub server_key: String,
}

/// Whether a shop was set up here.
///
/// # Errors
/// The plane cannot be read.
pub fn is_done(plane: &ShopPlane) -> Result<bool> {
    Ok(plane.get(SHOP, kind::SECRET, MAIN)?.is_some())
}

/// Sets a shop up: all of it, or nothing. The ready-made journeys are there, switched off.
///
/// # Errors
/// [`beckon_store::Error::Conflict`] when there is one already.
pub fn shop(plane: &ShopPlane, card: &ShopCard, at: WallTime, by: &str) -> Result<Keys> {
    let mut secret = [0u8; 32];
    SystemRandom::new()
        .fill(&mut secret)
        .map_err(|_| beckon_store::Error::Unavailable("the system gives no random bytes".to_owned()))?;
    let (write, server) = (NewKey::write(), NewKey::server());
    let mut documents = vec![
        (kind::SECRET, MAIN.to_owned(), json(&STANDARD.encode(secret))),
        (kind::SHOP, MAIN.to_owned(), json(card)),
        (kind::SETTINGS, MAIN.to_owned(), json(&ShopSettings::default())),
        (kind::KEY, write.name.clone(), json(&write.document)),
        (kind::KEY, server.name.clone(), json(&server.document)),
        // Nobody was here before, whose words would be missing.
        (kind::FILLED, WORDS.to_owned(), "{}".to_owned()),
    ];
    for (name, text) in READY {
        let journey = JourneyDocument {
            text: (*text).to_owned(),
            graph: 1,
            texts: BTreeMap::from([(1, (*text).to_owned())]),
            // A shop's clock begins with the wall's.
            published: BTreeMap::from([(1, Published { at: at.0, by: by.to_owned() })]),
            ..JourneyDocument::default()
        };
        documents.push((kind::JOURNEY, (*name).to_owned(), json(&journey)));
    }
    let writes: Vec<DocumentWrite> = documents
        .iter()
        .map(|(kind, name, body)| DocumentWrite {
            shop: SHOP,
            kind,
            name,
            expected_version: 0,
            body: Some(body),
            at,
            by,
        })
        .collect();
    plane.put_all(&writes)?;
    Ok(Keys { write_key: write.key, server_key: server.key })
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
