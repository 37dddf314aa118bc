//! The one place that writes customers' state: a [`Commit`] in one transaction, every row with its guard.
//!
//! What has a payload is inserted in rows of `VALUES`, what is only keyed is joined with arrays; both forms
//! run unchanged on a database that is distributed by bucket. Rows written are counted by what comes back.

use super::batch::{Batch, List, bucket, key, key_arrays, push_key, shop, waves, written};
use super::connection::{Done, Fail, Request, Session, Value, clean, get, text};
use super::statement::Insert;
use super::{message, orders, search};
use crate::check::check;
use crate::days::HOURS;
use crate::{Commit, Committed, Error};
use beckon_core::ids::ShopId;
use std::collections::{BTreeMap, HashSet};

/// Executes a commit in the transaction that is open; on any error nothing of it may stay.
pub fn write(session: &Session, commit: &Commit) -> Done<Committed> {
    check(commit)?;
    check_shops(commit)?;
    let known_words = search::known(session, &commit.words)?;
    let mut batch = Batch::default();
    head(&mut batch, commit);
    profiles(&mut batch, commit);
    search::write(&mut batch, &commit.words, &known_words);
    identities(&mut batch, commit);
    events(&mut batch, commit);
    message::write(&mut batch, &commit.messages);
    journal(&mut batch, commit);
    orders::write(&mut batch, &commit.orders);
    addresses(&mut batch, commit);
    letters(&mut batch, commit);
    super::inbox::done(&mut batch, &commit.inbox_done);
    parked(&mut batch, commit);
    counts(&mut batch, commit);
    let mut outcome = batch.run(session)?;
    outcome.known.sort_unstable();
    Ok(Committed {
        number: outcome.number,
        new_events: outcome.new_events,
        known_messages: outcome.known.into_iter().map(|(_, id)| id).collect(),
    })
}

/// The column of a shop holds 31 bits; nobody has so many shops.
fn check_shops(commit: &Commit) -> Result<(), Error> {
    let c = commit;
    let shops = (c.profiles.iter().map(|r| r.shop))
        .chain(c.words.iter().map(|r| r.shop))
        .chain(c.identities.iter().map(|r| r.shop))
        .chain(c.events.iter().map(|r| r.shop))
        .chain(c.seen.iter().map(|r| r.shop))
        .chain(c.messages.iter().map(|r| message::key_of(r).0))
        .chain(c.journal.iter().map(|r| r.shop))
        .chain(c.orders.iter().map(|r| r.shop))
        .chain(c.addresses.iter().map(|r| r.shop))
        .chain(c.letters.iter().map(|r| r.key.shop))
        .chain(c.inbox_done.iter().map(|r| r.shop))
        .chain(c.parked.iter().map(|r| r.shop))
        .chain(c.counts.iter().map(|r| r.shop));
    for ShopId(n) in shops {
        if i32::try_from(n).is_err() {
            return Err(Error::Corrupt(format!("there is no shop {n}: they end at {}", i32::MAX)));
        }
    }
    Ok(())
}

/// The epoch's guard, the number of the commit and the shop's clock: one row.
fn head<'a>(batch: &mut Batch<'a>, commit: &'a Commit) {
    let sql = "UPDATE head SET commit_number = commit_number + 1, now = greatest(now, $2)
        WHERE id = 1 AND epoch = $1 RETURNING commit_number";
    let values = vec![Value::Long(commit.epoch.cast_signed()), Value::Long(commit.now.0)];
    batch.check(Request::new(sql, values), |rows, outcome| {
        match rows.first() {
            Some(row) => outcome.number = get::<i64>(row, 0)?.cast_unsigned(),
            None => outcome.fail(List::Head, 0, || format!("epoch {} is not the store's", commit.epoch)),
        }
        Ok(())
    });
}

static PROFILE_NEW: Insert = Insert::new(
    "INSERT INTO profile (bucket, shop, id, version, hot) VALUES {rows}
    ON CONFLICT (bucket, shop, id) DO NOTHING RETURNING bucket, shop, id, version",
);
/// The versions are given with the sign turned: a row that was not there is inserted with a negative one, by
/// which it is known and the commit refused.
static PROFILE_CHANGED: Insert = Insert::new(
    "INSERT INTO profile AS p (bucket, shop, id, version, hot) VALUES {rows}
    ON CONFLICT (bucket, shop, id) DO UPDATE SET version = -excluded.version, hot = excluded.hot
        WHERE p.version = -excluded.version - 1
    RETURNING p.bucket, p.shop, p.id, p.version",
);
static WARM: Insert = Insert::new(
    "INSERT INTO warm (bucket, shop, id, body) VALUES {rows}
    ON CONFLICT (bucket, shop, id) DO UPDATE SET body = excluded.body",
);

fn profiles<'a>(batch: &mut Batch<'a>, commit: &'a Commit) {
    let all = &commit.profiles;
    let key = move |at: usize| key(all[at].id.bucket(), all[at].shop, all[at].id.0);
    let what = move |at: usize| {
        let p = &all[at];
        format!("profile {} of shop {} is not at version {}", p.id, p.shop.0, p.version - 1)
    };
    for wave in waves((0..all.len()).map(key)) {
        let (new, changed): (Vec<usize>, Vec<usize>) = wave.iter().partition(|at| all[**at].version == 1);
        let row = move |at: usize, sign: i64, values: &mut Vec<Value<'a>>| {
            let version = Value::Long(sign * all[at].version.cast_signed());
            push_key(values, key(at));
            values.extend([version, Value::Bytes(&all[at].hot)]);
        };
        batch.guard(List::Profiles, PROFILE_NEW.requests(&new, |at, values| row(at, 1, values)), key, what);
        let changed = PROFILE_CHANGED.requests(&changed, |at, values| row(at, -1, values));
        batch.guard(List::Profiles, changed, key, what);
        let with_warm: Vec<(usize, &[u8])> =
            wave.iter().filter_map(|at| Some((*at, all[*at].warm.as_deref()?))).collect();
        batch.add_all(WARM.requests(&with_warm, |(at, body), values| {
            push_key(values, key(at));
            values.push(Value::Bytes(body));
        }));
        due(batch, commit, &wave);
    }
}

static DUE_WOKEN: Insert = Insert::new(
    "INSERT INTO due (bucket, shop, profile, at) VALUES {rows}
    ON CONFLICT (bucket, shop, profile) DO UPDATE SET at = excluded.at",
);
static DUE: Insert = Insert::new(
    "INSERT INTO due AS d (bucket, shop, profile, at) VALUES {rows}
    ON CONFLICT (bucket, shop, profile) DO UPDATE SET at = excluded.at WHERE excluded.at < d.at",
);

/// A later moment is not written, so an ordinary event leaves the row alone; a wake-up replaces it.
fn due<'a>(batch: &mut Batch<'a>, commit: &'a Commit, wave: &[usize]) {
    let of = |woken| {
        let all = wave.iter().map(|at| &commit.profiles[*at]).filter(move |p| p.woken == woken);
        all.map(|p| (key(p.id.bucket(), p.shop, p.id.0), p.due))
    };
    let done: Vec<_> = of(true).filter(|(_, due)| due.is_none()).map(|(key, _)| key).collect();
    if !done.is_empty() {
        let sql = "DELETE FROM due AS d USING unnest($1::smallint[], $2::integer[], $3::bigint[])
                AS k (bucket, shop, profile)
            WHERE d.bucket = k.bucket AND d.shop = k.shop AND d.profile = k.profile";
        batch.add(Request::new(sql, key_arrays(done.into_iter())));
    }
    for (insert, woken) in [(&DUE_WOKEN, true), (&DUE, false)] {
        let rows: Vec<_> = of(woken).filter_map(|(key, due)| Some((key, due?))).collect();
        batch.add_all(insert.requests(&rows, |(key, at), values| {
            push_key(values, key);
            values.push(Value::Long(at.0));
        }));
    }
}

static IDENTITY: Insert = Insert::new(
    "INSERT INTO identity (bucket, shop, door, kind, value, profile, strength, since, moves, moves_day) VALUES {rows}
    ON CONFLICT (bucket, shop, door) DO UPDATE SET profile = excluded.profile, strength = excluded.strength,
        value = excluded.value, since = excluded.since, moves = excluded.moves, moves_day = excluded.moves_day",
);

fn identities<'a>(batch: &mut Batch<'a>, commit: &'a Commit) {
    let all = &commit.identities;
    for wave in waves(all.iter().map(|i| key(i.bucket, i.shop, i.door.0))) {
        batch.add_all(IDENTITY.requests(&wave, |at, values| {
            let i = &all[at];
            push_key(values, key(i.bucket, i.shop, i.door.0));
            values.extend([
                Value::Short(i.kind as i16),
                text(&i.value),
                Value::Long(i.profile.0.cast_signed()),
                Value::Short(i.strength as i16),
                Value::Long(i.since.0),
                Value::Short(i.moves.into()),
                Value::Int(i.moves_day.cast_signed()),
            ]);
        }));
    }
}

static EVENT: Insert = Insert::new(
    "INSERT INTO event (bucket, shop, number, profile, at, body) VALUES {rows}
    ON CONFLICT (bucket, shop, number) DO NOTHING RETURNING bucket, shop, number",
);
static SEEN: Insert = Insert::new(
    "INSERT INTO seen (bucket, shop, number, at) VALUES {rows} ON CONFLICT (bucket, shop, number) DO NOTHING",
);

/// Within one statement, as within one list, the first of a kind is the new one.
fn events<'a>(batch: &mut Batch<'a>, commit: &'a Commit) {
    let all = &commit.events;
    let key_of = move |at: usize| key(all[at].profile.bucket(), all[at].shop, all[at].number);
    let places: Vec<usize> = (0..all.len()).collect();
    let requests = EVENT.requests(&places, |at, values| {
        let e = &all[at];
        push_key(values, key_of(at));
        values.extend([Value::Long(e.profile.0.cast_signed()), Value::Long(e.at.0), Value::Bytes(&e.body)]);
    });
    for (request, items) in requests {
        batch.check(request, move |rows, outcome| {
            let mut new = written(&rows)?;
            outcome.new_events.extend(items.into_iter().map(|at| new.remove(&key_of(at))));
            Ok(())
        });
    }
    let seen: Vec<_> = commit.seen.iter().collect();
    batch.add_all(SEEN.requests(&seen, |s, values| {
        push_key(values, key(s.bucket, s.shop, s.number));
        values.push(Value::Long(s.at.0));
    }));
}

static JOURNAL: Insert = Insert::new("INSERT INTO journal (bucket, shop, profile, at, body) VALUES {rows}");

fn journal<'a>(batch: &mut Batch<'a>, commit: &'a Commit) {
    let lines: Vec<_> = commit.journal.iter().collect();
    batch.add_all(JOURNAL.requests(&lines, |j, values| {
        push_key(values, key(j.profile.bucket(), j.shop, j.profile.0));
        values.extend([Value::Long(j.at.0), Value::Bytes(&j.body)]);
    }));
}

static ADDRESS_NEW: Insert = Insert::new(
    "INSERT INTO address (bucket, shop, door, version, body) VALUES {rows}
    ON CONFLICT (bucket, shop, door) DO NOTHING RETURNING bucket, shop, door, version",
);
static ADDRESS_CHANGED: Insert = Insert::new(
    "INSERT INTO address AS a (bucket, shop, door, version, body) VALUES {rows}
    ON CONFLICT (bucket, shop, door) DO UPDATE SET version = -excluded.version, body = excluded.body
        WHERE a.version = -excluded.version - 1
    RETURNING a.bucket, a.shop, a.door, a.version",
);

fn addresses<'a>(batch: &mut Batch<'a>, commit: &'a Commit) {
    let all = &commit.addresses;
    let key = move |at: usize| key(all[at].bucket, all[at].shop, all[at].door.0);
    let what = move |at: usize| {
        let a = &all[at];
        format!("address {:016x} of shop {} is not at version {}", a.door.0, a.shop.0, a.version - 1)
    };
    for wave in waves((0..all.len()).map(key)) {
        let (new, changed): (Vec<usize>, Vec<usize>) = wave.iter().partition(|at| all[**at].version == 1);
        for (insert, places, sign) in [(&ADDRESS_NEW, new, 1), (&ADDRESS_CHANGED, changed, -1)] {
            let requests = insert.requests(&places, |at, values| {
                push_key(values, key(at));
                values.push(Value::Long(sign * all[at].version.cast_signed()));
                values.push(Value::Bytes(&all[at].body));
            });
            batch.guard(List::Addresses, requests, key, what);
        }
    }
}

static LETTER: Insert = Insert::new(
    "INSERT INTO letter (bucket, shop, number, at, body) VALUES {rows}
    ON CONFLICT (bucket, shop, number) DO NOTHING",
);

/// A letter that is gone was applied by another commit: applying it once more must not happen.
fn letters<'a>(batch: &mut Batch<'a>, commit: &'a Commit) {
    let new: Vec<_> = commit.letters.iter().collect();
    batch.add_all(LETTER.requests(&new, |l, values| {
        push_key(values, key(l.key.bucket, l.key.shop, l.key.number));
        values.extend([Value::Long(l.at.0), Value::Bytes(&l.body)]);
    }));
    let done = &commit.letters_done;
    if done.is_empty() {
        return;
    }
    let sql = "DELETE FROM letter AS l USING unnest($1::smallint[], $2::integer[], $3::bigint[])
            AS k (bucket, shop, number)
        WHERE l.bucket = k.bucket AND l.shop = k.shop AND l.number = k.number
        RETURNING l.bucket, l.shop, l.number";
    let request = Request::new(sql, key_arrays(done.iter().map(|k| key(k.bucket, k.shop, k.number))));
    batch.check(request, move |rows, outcome| {
        let mut gone: HashSet<_> = written(&rows)?;
        for (at, k) in done.iter().enumerate() {
            if !gone.remove(&key(k.bucket, k.shop, k.number)) {
                outcome.fail(List::Letters, at, || {
                    format!("letter {:016x} to bucket {} of shop {} is gone", k.number, k.bucket.0, k.shop.0)
                });
            }
        }
        Ok(())
    });
}

static PARKED: Insert = Insert::new(
    "INSERT INTO parked (bucket, shop, number, at, reason, body) VALUES {rows}
    ON CONFLICT (bucket, shop, number) DO UPDATE SET at = excluded.at, reason = excluded.reason,
        body = excluded.body",
);

fn parked<'a>(batch: &mut Batch<'a>, commit: &'a Commit) {
    let all = &commit.parked;
    for wave in waves(all.iter().map(|p| key(p.bucket, p.shop, p.number))) {
        batch.add_all(PARKED.requests(&wave, |at, values| {
            let p = &all[at];
            values.extend([Value::Short(bucket(p.bucket)), Value::Int(shop(p.shop))]);
            values.extend([Value::Long(p.number.cast_signed()), Value::Long(p.at.0)]);
            values.extend([text(&p.reason), Value::Bytes(&p.body)]);
        }));
    }
}

static COUNT: Insert = Insert::new(
    "INSERT INTO count AS c (shop, hour, journey, step, metric, n) VALUES {rows}
    ON CONFLICT (shop, hour, journey, step, metric) DO UPDATE SET n = c.n + excluded.n",
);

static COUNT_DAY: Insert = Insert::new(
    "INSERT INTO count_day AS c (shop, day, journey, step, metric, n) VALUES {rows}
    ON CONFLICT (shop, day, journey, step, metric) DO UPDATE SET n = c.n + excluded.n",
);

fn counts<'a>(batch: &mut Batch<'a>, commit: &'a Commit) {
    added_up(batch, commit, &COUNT, |hour| hour);
    added_up(batch, commit, &COUNT_DAY, |hour| hour / HOURS);
}

/// What comes twice is added up first.
fn added_up<'a>(batch: &mut Batch<'a>, commit: &'a Commit, insert: &'static Insert, time: fn(u32) -> u32) {
    let mut sums = BTreeMap::new();
    for c in &commit.counts {
        let at = time(c.hour).cast_signed();
        let of = (shop(c.shop), at, clean(&c.journey), clean(&c.step), clean(&c.metric));
        let sum: &mut i64 = sums.entry(of).or_default();
        *sum = sum.saturating_add(c.n);
    }
    let rows: Vec<_> = sums.iter().collect();
    let requests = insert.requests(&rows, |((shop, at, journey, step, metric), n), values| {
        values.extend([Value::Int(*shop), Value::Int(*at)]);
        values.extend([journey, step, metric].map(|name| Value::Text(name.clone())));
        values.push(Value::Long(*n));
    });
    batch.add_all(requests);
}

impl From<std::num::TryFromIntError> for Fail {
    /// A number in the database is larger than any that we write.
    fn from(e: std::num::TryFromIntError) -> Fail {
        Fail::Named(Error::Corrupt(format!("a number in the database is out of range: {e}")))
    }
}
