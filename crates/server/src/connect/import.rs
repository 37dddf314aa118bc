//! A feed into the catalogue: all of it, or nothing.

use super::fetch::{self, Limits};
use super::yml::{self, Item, StockOnly};
use crate::clock::wall_now;
use crate::i18n::{self, Locale, Value};
use crate::settings::{MAIN, ShopCard, kind};
use beckon_core::catalogue::Offer;
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;
use beckon_render::links::is_web;
use beckon_store::shop::{BrokenOffer, DocumentWrite, Import, ImportDone, ShopPlane};
use serde::Serialize;
use std::io::Read;

/// A feed that would remove more than this part of the catalogue is a mistake.
const KEEP_AT_LEAST: f64 = 0.5;
/// Offers written at a time.
const SLICE: usize = 500;
/// Refused offers that are listed; the rest is counted.
const LISTED_MAX: usize = 10_000;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Offers the feed had.
    pub read: u64,
    /// Offers in the catalogue now.
    pub imported: u64,
    /// New, or different from before.
    pub changed: u64,
    /// No longer in the feed.
    pub removed: u64,
    /// Offers that were left out, in the feed's order; at most 10,000 are listed.
    pub refused: Vec<RefusedOffer>,
    /// How many were left out.
    pub refused_total: u64,
    /// Fields that were cut, dropped or guessed.
    pub warnings: u64,
}

/// An offer that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedOffer {
    /// Line in the feed.
    pub line: u64,
    /// Its id as far as it could be read.
    pub id: String,
    /// Why, in English.
    pub reason: String,
    /// The same in Russian.
    pub reason_ru: String,
}

/// A feed that was refused whole; the catalogue is as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedFeed {
    /// Line in the feed, where one can be named.
    pub line: Option<u64>,
    /// Why, in English.
    pub reason: String,
    /// What to do, in English.
    pub hint: String,
    /// Why, in Russian.
    pub reason_ru: String,
    /// What to do, in Russian.
    pub hint_ru: String,
}

impl RefusedFeed {
    /// A refusal without a line, whose sentences are messages of ours; `hint` may be empty.
    pub(crate) fn said(reason: &str, args: &[(&str, Value<'static>)], hint: &str) -> RefusedFeed {
        let say = |locale, key: &str| if key.is_empty() { String::new() } else { i18n::t(locale, key, args) };
        RefusedFeed {
            line: None,
            reason: say(Locale::En, reason),
            hint: say(Locale::En, hint),
            reason_ru: say(Locale::Ru, reason),
            hint_ru: say(Locale::Ru, hint),
        }
    }

    /// Why, in a language.
    #[must_use]
    pub fn reason_in(&self, locale: &Locale) -> &str {
        if *locale == Locale::Ru { &self.reason_ru } else { &self.reason }
    }

    /// What to do, in a language.
    #[must_use]
    pub fn hint_in(&self, locale: &Locale) -> &str {
        if *locale == Locale::Ru { &self.hint_ru } else { &self.hint }
    }
}

/// Stands between the languages of a sentence in the report of an import that was given up.
pub const BETWEEN_LANGUAGES: &str = " ¦ ";

impl std::fmt::Display for RefusedFeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "{}", self.reason)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}

/// Gets a feed from a file or an address and imports it. Blocks; `progress` hears of every 500th offer.
///
/// # Errors
/// It cannot be had, or is refused whole.
pub fn feed(
    plane: &ShopPlane,
    shop: ShopId,
    location: &str,
    limits: &Limits,
    at: ShopTime,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, RefusedFeed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|why| unfetched(&why))?;
    let opened = runtime.block_on(fetch::open(location, limits)).map_err(|why| unfetched(&why))?;
    read(plane, shop, opened, at, progress)
}

/// Imports a feed that is at hand.
///
/// # Errors
/// It is refused whole.
pub fn read(
    plane: &ShopPlane,
    shop: ShopId,
    input: impl Read,
    at: ShopTime,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, RefusedFeed> {
    let import = plane.import(shop, at).map_err(broken_store)?;
    let mut taking = Taking {
        plane,
        shop,
        import,
        slice: Vec::with_capacity(SLICE),
        report: Report::default(),
        failed: None,
        card: None,
    };
    let summary = yml::read(input, &mut |item| {
        taking.item(item);
        if taking.report.read.is_multiple_of(SLICE as u64) {
            progress(taking.report.read);
        }
    });
    taking.flush();
    let Taking { import, mut report, failed, card, .. } = taking;
    let whole = match (summary, failed) {
        (_, Some(why)) => Err(broken_store(why)),
        (Err(why), None) => Err(RefusedFeed {
            line: why.line,
            reason: why.reason.en.to_string(),
            hint: why.hint.en.to_string(),
            reason_ru: why.reason.ru.to_string(),
            hint_ru: why.hint.ru.to_string(),
        }),
        (Ok(_), None) if report.read == report.refused_total => {
            Err(RefusedFeed::said("feed-no-offer", &[], "feed-no-offer-hint"))
        }
        (Ok(_), None) => Ok(()),
    };
    if let Err(why) = whole {
        let both = format!("{}{BETWEEN_LANGUAGES}{}", why.reason, why.reason_ru);
        import.abandon(&both).map_err(broken_store)?;
        return Err(why);
    }
    match import.finish(KEEP_AT_LEAST).map_err(broken_store)? {
        ImportDone::Imported { imported, changed, removed } => {
            (report.imported, report.changed, report.removed) = (imported, changed, removed);
            if let Some(card) = card {
                introduce(plane, shop, &card).map_err(broken_store)?;
            }
            Ok(report)
        }
        ImportDone::Refused { old, gone } => {
            let whole = |n: u64| Value::from(i64::try_from(n).unwrap_or(i64::MAX));
            let args = [("gone", whole(gone)), ("old", whole(old))];
            Err(RefusedFeed::said("feed-removes", &args, "feed-removes-hint"))
        }
    }
}

/// What nobody has entered yet, name and site of the shop, is taken from its feed: links of mails lead there.
fn introduce(plane: &ShopPlane, shop: ShopId, said: &yml::Shop) -> beckon_store::Result<()> {
    let stored = plane.get(shop, kind::SHOP, MAIN)?;
    let version = stored.as_ref().map_or(0, |document| document.version);
    let before: ShopCard =
        stored.and_then(|document| serde_json::from_str(document.body.as_deref()?).ok()).unwrap_or_default();
    let mut card = before.clone();
    if card.name.is_empty() {
        card.name = said.name.chars().take(120).collect();
    }
    if card.site.is_empty() && is_web(&said.url) {
        card.site.clone_from(&said.url);
    }
    if card == before {
        return Ok(());
    }
    let body = serde_json::to_string(&card).unwrap_or_default();
    let at = wall_now();
    let written = plane.put(&DocumentWrite {
        shop,
        kind: kind::SHOP,
        name: MAIN,
        expected_version: version,
        body: Some(&body),
        at,
        by: "feed",
    });
    match written {
        // Somebody is entering them at this very moment: their word counts.
        Ok(_) | Err(beckon_store::Error::Conflict(_)) => Ok(()),
        Err(why) => Err(why),
    }
}

fn unfetched(why: &dyn std::fmt::Display) -> RefusedFeed {
    RefusedFeed::said("feed-unfetched", &[("why", Value::from(why.to_string()))], "")
}

fn broken_store(why: beckon_store::Error) -> RefusedFeed {
    RefusedFeed::said("feed-store", &[("why", Value::from(why.to_string()))], "")
}

/// A feed on its way into the catalogue.
struct Taking<'a> {
    plane: &'a ShopPlane,
    shop: ShopId,
    import: Import<'a>,
    slice: Vec<Offer>,
    report: Report,
    failed: Option<beckon_store::Error>,
    card: Option<yml::Shop>,
}

impl Taking<'_> {
    fn item(&mut self, item: Item) {
        if self.failed.is_some() {
            return;
        }
        match item {
            Item::Shop(card) => self.card = Some(card),
            Item::Category(category) => {
                if let Err(why) = self.import.category(&category) {
                    self.failed = Some(why);
                }
            }
            Item::Offer(_, offer) => {
                self.report.read += 1;
                self.put(*offer);
            }
            Item::StockOnly(stock) => {
                self.report.read += 1;
                self.stock(stock);
            }
            Item::Broken { line, id, reason } => {
                self.report.read += 1;
                self.refuse(line, id, reason.en.to_string(), reason.ru.to_string());
            }
            Item::Warning { .. } => self.report.warnings += 1,
        }
    }

    /// Price and stock of an offer the catalogue knows; of an unknown one there is nothing to show.
    fn stock(&mut self, stock: StockOnly) {
        match self.plane.offer_by_id(self.shop, &stock.id) {
            Ok(Some((_, offer))) => self.put(Offer {
                price: stock.price.or(offer.price),
                old_price: stock.old_price,
                available: stock.available,
                stock: stock.stock,
                ..offer
            }),
            Ok(None) => {
                let [en, ru] = Locale::ALL.map(|locale| i18n::t(locale, "feed-stock-unknown", &[]));
                self.refuse(stock.line, stock.id, en, ru);
            }
            Err(why) => self.failed = Some(why),
        }
    }

    fn put(&mut self, offer: Offer) {
        self.slice.push(offer);
        if self.slice.len() >= SLICE {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.failed.is_none()
            && let Err(why) = self.import.put(&self.slice)
        {
            self.failed = Some(why);
        }
        self.slice.clear();
    }

    fn refuse(&mut self, line: u64, id: String, reason: String, reason_ru: String) {
        let (known, en, ru) = (id.clone(), reason.clone(), reason_ru.clone());
        self.import.broken(BrokenOffer { line, id: known, reason: en, reason_ru: ru });
        self.report.refused_total += 1;
        if self.report.refused.len() < LISTED_MAX {
            self.report.refused.push(RefusedOffer { line, id, reason, reason_ru });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::SHOP;
    use crate::setup;
    use beckon_core::time::WallTime;

    const FEED: &str = r#"<yml_catalog date="2026-01-01 10:00"><shop><name>Lamps</name><url>https://lamps.example/</url>
        <offers><offer id="1"><name>Lamp</name><price>100</price><url>https://lamps.example/1</url></offer></offers>
        </shop></yml_catalog>"#;

    fn card(plane: &ShopPlane) -> ShopCard {
        let document = plane.get(SHOP, kind::SHOP, MAIN).unwrap().unwrap();
        serde_json::from_str(&document.body.unwrap()).unwrap()
    }

    fn imported(said: ShopCard) -> ShopCard {
        let dir =
            std::env::temp_dir().join(format!("beckon-card-{}-{}", std::process::id(), said.name.len()));
        let plane = ShopPlane::open(&dir).unwrap();
        setup::shop(&plane, &said, WallTime(0), "test").unwrap();
        read(&plane, SHOP, FEED.as_bytes(), ShopTime(1), &mut |_| {}).unwrap();
        let card = card(&plane);
        drop(plane);
        std::fs::remove_dir_all(dir).unwrap();
        card
    }

    #[test]
    fn a_feed_says_who_the_shop_is_where_nobody_has_yet() {
        let card = imported(ShopCard::default());
        assert_eq!((card.name.as_str(), card.site.as_str()), ("Lamps", "https://lamps.example/"));
        let card = imported(ShopCard { name: "Ours".to_owned(), ..ShopCard::default() });
        assert_eq!((card.name.as_str(), card.site.as_str()), ("Ours", "https://lamps.example/"));
    }
}
