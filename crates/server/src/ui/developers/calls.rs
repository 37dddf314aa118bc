//! The calls a shop's pages make, one by one, and whether each arrived; and an event to try with.

use crate::access::audit;
use crate::app::{App, Arrival};
use crate::connect::fetch::{Limits, client};
use crate::ui::layout::{Page, fragment};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use beckon_core::time::ShopTime;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// The calls in the order in which a shop builds them in: the key of its words, the name under which it arrives, and
/// what the page says.
const CALLS: [(&str, &str, &str); 6] = [
    ("call-page", "Page Viewed", "beckon('page')"),
    ("call-product", "Product Viewed", "beckon('product', { product_id: '42' })"),
    ("call-add", "Product Added", "beckon('add', { product_id: '42', quantity: 1 })"),
    (
        "call-cart",
        "Cart Viewed",
        "beckon('cart', { products: [{ product_id: '42', quantity: 1 }, { product_id: '7', quantity: 2 }] })",
    ),
    (
        "call-identify",
        "Identify",
        "beckon('identify', 'USER_ID', { email: 'ann@example.com', email_consent: true })",
    ),
    (
        "call-order",
        "Order Completed",
        "beckon('order', { order_id: '1001', total: 1990, currency: 'RUB',\n  products: [{ product_id: '42', \
         quantity: 1, price: 1990 }] })",
    ),
];

/// Name of the event that the button sends.
const TEST: &str = "Test Event";

/// How long the public side may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A call with the last time it arrived; `None` when not among the last arrivals.
pub struct Call {
    pub(super) key: &'static str,
    pub(super) code: &'static str,
    pub(super) arrived: Option<ShopTime>,
}

/// The calls, as they arrived.
pub fn all(app: &App) -> Vec<Call> {
    let call = |(key, name, code)| Call { key, code, arrived: last(app, name) };
    CALLS.into_iter().map(call).collect()
}

/// When the test event arrived last.
pub fn tested(app: &App) -> Option<ShopTime> {
    last(app, TEST)
}

fn last(app: &App, name: &str) -> Option<ShopTime> {
    let arrivals = app.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
    arrivals.iter().find_map(|arrival| match arrival {
        Arrival::Event(incoming) => {
            (incoming.event.fact.name() == name).then_some(incoming.event.received_at)
        }
        Arrival::Flag(_) | Arrival::Refused { .. } => None,
    })
}

#[derive(Template)]
#[template(path = "developers/calls.html")]
struct Calls {
    page: Page,
    calls: Vec<Call>,
    tested: Option<ShopTime>,
}

/// `GET /developers/calls`: again and again.
pub async fn live(page: Page, State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    fragment(&headers, &Calls { page, calls: all(&app), tested: tested(&app) })
}

/// `POST /developers/test`: sends an event as a page would, over the network to the public side.
pub async fn send(page: Page, State(app): State<Arc<App>>) -> Response {
    let taken = try_one(&app).await;
    let result = if taken { "taken" } else { "not taken" };
    audit::note(&app, "test-event.sent", result, Vec::new()).await;
    page.redirect("/developers", if taken { "flash-test-event" } else { "flash-test-event-failed" })
}

async fn try_one(app: &App) -> bool {
    let mut address = *app.public_addr.get().unwrap_or(&app.config.public);
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    let state = app.shop();
    let Some(key) = state.keys.write_key() else { return false };
    let body = serde_json::json!({"writeKey": key, "event": TEST, "anonymousId": "beckon-test-event"});
    let limits = Limits { connect_timeout: PATIENCE, idle_timeout: PATIENCE, ..Limits::default() };
    let Ok(client) = client(&limits, |_| true) else { return false };
    let asked = client.post(format!("http://{address}/v1/track")).body(body.to_string()).send().await;
    asked.is_ok_and(|answer| answer.status().is_success())
}
