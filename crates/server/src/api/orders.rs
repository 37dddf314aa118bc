//! Orders as their own doors know them.

use super::answer::{self, Answer, Refused};
use crate::amount::Amount;
use crate::app::{App, SHOP};
use crate::people;
use crate::when::When;
use axum::Json;
use axum::extract::{Path, State};
use beckon_core::ids::{Door, DoorKind, MessageId, ProfileId};
use beckon_core::money::{Currency, Money};
use beckon_store::CreditWrite;
use serde::Serialize;
use std::sync::Arc;

/// An order in an answer.
#[derive(Clone, Debug, Serialize)]
pub struct OrderView {
    /// The shop's id.
    pub id: String,
    /// When it was placed.
    pub placed_at: When,
    /// `completed`, `updated`, `refunded` or `cancelled`.
    pub status: &'static str,
    /// Total now.
    pub total: Option<Amount>,
    /// Profiles that reported it.
    pub profiles: Vec<ProfileId>,
    /// The message that earned it.
    pub credit: Option<CreditView>,
}

/// Which message earned an order.
#[derive(Clone, Debug, Serialize)]
pub struct CreditView {
    /// The message.
    pub message: MessageId,
    /// Journey by name.
    pub journey: String,
    /// Step by name.
    pub step: String,
    /// What it earned.
    pub revenue: Amount,
}

impl From<CreditWrite> for CreditView {
    fn from(credit: CreditWrite) -> Self {
        let currency = Currency::parse(&credit.currency).unwrap_or_default();
        CreditView {
            message: credit.message,
            journey: credit.journey,
            step: credit.step,
            revenue: Money { minor: credit.minor, currency }.into(),
        }
    }
}

/// `GET /api/v1/orders/{id}`
///
/// # Errors
/// There is no such order.
pub async fn one(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<OrderView> {
    answer::work(app, move |app| order(app, &id)).await.map(Json)
}

fn order(app: &App, id: &str) -> Result<OrderView, Refused> {
    let order = people::order(app, id)?.ok_or_else(|| Refused::missing("order"))?;
    let door = Door::new(DoorKind::Order, id);
    let credit = app.store.order(SHOP, door.bucket(SHOP), door.id(SHOP))?.and_then(|row| row.credit);
    Ok(OrderView {
        id: order.id.clone(),
        placed_at: When(order.placed_at),
        status: people::order_status(order.status),
        total: order.total.map(Amount::from),
        profiles: order.profiles.iter().map(|number| ProfileId(number.0)).collect(),
        credit: credit.map(CreditView::from),
    })
}
