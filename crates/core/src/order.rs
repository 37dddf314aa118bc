//! An order at its own door: one order, whoever reports it, and one credit that is replaced, never added up.

use crate::block::{BlockClick, BlockTouch, OrderedLine};
use crate::event::{OrderFact, OrderStatus, Source};
use crate::ids::{MessageId, ProfileId};
use crate::limits;
use crate::money::Money;
use crate::profile::Touch;
use crate::record;
use crate::time::{ShopTime, Span};
use crate::wire::Hash64;
use serde::{Deserialize, Serialize};

/// What one source said of an order, with the clicks of the profile it said it for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What was said.
    pub order: OrderFact,
    /// When it happened.
    pub at: ShopTime,
    /// Number of the event, which orders two of one moment.
    pub number: u64,
    /// Who said it.
    pub source: Source,
    /// For whom.
    pub profile: ProfileId,
    /// The profile is known by something proved: an address or a user id from the shop itself.
    pub proved: bool,
    /// Clicks of that profile: message, journey, step, time.
    pub touches: Vec<(MessageId, String, String, ShopTime)>,
    /// Clicks of that profile on recommended products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub block_clicks: Vec<BlockClick>,
}

record! {
    /// State of an order.
    pub struct Order {
        /// The shop's id.
        1 id: String,
        /// When it was placed: the earliest `Order Completed`.
        2 placed_at: ShopTime,
        /// [`OrderStatus`] as a number.
        3 status: u32,
        /// Time of the word on status and total.
        4 said_at: ShopTime,
        /// Rank of who said it.
        5 said_by: u32,
        /// Number of that event.
        6 said_number: Hash64,
        /// Total now.
        7 total: Option<Money>,
        /// Profiles that reported it.
        8 profiles: Vec<Hash64>,
        /// Clicks of all of them.
        9 touches: Vec<Touch>,
        /// A profile of them that is proved; 0 when none.
        10 proved: Hash64,
        /// Time of the word on the total: a report that says none leaves it as it is.
        11 total_at: ShopTime,
        /// Rank of who said it.
        12 total_by: u32,
        /// Number of that event.
        13 total_number: Hash64,
        /// What was ordered.
        14 lines: Vec<OrderedLine>,
        /// Time of the word on the lines.
        15 lines_at: ShopTime,
        /// Rank of who said it.
        16 lines_by: u32,
        /// Number of that event.
        17 lines_number: Hash64,
        /// Clicks on recommended products of all who reported it, newest first.
        18 block_touches: Vec<BlockTouch>,
    }
}

/// Clicks kept at an order.
const TOUCHES_MAX: usize = 24;
/// Profiles kept at an order.
const PROFILES_MAX: usize = 8;

/// What a report changed beside the order itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// The state changed and must be written.
    pub changed: bool,
    /// Pairs of profiles that reported it, one of each proved: they are one person.
    pub same_person: Vec<(ProfileId, ProfileId)>,
}

impl Order {
    /// Takes in a report. Any order of the same reports ends in the same order.
    pub fn join(&mut self, report: &Report) -> Joined {
        let before = self.clone();
        self.id.clone_from(&report.order.id);
        if report.order.status == OrderStatus::Completed
            && (self.placed_at == ShopTime(0) || report.at < self.placed_at)
        {
            self.placed_at = report.at;
        }
        let word = (report.at, report.source as u32, report.order.status as u32, Hash64(report.number));
        if word > (self.said_at, self.said_by, self.status, self.said_number) {
            (self.said_at, self.said_by, self.status, self.said_number) = word;
        }
        if report.order.total.is_some() {
            let word = (report.at, report.source as u32, Hash64(report.number), report.order.total);
            if word > (self.total_at, self.total_by, self.total_number, self.total) {
                (self.total_at, self.total_by, self.total_number, self.total) = word;
            }
        }
        if matches!(report.order.status, OrderStatus::Completed | OrderStatus::Updated) {
            // The lines of a refund are what came back, not what was ordered.
            self.say_lines(&report.order.lines, (report.at, report.source as u32, report.number));
        }
        for BlockClick { block, arm, item, at } in report.block_clicks.iter().cloned() {
            let touch = BlockTouch { at, block, arm, item, ..BlockTouch::default() };
            BlockTouch::add(&mut self.block_touches, touch, limits::ORDER_BLOCK_TOUCHES_MAX);
        }
        for (message, journey, step, at) in &report.touches {
            self.touch(Touch {
                message: *message,
                journey: journey.clone(),
                step: step.clone(),
                at: *at,
                ..Touch::default()
            });
        }
        let same_person = self.reported_by(report);
        Joined { changed: *self != before, same_person }
    }

    fn touch(&mut self, touch: Touch) {
        Touch::add(&mut self.touches, touch);
        self.touches.truncate(TOUCHES_MAX);
    }

    fn reported_by(&mut self, report: &Report) -> Vec<(ProfileId, ProfileId)> {
        let number = Hash64(report.profile.0);
        let new = !self.profiles.contains(&number);
        if new && self.profiles.len() < PROFILES_MAX {
            self.profiles.push(number);
            self.profiles.sort();
        }
        // The lowest number of the proved ones: the same whoever was first, and the one that stays in a merge.
        let before = ProfileId(self.proved.0);
        let first = report.proved && self.proved == Hash64(0);
        if report.proved && (first || number < self.proved) {
            self.proved = number;
        }
        if self.proved == Hash64(0) || !(new || first) {
            return Vec::new();
        }
        let proved = ProfileId(self.proved.0);
        if !first {
            // A new one; if it is the lowest proved one by now, the proved one before it is who it is joined with.
            return vec![(if number == self.proved { before } else { proved }, report.profile)];
        }
        // The first proof joins all who reported it before.
        let others = self.profiles.iter().filter(|other| **other != number);
        others.map(|other| (proved, ProfileId(other.0))).collect()
    }

    /// Which click earned it: the last one before it was placed, within the window. A cancelled order earned nothing.
    #[must_use]
    pub fn credit(&self, window: Span) -> Option<(&Touch, Money)> {
        if self.placed_at == ShopTime(0) {
            return None;
        }
        let touch = self
            .touches
            .iter()
            .find(|touch| touch.at <= self.placed_at && self.placed_at.since(touch.at) <= window)?;
        let total = self.total.unwrap_or_default();
        let minor = if self.stands() { total.minor } else { 0 };
        Some((touch, Money { minor, ..total }))
    }

    /// Who placed it, and when; `None` for one that was never placed or is cancelled. Of several profiles that
    /// reported it the proved one is whose it is.
    #[must_use]
    pub fn placed_by(&self) -> Option<(ProfileId, ShopTime)> {
        let reported = self.profiles.first().copied().unwrap_or(Hash64(0));
        let who = if self.proved == Hash64(0) { reported } else { self.proved };
        (self.placed_at != ShopTime(0) && self.stands() && who != Hash64(0))
            .then_some((ProfileId(who.0), self.placed_at))
    }

    /// Whether it counts as bought.
    #[must_use]
    pub(crate) fn stands(&self) -> bool {
        self.status != OrderStatus::Cancelled as u32
    }
}
