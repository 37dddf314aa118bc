//! Conditions over a profile: whether they hold now, and when that changes by itself.
//!
//! The second answer sets a timer, so "no order for 30 days" becomes true at its millisecond without any recount.

use crate::profile::Profile;
use crate::time::{ShopTime, Span};
use std::collections::BTreeSet;

/// A condition: a typed tree, never SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// All hold; true when empty.
    All(Vec<Condition>),
    /// One holds; false when empty.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// Something is in the cart.
    CartNotEmpty,
    /// She has an e-mail address that may be written to.
    ReachableByEmail,
    /// She agreed to marketing e-mail.
    ConsentedToEmail,
    /// An event happened at least so often, within a window up to now or ever.
    Did {
        /// Key of the event's name.
        event: u32,
        /// How often.
        at_least: usize,
        /// Window.
        within: Option<Span>,
    },
    /// She clicked in a message of ours within this time.
    Clicked {
        /// Window.
        within: Span,
    },
    /// A trait has this value.
    TraitIs {
        /// Name of the trait.
        name: String,
        /// Value, as text.
        is: String,
    },
}

/// Whether a condition holds, and the first moment at which that may change without any input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it holds now.
    pub holds: bool,
    /// When to ask again; `None` when only an input can change it.
    pub changes_at: Option<ShopTime>,
}

impl Condition {
    /// Asks the condition of a profile.
    #[must_use]
    pub fn ask(&self, profile: &Profile, now: ShopTime) -> Answer {
        let still = |holds| Answer { holds, changes_at: None };
        match self {
            Condition::All(list) => many(list, profile, now, true),
            Condition::Any(list) => many(list, profile, now, false),
            Condition::Not(inner) => {
                let answer = inner.ask(profile, now);
                Answer { holds: !answer.holds, ..answer }
            }
            Condition::CartNotEmpty => still(profile.hot.cart_lines > 0),
            Condition::ReachableByEmail => still(profile.reachable_by_email()),
            Condition::ConsentedToEmail => still(profile.hot.consent.agreed == Some(true)),
            Condition::Did { event, at_least, within } => {
                let measure = profile.warm().measures.iter().find(|m| m.event == *event);
                let (holds, changes_at) =
                    measure.map_or((false, None), |m| m.at_least(*at_least, *within, now));
                Answer { holds, changes_at }
            }
            Condition::Clicked { within } => {
                let leaves = profile.warm().touches.first().map(|touch| touch.at.plus(*within));
                let leaves = leaves.filter(|leaves| now < *leaves);
                Answer { holds: leaves.is_some(), changes_at: leaves }
            }
            Condition::TraitIs { name, is } => {
                still(profile.warm().traits.iter().any(|t| t.name == *name && t.value == *is))
            }
        }
    }

    /// Collects the events whose times must be kept for this condition.
    pub fn measures(&self, into: &mut BTreeSet<u32>) {
        match self {
            Condition::All(list) | Condition::Any(list) => list.iter().for_each(|c| c.measures(into)),
            Condition::Not(inner) => inner.measures(into),
            Condition::Did { event, .. } => {
                into.insert(*event);
            }
            _ => {}
        }
    }

    /// The first part that does not hold, in the words of the plan: what the journal says.
    #[must_use]
    pub fn failing(&self, profile: &Profile, now: ShopTime) -> Option<&'static str> {
        match self {
            Condition::All(list) => list.iter().find_map(|c| c.failing(profile, now)),
            other if other.ask(profile, now).holds => None,
            Condition::Any(_) => Some("any"),
            Condition::Not(inner) if **inner == Condition::CartNotEmpty => Some("cart_empty"),
            Condition::Not(_) => Some("not"),
            Condition::CartNotEmpty => Some("cart_not_empty"),
            Condition::ReachableByEmail => Some("reachable"),
            Condition::ConsentedToEmail => Some("consented"),
            Condition::Did { .. } => Some("did"),
            Condition::Clicked { .. } => Some("clicked"),
            Condition::TraitIs { .. } => Some("trait"),
        }
    }
}

fn many(list: &[Condition], profile: &Profile, now: ShopTime, all: bool) -> Answer {
    let mut answer = Answer { holds: all, changes_at: None };
    for condition in list {
        let one = condition.ask(profile, now);
        if one.holds != all {
            answer.holds = !all;
        }
        answer.changes_at = match (answer.changes_at, one.changes_at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    answer
}

#[cfg(test)]
mod tests;
