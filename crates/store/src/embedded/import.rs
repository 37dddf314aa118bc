//! Replacing a shop's catalogue by what a feed says: all or nothing for those who read it.
//!
//! Offers are gathered beside the catalogue in short transactions, so that other writers get their turn and memory
//! does not depend on the feed. An offer that did not change only signs in. The last transaction moves what changed.

use super::catalogue::number;
use super::plane::raise_version;
use super::shop::ShopFile;
use crate::shop_rows::{BrokenOffer, ImportDone};
use crate::{Error, Result};
use beckon_core::catalogue::{Category, Offer};
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;
use rusqlite::{OptionalExtension, Transaction, params};

/// Broken offers kept in the report; beyond, they are counted.
const EXAMPLES_MAX: usize = 1_000;
/// A catalogue below this size may be replaced by anything.
const GUARDED_MIN: u64 = 10;

/// An import under way. Dropped without an end it changes nothing, and the next one clears up.
pub struct Import<'a> {
    plane: &'a ShopFile,
    shop: ShopId,
    token: i64,
    at: ShopTime,
    broken: u64,
    examples: Vec<BrokenOffer>,
}

impl<'a> Import<'a> {
    pub(crate) fn begin(plane: &'a ShopFile, shop: ShopId, at: ShopTime) -> Result<Import<'a>> {
        let token = plane.write(|tx| {
            let sql = "INSERT INTO import (shop, token, begun_at) VALUES (?1, 1, ?2)
                ON CONFLICT (shop) DO UPDATE SET token = import.token + 1, begun_at = excluded.begun_at
                RETURNING token";
            let token: i64 = tx.prepare_cached(sql)?.query_row(params![shop.0, at.0], |row| row.get(0))?;
            clear(tx, shop)?;
            Ok(token)
        })?;
        Ok(Import { plane, shop, token, at, broken: 0, examples: Vec::new() })
    }

    /// Gathers offers, some hundred at a time; of two with one id the later counts.
    ///
    /// # Errors
    /// [`Error::Conflict`] when another import of the shop began meanwhile.
    pub fn put(&mut self, offers: &[Offer]) -> Result<()> {
        let (shop, token) = (self.shop, self.token);
        self.plane.write(|tx| {
            check(tx, shop, token)?;
            offers.iter().try_for_each(|offer| gather(tx, shop, offer))
        })
    }

    /// Gathers a category.
    ///
    /// # Errors
    /// As [`Import::put`].
    pub fn category(&mut self, category: &Category) -> Result<()> {
        let (shop, token) = (self.shop, self.token);
        self.plane.write(|tx| {
            check(tx, shop, token)?;
            let sql = "INSERT INTO category_next (shop, id, parent, name) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (shop, id) DO UPDATE SET parent = excluded.parent, name = excluded.name";
            tx.prepare_cached(sql)?.execute(params![shop.0, category.id, category.parent, category.name])?;
            Ok(())
        })
    }

    /// Notes an offer that could not be read.
    pub fn broken(&mut self, offer: BrokenOffer) {
        self.broken += 1;
        if self.examples.len() < EXAMPLES_MAX {
            self.examples.push(offer);
        }
    }

    /// Makes the gathered offers the catalogue, unless fewer than `min_keep_ratio` of the present ones are among them
    /// (0.5 is usual; 0 takes anything).
    ///
    /// # Errors
    /// As [`Import::put`]; the catalogue is then as it was.
    pub fn finish(self, min_keep_ratio: f64) -> Result<ImportDone> {
        self.plane.write(|tx| {
            check(tx, self.shop, self.token)?;
            let done = replace(tx, self.shop, self.at, min_keep_ratio)?;
            let numbers = match done {
                ImportDone::Imported { imported, changed, removed } => [imported, changed, removed],
                ImportDone::Refused { gone, .. } => [gathered(tx, self.shop)?, 0, gone],
            };
            let outcome = if matches!(done, ImportDone::Refused { .. }) { "refused" } else { "imported" };
            self.end(tx, outcome, numbers)?;
            Ok(done)
        })
    }

    /// Leaves the catalogue as it is and notes why.
    ///
    /// # Errors
    /// As [`Import::put`].
    pub fn abandon(self, why: &str) -> Result<()> {
        self.plane.write(|tx| {
            check(tx, self.shop, self.token)?;
            let imported = gathered(tx, self.shop)?;
            self.end(tx, &format!("abandoned: {why}"), [imported, 0, 0])
        })
    }

    fn end(&self, tx: &Transaction, outcome: &str, numbers: [u64; 3]) -> Result<()> {
        clear(tx, self.shop)?;
        let sql = "UPDATE import SET token = token + 1 WHERE shop = ?1";
        tx.prepare_cached(sql)?.execute([self.shop.0])?;
        let examples = serde_json::to_string(&self.examples)
            .map_err(|e| Error::Corrupt(format!("the report of an import cannot be written: {e}")))?;
        let sql =
            "INSERT INTO import_report (shop, at, outcome, imported, changed, removed, broken, examples)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let [imported, changed, removed] = numbers.map(u64::cast_signed);
        let broken = self.broken.cast_signed();
        let row = params![self.shop.0, self.at.0, outcome, imported, changed, removed, broken, examples];
        tx.prepare_cached(sql)?.execute(row)?;
        let sql = "DELETE FROM import_report WHERE shop = ?1 AND seq <=
            (SELECT seq FROM import_report WHERE shop = ?1 ORDER BY seq DESC LIMIT 1 OFFSET 100)";
        tx.prepare_cached(sql)?.execute([self.shop.0])?;
        Ok(())
    }
}

fn check(tx: &Transaction, shop: ShopId, token: i64) -> Result<()> {
    let sql = "SELECT token FROM import WHERE shop = ?1";
    let present: Option<i64> = tx.prepare_cached(sql)?.query_row([shop.0], |row| row.get(0)).optional()?;
    if present == Some(token) {
        return Ok(());
    }
    Err(Error::Conflict(format!("another import of shop {} began", shop.0)))
}

fn clear(tx: &Transaction, shop: ShopId) -> Result<()> {
    tx.prepare_cached("DELETE FROM offer_next WHERE shop = ?1")?.execute([shop.0])?;
    tx.prepare_cached("DELETE FROM category_next WHERE shop = ?1")?.execute([shop.0])?;
    Ok(())
}

fn gathered(tx: &Transaction, shop: ShopId) -> Result<u64> {
    let sql = "SELECT count(*) FROM offer_next WHERE shop = ?1";
    Ok(tx.prepare_cached(sql)?.query_row([shop.0], |row| row.get::<_, i64>(0))?.cast_unsigned())
}

fn gather(tx: &Transaction, shop: ShopId, offer: &Offer) -> Result<()> {
    let number = number(shop, &offer.id).cast_signed();
    let body = serde_json::to_string(offer)
        .map_err(|e| Error::Corrupt(format!("offer {} cannot be written: {e}", offer.id)))?;
    let digest = hash(Tag::Offer, shop, &[b"text", body.as_bytes()]).cast_signed();
    let sql = "SELECT digest FROM offer WHERE shop = ?1 AND number = ?2";
    let known: Option<i64> =
        tx.prepare_cached(sql)?.query_row(params![shop.0, number], |row| row.get(0)).optional()?;
    if known == Some(digest) {
        let sql = "INSERT INTO offer_next (shop, number) VALUES (?1, ?2)
            ON CONFLICT (shop, number) DO UPDATE SET body = NULL";
        tx.prepare_cached(sql)?.execute(params![shop.0, number])?;
        return Ok(());
    }
    let product = match offer.group.as_str() {
        "" => number,
        group => hash(Tag::Offer, shop, &[b"group", group.as_bytes()]).cast_signed(),
    };
    let search = format!("{}\n{}\n{}", offer.title, offer.id, offer.vendor_code).to_lowercase();
    let (minor, currency) = match &offer.price {
        Some(price) => (Some(price.minor), price.currency.code()),
        None => (None, ""),
    };
    let sql = "INSERT INTO offer_next (shop, number, body, id, product, category, minor, currency, available, stock,
            search, digest)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT (shop, number) DO UPDATE SET body = excluded.body, id = excluded.id,
            product = excluded.product, category = excluded.category, minor = excluded.minor,
            currency = excluded.currency, available = excluded.available, stock = excluded.stock,
            search = excluded.search, digest = excluded.digest";
    let row = (&offer.id, product, &offer.category);
    tx.prepare_cached(sql)?.execute(params![
        shop.0,
        number,
        body,
        row.0,
        row.1,
        row.2,
        minor,
        currency,
        offer.available,
        offer.stock,
        search,
        digest
    ])?;
    Ok(())
}

fn replace(tx: &Transaction, shop: ShopId, at: ShopTime, min_keep_ratio: f64) -> Result<ImportDone> {
    let count = |sql: &str| -> Result<u64> {
        Ok(tx.prepare_cached(sql)?.query_row([shop.0], |row| row.get::<_, i64>(0))?.cast_unsigned())
    };
    let old = count("SELECT count(*) FROM offer WHERE shop = ?1")?;
    let gone = count(
        "SELECT count(*) FROM offer o WHERE o.shop = ?1 AND NOT EXISTS
            (SELECT 1 FROM offer_next n WHERE n.shop = o.shop AND n.number = o.number)",
    )?;
    if old >= GUARDED_MIN && ((old - gone) as f64) < old as f64 * min_keep_ratio {
        return Ok(ImportDone::Refused { old, gone });
    }
    let imported = gathered(tx, shop)?;
    let changed = count("SELECT count(*) FROM offer_next WHERE shop = ?1 AND body IS NOT NULL")?;
    let sql = "INSERT INTO price_change (shop, number, at, old, new, currency)
        SELECT n.shop, n.number, ?2, o.minor, n.minor, n.currency FROM offer_next n
            JOIN offer o ON o.shop = n.shop AND o.number = n.number
        WHERE n.shop = ?1 AND n.body IS NOT NULL AND (n.minor IS NOT o.minor OR n.currency IS NOT o.currency)
        ON CONFLICT (shop, number, at) DO UPDATE SET new = excluded.new, currency = excluded.currency";
    tx.prepare_cached(sql)?.execute(params![shop.0, at.0])?;
    // Everything of the first feed would be new; nobody knows since when the shop has it.
    let added_at = if old == 0 { 0 } else { at.0 };
    tx.prepare_cached(MOVE_OFFERS)?.execute(params![shop.0, added_at])?;
    for sql in MOVES {
        tx.prepare_cached(sql)?.execute([shop.0])?;
    }
    let sql = "INSERT INTO catalogue (shop, version, at) VALUES (?1, ?2, ?3)
        ON CONFLICT (shop) DO UPDATE SET version = excluded.version, at = excluded.at";
    let version = raise_version(tx)?.cast_signed();
    tx.prepare_cached(sql)?.execute(params![shop.0, version, at.0])?;
    Ok(ImportDone::Imported { imported, changed, removed: gone })
}

/// The first of the statements by which what was gathered becomes the catalogue. An offer keeps the time it was added.
const MOVE_OFFERS: &str = "INSERT INTO offer
        (shop, number, id, product, category, minor, currency, available, stock, search, digest, added_at)
    SELECT shop, number, id, product, category, minor, currency, available, stock, search, digest, ?2
    FROM offer_next WHERE shop = ?1 AND body IS NOT NULL
    ON CONFLICT (shop, number) DO UPDATE SET id = excluded.id, product = excluded.product,
        category = excluded.category, minor = excluded.minor, currency = excluded.currency,
        available = excluded.available, stock = excluded.stock, search = excluded.search,
        digest = excluded.digest";

/// The others, in this order.
const MOVES: &[&str] = &[
    "INSERT INTO offer_text (shop, number, body)
        SELECT shop, number, body FROM offer_next WHERE shop = ?1 AND body IS NOT NULL
        ON CONFLICT (shop, number) DO UPDATE SET body = excluded.body",
    "DELETE FROM offer WHERE shop = ?1 AND NOT EXISTS
        (SELECT 1 FROM offer_next n WHERE n.shop = offer.shop AND n.number = offer.number)",
    "DELETE FROM offer_text WHERE shop = ?1 AND NOT EXISTS
        (SELECT 1 FROM offer_next n WHERE n.shop = offer_text.shop AND n.number = offer_text.number)",
    "DELETE FROM category WHERE shop = ?1",
    "INSERT INTO category (shop, id, parent, name)
        SELECT shop, id, parent, name FROM category_next WHERE shop = ?1",
];
