//! Settings, the shop's card: what stands in every mail.

use super::answer;
use crate::access::rights::Right;
use crate::app::App;
use crate::i18n::{self, Locale};
use crate::settings::{MAIN, ShopCard, kind};
use crate::ui::form::{Errors, Fields, is_web};
use crate::ui::layout::{Page, broken, html, html_with};
use crate::ui::save::{Change, Saved, read, save};
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
    let (card, errors) = check(page.locale, &fields);
    let version = fields.whole("version").unwrap_or(0).unsigned_abs();
    if !errors.is_empty() {
        let again = ShopPage { page, card, version, errors, conflict: false };
        return html_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let saved = save(&app, &page, vec![Change::put(kind::SHOP, MAIN, version, &card)]).await;
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

/// Reads the card from the form; a text too long is refused, not cut.
pub(crate) fn check(locale: Locale, fields: &Fields) -> (ShopCard, Errors) {
    let t = |key: &str| i18n::t(locale, key, &[]);
    let mut errors = Errors::default();
    let card = ShopCard {
        name: fields.text("name").to_owned(),
        site: fields.text("site").to_owned(),
        phones: fields
            .text("phones")
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        hours: fields.text("hours").to_owned(),
        address: fields.text("address").to_owned(),
        email: fields.text("email").to_owned(),
        logo: fields.text("logo").to_owned(),
        cart_url: fields.text("cart_url").to_owned(),
        locale: if fields.text("locale") == "en" { "en" } else { "ru" }.to_owned(),
    };
    if !matches!(fields.text("locale"), "" | "en" | "ru") {
        errors.add("locale", i18n::t(locale, "error-choice", &[("choices", "en, ru".into())]));
    }
    if card.name.is_empty() {
        errors.add("name", t("error-missing"));
    }
    for (field, text) in [("name", &card.name), ("hours", &card.hours), ("address", &card.address)] {
        if text.chars().count() > 300 {
            errors.add(field, t("error-long"));
        }
    }
    if card.phones.len() > 5 || card.phones.iter().any(|phone| phone.chars().count() > 40) {
        errors.add("phones", t("error-phones"));
    }
    for (field, text) in [("site", &card.site), ("cart_url", &card.cart_url), ("logo", &card.logo)] {
        if !text.is_empty() && !is_web(text) {
            errors.add(field, t("error-web"));
        }
    }
    if !card.email.is_empty() && crate::access::staff::normal(&card.email).is_none() {
        errors.add("email", t("error-email"));
    }
    (card, errors)
}
