//! For developers: how the shop is connected, its keys, what arrives, and what could not be applied.

pub mod arrivals;
pub mod connect;
pub mod endpoints;
pub mod keys;
pub mod parked;
pub mod signing;

use super::layout::Page;
use super::settings::Tab;

/// The tabs.
#[must_use]
pub fn tabs(page: &Page) -> Vec<Tab> {
    let all = [
        ("/developers", "dev-connect"),
        ("/developers/arrivals", "dev-arrivals"),
        ("/developers/keys", "dev-keys"),
        ("/developers/endpoints", "dev-endpoints"),
        ("/developers/signing", "dev-signing"),
        ("/developers/parked", "dev-parked"),
    ];
    all.into_iter().map(|(href, key)| Tab { href, key, here: page.path == href }).collect()
}
