//! Products, lines, prices and quantities as shops write them, within bounds that no sum can overflow.

use super::Reason;
use super::item::Item;
use super::json::Json;
use super::page::{NAME_MAX, plain_name};
use beckon_core::event::{ItemRef, Line};
use beckon_core::money::{Currency, Money};

/// The most lines of one event.
const LINES_MAX: usize = 200;
/// The most of one product on a line. With the two bounds below, 200 lines still fit 64 bits.
const QUANTITY_MAX: u32 = 100_000;
/// The highest price of one, in minor units: a thousand million roubles.
const PRICE_MAX: i64 = 100_000_000_000;
/// The highest total, in minor units.
const TOTAL_MAX: i64 = 10_000_000_000_000_000;

/// The product that properties, or a line, name: `product_id`, else `sku`, else `id`, else the variant.
pub fn item_ref(json: &Json) -> Option<ItemRef> {
    let known = [&["productid"][..], &["sku"], &["id", "itemid"], &["variant", "variantid"]];
    let id = known.iter().find_map(|names| id_text(json.first(names)?))?;
    Some(with_alt(json, id))
}

/// The product an event of another kind is about: only by names that cannot mean anything else.
pub fn mentioned(json: &Json) -> Option<ItemRef> {
    let id = ["productid", "sku"].iter().find_map(|name| id_text(json.get(name)?))?;
    Some(with_alt(json, id))
}

fn with_alt(json: &Json, id: String) -> ItemRef {
    let others = ["sku", "variantid", "variant"].iter().filter_map(|name| id_text(json.get(name)?));
    let alt = others.into_iter().find(|alt| *alt != id).unwrap_or_default();
    ItemRef { id, alt }
}

/// An id of a product, an order or a cart: at most 100 characters, no control characters, no address.
pub fn id_text(json: &Json) -> Option<String> {
    let text = json.text()?;
    let plain =
        text.chars().count() <= NAME_MAX && !text.chars().any(char::is_control) && !text.contains('@');
    plain.then(|| text.into_owned())
}

/// The product of an event, which may also stand as the only one of `products`.
pub fn item_of(item: &mut Item) -> Option<ItemRef> {
    let found = item_ref(only_product(item.properties()));
    if found.is_none() {
        item.flag(Reason::NoProduct, "product_id");
    }
    found
}

/// The properties themselves, or the first of their `products` where they name none.
pub fn only_product<'j, 'a>(properties: &'j Json<'a>) -> &'j Json<'a> {
    if properties.first(&["productid", "sku"]).is_some() {
        return properties;
    }
    properties.at("products").list().and_then(|list| list.first()).unwrap_or(properties)
}

/// The lines of `products`, those with a quantity of 0 left out; `None` when there is no such list.
pub fn lines(item: &mut Item) -> Option<Vec<Line>> {
    let properties = item.properties();
    let list = properties.at("products").list()?;
    if list.len() > LINES_MAX {
        item.flag(Reason::TooManyProducts, "products");
    }
    let mut lines = Vec::with_capacity(list.len().min(LINES_MAX));
    for product in list.iter().take(LINES_MAX) {
        match line(item, product, 1) {
            Some(line) if line.quantity > 0 => lines.push(line),
            Some(_) => {}
            None => item.flag(Reason::NoProduct, "products"),
        }
    }
    Some(lines)
}

/// One line; `unsaid` is the quantity when the event says none. `None` when it names no product.
pub fn line(item: &mut Item, product: &Json, unsaid: u32) -> Option<Line> {
    let reference = item_ref(product)?;
    let currency = currency(product.get("currency").unwrap_or_else(|| item.properties().at("currency")));
    let quantity = quantity(item, product.get("quantity"), unsaid);
    let price = product.get("price").and_then(|price| amount(item, price, currency, PRICE_MAX, "price"));
    Some(Line { item: reference, quantity, price })
}

fn quantity(item: &mut Item, value: Option<&Json>, unsaid: u32) -> u32 {
    let Some(value) = value else { return unsaid };
    let number = value.text().and_then(|text| text.replace(',', ".").parse::<f64>().ok());
    match number {
        // Half a metre of cloth is one of it in a cart.
        Some(n) if (0.0..=f64::from(QUANTITY_MAX)).contains(&n) => n.ceil() as u32,
        Some(n) if n.is_finite() && n > 0.0 => {
            item.flag(Reason::BadNumber, "quantity");
            QUANTITY_MAX
        }
        _ => {
            item.flag(Reason::BadNumber, "quantity");
            1
        }
    }
}

/// What the customer pays: `total`, else `revenue`, else `value`. A refund may be written with a minus.
pub fn total(item: &mut Item, is_refund: bool) -> Option<Money> {
    let properties = item.properties();
    let stated = properties.first(&["total", "revenue", "value"])?;
    let text = stated.text();
    let without_sign = text.as_deref().and_then(|text| text.strip_prefix('-')).filter(|_| is_refund);
    let bare = without_sign.map(|text| Json::Text(text.into()));
    amount(item, bare.as_ref().unwrap_or(stated), currency(properties.at("currency")), TOTAL_MAX, "total")
}

/// An amount that is not negative and not over `max` minor units; else it is flagged and left out.
fn amount(item: &mut Item, value: &Json, currency: Currency, max: i64, field: &'static str) -> Option<Money> {
    let money = value.text().and_then(|text| Money::parse(bare_number(&text), currency));
    let money = money.filter(|money| (0..=max).contains(&money.minor));
    // An empty text says nothing rather than something wrong.
    if money.is_none() && !matches!(value, Json::Text(text) if text.trim().is_empty()) {
        item.flag(Reason::BadNumber, field);
    }
    money
}

/// The number of `$19.99` or `1 990,50 руб.`: without a sign of currency before or after it.
fn bare_number(text: &str) -> &str {
    let Some(first) = text.find(|c: char| c.is_ascii_digit()) else { return text };
    let before = &text[..first];
    let start = if matches!(before, "." | "," | "-" | "-." | "-,") {
        0
    } else if before.ends_with('-') {
        first - 1
    } else {
        first
    };
    text[start..].trim_end_matches(|c: char| !c.is_ascii_digit())
}

fn currency(value: &Json) -> Currency {
    value.text().and_then(|text| Currency::parse(&text)).unwrap_or_default()
}

/// The shop's cart id; empty when it has none.
pub fn cart(item: &Item) -> String {
    item.properties().get("cartid").and_then(id_text).unwrap_or_default()
}

/// The category of a list: its name, else the list's id or name.
pub fn category(item: &Item) -> String {
    let named = item.properties().first(&["category", "listid", "listname", "list"]);
    named.and_then(|value| value.text().map(|text| plain_name(&text))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_may_wear_its_currency() {
        for (text, bare) in [
            ("$19.99", "19.99"),
            ("1 990,50 руб.", "1 990,50"),
            ("руб. 500", "500"),
            ("-5", "-5"),
            ("$-5", "-5"),
            (".5", ".5"),
            ("1e5", "1e5"),
            ("free", "free"),
        ] {
            assert_eq!(bare_number(text), bare, "{text}");
        }
    }

    #[test]
    fn a_product_has_two_names_at_most() {
        let named = |text: &str| item_ref(&Json::read(text).unwrap()).map(|i| (i.id, i.alt));
        let pair = |id: &str, alt: &str| Some((id.to_owned(), alt.to_owned()));
        assert_eq!(named(r#"{"product_id":507,"sku":"G-32","variant":"red"}"#), pair("507", "G-32"));
        assert_eq!(named(r#"{"productId":"1","sku":"1","variant":"red"}"#), pair("1", "red"));
        assert_eq!(named(r#"{"sku":"G-32"}"#), pair("G-32", ""));
        assert_eq!(named(r#"{"id":7.0}"#), pair("7", ""));
        assert_eq!(named(r#"{"variant":"red"}"#), pair("red", ""));
        assert_eq!(named(r#"{"product_id":"a\nb"}"#), None);
        assert_eq!(named("[]"), None);
    }
}
