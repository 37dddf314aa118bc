//! The pages and what they are filled with.

use super::view::{Card, Choice, Frame, facts_of, top};
use super::{App, Site, lang_of};
use crate::shop::{Category, Lang, Product, Variant};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

fn show(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Template)]
#[template(path = "storefront/pages/home.html")]
struct Home<'a> {
    frame: Frame<'a>,
    /// Each with the offer whose picture stands for it.
    categories: Vec<(&'static Category, String)>,
    cheaper: Vec<Card>,
}

pub(super) async fn home(State(app): State<App>, headers: HeaderMap) -> Response {
    let lang = lang_of(&headers, &app);
    let day = (app.day)();
    let card = |product: &Product| Card::new(&app, product, lang, day);
    let products = app.shop.products();
    let categories = top(&app.shop)
        .into_iter()
        .enumerate()
        .filter_map(|(n, category)| {
            let face = app.shop.in_category(category.id).nth(n * 2)?;
            Some((category, face.variants[0].id.clone()))
        })
        .collect();
    let cheaper = products.iter().map(card).filter(|card| card.old.is_some() && !card.out);
    let cheaper = cheaper.step_by(4).take(8).collect();
    let frame = Frame::new(&app, lang, "home", lang.pick("Главная", "Home"), "/");
    show(StatusCode::OK, &Home { frame, categories, cheaper })
}

#[derive(Template)]
#[template(path = "storefront/pages/category.html")]
struct Shelf<'a> {
    frame: Frame<'a>,
    category: &'static Category,
    parent: Option<&'static Category>,
    /// The categories below, or beside it.
    near: Vec<&'static Category>,
    cards: Vec<Card>,
    count: String,
}

pub(super) async fn category(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let lang = lang_of(&headers, &app);
    let day = (app.day)();
    let Some(category) = id.parse().ok().and_then(|id| app.shop.category(id)) else {
        return missing(State(app), headers, uri).await;
    };
    let root = if category.parent == 0 { category.id } else { category.parent };
    let near = app.shop.categories().iter().filter(|other| other.parent == root).collect();
    let mut cards: Vec<Card> =
        app.shop.in_category(category.id).map(|product| Card::new(&app, product, lang, day)).collect();
    cards.sort_by_key(|card| card.out);
    let name = category.name.get(lang);
    let facts = json!({
        "list_id": category.id.to_string(),
        "category": name,
        "products": cards.iter().take(24).map(|card| json!({ "product_id": card.id })).collect::<Vec<_>>(),
    });
    let goods = lang.plural(cards.len(), ["товар", "товара", "товаров"], ["item", "items"]);
    let mut frame = Frame::new(&app, lang, "category", name, uri.path()).with_facts(&facts);
    frame.here = root;
    let page = Shelf {
        category,
        parent: app.shop.category(category.parent),
        near,
        count: format!("{} {goods}", cards.len()),
        cards,
        frame,
    };
    show(StatusCode::OK, &page)
}

#[derive(Template)]
#[template(path = "storefront/pages/product.html")]
struct Thing<'a> {
    frame: Frame<'a>,
    product: &'a Product,
    variant: &'a Variant,
    title: String,
    category: &'static Category,
    axis: Option<&'static str>,
    choices: Vec<Choice>,
    price: String,
    old: Option<String>,
    stock: u32,
    sisters: Vec<Card>,
}

impl Thing<'_> {
    /// What stands beside the button.
    fn stock_words(&self) -> String {
        match self.stock {
            0 => self.frame.say("Раскуплено, скоро привезём", "Sold out, more soon").to_owned(),
            n @ 1..=5 => format!("{} {n}", self.frame.say("Осталось мало:", "Only a few left:")),
            _ => self.frame.say("В наличии", "In stock").to_owned(),
        }
    }
}

pub(super) async fn product(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let found = app.shop.offer(&id);
    let category = found.and_then(|(product, _)| app.shop.category(product.category));
    match found.zip(category) {
        Some(((product, variant), category)) => {
            let lang = lang_of(&headers, &app);
            show(StatusCode::OK, &thing(&app, lang, uri.path(), product, variant, category))
        }
        None => missing(State(app), headers, uri).await,
    }
}

fn thing<'a>(
    app: &'a Site,
    lang: Lang,
    path: &str,
    product: &'a Product,
    variant: &'a Variant,
    category: &'static Category,
) -> Thing<'a> {
    let day = (app.day)();
    let quote = app.shop.quote(product, variant, day);
    let title = product.offer_title(variant, lang);
    let choice = |other: &Variant| {
        Some(Choice {
            id: other.id.clone(),
            name: other.option?.get(lang),
            chosen: other.id == variant.id,
            out: app.shop.quote(product, other, day).stock == 0,
        })
    };
    let sisters = app.shop.of_the_collection(product).map(|sister| Card::new(app, sister, lang, day));
    let facts = facts_of(app, product, variant, lang, day);
    let mut frame = Frame::new(app, lang, "product", &title, path).with_facts(&facts);
    frame.here = category.parent;
    Thing {
        axis: product.axis.map(|axis| axis.get(lang)),
        choices: product.variants.iter().filter_map(choice).collect(),
        price: lang.roubles(quote.price_rub),
        old: quote.old_rub.map(|old| lang.roubles(old)),
        stock: quote.stock,
        sisters: sisters.filter(|card| !card.out).take(4).collect(),
        frame,
        product,
        variant,
        title,
        category,
    }
}

#[derive(Template)]
#[template(path = "storefront/pages/cart.html")]
struct CartPage<'a> {
    frame: Frame<'a>,
}

pub(super) async fn cart(State(app): State<App>, headers: HeaderMap) -> Response {
    let lang = lang_of(&headers, &app);
    let frame = Frame::new(&app, lang, "cart", lang.pick("Корзина", "Cart"), "/cart");
    show(StatusCode::OK, &CartPage { frame })
}

#[derive(Template)]
#[template(path = "storefront/pages/checkout.html")]
struct Checkout<'a> {
    frame: Frame<'a>,
}

pub(super) async fn checkout(State(app): State<App>, headers: HeaderMap) -> Response {
    let lang = lang_of(&headers, &app);
    let title = lang.pick("Оформление заказа", "Checkout");
    show(StatusCode::OK, &Checkout { frame: Frame::new(&app, lang, "checkout", title, "/checkout") })
}

#[derive(Template)]
#[template(path = "storefront/pages/search.html")]
struct Found<'a> {
    frame: Frame<'a>,
    query: String,
    cards: Vec<Card>,
}

#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Searched {
    q: String,
}

/// `/search?q=mug`: goods whose title has the words; a query that cannot be read is an empty one.
pub(super) async fn search(State(app): State<App>, headers: HeaderMap, uri: Uri) -> Response {
    let lang = lang_of(&headers, &app);
    let asked = Query::<Searched>::try_from_uri(&uri).map(|Query(asked)| asked).unwrap_or_default();
    let query: String = asked.q.chars().take(100).collect();
    let query = query.trim().to_owned();
    let wanted = query.to_lowercase();
    let fits = |product: &&Product| product.title.get(lang).to_lowercase().contains(&wanted);
    let found = app.shop.products().iter().filter(|_| !wanted.is_empty()).filter(fits);
    let cards = found.map(|product| Card::new(&app, product, lang, (app.day)())).take(48).collect();
    let frame = Frame::new(&app, lang, "search", lang.pick("Поиск", "Search"), "/search");
    show(StatusCode::OK, &Found { frame, query, cards })
}

#[derive(Template)]
#[template(path = "storefront/pages/message.html")]
struct Message<'a> {
    frame: Frame<'a>,
    text: &'static str,
    /// Whether the script fills in the number of the order.
    order: bool,
    /// Beckon's widget below the text.
    place: Option<&'static str>,
}

pub(super) async fn thanks(State(app): State<App>, headers: HeaderMap) -> Response {
    let lang = lang_of(&headers, &app);
    let text = lang.pick(
        "Это игрушечная лавка: посылки не будет и платить ничего не нужно. Зато Beckon узнал о заказе и \
         больше не станет \
         напоминать о корзине.",
        "This is a make-believe shop: no parcel will come and there is nothing to pay. But Beckon knows \
         about the order \
         and will not remind you of the cart.",
    );
    let frame = Frame::new(&app, lang, "thanks", lang.pick("Спасибо за заказ!", "Thank you!"), "/thanks");
    show(StatusCode::OK, &Message { frame, text, order: true, place: None })
}

pub(super) async fn missing(State(app): State<App>, headers: HeaderMap, uri: Uri) -> Response {
    let lang = lang_of(&headers, &app);
    let text = lang.pick(
        "Такой страницы нет. Возможно, вещь разобрали, а полку убрали.",
        "There is no such page. Perhaps the thing sold out and the shelf was taken away.",
    );
    let title = lang.pick("Ничего не нашлось", "Nothing here");
    let frame = Frame::new(&app, lang, "missing", title, uri.path());
    show(StatusCode::NOT_FOUND, &Message { frame, text, order: false, place: Some("not_found") })
}
