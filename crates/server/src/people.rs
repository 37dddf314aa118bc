//! A customer as screens and the API show her: found by an identity, followed over merges, with everything in words that
//! the catalogue and the journeys know.

use crate::app::{App, SHOP};
use crate::track::identity;
use crate::when::When;
use beckon_core::address::Address;
use beckon_core::catalogue::Offer;
use beckon_core::event::{OrderStatus, Strength};
use beckon_core::hash::{Tag, hash};
use beckon_core::ids::{Bucket, Door, DoorId, DoorKind, MessageId, ProfileId};
use beckon_core::money::Money;
use beckon_core::plan::Plan;
use beckon_core::profile::{PositionState, Profile};
use beckon_core::wire::Record;
use beckon_render::links::is_web;
use beckon_store::{Error, IdentityRow, Result, Wanted};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

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

/// An amount in answers: exact minor units, and the same as a decimal text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// ISO 4217 code.
    pub currency: String,
    /// Minor units.
    pub minor: i64,
    /// Decimal, as `1990.50`.
    pub amount: String,
    /// The amount to count or to write with.
    #[serde(skip)]
    pub money: Money,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Amount {
            currency: money.currency.code().to_owned(),
            minor: money.minor,
            amount: money.decimal(),
            money,
        }
    }
}

/// A customer in an answer, and for the page about her.
#[derive(Clone, Debug, Serialize)]
pub struct Portrait {
    /// Profile number.
    pub id: ProfileId,
    /// First heard of.
    pub created_at: When,
    /// Last sign of life.
    pub active_at: When,
    /// Identities, the best known first.
    pub identities: Vec<IdentityView>,
    /// The address in use.
    pub email: Option<String>,
    /// Whether that address is proved to be hers.
    pub email_proved: bool,
    /// What she said about marketing mail.
    pub consent: ConsentView,
    /// What is known of the address itself.
    pub address: AddressView,
    /// First name as typed.
    pub first_name: Option<String>,
    /// Last name as typed.
    pub last_name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Language tag.
    pub locale: Option<String>,
    /// IANA zone.
    pub time_zone: Option<String>,
    /// Other traits.
    pub traits: BTreeMap<String, String>,
    /// The cart.
    pub cart: CartView,
    /// Orders, newest first.
    pub orders: Vec<OrderView>,
    /// Products looked at, newest first.
    pub views: Vec<ViewView>,
    /// Products on the wish list.
    pub wishes: Vec<GoodsView>,
    /// Where she stands.
    pub journeys: Vec<StandView>,
    /// Arms of holdouts.
    pub holdout: Vec<ArmView>,
    /// Messages that wait for the gate or the sender.
    pub waiting: Vec<WaitingView>,
    /// Last messages that reached the channel.
    pub sends: Vec<SendView>,
    /// Profiles that were merged into this one.
    pub merged: Vec<ProfileId>,
}

/// An identity.
#[derive(Clone, Debug, Serialize)]
pub struct IdentityView {
    /// `user`, `card`, `email`, `phone`, `anonymous` or `order`.
    pub kind: DoorKind,
    /// Its text.
    pub value: String,
    /// `proved` or `claimed`.
    pub strength: Strength,
    /// Since when it is hers.
    pub since: When,
}

/// Consent by channel.
#[derive(Clone, Debug, Serialize)]
pub struct ConsentView {
    /// To marketing e-mail; `null` when she never said.
    pub email: Option<bool>,
    /// When she said so.
    pub at: When,
    /// `shop` or `browser`.
    pub by: Option<&'static str>,
}

/// State of an address.
#[derive(Clone, Debug, Serialize)]
pub struct AddressView {
    /// Marketing to it is stopped.
    pub stopped: bool,
    /// `complained`, `unsubscribed` or `bounced`.
    pub reason: Option<&'static str>,
}

/// Goods with the catalogue's words where it knows them.
#[derive(Clone, Debug, Serialize)]
pub struct GoodsView {
    /// Product id.
    pub product_id: String,
    /// How many; left out where it means nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u32>,
    /// Title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Price now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Amount>,
    /// Whether it can be ordered now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available: Option<bool>,
    /// Picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Page in the shop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl GoodsView {
    /// Goods of a line.
    #[must_use]
    pub fn of(id: &str, quantity: Option<u32>, offers: &HashMap<String, Offer>) -> GoodsView {
        let offer = offers.get(id);
        GoodsView {
            product_id: id.to_owned(),
            quantity,
            title: offer.map(|offer| offer.title.clone()),
            price: offer.and_then(|offer| offer.price).map(Amount::from),
            available: offer.map(|offer| offer.available),
            picture: offer.and_then(|offer| offer.pictures.iter().find(|url| is_web(url)).cloned()),
            url: offer.map(|offer| offer.url.clone()).filter(|url| is_web(url)),
        }
    }
}

/// A cart.
#[derive(Clone, Debug, Serialize)]
pub struct CartView {
    /// The shop's id of it.
    pub id: Option<String>,
    /// When it was last changed.
    pub changed_at: When,
    /// Lines.
    pub lines: Vec<GoodsView>,
}

/// An order.
#[derive(Clone, Debug, Serialize)]
pub struct OrderView {
    /// The shop's id.
    pub id: String,
    /// When it was placed.
    pub at: When,
    /// `completed`, `updated`, `refunded` or `cancelled`.
    pub status: &'static str,
    /// Total, where reported.
    pub total: Option<Amount>,
    /// First product ids.
    pub items: Vec<String>,
}

/// A product she looked at.
#[derive(Clone, Debug, Serialize)]
pub struct ViewView {
    /// Which.
    #[serde(flatten)]
    pub goods: GoodsView,
    /// Last time.
    pub at: When,
    /// Seconds really looked at.
    pub dwell_secs: u32,
}

/// A place in a journey.
#[derive(Clone, Debug, Serialize)]
pub struct StandView {
    /// Journey by name; its key where it is gone.
    pub journey: String,
    /// Step by name.
    pub step: String,
    /// `arrived`, `waiting`, `messaging` or `done`.
    pub state: &'static str,
    /// The start, from which waits may count.
    pub t0: When,
    /// When the step is looked at again.
    pub wake_at: When,
    /// Version of the graph she walks on.
    pub graph: u32,
}

/// An arm of a holdout.
#[derive(Clone, Debug, Serialize)]
pub struct ArmView {
    /// Journey by name.
    pub journey: String,
    /// `treated`, `held_out` or `mixed`.
    pub arm: &'static str,
    /// Since when.
    pub at: When,
}

/// A message that waits.
#[derive(Clone, Debug, Serialize)]
pub struct WaitingView {
    /// Its number.
    pub message: MessageId,
    /// Journey by name.
    pub journey: String,
    /// Step by name.
    pub step: String,
    /// When it fell due.
    pub due: When,
    /// Not before this.
    pub held_until: When,
    /// Not after this.
    pub deadline: When,
}

/// A message that reached the channel.
#[derive(Clone, Debug, Serialize)]
pub struct SendView {
    /// Its number.
    pub message: MessageId,
    /// Journey by name.
    pub journey: String,
    /// Step by name.
    pub step: String,
    /// When.
    pub at: When,
}

/// Name of a status of an order, as events write it.
#[must_use]
pub fn order_status(number: u32) -> &'static str {
    match number {
        n if n == OrderStatus::Updated as u32 => "updated",
        n if n == OrderStatus::Refunded as u32 => "refunded",
        n if n == OrderStatus::Cancelled as u32 => "cancelled",
        _ => "completed",
    }
}

/// Names of a journey and a step by their keys; the key itself where they are gone.
#[must_use]
pub fn names(plan: &Plan, journey: u32, graph: u32, step: u32) -> (String, String) {
    let Some(known) = plan.journeys.get(&journey) else {
        return (format!("#{journey:08x}"), format!("#{step:08x}"));
    };
    let step_name = known
        .graph(graph)
        .and_then(|graph| graph.step(step))
        .or_else(|| known.graphs.values().rev().find_map(|graph| graph.step(step)))
        .map_or_else(|| format!("#{step:08x}"), |step| step.name.clone());
    (known.name.clone(), step_name)
}

/// Puts a customer into words.
///
/// # Errors
/// The catalogue cannot be read.
pub fn portrait(app: &App, person: &Person) -> Result<Portrait> {
    let (profile, plan) = (&person.profile, app.shop().plan.clone());
    let (hot, warm) = (&profile.hot, profile.warm());
    let lines = warm.cart.lines();
    let wished: Vec<&str> = warm.wishes.iter().filter(|wish| wish.on).map(|wish| wish.id.as_str()).collect();
    let ids = lines.iter().map(|(id, _)| *id).chain(warm.views.iter().map(|view| view.id.as_str()));
    let offers = offers(app, ids.chain(wished.iter().copied()))?;
    let mut identities: Vec<IdentityView> = person.identities.iter().map(identity_view).collect();
    identities.sort_by_key(|identity| (identity.kind, identity.since.0));
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut views: Vec<ViewView> = warm.views.iter().map(|view| view_view(view, &offers)).collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.at.0));
    Ok(Portrait {
        id: profile.id,
        created_at: When(hot.created_at),
        active_at: When(hot.active_at),
        identities,
        email: some(&warm.email.said.value),
        email_proved: hot.email_proved,
        consent: ConsentView {
            email: hot.consent.agreed,
            at: When(hot.consent.stamp.at),
            by: hot.consent.agreed.map(|_| if hot.consent.proved { "shop" } else { "browser" }),
        },
        address: AddressView {
            stopped: person.address.stopped().is_some(),
            reason: person.address.stopped(),
        },
        first_name: some(&warm.first_name.value),
        last_name: some(&warm.last_name.value),
        phone: some(&warm.phone.value),
        locale: some(&warm.locale.value),
        time_zone: some(&warm.time_zone.value),
        traits: warm.traits.iter().map(|t| (t.name.clone(), t.value.clone())).collect(),
        cart: CartView {
            id: some(&warm.cart.id),
            changed_at: When(warm.cart.changed().at),
            lines: lines.iter().map(|(id, n)| GoodsView::of(id, Some(*n), &offers)).collect(),
        },
        orders: warm.orders.iter().map(order_view).collect(),
        views,
        wishes: wished.iter().map(|id| GoodsView::of(id, None, &offers)).collect(),
        journeys: hot.positions.iter().map(|position| stand(&plan, position)).collect(),
        holdout: hot.exposures.iter().map(|exposure| arm(&plan, exposure)).collect(),
        waiting: hot.candidates.iter().map(|candidate| waiting(&plan, candidate)).collect(),
        sends: hot.sends.iter().map(|send| sent(&plan, send)).collect(),
        merged: warm.absorbed.clone(),
    })
}

fn identity_view(row: &IdentityRow) -> IdentityView {
    IdentityView { kind: row.kind, value: row.value.clone(), strength: row.strength, since: When(row.since) }
}

fn view_view(view: &beckon_core::profile::View, offers: &HashMap<String, Offer>) -> ViewView {
    let goods = GoodsView::of(&view.id, None, offers);
    ViewView { goods, at: When(view.stamp.at), dwell_secs: view.dwell_secs }
}

fn order_view(order: &beckon_core::profile::OrderSeen) -> OrderView {
    OrderView {
        id: order.id.clone(),
        at: When(order.at),
        status: order_status(order.status),
        total: order.total.map(Amount::from),
        items: order.items.clone(),
    }
}

fn stand(plan: &Plan, position: &beckon_core::profile::Position) -> StandView {
    let (journey, step) = names(plan, position.journey, position.graph, position.step);
    let state = match position.state() {
        PositionState::Arrived => "arrived",
        PositionState::Waiting => "waiting",
        PositionState::Messaging => "messaging",
        PositionState::Done => "done",
    };
    let (t0, wake_at) = (When(position.t0), When(position.wake));
    StandView { journey, step, state, t0, wake_at, graph: position.graph }
}

fn arm(plan: &Plan, exposure: &beckon_core::profile::Exposure) -> ArmView {
    let arm = match exposure.arm {
        1 => "treated",
        2 => "held_out",
        _ => "mixed",
    };
    ArmView { journey: names(plan, exposure.journey, 0, 0).0, arm, at: When(exposure.at) }
}

fn waiting(plan: &Plan, candidate: &beckon_core::profile::Candidate) -> WaitingView {
    let (journey, step) = names(plan, candidate.journey, 0, candidate.step);
    WaitingView {
        message: candidate.message,
        journey,
        step,
        due: When(candidate.due),
        held_until: When(candidate.held_until),
        deadline: When(candidate.deadline),
    }
}

fn sent(plan: &Plan, send: &beckon_core::profile::Send) -> SendView {
    let (journey, step) = names(plan, send.journey, 0, send.step);
    SendView { message: send.message, journey, step, at: When(send.at) }
}

/// The profiles whose rows belong to a customer: her own and those merged into it.
#[must_use]
pub fn all_ids(profile: &Profile) -> Vec<ProfileId> {
    let mut ids = vec![profile.id];
    ids.extend(profile.warm().absorbed.iter().copied());
    ids
}
