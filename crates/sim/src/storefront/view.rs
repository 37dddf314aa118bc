//! What pages show, ready to be written out: cards, options, the frame around every page.

use super::{Options, Site};
use crate::shop::{self, Category, Lang, Localised, Product, Shop, Text, Variant};
use serde_json::{Value, json};

/// What stands around every page.
pub(super) struct Frame<'a> {
    pub(super) lang: Lang,
    pub(super) options: &'a Options,
    /// Title of the page, without the shop's name.
    pub(super) title: String,
    /// Which page this is, for the script: `home`, `category`, …
    pub(super) kind: &'static str,
    /// What the script tells the tracker about this page, as JSON.
    pub(super) facts: String,
    /// Categories at the top.
    pub(super) top: Vec<&'static Category>,
    /// The top category one is in; 0 for none.
    pub(super) here: u32,
    pub(super) path: String,
}

impl<'a> Frame<'a> {
    pub(super) fn new(app: &'a Site, lang: Lang, kind: &'static str, title: &str, path: &str) -> Frame<'a> {
        Frame {
            lang,
            options: &app.options,
            title: title.to_owned(),
            kind,
            facts: "null".to_owned(),
            top: top(&app.shop),
            here: 0,
            path: super::own_path(path),
        }
    }

    pub(super) fn with_facts(mut self, facts: &Value) -> Frame<'a> {
        self.facts = facts.to_string();
        self
    }

    /// One of two texts, side by side in the page: neither language can be forgotten.
    pub(super) fn say<'t>(&self, ru: &'t str, en: &'t str) -> &'t str {
        self.lang.pick(ru, en)
    }

    pub(super) fn shop_name(&self) -> &'static str {
        shop::NAME.get(self.lang)
    }

    pub(super) fn motto(&self) -> &'static str {
        shop::MOTTO.get(self.lang)
    }

    pub(super) fn text(&self, text: &Text) -> &'static str {
        text.get(self.lang)
    }

    pub(super) fn composed<'t>(&self, text: &'t Localised) -> &'t str {
        text.get(self.lang)
    }

    pub(super) fn name_of(&self, category: &Category) -> &'static str {
        category.name.get(self.lang)
    }
}

/// The categories at the top of the tree.
pub(super) fn top(shop: &Shop) -> Vec<&'static Category> {
    shop.categories().iter().filter(|category| category.parent == 0).collect()
}

/// A product as a list shows it.
pub(super) struct Card {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) price: String,
    pub(super) old: Option<String>,
    pub(super) percent: u32,
    pub(super) out: bool,
    /// Whether there are several prices.
    pub(super) from: bool,
}

impl Card {
    pub(super) fn new(app: &Site, product: &Product, lang: Lang, day: u32) -> Card {
        let quotes = product.variants.iter().map(|variant| app.shop.quote(product, variant, day));
        let stock: u32 = quotes.clone().map(|quote| quote.stock).sum();
        let dearest = quotes.map(|quote| quote.price_rub).max();
        let first = &product.variants[0];
        let quote = app.shop.quote(product, first, day);
        Card {
            id: first.id.clone(),
            title: product.title.get(lang).to_owned(),
            price: lang.roubles(quote.price_rub),
            old: quote.old_rub.map(|old| lang.roubles(old)),
            percent: quote.old_rub.map_or(0, |old| 100 - quote.price_rub * 100 / old),
            out: stock == 0,
            from: dearest > Some(quote.price_rub),
        }
    }
}

/// A variant as the product's page offers it.
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) chosen: bool,
    pub(super) out: bool,
}

/// What the tracker is told about an offer, in the words of Segment's e-commerce specification.
pub(super) fn facts_of(app: &Site, product: &Product, variant: &Variant, lang: Lang, day: u32) -> Value {
    let quote = app.shop.quote(product, variant, day);
    let id = &variant.id;
    json!({
        "product_id": id,
        "sku": format!("MK-{}", product.number),
        "name": product.offer_title(variant, lang),
        "category": app.shop.category(product.category).map(|category| category.name.get(lang)),
        "brand": product.vendor.get(lang),
        "variant": variant.option.map(|option| option.get(lang)),
        "price": quote.price_rub,
        "currency": "RUB",
        "url": format!("{}/product/{id}", app.options.origin),
        "image_url": format!("{}/picture/{id}.svg", app.options.origin),
    })
}
