//! What a message may speak of: the shop, the customer, goods of the catalogue, our own addresses.
//!
//! Text, prices, pictures and links of tracker events never come here (anyone can post those); items are
//! filled from the catalogue only. What a customer claims of herself, her first name, is shown only when it
//! looks like one.

use std::borrow::Cow;

use beckon_core::money::Money;
use serde::{Deserialize, Serialize};

use crate::web::{TARGET_BYTES_MAX, is_web};

/// The most goods of a cart that a message shows.
pub const ITEMS_MAX: usize = 50;
/// The most recommended goods.
pub const RECOMMENDATIONS_MAX: usize = 24;
/// The most blocks of recommended goods.
pub const SHELVES_MAX: usize = 6;
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
    /// Further goods; may be empty. A template finds here those of the first shelf where nothing else was said.
    pub recommendations: Vec<Item>,
    /// Further goods in blocks, from top to bottom. A template finds here `recommendations` where nothing else
    /// was said.
    pub shelves: Vec<Shelf>,
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

/// A block of further goods.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shelf {
    /// Its heading; empty for that of the template.
    pub title: String,
    /// Its goods.
    pub items: Vec<Item>,
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
            recommendations: recommended(&self.recommendations),
            shelves: self.shelves.iter().take(SHELVES_MAX).map(Shelf::cleaned).collect(),
            total: self.total,
            urls: self.urls.clone(),
            step: self.step,
        }
    }
}

impl Facts {
    /// All further goods.
    pub fn beside(&self) -> impl Iterator<Item = &Item> {
        self.recommendations.iter().chain(self.shelves.iter().flat_map(|shelf| &shelf.items))
    }

    /// With the further goods under both names by which templates ask for them.
    pub(crate) fn arranged(mut self) -> Facts {
        if self.shelves.is_empty() && !self.recommendations.is_empty() {
            self.shelves.push(Shelf { title: String::new(), items: self.recommendations.clone() });
        } else if let (true, Some(first)) = (self.recommendations.is_empty(), self.shelves.first()) {
            self.recommendations = first.items.clone();
        }
        self
    }
}

fn recommended(items: &[Item]) -> Vec<Item> {
    items.iter().take(RECOMMENDATIONS_MAX).map(Item::cleaned).collect()
}

impl Shelf {
    fn cleaned(&self) -> Shelf {
        Shelf { title: text(&self.title).into_owned(), items: recommended(&self.items) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::sample;

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
