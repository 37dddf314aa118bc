//! With what is replayed: the shop, its plan, its catalogue, and the model of the world around it.

use crate::model::Model;
use crate::stream::Catalogue;
use beckon_core::ids::ShopId;
use beckon_core::plan::Plan;
use beckon_core::time::ShopTime;

/// With what is replayed.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    /// The shop: part of every hash, so that draws are those of the live shop.
    pub shop: ShopId,
    /// Journeys and settings of the gate.
    pub plan: &'a Plan,
    /// What can be ordered when.
    pub catalogue: &'a dyn Catalogue,
    /// The channel and the people behind it.
    pub model: &'a Model,
    /// The first moment; day 0 of the report begins here.
    pub from: ShopTime,
    /// The moment at which it stops: what is to come then is *waiting*.
    pub until: ShopTime,
}
