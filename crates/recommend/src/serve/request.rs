//! What is asked: who, where, and starting from what.

use crate::block::Channel;

/// A question to fill a block. Everything may be left out: `Request::default()` is an unknown shopper on the home page.
/// Ids nobody knows are no harm.
///
/// The index remembers what a visitor did last (views, carts, orders); what the profile knows better or longer comes
/// with the question.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// Who: the number her interactions were observed under.
    pub visitor: Option<u64>,
    /// Goods of the page or message, oldest first: the product, the lines of the order. Never returned.
    pub seeds: &'a [&'a str],
    /// The cart as it is now. Never returned.
    pub cart: &'a [&'a str],
    /// The cart she left, without what she ordered of it.
    pub left_cart: &'a [&'a str],
    /// What she looked at, oldest first, where the index does not know her: a page that keeps it in its browser.
    pub viewed: &'a [&'a str],
    /// Her favourites, newest last.
    pub favourites: &'a [&'a str],
    /// What she bought as far as the profile goes back, in any order.
    pub bought: &'a [Purchase<'a>],
    /// Categories she subscribed to.
    pub subscribed: &'a [&'a str],
    /// What she searched for last, newest last.
    pub searches: &'a [&'a str],
    /// What her profile says that goods may have as attributes: ("size", "42"), ("pet", "cat").
    pub facts: &'a [(&'a str, &'a str)],
    /// Category of the page.
    pub category: Option<&'a str>,
    /// The search of this moment.
    pub query: Option<&'a str>,
    /// Her city, as the orders name it.
    pub city: Option<&'a str>,
    /// Her country, two letters.
    pub country: Option<&'a str>,
    /// Where the block is shown.
    pub channel: Channel,
    /// What else must not come: shown elsewhere on the page or in the last mail. No variant of it comes either.
    pub exclude: &'a [&'a str],
    /// What endpoints of the shop's own answered, by their names; one that is not here had no answer.
    pub outside: &'a [(&'a str, &'a [&'a str])],
    /// Fewer or more places than the block has; at most 100.
    pub size: Option<u16>,
}

/// One line of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purchase<'a> {
    /// The item's id.
    pub item: &'a str,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
}
