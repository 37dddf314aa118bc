//! The interpreter of journeys: who enters, where she goes on, and what ends it.

mod entry;
mod goals;
mod relocate;
mod walk;

pub(crate) use entry::{entry_due, history_instead, left_fresh_for, look_back, on_event};
pub(crate) use goals::{conversions, goals};
pub(crate) use relocate::relocate;
pub(crate) use walk::{
    after_message, come_again, event_for_waiting, exits, leave, too_soon, waits_for, walk_all,
};

use crate::plan::{About, EntryOn, Exit, Journey, Plan};
use crate::profile::{Position, Profile};
use crate::wire::Hash64;

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

/// What is about the cart as the profile has it is from now on about this one (key and content): she did nothing to it,
/// we only learned more of it.
pub(crate) fn rekey_cart(plan: &Plan, profile: &mut Profile, (cart, content): (Hash64, Hash64)) {
    let about_cart = |journey: u32| plan.journeys.get(&journey).is_some_and(|j| j.about == About::Cart);
    let hot = &mut profile.hot;
    let (old, old_content) = (hot.cart, hot.cart_content);
    for position in hot.positions.iter_mut().filter(|p| about_cart(p.journey) && p.subject == old) {
        position.subject = cart;
        // The series does not start anew for it.
        if position.content == old_content {
            position.content = content;
        }
    }
    for candidate in hot.candidates.iter_mut().filter(|c| about_cart(c.journey) && c.subject == old) {
        candidate.subject = cart;
    }
    for send in hot.sends.iter_mut().filter(|s| about_cart(s.journey) && s.subject == old) {
        send.subject = cart;
    }
    hot.cart = cart;
}
