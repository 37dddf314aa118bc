//! Numbers and doors: how shops, customers, messages and identities are named.

pub use crate::shop_id::ShopId;

use crate::hash::{Tag, hash};
use serde::{Deserialize, Serialize};

/// How many buckets the customers of all shops are spread over. It can never change.
pub const BUCKETS: u16 = 1024;

/// A bucket, 0 to 1,023: the unit of ownership and of distribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bucket(pub u16);

/// What kind of identity a door is. Numbers are for ever; the order is the order in which an event chooses its door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum DoorKind {
    /// The shop's id of a signed-in customer.
    User = 1,
    /// A loyalty card.
    Card = 2,
    /// An e-mail address, lower case.
    Email = 3,
    /// A telephone number, digits with country code.
    Phone = 4,
    /// A browser or an app before anyone signed in.
    Anonymous = 5,
    /// An order of the shop.
    Order = 6,
}

/// An identity as a place: everything about it is decided in its bucket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Door {
    /// Which kind.
    pub kind: DoorKind,
    /// The normalised value.
    pub value: String,
}

/// The number of a door: what events and journal keep instead of the identity's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DoorId(pub u64);

/// A customer. The upper ten bits are the bucket, so the number says where the profile lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileId(pub u64);

/// A message to one address. The upper ten bits are the bucket its row lives in; the rest is a hash of journey, step,
/// address and occurrence, which a merge does not change: a second try is the same message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

impl Door {
    /// A door from its parts; the value must be normalised already.
    #[must_use]
    pub fn new(kind: DoorKind, value: impl Into<String>) -> Door {
        Door { kind, value: value.into() }
    }

    /// The bucket in which this identity is decided.
    #[must_use]
    pub fn bucket(&self, shop: ShopId) -> Bucket {
        let h = hash(Tag::Bucket, shop, &[&[self.kind as u8], self.value.as_bytes()]);
        Bucket((h % u64::from(BUCKETS)) as u16)
    }

    /// The number of this identity.
    #[must_use]
    pub fn id(&self, shop: ShopId) -> DoorId {
        DoorId(hash(Tag::Door, shop, &[&[self.kind as u8], self.value.as_bytes()]))
    }
}

impl DoorKind {
    /// The kind of a stored number.
    #[must_use]
    pub fn from_number(n: u8) -> Option<DoorKind> {
        [Self::User, Self::Card, Self::Email, Self::Phone, Self::Anonymous, Self::Order]
            .into_iter()
            .find(|kind| *kind as u8 == n)
    }
}

impl ProfileId {
    /// The profile born in `bucket` when `event` was the first to pass `door`.
    #[must_use]
    pub fn born(shop: ShopId, bucket: Bucket, door: DoorId, event: u64) -> ProfileId {
        let h = hash(Tag::Profile, shop, &[&door.0.to_le_bytes(), &event.to_le_bytes()]);
        ProfileId(u64::from(bucket.0) << 53 | (h >> 11))
    }

    /// Where the profile lives.
    #[must_use]
    pub fn bucket(self) -> Bucket {
        Bucket((self.0 >> 53) as u16 % BUCKETS)
    }
}

impl MessageId {
    /// The message of `parts` (journey, step, address, occurrence) with its row beside `profile`.
    #[must_use]
    pub fn of(shop: ShopId, profile: ProfileId, parts: &[&[u8]]) -> MessageId {
        MessageId(u64::from(profile.bucket().0) << 53 | (hash(Tag::Message, shop, parts) >> 11))
    }

    /// Where its row lives.
    #[must_use]
    pub fn bucket(self) -> Bucket {
        Bucket((self.0 >> 53) as u16 % BUCKETS)
    }

    /// What a merge does not change.
    #[must_use]
    pub fn same_as(self, other: MessageId) -> bool {
        (self.0 ^ other.0) << 11 == 0
    }
}

/// Numbers of 64 bits are written as 16 hex digits: a browser's numbers end at 2^53.
macro_rules! hex_text {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:016x}", self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                u64::from_str_radix(s, 16).map($name)
            }
        }
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
hex_text!(ProfileId);
hex_text!(MessageId);
