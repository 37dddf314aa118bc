//! The screens of the admin side: a folder each, rendered on the server.

pub mod account;
pub mod assets;
pub mod blocks;
pub mod catalogue;
pub mod chart;
pub mod components;
pub mod customers;
pub mod demo;
pub mod developers;
pub mod home;
pub mod join;
pub mod journeys;
pub mod layout;
pub mod messages;
pub mod set_up;
pub mod settings;
pub mod sign_in;

use crate::access::rights::Need::Of;
use crate::access::rights::Right;
use crate::route::{Route, get, post};

/// The routes of customers, messages, journeys, blocks and the catalogue.
#[must_use]
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    let mut routes = vec![
        get("/customers", Of(Right::People), customers::list),
        get("/customers/rows", Of(Right::People), customers::rows),
        get("/customers/{id}", Of(Right::People), customers::one),
        get("/customers/{id}/side", Of(Right::People), customers::side),
        get("/customers/{id}/timeline", Of(Right::People), customers::main),
        get("/customers/{id}/export", Of(Right::People), customers::export),
        get("/messages", Of(Right::People), messages::list),
        get("/messages/{id}", Of(Right::People), messages::one),
        get("/messages/{id}/body", Of(Right::People), messages::body),
        post("/messages/{id}/sent", Of(Right::Edit), messages::count_as_sent),
        post("/messages/{id}/send-again", Of(Right::Edit), messages::send_again),
        post("/messages/unknown", Of(Right::Edit), messages::many),
        get("/journeys", Of(Right::View), journeys::list),
        post("/journeys", Of(Right::Edit), journeys::take),
        get("/journeys/{name}", Of(Right::View), journeys::one),
        get("/journeys/{name}/numbers", Of(Right::View), journeys::numbers_page),
        get("/journeys/{name}/numbers.csv", Of(Right::View), journeys::csv),
        get("/journeys/{name}/settings", Of(Right::View), journeys::settings),
        post("/journeys/{name}/settings", Of(Right::Edit), journeys::set),
        get("/journeys/{name}/settings/summary", Of(Right::View), journeys::would_do),
        get("/journeys/{name}/steps/{step}", Of(Right::View), journeys::step_page),
        get("/journeys/{name}/steps/{step}/preview", Of(Right::View), journeys::preview),
        get("/journeys/{name}/versions", Of(Right::View), journeys::versions),
        get("/journeys/{name}/versions/now", Of(Right::View), journeys::versions_live),
        get("/journeys/{name}/text", Of(Right::View), journeys::text),
        post("/journeys/{name}/text", Of(Right::Edit), journeys::publish),
        post("/journeys/{name}/switch", Of(Right::Edit), journeys::switch),
        get("/stages", Of(Right::View), journeys::stages),
        post("/stages", Of(Right::Edit), journeys::stages_order),
        get("/catalogue", Of(Right::View), catalogue::list),
        get("/catalogue/offers/{id}", Of(Right::View), catalogue::one),
        get("/catalogue/imports", Of(Right::View), catalogue::imports),
        post("/catalogue/imports", Of(Right::Connect), catalogue::begin),
        post("/catalogue/imports/file", Of(Right::Connect), catalogue::file),
        get("/catalogue/imports/running", Of(Right::View), catalogue::running),
    ];
    routes.extend(blocks::routes());
    routes
}
