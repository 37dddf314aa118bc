//! The rules of the shop's card: what stands in every mail.

use super::ShopCard;
use crate::form::{Errors, Fields, is_web};
use crate::i18n::{self, Locale};

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
