//! Who holds an identity, decided at the identity's own door.

use crate::ids::{Door, DoorKind, ProfileId};
use crate::limits;
use crate::time::{DAY, ShopTime};

/// The holder of an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The identity.
    pub door: Door,
    /// Who holds it.
    pub profile: ProfileId,
    /// It is proved to be hers.
    pub proved: bool,
    /// Since when.
    pub since: ShopTime,
    /// Holders it had on `moves_day`.
    pub moves: u8,
    /// Day since 1970.
    pub moves_day: u32,
}

/// What a door answers to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is the claimant's from now on.
    Bound,
    /// It was the claimant's already.
    Hers,
    /// It is another's: they may be one person.
    Held(ProfileId),
    /// It is another's, and this browser turned into too many people today to mean anything.
    Refused,
}

/// Asks a door whose it is, on behalf of a claimant.
pub(crate) fn claim(
    holder: &mut Option<Holder>,
    door: &Door,
    claimant: ProfileId,
    proved: bool,
    at: ShopTime,
) -> Answer {
    let Some(held) = holder else {
        *holder = Some(Holder {
            door: door.clone(),
            profile: claimant,
            proved,
            since: at,
            moves: 0,
            moves_day: day(at),
        });
        return Answer::Bound;
    };
    if held.profile == claimant {
        held.proved |= proved;
        return Answer::Hers;
    }
    if door.kind != DoorKind::Anonymous {
        return Answer::Held(held.profile);
    }
    // Each claim by another person counts, whether or not it ends in a merge.
    if held.moves_day != day(at) {
        (held.moves, held.moves_day) = (0, day(at));
    }
    if held.moves >= limits::ANONYMOUS_MOVES_PER_DAY_MAX {
        return Answer::Refused;
    }
    held.moves += 1;
    Answer::Held(held.profile)
}

/// Gives a door a new holder, if it is still held by `from`.
pub(crate) fn rebind(holder: &mut Option<Holder>, from: ProfileId, to: ProfileId, at: ShopTime) -> bool {
    match holder {
        Some(held) if held.profile == from => {
            held.profile = to;
            held.since = at;
            true
        }
        _ => false,
    }
}

/// Whether a profile with `mine` may be merged into one with `theirs`: identities that only one person can have must
/// not differ.
#[must_use]
pub(crate) fn one_person(mine: &[Door], theirs: &[Door], via: DoorKind, proved: bool) -> bool {
    let differ = |kind: DoorKind| {
        let of = |doors: &[Door]| -> Vec<String> {
            doors.iter().filter(|d| d.kind == kind).map(|d| d.value.clone()).collect()
        };
        let (a, b) = (of(mine), of(theirs));
        !a.is_empty() && !b.is_empty() && !a.iter().any(|value| b.contains(value))
    };
    if differ(DoorKind::User) || differ(DoorKind::Card) {
        return false;
    }
    // A browser used by two addresses is a shared browser; an order or a user id in common is one person.
    let weak = via == DoorKind::Anonymous && !proved;
    !(weak && (differ(DoorKind::Email) || differ(DoorKind::Phone)))
}

fn day(at: ShopTime) -> u32 {
    (at.0 / DAY.0) as u32
}
