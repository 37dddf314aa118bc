//! Orders with what hangs on them: one credit, what they owe to blocks, who placed them.

use super::batch::{Batch, Key, List, key, key_arrays, push_key, waves};
use super::connection::{Request, Value, text};
use super::statement::Insert;
use crate::OrderWrite;

static ORDER_NEW: Insert = Insert::new(
    "INSERT INTO \"order\" (bucket, shop, door, version, body) VALUES {rows}
    ON CONFLICT (bucket, shop, door) DO NOTHING RETURNING bucket, shop, door, version",
);
static ORDER_CHANGED: Insert = Insert::new(
    "INSERT INTO \"order\" AS o (bucket, shop, door, version, body) VALUES {rows}
    ON CONFLICT (bucket, shop, door) DO UPDATE SET version = -excluded.version, body = excluded.body
        WHERE o.version = -excluded.version - 1
    RETURNING o.bucket, o.shop, o.door, o.version",
);
static CREDIT: Insert = Insert::new(
    "INSERT INTO credit (bucket, shop, door, journey, step, message, at, minor, currency) VALUES {rows}
    ON CONFLICT (bucket, shop, door) DO UPDATE SET journey = excluded.journey, step = excluded.step,
        message = excluded.message, at = excluded.at, minor = excluded.minor, currency = excluded.currency",
);
static BLOCK_CREDIT: Insert = Insert::new(
    "INSERT INTO block_credit (bucket, shop, door, block, arm, currency, at, units, minor) VALUES {rows}",
);
static PLACED: Insert = Insert::new(
    "INSERT INTO placed (bucket, shop, door, profile, at) VALUES {rows}
    ON CONFLICT (bucket, shop, door) DO UPDATE SET profile = excluded.profile, at = excluded.at",
);
const UNCREDIT: &str = "DELETE FROM credit AS c USING unnest($1::smallint[], $2::integer[], $3::bigint[])
        AS k (bucket, shop, door)
    WHERE c.bucket = k.bucket AND c.shop = k.shop AND c.door = k.door";
const OWE_NOTHING: &str =
    "DELETE FROM block_credit AS c USING unnest($1::smallint[], $2::integer[], $3::bigint[])
        AS k (bucket, shop, door)
    WHERE c.bucket = k.bucket AND c.shop = k.shop AND c.door = k.door";
const UNPLACE: &str = "DELETE FROM placed AS p USING unnest($1::smallint[], $2::integer[], $3::bigint[])
        AS k (bucket, shop, door)
    WHERE p.bucket = k.bucket AND p.shop = k.shop AND p.door = k.door";

fn key_of(o: &OrderWrite) -> Key {
    key(o.bucket, o.shop, o.door.0)
}

/// Writes orders in place of what was there.
pub fn write<'a>(batch: &mut Batch<'a>, all: &'a [OrderWrite]) {
    let key = move |at: usize| key_of(&all[at]);
    let what = move |at: usize| {
        let o = &all[at];
        format!("order {:016x} of shop {} is not at version {}", o.door.0, o.shop.0, o.version - 1)
    };
    for wave in waves((0..all.len()).map(key)) {
        let (new, changed): (Vec<usize>, Vec<usize>) = wave.iter().partition(|at| all[**at].version == 1);
        for (insert, places, sign) in [(&ORDER_NEW, &new, 1), (&ORDER_CHANGED, &changed, -1)] {
            let requests = insert.requests(places, |at, values| {
                push_key(values, key(at));
                values.push(Value::Long(sign * all[at].version.cast_signed()));
                values.push(Value::Bytes(&all[at].body));
            });
            batch.guard(List::Orders, requests, key, what);
        }
        let orders: Vec<&'a OrderWrite> = wave.iter().map(|at| &all[*at]).collect();
        credits(batch, &orders);
        // A new order owes nothing yet, and most never do.
        remove(batch, OWE_NOTHING, changed.iter().map(|at| &all[*at]));
        block_credits(batch, &orders);
        placed(batch, &orders);
    }
}

fn remove<'a>(batch: &mut Batch<'a>, sql: &'static str, orders: impl Iterator<Item = &'a OrderWrite>) {
    let keys: Vec<Key> = orders.map(key_of).collect();
    if !keys.is_empty() {
        batch.add(Request::new(sql, key_arrays(keys.into_iter())));
    }
}

fn credits<'a>(batch: &mut Batch<'a>, orders: &[&'a OrderWrite]) {
    remove(batch, UNCREDIT, orders.iter().copied().filter(|o| o.credit.is_none()));
    let credited: Vec<_> = orders.iter().filter_map(|o| Some((*o, o.credit.as_ref()?))).collect();
    batch.add_all(CREDIT.requests(&credited, |(o, c), values| {
        push_key(values, key_of(o));
        values.extend([text(&c.journey), text(&c.step), Value::Long(c.message.0.cast_signed())]);
        values.extend([Value::Long(c.at.0), Value::Long(c.minor), text(&c.currency)]);
    }));
}

fn block_credits<'a>(batch: &mut Batch<'a>, orders: &[&'a OrderWrite]) {
    let owed: Vec<_> = orders.iter().flat_map(|o| o.block_credits.iter().map(move |c| (*o, c))).collect();
    batch.add_all(BLOCK_CREDIT.requests(&owed, |(o, c), values| {
        push_key(values, key_of(o));
        values.extend([text(&c.block), text(&c.arm), text(&c.currency)]);
        values.extend([Value::Long(c.at.0), Value::Long(c.units.into()), Value::Long(c.minor)]);
    }));
}

fn placed<'a>(batch: &mut Batch<'a>, orders: &[&'a OrderWrite]) {
    remove(batch, UNPLACE, orders.iter().copied().filter(|o| o.placed.is_none()));
    let known: Vec<_> = orders.iter().filter_map(|o| Some((*o, o.placed?))).collect();
    batch.add_all(PLACED.requests(&known, |(o, (profile, at)), values| {
        push_key(values, key_of(o));
        values.extend([Value::Long(profile.0.cast_signed()), Value::Long(at.0)]);
    }));
}
