//! The seal of the gate on a message that may be sent.

use crate::time::ShopTime;

/// Proof that the gate let a message pass; nobody else can make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approved {
    at: ShopTime,
}

impl Approved {
    pub(super) fn new(at: ShopTime) -> Approved {
        Approved { at }
    }

    /// When it was let pass.
    #[must_use]
    pub fn at(self) -> ShopTime {
        self.at
    }
}
