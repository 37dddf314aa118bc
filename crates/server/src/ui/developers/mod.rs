//! For developers: how the shop is connected, its keys, what arrives, and what could not be applied.

pub mod arrivals;
pub mod calls;
pub mod connect;
pub mod endpoints;
pub mod keys;
pub mod parked;
pub mod reference;
pub mod signing;

use super::layout::Page;
use super::settings::Tab;

/// The tabs.
#[must_use]
pub fn tabs(page: &Page) -> Vec<Tab> {
    let all = [
        ("/developers", "dev-connect"),
        ("/developers/arrivals", "dev-arrivals"),
        ("/developers/api", "dev-api"),
        ("/developers/keys", "dev-keys"),
        ("/developers/signing", "dev-signing"),
        ("/developers/endpoints", "dev-endpoints"),
        ("/developers/parked", "dev-parked"),
    ];
    all.into_iter().map(|(href, key)| Tab { href, key, here: page.path == href }).collect()
}
