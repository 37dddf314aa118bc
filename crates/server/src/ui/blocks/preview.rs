//! What a block would show to somebody, beside its form: as it is typed, for any customer and any product.

use super::super::catalogue::offer_href;
use super::super::layout::{Page, html};
use super::draft::Draft;
use super::names::{arm_of, names};
use super::now;
use super::view::{key_of, strategy};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::api::catalogue::{self, Asked};
use crate::app::App;
use crate::blocks::preview::{self, PreviewView};
use crate::blocks::question::{Ids, Question};
use crate::facts::remembered;
use crate::form::Fields;
use crate::i18n;
use crate::people;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::{Json, http::StatusCode};
use beckon_core::ids::ProfileId;
use beckon_core::profile::Profile;
use beckon_recommend::block::{Block, Strategy};
use beckon_recommend::{Note, Outcome, Step};
use beckon_render::links::is_web;
use serde::Serialize;
use std::sync::Arc;

/// Suggestions at once.
const SUGGESTED: usize = 8;

/// Whom and what a preview is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// A customer: address, name, number; empty for a new visitor.
    pub who: String,
    /// A product: id or words of its title; empty for a page without one.
    pub product: String,
}

impl Subject {
    /// As typed.
    pub fn of(fields: &Fields) -> Subject {
        Subject { who: fields.text("who").to_owned(), product: fields.text("product").to_owned() }
    }
}

/// An item as the preview shows it.
struct Item {
    href: String,
    title: String,
    picture: Option<String>,
    price: String,
    reason: String,
    /// What chose it.
    by: String,
    /// It came by a fall-back.
    fallen: bool,
}

/// What one source gave, in words.
struct Told {
    name: String,
    step: String,
    outcome: String,
    filled: String,
    refused: String,
}

/// The preview.
#[derive(Template)]
#[template(path = "blocks/preview.html")]
pub struct Preview {
    page: Page,
    /// Whom it is for, in words.
    who: String,
    /// Nobody was found who is called so.
    nobody: bool,
    product: String,
    no_product: bool,
    /// The form has mistakes: nothing is shown until they are mended.
    wrong: bool,
    enough: bool,
    items: Vec<Item>,
    notes: Vec<String>,
    held_back: Vec<String>,
    steps: Vec<Told>,
}

impl Preview {
    /// Of a form that cannot be read yet.
    pub fn wrong(page: &Page) -> Preview {
        Preview {
            page: page.clone(),
            who: String::new(),
            nobody: false,
            product: String::new(),
            no_product: false,
            wrong: true,
            enough: true,
            items: Vec::new(),
            notes: Vec::new(),
            held_back: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// Of a block.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn new(app: &App, page: &Page, block: &Block, subject: &Subject) -> Result<Preview, Refused> {
        let may = page.may(Right::People);
        let found = match subject.who.as_str() {
            "" => None,
            _ if !may => None,
            who => customer(app, who)?,
        };
        let seed = match subject.product.as_str() {
            "" => None,
            product => offer(app, product)?,
        };
        let asked = Question {
            products: Ids(seed.iter().map(|(id, _)| id.clone()).collect()),
            channel: channel(app, &block.name),
            ..Question::default()
        };
        let her = found.as_ref().map(remembered::of).unwrap_or_default();
        let view = preview::shown(app, block, &asked, &her, page.locale)?;
        let nobody = !subject.who.is_empty() && found.is_none();
        let no_product = !subject.product.is_empty() && seed.is_none();
        let mut made = Preview { wrong: false, nobody, no_product, ..Preview::wrong(page) };
        made.who = match &found {
            Some(profile) => called(page, profile),
            None => page.t("preview-visitor"),
        };
        made.product = seed.map(|(_, title)| title).unwrap_or_default();
        made.tell(page, &view);
        Ok(made)
    }

    fn tell(&mut self, page: &Page, view: &PreviewView) {
        self.enough = view.enough;
        self.items = view.items.iter().map(|item| self::item(page, item)).collect();
        self.notes = view.notes.iter().map(|note| self::note(page, note)).collect();
        self.notes.extend(view.silent.iter().map(|(name, why)| silent(page, name, why)));
        let held = |one: &preview::HeldBack| page.count(&format!("held-{}", key_of(one.field)), one.goods);
        self.held_back = view.held_back.iter().map(held).collect();
        self.steps = view.steps.iter().map(|step| told(page, step)).collect();
    }
}

fn item(page: &Page, item: &preview::PreviewItem) -> Item {
    let by = Strategy::ALL.iter().find(|known| known.name() == item.strategy);
    Item {
        href: offer_href(&item.id),
        title: item.title.clone(),
        picture: item.picture.clone().filter(|url| is_web(url)),
        price: item.price.as_ref().map(|price| page.words.money(&price.money)).unwrap_or_default(),
        reason: item.reason.clone(),
        by: by.map_or_else(|| page.t("preview-rule"), |known| strategy(page, *known)),
        fallen: item.step > 0,
    }
}

fn note(page: &Page, note: &Note) -> String {
    match note {
        Note::FellBack { places, to } => {
            let args = [("count", (*places).into()), ("to", strategy(page, *to).into())];
            i18n::t(page.locale, "preview-fell-back", &args)
        }
        Note::PinLeftOut { item } => page.with("preview-pin-left-out", "item", item),
        Note::UnknownName { field, name } => {
            let args = [("name", name.as_str().into()), ("field", (*field).into())];
            i18n::t(page.locale, "preview-unknown-name", &args)
        }
        Note::NoSeedPrice => page.t("preview-no-seed-price"),
        Note::MixRelaxed { places } => page.count("preview-mix-relaxed", *places),
        Note::Short { places } => page.count("preview-short", *places),
    }
}

fn silent(page: &Page, name: &str, why: &str) -> String {
    let unknown = page.t("preview-silent-unknown");
    let why = if why.is_empty() { unknown.as_str() } else { why };
    i18n::t(page.locale, "preview-silent", &[("name", name.into()), ("why", why.into())])
}

fn told(page: &Page, step: &Step) -> Told {
    let outcome = match step.outcome {
        Outcome::Filled => "preview-filled",
        Outcome::Short => "preview-some",
        Outcome::Nothing => "preview-nothing",
        Outcome::AllRefused => "preview-all-refused",
        Outcome::NotNow => "preview-not-now",
    };
    let filled = [("filled", step.filled.into()), ("wanted", step.wanted.into())];
    Told {
        name: strategy(page, step.strategy),
        step: match step.step {
            0 => page.t("preview-asked"),
            _ => page.with("preview-fall-back", "step", &step.step.to_string()),
        },
        outcome: page.t(outcome),
        filled: i18n::t(page.locale, "preview-of", &filled),
        refused: match step.refused {
            0 => String::new(),
            refused => page.count("preview-refused", refused),
        },
    }
}

/// Where a block stands first says on which channel it is tried.
fn channel(app: &App, name: &str) -> beckon_recommend::block::Channel {
    let state = app.shop();
    let places = state.blocks.places_of(name);
    let first = places.first().and_then(|key| key.rsplit_once('.'));
    first.and_then(|(_, channel)| super::channel_of(channel)).unwrap_or_default()
}

/// The customer a text means: a profile's number, or the surest one found by it.
fn customer(app: &App, who: &str) -> Result<Option<Profile>, Refused> {
    if let Some(number) = who.strip_prefix('#').and_then(|number| number.parse::<ProfileId>().ok()) {
        return Ok(people::follow(app, number)?);
    }
    Ok(people::search(app, who, 1)?.into_iter().next())
}

fn called(page: &Page, profile: &Profile) -> String {
    let warm = profile.warm();
    let name = format!("{} {}", warm.first_name.value, warm.last_name.value).trim().to_owned();
    let email = &warm.email.said.value;
    match (name.as_str(), email.as_str()) {
        ("", "") => page.t("customer-unknown"),
        ("", email) => email.to_owned(),
        (name, "") => name.to_owned(),
        (name, email) => format!("{name}, {email}"),
    }
}

/// The product a text means, with its title: by its id, or the first found by its words.
fn offer(app: &App, text: &str) -> Result<Option<(String, String)>, Refused> {
    let exact = people::offers(app, std::iter::once(text))?;
    if let Some(offer) = exact.get(text) {
        return Ok(Some((offer.id.clone(), offer.title.clone())));
    }
    let first = search(app, text, 1)?.into_iter().next();
    Ok(first.map(|offer| (offer.id, offer.title)))
}

fn search(app: &App, text: &str, limit: usize) -> Result<Vec<catalogue::OfferView>, Refused> {
    let asked = Asked { search: Some(text.to_owned()), limit: Some(limit), ..Asked::default() };
    Ok(catalogue::found(app, &asked)?.offers)
}

/// `GET /blocks/{name}/preview`: what the form as it is typed would show.
pub async fn live(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let made = answer::work(app, move |app| {
        let (document, _) = now(app, &name)?;
        let arm = arm_of(&document, fields.text("arm")).ok_or_else(|| Refused::missing("arm"))?;
        match Draft::typed(&fields).block(&arm.block, &names(app, arm)?) {
            Ok(block) => Preview::new(app, &page, &block, &Subject::of(&fields)),
            Err(_) => Ok(Preview::wrong(&page)),
        }
    });
    match made.await {
        Ok(made) => html(&made),
        Err(why) => why.into_response(),
    }
}

/// Something to choose while typing.
#[derive(Serialize)]
struct Suggestion {
    /// What is put into the field.
    value: String,
    /// What is shown beside it.
    label: String,
}

/// `GET /suggest/goods?q=`: products by what was typed of them.
pub async fn goods(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    suggest(app, query, |app, text| {
        let found = search(app, text, SUGGESTED)?;
        Ok(found.into_iter().map(|offer| Suggestion { value: offer.id, label: offer.title }).collect())
    })
    .await
}

/// `GET /suggest/people?q=`: customers by what was typed of them.
pub async fn people(page: Page, State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Response {
    suggest(app, query, move |app, text| {
        let found = people::search(app, text, SUGGESTED)?;
        let one = |profile: &Profile| {
            let email = profile.warm().email.said.value.clone();
            let value = if email.is_empty() { format!("#{}", profile.id) } else { email };
            Suggestion { value, label: called(&page, profile) }
        };
        Ok(found.iter().map(one).collect())
    })
    .await
}

async fn suggest(
    app: Arc<App>,
    query: Option<String>,
    find: impl FnOnce(&App, &str) -> Result<Vec<Suggestion>, Refused> + Send + 'static,
) -> Response {
    let typed = Fields::parse(query.unwrap_or_default().as_bytes()).text("q").to_owned();
    if typed.chars().count() < 2 {
        return (StatusCode::OK, Json(Vec::<Suggestion>::new())).into_response();
    }
    match answer::work(app, move |app| find(app, &typed)).await {
        Ok(found) => Json(found).into_response(),
        Err(why) => why.into_response(),
    }
}
