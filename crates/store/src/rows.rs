//! What reads give back.

use crate::{LetterKey, MessageState};
use beckon_core::event::Strength;
use beckon_core::ids::{Bucket, DoorId, DoorKind, MessageId, ProfileId, ShopId};
use beckon_core::time::ShopTime;

/// What a batch of inputs must be loaded with. Doors and profiles of any buckets of the node, read set-based.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Holders of these identities.
    pub identities: Vec<(ShopId, Bucket, DoorId)>,
    /// Whether these events are known at their door's bucket, as an event or as seen.
    pub events: Vec<(ShopId, Bucket, u64)>,
    /// Profiles; `true` asks for the warm half too.
    pub profiles: Vec<(ShopId, ProfileId, bool)>,
    /// Orders at their doors.
    pub orders: Vec<(ShopId, Bucket, DoorId)>,
    /// Addresses at their doors.
    pub addresses: Vec<(ShopId, Bucket, DoorId)>,
    /// Messages.
    pub messages: Vec<(ShopId, MessageId)>,
}

impl Wanted {
    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.identities.is_empty()
            && self.events.is_empty()
            && self.profiles.is_empty()
            && self.orders.is_empty()
            && self.addresses.is_empty()
            && self.messages.is_empty()
    }
}

/// What was found; what is missing is not there.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Holders.
    pub identities: Vec<IdentityRow>,
    /// Events that are known already.
    pub events: Vec<(ShopId, Bucket, u64)>,
    /// Profiles.
    pub profiles: Vec<ProfileRow>,
    /// Orders: shop, door, version, state.
    pub orders: Vec<(ShopId, DoorId, u64, Vec<u8>)>,
    /// Addresses: shop, door, version, state.
    pub addresses: Vec<(ShopId, DoorId, u64, Vec<u8>)>,
    /// Messages.
    pub messages: Vec<MessageRow>,
}

/// Who holds an identity; the fields are those of [`crate::IdentityWrite`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct IdentityRow {
    pub shop: ShopId,
    pub bucket: Bucket,
    pub door: DoorId,
    pub kind: DoorKind,
    pub value: String,
    pub profile: ProfileId,
    pub strength: Strength,
    pub since: ShopTime,
    pub moves: u8,
    pub moves_day: u32,
}

/// A profile as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileRow {
    /// Shop.
    pub shop: ShopId,
    /// Whose.
    pub id: ProfileId,
    /// Version.
    pub version: u64,
    /// The hot half.
    pub hot: Vec<u8>,
    /// The warm half, when asked for (empty when there is none).
    pub warm: Option<Vec<u8>>,
}

/// A message with all that a screen, a sender or the numbers need. One row for every message considered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Shop.
    pub shop: ShopId,
    /// Which; contains the bucket.
    pub id: MessageId,
    /// To whom it was decided; she may have been merged since.
    pub profile: ProfileId,
    /// The address's door.
    pub address: DoorId,
    /// Journey by name.
    pub journey: String,
    /// Step by name.
    pub step: String,
    /// Template by name.
    pub template: String,
    /// Channel: `email`, later others.
    pub channel: String,
    /// 0 transactional, 1 triggered, 2 mass.
    pub lane: u8,
    /// Where it stands.
    pub state: MessageState,
    /// When it fell due.
    pub due: ShopTime,
    /// Not to be tried before.
    pub not_before: ShopTime,
    /// Not to be sent after.
    pub deadline: ShopTime,
    /// When it was decided.
    pub created_at: ShopTime,
    /// When it was approved, if ever.
    pub approved_at: Option<ShopTime>,
    /// When the first byte could have left.
    pub handed_at: Option<ShopTime>,
    /// When its state became final.
    pub ended_at: Option<ShopTime>,
    /// First human open.
    pub opened_at: Option<ShopTime>,
    /// First machine open.
    pub machine_opened_at: Option<ShopTime>,
    /// First human click.
    pub clicked_at: Option<ShopTime>,
    /// First scanner's click.
    pub machine_clicked_at: Option<ShopTime>,
    /// When it came back, was reported as spam, or led to an unsubscription.
    pub ended_badly_at: Option<ShopTime>,
    /// Code of the reason it was withheld or refused; empty when there is none.
    pub reason: String,
    /// Tries at the channel so far.
    pub tries: u32,
    /// Why: the reasons with values, as JSON, without personal text.
    pub why: String,
    /// What channel and gate said later, a line each.
    pub notes: String,
    /// What the message is about, as JSON: the lines of the cart when it was decided, for the sender and for
    /// replays.
    pub body: Vec<u8>,
}

/// A letter that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterRow {
    /// Which.
    pub key: LetterKey,
    /// As JSON.
    pub body: Vec<u8>,
}

/// An event as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Whose.
    pub profile: ProfileId,
    /// Hash of the message id.
    pub number: u64,
    /// When it happened.
    pub at: ShopTime,
    /// JSON.
    pub body: Vec<u8>,
}

/// A line of the journal as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRow {
    /// Whose.
    pub profile: ProfileId,
    /// Order within the store.
    pub seq: i64,
    /// When.
    pub at: ShopTime,
    /// JSON.
    pub body: Vec<u8>,
}

/// An input that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedRow {
    /// Bucket.
    pub bucket: Bucket,
    /// Hash of the input.
    pub number: u64,
    /// When it was parked.
    pub at: ShopTime,
    /// Why.
    pub reason: String,
    /// The input.
    pub body: Vec<u8>,
}

/// Where a list goes on: rows older than this one. Rows of one moment are ordered by their number, as signed
/// integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageKey {
    /// Time of the last row shown.
    pub at: ShopTime,
    /// Number of the last row shown.
    pub id: u64,
}

impl PageKey {
    /// Before every row.
    pub const NEWEST: PageKey = PageKey { at: ShopTime::NEVER, id: i64::MAX as u64 };
}

/// What a list of messages shows; `None` shows all.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    /// Shop.
    pub shop: ShopId,
    /// Decided for this profile.
    pub profile: Option<ProfileId>,
    /// Of this journey.
    pub journey: Option<String>,
    /// In this state.
    pub state: Option<MessageState>,
    /// Of this step.
    pub step: Option<String>,
    /// Ended for the reason of this code.
    pub reason: Option<String>,
    /// Of this channel.
    pub channel: Option<String>,
    /// Decided at this moment or later.
    pub from: Option<ShopTime>,
    /// Decided before this moment.
    pub until: Option<ShopTime>,
}

/// Where a timeline goes on. Later is greater; at one moment journal lines stand after events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimelineKey {
    /// Time of the last row shown.
    pub at: ShopTime,
    /// Whether that was a line of the journal.
    pub journal: bool,
    /// Its order within the store.
    pub seq: i64,
}

/// A row of a customer's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimelineRow {
    /// Something she did.
    Event {
        /// Order within the store.
        seq: i64,
        /// The event.
        event: EventRow,
    },
    /// Something that was considered for her.
    Journal(JournalRow),
}

impl TimelineRow {
    /// Where the timeline goes on after this row.
    #[must_use]
    pub fn key(&self) -> TimelineKey {
        match self {
            TimelineRow::Event { seq, event } => TimelineKey { at: event.at, journal: false, seq: *seq },
            TimelineRow::Journal(line) => TimelineKey { at: line.at, journal: true, seq: line.seq },
        }
    }
}

/// An order as stored, with its credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// Version.
    pub version: u64,
    /// State, as a record.
    pub body: Vec<u8>,
    /// Which message earned it.
    pub credit: Option<crate::CreditWrite>,
}

/// A number of a journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountRow {
    /// Hours since 1970; the first hour asked for where several were added up.
    pub hour: u32,
    /// Journey by name.
    pub journey: String,
    /// Step by name; empty for the journey itself.
    pub step: String,
    /// What was counted.
    pub metric: String,
    /// How many.
    pub n: i64,
}

/// What orders earned a step of a journey, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditSum {
    /// Journey by name.
    pub journey: String,
    /// Step by name.
    pub step: String,
    /// ISO 4217 code.
    pub currency: String,
    /// How many orders.
    pub orders: u64,
    /// How many messages earned them.
    pub messages: u64,
    /// Their net totals in minor units.
    pub minor: i64,
}

/// People who ordered because of a journey, and how many of them came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuyerSum {
    /// Journey by name.
    pub journey: String,
    /// People with an order credited to it.
    pub buyers: u64,
    /// Of them, people who placed another order after the first one of those.
    pub returned: u64,
}

/// What orders owe to an arm of a block of recommendations, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockSum {
    /// Block by name.
    pub block: String,
    /// Arm by name; empty where there is none.
    pub arm: String,
    /// ISO 4217 code.
    pub currency: String,
    /// How many orders.
    pub orders: u64,
    /// Pieces in them.
    pub units: u64,
    /// What those cost in minor units.
    pub minor: i64,
}

/// What the store knows of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The epoch that commits must carry.
    pub epoch: u64,
    /// Number of the last commit.
    pub commit_number: u64,
    /// The latest moment of the shop's clock that a commit carried.
    pub now: ShopTime,
}

/// What retention deletes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forget {
    /// Events.
    Events,
    /// Lines of the journal.
    Journal,
    /// Messages that are done with.
    Messages,
    /// What messages that are done with said; their rows stay.
    Bodies,
    /// That an event passed a door.
    Seen,
}

/// What one slice of retention did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// Rows deleted, or emptied.
    pub deleted: usize,
    /// Where the next slice begins; `None` when what follows is young enough.
    pub next: Option<i64>,
}

/// How much waits, counted up to a bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Messages that are not at their end, and unknown ones: lane, state, how many.
    pub messages: Vec<(u8, MessageState, u64)>,
    /// Inputs that wait for a person.
    pub parked: u64,
    /// Letters between buckets.
    pub letters: u64,
    /// What arrived at programs that stand by.
    pub inbox: u64,
}

/// A database file and its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSize {
    /// `customers` or `shop`, or `both` for a database on a server.
    pub plane: &'static str,
    /// Bytes of the database.
    pub bytes: u64,
    /// Bytes of the write-ahead log.
    pub log_bytes: u64,
}
