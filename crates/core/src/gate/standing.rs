//! Whether she may be written to at all.

use crate::ids::DoorId;
use crate::plan::Class;
use crate::turn::Turn;
use crate::why::Reason;

/// Her address and her consent, as the profile has them.
pub(super) fn standing(turn: &Turn, class: Class) -> Result<Reason, Reason> {
    let hot = &turn.profile.hot;
    if hot.email == DoorId(0) {
        return Err(Reason::new("no_address"));
    }
    if !class.is_marketing() {
        return Ok(Reason::new("consent_not_needed"));
    }
    if hot.email_stopped {
        return Err(Reason::new("address_stopped"));
    }
    match hot.consent.agreed {
        Some(true) => {
            let by = if hot.consent.proved { "shop" } else { "browser" };
            Ok(Reason::new("consented").with("at", hot.consent.stamp.at.0).with("by", by))
        }
        Some(false) => Err(Reason::new("consent_refused").with("at", hot.consent.stamp.at.0)),
        None => Err(Reason::new("consent_missing")),
    }
}
