//! What shoppers do, before it is told: to Beckon's tracker as calls ([`super::call`]), or to its core as events
//! ([`super::events`]).

use beckon_core::time::ShopTime;

/// Something a shopper did.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Doing {
    pub(super) at: ShopTime,
    /// On which of her devices.
    pub(super) device: u8,
    /// Counts what she did.
    pub(super) number: u64,
    pub(super) deed: Deed,
}

/// What it was.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    /// A page, by its path.
    Page(String),
    /// A shelf, by its category.
    ShelfSeen(u32),
    /// A product's page.
    Viewed(Line),
    /// How long she looked at it.
    Dwelled { offer: String, dwell_secs: u32 },
    /// Into the cart.
    Added { cart: String, line: Line },
    /// Out of the cart.
    Removed { cart: String, line: Line },
    /// The cart's page.
    CartSeen { cart: String, lines: Vec<Line> },
    /// The checkout is begun.
    CheckoutStarted(Basket),
    /// She orders.
    Ordered(Basket),
    /// She says who she is, and perhaps that she wants letters. A box left empty is no withdrawal.
    Identified { consent: bool },
    /// A link of a mail brought her, with this token.
    Came { token: String },
}

/// An offer, how many, and what one costs that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) offer: String,
    pub(super) quantity: u32,
    pub(super) price_rub: u32,
}

/// What goes through the checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Basket {
    pub(super) order: String,
    pub(super) cart: String,
    pub(super) lines: Vec<Line>,
}

impl Basket {
    /// The sum, in whole roubles.
    pub(super) fn total_rub(&self) -> u64 {
        self.lines.iter().map(|line| u64::from(line.price_rub) * u64::from(line.quantity)).sum()
    }
}
