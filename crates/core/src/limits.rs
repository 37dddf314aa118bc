//! Every bound of the core, with its reason and what gives way when it is reached.

use crate::time::{DAY, HOUR, Span};

/// The hot half is read and written with every event; one page of the database holds three.
pub const HOT_BYTES_MAX: usize = 1_024;
/// The warm half is read when it is needed; more would make a busy shopper slower than ten others.
pub const WARM_BYTES_MAX: usize = 16 * 1_024;

/// Journeys one person stands in at once. A further entry is refused and journaled.
pub const POSITIONS_MAX: usize = 6;
/// Messages of one person that wait at once. A further one is withheld.
pub const CANDIDATES_MAX: usize = 4;
/// Last messages kept for caps. No cap of any class looks at more.
pub const SENDS_MAX: usize = 8;
/// Journeys whose arm is remembered. The oldest goes.
pub const EXPOSURES_MAX: usize = 8;
/// Identities of one person that are recognised without asking their doors. Further ones are asked each time.
pub const DOORS_HOT_MAX: usize = 6;
/// Identities of one person kept with their text. The oldest goes; its door still points to her.
pub const DOORS_MAX: usize = 32;
/// Lines of a cart. The line that was touched longest ago goes.
pub const CART_LINES_MAX: usize = 50;
/// Single additions kept per line before the oldest are summed up; a later report of an older change is then ignored.
pub const CART_ADDS_MAX: usize = 6;
/// Products last looked at. The oldest goes.
pub const VIEWS_MAX: usize = 20;
/// Products on the wish list. The oldest goes.
pub const WISHES_MAX: usize = 50;
/// Orders kept one by one. The oldest are summed up.
pub const ORDERS_MAX: usize = 16;
/// Lines kept of an order in the profile; the order's door keeps them all.
pub const ORDER_LINES_MAX: usize = 10;
/// Clicks kept for attribution. The oldest goes; the window is shorter than they last.
pub const TOUCHES_MAX: usize = 12;
/// Clicks on recommended products kept for attribution. The oldest goes.
pub const BLOCK_TOUCHES_MAX: usize = 16;
/// Tests of blocks she is known to be in. The oldest goes, and may count her again.
pub const BLOCK_TESTS_MAX: usize = 8;
/// Clicks on recommended products kept at an order, of all who reported it.
pub const ORDER_BLOCK_TOUCHES_MAX: usize = 32;
/// Lines of an order kept at its door; a block earns nothing of further ones.
pub const ORDER_LINES_KEPT_MAX: usize = 100;
/// Blocks that one report of what was seen may name.
pub const BLOCKS_SEEN_MAX: usize = 16;
/// Profiles that were merged into this one, kept for its timeline. The oldest goes.
pub const ABSORBED_MAX: usize = 24;
/// Traits beyond the named ones. A further name is ignored.
pub const TRAITS_MAX: usize = 32;
/// Bytes of all traits beyond the named ones.
pub const TRAITS_BYTES_MAX: usize = 3_072;
/// Event names with measures in one profile. A further one is ignored.
pub const MEASURES_MAX: usize = 16;
/// Newest times kept per measure: the largest threshold a condition may ask for.
pub const MEASURE_TIMES_MAX: usize = 16;

/// Steps one input may take through one journey: a loop without a wait ends here and says so.
pub const STEPS_PER_INPUT_MAX: usize = 64;
/// Different people one browser may turn into on one day before it merges no more.
pub const ANONYMOUS_MOVES_PER_DAY_MAX: u8 = 3;
/// From one message to an address that is known by claim alone to the next.
pub const CLAIMED_ADDRESS_EVERY: Span = DAY;
/// How long a message has that a person sends again after its deadline: a night and what holds it back for a while.
pub const REPEAT_WITHIN: Span = DAY;
/// Default for how late a live event may come and still start a journey.
pub const FRESH_FOR: Span = HOUR;
/// How far ahead the gate looks for a message of higher priority.
pub const LOOK_AHEAD: Span = HOUR.times(2);
/// A click earns an order that is placed within this time.
pub const ATTRIBUTION: Span = DAY.times(5);
