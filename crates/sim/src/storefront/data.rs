//! What is not a page: the feed, pictures, and the offers a cart in the browser asks about.

use super::{App, lang_of, query_value};
use crate::shop::{Lang, feed as feed_of};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// More ids than any cart of the shop holds.
const IDS_MAX: usize = 100;

/// The feed of today.
pub(super) async fn feed(State(app): State<App>, uri: Uri) -> impl IntoResponse {
    let lang = query_value(&uri, "lang").and_then(Lang::parse).unwrap_or(app.options.lang);
    let text = feed_of(&app.shop, &app.options.origin, lang, (app.day)());
    ([(CONTENT_TYPE, "application/xml; charset=utf-8")], text)
}

/// `/picture/{offer}.svg`
pub(super) async fn picture(State(app): State<App>, Path(file): Path<String>) -> Response {
    match file.strip_suffix(".svg").and_then(|id| app.shop.picture(id)) {
        Some(svg) => {
            ([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=3600")], svg).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `/offers.json?ids=101-1,204`: what a cart shows of its lines, in the order asked; unknown ids are left
/// out.
pub(super) async fn offers(State(app): State<App>, headers: HeaderMap, uri: Uri) -> Json<Value> {
    let lang = lang_of(&headers, &app);
    let day = (app.day)();
    let ids = query_value(&uri, "ids").unwrap_or_default();
    let known = ids.split(',').take(IDS_MAX).filter_map(|id| {
        let (product, variant) = app.shop.offer(id)?;
        let quote = app.shop.quote(product, variant, day);
        Some(json!({
            "id": variant.id,
            "title": product.offer_title(variant, lang),
            "price": quote.price_rub,
            "old": quote.old_rub,
            "stock": quote.stock,
            "category": app.shop.category(product.category).map(|category| category.name.get(lang)),
        }))
    });
    Json(Value::Array(known.collect()))
}
