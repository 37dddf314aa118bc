//! Facts about a customer, each with the stamp of the event that said it, so that any order of arrival ends the same.

use crate::event::{OrderStatus, Strength};
use crate::ids::{DoorId, DoorKind, MessageId};
use crate::money::Money;
use crate::record;
use crate::time::ShopTime;
use crate::wire::Hash64;

record! {
    /// Which event said something: when it happened, then its number, so that two of one moment have an order too.
    #[derive(Eq, PartialOrd, Ord)]
    pub struct Stamp {
        /// When it happened.
        1 at: ShopTime,
        /// The event's number.
        2 number: Hash64,
    }
}

impl Stamp {
    /// The stamp of an event.
    #[must_use]
    pub fn new(at: ShopTime, number: u64) -> Stamp {
        Stamp { at, number: Hash64(number), ..Stamp::default() }
    }
}

record! {
    /// What was last said of one trait.
    pub struct TextTrait {
        /// Name; empty where the field names it.
        1 name: String,
        /// Value; empty when taken back.
        2 value: String,
        /// Said by whom.
        3 proved: bool,
        /// Said when.
        4 stamp: Stamp,
    }
}

impl TextTrait {
    /// Takes in what was said, unless something better known or later is there. A claim never replaces what is proved.
    pub fn say(&mut self, value: &str, strength: Strength, stamp: &Stamp) {
        let new = (strength == Strength::Proved, stamp);
        if new > (self.proved, &self.stamp)
            || (new == (self.proved, &self.stamp) && value > self.value.as_str())
        {
            value.clone_into(&mut self.value);
            self.proved = new.0;
            self.stamp = stamp.clone();
        }
    }

    /// Joins with what another profile knows.
    pub fn join(&mut self, other: &TextTrait) {
        let strength = if other.proved { Strength::Proved } else { Strength::Claimed };
        if other.stamp != Stamp::default() {
            self.say(&other.value, strength, &other.stamp);
        }
    }
}

record! {
    /// The address in use.
    pub struct EmailTrait {
        /// The address, normalised.
        1 said: TextTrait,
        /// Its door.
        2 door: DoorId,
    }
}

record! {
    /// An identity she came by, with its text.
    pub struct KnownDoor {
        /// [`DoorKind`] as a number.
        1 kind: u32,
        /// The identity.
        2 value: String,
        /// Whether it is proved to be hers.
        3 proved: bool,
        /// Since when.
        4 since: ShopTime,
    }
}

impl KnownDoor {
    /// The kind, where this release knows it.
    #[must_use]
    pub fn kind(&self) -> Option<DoorKind> {
        DoorKind::from_number(u8::try_from(self.kind).unwrap_or(0))
    }
}

record! {
    /// A product she looked at.
    pub struct View {
        /// The product's id.
        1 id: String,
        /// Last time.
        3 stamp: Stamp,
        /// Seconds really looked at, the longest single report.
        4 dwell_secs: u32,
    }
}

record! {
    /// A product on or off the wish list.
    pub struct Wish {
        /// The product's id.
        1 id: String,
        /// On it or taken off.
        3 on: bool,
        /// When.
        4 stamp: Stamp,
    }
}

record! {
    /// An order as this profile has seen it; the order's own door knows it whole.
    pub struct OrderSeen {
        /// The order's id in the shop.
        1 id: String,
        /// When it was placed.
        2 at: ShopTime,
        /// [`OrderStatus`] as a number.
        3 status: u32,
        /// By whom the status was said, as (time, source).
        4 said: Stamp,
        /// Rank of that source.
        5 rank: u32,
        /// Total, where reported.
        6 total: Option<Money>,
        /// First lines: product ids.
        7 items: Vec<String>,
        /// Which report said the total: one that says none leaves it as it is.
        8 total_said: Stamp,
        /// Rank of that source.
        9 total_rank: u32,
    }
}

impl OrderSeen {
    /// Whether it counts as bought.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.status != OrderStatus::Cancelled as u32
    }
}

record! {
    /// A click in one of our messages.
    pub struct Touch {
        /// The message.
        1 message: MessageId,
        /// Journey by name.
        2 journey: String,
        /// Step by name.
        3 step: String,
        /// When.
        4 at: ShopTime,
    }
}

impl Touch {
    /// Adds a click to others, newest first, once per message and moment. A page knows only the message that brought
    /// her; our own link knows journey and step too: what one of them says of a message holds for all.
    pub(crate) fn add(touches: &mut Vec<Touch>, mut touch: Touch) {
        let same = |t: &&mut Touch| t.message == touch.message;
        let named = touches.iter_mut().filter(same).map(|t| (t.journey.clone(), t.step.clone())).max();
        let name = (touch.journey.clone(), touch.step.clone()).max(named.unwrap_or_default());
        (touch.journey, touch.step) = name.clone();
        for known in touches.iter_mut().filter(|t| t.message == touch.message) {
            (known.journey, known.step) = name.clone();
        }
        if !touches.iter().any(|t| t.message == touch.message && t.at == touch.at) {
            touches.push(touch);
        }
        touches.sort_by_key(|t| std::cmp::Reverse((t.at, t.message)));
    }
}
