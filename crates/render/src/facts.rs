//! What a message may speak of: the shop, the customer, goods of the catalogue, our own addresses.
//!
//! Text, prices, pictures and links of tracker events never come here (anyone can post those); items are
//! filled from the catalogue only. What a customer claims of herself, her first name, is shown only when it
//! looks like one.

use std::borrow::Cow;

use beckon_core::money::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::web::{TARGET_BYTES_MAX, is_web};

/// The most goods of a cart that a message shows.
pub const ITEMS_MAX: usize = 50;
/// The most recommended goods.
pub const RECOMMENDATIONS_MAX: usize = 24;
/// The longest text of one field, in characters.
pub const TEXT_CHARS_MAX: usize = 500;
/// The longest picture given inline as a `data:` address, in bytes.
const PICTURE_BYTES_MAX: usize = 16 * 1024;
/// The longest first name that is shown, in letters.
const NAME_CHARS_MAX: usize = 40;

/// All that a template can name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Who writes.
    pub shop: Shop,
    /// To whom.
    pub customer: Customer,
    /// The goods the message is about, at the price and stock of this moment.
    pub items: Vec<Item>,
    /// Further goods; may be empty.
    pub recommendations: Vec<Item>,
    /// Sum of `items`, when all have a price in one currency.
    pub total: Option<Money>,
    /// Our own addresses, from [`crate::Links::urls`].
    pub urls: Urls,
    /// Which message of the series this is, from 1.
    pub step: u32,
}

/// The sender, from the settings of the shop.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shop {
    /// As shoppers know it.
    pub name: String,
    /// Its site, http(s).
    pub site: Option<String>,
    /// As they should be read, e.g. `8 800 555-35-35`.
    pub phones: Vec<String>,
    /// When the phones are answered.
    pub hours: Option<String>,
    /// Postal address; CAN-SPAM demands one in every marketing mail.
    pub address: Option<String>,
    /// Where a shopper may write to.
    pub email: Option<String>,
    /// Picture of the logo, http(s) or `data:image/`.
    pub logo: Option<String>,
}

/// The recipient.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Customer {
    /// Shown only if [`plausible_name`].
    pub first_name: Option<String>,
}

/// A product of the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// The shop's id of the offer.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Its page, http(s); without one it is shown without a link.
    pub url: Option<String>,
    /// Its picture, http(s) or `data:image/`.
    pub picture: Option<String>,
    /// Price of one piece.
    pub price: Option<Money>,
    /// Former price; shown struck when it is above `price`.
    pub old_price: Option<Money>,
    /// Pieces in the cart; 0 where it means nothing (recommendations).
    pub quantity: u32,
    /// Why it is shown ("goes with your kettle").
    pub reason: Option<String>,
}

/// Addresses of our own, each with a token of the message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Urls {
    /// Back to the cart as it was.
    pub restore: String,
    /// No more of this.
    pub unsubscribe: String,
    /// Choose what comes.
    pub preferences: String,
    /// The message in the browser.
    pub view: String,
}

/// Whether a claimed first name may stand in a message that we sign. Letters of any script, with single
/// spaces, hyphens and apostrophes between them, at most 40: no digit, dot, slash or sign, so neither an
/// address nor a sentence fits.
#[must_use]
pub fn plausible_name(name: &str) -> bool {
    let mut between = true;
    let mut count = 0;
    for c in name.chars() {
        count += 1;
        if c.is_alphabetic() {
            between = false;
        } else if is_combining(c) && !between {
        } else if matches!(c, ' ' | '-' | '\'' | '’') && !between {
            between = true;
        } else {
            return false;
        }
    }
    count > 0 && count <= NAME_CHARS_MAX && !between && name.split([' ', '-']).count() <= 3
}

/// Accents written as their own character.
fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

impl Facts {
    /// The facts as they may be shown: implausible name, foreign addresses, control characters and senseless
    /// old prices dropped, texts and lists cut to their limits.
    #[must_use]
    pub fn cleaned(&self) -> Facts {
        let name = self.customer.first_name.as_deref().map(str::trim).filter(|n| plausible_name(n));
        Facts {
            shop: self.shop.cleaned(),
            customer: Customer { first_name: name.map(str::to_owned) },
            items: self.items.iter().take(ITEMS_MAX).map(Item::cleaned).collect(),
            recommendations: self
                .recommendations
                .iter()
                .take(RECOMMENDATIONS_MAX)
                .map(Item::cleaned)
                .collect(),
            total: self.total,
            urls: self.urls.clone(),
            step: self.step,
        }
    }
}

impl Shop {
    fn cleaned(&self) -> Shop {
        Shop {
            name: text(&self.name).into_owned(),
            site: web(self.site.as_deref()),
            phones: self
                .phones
                .iter()
                .take(5)
                .map(|p| text(p).into_owned())
                .filter(|p| !p.is_empty())
                .collect(),
            hours: some_text(self.hours.as_deref()),
            address: some_text(self.address.as_deref()),
            email: some_text(self.email.as_deref())
                .filter(|e| e.contains('@') && !e.contains([' ', '?', '&'])),
            logo: picture(self.logo.as_deref()),
        }
    }
}

impl Item {
    fn cleaned(&self) -> Item {
        let dearer =
            |old: &Money| self.price.is_some_and(|p| p.currency == old.currency && p.minor < old.minor);
        Item {
            id: text(&self.id).into_owned(),
            title: text(&self.title).into_owned(),
            url: web(self.url.as_deref()),
            picture: picture(self.picture.as_deref()),
            price: self.price,
            old_price: self.old_price.filter(dearer),
            quantity: self.quantity,
            reason: some_text(self.reason.as_deref()),
        }
    }
}

fn web(url: Option<&str>) -> Option<String> {
    url.map(str::trim).filter(|u| is_web(u) && u.len() <= TARGET_BYTES_MAX).map(str::to_owned)
}

fn picture(url: Option<&str>) -> Option<String> {
    let inline = |u: &str| {
        let data = u.starts_with("data:image/") && u.len() <= PICTURE_BYTES_MAX;
        data && u.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>'))
    };
    let url = url.map(str::trim)?;
    if inline(url) { Some(url.to_owned()) } else { web(Some(url)) }
}

fn some_text(value: Option<&str>) -> Option<String> {
    value.map(|v| text(v).into_owned()).filter(|v| !v.is_empty())
}

/// One line of text without control characters and direction overrides, at most [`TEXT_CHARS_MAX`].
pub(crate) fn text(value: &str) -> Cow<'_, str> {
    let bad = |c: char| c.is_control() || is_override(c);
    let plain = value.len() <= TEXT_CHARS_MAX && !value.contains(bad) && value.trim().len() == value.len();
    if plain {
        return Cow::Borrowed(value);
    }
    let spaced: String = value.chars().map(|c| if bad(c) { ' ' } else { c }).take(TEXT_CHARS_MAX).collect();
    Cow::Owned(spaced.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Characters that turn the reading direction or end a line invisibly.
pub(crate) fn is_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Invented facts for previews and for the check at compile time, in the language of `locale`.
#[must_use]
pub fn sample(locale: &str) -> Facts {
    let pick = Pick { ru: locale.starts_with("ru") };
    let own = |kind: &str| format!("https://mail.example/{kind}/sample");
    Facts {
        shop: sample_shop(pick),
        customer: Customer { first_name: Some(pick.text("Анна", "Anna").to_owned()) },
        items: sample_items(pick),
        recommendations: sample_recommendations(pick),
        total: pick.money(747_100, 12_800),
        urls: Urls { restore: own("r"), unsubscribe: own("u"), preferences: own("p"), view: own("v") },
        step: 1,
    }
}

/// Chooses between the two languages of the samples.
#[derive(Clone, Copy)]
struct Pick {
    ru: bool,
}

impl Pick {
    fn text(self, ru: &'static str, en: &'static str) -> &'static str {
        if self.ru { ru } else { en }
    }

    fn money(self, rub: i64, usd: i64) -> Option<Money> {
        let currency = Currency::parse(self.text("RUB", "USD"))?;
        Some(Money { minor: if self.ru { rub } else { usd }, currency })
    }
}

fn sample_shop(pick: Pick) -> Shop {
    Shop {
        name: pick.text("Тихий дом", "Quiet House").to_owned(),
        site: Some("https://shop.example/".to_owned()),
        phones: vec![pick.text("8 800 555-01-23", "+1 202 555 0123").to_owned()],
        hours: Some(pick.text("ежедневно с 9 до 21", "every day, 9 am to 9 pm").to_owned()),
        address: Some(
            pick.text("123056, Москва, ул. Примерная, 7", "7 Sample Street, Springfield, 01101").to_owned(),
        ),
        email: Some("hello@shop.example".to_owned()),
        logo: None,
    }
}

fn sample_item(id: &str, title: &str, colour: &str, price: Option<Money>) -> Item {
    Item {
        id: id.to_owned(),
        title: title.to_owned(),
        url: Some(format!("https://shop.example/p/{id}")),
        picture: Some(sample_picture(colour)),
        price,
        ..Item::default()
    }
}

fn sample_items(pick: Pick) -> Vec<Item> {
    let kettle =
        pick.text("Чайник электрический 1,7\u{a0}л, матовая сталь", "Electric kettle, 1.7 l, brushed steel");
    let cups = pick.text("Набор фарфоровых чашек, 6\u{a0}шт.", "Porcelain cups, set of 6");
    vec![
        Item {
            old_price: pick.money(429_000, 7_900),
            quantity: 1,
            ..sample_item("101", kettle, "4f7cac", pick.money(349_000, 5_900))
        },
        Item { quantity: 2, ..sample_item("102", cups, "c0747a", pick.money(199_050, 3_450)) },
    ]
}

fn sample_recommendations(pick: Pick) -> Vec<Item> {
    let teapot = pick.text("Заварочный чайник, 800\u{a0}мл", "Teapot, 800 ml");
    let tea = pick.text("Чай улун, 100\u{a0}г", "Oolong tea, 100 g");
    let tray = pick.text("Бамбуковый поднос", "Bamboo tray");
    let reason = pick.text("Подойдёт к вашему чайнику", "Goes with your kettle");
    vec![
        Item {
            reason: Some(reason.to_owned()),
            ..sample_item("201", teapot, "7a9e7e", pick.money(159_000, 2_400))
        },
        Item {
            old_price: pick.money(89_000, 1_490),
            ..sample_item("202", tea, "b08d57", pick.money(69_000, 1_190))
        },
        sample_item("203", tray, "8d7ba8", pick.money(129_000, 1_990)),
    ]
}

/// A quiet drawing that needs no network.
fn sample_picture(colour: &str) -> String {
    format!(
        "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%20120%20120'%3E\
         %3Crect%20width='120'%20height='120'%20fill='%23{colour}'%20opacity='.18'/%3E\
         %3Ccircle%20cx='60'%20cy='56'%20r='26'%20fill='%23{colour}'/%3E\
         %3Crect%20x='30'%20y='88'%20width='60'%20height='6'%20rx='3'%20fill='%23{colour}'/%3E%3C/svg%3E"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_only_when_they_look_like_names() {
        for good in ["Анна", "Jean-Luc", "Mary Ann", "D'Arcy", "Łukasz", "María José", "李", "И\u{306}ван"]
        {
            assert!(plausible_name(good), "{good}");
        }
        let long = "я".repeat(41);
        let bad = [
            "",
            " ",
            "-",
            "Anna-",
            "Anna1",
            "evil.example",
            "http://evil",
            "Anna!",
            "Your account is blocked go",
            "<script>",
            "{{7*7}}",
            "A\nB",
            "A  B",
            "Anna\u{202e}",
            "a@b",
            "50%",
            &long,
        ];
        for name in bad {
            assert!(!plausible_name(name), "{name:?}");
        }
    }

    #[test]
    fn cleaning_drops_what_may_not_be_shown() {
        let mut facts = sample("en");
        facts.customer.first_name = Some("evil.example".to_owned());
        facts.items[0].url = Some("javascript:alert(1)".to_owned());
        facts.items[0].picture = Some("data:text/html,x".to_owned());
        facts.items[0].title = "a\r\nBcc: x\u{202e}".to_owned();
        facts.items[0].old_price = facts.items[0].price;
        let many = facts.items[1].clone();
        facts.items.extend(std::iter::repeat_n(many, 100));
        let clean = facts.cleaned();
        assert_eq!(clean.customer.first_name, None);
        let first = &clean.items[0];
        assert_eq!((first.url.as_deref(), first.picture.as_deref()), (None, None));
        assert_eq!((first.title.as_str(), first.old_price), ("a Bcc: x", None));
        assert_eq!(clean.items.len(), ITEMS_MAX);
        assert_eq!(sample("ru").cleaned(), sample("ru"), "the samples are clean");
    }
}
