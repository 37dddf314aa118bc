//! How the channel and the people behind it behave: what nobody can know of messages that were never sent.

use beckon_core::hash::{Tag, hash, unit};
use beckon_core::ids::ShopId;
use beckon_core::input::Reaction;
use beckon_core::time::{DAY, HOUR, MINUTE, SECOND, ShopTime, Span};

/// The model. Shares are between 0 and 1 and are drawn by a hash of seed and message (or address), so that two
/// plans over the same stream meet the same luck.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What makes these draws different from others.
    pub seed: u64,
    /// Messages the channel takes in a second, at most.
    pub rate_per_sec: f64,
    /// From handing a message over to the channel's answer.
    pub answers_after: Span,
    /// Addresses that do not exist.
    pub dead_addresses: f64,
    /// Tries that are put off by ten minutes.
    pub deferred: f64,
    /// Tries of which nobody can say what became.
    pub unknown: f64,
    /// Messages that are opened.
    pub opened: f64,
    /// Opened messages with a click.
    pub clicked: f64,
    /// Opened messages that end in an unsubscription.
    pub unsubscribed: f64,
    /// Opened messages that are reported as spam.
    pub complained: f64,
}

impl Default for Model {
    /// Usual figures of a triggered mail: about half are opened, a fifth of those clicked.
    fn default() -> Self {
        Model {
            seed: 0,
            rate_per_sec: 20.0,
            answers_after: SECOND,
            dead_addresses: 0.01,
            deferred: 0.01,
            unknown: 0.0005,
            opened: 0.45,
            clicked: 0.25,
            unsubscribed: 0.006,
            complained: 0.0005,
        }
    }
}

/// How long a deferred message waits for its next try.
pub(crate) const DEFERRED_FOR: Span = MINUTE.times(10);
/// From a click to the page of the shop.
pub(crate) const ARRIVES_AFTER: Span = SECOND.times(5);

/// What becomes of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Try {
    Taken,
    NoSuchAddress,
    Deferred,
    Unknown,
}

impl Model {
    /// An even draw for a question about a number.
    fn draw(&self, question: &str, about: u64, more: u64) -> f64 {
        let parts: [&[u8]; 4] =
            [question.as_bytes(), &self.seed.to_le_bytes(), &about.to_le_bytes(), &more.to_le_bytes()];
        unit(hash(Tag::Model, ShopId(0), &parts))
    }

    /// What the channel answers to a try; an address that does not exist never does.
    pub(crate) fn answer(&self, address: u64, message: u64, tries: u32) -> Try {
        if self.draw("dead", address, 0) < self.dead_addresses {
            return Try::NoSuchAddress;
        }
        let draw = self.draw("try", message, u64::from(tries));
        match () {
            () if draw < self.deferred => Try::Deferred,
            () if draw < self.deferred + self.unknown => Try::Unknown,
            () => Try::Taken,
        }
    }

    /// How she reacts to a message that arrived, and when. Most do within hours, the last after three days.
    pub(crate) fn reactions(&self, message: u64, sent: ShopTime) -> Vec<(ShopTime, Reaction)> {
        if self.draw("opened", message, 0) >= self.opened {
            return Vec::new();
        }
        let slow = self.draw("how late", message, 0);
        let late = Span((slow.powi(4) * 3.0 * DAY.0 as f64) as i64).0 + MINUTE.0;
        let mut at = sent.plus(Span(late));
        let mut all = vec![(at, Reaction::Opened)];
        let mut then = |question: &str, share: f64, kind: Reaction| {
            if self.draw(question, message, 0) < share {
                at = at.plus(SECOND.times(20)).plus(Span((self.draw(question, message, 1) * 3e5) as i64));
                all.push((at, kind));
            }
        };
        then("clicked", self.clicked, Reaction::Clicked);
        then("unsubscribed", self.unsubscribed, Reaction::Unsubscribed);
        then("complained", self.complained, Reaction::Complained);
        all
    }

    /// Thousandths of a millisecond from one message to the next; a rate of nothing is one a day.
    pub(crate) fn slot_micros(&self) -> i64 {
        let least = 1.0 / (24.0 * HOUR.0 as f64 / 1_000.0);
        let rate = if self.rate_per_sec.is_finite() { self.rate_per_sec.clamp(least, 1e6) } else { 1e6 };
        (1e6 / rate) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_out_as_they_are_given_and_draws_stay_the_same() {
        let model = Model { seed: 3, ..Model::default() };
        let at = ShopTime(0);
        let opened = (0..20_000).filter(|n| !model.reactions(*n, at).is_empty()).count();
        assert!((8_600..9_400).contains(&opened), "{opened}");
        let clicks = (0..20_000)
            .filter(|n| model.reactions(*n, at).iter().any(|(_, kind)| *kind == Reaction::Clicked))
            .count();
        assert!((2_050..2_450).contains(&clicks), "{clicks}");
        let dead = (0..20_000).filter(|n| model.answer(*n, 1, 0) == Try::NoSuchAddress).count();
        assert!((140..260).contains(&dead), "{dead}");
        assert_eq!(model.reactions(5, at), model.reactions(5, at));
        let other = Model { seed: 4, ..Model::default() };
        assert!((0..100).any(|n| other.reactions(n, at) != model.reactions(n, at)));
    }

    #[test]
    fn a_rate_that_is_none_still_lets_time_go_on() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
            assert!(Model { rate_per_sec: rate, ..Model::default() }.slot_micros() > 0, "{rate}");
        }
        assert_eq!(Model::default().slot_micros(), 50_000);
    }
}
