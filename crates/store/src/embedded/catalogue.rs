//! Reading the catalogue: offers for messages and screens, cards for the snapshot in memory.

use crate::Result;
use crate::gathering::read_offer;
use crate::shop_rows::{Card, ImportReport, PriceChange};
use beckon_core::catalogue::{Category, Offer};
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;
use rusqlite::{Connection, OptionalExtension, params};

/// Offers by number, in the order asked for.
pub fn offers(conn: &Connection, shop: ShopId, numbers: &[u64]) -> Result<Vec<(u64, Offer)>> {
    let sql = "SELECT body FROM offer_text WHERE shop = ?1 AND number = ?2";
    let mut select = conn.prepare_cached(sql)?;
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        let key = params![shop.0, number.cast_signed()];
        let body: Option<String> = select.query_row(key, |row| row.get(0)).optional()?;
        if let Some(body) = body {
            found.push(read_offer(number.cast_signed(), &body)?);
        }
    }
    Ok(found)
}

/// A page of offers after a number.
pub fn page(
    conn: &Connection,
    shop: ShopId,
    (search, category): (Option<&str>, Option<&str>),
    after: Option<u64>,
    limit: usize,
) -> Result<Vec<(u64, Offer)>> {
    let sql =
        "SELECT o.number, t.body FROM offer o JOIN offer_text t ON t.shop = o.shop AND t.number = o.number
        WHERE o.shop = ?1 AND o.number > ?2 AND (?3 IS NULL OR o.category = ?3)
            AND (?4 IS NULL OR instr(o.search, ?4) > 0)
        ORDER BY o.number LIMIT ?5";
    let mut select = conn.prepare_cached(sql)?;
    let search = search.map(str::to_lowercase);
    let mut rows = select.query(params![shop.0, first_after(after), category, search, limit as i64])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read_offer(row.get(0)?, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?);
    }
    Ok(found)
}

/// Numbers are ordered as signed integers; the smallest of all, which no key is beyond, is left out by one in 2^64.
fn first_after(after: Option<u64>) -> i64 {
    after.map_or(i64::MIN, u64::cast_signed)
}

/// Cards after a number.
pub fn cards(conn: &Connection, shop: ShopId, after: Option<u64>, limit: usize) -> Result<Vec<Card>> {
    let sql = "SELECT number, id, product, category, minor, currency, available, stock, added_at
        FROM offer WHERE shop = ?1 AND number > ?2 ORDER BY number LIMIT ?3";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, first_after(after), limit as i64], |row| {
        Ok(Card {
            number: row.get::<_, i64>(0)?.cast_unsigned(),
            id: row.get(1)?,
            product: row.get::<_, i64>(2)?.cast_unsigned(),
            category: row.get(3)?,
            minor: row.get(4)?,
            currency: row.get(5)?,
            available: row.get(6)?,
            stock: row.get(7)?,
            added_at: Some(ShopTime(row.get(8)?)).filter(|at| at.0 != 0),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The whole tree, by id.
pub fn categories(conn: &Connection, shop: ShopId) -> Result<Vec<Category>> {
    let sql = "SELECT id, parent, name FROM category WHERE shop = ?1 ORDER BY id";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map([shop.0], |row| {
        Ok(Category { id: row.get(0)?, parent: row.get(1)?, name: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many offers.
pub fn count(conn: &Connection, shop: ShopId) -> Result<u64> {
    let sql = "SELECT count(*) FROM offer WHERE shop = ?1";
    Ok(conn.prepare_cached(sql)?.query_row([shop.0], |row| row.get::<_, i64>(0))?.cast_unsigned())
}

/// The plane's version when the catalogue last changed; 0 before the first import.
pub fn version(conn: &Connection, shop: ShopId) -> Result<u64> {
    let sql = "SELECT version FROM catalogue WHERE shop = ?1";
    let found: Option<i64> = conn.prepare_cached(sql)?.query_row([shop.0], |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(0).cast_unsigned())
}

/// Changes of a price, newest first.
pub fn prices(conn: &Connection, shop: ShopId, number: u64, limit: usize) -> Result<Vec<PriceChange>> {
    let sql = "SELECT at, old, new, currency FROM price_change
        WHERE shop = ?1 AND number = ?2 ORDER BY at DESC LIMIT ?3";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, number.cast_signed(), limit as i64], |row| {
        Ok(PriceChange {
            at: ShopTime(row.get(0)?),
            old: row.get(1)?,
            new: row.get(2)?,
            currency: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Reports of the last imports, newest first.
pub fn reports(conn: &Connection, shop: ShopId, limit: usize) -> Result<Vec<ImportReport>> {
    let sql = "SELECT at, outcome, imported, changed, removed, broken, examples FROM import_report
        WHERE shop = ?1 ORDER BY seq DESC LIMIT ?2";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, limit as i64], |row| {
        let number = |i: usize| row.get::<_, i64>(i).map(i64::cast_unsigned);
        let examples: String = row.get(6)?;
        Ok(ImportReport {
            at: ShopTime(row.get(0)?),
            outcome: row.get(1)?,
            imported: number(2)?,
            changed: number(3)?,
            removed: number(4)?,
            broken: number(5)?,
            // A report is for reading only; the counts stand even if the list cannot be shown.
            examples: serde_json::from_str(&examples).unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
