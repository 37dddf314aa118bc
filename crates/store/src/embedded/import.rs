//! An import in the embedded engine: gathered in short transactions, moved in one.

use super::plane::raise_version;
use super::shop::ShopFile;
use crate::Result;
use crate::gathering::{self, Gathered, Run, Told};
use crate::shop_rows::ImportDone;
use beckon_core::catalogue::{Category, Offer};
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;
use rusqlite::{OptionalExtension, Transaction, params};

impl ShopFile {
    pub(crate) fn begin_import(&self, shop: ShopId, at: ShopTime) -> Result<i64> {
        self.write(|tx| {
            let sql = "INSERT INTO import (shop, token, begun_at) VALUES (?1, 1, ?2)
                ON CONFLICT (shop) DO UPDATE SET token = import.token + 1, begun_at = excluded.begun_at
                RETURNING token";
            let token = tx.prepare_cached(sql)?.query_row(params![shop.0, at.0], |row| row.get(0))?;
            clear(tx, shop)?;
            Ok(token)
        })
    }

    pub(crate) fn put_offers(&self, run: Run, offers: &[Offer]) -> Result<()> {
        self.write(|tx| {
            check(tx, run)?;
            offers.iter().try_for_each(|offer| gather(tx, run.shop, offer))
        })
    }

    pub(crate) fn put_categories(&self, run: Run, categories: &[Category]) -> Result<()> {
        self.write(|tx| {
            check(tx, run)?;
            let sql = "INSERT INTO category_next (shop, id, parent, name) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (shop, id) DO UPDATE SET parent = excluded.parent, name = excluded.name";
            let mut insert = tx.prepare_cached(sql)?;
            for of in categories {
                insert.execute(params![run.shop.0, of.id, of.parent, of.name])?;
            }
            Ok(())
        })
    }

    pub(crate) fn finish_import(&self, run: Run, told: &Told, min_keep_ratio: f64) -> Result<ImportDone> {
        self.write(|tx| {
            check(tx, run)?;
            let done = replace(tx, run.shop, run.at, min_keep_ratio)?;
            let (outcome, numbers) = gathering::outcome(&done, gathered(tx, run.shop)?);
            end(tx, run, told, outcome, numbers)?;
            Ok(done)
        })
    }

    pub(crate) fn abandon_import(&self, run: Run, told: &Told, why: &str) -> Result<()> {
        self.write(|tx| {
            check(tx, run)?;
            let numbers = [gathered(tx, run.shop)?, 0, 0];
            end(tx, run, told, &format!("abandoned: {why}"), numbers)
        })
    }
}

fn end(tx: &Transaction, run: Run, told: &Told, outcome: &str, numbers: [u64; 3]) -> Result<()> {
    clear(tx, run.shop)?;
    let sql = "UPDATE import SET token = token + 1 WHERE shop = ?1";
    tx.prepare_cached(sql)?.execute([run.shop.0])?;
    let sql = "INSERT INTO import_report (shop, at, outcome, imported, changed, removed, broken, examples)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let [imported, changed, removed] = numbers.map(u64::cast_signed);
    let broken = told.broken.cast_signed();
    let row = params![run.shop.0, run.at.0, outcome, imported, changed, removed, broken, told.examples];
    tx.prepare_cached(sql)?.execute(row)?;
    let sql = "DELETE FROM import_report WHERE shop = ?1 AND seq <=
        (SELECT seq FROM import_report WHERE shop = ?1 ORDER BY seq DESC LIMIT 1 OFFSET 100)";
    tx.prepare_cached(sql)?.execute([run.shop.0])?;
    Ok(())
}

fn check(tx: &Transaction, run: Run) -> Result<()> {
    let sql = "SELECT token FROM import WHERE shop = ?1";
    let present: Option<i64> =
        tx.prepare_cached(sql)?.query_row([run.shop.0], |row| row.get(0)).optional()?;
    if present == Some(run.token) { Ok(()) } else { Err(gathering::overtaken(run.shop)) }
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
    let row = Gathered::of(shop, offer)?;
    let sql = "SELECT digest FROM offer WHERE shop = ?1 AND number = ?2";
    let known: Option<i64> =
        tx.prepare_cached(sql)?.query_row(params![shop.0, row.number], |row| row.get(0)).optional()?;
    if known == Some(row.digest) {
        let sql = "INSERT INTO offer_next (shop, number) VALUES (?1, ?2)
            ON CONFLICT (shop, number) DO UPDATE SET body = NULL";
        tx.prepare_cached(sql)?.execute(params![shop.0, row.number])?;
        return Ok(());
    }
    let sql = "INSERT INTO offer_next (shop, number, body, id, product, category, minor, currency, available, stock,
            search, digest)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        ON CONFLICT (shop, number) DO UPDATE SET body = excluded.body, id = excluded.id,
            product = excluded.product, category = excluded.category, minor = excluded.minor,
            currency = excluded.currency, available = excluded.available, stock = excluded.stock,
            search = excluded.search, digest = excluded.digest";
    tx.prepare_cached(sql)?.execute(params![
        shop.0,
        row.number,
        row.body,
        offer.id,
        row.product,
        offer.category,
        row.minor,
        row.currency,
        offer.available,
        offer.stock,
        row.search,
        row.digest
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
    if gathering::is_refused(old, gone, min_keep_ratio) {
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
