//! Every bound of the index, with its reason: nothing a shopper, a bot or a feed does may grow it without
//! end.

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Bounds an owner may choose; the rest are constants of this file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Items seen in events but absent from the catalogue (removed, or invented by a hostile page) that keep
    /// counts.
    pub max_unlisted_items: usize,
    /// Visitors whose recent items are remembered; the one quiet for longest makes room.
    pub max_visitors: usize,
    /// A visitor quiet for longer than this is dropped.
    pub max_visitor_age_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_unlisted_items: 100_000, max_visitors: 200_000, max_visitor_age_ms: 90 * DAY_MS }
    }
}

/// Longest id an event may bring for an item that is not in the catalogue, in bytes.
pub(crate) const MAX_UNLISTED_NAME_BYTES: usize = 200;
/// Categories kept; an item of a category beyond them counts as having none.
pub(crate) const MAX_CATEGORIES: usize = 100_000;
/// Longest way from a category to its root; also what ends a circle of parents.
pub(crate) const MAX_CATEGORY_DEPTH: usize = 16;
/// Neighbours kept per item from views.
pub(crate) const MAX_VIEW_NEIGHBOURS: usize = 48;
/// Neighbours kept per item from carts and orders: on two years of real orders 32 lose a quarter of the hits
/// in completing a cart, 960 gain little over 96.
pub(crate) const MAX_ORDER_NEIGHBOURS: usize = 96;
/// Neighbours kept per item of what is bought after viewing it, and of what is ordered later.
pub(crate) const MAX_DIRECTED_NEIGHBOURS: usize = 24;
/// An order this long after another one may follow from it (a case after the phone).
pub(crate) const LATER_WINDOW_MS: i64 = 60 * DAY_MS;
/// Lines of earlier orders one line is paired with.
pub(crate) const MAX_LATER_PAIRED: usize = 10;
/// Terms of one item.
pub(crate) const MAX_ITEM_TERMS: usize = 64;
/// Terms of all items; those of later goods are not indexed.
pub(crate) const MAX_TERMS: usize = 2_000_000;
/// Cities with a chart of their own; those named later have the shop's.
pub(crate) const MAX_CITIES: usize = 2_000;
/// Goods in the chart of a city.
pub(crate) const MAX_CITY_GOODS: usize = 200;
/// Accessories one product or category names.
pub(crate) const MAX_ACCESSORIES: usize = 100;
/// Candidates of one strategy that are weighed against each other.
pub(crate) const MAX_POOL: usize = 160;
/// Goods with a shared term that are looked at for one list: what keeps likeness and search within their time.
pub(crate) const MAX_GOODS_SCANNED: usize = 2_000;
/// Goods of the rarest condition of a filter up to which they are all looked at, rather than a shelf walked.
pub(crate) const MAX_NARROW: usize = 1_000;
/// Items a visitor viewed last.
pub(crate) const MAX_RECENT_VIEWS: usize = 30;
/// Items a visitor put in the cart or ordered last; also the most lines of one order that are paired.
pub(crate) const MAX_RECENT_ACTS: usize = 40;
/// Earlier views one view is paired with.
pub(crate) const MAX_VIEWS_PAIRED: usize = 10;
/// Interactions of one kind that count per visitor and day. A person stays far below, a bot does not.
pub(crate) const MAX_COUNTED_PER_DAY: u16 = 200;
/// The day of the line above.
pub(crate) const BUDGET_WINDOW_MS: i64 = DAY_MS;
/// The same item viewed or carted again by the same visitor within this time is not counted again.
pub(crate) const REPEAT_WINDOW_MS: i64 = DAY_MS;
/// Views this close in time belong to one visit.
pub(crate) const VISIT_WINDOW_MS: i64 = HOUR_MS;
/// Lines this close in time belong to one order; all lines of an order usually carry one time.
pub(crate) const ORDER_WINDOW_MS: i64 = 5 * 60_000;
/// Cart additions this close, and views this close before an order, belong together.
pub(crate) const CART_WINDOW_MS: i64 = DAY_MS;
/// A live event further than this from the clock counts at the clock: a device's time is not trusted.
pub(crate) const MAX_CLOCK_SKEW_MS: i64 = DAY_MS;
/// An item is new for this long after it was added.
pub(crate) const NEW_FOR_MS: i64 = 30 * DAY_MS;
/// After this time a joint view weighs half.
pub(crate) const VIEW_HALF_LIFE_MS: i64 = 30 * DAY_MS;
/// After this time a joint order weighs half (90 days lost nothing on two years of real orders).
pub(crate) const ORDER_HALF_LIFE_MS: i64 = 90 * DAY_MS;
/// After this time a sale weighs half among the bestsellers.
pub(crate) const BESTSELLER_HALF_LIFE_MS: i64 = 21 * DAY_MS;
/// Longest list one query may ask for.
pub(crate) const MAX_PICKS: usize = 500;
/// Seeds of one query that are looked at, the last ones.
pub(crate) const MAX_SEEDS: usize = 64;
/// Items of a seed's category that are compared with it by content.
pub(crate) const MAX_CONTENT_CANDIDATES: usize = 200;
