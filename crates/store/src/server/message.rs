//! Messages: written, moved from state to state with a guard, marked, and read.

use super::batch::{Batch, List, key, key_arrays, push_key, shop, waves, written};
use super::connection::{Done, Fail, Request, Session, Value, clean, get, text};
use super::statement::{Insert, OfMessage};
use crate::{Error, Mark, MessageRow, MessageState, MessageWrite};
use beckon_core::ids::{DoorId, MessageId, ProfileId, ShopId};
use beckon_core::time::ShopTime;
use tokio_postgres::Row;

static NEW: Insert = Insert::new(
    "INSERT INTO message (bucket, shop, id, profile, address, journey, step, template, channel, lane, state, due,
        not_before, deadline, created_at, approved_at, handed_at, ended_at, opened_at, machine_opened_at, clicked_at,
        machine_clicked_at, ended_badly_at, reason, tries, why, notes, body)
    VALUES {rows} ON CONFLICT (bucket, shop, id) DO NOTHING RETURNING bucket, shop, id",
);

/// Of which message something is written.
pub fn key_of(write: &MessageWrite) -> (ShopId, MessageId) {
    match write {
        MessageWrite::New(row) => (row.shop, row.id),
        MessageWrite::Move { shop, id, .. }
        | MessageWrite::Body { shop, id, .. }
        | MessageWrite::Mark { shop, id, .. } => (*shop, *id),
    }
}

/// Writes in the order given, as far as it concerns one message; different messages know nothing of each other.
pub fn write<'a>(batch: &mut Batch<'a>, all: &'a [MessageWrite]) {
    for wave in waves(all.iter().map(key_of)) {
        new(batch, all, &wave);
        moves(batch, all, &wave);
        bodies(batch, all, &wave);
        marks(batch, all, &wave);
    }
}

fn new<'a>(batch: &mut Batch<'a>, all: &'a [MessageWrite], wave: &[usize]) {
    let rows = wave.iter().filter_map(|at| match &all[*at] {
        MessageWrite::New(row) => Some((*at, &**row)),
        _ => None,
    });
    let rows: Vec<(usize, &'a MessageRow)> = rows.collect();
    for (request, items) in NEW.requests(&rows, |(_, m), values| row_values(m, values)) {
        batch.check(request, move |rows, outcome| {
            let written = written(&rows)?;
            let known =
                items.into_iter().filter(|(_, m)| !written.contains(&key(m.id.bucket(), m.shop, m.id.0)));
            outcome.known.extend(known.map(|(at, m)| (at, m.id)));
            Ok(())
        });
    }
}

fn row_values<'a>(m: &'a MessageRow, values: &mut Vec<Value<'a>>) {
    let time = |at: Option<ShopTime>| Value::MaybeLong(at.map(|at| at.0));
    push_key(values, key(m.id.bucket(), m.shop, m.id.0));
    values.extend([
        Value::Long(m.profile.0.cast_signed()),
        Value::Long(m.address.0.cast_signed()),
        text(&m.journey),
        text(&m.step),
        text(&m.template),
        text(&m.channel),
        Value::Short(m.lane.into()),
        Value::Short(m.state as i16),
        Value::Long(m.due.0),
        Value::Long(m.not_before.0),
        Value::Long(m.deadline.0),
        Value::Long(m.created_at.0),
        time(m.approved_at),
        time(m.handed_at),
        time(m.ended_at),
        time(m.opened_at),
        time(m.machine_opened_at),
        time(m.clicked_at),
        time(m.machine_clicked_at),
        time(m.ended_badly_at),
        text(&m.reason),
        Value::Int(m.tries.cast_signed()),
        text(&m.why),
        text(&m.notes),
        Value::Bytes(&m.body),
    ]);
}

/// The states it may be in are bits of one number, so that the guard is one comparison in every engine.
const MOVE: &str = "UPDATE message AS m SET state = k.state,
        approved_at = CASE WHEN k.state = 1 THEN coalesce(m.approved_at, k.at) ELSE m.approved_at END,
        handed_at = CASE WHEN k.state = 3 THEN k.at ELSE m.handed_at END,
        tries = m.tries + CASE WHEN k.state = 3 THEN 1 ELSE 0 END,
        ended_at = CASE WHEN k.state > 3 THEN k.at END,
        not_before = coalesce(k.not_before, m.not_before),
        reason = k.reason,
        notes = CASE WHEN k.note IS NULL THEN m.notes WHEN m.notes = '' THEN k.note
            ELSE m.notes || chr(10) || k.note END
    FROM unnest($1::smallint[], $2::integer[], $3::bigint[], $4::bigint[], $5::smallint[], $6::bigint[], $7::bigint[],
            $8::text[], $9::text[])
        AS k (bucket, shop, id, allowed, state, at, not_before, reason, note)
    WHERE m.bucket = k.bucket AND m.shop = k.shop AND m.id = k.id AND (k.allowed >> m.state) & 1 = 1
    RETURNING m.bucket, m.shop, m.id";

fn moves<'a>(batch: &mut Batch<'a>, all: &'a [MessageWrite], wave: &[usize]) {
    let (mut places, mut allowed, mut states, mut times) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut not_befores, mut reasons, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for at in wave {
        let MessageWrite::Move { from, to, at: when, not_before, reason, note, .. } = &all[*at] else {
            continue;
        };
        places.push(*at);
        allowed.push(from.iter().fold(0i64, |bits, state| bits | 1 << (*state as u8)));
        states.push(*to as i16);
        times.push(when.0);
        not_befores.push(not_before.map(|at| at.0));
        reasons.push(clean(reason));
        notes.push(note.as_deref().map(clean));
    }
    if places.is_empty() {
        return;
    }
    let key = move |at: usize| message_key(&all[at]);
    let mut values = key_arrays(places.iter().map(|at| key(*at)));
    values.extend([Value::Longs(allowed), Value::Shorts(states), Value::Longs(times)]);
    values.extend([Value::MaybeLongs(not_befores), Value::Texts(reasons), Value::MaybeTexts(notes)]);
    let what = move |at: usize| match &all[at] {
        MessageWrite::Move { shop, id, from, .. } => {
            format!("message {id} of shop {} is not {from:?}", shop.0)
        }
        _ => String::new(),
    };
    batch.guard(List::Messages, vec![(Request::new(MOVE, values), places)], key, what);
}

fn message_key(write: &MessageWrite) -> (i16, i32, i64) {
    let (shop, id) = key_of(write);
    key(id.bucket(), shop, id.0)
}

fn bodies<'a>(batch: &mut Batch<'a>, all: &'a [MessageWrite], wave: &[usize]) {
    let rows = wave.iter().filter_map(|at| match &all[*at] {
        MessageWrite::Body { body, .. } => Some((message_key(&all[*at]), body.as_slice())),
        _ => None,
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return;
    }
    let sql = "UPDATE message AS m SET body = k.body
        FROM unnest($1::smallint[], $2::integer[], $3::bigint[], $4::bytea[]) AS k (bucket, shop, id, body)
        WHERE m.bucket = k.bucket AND m.shop = k.shop AND m.id = k.id";
    let mut values = key_arrays(rows.iter().map(|(key, _)| *key));
    values.push(Value::Blobs(rows.iter().map(|(_, body)| *body).collect()));
    batch.add(Request::new(sql, values));
}

/// What is not set yet is set; a bad end also becomes the reason where there is none.
const MARK: &str = "UPDATE message AS m SET
        opened_at = CASE WHEN k.mark = 'opened' THEN k.at ELSE m.opened_at END,
        machine_opened_at = CASE WHEN k.mark = 'machine_opened' THEN k.at ELSE m.machine_opened_at END,
        clicked_at = CASE WHEN k.mark = 'clicked' THEN k.at ELSE m.clicked_at END,
        machine_clicked_at = CASE WHEN k.mark = 'machine_clicked' THEN k.at ELSE m.machine_clicked_at END,
        ended_badly_at = CASE WHEN k.reason IS NULL THEN m.ended_badly_at ELSE k.at END,
        reason = CASE WHEN k.reason IS NULL OR m.reason <> '' THEN m.reason ELSE k.reason END
    FROM unnest($1::smallint[], $2::integer[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
        AS k (bucket, shop, id, mark, at, reason)
    WHERE m.bucket = k.bucket AND m.shop = k.shop AND m.id = k.id
        AND CASE k.mark WHEN 'opened' THEN m.opened_at WHEN 'machine_opened' THEN m.machine_opened_at
            WHEN 'clicked' THEN m.clicked_at WHEN 'machine_clicked' THEN m.machine_clicked_at
            ELSE m.ended_badly_at END IS NULL";

fn marks<'a>(batch: &mut Batch<'a>, all: &'a [MessageWrite], wave: &[usize]) {
    let (mut keys, mut marks, mut times, mut reasons) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for at in wave {
        let MessageWrite::Mark { mark, at: when, .. } = &all[*at] else { continue };
        let (mark, reason) = match mark {
            Mark::Opened => ("opened", None),
            Mark::OpenedByMachine => ("machine_opened", None),
            Mark::Clicked => ("clicked", None),
            Mark::ClickedByMachine => ("machine_clicked", None),
            Mark::Bounced => ("ended", Some("bounced")),
            Mark::Complained => ("ended", Some("complained")),
            Mark::Unsubscribed => ("ended", Some("unsubscribed")),
        };
        keys.push(message_key(&all[*at]));
        marks.push(mark.into());
        times.push(when.0);
        reasons.push(reason.map(Into::into));
    }
    if keys.is_empty() {
        return;
    }
    let mut values = key_arrays(keys.into_iter());
    values.extend([Value::Texts(marks), Value::Longs(times), Value::MaybeTexts(reasons)]);
    batch.add(Request::new(MARK, values));
}

static READ: OfMessage =
    OfMessage::new("SELECT {message} FROM message WHERE bucket = $1 AND shop = $2 AND id = $3");

/// One message.
pub fn read(session: &Session, of: ShopId, id: MessageId) -> Done<Option<MessageRow>> {
    let bucket = super::batch::bucket(id.bucket());
    let key = vec![Value::Short(bucket), Value::Int(shop(of)), Value::Long(id.0.cast_signed())];
    session.query_opt(READ.text(), key)?.map(|row| from_row(&row)).transpose()
}

/// Reads a row by the order of [`super::statement::MESSAGE`].
pub fn from_row(row: &Row) -> Done<MessageRow> {
    let number = |at: usize| get::<i64>(row, at).map(i64::cast_unsigned);
    let time = |at: usize| get(row, at).map(ShopTime);
    let maybe = |at: usize| get::<Option<i64>>(row, at).map(|at| at.map(ShopTime));
    Ok(MessageRow {
        shop: ShopId(u32::try_from(get::<i32>(row, 0)?)?),
        id: MessageId(number(1)?),
        profile: ProfileId(number(2)?),
        address: DoorId(number(3)?),
        journey: get(row, 4)?,
        step: get(row, 5)?,
        template: get(row, 6)?,
        channel: get(row, 7)?,
        lane: u8::try_from(get::<i16>(row, 8)?)?,
        state: state(get(row, 9)?)?,
        due: time(10)?,
        not_before: time(11)?,
        deadline: time(12)?,
        created_at: time(13)?,
        approved_at: maybe(14)?,
        handed_at: maybe(15)?,
        ended_at: maybe(16)?,
        opened_at: maybe(17)?,
        machine_opened_at: maybe(18)?,
        clicked_at: maybe(19)?,
        machine_clicked_at: maybe(20)?,
        ended_badly_at: maybe(21)?,
        reason: get(row, 22)?,
        tries: get::<i32>(row, 23)?.cast_unsigned(),
        why: get(row, 24)?,
        notes: get(row, 25)?,
        body: get(row, 26)?,
    })
}

/// The state of a stored number.
pub fn state(number: i16) -> Done<MessageState> {
    let state = u8::try_from(number).ok().and_then(MessageState::from_number);
    state.ok_or_else(|| {
        Fail::Named(Error::Corrupt(format!("a message in the database has the state {number}")))
    })
}

/// Rows of messages.
pub fn rows(rows: &[Row]) -> Done<Vec<MessageRow>> {
    rows.iter().map(from_row).collect()
}
