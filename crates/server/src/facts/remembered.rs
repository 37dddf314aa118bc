//! What is remembered of a customer, for recommendations to her.

use crate::app::App;
use crate::blocks::question::{Question, Remembered};
use crate::people::{self, Lookup};
use beckon_core::profile::Profile;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is remembered of whom the question names; nothing when nobody has that number or address.
///
/// # Errors
/// The store cannot be read.
pub async fn ask(app: &Arc<App>, asked: &Question) -> beckon_store::Result<Remembered> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let lookup = Lookup { email: some(&asked.email), user_id: some(&asked.user_id), ..Lookup::default() };
    let lookup = Lookup { anonymous_id: some(&asked.anonymous_id), ..lookup };
    if lookup == Lookup::default() {
        return Ok(Remembered::default());
    }
    let reading = app.clone();
    let found = tokio::task::spawn_blocking(move || people::find(&reading, &lookup)).await;
    let found = found.map_err(|why| beckon_store::Error::Unavailable(why.to_string()))??;
    Ok(found.first().map(of).unwrap_or_default())
}

/// What a profile remembers.
#[must_use]
pub fn of(profile: &Profile) -> Remembered {
    let warm = profile.warm();
    let bought = warm.orders.iter().filter(|order| order.stands());
    let facts: BTreeMap<String, String> =
        warm.traits.iter().map(|known| (known.name.clone(), known.value.clone())).collect();
    Remembered {
        visitor: Some(profile.id.0),
        cart: warm.cart.lines().into_iter().map(|(id, _)| id.to_owned()).collect(),
        viewed: warm.views.iter().rev().map(|view| view.id.clone()).collect(),
        favourites: warm.wishes.iter().rev().filter(|wish| wish.on).map(|wish| wish.id.clone()).collect(),
        bought: bought.flat_map(|order| order.items.iter().map(|item| (item.clone(), order.at.0))).collect(),
        facts,
        outside: BTreeMap::new(),
    }
}
