//! The interpreter of journeys: who enters, where she goes on, and what ends it.

mod entry;
mod walk;

pub(crate) use entry::{entry_due, history_instead, on_event, on_left};
pub(crate) use walk::{after_message, come_again, event_for_waiting, exits, leave, walk_all, withhold};

use crate::plan::{Exit, Journey};
use crate::profile::{Position, Profile};

/// Which exit of the journey holds for this position, if any.
pub(crate) fn exit_of(journey: &Journey, position: &Position, profile: &Profile) -> Option<&'static str> {
    let hot = &profile.hot;
    journey.exits.iter().find_map(|exit| match exit {
        Exit::Order if hot.ordered_at >= position.t0 && hot.ordered_at.0 != 0 => Some("order"),
        Exit::CartEmptied if hot.cart_lines == 0 || hot.cart != position.subject => Some("cart_emptied"),
        Exit::Unsubscribed if hot.consent.agreed == Some(false) || hot.email_stopped => Some("unsubscribed"),
        _ => None,
    })
}
