//! Sums for the pages of journeys.

use crate::days::{Parts, parts};
use crate::{BlockSum, BuyerSum, CountRow, CreditSum, Result};
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;
use rusqlite::{Connection, Row, params};

/// Sums over the hours from `hours.0` to before `hours.1`, by journey, step and metric. What is counted of the whole
/// shop has a journey without a name, which is told only when it is asked for.
pub fn numbers(
    conn: &Connection,
    shop: ShopId,
    journey: Option<&str>,
    hours: (u32, u32),
) -> Result<Vec<CountRow>> {
    let Parts { before, days, after } = parts(hours);
    let sql = "WITH part AS (
            SELECT journey, step, metric, n FROM count WHERE shop = ?1 AND hour >= ?2 AND hour < ?3
            UNION ALL SELECT journey, step, metric, n FROM count WHERE shop = ?1 AND hour >= ?4 AND hour < ?5
            UNION ALL SELECT journey, step, metric, n FROM count_day WHERE shop = ?1 AND day >= ?6 AND day < ?7)
        SELECT ?2, journey, step, metric, sum(n) FROM part
        WHERE journey = coalesce(?8, journey) AND (?8 IS NOT NULL OR journey <> '')
        GROUP BY journey, step, metric ORDER BY journey, step, metric";
    let mut select = conn.prepare_cached(sql)?;
    let span = params![shop.0, before.0, before.1, after.0, after.1, days.0, days.1, journey];
    let rows = select.query_map(span, count_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One metric hour by hour, by journey and step.
pub fn hourly(conn: &Connection, shop: ShopId, metric: &str, hours: (u32, u32)) -> Result<Vec<CountRow>> {
    let sql = "SELECT hour, journey, step, metric, n FROM count
        WHERE shop = ?1 AND hour >= ?2 AND hour < ?3 AND metric = ?4 ORDER BY hour, journey, step";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, hours.0, hours.1, metric], count_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn count_row(row: &Row) -> rusqlite::Result<CountRow> {
    Ok(CountRow {
        hour: row.get(0)?,
        journey: row.get(1)?,
        step: row.get(2)?,
        metric: row.get(3)?,
        n: row.get(4)?,
    })
}

/// What orders placed in a span earned the journeys, by step and currency.
pub fn credits(conn: &Connection, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<CreditSum>> {
    let sql = "SELECT journey, step, currency, count(*), count(DISTINCT message), sum(minor)
        FROM credit INDEXED BY credit_at
        WHERE bucket >= 0 AND shop = ?1 AND at >= ?2 AND at < ?3
        GROUP BY journey, step, currency ORDER BY journey, step, currency";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, from.0, until.0], |row| {
        Ok(CreditSum {
            journey: row.get(0)?,
            step: row.get(1)?,
            currency: row.get(2)?,
            orders: row.get::<_, i64>(3)?.cast_unsigned(),
            messages: row.get::<_, i64>(4)?.cast_unsigned(),
            minor: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Who placed credited orders in a span, by journey, and who of them ordered again after the first of these orders, to
/// whomever that was credited and until today.
pub fn buyers(conn: &Connection, shop: ShopId, from: ShopTime, until: ShopTime) -> Result<Vec<BuyerSum>> {
    let sql = "WITH first (journey, profile, at) AS (
            SELECT c.journey, p.profile, min(p.at) FROM credit c INDEXED BY credit_at
            JOIN placed p ON p.bucket = c.bucket AND p.shop = c.shop AND p.door = c.door
            WHERE c.bucket >= 0 AND c.shop = ?1 AND c.at >= ?2 AND c.at < ?3
            GROUP BY c.journey, p.profile)
        SELECT journey, count(*), sum(EXISTS (SELECT 1 FROM placed again INDEXED BY placed_by
            WHERE again.bucket >= 0 AND again.shop = ?1 AND again.profile = first.profile
                AND again.at > first.at))
        FROM first GROUP BY journey ORDER BY journey";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, from.0, until.0], |row| {
        Ok(BuyerSum {
            journey: row.get(0)?,
            buyers: row.get::<_, i64>(1)?.cast_unsigned(),
            returned: row.get::<_, i64>(2)?.cast_unsigned(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What orders placed in a span owe to blocks of recommendations.
pub fn block_credits(
    conn: &Connection,
    shop: ShopId,
    from: ShopTime,
    until: ShopTime,
) -> Result<Vec<BlockSum>> {
    let sql = "SELECT block, arm, currency, count(*), sum(units), sum(minor)
        FROM block_credit INDEXED BY block_credit_at
        WHERE bucket >= 0 AND shop = ?1 AND at >= ?2 AND at < ?3
        GROUP BY block, arm, currency ORDER BY block, arm, currency";
    let mut select = conn.prepare_cached(sql)?;
    let rows = select.query_map(params![shop.0, from.0, until.0], |row| {
        Ok(BlockSum {
            block: row.get(0)?,
            arm: row.get(1)?,
            currency: row.get(2)?,
            orders: row.get::<_, i64>(3)?.cast_unsigned(),
            units: row.get::<_, i64>(4)?.cast_unsigned(),
            minor: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
