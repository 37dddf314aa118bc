//! Messages that were approved and are not at their end yet, in three lanes.

use beckon_core::effect::{MessageEnd, NewMessage};
use beckon_core::ids::{DoorId, MessageId, ProfileId};
use beckon_core::time::{SECOND, ShopTime};
use std::collections::{BTreeMap, BTreeSet};

/// An open message.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) profile: ProfileId,
    pub(crate) address: DoorId,
    pub(crate) journey: String,
    pub(crate) step: String,
    lane: usize,
    pub(crate) due: ShopTime,
    /// When it might have been sent, if the channel had been free.
    pub(crate) not_before: ShopTime,
    pub(crate) handing: bool,
    pub(crate) tries: u32,
}

/// The outbox.
#[derive(Default)]
pub(crate) struct Outbox {
    rows: BTreeMap<MessageId, Row>,
    lanes: [BTreeSet<(ShopTime, MessageId)>; 3],
}

/// What a change of state did to a row.
pub(crate) enum Changed {
    /// It is at its end and gone from here.
    Ended(Row),
    /// It is being handed over.
    Handing,
    /// It waits again, or there is no such row.
    Open,
}

impl Outbox {
    pub(crate) fn add(&mut self, profile: ProfileId, message: &NewMessage, now: ShopTime) {
        let row = Row {
            profile,
            address: message.address,
            journey: message.journey.clone(),
            step: message.step.clone(),
            lane: usize::from(message.lane).min(2),
            due: message.due,
            not_before: now,
            handing: false,
            tries: 0,
        };
        self.lanes[row.lane].insert((now, message.id));
        self.rows.insert(message.id, row);
    }

    /// When the first may be tried; the rate of the channel is another's business.
    pub(crate) fn next_at(&self) -> Option<ShopTime> {
        self.lanes.iter().filter_map(|lane| lane.first()).map(|(at, _)| *at).min()
    }

    /// Who comes next at this moment: the first lane with something to send.
    pub(crate) fn next(&self, now: ShopTime) -> Option<MessageId> {
        let ready =
            |lane: &BTreeSet<(ShopTime, MessageId)>| lane.first().filter(|(at, _)| *at <= now).copied();
        self.lanes.iter().find_map(ready).map(|(_, message)| message)
    }

    pub(crate) fn row(&self, message: MessageId) -> Option<&Row> {
        self.rows.get(&message)
    }

    /// Waits at least a second from now: what cannot be sent at this moment must not hold up the lane.
    pub(crate) fn put_off(&mut self, message: MessageId, now: ShopTime, until: ShopTime) {
        let Some(row) = self.rows.get_mut(&message) else { return };
        self.lanes[row.lane].remove(&(row.not_before, message));
        row.not_before = until.max(now.plus(SECOND));
        row.handing = false;
        self.lanes[row.lane].insert((row.not_before, message));
    }

    /// A message changes its state.
    pub(crate) fn shift(&mut self, message: MessageId, to: MessageEnd, now: ShopTime) -> Changed {
        match to {
            MessageEnd::Later(until) | MessageEnd::Repeated(until) => self.put_off(message, now, until),
            MessageEnd::Again(until) => {
                self.put_off(message, now, until);
                if let Some(row) = self.rows.get_mut(&message) {
                    row.tries += 1;
                }
            }
            MessageEnd::Handing => {
                let Some(row) = self.rows.get_mut(&message) else { return Changed::Open };
                self.lanes[row.lane].remove(&(row.not_before, message));
                row.handing = true;
                return Changed::Handing;
            }
            MessageEnd::Withheld
            | MessageEnd::Ghost
            | MessageEnd::Sent
            | MessageEnd::Never
            | MessageEnd::Unknown => {
                return self.end(message).map_or(Changed::Open, Changed::Ended);
            }
        }
        Changed::Open
    }

    /// Takes a row out.
    pub(crate) fn end(&mut self, message: MessageId) -> Option<Row> {
        let row = self.rows.remove(&message)?;
        self.lanes[row.lane].remove(&(row.not_before, message));
        Some(row)
    }

    /// Everything that is still open.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.values()
    }
}
