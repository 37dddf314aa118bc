//! A customer as screens and the API show her: found by an identity, followed over merges, with everything in words
//! that the catalogue and the journeys know.

mod portrait;
mod search;
pub mod stop;
pub mod stop_list;
mod views;

pub use portrait::{names, order_status, portrait};
pub use search::search;
pub use views::*;

use crate::app::{App, SHOP};
use crate::track::identity;
use beckon_core::address::Address;
use beckon_core::catalogue::Offer;
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::{Bucket, Door, DoorId, DoorKind, ProfileId};
use beckon_core::profile::Profile;
use beckon_core::wire::Record;
use beckon_store::{Error, IdentityRow, Result, Wanted};
use std::collections::HashMap;

/// Merges go from a higher number to a lower one, so a chain ends; this bounds a broken one.
const MERGES_MAX: usize = 16;

/// A customer with what lies beside her profile.
pub struct Person {
    /// All that is remembered of her.
    pub profile: Profile,
    /// Her identities.
    pub identities: Vec<IdentityRow>,
    /// What the door of her address says.
    pub address: Address,
}

/// By what somebody is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// E-mail address as typed.
    pub email: Option<String>,
    /// The shop's id.
    pub user_id: Option<String>,
    /// A browser's or an app's id.
    pub anonymous_id: Option<String>,
    /// Telephone as typed.
    pub phone: Option<String>,
    /// An order's id.
    pub order: Option<String>,
}

impl Lookup {
    /// What a person typed into the one field of the search: it is tried as everything it may be.
    #[must_use]
    pub fn anything(text: &str) -> Lookup {
        let some = || Some(text.trim().to_owned());
        let phone = some().filter(|text| text.chars().filter(char::is_ascii_digit).count() >= 7);
        Lookup { email: some(), user_id: some(), anonymous_id: some(), order: some(), phone }
    }

    fn doors(&self) -> Vec<Door> {
        let email = self.email.as_deref().and_then(identity::email);
        let phone = self.phone.as_deref().and_then(identity::phone);
        let plain = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let found = [
            (DoorKind::Email, email),
            (DoorKind::Phone, phone),
            (DoorKind::User, plain(&self.user_id)),
            (DoorKind::Anonymous, plain(&self.anonymous_id)),
        ];
        found.into_iter().filter_map(|(kind, value)| Some(Door::new(kind, value?))).collect()
    }
}

/// Who holds these identities, each once, followed over merges.
///
/// # Errors
/// The store cannot be read.
pub fn find(app: &App, lookup: &Lookup) -> Result<Vec<Profile>> {
    let doors: Vec<(Bucket, DoorId)> =
        lookup.doors().iter().map(|door| (door.bucket(SHOP), door.id(SHOP))).collect();
    let mut ids: Vec<ProfileId> =
        app.store.holders(SHOP, &doors)?.into_iter().map(|row| row.profile).collect();
    if let Some(id) = lookup.order.as_deref().filter(|id| !id.is_empty())
        && let Some(order) = order(app, id)?
    {
        ids.extend(order.profiles.iter().map(|number| ProfileId(number.0)));
    }
    let mut found: Vec<Profile> = Vec::new();
    for id in ids {
        if let Some(profile) = follow(app, id)?
            && !found.iter().any(|known| known.id == profile.id)
        {
            found.push(profile);
        }
    }
    Ok(found)
}

/// The profile that stands for this one now: itself, or what it was merged into.
///
/// # Errors
/// The store cannot be read.
pub fn follow(app: &App, id: ProfileId) -> Result<Option<Profile>> {
    let mut id = id;
    for _ in 0..MERGES_MAX {
        let rows = app.store.profiles(SHOP, &[id])?;
        let Some(row) = rows.first() else { return Ok(None) };
        let profile = Profile::load(SHOP, id, row.version, &row.hot, row.warm.as_deref())
            .map_err(|why| Error::Corrupt(why.to_string()))?;
        if profile.hot.merged_into == ProfileId(0) {
            return Ok(Some(profile));
        }
        id = profile.hot.merged_into;
    }
    Ok(None)
}

/// A profile with its identities and its address.
///
/// # Errors
/// The store cannot be read.
pub fn person(app: &App, profile: Profile) -> Result<Person> {
    let identities = app.store.identities(SHOP, profile.id)?;
    let email = &profile.warm().email.said.value;
    let address = if email.is_empty() { Address::default() } else { address(app, email)? };
    Ok(Person { profile, identities, address })
}

/// What the door of an address says; a normalised address.
///
/// # Errors
/// The store cannot be read.
pub fn address(app: &App, email: &str) -> Result<Address> {
    let door = Door::new(DoorKind::Email, email);
    let addresses = vec![(SHOP, door.bucket(SHOP), door.id(SHOP))];
    let found = app.store.load(&Wanted { addresses, ..Wanted::default() })?;
    match found.addresses.first() {
        Some((_, _, _, body)) => Address::from_bytes(body).map_err(|why| Error::Corrupt(why.to_string())),
        None => Ok(Address::default()),
    }
}

/// An order by the shop's id.
///
/// # Errors
/// The store cannot be read.
pub fn order(app: &App, id: &str) -> Result<Option<beckon_core::order::Order>> {
    let door = Door::new(DoorKind::Order, id);
    let row = app.store.order(SHOP, door.bucket(SHOP), door.id(SHOP))?;
    row.map(|row| beckon_core::order::Order::from_bytes(&row.body))
        .transpose()
        .map_err(|why| Error::Corrupt(why.to_string()))
}

/// Offers of the catalogue by the shop's ids.
///
/// # Errors
/// The shop's plane cannot be read.
pub fn offers<'a>(app: &App, ids: impl Iterator<Item = &'a str>) -> Result<HashMap<String, Offer>> {
    let mut numbers: Vec<u64> = ids.map(|id| hash(Tag::Offer, SHOP, &[id.as_bytes()])).collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(app.plane.offers(SHOP, &numbers)?.into_iter().map(|(_, offer)| (offer.id.clone(), offer)).collect())
}

/// The profiles whose rows belong to a customer: her own and those merged into it.
#[must_use]
pub fn all_ids(profile: &Profile) -> Vec<ProfileId> {
    let mut ids = vec![profile.id];
    ids.extend(profile.warm().absorbed.iter().copied());
    ids
}
