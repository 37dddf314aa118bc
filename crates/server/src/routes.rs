//! Every route of the admin side: method, path, what it asks of the caller, handler. Nothing is reachable
//! that is not in this table, and a test walks every role over it.

use crate::access::limit::Limit;
use crate::access::rights::Need::{Nobody, Of, SignedIn};
use crate::access::rights::Right;
use crate::api::imports::Imports;
use crate::app::App;
use crate::blocks::past::Past;
use crate::checkup::background::Checkup;
use crate::guard::{Guard, guard};
use crate::ops::health;
use crate::route::{Route, get, post};
use crate::ui;
use crate::ui::layout::{self, Page};
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::Response;
use axum::{Extension, Router, middleware};
use std::sync::Arc;

/// The table.
#[must_use]
pub fn table() -> Vec<Route> {
    let mut routes = access();
    routes.extend(screens());
    routes.extend(crate::api::routes());
    routes.extend(ui::routes());
    routes
}

#[rustfmt::skip]
fn access() -> Vec<Route> {
    vec![
        get("/health", Nobody, async || "ok"),
        get("/health/live", Nobody, health::live),
        get("/health/ready", Nobody, health::ready),
        get("/static/{hash}/{name}", Nobody, ui::assets::file),
        get("/set-up", Nobody, ui::set_up::page),
        post("/set-up", Nobody, ui::set_up::submit),
        get("/sign-in", Nobody, ui::sign_in::page),
        post("/sign-in", Nobody, ui::sign_in::submit),
        post("/sign-out", SignedIn, ui::sign_in::out),
        post("/preferences", Nobody, ui::sign_in::preferences),
        get("/demo/enter", Nobody, ui::demo::enter),
        get("/demo/clock", SignedIn, ui::demo::clock),
        get("/demo/guide", SignedIn, ui::demo::guide),
        post("/demo/guide", SignedIn, ui::demo::put_away),
        post("/demo/time", SignedIn, ui::demo::time),
        get("/account", SignedIn, ui::account::page),
        post("/account/sessions/end", SignedIn, ui::account::end),
        get("/join", Nobody, ui::join::page),
        post("/join", Nobody, ui::join::submit),
        post("/account/password", SignedIn, ui::account::password),
    ]
}

#[rustfmt::skip]
fn screens() -> Vec<Route> {
    vec![
        get("/", Of(Right::View), ui::home::page),
        get("/home/today", Of(Right::View), ui::home::live),
        get("/settings", Of(Right::View), ui::settings::index),
        get("/settings/shop", Of(Right::View), ui::settings::shop::page),
        post("/settings/shop", Of(Right::Edit), ui::settings::shop::submit),
        get("/settings/sending", Of(Right::Run), ui::settings::sending::page),
        post("/settings/sending", Of(Right::Run), ui::settings::sending::submit),
        post("/settings/sending/test", Of(Right::Run), ui::settings::test_mail::submit),
        get("/settings/gate", Of(Right::View), ui::settings::gate::page),
        post("/settings/gate", Of(Right::Run), ui::settings::gate::submit),
        post("/settings/stop", Of(Right::Stop), ui::settings::gate::stop),
        get("/settings/keeping", Of(Right::View), ui::settings::keeping::page),
        post("/settings/keeping", Of(Right::Run), ui::settings::keeping::submit),
        get("/settings/restored", Of(Right::View), ui::settings::restored::page),
        post("/settings/restored", Of(Right::Run), ui::settings::restored::submit),
        get("/settings/unsubscribes", Of(Right::Edit), ui::settings::unsubscribes::page),
        post("/settings/unsubscribes", Of(Right::Edit), ui::settings::unsubscribes::submit),
        post("/settings/unsubscribes/file", Of(Right::Edit), ui::settings::unsubscribes::file),
        get("/settings/checkup", Of(Right::Run), ui::settings::checkup::page),
        get("/settings/checkup/list", Of(Right::Run), ui::settings::checkup::live),
        post("/settings/checkup", Of(Right::Run), ui::settings::checkup::submit),
        get("/settings/programs", Of(Right::Run), ui::settings::programs::page),
        get("/settings/programs/list", Of(Right::Run), ui::settings::programs::live),
        get("/settings/staff", Of(Right::Staff), ui::settings::staff::page),
        post("/settings/staff", Of(Right::Staff), ui::settings::staff::add),
        post("/settings/staff/role", Of(Right::Staff), ui::settings::staff::role),
        post("/settings/staff/reset", Of(Right::Staff), ui::settings::staff::reset),
        post("/settings/staff/withdraw", Of(Right::Staff), ui::settings::staff::withdraw),
        post("/settings/staff/remove", Of(Right::Staff), ui::settings::staff::remove),
        get("/settings/log", Of(Right::Staff), ui::settings::log::page),
        get("/developers", Of(Right::Connect), ui::developers::connect::page),
        get("/developers/calls", Of(Right::Connect), ui::developers::calls::live),
        post("/developers/test", Of(Right::Connect), ui::developers::calls::send),
        get("/developers/api", Of(Right::Connect), ui::developers::reference::page),
        get("/developers/api/calls", Of(Right::Connect), ui::developers::reference::calls),
        get("/developers/signing", Of(Right::Connect), ui::developers::signing::page),
        post("/developers/signing", Of(Right::Connect), ui::developers::signing::renew),
        get("/developers/keys", Of(Right::Connect), ui::developers::keys::page),
        post("/developers/keys", Of(Right::Connect), ui::developers::keys::add),
        post("/developers/keys/delete", Of(Right::Connect), ui::developers::keys::delete),
        get("/developers/arrivals", Of(Right::Connect), ui::developers::arrivals::page),
        get("/developers/arrivals/list", Of(Right::Connect), ui::developers::arrivals::live),
        get("/developers/endpoints", Of(Right::Connect), ui::developers::endpoints::page),
        post("/developers/endpoints", Of(Right::Connect), ui::developers::endpoints::submit),
        post("/developers/endpoints/delete", Of(Right::Connect), ui::developers::endpoints::delete),
        get("/developers/parked", Of(Right::Connect), ui::developers::parked::page),
        post("/developers/parked", Of(Right::Connect), ui::developers::parked::submit),
        get("/ui/components", SignedIn, ui::components::page),
    ]
}

/// The admin side: the table, each route behind the guard with its need.
pub fn admin_router(app: Arc<App>) -> Router {
    let behind = |need, path| middleware::from_fn_with_state(Guard { app: app.clone(), need, path }, guard);
    let mut router = Router::new();
    for route in table() {
        router = router.route(route.path, route.handler.layer(behind(route.need, route.path)));
    }
    let nothing = axum::routing::any(nothing).layer(behind(SignedIn, ""));
    router
        .fallback_service(nothing.with_state(app.clone()))
        .layer(DefaultBodyLimit::max(2 << 20))
        .layer(Extension(Arc::new(Checkup::default())))
        .layer(Extension(Arc::new(Past::default())))
        .layer(Extension(Arc::new(Limit::default())))
        .layer(Extension(Arc::new(Imports::default())))
        .with_state(app)
}

async fn nothing(page: Page) -> Response {
    layout::problem(page, StatusCode::NOT_FOUND, "problem-missing")
}
