//! Sums for the pages of journeys.

use super::batch::shop;
use super::connection::{Done, Session, Value, get, maybe_text, text};
use super::queues::number_in;
use crate::days::{Parts, parts};
use crate::{BlockSum, BuyerSum, CountRow, CreditSum};
use beckon_core::ids::ShopId;
use beckon_core::time::ShopTime;
use tokio_postgres::Row;

/// Hours are compared as they are counted: no hour of a shop's clock passes 31 bits.
fn hour(hour: u32) -> Value<'static> {
    Value::Int(i32::try_from(hour).unwrap_or(i32::MAX))
}

/// Sums over the hours from `hours.0` to before `hours.1`, by journey, step and metric. What is counted of
/// the whole shop has a journey without a name, which is told only when it is asked for.
pub fn numbers(
    session: &Session,
    of: ShopId,
    journey: Option<&str>,
    hours: (u32, u32),
) -> Done<Vec<CountRow>> {
    let Parts { before, days, after } = parts(hours);
    let sql = "WITH part AS (
            SELECT journey, step, metric, n FROM count WHERE shop = $1 AND hour >= $2 AND hour < $3
            UNION ALL SELECT journey, step, metric, n FROM count WHERE shop = $1 AND hour >= $4 AND hour < $5
            UNION ALL SELECT journey, step, metric, n FROM count_day
                WHERE shop = $1 AND day >= $6 AND day < $7)
        SELECT $2, journey, step, metric, sum(n)::bigint FROM part
        WHERE journey = coalesce($8, journey) AND ($8::text IS NOT NULL OR journey <> '')
        GROUP BY journey, step, metric ORDER BY journey, step, metric";
    let mut values = vec![Value::Int(shop(of))];
    values.extend([before, after, days].into_iter().flat_map(|(from, until)| [hour(from), hour(until)]));
    values.push(maybe_text(journey));
    session.query(sql, values)?.iter().map(count_row).collect()
}

/// One metric hour by hour, by journey and step.
pub fn hourly(session: &Session, of: ShopId, metric: &str, hours: (u32, u32)) -> Done<Vec<CountRow>> {
    let sql = "SELECT hour, journey, step, metric, n FROM count
        WHERE shop = $1 AND hour >= $2 AND hour < $3 AND metric = $4 ORDER BY hour, journey, step";
    let values = vec![Value::Int(shop(of)), hour(hours.0), hour(hours.1), text(metric)];
    session.query(sql, values)?.iter().map(count_row).collect()
}

fn count_row(row: &Row) -> Done<CountRow> {
    Ok(CountRow {
        hour: get::<i32>(row, 0)?.cast_unsigned(),
        journey: get(row, 1)?,
        step: get(row, 2)?,
        metric: get(row, 3)?,
        n: get(row, 4)?,
    })
}

fn span(of: ShopId, from: ShopTime, until: ShopTime) -> Vec<Value<'static>> {
    vec![Value::Int(shop(of)), Value::Long(from.0), Value::Long(until.0)]
}

/// What orders placed in a span earned the journeys, by step and currency.
pub fn credits(session: &Session, of: ShopId, from: ShopTime, until: ShopTime) -> Done<Vec<CreditSum>> {
    let sql = "SELECT journey, step, currency, count(*), count(DISTINCT message), sum(minor)::bigint
        FROM credit
        WHERE bucket >= 0 AND shop = $1 AND at >= $2 AND at < $3
        GROUP BY journey, step, currency ORDER BY journey, step, currency";
    let rows = session.query(sql, span(of, from, until))?;
    let sum = |row: &Row| {
        Ok(CreditSum {
            journey: get(row, 0)?,
            step: get(row, 1)?,
            currency: get(row, 2)?,
            orders: number_in(row, 3)?,
            messages: number_in(row, 4)?,
            minor: get(row, 5)?,
        })
    };
    rows.iter().map(sum).collect()
}

/// Who placed credited orders in a span, by journey, and who of them ordered again after the first of these
/// orders, to whomever that was credited and until today.
pub fn buyers(session: &Session, of: ShopId, from: ShopTime, until: ShopTime) -> Done<Vec<BuyerSum>> {
    let sql = "WITH earliest (journey, profile, at) AS (
            SELECT c.journey, p.profile, min(p.at) FROM credit AS c
            JOIN placed AS p ON p.bucket = c.bucket AND p.shop = c.shop AND p.door = c.door
            WHERE c.bucket >= 0 AND c.shop = $1 AND c.at >= $2 AND c.at < $3
            GROUP BY c.journey, p.profile)
        SELECT journey, count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM placed AS again
            WHERE again.bucket >= 0 AND again.shop = $1 AND again.profile = earliest.profile
                AND again.at > earliest.at))
        FROM earliest GROUP BY journey ORDER BY journey";
    let rows = session.query(sql, span(of, from, until))?;
    let sum = |row: &Row| {
        Ok(BuyerSum { journey: get(row, 0)?, buyers: number_in(row, 1)?, returned: number_in(row, 2)? })
    };
    rows.iter().map(sum).collect()
}

/// What orders placed in a span owe to blocks of recommendations.
pub fn block_credits(session: &Session, of: ShopId, from: ShopTime, until: ShopTime) -> Done<Vec<BlockSum>> {
    let sql =
        "SELECT block, arm, currency, count(*), sum(units)::bigint, sum(minor)::bigint FROM block_credit
        WHERE bucket >= 0 AND shop = $1 AND at >= $2 AND at < $3
        GROUP BY block, arm, currency ORDER BY block, arm, currency";
    let rows = session.query(sql, span(of, from, until))?;
    let sum = |row: &Row| {
        Ok(BlockSum {
            block: get(row, 0)?,
            arm: get(row, 1)?,
            currency: get(row, 2)?,
            orders: number_in(row, 3)?,
            units: number_in(row, 4)?,
            minor: get(row, 5)?,
        })
    };
    rows.iter().map(sum).collect()
}
