//! The JSON API for the shop's servers: a file per noun. It can do whatever the screens can do.
//!
//! Every route asks for a server key as `Authorization: Bearer sk_…`; the table of routes says so. Its description is
//! `openapi.json`, which a test compares with the table.

pub mod answer;
pub mod audit;
pub mod catalogue;
pub mod imports;
pub mod journeys;
pub mod messages;
pub mod openapi;
pub mod orders;
pub mod parked;
pub mod profiles;
pub mod stages;
pub mod suppressions;
pub mod versions;

use crate::access::rights::Need::{AdminKey, Nobody, ServerKey};
use crate::route::{Route, get, post, put};

/// The routes of the API.
#[must_use]
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/openapi.json", Nobody, openapi::document),
        get("/api/v1/profiles", ServerKey, profiles::list),
        get("/api/v1/profiles/{id}", ServerKey, profiles::one),
        get("/api/v1/profiles/{id}/timeline", ServerKey, profiles::timeline),
        get("/api/v1/profiles/{id}/export", ServerKey, profiles::export),
        get("/api/v1/messages", ServerKey, messages::list),
        get("/api/v1/messages/{id}", ServerKey, messages::one),
        get("/api/v1/messages/{id}/html", ServerKey, messages::html),
        post("/api/v1/messages/{id}/sent", ServerKey, messages::sent_after_all),
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
        get("/api/v1/catalogue", ServerKey, catalogue::list),
        get("/api/v1/catalogue/{id}", ServerKey, catalogue::one),
        get("/api/v1/imports", ServerKey, catalogue::imports),
        post("/api/v1/imports", ServerKey, imports::begin),
        get("/api/v1/imports/running", ServerKey, imports::running),
        get("/api/v1/orders/{id}", ServerKey, orders::one),
        get("/api/v1/suppressions", ServerKey, suppressions::one),
        post("/api/v1/suppressions", ServerKey, suppressions::stop),
        get("/api/v1/parked", ServerKey, parked::list),
        get("/api/v1/audit", AdminKey, audit::list),
    ]
}
