//! All that is remembered of one customer, bounded in size.
//!
//! Two halves by use: [`Hot`] goes with every event, [`Warm`] only where it is needed. Two halves by law: *facts* are the
//! same for any order of the same events; *engagement* (positions, candidates, sends, exposures) depends on when things
//! were decided and is joined by rules of its own (`merge`).

mod bound;
mod cart;
mod consent;
mod engagement;
mod facts;
mod fold;
mod measure;
pub(crate) mod merge;

pub use cart::{Cart, CartLine};
pub use consent::Consent;
pub use engagement::{Candidate, CandidateState, EarlyOutcome, Exposure, Position, PositionState, Send};
pub use facts::{EmailTrait, KnownDoor, OrderSeen, Stamp, TextTrait, Touch, View, Wish};
pub(crate) use fold::fold;
pub use measure::Measure;

use crate::block::BlockTouch;
use crate::block_tests::BlockTest;
use crate::hash::{Tag, hash};
use crate::ids::{DoorId, ProfileId, ShopId};
use crate::record;
use crate::time::ShopTime;
use crate::wire::{Corrupt, Hash64, Record};

/// One customer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Shop.
    pub shop: ShopId,
    /// Who; contains the bucket.
    pub id: ProfileId,
    /// Counts the commits that changed her; 0 before the first.
    pub version: u64,
    /// State that goes with every event.
    pub hot: Hot,
    /// The rest, where it was loaded.
    pub warm: Option<Warm>,
}

record! {
    /// State read and written with every event.
    pub struct Hot {
        /// First heard of.
        1 created_at: ShopTime,
        /// Her clock never runs backwards: the latest `now` anything was decided with.
        2 now: ShopTime,
        /// Last sign of life on any device, live and fresh: `left_at` once she is gone.
        3 active_at: ShopTime,
        /// Up to when her own timers were looked at.
        4 woken_at: ShopTime,
        /// She was merged into this profile; everything for her goes there.
        5 merged_into: ProfileId,
        /// Numbers of her identities.
        6 doors: Vec<DoorId>,
        /// Door of the e-mail address in use; 0 when none.
        7 email: DoorId,
        /// Whether that address is proved.
        8 email_proved: bool,
        /// Marketing e-mail: asked and agreed, refused, or never said.
        9 consent: Consent,
        /// Lines in the cart, at most [`crate::limits::CART_LINES_MAX`].
        10 cart_lines: u32,
        /// What the series of this cart is keyed by.
        11 cart: Hash64,
        /// Hash of what the cart holds.
        12 cart_content: Hash64,
        /// When the last order was placed; 0 when none.
        13 ordered_at: ShopTime,
        /// Orders not cancelled.
        14 orders: u32,
        /// Where she stands in journeys.
        15 positions: Vec<Position>,
        /// Messages that wait for the gate or for the sender.
        16 candidates: Vec<Candidate>,
        /// Last messages that reached the channel.
        17 sends: Vec<Send>,
        /// The address by whose number her draws are made, kept over merges.
        18 draw_by: DoorId,
        /// Arms she was in.
        19 exposures: Vec<Exposure>,
        /// Her address was told to stop, or does not exist: what the address's door said last.
        20 email_stopped: bool,
        /// Number of the event that moved `active_at`: what opened an entry by leaving.
        21 active_by: Hash64,
    }
}

record! {
    /// State read where it is needed.
    pub struct Warm {
        /// The address in use, and how well it is known.
        1 email: EmailTrait,
        /// Telephone number.
        2 phone: TextTrait,
        /// First name as typed; shown only when it is a plausible one.
        3 first_name: TextTrait,
        /// Last name as typed.
        4 last_name: TextTrait,
        /// IANA time zone.
        5 time_zone: TextTrait,
        /// Language tag.
        6 locale: TextTrait,
        /// Other traits.
        7 traits: Vec<TextTrait>,
        /// The cart as facts.
        8 cart: Cart,
        /// Products last looked at.
        9 views: Vec<View>,
        /// Wish list.
        10 wishes: Vec<Wish>,
        /// Orders, newest first.
        11 orders: Vec<OrderSeen>,
        /// Clicks in our messages, newest first.
        12 touches: Vec<Touch>,
        /// Identities with their text.
        13 doors: Vec<KnownDoor>,
        /// Profiles merged into this one.
        14 absorbed: Vec<ProfileId>,
        /// Contributions that conditions count.
        15 measures: Vec<Measure>,
        /// Orders older than those kept one by one.
        16 older_orders: u32,
        /// What became of messages of a profile that is on its way here: the letters may change places.
        17 early: Vec<EarlyOutcome>,
        /// Clicks on products that blocks recommended, newest first.
        18 block_touches: Vec<BlockTouch>,
        /// Tests of blocks she is in, the newest last.
        19 block_tests: Vec<BlockTest>,
    }
}

impl Profile {
    /// A profile that is not stored yet.
    #[must_use]
    pub fn new(shop: ShopId, id: ProfileId, now: ShopTime) -> Profile {
        let hot = Hot { created_at: now, now, ..Hot::default() };
        Profile { shop, id, version: 0, hot, warm: Some(Warm::default()) }
    }

    /// A profile from its stored halves.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn load(
        shop: ShopId,
        id: ProfileId,
        version: u64,
        hot: &[u8],
        warm: Option<&[u8]>,
    ) -> Result<Self, Corrupt> {
        let warm = warm.map(Warm::from_bytes).transpose()?;
        Ok(Profile { shop, id, version, hot: Hot::from_bytes(hot)?, warm })
    }

    /// The warm half. What [`crate::decide::needs`] asked for is loaded; where it was not, it reads as empty.
    #[must_use]
    pub fn warm(&self) -> &Warm {
        static EMPTY: std::sync::LazyLock<Warm> = std::sync::LazyLock::new(Warm::default);
        self.warm.as_ref().unwrap_or(&EMPTY)
    }

    /// Whether a marketing mail could be addressed to her at all: an address, and nobody told us to stop.
    #[must_use]
    pub fn reachable_by_email(&self) -> bool {
        self.hot.email != DoorId(0) && !self.hot.email_stopped
    }

    /// What hangs together in the hot half with the cart of the warm half.
    pub(crate) fn summarise_cart(&mut self) {
        let Some(warm) = &self.warm else { return };
        let lines = warm.cart.lines();
        self.hot.cart_lines = lines.len() as u32;
        let mut parts: Vec<Vec<u8>> = Vec::with_capacity(lines.len());
        for (item, quantity) in &lines {
            parts.push([item.as_bytes(), &quantity.to_le_bytes()].concat());
        }
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        self.hot.cart_content =
            Hash64(if lines.is_empty() { 0 } else { hash(Tag::CartContent, self.shop, &parts) });
        self.hot.cart = Hash64(warm.cart_subject(self.shop));
    }
}

#[cfg(test)]
mod tests;
