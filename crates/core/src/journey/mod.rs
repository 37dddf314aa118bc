//! The interpreter of journeys: who enters, where she goes on, and what ends it.

mod entry;
mod walk;

pub(crate) use entry::{entry_due, history_instead, left_fresh_for, look_back, on_event};
pub(crate) use walk::{
    after_message, come_again, event_for_waiting, exits, goals, leave, too_soon, waits_for, walk_all,
    withhold,
};

use crate::plan::{About, EntryOn, Exit, Journey};
use crate::profile::{Position, Profile};

/// Which exit of the journey holds for this position, if any.
pub(crate) fn exit_of(journey: &Journey, position: &Position, profile: &Profile) -> Option<&'static str> {
    let hot = &profile.hot;
    // Who leaves by ordering has nothing left to be reminded of; a journey that an order opens waits for the next one.
    let ordered = match journey.entry.on {
        EntryOn::Left => hot.ordered_at >= position.began(),
        EntryOn::Event(_) => hot.ordered_at > position.began(),
    };
    let another_cart = journey.about == About::Cart && hot.cart != position.subject;
    journey.exits.iter().find_map(|exit| match exit {
        Exit::Order if ordered && hot.ordered_at.0 != 0 => Some("order"),
        Exit::CartEmptied if hot.cart_lines == 0 || another_cart => Some("cart_emptied"),
        Exit::Unsubscribed if hot.consent.agreed == Some(false) || hot.email_stopped => Some("unsubscribed"),
        _ => None,
    })
}
