//! Links and the pixel of a mail: counted, then on to where the signed address says, and nowhere else.

use super::{guarded, machine, react, row_of};
use crate::app::App;
use crate::sent::Kept;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use beckon_core::input::Reaction;
use beckon_render::{Item, Link};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// A transparent picture of one point.
const PIXEL: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// `GET /c/TOKEN`: a link of a mail.
pub async fn follow(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let Ok(Link::Click { message, index, url }) = app.links().read(&token) else { return forged(&headers) };
    if let Some(row) = row_of(&app, message).await {
        let by_machine = machine::clicked(&method, &headers, message, index);
        react(&app, &row, if by_machine { Reaction::ClickedByMachine } else { Reaction::Clicked }).await;
    }
    redirect(&with_token(&app, &url, &token))
}

/// `GET /r/TOKEN`: back to the cart. The shop's page fills it with what `/r/cart` tells.
pub async fn restore(State(app): State<Arc<App>>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let Ok(Link::Restore { message }) = app.links().read(&token) else { return forged(&headers) };
    let state = app.shop();
    let set =
        [&state.card.cart_url, &state.card.site].into_iter().find(|address| !address.is_empty()).cloned();
    // A shop that has entered no address has at least those of its goods.
    let to = match set {
        Some(to) => Some(to),
        None => kept_items(&app, message).await.into_iter().find_map(|item| item.url),
    };
    let Some(to) = to else { return super::page::plain(&headers, "no-site", StatusCode::NOT_FOUND) };
    redirect(&with_token(&app, &to, &token))
}

/// `GET /r/cart?token=…`: the goods of one message, and of nobody else's cart.
pub async fn cart(State(app): State<Arc<App>>, Query(query): Query<HashMap<String, String>>) -> Response {
    let token = query.get("token").map_or("", String::as_str);
    let message = match app.links().read(token) {
        Ok(Link::Restore { message } | Link::Click { message, .. }) => message,
        _ => return allowed(StatusCode::NOT_FOUND, json!({"products": []})),
    };
    let items = kept_items(&app, message).await;
    let products: Vec<_> =
        items.iter().map(|item| json!({"product_id": item.id, "quantity": item.quantity})).collect();
    allowed(StatusCode::OK, json!({"products": products}))
}

/// The goods a message showed when it was handed over.
async fn kept_items(app: &Arc<App>, message: u64) -> Vec<Item> {
    let kept = row_of(app, message).await.and_then(|row| serde_json::from_slice::<Kept>(&row.body).ok());
    kept.map(|kept| kept.facts.items).unwrap_or_default()
}

/// `GET /o/TOKEN`: the pixel.
pub async fn pixel(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if let Ok(Link::Open { message }) = app.links().read(token.trim_end_matches(".gif"))
        && let Some(row) = row_of(&app, message).await
    {
        let by_machine = machine::opened(&method, &headers);
        react(&app, &row, if by_machine { Reaction::OpenedByMachine } else { Reaction::Opened }).await;
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/gif")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (headers, PIXEL).into_response()
}

/// The target with our token, where it is the shop's own site: its tracker then knows which message brought her.
fn with_token(app: &App, target: &str, token: &str) -> String {
    let state = app.shop();
    let host =
        |address: &str| url::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
    let own = host(&state.card.site);
    match url::Url::parse(target) {
        Ok(mut url) if own.is_some() && host(target) == own => {
            url.query_pairs_mut().append_pair("bkn", token);
            url.into()
        }
        _ => target.to_owned(),
    }
}

fn redirect(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => {
            guarded((StatusCode::FOUND, [(header::LOCATION, to)]).into_response(), "default-src 'none'")
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn forged(headers: &HeaderMap) -> Response {
    super::page::plain(headers, "forged", StatusCode::NOT_FOUND)
}

fn allowed(status: StatusCode, body: serde_json::Value) -> Response {
    let any = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))];
    guarded((status, any, Json(body)).into_response(), "default-src 'none'")
}
