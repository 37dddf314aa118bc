//! Settings, the shop's card: what stands in every mail.

use super::answer;
use crate::access::rights::Right;
use crate::app::App;
use crate::form::{Errors, Fields};
use crate::save::{Change, Saved, read, save};
use crate::settings::{MAIN, ShopCard, card, kind};
use crate::ui::layout::{Page, broken, html, html_with};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "settings/shop.html")]
struct ShopPage {
    page: Page,
    card: ShopCard,
    version: u64,
    errors: Errors,
    conflict: bool,
}

/// `GET /settings/shop`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    match read::<ShopCard>(&app, kind::SHOP, MAIN).await {
        Ok((card, version)) => {
            html(&ShopPage { page, card, version, errors: Errors::default(), conflict: false })
        }
        Err(why) => broken(page, &why),
    }
}

/// `POST /settings/shop`
pub async fn submit(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let (card, errors) = card::check(page.locale, &fields);
    let version = fields.whole("version").unwrap_or(0).unsigned_abs();
    if !errors.is_empty() {
        let again = ShopPage { page, card, version, errors, conflict: false };
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let saved = save(&app, page.by(), vec![Change::put(kind::SHOP, MAIN, version, &card)]).await;
    let (card, version) = match saved {
        Saved::Conflict => match read::<ShopCard>(&app, kind::SHOP, MAIN).await {
            Ok(newer) => newer,
            Err(why) => return broken(page, &why),
        },
        _ => (card, version),
    };
    let errors = Errors::default();
    answer(page, saved, "/settings/shop", |page| ShopPage { page, card, version, errors, conflict: true })
}
