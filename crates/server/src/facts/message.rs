//! What a mail shows: the cart as it is now, with the catalogue's words, pictures and prices of this moment.

use super::remembered;
use crate::app::{App, SHOP};
use crate::blocks::fill;
use crate::blocks::outside;
use crate::blocks::question::{Ids, Question};
use crate::shop_state::ShopState;
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::{Door, DoorKind};
use beckon_core::money::Money;
use beckon_core::profile::Profile;
use beckon_core::wire::Hash64;
use beckon_recommend::block::Channel;
use beckon_render::{Customer, Facts, Item, Shelf, Shop};
use beckon_store::MessageRow;
use std::collections::HashMap;

/// Products of the recommendation block.
const RECOMMENDED: u16 = 4;
/// Whose block stands in the mails there are today.
const PLACE: &str = "abandoned_cart";

/// A message about to be rendered.
pub struct Draft {
    /// What the template sees.
    pub facts: Facts,
    /// The address it goes to.
    pub email: String,
    /// Language of the template.
    pub locale: String,
    /// Hash of the cart it shows.
    pub content: Hash64,
}

/// Why there is nothing to render.
#[derive(Debug)]
pub enum NoDraft {
    /// The store does not answer.
    Unavailable(String),
    /// The addressee has another address now, or is gone: the claim will say so.
    Gone,
}

/// Puts a message together from the customer and the catalogue as they are now.
///
/// # Errors
/// See [`NoDraft`].
pub fn draft(app: &App, row: &MessageRow) -> Result<Draft, NoDraft> {
    let unavailable = |why: beckon_store::Error| NoDraft::Unavailable(why.to_string());
    let found = app.store.profiles(SHOP, &[row.profile]).map_err(unavailable)?;
    let stored = found.first().ok_or(NoDraft::Gone)?;
    let profile = Profile::load(SHOP, row.profile, stored.version, &stored.hot, stored.warm.as_deref())
        .map_err(|_| NoDraft::Gone)?;
    let state = app.shop();
    let warm = profile.warm();
    let email = warm.email.said.value.clone();
    if Door::new(DoorKind::Email, email.clone()).id(SHOP) != row.address {
        return Err(NoDraft::Gone);
    }
    let said = warm.locale.value.as_str();
    let locale = if said.is_empty() { state.card.locale.clone() } else { said.to_owned() };
    let lines: Vec<(String, u32)> = warm.cart.lines().into_iter().map(|(id, n)| (id.to_owned(), n)).collect();
    let items = items(app, &lines).map_err(unavailable)?;
    let shelves = recommended(app, &lines, &profile, &locale).map_err(unavailable)?;
    let name = warm.first_name.value.clone();
    let facts = Facts {
        shop: shop(&state),
        customer: Customer { first_name: (!name.is_empty()).then_some(name) },
        total: total(&items),
        items,
        recommendations: Vec::new(),
        shelves,
        urls: app.links().urls(row.id.0, "marketing"),
        step: 0,
    };
    Ok(Draft { facts, email, locale, content: profile.hot.cart_content })
}

/// The goods of these lines that the catalogue knows and that can be ordered, in its words.
///
/// # Errors
/// The shop's plane cannot be read.
pub fn items(app: &App, lines: &[(String, u32)]) -> beckon_store::Result<Vec<Item>> {
    let numbers: Vec<u64> = lines.iter().map(|(id, _)| hash(Tag::Offer, SHOP, &[id.as_bytes()])).collect();
    let found: HashMap<u64, _> = app.plane.offers(SHOP, &numbers)?.into_iter().collect();
    let shown = numbers.iter().zip(lines).filter_map(|(number, (_, quantity))| {
        let offer = found.get(number).filter(|offer| offer.available)?;
        Some(Item {
            id: offer.id.clone(),
            title: offer.title.clone(),
            url: (!offer.url.is_empty()).then(|| offer.url.clone()),
            picture: offer.pictures.first().cloned(),
            price: offer.price,
            old_price: offer.old_price,
            quantity: *quantity,
            reason: None,
        })
    });
    Ok(shown.collect())
}

/// Products under the message: what the blocks of its place show from top to bottom, each by the arm she
/// is in; what one shows the next ones do not.
fn recommended(
    app: &App,
    lines: &[(String, u32)],
    profile: &Profile,
    locale: &str,
) -> beckon_store::Result<Vec<Shelf>> {
    let state = app.shop();
    let placed = state.blocks.at(PLACE, Channel::Message).unwrap_or_default();
    let seeds: Vec<String> = lines.iter().map(|(id, _)| id.clone()).collect();
    let asked = Question {
        size: Some(RECOMMENDED),
        channel: Channel::Message,
        products: Ids(seeds),
        ..Question::default()
    };
    let mut her = remembered::of(profile);
    let drawn_by = profile.id.to_string();
    let arms: Vec<_> = placed.iter().filter_map(|block| block.arm(SHOP, &drawn_by)).collect();
    let endpoints: Vec<String> = arms.iter().flat_map(|arm| outside::named(&arm.block, &asked)).collect();
    // A message is written on a thread that may wait.
    her.outside = outside::ask_here(app, &endpoints, &asked, &her);
    let mut shown: Vec<String> = Vec::new();
    let mut shelves = Vec::new();
    for arm in arms {
        let answer = fill::serve(app, &arm.block, &asked, &her, &shown);
        let lines: Vec<(String, u32)> = answer.items.into_iter().map(|one| (one.item, 1)).collect();
        shown.extend(lines.iter().map(|(item, _)| item.clone()));
        let title = arm.block.title(locale).unwrap_or_default().to_owned();
        let items = items(app, &lines)?;
        if !items.is_empty() {
            shelves.push(Shelf { title, items });
        }
    }
    Ok(shelves)
}

/// The sum, where every item has a price of one currency.
fn total(items: &[Item]) -> Option<Money> {
    let mut sum: Option<Money> = None;
    for item in items {
        let price = item.price?;
        let minor = price.minor.checked_mul(i64::from(item.quantity))?;
        sum = Some(match sum {
            None => Money { minor, ..price },
            Some(before) if before.currency == price.currency => {
                Money { minor: before.minor.checked_add(minor)?, ..before }
            }
            Some(_) => return None,
        });
    }
    sum
}

/// Who the shop is, for the template.
#[must_use]
pub fn shop(state: &ShopState) -> Shop {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let card = &state.card;
    Shop {
        name: card.name.clone(),
        site: some(&card.site),
        phones: card.phones.clone(),
        hours: some(&card.hours),
        address: some(&card.address),
        email: some(&card.email),
        logo: some(&card.logo),
    }
}
