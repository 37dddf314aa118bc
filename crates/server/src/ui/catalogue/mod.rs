//! The catalogue: what is sold, at which price, and how it came here.

use super::customers::refused;
use super::layout::{Page, fragment, html, html_with};
use crate::access::audit;
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::api::catalogue::{self, ImportView, OfferView};
use crate::api::imports::{Feed, Imports, Running};
use crate::app::{App, SHOP};
use crate::connect::import::BETWEEN_LANGUAGES;
use crate::form::Fields;
use crate::i18n::Locale;
use crate::people::{self, GoodsView};
use askama::Template;
use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use beckon_recommend::{Purpose, Query as Recommend, Reason};
use beckon_render::links::is_web;
use beckon_store::shop::BrokenOffer;
use serde::Deserialize;
use std::sync::{Arc, PoisonError};

/// Offers of a page.
const OFFERS: usize = 48;
/// The largest feed taken as a file: 20,000 offers have about 42 MB; larger ones have an address.
const FILE_MAX: usize = 64 << 20;

/// What is asked of the list.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    category: String,
    after: Option<String>,
}

/// A category of the filter, deeper ones further in.
struct Choice {
    id: String,
    name: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "catalogue/list.html")]
struct List {
    page: Page,
    search: String,
    categories: Vec<Choice>,
    offers: Vec<OfferView>,
    total: u64,
    older: String,
    filtered: bool,
}

/// `GET /catalogue`
pub async fn list(page: Page, State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| listed(app, frame, &asked)).await {
        Ok(list) => html(&list),
        Err(why) => refused(page, &why),
    }
}

fn listed(app: &App, page: Page, asked: &Asked) -> Result<List, Refused> {
    let found = catalogue::found(
        app,
        &catalogue::Asked {
            search: Some(asked.search.clone()),
            category: Some(asked.category.clone()),
            after: asked.after.clone(),
            limit: Some(OFFERS),
        },
    )?;
    let mut categories: Vec<Choice> = app
        .plane
        .categories(SHOP)?
        .into_iter()
        .map(|category| Choice {
            chosen: category.id == asked.category,
            id: category.id,
            name: category.name,
        })
        .collect();
    categories.sort_by(|a, b| a.name.cmp(&b.name));
    let older = found.next.map(|next| {
        let pairs = [("search", &asked.search), ("category", &asked.category), ("after", &next)];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("/catalogue?{query}")
    });
    Ok(List {
        page,
        search: asked.search.clone(),
        filtered: !asked.search.is_empty() || !asked.category.is_empty(),
        categories,
        offers: found.offers,
        total: found.total,
        older: older.unwrap_or_default(),
    })
}

/// The address of an offer's page; ids of shops may hold anything.
pub(super) fn offer_href(id: &str) -> String {
    let mut url = String::from("/catalogue/offers/");
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// The first picture that may be shown.
fn picture(offer: &OfferView) -> Option<&str> {
    offer.pictures.iter().map(String::as_str).find(|url| is_web(url))
}

#[derive(Template)]
#[template(path = "catalogue/one.html")]
struct One {
    page: Page,
    offer: OfferView,
    beside: Vec<Beside>,
}

/// A product that goes with this one, and how it is known.
struct Beside {
    goods: GoodsView,
    why: String,
}

/// Products shown beside one.
const BESIDE: usize = 8;

/// What is bought, put in carts or looked at with an offer, as the recommender has counted it.
fn beside(app: &App, page: &Page, id: &str) -> Result<Vec<Beside>, Refused> {
    let picks = {
        let recommender = app.recommender.read().unwrap_or_else(PoisonError::into_inner);
        let purpose = Purpose::Complements;
        recommender.recommend(&Recommend { seeds: &[id], n: BESIDE, purpose, ..Recommend::default() })
    };
    let offers = people::offers(app, picks.iter().map(|pick| pick.item.as_str()))?;
    let told = picks.iter().filter_map(|pick| {
        let why = match &pick.reason {
            Reason::BoughtTogether { orders, .. } => page.count("beside-bought", *orders),
            Reason::CartedTogether { visitors, .. } => page.count("beside-carted", *visitors),
            // The rest of the chain (bestsellers and so on) says nothing of this offer.
            _ => return None,
        };
        offers
            .contains_key(&pick.item)
            .then(|| Beside { goods: GoodsView::of(&pick.item, None, &offers), why })
    });
    Ok(told.collect())
}

/// `GET /catalogue/offers/{id}`
pub async fn one(page: Page, State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let frame = page.clone();
    let read = move |app: &App| {
        let offer = catalogue::offer(app, &id)?;
        let beside = beside(app, &frame, &id)?;
        Ok(One { page: frame, offer, beside })
    };
    match answer::work(app, read).await {
        Ok(one) => html(&one),
        Err(why) => refused(page, &why),
    }
}

#[derive(Template)]
#[template(path = "catalogue/imports.html")]
struct ImportsPage {
    page: Page,
    url: String,
    error: String,
    may: bool,
    reports: Vec<ImportView>,
    running: RunningPart,
}

#[derive(Template)]
#[template(path = "catalogue/running.html")]
struct RunningPart {
    page: Page,
    /// Offers the catalogue has, as a guess at how many the feed has.
    expected: u64,
    running: Option<Running>,
}

/// `GET /catalogue/imports`
pub async fn imports(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(imports): Extension<Arc<Imports>>,
) -> Response {
    shown(page, app, &imports, String::new(), String::new()).await
}

async fn shown(page: Page, app: Arc<App>, imports: &Imports, url: String, error: String) -> Response {
    let running = imports.now();
    let read = |app: &App| Ok((catalogue::reports(app)?, app.plane.offer_count(SHOP)?));
    match answer::work(app, read).await {
        Ok((reports, expected)) => {
            let status = if error.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            let running = RunningPart { page: page.clone(), expected, running };
            let may = page.may(Right::Connect);
            html_with(status, &ImportsPage { page, url, error, may, reports, running })
        }
        Err(why) => refused(page, &why),
    }
}

/// `GET /catalogue/imports/running`: a part that asks for itself.
pub async fn running(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(imports): Extension<Arc<Imports>>,
    headers: HeaderMap,
) -> Response {
    // Asked only while an import runs: the page of a shop at rest costs nothing.
    let running = imports.now();
    let busy = running.as_ref().is_some_and(|running| running.state == "running");
    let count = move |app: &App| Ok(if busy { app.plane.offer_count(SHOP)? } else { 0 });
    match answer::work(app, count).await {
        Ok(expected) => fragment(&headers, &RunningPart { page, expected, running }),
        Err(why) => refused(page, &why),
    }
}

/// Why an import was given up, in the language of the page; an older release said it in English alone.
fn abandoned<'a>(outcome: &'a str, locale: &Locale) -> &'a str {
    let why = outcome.strip_prefix("abandoned: ").unwrap_or(outcome);
    match why.split_once(BETWEEN_LANGUAGES) {
        Some((_, ru)) if *locale == Locale::Ru => ru,
        Some((en, _)) => en,
        None => why,
    }
}

/// What was wrong with an offer, likewise.
fn reason<'a>(broken: &'a BrokenOffer, locale: &Locale) -> &'a str {
    if *locale == Locale::Ru && !broken.reason_ru.is_empty() { &broken.reason_ru } else { &broken.reason }
}

/// `POST /catalogue/imports`
pub async fn begin(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(imports): Extension<Arc<Imports>>,
    fields: Fields,
) -> Response {
    let url = fields.text("url").to_owned();
    match imports.begin(app.clone(), Feed::Url(url.clone())) {
        Ok(running) => {
            audit::note(&app, "import.begun", &running.source, Vec::new()).await;
            page.redirect("/catalogue/imports", "flash-import-began")
        }
        Err(why) => {
            let key = if why.code == "busy" { "import-busy" } else { "import-bad-url" };
            let error = page.t(key);
            shown(page, app, &imports, url, error).await
        }
    }
}

/// `POST /catalogue/imports/file`: the file as the body, sent by the page's script with the token in a header.
pub async fn file(
    page: Page,
    State(app): State<Arc<App>>,
    Extension(imports): Extension<Arc<Imports>>,
    body: Body,
) -> Response {
    let Ok(bytes) = to_bytes(body, FILE_MAX).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, page.t("import-large")).into_response();
    };
    if bytes.is_empty() {
        return (StatusCode::UNPROCESSABLE_ENTITY, page.t("import-empty")).into_response();
    }
    match imports.begin(app.clone(), Feed::File(bytes.to_vec())) {
        Ok(running) => {
            audit::note(&app, "import.begun", &running.source, Vec::new()).await;
            StatusCode::ACCEPTED.into_response()
        }
        Err(why) => (why.status(), page.t("import-busy")).into_response(),
    }
}
