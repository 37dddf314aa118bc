//! What a shop, a browser or an app reports, normalised: one shape whatever SDK spoke.
//!
//! [`Event`] is what is remembered for months and holds no personal text; names, addresses and other traits of the
//! person travel beside it in [`Incoming`] and end in the profile only.

use crate::ids::Door;
use crate::money::Money;
use crate::time::ShopTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One event on its way in, with everything that was said about the person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incoming {
    /// What happened.
    pub event: Event,
    /// Who it happened to: every identity on the event, in the order of [`crate::ids::DoorKind`].
    pub identities: Vec<Identity>,
    /// What was said about the person; empty for most events.
    #[serde(default, skip_serializing_if = "Traits::is_empty")]
    pub traits: Traits,
}

/// An identity on an event and how well it is known to be hers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Which identity.
    pub door: Door,
    /// Proved, or merely said.
    pub strength: Strength,
}

/// How well an identity or a trait is known. The browser's key is public, so what it says is a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Strength {
    /// Said by a browser or typed into a form.
    #[default]
    Claimed = 1,
    /// Said with the server key, signed, confirmed by mail, or reported by browser and shop alike.
    Proved = 2,
}

/// Whether journeys may start from an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It happens now.
    #[default]
    Live,
    /// It is told afterwards: an import or a back-fill. Facts are folded, nothing is entered.
    History,
}

/// Who reported an event; a higher rank wins where two report the same order at the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Source {
    /// A page or an app, with the public key.
    #[default]
    Browser = 1,
    /// The shop's own servers, with the server key.
    Server = 2,
}

/// Something that happened, without personal text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Hash of the SDK's message id: the key by which a retry is known.
    pub number: u64,
    /// When it happened: the client's clock corrected for skew, never after `received_at`.
    pub occurred_at: ShopTime,
    /// When it reached us.
    pub received_at: ShopTime,
    /// Live or told afterwards.
    #[serde(default)]
    pub mode: Mode,
    /// Who reported it.
    #[serde(default)]
    pub source: Source,
    /// What it was.
    pub fact: Fact,
}

/// What happened. Names the rest of Beckon acts on have a variant; every other name is [`Fact::Other`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Fact {
    /// A page or a screen was shown. The path has no query and no address in it.
    Page {
        /// Path of the page, or name of the screen.
        path: String,
    },
    /// The person is still there: a foreground heartbeat.
    Heartbeat,
    /// A product's page was looked at.
    ProductViewed {
        /// Which product.
        item: ItemRef,
    },
    /// A product was really looked at for so long.
    ProductDwelled {
        /// Which product.
        item: ItemRef,
        /// Seconds in the foreground with input.
        dwell_secs: u32,
    },
    /// A list of a category was looked at.
    ListViewed {
        /// The category's id or name as reported.
        category: String,
    },
    /// Something was put into the cart.
    CartAdded {
        /// The shop's cart id; empty when it has none.
        cart: String,
        /// What and how many.
        line: Line,
    },
    /// Something was taken out of the cart.
    CartRemoved {
        /// The shop's cart id; empty when it has none.
        cart: String,
        /// What; `quantity` 0 means all of it.
        line: Line,
    },
    /// The whole cart as it stands.
    CartIs {
        /// The shop's cart id; empty when it has none.
        cart: String,
        /// All lines; empty when the cart was emptied.
        lines: Vec<Line>,
    },
    /// The checkout was begun.
    CheckoutStarted {
        /// The shop's cart id; empty when it has none.
        cart: String,
        /// Lines in the checkout, where reported.
        lines: Vec<Line>,
    },
    /// An order was placed or changed.
    Order(OrderFact),
    /// Something was put on or taken off a wish list.
    Wished {
        /// Which product.
        item: ItemRef,
        /// On the list, or off it.
        on: bool,
    },
    /// The person told who she is; the names of the traits that came, not their values.
    Identified {
        /// Names of traits, sorted.
        traits: Vec<String>,
    },
    /// Blocks of recommendations came into view.
    BlocksSeen {
        /// Which, at most [`crate::limits::BLOCKS_SEEN_MAX`].
        blocks: Vec<BlockSeen>,
    },
    /// A recommended product was clicked.
    BlockClicked {
        /// Block by name.
        block: String,
        /// Arm of the block's test by name; empty where there is none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        arm: String,
        /// Which product.
        item: ItemRef,
    },
    /// A link of one of our messages brought her to the site; a hint, never an identity.
    CameFromMessage {
        /// The message of the signed token.
        message: crate::ids::MessageId,
    },
    /// Any other event of the shop, by its name.
    Other {
        /// Name as reported, at most 100 characters.
        name: String,
        /// The product it is about, if it names one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<ItemRef>,
    },
}

/// A block of recommendations that came into view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockSeen {
    /// Block by name.
    pub block: String,
    /// Arm of the block's test by name; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub arm: String,
}

/// A product as an event names it. The catalogue decides what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemRef {
    /// `product_id`, else `sku`: at most 100 characters.
    pub id: String,
    /// A second name by which the catalogue may know it (`sku`, `variant`); empty when none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alt: String,
}

/// A line of a cart or an order, as reported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which product.
    pub item: ItemRef,
    /// How many; 1 when the event does not say.
    pub quantity: u32,
    /// Price of one at that time, for history and sums; messages show the catalogue's price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
}

/// What one source said about one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFact {
    /// The shop's order id, at most 100 characters.
    pub id: String,
    /// What became of it.
    pub status: OrderStatus,
    /// What the customer pays, in minor units, where reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
    /// What was ordered, where reported.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
}

/// The states of an order that Beckon acts on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum OrderStatus {
    /// Placed.
    #[default]
    Completed = 1,
    /// Changed in lines or total.
    Updated = 2,
    /// Wholly or partly paid back.
    Refunded = 3,
    /// Cancelled.
    Cancelled = 4,
}

/// What was said about a person. `None` means not said; an empty text means taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits {
    /// E-mail address, normalised; not said when it was no address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number in digits with country code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// First name as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name as typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Whether marketing e-mail is agreed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_consent: Option<bool>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Language tag (BCP 47), as `ru` or `en-GB`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The rest, as text, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub other: BTreeMap<String, String>,
}

impl Incoming {
    /// Whether it says something of the person. SDKs repeat zone and language with every page; they count where more is
    /// said, so that a mere page view never touches more than the hot half.
    #[must_use]
    pub fn tells(&self) -> bool {
        if !self.event.is_passing() {
            return !self.traits.is_empty();
        }
        let repeated = Traits {
            time_zone: self.traits.time_zone.clone(),
            locale: self.traits.locale.clone(),
            ..Traits::default()
        };
        self.traits != repeated
    }
}

impl Traits {
    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Traits::default()
    }
}

impl Event {
    /// Whether it tells no more than that somebody was there.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            self.fact,
            Fact::Page { .. } | Fact::Heartbeat | Fact::ListViewed { .. } | Fact::BlocksSeen { .. }
        )
    }

    /// Whether it shows that the person is there now. That the shop tells who she is (a nightly synchronisation) is no
    /// act of hers.
    #[must_use]
    pub fn is_sign_of_life(&self) -> bool {
        let told = self.source == Source::Server && matches!(self.fact, Fact::Identified { .. });
        self.fact.is_activity() && !told
    }
}

impl Fact {
    /// The name of the event in Segment's e-commerce specification (v2), or our own where it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Fact::Page { .. } => "Page Viewed",
            Fact::Heartbeat => "Heartbeat",
            Fact::ProductViewed { .. } => "Product Viewed",
            Fact::ProductDwelled { .. } => "Product Dwelled",
            Fact::ListViewed { .. } => "Product List Viewed",
            Fact::CartAdded { .. } => "Product Added",
            Fact::CartRemoved { .. } => "Product Removed",
            Fact::CartIs { .. } => "Cart Viewed",
            Fact::CheckoutStarted { .. } => "Checkout Started",
            Fact::Order(order) => match order.status {
                OrderStatus::Completed => "Order Completed",
                OrderStatus::Updated => "Order Updated",
                OrderStatus::Refunded => "Order Refunded",
                OrderStatus::Cancelled => "Order Cancelled",
            },
            Fact::Wished { on: true, .. } => "Product Added to Wishlist",
            Fact::Wished { on: false, .. } => "Product Removed from Wishlist",
            Fact::Identified { .. } => "Identify",
            Fact::BlocksSeen { .. } => "Recommendations Viewed",
            Fact::BlockClicked { .. } => "Recommendation Clicked",
            Fact::CameFromMessage { .. } => "Message Clicked",
            Fact::Other { name, .. } => name,
        }
    }

    /// Whether it shows that the person is there now: it moves `left_at`. What the shop reports about an order, or we
    /// about ourselves, does not.
    #[must_use]
    fn is_activity(&self) -> bool {
        !matches!(self, Fact::Order(order) if order.status != OrderStatus::Completed)
    }
}
