//! Messages: written, moved from state to state with a guard, marked, and read.

use super::fail::{Done, conflict};
use crate::{Mark, MessageRow, MessageState, MessageWrite, Result};
use beckon_core::ids::{DoorId, MessageId, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

/// Writes in the order given; gives back the new ones that were there already.
pub fn write(tx: &Transaction, writes: &[MessageWrite]) -> Done<Vec<MessageId>> {
    let mut known = Vec::new();
    for write in writes {
        match write {
            MessageWrite::New(row) => {
                if !insert(tx, row)? {
                    known.push(row.id);
                }
            }
            MessageWrite::Move { .. } => change(tx, write)?,
            MessageWrite::Body { shop, id, body } => {
                let sql = "UPDATE message SET body = ?4 WHERE bucket = ?1 AND shop = ?2 AND id = ?3";
                tx.prepare_cached(sql)?.execute(params![id.bucket().0, shop.0, id.0 as i64, body])?;
            }
            MessageWrite::Mark { shop, id, mark, at } => set_mark(tx, *shop, *id, *mark, *at)?,
        }
    }
    Ok(known)
}

fn insert(tx: &Transaction, m: &MessageRow) -> Done<bool> {
    let sql = "INSERT INTO message (bucket, shop, id, profile, address, journey, step, template, channel, lane,
            state, due, not_before, deadline, created_at, approved_at, handed_at, ended_at, opened_at,
            machine_opened_at, clicked_at, machine_clicked_at, ended_badly_at, reason, tries, why, notes, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
            ?22, ?23, ?24, ?25, ?26, ?27, ?28)
        ON CONFLICT (bucket, shop, id) DO NOTHING";
    let time = |at: Option<ShopTime>| at.map(|at| at.0);
    let n = tx.prepare_cached(sql)?.execute(params![
        m.id.bucket().0,
        m.shop.0,
        m.id.0 as i64,
        m.profile.0 as i64,
        m.address.0 as i64,
        m.journey,
        m.step,
        m.template,
        m.channel,
        m.lane,
        m.state as u8,
        m.due.0,
        m.not_before.0,
        m.deadline.0,
        m.created_at.0,
        time(m.approved_at),
        time(m.handed_at),
        time(m.ended_at),
        time(m.opened_at),
        time(m.machine_opened_at),
        time(m.clicked_at),
        time(m.machine_clicked_at),
        time(m.ended_badly_at),
        m.reason,
        m.tries,
        m.why,
        m.notes,
        m.body,
    ])?;
    Ok(n == 1)
}

/// The states it may be in are bits of one number, so that the guard is one comparison in every engine.
fn change(tx: &Transaction, write: &MessageWrite) -> Done {
    let MessageWrite::Move { shop, id, from, to, at, not_before, reason, note } = write else {
        return Ok(());
    };
    let allowed = from.iter().fold(0i64, |bits, state| bits | 1 << (*state as u8));
    let sql = "UPDATE message SET state = ?5,
            approved_at = CASE WHEN ?5 = 1 THEN coalesce(approved_at, ?6) ELSE approved_at END,
            handed_at = CASE WHEN ?5 = 3 THEN ?6 ELSE handed_at END,
            tries = tries + (?5 = 3),
            ended_at = CASE WHEN ?5 > 3 THEN ?6 ELSE NULL END,
            not_before = coalesce(?7, not_before),
            reason = ?8,
            notes = CASE WHEN ?9 IS NULL THEN notes WHEN notes = '' THEN ?9 ELSE notes || char(10) || ?9 END
        WHERE bucket = ?1 AND shop = ?2 AND id = ?3 AND (?4 >> state) & 1 = 1";
    let n = tx.prepare_cached(sql)?.execute(params![
        id.bucket().0,
        shop.0,
        id.0 as i64,
        allowed,
        *to as u8,
        at.0,
        not_before.map(|at| at.0),
        reason,
        note,
    ])?;
    if n == 1 { Ok(()) } else { conflict(format_args!("message {id} of shop {} is not {from:?}", shop.0)) }
}

fn set_mark(tx: &Transaction, shop: ShopId, id: MessageId, mark: Mark, at: ShopTime) -> Done {
    let sql = match mark {
        Mark::Opened => {
            "UPDATE message SET opened_at = ?4
            WHERE bucket = ?1 AND shop = ?2 AND id = ?3 AND opened_at IS NULL"
        }
        Mark::OpenedByMachine => {
            "UPDATE message SET machine_opened_at = ?4
            WHERE bucket = ?1 AND shop = ?2 AND id = ?3 AND machine_opened_at IS NULL"
        }
        Mark::Clicked => {
            "UPDATE message SET clicked_at = ?4
            WHERE bucket = ?1 AND shop = ?2 AND id = ?3 AND clicked_at IS NULL"
        }
        Mark::ClickedByMachine => {
            "UPDATE message SET machine_clicked_at = ?4
            WHERE bucket = ?1 AND shop = ?2 AND id = ?3 AND machine_clicked_at IS NULL"
        }
        Mark::Bounced | Mark::Complained | Mark::Unsubscribed => return end_badly(tx, shop, id, mark, at),
    };
    tx.prepare_cached(sql)?.execute(params![id.bucket().0, shop.0, id.0 as i64, at.0])?;
    Ok(())
}

fn end_badly(tx: &Transaction, shop: ShopId, id: MessageId, mark: Mark, at: ShopTime) -> Done {
    let code = match mark {
        Mark::Complained => "complained",
        Mark::Unsubscribed => "unsubscribed",
        _ => "bounced",
    };
    let sql = "UPDATE message SET ended_badly_at = ?4, reason = CASE WHEN reason = '' THEN ?5 ELSE reason END
        WHERE bucket = ?1 AND shop = ?2 AND id = ?3 AND ended_badly_at IS NULL";
    tx.prepare_cached(sql)?.execute(params![id.bucket().0, shop.0, id.0 as i64, at.0, code])?;
    Ok(())
}

/// One message.
pub fn read(conn: &Connection, shop: ShopId, id: MessageId) -> Result<Option<MessageRow>> {
    let sql = "SELECT * FROM message WHERE bucket = ?1 AND shop = ?2 AND id = ?3";
    let mut select = conn.prepare_cached(sql)?;
    Ok(select.query_row(params![id.bucket().0, shop.0, id.0 as i64], from_row).optional()?)
}

/// Reads a row of `message` by the order of its columns.
pub fn from_row(row: &Row) -> rusqlite::Result<MessageRow> {
    let time = |i: usize| row.get::<_, i64>(i).map(ShopTime);
    let maybe = |i: usize| row.get::<_, Option<i64>>(i).map(|at| at.map(ShopTime));
    let state: u8 = row.get(10)?;
    Ok(MessageRow {
        shop: ShopId(row.get(1)?),
        id: MessageId(row.get::<_, i64>(2)? as u64),
        profile: ProfileId(row.get::<_, i64>(3)? as u64),
        address: DoorId(row.get::<_, i64>(4)? as u64),
        journey: row.get(5)?,
        step: row.get(6)?,
        template: row.get(7)?,
        channel: row.get(8)?,
        lane: row.get(9)?,
        state: MessageState::from_number(state)
            .ok_or(rusqlite::Error::IntegralValueOutOfRange(10, i64::from(state)))?,
        due: time(11)?,
        not_before: time(12)?,
        deadline: time(13)?,
        created_at: time(14)?,
        approved_at: maybe(15)?,
        handed_at: maybe(16)?,
        ended_at: maybe(17)?,
        opened_at: maybe(18)?,
        machine_opened_at: maybe(19)?,
        clicked_at: maybe(20)?,
        machine_clicked_at: maybe(21)?,
        ended_badly_at: maybe(22)?,
        reason: row.get(23)?,
        tries: row.get(24)?,
        why: row.get(25)?,
        notes: row.get(26)?,
        body: row.get(27)?,
    })
}
