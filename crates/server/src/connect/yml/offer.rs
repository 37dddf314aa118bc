//! One offer while its tags come in, and the verdict on it when its end tag has.

use super::{Item, Notice, StockOnly, html, words};
use beckon_core::catalogue::Offer;
use beckon_core::money::{Currency, Money};

/// Text of one field, in bytes of UTF-8.
pub(super) const FIELD_BYTES: usize = 64 << 10;
/// A description before its tags are taken off.
pub(super) const HTML_BYTES: usize = 256 << 10;
/// A description as plain text.
const DESCRIPTION_BYTES: usize = 32 << 10;
/// The longest id; it is a key in many places.
const ID_BYTES: usize = 255;
const PARAMS: usize = 500;
const PICTURES: usize = 30;
/// Warnings kept for one offer: the first ones say what is wrong with the export.
const WARNINGS: usize = 20;

/// The tags of an offer that mean something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    Model,
    TypePrefix,
    Url,
    Price,
    OldPrice,
    Currency,
    CategoryId,
    Picture,
    Vendor,
    VendorCode,
    Description,
    Param,
    Available,
    Count,
}

impl Field {
    /// The field a tag of an offer fills; `None` for the many that are not used.
    pub(super) fn of(tag: &str) -> Option<Field> {
        Some(match tag {
            "name" | "title" => Field::Name,
            "model" => Field::Model,
            "typePrefix" => Field::TypePrefix,
            "url" => Field::Url,
            "price" => Field::Price,
            "oldprice" | "old_price" => Field::OldPrice,
            "currencyId" => Field::Currency,
            "categoryId" => Field::CategoryId,
            "picture" => Field::Picture,
            "vendor" => Field::Vendor,
            "vendorCode" => Field::VendorCode,
            "description" => Field::Description,
            "param" => Field::Param,
            "available" => Field::Available,
            "count" | "quantity_in_stock" | "stock_quantity" => Field::Count,
            _ => return None,
        })
    }
}

/// An offer not yet complete.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) line: u64,
    pub(super) id: String,
    vendor_model: bool,
    group: String,
    available: Option<bool>,
    name: String,
    model: String,
    type_prefix: String,
    url: String,
    pictures: Vec<String>,
    price: Option<(u64, String)>,
    old_price: Option<(u64, String)>,
    currency: Option<(u64, String)>,
    category: String,
    vendor: String,
    vendor_code: String,
    description: String,
    params: Vec<(String, String)>,
    count: Option<u32>,
    outlets: Option<u32>,
    full: [bool; 2],
    warnings: Vec<(u64, Notice)>,
}

impl Draft {
    /// An offer of which only the attributes are known.
    pub(super) fn new(line: u64, id: &str, kind: &str, group: &str) -> Draft {
        let mut draft =
            Draft { line, id: id.trim().to_owned(), group: group.trim().to_owned(), ..Draft::default() };
        draft.vendor_model = kind.trim() == "vendor.model";
        if cut(&mut draft.group, ID_BYTES) {
            draft.warn(line, words::bad_group(ID_BYTES));
            draft.group.clear();
        }
        draft
    }

    /// Notes a doubt about this offer, found on a line.
    pub(super) fn warn(&mut self, line: u64, what: Notice) {
        if self.warnings.len() < WARNINGS {
            self.warnings.push((line, what));
        }
    }

    /// Takes the text of a tag that has just ended; `param` is its name and unit when it is one.
    pub(super) fn take(&mut self, line: u64, field: Field, text: &str, param: (&str, &str)) {
        let text = text.trim();
        let first = |slot: &mut String| {
            if slot.is_empty() {
                *slot = one_line(text);
            }
        };
        match field {
            Field::Name => first(&mut self.name),
            Field::Model => first(&mut self.model),
            Field::TypePrefix => first(&mut self.type_prefix),
            Field::CategoryId => first(&mut self.category),
            Field::Vendor => first(&mut self.vendor),
            Field::VendorCode => first(&mut self.vendor_code),
            _ if text.is_empty() => (),
            Field::Url => match link(text) {
                Some(url) => self.url = url,
                None => self.warn(line, words::bad_link("url", text)),
            },
            Field::Picture => self.picture(line, text),
            Field::Price => self.price = Some((line, text.to_owned())),
            Field::OldPrice => self.old_price = Some((line, text.to_owned())),
            Field::Currency => self.currency = Some((line, text.to_owned())),
            Field::Param => self.param(line, text, param),
            Field::Available => self.set_available(line, text),
            Field::Count => self.count = self.pieces(line, text).or(self.count),
            Field::Description => {
                let mut plain = html::plain(text);
                if cut(&mut plain, DESCRIPTION_BYTES) {
                    self.warn(line, words::cut("description", DESCRIPTION_BYTES));
                }
                self.description = plain;
            }
        }
    }

    /// Takes an `available` attribute or tag.
    pub(super) fn set_available(&mut self, line: u64, text: &str) {
        let known = match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "да" => Some(true),
            "false" | "0" | "no" | "нет" => Some(false),
            "" => return,
            _ => None,
        };
        if known.is_none() {
            self.warn(line, words::bad_available(text));
        }
        self.available = known.or(self.available);
    }

    /// Adds what one outlet has in stock.
    pub(super) fn outlet(&mut self, line: u64, text: &str) {
        if let Some(pieces) = self.pieces(line, text) {
            self.outlets = Some(self.outlets.unwrap_or(0).saturating_add(pieces));
        }
    }

    /// Whole pieces of `12`, `12.0`, `12,5`, `-3` (sold below zero: none). A number over u32 is as good as
    /// u32.
    fn pieces(&mut self, line: u64, text: &str) -> Option<u32> {
        let text = text.trim();
        let plain = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = plain.split_once(['.', ',']).unwrap_or((plain, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            self.warn(line, words::bad_stock(text));
            return None;
        }
        Some(if text.starts_with('-') { 0 } else { whole.parse().unwrap_or(u32::MAX) })
    }

    fn picture(&mut self, line: u64, text: &str) {
        if self.pictures.len() == PICTURES {
            if !std::mem::replace(&mut self.full[0], true) {
                self.warn(line, words::too_many("picture", PICTURES));
            }
            return;
        }
        match link(text) {
            Some(url) if self.pictures.contains(&url) => (),
            Some(url) => self.pictures.push(url),
            None => self.warn(line, words::bad_link("picture", text)),
        }
    }

    fn param(&mut self, line: u64, text: &str, (name, unit): (&str, &str)) {
        if self.params.len() == PARAMS {
            if !std::mem::replace(&mut self.full[1], true) {
                self.warn(line, words::too_many("param", PARAMS));
            }
            return;
        }
        let (name, mut value) = (one_line(name), one_line(text));
        let unit = one_line(unit);
        if !unit.is_empty() {
            value.push(' ');
            value.push_str(&unit);
        }
        if !name.is_empty() {
            self.params.push((name, value));
        }
    }

    fn title(&self) -> String {
        let full = [&self.type_prefix, &self.vendor, &self.model];
        let joined =
            || full.iter().filter(|s| !s.is_empty()).map(|s| s.as_str()).collect::<Vec<_>>().join(" ");
        match (self.name.is_empty(), self.model.is_empty()) {
            (true, true) => String::new(),
            (false, true) => self.name.clone(),
            (false, false) if !self.vendor_model => self.name.clone(),
            _ => joined(),
        }
    }

    /// The price and the old one, in the offer's currency or else in the feed's.
    fn prices(&mut self, feed: Currency) -> (Option<Money>, Option<Money>) {
        let (price, old) = (self.price.take(), self.old_price.take());
        let currency = match self.currency.take() {
            None => feed,
            Some((line, text)) => match Currency::parse(&text) {
                Some(currency) => currency,
                None => {
                    self.warn(line, words::bad_currency(&text));
                    return (None, None);
                }
            },
        };
        let mut read = |field, slot: Option<(u64, String)>| {
            let (line, text) = slot?;
            let money = Money::parse(&text, currency).filter(|m| m.minor > 0);
            if money.is_none() {
                self.warn(line, words::bad_price(field, &text));
            }
            money.map(|m| (line, m))
        };
        let price = read("price", price).map(|(_, money)| money);
        // An old price of nought is how exports say that there is none.
        let old = old.filter(|(_, text)| text.bytes().any(|b| (b'1'..=b'9').contains(&b)));
        let old = read("oldprice", old);
        match (price, old) {
            (Some(now), Some((line, before))) if before.minor <= now.minor => {
                self.warn(line, words::old_price_not_above());
                (price, None)
            }
            (Some(_), Some((_, before))) => (price, Some(before)),
            _ => (price, None),
        }
    }

    /// Whether nothing is said but price and stock.
    fn only_stock(&self) -> bool {
        let says_more = !self.url.is_empty()
            || !self.pictures.is_empty()
            || !self.description.is_empty()
            || !self.params.is_empty()
            || !self.vendor.is_empty()
            || !self.type_prefix.is_empty()
            || !self.category.is_empty();
        let says_stock = self.count.is_some() || self.outlets.is_some() || self.available.is_some();
        !says_more && (self.price.is_some() || says_stock)
    }

    /// What to report of the offer: its warnings, and last itself. `fresh` tells whether an id is new, and
    /// notes it.
    pub(super) fn finish(mut self, currency: Currency, fresh: impl FnOnce(&str) -> bool) -> Vec<Item> {
        let line = self.line;
        let broken = |id: String, reason| vec![Item::Broken { line, id, reason }];
        let mut id = std::mem::take(&mut self.id);
        if id.is_empty() {
            return broken(id, words::missing_id());
        }
        if id.len() > ID_BYTES {
            cut(&mut id, ID_BYTES);
            return broken(id, words::bad_id(ID_BYTES));
        }
        let title = self.title();
        let only_stock = title.is_empty() && self.only_stock();
        if title.is_empty() && !only_stock {
            return broken(id, words::no_name());
        }
        if !fresh(&id) {
            return broken(id, words::duplicate_id());
        }
        let priced = self.price.is_some();
        let (price, old_price) = self.prices(currency);
        if !priced && !only_stock {
            self.warn(line, words::no_price());
        }
        let stock = self.count.or(self.outlets);
        let available = self.available.unwrap_or(true) && stock != Some(0);
        let mut items: Vec<Item> = std::mem::take(&mut self.warnings)
            .into_iter()
            .map(|(line, what)| Item::Warning { line, id: id.clone(), what })
            .collect();
        items.push(if only_stock {
            Item::StockOnly(StockOnly { line, id, price, old_price, available, stock })
        } else {
            Item::Offer(line, Box::new(self.into_offer(id, title, (price, old_price), available, stock)))
        });
        items
    }

    fn into_offer(
        self,
        id: String,
        title: String,
        (price, old_price): (Option<Money>, Option<Money>),
        available: bool,
        stock: Option<u32>,
    ) -> Offer {
        Offer {
            id,
            group: self.group,
            title,
            url: self.url,
            pictures: self.pictures,
            price,
            old_price,
            available,
            stock,
            category: self.category,
            vendor: self.vendor,
            vendor_code: self.vendor_code,
            description: self.description,
            params: self.params,
        }
    }
}

/// Shortens `text` to at most `max_bytes` at a character's border; whether it had to.
pub(super) fn cut(text: &mut String, max_bytes: usize) -> bool {
    let long = text.len() > max_bytes;
    if long {
        text.truncate(text.floor_char_boundary(max_bytes));
    }
    long
}

/// `text` with every run of white space as one space, and none at the ends.
pub(super) fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// An absolute http or https address, as written where that is safe in an attribute, else percent-encoded.
fn link(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    let safe = (text.starts_with("http://") || text.starts_with("https://"))
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "\"'<>\\`".contains(c));
    Some(if safe { text.to_owned() } else { url.into() })
}
