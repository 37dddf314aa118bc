//! The tracking API: Segment's HTTP API, spoken exactly, so that any SDK of Segment or RudderStack works unchanged.
//!
//! A request becomes [`Incoming`] events and nothing else: this module knows no engine and no database. What it needs
//! of them is the trait [`Intake`]. Source of the protocol: Segment's public documentation of its HTTP tracking API,
//! its common fields, its e-commerce specification v2, and what the SDKs were seen to send.

mod blocks;
mod body;
mod bots;
mod clock;
pub(crate) mod cors;
mod envelope;
mod facts;
mod http;
pub(crate) mod identity;
mod item;
mod json;
mod normalise;
mod page;
mod problem;
mod products;
mod settings;
mod traits;

#[cfg(test)]
mod tests;

use beckon_core::event::Incoming;
use beckon_core::ids::{MessageId, ShopId};
use beckon_core::time::{ShopTime, WallTime};
use std::future::Future;

pub(crate) use envelope::basic_user;
pub use http::router;
pub use problem::CODES;

/// What the tracking API needs of the rest: keys, clocks, and a place for events.
pub trait Intake: Send + Sync + 'static {
    /// What a key opens; `None` when no shop has it.
    fn key(&self, text: &str) -> Option<Key>;

    /// The shop's clock and the wall clock, read together.
    fn now(&self) -> (ShopTime, WallTime);

    /// Takes the events of one request, all or none. `Ok` means durable and deduplicated by [`Event::number`]: the
    /// client is then told 200 and forgets them.
    ///
    /// # Errors
    /// [`Refused`] when nothing was kept; the client will send the same events again.
    ///
    /// [`Event::number`]: beckon_core::event::Event::number
    fn submit(&self, shop: ShopId, events: Vec<Incoming>)
    -> impl Future<Output = Result<(), Refused>> + Send;

    /// The message a signed token of one of this shop's mails speaks of; `None` when the signature is not ours.
    fn message_of(&self, shop: ShopId, token: &str) -> Option<MessageId>;

    /// Whether the shop's server signed this user id or address; see `access::signing`.
    fn is_signed(&self, shop: ShopId, text: &str, signature: &str) -> bool;

    /// Notes a record that was answered with 200 and not, or not wholly, understood. It is what the page "events
    /// arriving" shows to a developer; it may be counted and cut.
    fn flag(&self, shop: ShopId, flag: Flag);

    /// Notes a request that was refused as a whole, by the code of [`Problem`]. Anybody may send such requests, so
    /// nothing of them is kept but how often and when.
    ///
    /// [`Problem`]: problem::Problem
    fn refused(&self, code: &'static str);
}

/// What a key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Whose key it is.
    pub shop: ShopId,
    /// Public or secret.
    pub kind: KeyKind,
    /// What the shop does with claims that come with the public key.
    pub mode: ClaimMode,
}

/// The two keys of a shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// In the page's source, for everyone to see: what it says is claimed.
    Write,
    /// On the shop's own servers: what it says is proved.
    Server,
}

/// Whether a shop lets the public key say who a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimMode {
    /// Claims of a user id, an address, a number or a card are identities, as with every peer.
    Open,
    /// They are left out unless the shop's server signed them; the anonymous id is an identity always.
    Signed,
}

/// Why events were not taken. The client is asked to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Too much at once.
    Busy {
        /// When to come again.
        retry_after_secs: u32,
    },
    /// They cannot be made durable now.
    Unavailable,
}

/// A record that was accepted and not, or not wholly, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// What was wrong.
    pub reason: Reason,
    /// Which call and which field; never a value that could be personal.
    pub what: String,
    /// When it arrived.
    pub at: ShopTime,
}

/// What was wrong with a record. [`Reason::code`] is the key under which a screen has the words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The record is no JSON object, or a value in it is beyond what JSON libraries read. Not kept.
    Unreadable,
    /// One event of a batch is over 32 KB. Not kept.
    TooLarge,
    /// `type` is missing or is none of the six calls. Not kept.
    UnknownType,
    /// No user id, no anonymous id, no address, number or card. Not kept.
    NoId,
    /// The browser's key may not say who it is in signed mode, and nothing else was said. Not kept.
    SignedOnly,
    /// A `track` call without an event name. Not kept.
    NoEventName,
    /// A crawler's page or product view with the public key. Not kept.
    Crawler,
    /// The time is unreadable or absurd; the time of arrival, or 20 years ago, was taken.
    BadTime,
    /// An id is too long, has control characters or is no text; left out.
    BadId,
    /// An id that stands for nobody (`null`, `undefined`, `guest`); left out.
    PlaceholderId,
    /// No plausible e-mail address; left out.
    BadEmail,
    /// No plausible telephone number; left out.
    BadPhone,
    /// A price, total or quantity is no plain number or out of bounds; left out or bounded.
    BadNumber,
    /// An event about a product that names none; kept by its name only.
    NoProduct,
    /// An event about an order without its id; kept by its name only.
    NoOrder,
    /// More than 200 lines; the rest was left out.
    TooManyProducts,
    /// An event about a recommendation block without its name; kept by its name only.
    NoBlock,
    /// A click token that is not ours; kept by its name only.
    BadToken,
    /// A signature of nothing that the call says of who it is: that counts as claimed.
    BadSignature,
    /// Who it is was said by the browser without a signature, in signed mode; left out.
    Unsigned,
    /// A consent that is neither yes nor no; left out.
    BadConsent,
    /// More than 32 traits, or names too long, or nested too deep; those were left out.
    TraitsLeftOut,
}

impl Reason {
    /// Every reason; its length is that of the enum as long as [`Reason::TraitsLeftOut`] stays the last.
    pub const ALL: [Reason; Reason::TraitsLeftOut as usize + 1] = [
        Reason::Unreadable,
        Reason::TooLarge,
        Reason::UnknownType,
        Reason::NoId,
        Reason::SignedOnly,
        Reason::NoEventName,
        Reason::Crawler,
        Reason::BadTime,
        Reason::BadId,
        Reason::PlaceholderId,
        Reason::BadEmail,
        Reason::BadPhone,
        Reason::BadNumber,
        Reason::NoProduct,
        Reason::NoOrder,
        Reason::TooManyProducts,
        Reason::NoBlock,
        Reason::BadToken,
        Reason::BadSignature,
        Reason::Unsigned,
        Reason::BadConsent,
        Reason::TraitsLeftOut,
    ];

    /// A stable name for screens and counters.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Reason::Unreadable => "unreadable",
            Reason::TooLarge => "too-large",
            Reason::UnknownType => "unknown-type",
            Reason::NoId => "no-id",
            Reason::SignedOnly => "signed-only",
            Reason::NoEventName => "no-event-name",
            Reason::Crawler => "crawler",
            Reason::BadTime => "bad-time",
            Reason::BadId => "bad-id",
            Reason::PlaceholderId => "placeholder-id",
            Reason::BadEmail => "bad-email",
            Reason::BadPhone => "bad-phone",
            Reason::BadNumber => "bad-number",
            Reason::NoProduct => "no-product",
            Reason::NoOrder => "no-order",
            Reason::NoBlock => "no-block",
            Reason::TooManyProducts => "too-many-products",
            Reason::BadToken => "bad-token",
            Reason::BadSignature => "bad-signature",
            Reason::Unsigned => "unsigned",
            Reason::BadConsent => "bad-consent",
            Reason::TraitsLeftOut => "traits-left-out",
        }
    }

    /// Whether the whole record was left out, not only a part of it.
    #[must_use]
    pub fn loses_event(self) -> bool {
        matches!(
            self,
            Reason::Unreadable
                | Reason::TooLarge
                | Reason::UnknownType
                | Reason::NoId
                | Reason::SignedOnly
                | Reason::NoEventName
                | Reason::Crawler
        )
    }
}
