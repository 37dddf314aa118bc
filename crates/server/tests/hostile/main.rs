//! What was done to programs of our kind, tried on this one: a file per class of attack, each over the real routers.

#![allow(clippy::unwrap_used)] // Helpers of tests are tests.

mod access;
mod csrf;
mod files;
mod identity;
mod injection;
mod page;
mod redirect;
mod template;
mod xss;

#[path = "../shop/seed.rs"]
#[allow(dead_code)] // A part of it is used here.
mod seed;
#[path = "../support/mod.rs"]
mod support;

/// A key that may do everything, put in force.
fn seed_key(world: &support::World) -> String {
    use beckon_server::access::keys::NewKey;
    use beckon_server::access::rights::Scope;
    let new = NewKey::scoped(&Scope::ALL, "a test");
    let body = serde_json::to_string(&new.document).unwrap();
    let write = beckon_store::shop::DocumentWrite {
        shop: beckon_server::app::SHOP,
        kind: beckon_server::settings::kind::KEY,
        name: &new.name,
        expected_version: 0,
        body: Some(&body),
        at: beckon_core::time::WallTime(1),
        by: "test",
    };
    world.app.plane.put(&write).unwrap();
    beckon_server::run::follow::reload_if_changed(&world.app).unwrap();
    new.key
}
