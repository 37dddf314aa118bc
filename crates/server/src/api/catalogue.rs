//! The catalogue: offers and what imports did.

use super::answer::{self, Answer, Refused};
use super::ask::Query;
use crate::amount::Amount;
use crate::app::{App, SHOP};
use crate::when::When;
use axum::Json;
use axum::extract::{Path, State};
use beckon_core::catalogue::{Category, Offer};
use beckon_core::money::{Currency, Money};
use beckon_store::shop::{BrokenOffer, ImportReport, PriceChange};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which offers.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// Part of the title, the id or the article number.
    pub search: Option<String>,
    /// Category id.
    pub category: Option<String>,
    /// Where the page before ended.
    pub after: Option<String>,
    /// How many.
    pub limit: Option<usize>,
}

/// A page of offers.
#[derive(Debug, Serialize)]
pub struct Offers {
    /// The offers.
    pub offers: Vec<OfferView>,
    /// What to ask for next, as `after`; `null` at the end.
    pub next: Option<String>,
    /// All offers of the shop.
    pub total: u64,
}

/// An offer in an answer.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)] // The fields are those of `Offer`.
pub struct OfferView {
    pub id: String,
    pub group: String,
    pub title: String,
    pub url: String,
    pub pictures: Vec<String>,
    pub price: Option<Amount>,
    pub old_price: Option<Amount>,
    pub available: bool,
    pub stock: Option<u32>,
    pub category: String,
    pub category_name: Option<String>,
    pub vendor: String,
    pub vendor_code: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<PriceView>,
}

/// A price that changed.
#[derive(Clone, Debug, Serialize)]
pub struct PriceView {
    /// When.
    pub at: When,
    /// Before.
    pub old: Option<Amount>,
    /// After.
    pub new: Option<Amount>,
}

impl PriceView {
    fn of(change: &PriceChange) -> PriceView {
        let currency = Currency::parse(&change.currency).unwrap_or_default();
        let amount = |minor: Option<i64>| minor.map(|minor| Money { minor, currency }.into());
        PriceView { at: When(change.at), old: amount(change.old), new: amount(change.new) }
    }
}

/// An offer in words; with its texts where one was asked for.
#[must_use]
pub fn view(offer: Offer, categories: &[Category], whole: bool) -> OfferView {
    let category = categories.iter().find(|category| category.id == offer.category);
    OfferView {
        category_name: category.map(|category| category.name.clone()),
        id: offer.id,
        group: offer.group,
        title: offer.title,
        url: offer.url,
        pictures: offer.pictures,
        price: offer.price.map(Amount::from),
        old_price: offer.old_price.map(Amount::from),
        available: offer.available,
        stock: offer.stock,
        category: offer.category,
        vendor: offer.vendor,
        vendor_code: offer.vendor_code,
        description: if whole { offer.description } else { String::new() },
        params: if whole { offer.params } else { Vec::new() },
        prices: Vec::new(),
    }
}

/// `GET /api/v1/catalogue`
///
/// # Errors
/// `after` cannot be read, or the plane does not answer.
pub async fn list(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Answer<Offers> {
    answer::work(app, move |app| found(app, &asked)).await.map(Json)
}

/// The offers asked for.
///
/// # Errors
/// See [`list`].
pub fn found(app: &App, asked: &Asked) -> Result<Offers, Refused> {
    let limit = answer::limit(asked.limit);
    let after = asked.after.as_deref().filter(|after| !after.is_empty());
    let after = after.map(|text| u64::from_str_radix(text, 16)).transpose();
    let after = after.map_err(|_| Refused::bad("`after` is not a page: take `next` of the answer before"))?;
    let some = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let (search, category) = (some(&asked.search), some(&asked.category));
    let rows = app.plane.page(SHOP, search.as_deref().map(str::trim), category.as_deref(), after, limit)?;
    let categories = app.plane.categories(SHOP)?;
    let next = rows.last().filter(|_| rows.len() == limit).map(|(number, _)| format!("{number:x}"));
    let offers = rows.into_iter().map(|(_, offer)| view(offer, &categories, false)).collect();
    Ok(Offers { offers, next, total: app.shop().catalogue.len() as u64 })
}

/// `GET /api/v1/catalogue/{id}`
///
/// # Errors
/// There is no such offer.
pub async fn one(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<OfferView> {
    answer::work(app, move |app| offer(app, &id)).await.map(Json)
}

/// One offer with its texts and prices.
///
/// # Errors
/// There is none.
pub fn offer(app: &App, id: &str) -> Result<OfferView, Refused> {
    let (number, offer) = app.plane.offer_by_id(SHOP, id)?.ok_or_else(|| Refused::missing("offer"))?;
    let prices = app.plane.prices(SHOP, number, 50)?.iter().map(PriceView::of).collect();
    Ok(OfferView { prices, ..view(offer, &app.plane.categories(SHOP)?, true) })
}

/// What imports did.
#[derive(Debug, Serialize)]
pub struct Imports {
    imports: Vec<ImportView>,
}

/// What an import did.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)] // The fields are those of `ImportReport`.
pub struct ImportView {
    pub at: When,
    pub outcome: String,
    pub imported: u64,
    pub changed: u64,
    pub removed: u64,
    pub broken: u64,
    pub examples: Vec<BrokenOffer>,
}

impl From<ImportReport> for ImportView {
    fn from(report: ImportReport) -> Self {
        ImportView {
            at: When(report.at),
            outcome: report.outcome,
            imported: report.imported,
            changed: report.changed,
            removed: report.removed,
            broken: report.broken,
            examples: report.examples,
        }
    }
}

/// How many imports are told of.
const IMPORTS: usize = 20;

/// `GET /api/v1/imports`
///
/// # Errors
/// The plane does not answer.
pub async fn imports(State(app): State<Arc<App>>) -> Answer<Imports> {
    answer::work(app, |app| Ok(Imports { imports: reports(app)? })).await.map(Json)
}

/// What the last imports did, newest first.
///
/// # Errors
/// The plane does not answer.
pub fn reports(app: &App) -> Result<Vec<ImportView>, Refused> {
    Ok(app.plane.import_reports(SHOP, IMPORTS)?.into_iter().map(ImportView::from).collect())
}
