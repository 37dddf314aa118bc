//! How a shop is connected: the line for its pages, and requests to try, with its real key and address.

use super::calls;
use crate::app::App;
use crate::ui::layout::{Page, html};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use beckon_core::time::ShopTime;
use std::sync::Arc;

/// Keeps the calls of a page until `beckon.js` is there.
const STUB: &str = "<script>window.beckon = window.beckon || function () { (beckon.q = beckon.q || [])\
                    .push(arguments) }</script>";

/// Texts to copy.
pub struct Snippets {
    /// The line for every page of the shop.
    pub page: String,
    /// A request that reports a product view.
    pub track: String,
    /// A request from the shop's server that reports an order.
    pub order: String,
}

impl Snippets {
    /// With the shop's write key and the address under which shoppers reach us.
    #[must_use]
    pub fn of(app: &App) -> Snippets {
        let state = app.shop();
        let (origin, key) = (app.public_origin(), state.keys.write_key().unwrap_or("wk_…").to_owned());
        Snippets {
            page: format!("<script async src=\"{origin}/beckon.js\" data-key=\"{key}\"></script>\n{STUB}"),
            track: format!(
                "curl -u {key}: -H 'Content-Type: application/json' {origin}/v1/track -d '{{\n  \"anonymousId\": \
                 \"test-1\",\n  \"event\": \"Product Viewed\",\n  \"properties\": {{\"product_id\": \"1\", \"name\": \
                 \"Kettle\", \"price\": 1990, \"currency\": \"RUB\"}}\n}}'"
            ),
            order: format!(
                "curl -u $SERVER_KEY: -H 'Content-Type: application/json' {origin}/v1/track -d '{{\n  \"userId\": \
                 \"42\",\n  \"event\": \"Order Completed\",\n  \"context\": {{\"traits\": {{\"email\": \
                 \"anna@example.com\"}}}},\n  \"properties\": {{\"order_id\": \"1001\", \"total\": 1990, \
                 \"currency\": \"RUB\",\n    \"products\": [{{\"product_id\": \"1\", \"quantity\": 1, \"price\": \
                 1990}}]}}\n}}'"
            ),
        }
    }
}

#[derive(Template)]
#[template(path = "developers/connect.html")]
struct Connect {
    page: Page,
    snippets: Snippets,
    signed: bool,
    calls: Vec<calls::Call>,
    tested: Option<ShopTime>,
}

/// `GET /developers`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    let signed = app.shop().settings.mode == "signed";
    html(&Connect {
        page,
        snippets: Snippets::of(&app),
        signed,
        calls: calls::all(&app),
        tested: calls::tested(&app),
    })
}
