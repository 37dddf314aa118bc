//! An amount of money as answers show it.

use beckon_core::money::Money;
use serde::Serialize;

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
