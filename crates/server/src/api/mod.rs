//! The JSON API for the shop's servers: a file per noun. It can do whatever the screens can do.
//!
//! Every route asks for a server key as `Authorization: Bearer sk_…`; the table of routes says so. Its
//! description is `openapi.json`, which a test compares with the table.

pub mod answer;
pub mod ask;
pub mod audit;
pub mod blocks;
pub mod catalogue;
pub mod endpoints;
pub mod export;
pub mod imports;
pub mod journeys;
pub mod keys;
pub mod messages;
mod nodes;
pub mod openapi;
pub mod operate;
pub mod orders;
pub mod parked;
pub mod profiles;
pub mod settings;
pub mod signing;
pub mod staff;
pub mod stages;
pub mod suppressions;
pub mod unknown;
pub mod versions;

use crate::access::rights::Need::{AdminKey, Nobody, ServerKey};
use crate::route::{Route, delete, get, patch, post, put};

/// The routes of the API.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut routes = daily();
    routes.extend(owners());
    routes
}

/// What the shop's programs do day by day.
#[rustfmt::skip]
fn daily() -> Vec<Route> {
    vec![
        get("/api/openapi.json", Nobody, openapi::document),
        get("/api/v1/profiles", ServerKey, profiles::list),
        get("/api/v1/profiles/{id}", ServerKey, profiles::one),
        get("/api/v1/profiles/{id}/timeline", ServerKey, profiles::timeline),
        get("/api/v1/profiles/{id}/export", ServerKey, export::export),
        get("/api/v1/messages", ServerKey, messages::list),
        get("/api/v1/messages/{id}", ServerKey, messages::one),
        get("/api/v1/messages/{id}/html", ServerKey, messages::html),
        post("/api/v1/messages/{id}/sent", ServerKey, unknown::sent),
        post("/api/v1/messages/{id}/send-again", ServerKey, unknown::again),
        post("/api/v1/messages/unknown", ServerKey, unknown::many),
        get("/api/v1/journeys", ServerKey, journeys::list),
        get("/api/v1/journeys/{name}", ServerKey, journeys::one),
        post("/api/v1/journeys/{name}", ServerKey, journeys::change),
        put("/api/v1/journeys/{name}", ServerKey, journeys::publish),
        get("/api/v1/journeys/{name}/settings", ServerKey, versions::settings),
        get("/api/v1/journeys/{name}/versions", ServerKey, versions::versions),
        get("/api/v1/journeys/{name}/numbers", ServerKey, journeys::numbers),
        get("/api/v1/journeys/{name}/numbers.csv", ServerKey, journeys::numbers_csv),
        get("/api/v1/journeys/{name}/proof", ServerKey, journeys::proof),
        get("/api/v1/stages", ServerKey, stages::list),
        post("/api/v1/stages", ServerKey, stages::order),
        get("/api/v1/blocks", ServerKey, blocks::list),
        get("/api/v1/blocks/{name}", ServerKey, blocks::one),
        put("/api/v1/blocks/{name}", ServerKey, blocks::keep),
        delete("/api/v1/blocks/{name}", ServerKey, blocks::forget),
        post("/api/v1/blocks/{name}/preview", ServerKey, blocks::try_out),
        get("/api/v1/blocks/{name}/numbers", ServerKey, blocks::numbers),
        put("/api/v1/places/{place}", ServerKey, blocks::place),
        get("/api/v1/catalogue", ServerKey, catalogue::list),
        get("/api/v1/catalogue/{id}", ServerKey, catalogue::one),
        get("/api/v1/imports", ServerKey, catalogue::imports),
        post("/api/v1/imports", ServerKey, imports::begin),
        get("/api/v1/imports/running", ServerKey, imports::running),
        get("/api/v1/orders/{id}", ServerKey, orders::one),
        get("/api/v1/suppressions", ServerKey, suppressions::one),
        post("/api/v1/suppressions", ServerKey, suppressions::stop),
        get("/api/v1/parked", ServerKey, parked::list),
        post("/api/v1/parked/{id}/retry", ServerKey, parked::retry),
        delete("/api/v1/parked/{id}", ServerKey, parked::discard),
        get("/api/v1/stop", ServerKey, operate::stopped),
        post("/api/v1/stop", ServerKey, operate::stop),
    ]
}

/// What only the owner's own tools may do.
#[rustfmt::skip]
fn owners() -> Vec<Route> {
    vec![
        get("/api/v1/audit", AdminKey, audit::list),
        get("/api/v1/settings", AdminKey, settings::all),
        patch("/api/v1/settings/shop", AdminKey, settings::shop),
        patch("/api/v1/settings/sending", AdminKey, settings::sending),
        patch("/api/v1/settings/gate", AdminKey, settings::gate),
        patch("/api/v1/settings/keeping", AdminKey, settings::keeping),
        get("/api/v1/staff", AdminKey, staff::list),
        post("/api/v1/staff", AdminKey, staff::invite),
        patch("/api/v1/staff/{email}", AdminKey, staff::role),
        delete("/api/v1/staff/{email}", AdminKey, staff::remove),
        post("/api/v1/staff/{email}/reset", AdminKey, staff::reset),
        delete("/api/v1/invitations/{id}", AdminKey, staff::withdraw),
        get("/api/v1/keys", AdminKey, keys::list),
        post("/api/v1/keys", AdminKey, keys::make),
        delete("/api/v1/keys/{id}", AdminKey, keys::remove),
        get("/api/v1/endpoints", AdminKey, endpoints::list),
        get("/api/v1/endpoints/{name}", AdminKey, endpoints::one),
        put("/api/v1/endpoints/{name}", AdminKey, endpoints::keep),
        delete("/api/v1/endpoints/{name}", AdminKey, endpoints::forget),
        get("/api/v1/signing", AdminKey, signing::one),
        post("/api/v1/signing", AdminKey, signing::renew),
        post("/api/v1/test-mail", AdminKey, operate::test_mail),
        get("/api/v1/nodes", AdminKey, nodes::list),
        get("/api/v1/checkup", AdminKey, operate::checkup),
        post("/api/v1/checkup", AdminKey, operate::check_up),
        get("/api/v1/restored", AdminKey, operate::restored),
        post("/api/v1/restored", AdminKey, operate::go_on),
    ]
}
