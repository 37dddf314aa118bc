//! What is on its way: answers of the channel and reactions of people, in the order of time; and the channel's
//! rate.

use crate::model::Model;
use beckon_core::ids::{DoorId, MessageId, ProfileId};
use beckon_core::input::Reaction;
use beckon_core::time::ShopTime;
use std::collections::BTreeMap;

/// Something that will come back.
#[derive(Clone, Debug)]
pub(crate) enum Coming {
    /// The channel answers.
    Answer(MessageId),
    /// Somebody reacts.
    Reaction(Box<Reacts>),
}

/// A reaction on its way, with what it must say of its message: the row is gone by then.
#[derive(Clone, Debug)]
pub(crate) struct Reacts {
    pub(crate) message: MessageId,
    pub(crate) profile: ProfileId,
    pub(crate) address: DoorId,
    pub(crate) journey: String,
    pub(crate) step: String,
    pub(crate) kind: Reaction,
}

/// What is on its way.
#[derive(Default)]
pub(crate) struct Way {
    coming: BTreeMap<(ShopTime, u64), Coming>,
    put: u64,
}

impl Way {
    pub(crate) fn put(&mut self, at: ShopTime, what: Coming) {
        self.put += 1;
        self.coming.insert((at, self.put), what);
    }

    pub(crate) fn next_at(&self) -> Option<ShopTime> {
        self.coming.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn next(&mut self) -> Option<Coming> {
        self.coming.pop_first().map(|(_, what)| what)
    }
}

/// The channel's rate: one message after the other, each a slot behind the one before.
pub(crate) struct Rate {
    slot_micros: i64,
    free_micros: i64,
}

impl Rate {
    pub(crate) fn new(model: &Model) -> Rate {
        Rate { slot_micros: model.slot_micros(), free_micros: i64::MIN }
    }

    /// When the next message may be handed over.
    pub(crate) fn free_at(&self) -> ShopTime {
        ShopTime(self.free_micros.div_euclid(1_000) + i64::from(self.free_micros.rem_euclid(1_000) > 0))
    }

    /// One is handed over.
    pub(crate) fn take(&mut self, now: ShopTime) {
        let from = now.0.saturating_mul(1_000).max(self.free_micros);
        self.free_micros = from.saturating_add(self.slot_micros);
    }
}
