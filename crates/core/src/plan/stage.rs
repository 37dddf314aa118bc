//! Stages of a customer's way, on which journeys are laid out for people.

use super::yaml::Node;
use super::{About, Entry, EntryOn, Problem, name_key};
use crate::segment::Condition;

/// Where on her way a journey meets a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// She looks around.
    Visit,
    /// Something lies in her cart.
    Cart,
    /// She orders.
    Order,
    /// She has ordered.
    After,
    /// She has not been seen for long.
    Silence,
}

impl Stage {
    /// All of them, in the order of her way.
    pub const ALL: [Stage; 5] = [Stage::Visit, Stage::Cart, Stage::Order, Stage::After, Stage::Silence];

    /// `visit`, `cart`, `order`, `after` or `silence`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Visit => "visit",
            Stage::Cart => "cart",
            Stage::Order => "order",
            Stage::After => "after",
            Stage::Silence => "silence",
        }
    }
}

/// Reads `stage`; where it is left out, what a journey is about and what starts it say it.
pub(super) fn stage(root: &Node, about: About, entry: &Entry) -> Result<Stage, Problem> {
    let Some(node) = root.get("stage") else { return Ok(of(about, entry)) };
    let name = node.text()?;
    Stage::ALL.into_iter().find(|stage| stage.name() == name).ok_or_else(|| {
        let what = format!("`{name}` is no stage of a customer's way");
        Problem::new(node.line, what, "use visit, cart, order, after or silence")
    })
}

fn of(about: About, entry: &Entry) -> Stage {
    let is = |key: u32, names: &[&str]| names.iter().any(|name| name_key(name) == key);
    match &entry.on {
        _ if about == About::Cart => Stage::Cart,
        EntryOn::Event(key) if is(*key, &["Product Added", "Cart Viewed"]) => Stage::Cart,
        EntryOn::Event(key) if is(*key, &["Checkout Started", "Payment Info Entered"]) => Stage::Order,
        EntryOn::Event(key) if is(*key, &["Order Completed", "Order Updated", "Order Refunded"]) => {
            Stage::After
        }
        EntryOn::Left if asks_for_the_cart(&entry.when) => Stage::Cart,
        // Whoever must be gone for a week and more is not coming back by herself.
        EntryOn::Left if entry.after >= crate::time::DAY.times(7) => Stage::Silence,
        _ => Stage::Visit,
    }
}

fn asks_for_the_cart(condition: &Condition) -> bool {
    match condition {
        Condition::CartNotEmpty => true,
        Condition::All(list) => list.iter().any(asks_for_the_cart),
        _ => false,
    }
}
