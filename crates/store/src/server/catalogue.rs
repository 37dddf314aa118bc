//! Reading the catalogue: offers for messages and screens, cards for the snapshot in memory.

use super::connection::{Done, Session, Value, get, maybe_text};
use crate::gathering::read_offer;
use crate::shop_rows::{Card, ImportReport, PriceChange};
use beckon_core::catalogue::{Category, Offer};
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;
use tokio_postgres::Row;

/// Offers by number, in the order asked for.
pub fn offers(session: &Session, shop: ShopId, numbers: &[u64]) -> Done<Vec<(u64, Offer)>> {
    let sql = "SELECT t.number, t.body FROM unnest($2::bigint[]) WITH ORDINALITY AS w (number, place)
        JOIN offer_text t ON t.shop = $1 AND t.number = w.number ORDER BY w.place";
    let numbers = numbers.iter().map(|number| number.cast_signed()).collect();
    found(session.query(sql, vec![Value::Long(shop.0.into()), Value::Longs(numbers)])?)
}

fn found(rows: Vec<Row>) -> Done<Vec<(u64, Offer)>> {
    rows.iter().map(|row| Ok(read_offer(get(row, 0)?, get(row, 1)?)?)).collect()
}

/// A page of offers after a number. What is searched was put into small letters by the program, here as there, so that
/// the database need not know any language.
pub fn page(
    session: &Session,
    shop: ShopId,
    (search, category): (Option<&str>, Option<&str>),
    after: Option<u64>,
    limit: usize,
) -> Done<Vec<(u64, Offer)>> {
    let sql =
        "SELECT o.number, t.body FROM offer o JOIN offer_text t ON t.shop = o.shop AND t.number = o.number
        WHERE o.shop = $1 AND o.number > $2 AND ($3::text IS NULL OR o.category = $3)
            AND ($4::text IS NULL OR strpos(o.search, $4) > 0)
        ORDER BY o.number LIMIT $5";
    let search = search.map(str::to_lowercase);
    let key = vec![
        Value::Long(shop.0.into()),
        first_after(after),
        maybe_text(category),
        maybe_text(search.as_deref()),
        super::queues::limit(limit),
    ];
    found(session.query(sql, key)?)
}

/// Numbers are ordered as signed integers; the smallest of all, which no key is beyond, is left out by one in 2^64.
fn first_after(after: Option<u64>) -> Value<'static> {
    Value::Long(after.map_or(i64::MIN, u64::cast_signed))
}

/// Cards after a number.
pub fn cards(session: &Session, shop: ShopId, after: Option<u64>, limit: usize) -> Done<Vec<Card>> {
    let sql = "SELECT number, id, product, category, minor, currency, available, stock, added_at
        FROM offer WHERE shop = $1 AND number > $2 ORDER BY number LIMIT $3";
    let key = vec![Value::Long(shop.0.into()), first_after(after), super::queues::limit(limit)];
    session.query(sql, key)?.iter().map(card).collect()
}

fn card(row: &Row) -> Done<Card> {
    Ok(Card {
        number: get::<i64>(row, 0)?.cast_unsigned(),
        id: get(row, 1)?,
        product: get::<i64>(row, 2)?.cast_unsigned(),
        category: get(row, 3)?,
        minor: get(row, 4)?,
        currency: get(row, 5)?,
        available: get(row, 6)?,
        stock: get::<Option<i64>>(row, 7)?.and_then(|stock| u32::try_from(stock).ok()),
        added_at: Some(ShopTime(get(row, 8)?)).filter(|at| at.0 != 0),
    })
}

/// The whole tree, by id.
pub fn categories(session: &Session, shop: ShopId) -> Done<Vec<Category>> {
    let sql = "SELECT id, parent, name FROM category WHERE shop = $1 ORDER BY id";
    let rows = session.query(sql, vec![Value::Long(shop.0.into())])?;
    rows.iter()
        .map(|row| Ok(Category { id: get(row, 0)?, parent: get(row, 1)?, name: get(row, 2)? }))
        .collect()
}

/// How many offers.
pub fn count(session: &Session, shop: ShopId) -> Done<u64> {
    let sql = "SELECT count(*) FROM offer WHERE shop = $1";
    let row = session.query_one(sql, vec![Value::Long(shop.0.into())])?;
    Ok(get::<i64>(&row, 0)?.cast_unsigned())
}

/// The plane's version when the catalogue last changed; 0 before the first import.
pub fn version(session: &Session, shop: ShopId) -> Done<u64> {
    let sql = "SELECT version FROM catalogue WHERE shop = $1";
    let row = session.query_opt(sql, vec![Value::Long(shop.0.into())])?;
    Ok(row.map_or(Ok(0), |row| get::<i64>(&row, 0))?.cast_unsigned())
}

/// Changes of a price, newest first.
pub fn prices(session: &Session, shop: ShopId, number: u64, limit: usize) -> Done<Vec<PriceChange>> {
    let sql = "SELECT at, old, new, currency FROM price_change
        WHERE shop = $1 AND number = $2 ORDER BY at DESC LIMIT $3";
    let key =
        vec![Value::Long(shop.0.into()), Value::Long(number.cast_signed()), super::queues::limit(limit)];
    let change = |row: &Row| {
        Ok(PriceChange {
            at: ShopTime(get(row, 0)?),
            old: get(row, 1)?,
            new: get(row, 2)?,
            currency: get(row, 3)?,
        })
    };
    session.query(sql, key)?.iter().map(change).collect()
}

/// Reports of the last imports, newest first.
pub fn reports(session: &Session, shop: ShopId, limit: usize) -> Done<Vec<ImportReport>> {
    let sql = "SELECT at, outcome, imported, changed, removed, broken, examples FROM import_report
        WHERE shop = $1 ORDER BY seq DESC LIMIT $2";
    let report = |row: &Row| {
        let number = |column| -> Done<u64> { Ok(get::<i64>(row, column)?.cast_unsigned()) };
        Ok(ImportReport {
            at: ShopTime(get(row, 0)?),
            outcome: get(row, 1)?,
            imported: number(2)?,
            changed: number(3)?,
            removed: number(4)?,
            broken: number(5)?,
            // A report is for reading only; the counts stand even if the list cannot be shown.
            examples: serde_json::from_str(get(row, 6)?).unwrap_or_default(),
        })
    };
    session
        .query(sql, vec![Value::Long(shop.0.into()), super::queues::limit(limit)])?
        .iter()
        .map(report)
        .collect()
}
