//! What is known of an e-mail address, at the address's own door: two profiles may share one inbox.

use crate::ids::ProfileId;
use crate::record;
use crate::time::{DAY, ShopTime};
use crate::wire::Hash64;
use serde::{Deserialize, Serialize};

record! {
    /// State of an address.
    #[derive(Eq)]
    pub struct Address {
        /// Someone behind it asked to get no more marketing; 0 when not.
        1 unsubscribed_at: ShopTime,
        /// Someone reported a message as spam; 0 when not.
        2 complained_at: ShopTime,
        /// It does not exist; 0 when it does.
        3 bounced_at: ShopTime,
        /// When something was last handed over to it.
        4 handed_at: ShopTime,
        /// Day (since 1970) of `handed_today`.
        5 day: u32,
        /// How many were handed over that day.
        6 handed_today: u32,
        /// Profiles that use it, to be told of a change.
        7 profiles: Vec<Hash64>,
        /// What `handed_at` was before: a message that did not arrive after all gives its place back.
        8 handed_before: ShopTime,
        /// The door's bucket: the number alone does not say it.
        9 bucket: u32,
    }
}

/// What may be said of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// This profile writes to it.
    Used,
    /// She asked to get no more.
    Unsubscribed,
    /// She agreed anew, after having asked for no more.
    Agreed,
    /// She reported spam.
    Complained,
    /// It does not exist.
    Bounced,
    /// A message is handed over to it.
    Handed,
    /// The message that was handed over last did not arrive: it may be tried again.
    Returned,
}

/// Profiles of one address that are told of a change. More than these share no inbox, they share a test address.
const PROFILES_MAX: usize = 16;

impl Address {
    /// Takes in what was said.
    pub fn say(&mut self, what: Said, profile: ProfileId, at: ShopTime) {
        match what {
            Said::Used => {}
            Said::Unsubscribed => self.unsubscribed_at = self.unsubscribed_at.max(at),
            Said::Agreed => {
                if at > self.unsubscribed_at {
                    self.unsubscribed_at = ShopTime(0);
                }
            }
            Said::Complained => self.complained_at = self.complained_at.max(at),
            Said::Bounced => self.bounced_at = self.bounced_at.max(at),
            Said::Handed => {
                self.handed_before = self.handed_at;
                self.handed_at = self.handed_at.max(at);
                let day = (at.0 / DAY.0) as u32;
                if self.day != day {
                    (self.day, self.handed_today) = (day, 0);
                }
                self.handed_today += 1;
            }
            Said::Returned => {
                self.handed_at = self.handed_at.min(self.handed_before);
                self.handed_today = self.handed_today.saturating_sub(1);
            }
        }
        let number = Hash64(profile.0);
        if !self.profiles.contains(&number) && self.profiles.len() < PROFILES_MAX {
            self.profiles.push(number);
        }
    }

    /// Why marketing to it is stopped, if it is.
    #[must_use]
    pub fn stopped(&self) -> Option<&'static str> {
        let on = |at: ShopTime| at != ShopTime(0);
        match () {
            () if on(self.complained_at) => Some("complained"),
            () if on(self.unsubscribed_at) => Some("unsubscribed"),
            () if on(self.bounced_at) => Some("bounced"),
            () => None,
        }
    }

    /// Why nothing at all can reach it.
    #[must_use]
    pub fn dead(&self) -> bool {
        self.bounced_at != ShopTime(0)
    }
}
