//! Which shop something belongs to.

use serde::{Deserialize, Serialize};

/// A shop on this installation. Part of every key and of every statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShopId(pub u32);
