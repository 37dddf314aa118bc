//! Settings of a shop as documents of its plane: what they are called and what they hold.

pub(crate) mod card;
pub(crate) mod gate;
pub(crate) mod keeping;
pub(crate) mod sending;

use crate::access::rights::Scope;
use beckon_core::plan::Settings as GateSettings;
use beckon_core::time::{DAY, ShopTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The kinds of documents in the shop's plane.
pub mod kind {
    /// Who the shop is, for its mails: one document, [`super::MAIN`].
    pub const SHOP: &str = "shop";
    /// How it is run: one document, [`super::MAIN`].
    pub const SETTINGS: &str = "settings";
    /// What signs links: one document, [`super::MAIN`].
    pub const SECRET: &str = "secret";
    /// What identities are signed with: one document, [`super::MAIN`].
    pub const SIGNING: &str = "signing";
    /// Keys: the write key by itself, the server key by its hash.
    pub const KEY: &str = "key";
    /// Journeys by name.
    pub const JOURNEY: &str = "journey";
    /// Templates, as `name.locale`.
    pub const TEMPLATE: &str = "template";
    /// Blocks of recommendations by name.
    pub const BLOCK: &str = "block";
    /// Which blocks stand where, as `place.channel`.
    pub const PLACE: &str = "place";
    /// An endpoint of the shop's own that recommends.
    pub const ENDPOINT: &str = "endpoint";
    /// People who sign in, by address.
    pub const STAFF: &str = "staff";
    /// What was filled in after an upgrade, by name.
    pub const FILLED: &str = "filled";
    /// Links by which somebody sets her password, by the hash of their token.
    pub const INVITATION: &str = "invitation";
}

/// Days for which events may be kept: a season at least, for recommendations; ten years at most.
pub const KEEP_EVENTS_DAYS: RangeInclusive<u32> = 90..=3_650;
/// Days for which reasons may be kept.
pub const KEEP_JOURNAL_DAYS: RangeInclusive<u32> = 7..=395;
/// Days for which what a message said may be kept.
pub const KEEP_BODIES_DAYS: RangeInclusive<u32> = 1..=90;

/// Name of the only document of its kind.
pub const MAIN: &str = "main";
/// Name of the document that says that words of older customers are filled in.
pub const WORDS: &str = "words";

/// Who the shop is: stands in every mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShopCard {
    /// Name.
    pub name: String,
    /// Address of the shop's site.
    pub site: String,
    /// Telephones.
    pub phones: Vec<String>,
    /// When somebody answers them.
    pub hours: String,
    /// Postal address: the law asks for it.
    pub address: String,
    /// Where replies are read.
    pub email: String,
    /// Address of the logo.
    pub logo: String,
    /// Address of the cart's page on the shop's site; empty: the site itself.
    pub cart_url: String,
    /// Language of mails to people whose own is not known.
    pub locale: String,
}

/// How the shop is run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShopSettings {
    /// `open` or `signed`: whether the browser's key may say who somebody is.
    pub mode: String,
    /// Part of all people, in millionths, who get no marketing.
    pub global_holdout_ppm: u32,
    /// Nothing is sent while this is set.
    pub stopped: bool,
    /// When the shop went on after its data was restored, in milliseconds of its clock; 0: never.
    pub resumed_at: i64,
    /// IANA zone of people whose own is not known.
    pub time_zone: String,
    /// First hour after quiet hours.
    pub quiet_until_hour: i8,
    /// First quiet hour.
    pub quiet_from_hour: i8,
    /// Days after a click in which an order is credited to it.
    pub attribution_days: u32,
    /// The relay, as `smtp://user:pass@host:port`; the environment's wins.
    pub smtp_url: String,
    /// Sender, as `Shop <shop@example.com>`; the environment's wins.
    pub from: String,
    /// Domain for the signature (DKIM); empty: mails are not signed.
    pub dkim_domain: String,
    /// Selector for the signature.
    pub dkim_selector: String,
    /// Private key (PEM).
    pub dkim_key: String,
    /// Days for which events are kept, and the rows of messages.
    pub keep_events_days: u32,
    /// Days for which the reasons of decisions are kept.
    pub keep_journal_days: u32,
    /// Days for which what a message said is kept.
    pub keep_bodies_days: u32,
    /// Where shoppers reach us, as `https://mail.example.com`; empty: the address the server listens on.
    pub public_origin: String,
}

impl Default for ShopSettings {
    fn default() -> Self {
        let gate = GateSettings::default();
        ShopSettings {
            mode: "open".to_owned(),
            global_holdout_ppm: gate.global_holdout_ppm,
            stopped: false,
            resumed_at: 0,
            time_zone: gate.time_zone,
            quiet_until_hour: gate.quiet_until_hour,
            quiet_from_hour: gate.quiet_from_hour,
            attribution_days: (gate.attribution.0 / DAY.0) as u32,
            smtp_url: String::new(),
            from: String::new(),
            dkim_domain: String::new(),
            dkim_selector: String::new(),
            dkim_key: String::new(),
            keep_events_days: 395,
            keep_journal_days: 90,
            keep_bodies_days: 90,
            public_origin: String::new(),
        }
    }
}

impl ShopSettings {
    /// The part the core decides with.
    #[must_use]
    pub fn gate(&self) -> GateSettings {
        GateSettings {
            global_holdout_ppm: self.global_holdout_ppm,
            time_zone: self.time_zone.clone(),
            quiet_until_hour: self.quiet_until_hour,
            quiet_from_hour: self.quiet_from_hour,
            stopped: self.stopped,
            resumed_at: ShopTime(self.resumed_at),
            attribution: DAY.times(i64::from(self.attribution_days)),
        }
    }
}

/// A journey as the shop keeps it: its text, what was set beside it, and every published graph.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyDocument {
    /// The text, as it was applied last.
    pub text: String,
    /// Whether it is on.
    pub on: bool,
    /// Since when, in milliseconds of the shop's clock.
    pub on_since: i64,
    /// Settings that override the text.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
    /// Version of the newest graph.
    pub graph: u32,
    /// Texts of published versions, so that who is inside walks on.
    #[serde(default)]
    pub texts: BTreeMap<u32, String>,
    /// Settings beside the text that were part of a published graph, by version.
    #[serde(default)]
    pub pinned: BTreeMap<u32, BTreeMap<String, String>>,
    /// When, and by whom, a version was published. Those of releases before this was kept are missing.
    #[serde(default)]
    pub published: BTreeMap<u32, Published>,
    /// What becomes of those who stand in an older version, by version.
    #[serde(default)]
    pub moves: BTreeMap<u32, MoveOrder>,
    /// When this document was written, in milliseconds of the shop's clock: the store knows only the wall's.
    #[serde(default)]
    pub changed_at: i64,
}

/// A publication.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Published {
    /// When, in milliseconds of the shop's clock.
    pub at: i64,
    /// By whom.
    pub by: String,
}

/// An order about everybody who stands in one version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MoveOrder {
    /// The version they go to.
    pub to: u32,
    /// Their series ends where they stand.
    pub end: bool,
    /// Where people go on whose step is gone, by names of steps.
    pub steps: BTreeMap<String, String>,
    /// Everybody was looked at since, in milliseconds of the shop's clock; 0 while it is under way.
    pub done_at: i64,
}

/// A template as the shop keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateDocument {
    /// The file: front matter and MJML.
    pub text: String,
}

/// A key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDocument {
    /// `write` or `server`.
    pub kind: String,
    /// First letters, to know it by.
    pub hint: String,
    /// What a server key may do: `read`, `write`, `admin`. Empty, as before there were scopes: read and write.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// What the shop calls it: the program that uses it.
    #[serde(default)]
    pub label: String,
}

impl KeyDocument {
    /// Whether a server key may do this.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        match self.scopes.as_slice() {
            [] => scope != Scope::Admin,
            scopes => scopes.iter().any(|known| known == scope.code()),
        }
    }
}

/// Somebody who signs in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffDocument {
    /// Hash of the password (argon2id, PHC string).
    pub password: String,
    /// `owner`, `marketer`, `analyst` or `developer`.
    pub role: String,
    /// Language of the screens.
    pub locale: String,
}
