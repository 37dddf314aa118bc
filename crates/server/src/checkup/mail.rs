//! The relay: connect, greet, protect the line, sign in, leave.

use super::{Finding, Level, Subject};
use crate::settings::ShopSettings;
use beckon_channels::smtp::{Settings, probe};
use std::time::Duration;

/// How long the relay may take for all of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Tries the relay.
pub async fn relay(subject: &Subject, settings: &ShopSettings) -> Vec<Finding> {
    let url = subject.relay(settings);
    let of = |level, found| Finding::new("relay", level, found);
    if url.is_empty() {
        return vec![of(Level::Wrong, "relay-none")];
    }
    let relay = match Settings::parse(url) {
        Ok(relay) => relay,
        Err(why) => return vec![of(Level::Wrong, "relay-odd").naming("why", why)],
    };
    let place = format!("{}:{}", relay.host, relay.port);
    let finding = match tokio::time::timeout(PATIENCE, probe(&relay)).await {
        Err(_) => of(Level::Wrong, "relay-late"),
        Ok(Err(why)) => of(Level::Wrong, "relay-refuses").naming("why", why),
        Ok(Ok(probed)) => match () {
            () if !probed.tls && !relay.is_loopback() => of(Level::Warning, "relay-plain"),
            () if probed.signed_in => of(Level::Ok, "relay-signed-in"),
            () => of(Level::Ok, "relay-good"),
        },
    };
    vec![finding.naming("place", place)]
}
