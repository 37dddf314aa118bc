//! The one place that writes customers' state: a [`Commit`] in one transaction, every row with its guard.

use super::fail::{Done, conflict};
use super::{message, search};
use crate::check::check;
use crate::{Commit, Committed, OrderWrite, ProfileWrite};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

/// Executes a commit; on any error nothing of it stays.
pub fn write(conn: &mut Connection, commit: &Commit) -> Done<Committed> {
    check(commit)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number = head(&tx, commit)?;
    profiles(&tx, commit)?;
    search::write(&tx, &commit.words)?;
    identities(&tx, commit)?;
    let new_events = events(&tx, commit)?;
    let known_messages = message::write(&tx, &commit.messages)?;
    journal(&tx, commit)?;
    orders(&tx, commit)?;
    addresses(&tx, commit)?;
    letters(&tx, commit)?;
    super::inbox::done(&tx, &commit.inbox_done)?;
    parked(&tx, commit)?;
    counts(&tx, commit)?;
    tx.commit()?;
    Ok(Committed { number, new_events, known_messages })
}

/// The epoch's guard, the number of the commit and the shop's clock: one row.
fn head(tx: &Transaction, commit: &Commit) -> Done<u64> {
    let sql = "UPDATE head SET commit_number = commit_number + 1, now = max(now, ?2)
        WHERE id = 1 AND epoch = ?1 RETURNING commit_number";
    let mut update = tx.prepare_cached(sql)?;
    match update.query_row(params![commit.epoch as i64, commit.now.0], |row| row.get::<_, i64>(0)) {
        Ok(number) => Ok(number as u64),
        Err(rusqlite::Error::QueryReturnedNoRows) => {
            conflict(format_args!("epoch {} is not the store's", commit.epoch))
        }
        Err(e) => Err(e.into()),
    }
}

fn profiles(tx: &Transaction, commit: &Commit) -> Done {
    let mut insert = tx.prepare_cached(
        "INSERT INTO profile (bucket, shop, id, version, hot) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (bucket, shop, id) DO NOTHING",
    )?;
    let mut update = tx.prepare_cached(
        "UPDATE profile SET version = ?4, hot = ?5
        WHERE bucket = ?1 AND shop = ?2 AND id = ?3 AND version = ?4 - 1",
    )?;
    let mut warm = tx.prepare_cached(
        "INSERT INTO warm (bucket, shop, id, body) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (bucket, shop, id) DO UPDATE SET body = excluded.body",
    )?;
    for p in &commit.profiles {
        let (bucket, shop, id) = (p.id.bucket().0, p.shop.0, p.id.0 as i64);
        let statement = if p.version == 1 { &mut insert } else { &mut update };
        if statement.execute(params![bucket, shop, id, p.version as i64, p.hot])? != 1 {
            return conflict(format_args!(
                "profile {} of shop {shop} is not at version {}",
                p.id,
                p.version - 1
            ));
        }
        if let Some(body) = &p.warm {
            warm.execute(params![bucket, shop, id, body])?;
        }
        due(tx, p)?;
    }
    Ok(())
}

/// A later moment is not written, so an ordinary event leaves the row alone; a wake-up replaces it.
fn due(tx: &Transaction, p: &ProfileWrite) -> Done {
    let (bucket, shop, id) = (p.id.bucket().0, p.shop.0, p.id.0 as i64);
    let sql = match (p.due, p.woken) {
        (None, false) => return Ok(()),
        (None, true) => {
            let sql = "DELETE FROM due WHERE bucket = ?1 AND shop = ?2 AND profile = ?3";
            tx.prepare_cached(sql)?.execute(params![bucket, shop, id])?;
            return Ok(());
        }
        (Some(_), true) => {
            "INSERT INTO due (bucket, shop, profile, at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (bucket, shop, profile) DO UPDATE SET at = excluded.at"
        }
        (Some(_), false) => {
            "INSERT INTO due (bucket, shop, profile, at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (bucket, shop, profile) DO UPDATE SET at = excluded.at WHERE excluded.at < due.at"
        }
    };
    tx.prepare_cached(sql)?.execute(params![bucket, shop, id, p.due.map(|at| at.0)])?;
    Ok(())
}

fn identities(tx: &Transaction, commit: &Commit) -> Done {
    let mut insert = tx.prepare_cached(
        "INSERT INTO identity (bucket, shop, door, kind, value, profile, strength, since, moves, moves_day)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (bucket, shop, door) DO UPDATE SET profile = excluded.profile, strength = excluded.strength,
            value = excluded.value, since = excluded.since, moves = excluded.moves, moves_day = excluded.moves_day",
    )?;
    for i in &commit.identities {
        let (door, profile) = (i.door.0 as i64, i.profile.0 as i64);
        let (kind, strength) = (i.kind as u8, i.strength as u8);
        let moved = (i.since.0, i.moves, i.moves_day);
        insert.execute(params![
            i.bucket.0, i.shop.0, door, kind, i.value, profile, strength, moved.0, moved.1, moved.2
        ])?;
    }
    Ok(())
}

fn events(tx: &Transaction, commit: &Commit) -> Done<Vec<bool>> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO event (bucket, shop, profile, number, at, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (bucket, shop, number) DO NOTHING",
    )?;
    let mut new_events = Vec::with_capacity(commit.events.len());
    for e in &commit.events {
        let (profile, number) = (e.profile.0 as i64, e.number as i64);
        let n = insert.execute(params![e.profile.bucket().0, e.shop.0, profile, number, e.at.0, e.body])?;
        new_events.push(n == 1);
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO seen (bucket, shop, number, at) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (bucket, shop, number) DO NOTHING",
    )?;
    for s in &commit.seen {
        insert.execute(params![s.bucket.0, s.shop.0, s.number as i64, s.at.0])?;
    }
    Ok(new_events)
}

fn journal(tx: &Transaction, commit: &Commit) -> Done {
    let sql = "INSERT INTO journal (bucket, shop, profile, at, body) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = tx.prepare_cached(sql)?;
    for j in &commit.journal {
        insert.execute(params![j.profile.bucket().0, j.shop.0, j.profile.0 as i64, j.at.0, j.body])?;
    }
    Ok(())
}

fn orders(tx: &Transaction, commit: &Commit) -> Done {
    if commit.orders.is_empty() {
        return Ok(());
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO \"order\" (bucket, shop, door, version, body) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (bucket, shop, door) DO NOTHING",
    )?;
    let mut update = tx.prepare_cached(
        "UPDATE \"order\" SET version = ?4, body = ?5
        WHERE bucket = ?1 AND shop = ?2 AND door = ?3 AND version = ?4 - 1",
    )?;
    let mut credit = tx.prepare_cached(
        "INSERT INTO credit (bucket, shop, door, journey, step, message, at, minor, currency)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        ON CONFLICT (bucket, shop, door) DO UPDATE SET journey = excluded.journey, step = excluded.step,
            message = excluded.message, at = excluded.at, minor = excluded.minor, currency = excluded.currency",
    )?;
    let mut uncredit =
        tx.prepare_cached("DELETE FROM credit WHERE bucket = ?1 AND shop = ?2 AND door = ?3")?;
    for o in &commit.orders {
        let (bucket, shop, door) = (o.bucket.0, o.shop.0, o.door.0 as i64);
        let statement = if o.version == 1 { &mut insert } else { &mut update };
        if statement.execute(params![bucket, shop, door, o.version as i64, o.body])? != 1 {
            let door = o.door.0;
            return conflict(format_args!(
                "order {door:016x} of shop {shop} is not at version {}",
                o.version - 1
            ));
        }
        match &o.credit {
            None => uncredit.execute(params![bucket, shop, door])?,
            Some(c) => {
                let message = c.message.0 as i64;
                credit.execute(params![
                    bucket, shop, door, c.journey, c.step, message, c.at.0, c.minor, c.currency
                ])?
            }
        };
        block_credits(tx, o)?;
        placed(tx, o)?;
    }
    Ok(())
}

fn placed(tx: &Transaction, o: &OrderWrite) -> Done {
    let (bucket, shop, door) = (o.bucket.0, o.shop.0, o.door.0 as i64);
    let Some((profile, at)) = o.placed else {
        let sql = "DELETE FROM placed WHERE bucket = ?1 AND shop = ?2 AND door = ?3";
        tx.prepare_cached(sql)?.execute(params![bucket, shop, door])?;
        return Ok(());
    };
    let sql = "INSERT INTO placed (bucket, shop, door, profile, at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (bucket, shop, door) DO UPDATE SET profile = excluded.profile, at = excluded.at";
    tx.prepare_cached(sql)?.execute(params![bucket, shop, door, profile.0 as i64, at.0])?;
    Ok(())
}

/// Replaces what the order owes to blocks. Most orders owe nothing and never did.
fn block_credits(tx: &Transaction, o: &OrderWrite) -> Done {
    let (bucket, shop, door) = (o.bucket.0, o.shop.0, o.door.0 as i64);
    if o.version > 1 {
        let sql = "DELETE FROM block_credit WHERE bucket = ?1 AND shop = ?2 AND door = ?3";
        tx.prepare_cached(sql)?.execute(params![bucket, shop, door])?;
    }
    let sql = "INSERT INTO block_credit (bucket, shop, door, block, arm, currency, at, units, minor)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    for c in &o.block_credits {
        let owed = params![bucket, shop, door, c.block, c.arm, c.currency, c.at.0, c.units, c.minor];
        tx.prepare_cached(sql)?.execute(owed)?;
    }
    Ok(())
}

fn addresses(tx: &Transaction, commit: &Commit) -> Done {
    let mut insert = tx.prepare_cached(
        "INSERT INTO address (bucket, shop, door, version, body) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (bucket, shop, door) DO NOTHING",
    )?;
    let mut update = tx.prepare_cached(
        "UPDATE address SET version = ?4, body = ?5
        WHERE bucket = ?1 AND shop = ?2 AND door = ?3 AND version = ?4 - 1",
    )?;
    for a in &commit.addresses {
        let (shop, door) = (a.shop.0, a.door.0);
        let statement = if a.version == 1 { &mut insert } else { &mut update };
        if statement.execute(params![a.bucket.0, shop, door as i64, a.version as i64, a.body])? != 1 {
            return conflict(format_args!(
                "address {door:016x} of shop {shop} is not at version {}",
                a.version - 1
            ));
        }
    }
    Ok(())
}

/// A letter that is gone was applied by another commit: applying it once more must not happen.
fn letters(tx: &Transaction, commit: &Commit) -> Done {
    let mut insert = tx.prepare_cached(
        "INSERT INTO letter (bucket, shop, number, at, body) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (bucket, shop, number) DO NOTHING",
    )?;
    for l in &commit.letters {
        insert.execute(params![l.key.bucket.0, l.key.shop.0, l.key.number as i64, l.at.0, l.body])?;
    }
    let sql = "DELETE FROM letter WHERE bucket = ?1 AND shop = ?2 AND number = ?3";
    let mut delete = tx.prepare_cached(sql)?;
    for key in &commit.letters_done {
        if delete.execute(params![key.bucket.0, key.shop.0, key.number as i64])? != 1 {
            let (bucket, shop, number) = (key.bucket.0, key.shop.0, key.number);
            return conflict(format_args!("letter {number:016x} to bucket {bucket} of shop {shop} is gone"));
        }
    }
    Ok(())
}

fn parked(tx: &Transaction, commit: &Commit) -> Done {
    let mut insert = tx.prepare_cached(
        "INSERT INTO parked (bucket, shop, number, at, reason, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (bucket, shop, number) DO UPDATE SET at = excluded.at, reason = excluded.reason,
            body = excluded.body",
    )?;
    for p in &commit.parked {
        insert.execute(params![p.bucket.0, p.shop.0, p.number as i64, p.at.0, p.reason, p.body])?;
    }
    Ok(())
}

fn counts(tx: &Transaction, commit: &Commit) -> Done {
    let mut insert = tx.prepare_cached(
        "INSERT INTO count (shop, hour, journey, step, metric, n) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (shop, hour, journey, step, metric) DO UPDATE SET n = count.n + excluded.n",
    )?;
    let mut by_day = tx.prepare_cached(
        "INSERT INTO count_day (shop, day, journey, step, metric, n) VALUES (?1, ?2 / 24, ?3, ?4, ?5, ?6)
        ON CONFLICT (shop, day, journey, step, metric) DO UPDATE SET n = count_day.n + excluded.n",
    )?;
    for c in &commit.counts {
        let counted = params![c.shop.0, c.hour, c.journey, c.step, c.metric, c.n];
        insert.execute(counted)?;
        by_day.execute(counted)?;
    }
    Ok(())
}
