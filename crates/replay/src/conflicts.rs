//! Who beat whom, and what became of the loser.

use crate::report::{Caps, Conflict};
use beckon_core::ids::{MessageId, ProfileId};
use beckon_core::why::{Journal, Reason};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Customers named as those whom caps held back most.
const NAMED: usize = 3;

/// What became of a message.
#[derive(Clone, Copy)]
pub(crate) enum Fate<'a> {
    Handed,
    Withheld(&'a str),
    Other,
}

/// Conflicts between journeys, and people at caps.
#[derive(Default)]
pub(crate) struct Conflicts {
    /// Losers whose fate is open, with whom they lost to and whose they are.
    open: BTreeMap<MessageId, (String, String)>,
    found: BTreeMap<(String, String), Conflict>,
    caps: BTreeMap<String, u64>,
    capped: BTreeMap<ProfileId, u32>,
}

impl Conflicts {
    /// Takes in a line that says that a message waits or is withheld.
    pub(crate) fn line(&mut self, profile: ProfileId, line: &Journal) {
        for why in &line.why {
            match why.code.as_str() {
                "cap" => {
                    let value = |name: &str| why.values.get(name).map_or("?", String::as_str);
                    let cap = format!("{} in {}", value("most"), value("within"));
                    *self.caps.entry(cap).or_default() += 1;
                    *self.capped.entry(profile).or_default() += 1;
                }
                "lost_to" | "merged_into" => self.lost(line, why),
                _ => {}
            }
        }
    }

    fn lost(&mut self, line: &Journal, why: &Reason) {
        let (Some(message), Some(winner)) = (line.message, why.values.get("journey")) else { return };
        if self.open.contains_key(&message) {
            return;
        }
        let pair = (winner.clone(), line.journey.clone());
        let found = self.found.entry(pair.clone()).or_default();
        (found.winner, found.loser) = pair.clone();
        found.times += 1;
        self.open.insert(message, pair);
    }

    /// A message came to its end.
    pub(crate) fn fate(&mut self, message: MessageId, fate: Fate) {
        let Some(pair) = self.open.remove(&message) else { return };
        let Some(found) = self.found.get_mut(&pair) else { return };
        match fate {
            Fate::Handed => found.sent_later += 1,
            Fate::Withheld(why) => *found.withheld.entry(why.to_owned()).or_default() += 1,
            Fate::Other => found.other += 1,
        }
    }

    pub(crate) fn report(mut self) -> (Vec<Conflict>, Caps) {
        let open: Vec<MessageId> = self.open.keys().copied().collect();
        for message in open {
            self.fate(message, Fate::Other);
        }
        let mut conflicts: Vec<Conflict> = self.found.into_values().collect();
        conflicts.sort_by_key(|conflict| Reverse(conflict.times));
        let people = self.capped.len() as u64;
        let mut most: Vec<(ProfileId, u32)> = self.capped.into_iter().collect();
        most.sort_by_key(|(id, times)| (Reverse(*times), *id));
        most.truncate(NAMED);
        (conflicts, Caps { people, by_cap: self.caps, most })
    }
}
