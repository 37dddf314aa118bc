//! The shapes in which the API and the screens tell of a customer.

use crate::amount::Amount;
use crate::when::When;
use beckon_core::catalogue::Offer;
use beckon_core::event::Strength;
use beckon_core::ids::{DoorKind, MessageId, ProfileId};
use beckon_render::links::is_web;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

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
