//! Between the desk and the store: rows onto the shelf, changes into a commit.

use super::letterbox;
use super::round::Batch;
use beckon_core::address::Address;
use beckon_core::block::BlockCredit;
use beckon_core::decide::due;
use beckon_core::desk::{Changes, Shelf, Slot};
use beckon_core::door::Holder;
use beckon_core::effect::{MessageEnd, NewMessage, Standing};
use beckon_core::event::{Mode, Strength};
use beckon_core::ids::{Bucket, Door, DoorKind, MessageId, ProfileId, ShopId};
use beckon_core::input::Reaction;
use beckon_core::order::Order;
use beckon_core::profile::Profile;
use beckon_core::time::{HOUR, SECOND, ShopTime};
use beckon_core::why::Reason;
use beckon_core::wire::Record;
use beckon_store::{
    AddressWrite, BlockCreditWrite, Commit, CountDelta, CreditWrite, Error, EventWrite, Found, IdentityWrite,
    JournalWrite, Mark, MessageRow, MessageState, MessageWrite, OrderWrite, ProfileRow, ProfileWrite, Result,
    SeenWrite, Wanted, WordsWrite,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Puts what was found onto the shelf, and that the rest is not there.
pub fn shelve(shelf: &mut Shelf, wanted: &Wanted, found: Found) -> Result<()> {
    let corrupt = |why: beckon_core::wire::Corrupt| Error::Corrupt(why.to_string());
    for row in found.profiles {
        let key = (row.shop, row.id);
        let profile =
            Profile::load(row.shop, row.id, row.version, &row.hot, row.warm.as_deref()).map_err(corrupt)?;
        match shelf.profiles.get_mut(&key) {
            // The warm half is asked for later than the hot one, which may have changed meanwhile.
            Some(slot) => {
                if let Some(known) = slot.value.as_mut().filter(|known| known.warm.is_none()) {
                    known.warm = profile.warm;
                }
            }
            None => {
                shelf.profiles.insert(key, Slot::loaded(Some(profile), row.version));
            }
        }
    }
    for row in found.identities {
        let holder = Holder {
            door: Door::new(row.kind, row.value),
            profile: row.profile,
            proved: row.strength == Strength::Proved,
            since: row.since,
            moves: row.moves,
            moves_day: row.moves_day,
        };
        shelf.holders.entry((row.shop, row.door)).or_insert_with(|| Slot::loaded(Some(holder), 1));
    }
    for (shop, door, version, body) in found.orders {
        let order = Order::from_bytes(&body).map_err(corrupt)?;
        shelf.orders.entry((shop, door)).or_insert_with(|| Slot::loaded(Some(order), version));
    }
    for (shop, door, version, body) in found.addresses {
        let address = Address::from_bytes(&body).map_err(corrupt)?;
        shelf.addresses.entry((shop, door)).or_insert_with(|| Slot::loaded(Some(address), version));
    }
    for (shop, id, _) in &wanted.profiles {
        shelf.profiles.entry((*shop, *id)).or_insert_with(|| Slot::loaded(None, 0));
    }
    for (shop, _, door) in &wanted.identities {
        shelf.holders.entry((*shop, *door)).or_insert_with(|| Slot::loaded(None, 0));
    }
    for (shop, _, door) in &wanted.orders {
        shelf.orders.entry((*shop, *door)).or_insert_with(|| Slot::loaded(None, 0));
    }
    for (shop, _, door) in &wanted.addresses {
        shelf.addresses.entry((*shop, *door)).or_insert_with(|| Slot::loaded(None, 0));
    }
    Ok(())
}

/// Whether a commit would write nothing.
pub fn is_empty(commit: &Commit) -> bool {
    commit.profiles.is_empty()
        && commit.words.is_empty()
        && commit.identities.is_empty()
        && commit.events.is_empty()
        && commit.messages.is_empty()
        && commit.orders.is_empty()
        && commit.addresses.is_empty()
        && commit.letters.is_empty()
        && commit.letters_done.is_empty()
        && commit.inbox_done.is_empty()
        && commit.parked.is_empty()
        && commit.journal.is_empty()
        && commit.counts.is_empty()
}

/// Fills a commit with everything a batch changed.
pub fn fill(commit: &mut Commit, batch: &Batch, shelf: &Shelf, changes: Changes, woken: &HashSet<ProfileId>) {
    let (shop, now) = (batch.state.shop, batch.now);
    commit.epoch = batch.epoch;
    commit.now = now;
    let filled = std::mem::take(&mut commit.words);
    profiles(commit, batch, shelf, woken);
    let changed: HashSet<ProfileId> = commit.words.iter().map(|write| write.profile).collect();
    commit.words.extend(filled.into_iter().filter(|write| !changed.contains(&write.profile)));
    doors(commit, batch, shelf);
    let live = changes.events.iter().filter(|(_, incoming, _)| incoming.event.mode == Mode::Live).count();
    if live > 0 {
        commit.counts.push(CountDelta {
            shop,
            hour: (now.0 / HOUR.0) as u32,
            journey: String::new(),
            step: String::new(),
            metric: "events".to_owned(),
            n: live as i64,
        });
    }
    for (profile, incoming, elsewhere) in changes.events {
        let number = incoming.event.number;
        let body = serde_json::to_vec(&incoming.event).unwrap_or_default();
        commit.events.push(EventWrite { shop, profile, number, at: incoming.event.occurred_at, body });
        if let Some(bucket) = elsewhere {
            commit.seen.push(SeenWrite { shop, bucket, number, at: now });
        }
    }
    for (profile, message) in changes.messages {
        commit.messages.push(MessageWrite::New(Box::new(row(shop, now, profile, message))));
    }
    for (message, to, reason) in changes.moves {
        commit.messages.push(moved(shop, now, message, to, &reason));
    }
    for (message, kind, at) in changes.marks {
        commit.messages.push(MessageWrite::Mark { shop, id: message, mark: mark(kind), at });
    }
    for (profile, line) in changes.journal {
        let body = serde_json::to_vec(&line).unwrap_or_default();
        commit.journal.push(JournalWrite { shop, profile, at: now, body });
    }
    for (to, letter, number) in changes.letters {
        commit.letters.push(letterbox::letter(shop, now, &to, &letter, number));
    }
    let hour = (now.0 / HOUR.0) as u32;
    let mut sums: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    for count in changes.counts {
        *sums.entry((count.journey, count.step, count.metric)).or_default() += 1;
    }
    for ((journey, step, metric), n) in sums {
        commit.counts.push(CountDelta { shop, hour, journey, step, metric, n });
    }
    commit.counts.extend(standing(shop, changes.standing));
}

/// Who stands where is no sum over hours but a level: it is kept under the hour 0, so that reading it is
/// reading one row per step.
fn standing(shop: ShopId, changes: Vec<Standing>) -> impl Iterator<Item = CountDelta> {
    let mut sums: BTreeMap<(String, u32, u32), i64> = BTreeMap::new();
    for change in changes {
        *sums.entry((change.journey, change.graph, change.step)).or_default() += change.n;
    }
    sums.into_iter().filter(|(_, n)| *n != 0).map(move |((journey, graph, step), n)| {
        let (step, metric) = (format!("{step:08x}"), format!("standing:{graph}"));
        CountDelta { shop, hour: 0, journey, step, metric, n }
    })
}

fn profiles(commit: &mut Commit, batch: &Batch, shelf: &Shelf, woken: &HashSet<ProfileId>) {
    let changed = shelf.profiles.iter().filter(|(_, slot)| slot.changed);
    for ((shop, id), slot) in changed {
        let Some(profile) = &slot.value else { continue };
        let warm = shelf.warm_changed.contains(&(*shop, *id));
        // A due that has passed would wake her at once and for ever; whatever it was, it can wait a second.
        let due = due(&batch.state.plan, profile).map(|at| at.max(batch.now.plus(SECOND)));
        commit.profiles.push(ProfileWrite {
            shop: *shop,
            id: *id,
            version: slot.version + 1,
            hot: profile.hot.to_bytes(),
            warm: profile.warm.as_ref().filter(|_| warm).map(Record::to_bytes),
            due,
            woken: woken.contains(id),
        });
        if warm && let Some(words) = words(profile) {
            commit.words.push(WordsWrite { shop: *shop, profile: *id, words });
        }
    }
}

/// The words of a stored profile; `None` where it has none or cannot be read.
pub fn words_of(row: &ProfileRow) -> Option<WordsWrite> {
    let loaded = Profile::load(row.shop, row.id, row.version, &row.hot, row.warm.as_deref()).ok()?;
    loaded.warm.as_ref()?;
    let words = words(&loaded)?;
    Some(WordsWrite { shop: row.shop, profile: row.id, words })
}

/// The words a profile is found by. Most have none, and those are not looked at: a name that was said never becomes
/// none.
fn words(profile: &Profile) -> Option<Vec<String>> {
    let warm = profile.warm();
    let names =
        [&warm.first_name.value, &warm.last_name.value].into_iter().flat_map(|name| name.split_whitespace());
    let orders = warm.orders.iter().map(|order| order.id.as_str());
    let words = names.chain(orders).map(str::to_lowercase).filter(|word| !word.is_empty());
    let words: BTreeSet<String> = words.collect();
    (!words.is_empty()).then(|| words.into_iter().collect())
}

fn doors(commit: &mut Commit, batch: &Batch, shelf: &Shelf) {
    for ((shop, door), slot) in shelf.holders.iter().filter(|(_, slot)| slot.changed) {
        let Some(holder) = &slot.value else { continue };
        commit.identities.push(IdentityWrite {
            shop: *shop,
            bucket: holder.door.bucket(*shop),
            door: *door,
            kind: holder.door.kind,
            value: holder.door.value.clone(),
            profile: holder.profile,
            strength: if holder.proved { Strength::Proved } else { Strength::Claimed },
            since: holder.since,
            moves: holder.moves,
            moves_day: holder.moves_day,
        });
    }
    for ((shop, door), slot) in shelf.orders.iter().filter(|(_, slot)| slot.changed) {
        let Some(order) = &slot.value else { continue };
        commit.orders.push(OrderWrite {
            shop: *shop,
            bucket: Door::new(DoorKind::Order, order.id.clone()).bucket(*shop),
            door: *door,
            version: slot.version + 1,
            body: order.to_bytes(),
            credit: credit(batch, *shop, order),
            block_credits: block_credits(batch, order),
            placed: order.placed_by(),
        });
    }
    for ((shop, door), slot) in shelf.addresses.iter().filter(|(_, slot)| slot.changed) {
        let Some(address) = &slot.value else { continue };
        commit.addresses.push(AddressWrite {
            shop: *shop,
            bucket: Bucket(address.bucket as u16),
            door: *door,
            version: slot.version + 1,
            body: address.to_bytes(),
        });
    }
}

/// What an order owes to the blocks the shop has: anybody may invent the name of one.
fn block_credits(batch: &Batch, order: &Order) -> Vec<BlockCreditWrite> {
    let plan = &batch.state.plan;
    let owed = order.block_credits(plan.settings.attribution).into_iter();
    let known = owed.filter(|owed| plan.blocks.contains_key(&owed.block));
    let row = |owed: BlockCredit| BlockCreditWrite {
        block: owed.block,
        arm: owed.arm,
        at: order.placed_at,
        units: owed.units,
        minor: owed.revenue.minor,
        currency: owed.revenue.currency.code().to_owned(),
    };
    known.map(row).collect()
}

/// Which message an order is credited to. A click that came with the shopper's browser names only its
/// message; the message's row knows the journey.
fn credit(batch: &Batch, shop: ShopId, order: &Order) -> Option<CreditWrite> {
    let (touch, total) = order.credit(batch.state.plan.settings.attribution)?;
    let (journey, step) = if touch.journey.is_empty() {
        let row = batch.store.message(shop, touch.message).ok().flatten()?;
        (row.journey, row.step)
    } else {
        (touch.journey.clone(), touch.step.clone())
    };
    Some(CreditWrite {
        journey,
        step,
        message: touch.message,
        at: order.placed_at,
        minor: total.minor,
        currency: total.currency.code().to_owned(),
    })
}

fn row(shop: ShopId, now: ShopTime, profile: ProfileId, message: NewMessage) -> MessageRow {
    let approved = message.approved.is_some();
    let first = message.why.first().map(|reason| reason.code.clone()).unwrap_or_default();
    MessageRow {
        shop,
        id: message.id,
        profile,
        address: message.address,
        journey: message.journey,
        step: message.step,
        template: message.template,
        channel: message.channel.to_owned(),
        lane: message.lane,
        state: if approved { MessageState::Approved } else { MessageState::Withheld },
        due: message.due,
        not_before: message.due,
        deadline: message.deadline,
        created_at: now,
        approved_at: message.approved.map(beckon_core::gate::Approved::at),
        handed_at: None,
        ended_at: (!approved).then_some(now),
        opened_at: None,
        machine_opened_at: None,
        clicked_at: None,
        machine_clicked_at: None,
        ended_badly_at: None,
        reason: if approved { String::new() } else { first },
        tries: 0,
        why: serde_json::to_string(&message.why).unwrap_or_default(),
        notes: String::new(),
        body: serde_json::to_vec(&message.items).unwrap_or_default(),
    }
}

fn moved(shop: ShopId, at: ShopTime, id: MessageId, to: MessageEnd, reason: &Reason) -> MessageWrite {
    use MessageState::{Approved, Claimed, Ghost, Handing, Never, Sent, Unknown, Withheld};
    let (from, to, not_before): (&'static [MessageState], _, _) = match to {
        MessageEnd::Withheld => (&[Approved, Claimed, Handing], Withheld, None),
        MessageEnd::Handing => (&[Claimed], Handing, None),
        MessageEnd::Ghost => (&[Claimed], Ghost, None),
        MessageEnd::Sent => (&[Handing], Sent, None),
        MessageEnd::Never => (&[Handing, Claimed], Never, None),
        MessageEnd::Unknown => (&[Handing], Unknown, None),
        MessageEnd::Again(until) => (&[Handing], Approved, Some(until)),
        MessageEnd::Later(until) => (&[Claimed], Approved, Some(until)),
        MessageEnd::Repeated(until) => (&[Unknown], Approved, Some(until)),
    };
    let note = reason.values.get("channel").filter(|note| !note.is_empty()).cloned();
    let code = if matches!(to, Sent | Approved | Handing) { String::new() } else { reason.code.clone() };
    MessageWrite::Move { shop, id, from, to, at, not_before, reason: code, note }
}

fn mark(kind: Reaction) -> Mark {
    match kind {
        Reaction::Opened => Mark::Opened,
        Reaction::OpenedByMachine => Mark::OpenedByMachine,
        Reaction::Clicked => Mark::Clicked,
        Reaction::ClickedByMachine => Mark::ClickedByMachine,
        Reaction::Unsubscribed => Mark::Unsubscribed,
        Reaction::Complained => Mark::Complained,
        Reaction::Bounced => Mark::Bounced,
    }
}

/// A message that the sender took.
pub fn claimed(row: &MessageRow, at: ShopTime) -> MessageWrite {
    MessageWrite::Move {
        shop: row.shop,
        id: row.id,
        from: &[MessageState::Approved],
        to: MessageState::Claimed,
        at,
        not_before: None,
        reason: String::new(),
        note: None,
    }
}

/// A message that goes back to the outbox untouched.
pub fn back_to_outbox(
    shop: ShopId,
    id: MessageId,
    from: &'static [MessageState],
    at: ShopTime,
    not_before: ShopTime,
    note: String,
) -> MessageWrite {
    let note = (!note.is_empty()).then_some(note);
    let (to, not_before) = (MessageState::Approved, Some(not_before));
    MessageWrite::Move { shop, id, from, to, at, not_before, reason: String::new(), note }
}
