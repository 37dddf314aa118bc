//! An import on a server: gathered some hundred rows at a time, moved in one transaction.
//!
//! Whoever imports holds the row of the shop's import for as long as each transaction lasts, so that an import that
//! begins meanwhile waits for it to end and only then takes its place.

use super::connection::{Done, Fail, Request, Session, Value, clean, get, text};
use super::plane::raise_version;
use super::shop::ShopServer;
use crate::Result;
use crate::gathering::{self, Gathered, Run, Told};
use crate::shop_rows::ImportDone;
use beckon_core::catalogue::{Category, Offer};
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;
use std::collections::{BTreeMap, BTreeSet};

impl ShopServer {
    pub(crate) fn begin_import(&self, shop: ShopId, at: ShopTime) -> Result<i64> {
        self.database.write(|session| {
            let sql = "INSERT INTO import (shop, token, begun_at) VALUES ($1, 1, $2)
                ON CONFLICT (shop) DO UPDATE SET token = import.token + 1, begun_at = excluded.begun_at
                RETURNING token";
            let token = session.query_one(sql, vec![Value::Long(shop.0.into()), Value::Long(at.0)])?;
            clear(session, shop)?;
            get(&token, 0)
        })
    }

    pub(crate) fn put_offers(&self, run: Run, offers: &[Offer]) -> Result<()> {
        // Of two with one id the later counts; a statement may not touch a row twice.
        let mut rows = BTreeMap::new();
        for offer in offers {
            let row = Gathered::of(run.shop, offer)?;
            rows.insert(row.number, row);
        }
        self.database.write(|session| {
            check(session, run)?;
            gather(session, run.shop, &rows)
        })
    }

    pub(crate) fn put_categories(&self, run: Run, categories: &[Category]) -> Result<()> {
        let rows: BTreeMap<&str, &Category> = categories.iter().map(|of| (of.id.as_str(), of)).collect();
        self.database.write(|session| {
            check(session, run)?;
            let sql = "INSERT INTO category_next (shop, id, parent, name)
                SELECT $1, w.id, w.parent, w.name
                FROM unnest($2::text[], $3::text[], $4::text[]) AS w (id, parent, name)
                ON CONFLICT (shop, id) DO UPDATE SET parent = excluded.parent, name = excluded.name";
            let column =
                |of: fn(&Category) -> &str| Value::Texts(rows.values().map(|row| clean(of(row))).collect());
            let columns = [column(|of| &of.id), column(|of| &of.parent), column(|of| &of.name)];
            let values = [Value::Long(run.shop.0.into())].into_iter().chain(columns).collect();
            session.query(sql, values)?;
            Ok(())
        })
    }

    pub(crate) fn finish_import(&self, run: Run, told: &Told, min_keep_ratio: f64) -> Result<ImportDone> {
        self.database.write(|session| {
            check(session, run)?;
            let done = replace(session, run.shop, run.at, min_keep_ratio)?;
            let (outcome, numbers) = gathering::outcome(&done, gathered(session, run.shop)?);
            end(session, run, told, outcome, numbers)?;
            Ok(done)
        })
    }

    pub(crate) fn abandon_import(&self, run: Run, told: &Told, why: &str) -> Result<()> {
        self.database.write(|session| {
            check(session, run)?;
            let numbers = [gathered(session, run.shop)?, 0, 0];
            end(session, run, told, &format!("abandoned: {why}"), numbers)
        })
    }
}

fn check(session: &Session, run: Run) -> Done {
    let sql = "SELECT token FROM import WHERE shop = $1 FOR UPDATE";
    let row = session.query_opt(sql, vec![Value::Long(run.shop.0.into())])?;
    let present: Option<i64> = row.map(|row| get(&row, 0)).transpose()?;
    if present == Some(run.token) { Ok(()) } else { Err(Fail::Named(gathering::overtaken(run.shop))) }
}

fn clear(session: &Session, shop: ShopId) -> Done {
    let key = || vec![Value::Long(shop.0.into())];
    session.pipeline(&[
        Request::new("DELETE FROM offer_next WHERE shop = $1", key()),
        Request::new("DELETE FROM category_next WHERE shop = $1", key()),
    ])?;
    Ok(())
}

fn count(session: &Session, sql: &'static str, shop: ShopId) -> Done<u64> {
    Ok(get::<i64>(&session.query_one(sql, vec![Value::Long(shop.0.into())])?, 0)?.cast_unsigned())
}

fn gathered(session: &Session, shop: ShopId) -> Done<u64> {
    count(session, "SELECT count(*) FROM offer_next WHERE shop = $1", shop)
}

fn gather(session: &Session, shop: ShopId, rows: &BTreeMap<i64, Gathered>) -> Done {
    let shop = || Value::Long(shop.0.into());
    let sql = "SELECT o.number FROM unnest($2::bigint[], $3::bigint[]) AS w (number, digest)
        JOIN offer o ON o.shop = $1 AND o.number = w.number WHERE o.digest = w.digest";
    let (numbers, digests) = rows.values().map(|row| (row.number, row.digest)).unzip();
    let found = session.query(sql, vec![shop(), Value::Longs(numbers), Value::Longs(digests)])?;
    let same: BTreeSet<i64> = found.iter().map(|row| get(row, 0)).collect::<Done<_>>()?;
    let other: Vec<&Gathered> = rows.values().filter(|row| !same.contains(&row.number)).collect();
    let mut requests = Vec::with_capacity(2);
    if !same.is_empty() {
        let sql = "INSERT INTO offer_next (shop, number)
            SELECT $1, w.number FROM unnest($2::bigint[]) AS w (number)
            ON CONFLICT (shop, number) DO UPDATE SET body = NULL";
        requests.push(Request::new(sql, vec![shop(), Value::Longs(same.into_iter().collect())]));
    }
    if !other.is_empty() {
        let columns = columns(&other);
        requests.push(Request::new(GATHER, [shop()].into_iter().chain(columns).collect()));
    }
    session.pipeline(&requests)?;
    Ok(())
}

const GATHER: &str = "INSERT INTO offer_next
        (shop, number, body, id, product, category, minor, currency, available, stock, search, digest)
    SELECT $1, w.number, w.body, w.id, w.product, w.category, w.minor, w.currency, w.available <> 0, w.stock,
        w.search, w.digest
    FROM unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::text[],
        $9::smallint[], $10::bigint[], $11::text[], $12::bigint[])
        AS w (number, body, id, product, category, minor, currency, available, stock, search, digest)
    ON CONFLICT (shop, number) DO UPDATE SET body = excluded.body, id = excluded.id, product = excluded.product,
        category = excluded.category, minor = excluded.minor, currency = excluded.currency,
        available = excluded.available, stock = excluded.stock, search = excluded.search, digest = excluded.digest";

/// The columns of [`GATHER`] after the shop.
fn columns<'a>(rows: &[&'a Gathered<'a>]) -> [Value<'a>; 11] {
    let texts =
        |of: fn(&'a Gathered<'a>) -> &'a str| Value::Texts(rows.iter().map(|row| clean(of(row))).collect());
    let longs = |of: fn(&Gathered) -> i64| Value::Longs(rows.iter().map(|row| of(row)).collect());
    let stock = |row: &&Gathered| row.offer.stock.map(i64::from);
    [
        longs(|row| row.number),
        texts(|row| &row.body),
        texts(|row| &row.offer.id),
        longs(|row| row.product),
        texts(|row| &row.offer.category),
        Value::MaybeLongs(rows.iter().map(|row| row.minor).collect()),
        texts(|row| row.currency),
        Value::Shorts(rows.iter().map(|row| i16::from(row.offer.available)).collect()),
        Value::MaybeLongs(rows.iter().map(stock).collect()),
        texts(|row| &row.search),
        longs(|row| row.digest),
    ]
}

fn end(session: &Session, run: Run, told: &Told, outcome: &str, numbers: [u64; 3]) -> Done {
    clear(session, run.shop)?;
    let shop = || Value::Long(run.shop.0.into());
    let token = "UPDATE import SET token = token + 1 WHERE shop = $1";
    let report = "INSERT INTO import_report (shop, at, outcome, imported, changed, removed, broken, examples)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let [imported, changed, removed] = numbers.map(|number| Value::Long(number.cast_signed()));
    let (broken, examples) = (Value::Long(told.broken.cast_signed()), text(&told.examples));
    let row =
        vec![shop(), Value::Long(run.at.0), text(outcome), imported, changed, removed, broken, examples];
    let old = "DELETE FROM import_report WHERE shop = $1 AND seq <=
        (SELECT seq FROM import_report WHERE shop = $1 ORDER BY seq DESC LIMIT 1 OFFSET 100)";
    session.pipeline(&[
        Request::new(token, vec![shop()]),
        Request::new(report, row),
        Request::new(old, vec![shop()]),
    ])?;
    Ok(())
}

fn replace(session: &Session, shop: ShopId, at: ShopTime, min_keep_ratio: f64) -> Done<ImportDone> {
    let old = count(session, "SELECT count(*) FROM offer WHERE shop = $1", shop)?;
    let gone = "SELECT count(*) FROM offer o WHERE o.shop = $1 AND NOT EXISTS
        (SELECT 1 FROM offer_next n WHERE n.shop = o.shop AND n.number = o.number)";
    let gone = count(session, gone, shop)?;
    if gathering::is_refused(old, gone, min_keep_ratio) {
        return Ok(ImportDone::Refused { old, gone });
    }
    let imported = gathered(session, shop)?;
    let changed = "SELECT count(*) FROM offer_next WHERE shop = $1 AND body IS NOT NULL";
    let changed = count(session, changed, shop)?;
    // Everything of the first feed would be new; nobody knows since when the shop has it.
    let added_at = if old == 0 { 0 } else { at.0 };
    for (first, last) in ranges(old.max(imported)) {
        let with = |of: &[i64]| -> Vec<Value<'static>> {
            let values = [i64::from(shop.0), first, last].into_iter().chain(of.iter().copied());
            values.map(Value::Long).collect()
        };
        session.query(PRICES, with(&[at.0]))?;
        session.query(MOVE_OFFERS, with(&[added_at]))?;
        for sql in MOVES {
            session.query(sql, with(&[]))?;
        }
    }
    for sql in CATEGORIES {
        session.query(sql, vec![Value::Long(shop.0.into())])?;
    }
    let version = raise_version(session)?.cast_signed();
    let sql = "INSERT INTO catalogue (shop, version, at) VALUES ($1, $2, $3)
        ON CONFLICT (shop) DO UPDATE SET version = excluded.version, at = excluded.at";
    session.query(sql, vec![Value::Long(shop.0.into()), Value::Long(version), Value::Long(at.0)])?;
    Ok(ImportDone::Imported { imported, changed, removed: gone })
}

/// Offers moved by one statement, so that each answers within seconds however large the catalogue is.
const MOVED_AT_ONCE: u64 = 100_000;

/// Ranges of numbers that hold about so many rows each; numbers are hashes and lie evenly.
fn ranges(rows: u64) -> impl Iterator<Item = (i64, i64)> {
    let parts = u128::from(rows / MOVED_AT_ONCE + 1);
    // The bounds lie within 64 bits; the last one is the largest number there is.
    let bound = move |n: u128| ((n << 64) / parts) as u64 ^ (1 << 63);
    (0..parts).map(move |n| {
        let last = if n + 1 == parts { i64::MAX } else { bound(n + 1).cast_signed().wrapping_sub(1) };
        (bound(n).cast_signed(), last)
    })
}

/// Prices that changed.
const PRICES: &str = "INSERT INTO price_change (shop, number, at, old, new, currency)
    SELECT n.shop, n.number, $4, o.minor, n.minor, n.currency FROM offer_next n
        JOIN offer o ON o.shop = n.shop AND o.number = n.number
    WHERE n.shop = $1 AND n.number BETWEEN $2 AND $3 AND n.body IS NOT NULL
        AND (n.minor IS DISTINCT FROM o.minor OR n.currency IS DISTINCT FROM o.currency)
    ON CONFLICT (shop, number, at) DO UPDATE SET new = excluded.new, currency = excluded.currency";

/// The first of the statements by which what was gathered becomes the catalogue. An offer keeps the time it was added.
const MOVE_OFFERS: &str = "INSERT INTO offer
        (shop, number, id, product, category, minor, currency, available, stock, search, digest, added_at)
    SELECT shop, number, id, product, category, minor, currency, available, stock, search, digest, $4
    FROM offer_next WHERE shop = $1 AND number BETWEEN $2 AND $3 AND body IS NOT NULL
    ON CONFLICT (shop, number) DO UPDATE SET id = excluded.id, product = excluded.product,
        category = excluded.category, minor = excluded.minor, currency = excluded.currency,
        available = excluded.available, stock = excluded.stock, search = excluded.search,
        digest = excluded.digest";

/// The others of each range, in this order.
const MOVES: &[&str] = &[
    "INSERT INTO offer_text (shop, number, body)
        SELECT shop, number, body FROM offer_next
        WHERE shop = $1 AND number BETWEEN $2 AND $3 AND body IS NOT NULL
        ON CONFLICT (shop, number) DO UPDATE SET body = excluded.body",
    "DELETE FROM offer o WHERE o.shop = $1 AND o.number BETWEEN $2 AND $3 AND NOT EXISTS
        (SELECT 1 FROM offer_next n WHERE n.shop = o.shop AND n.number = o.number)",
    "DELETE FROM offer_text t WHERE t.shop = $1 AND t.number BETWEEN $2 AND $3 AND NOT EXISTS
        (SELECT 1 FROM offer_next n WHERE n.shop = t.shop AND n.number = t.number)",
];

/// The tree of categories, whole.
const CATEGORIES: &[&str] = &[
    "DELETE FROM category WHERE shop = $1",
    "INSERT INTO category (shop, id, parent, name)
        SELECT shop, id, parent, name FROM category_next WHERE shop = $1",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_follow_each_other_from_the_first_number_to_the_last() {
        for rows in [0, 99_999, 100_000, 250_000, 1_234_567] {
            let ranges: Vec<_> = ranges(rows).collect();
            assert_eq!(ranges.len() as u64, rows / MOVED_AT_ONCE + 1);
            assert_eq!((ranges[0].0, ranges[ranges.len() - 1].1), (i64::MIN, i64::MAX));
            assert!(ranges.windows(2).all(|pair| pair[0].0 < pair[0].1 && pair[0].1 + 1 == pair[1].0));
        }
    }
}
