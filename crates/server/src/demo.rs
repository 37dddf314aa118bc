//! What `beckon demo` adds to the admin side: a way in by one click, the shop's time, and a guide to what is worth
//! seeing. A program that serves a real shop has none of it.

use crate::i18n::Locale;
use beckon_core::ids::{MessageId, ProfileId};
use beckon_core::time::{MINUTE, SECOND, ShopTime, Span, WallTime};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Paces a visitor may choose: as the wall, an hour in a minute, ten hours in a minute.
pub const PACES: [u32; 3] = [1, 60, 600];
/// A ticket that nobody used in this time is void.
const TICKET_LIVES: Span = MINUTE;
/// How long it is said that a night was skipped.
const MORNING_SAID: Span = SECOND.times(20);

/// The demo around a program; [`crate::app::App::demo`].
pub struct Demo {
    /// The page with the doors.
    pub doors: String,
    /// The invented shop.
    pub shop: String,
    /// The mailbox.
    pub mailbox: String,
    /// Who is let in by a ticket.
    pub staff: String,
    /// Where time shall jump to, living through what lies between.
    pub jump: watch::Sender<Option<ShopTime>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tickets: Vec<(String, Locale, WallTime)>,
    slept: Option<WallTime>,
    guide: Guide,
}

/// What of the guide was done, as it was seen to happen.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    /// The visitor as a customer of the shop.
    pub profile: Option<ProfileId>,
    /// Put something into the cart.
    pub cart: bool,
    /// The address the visitor left.
    pub email: Option<String>,
    /// The newest mail to that address.
    pub message: Option<MessageId>,
    /// A message's page was looked at.
    pub why: bool,
    /// A journey's map was looked at.
    pub map: bool,
    /// A customer's page was looked at.
    pub customer: bool,
    /// A journey's numbers were looked at.
    pub numbers: bool,
    /// Put away by the visitor.
    pub hidden: bool,
}

impl Demo {
    /// A demo whose parts stand at these origins.
    #[must_use]
    pub fn new(doors: &str, shop: &str, mailbox: &str, staff: &str) -> Demo {
        Demo {
            doors: doors.to_owned(),
            shop: shop.to_owned(),
            mailbox: mailbox.to_owned(),
            staff: staff.to_owned(),
            jump: watch::Sender::new(None),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A ticket that lets its bearer in once, soon, in a language.
    #[must_use]
    pub fn ticket(&self, locale: Locale, now: WallTime) -> String {
        let text = crate::access::keys::random_text(24);
        let mut state = self.state();
        state.tickets.retain(|(.., made)| now.since(*made) < TICKET_LIVES);
        state.tickets.push((text.clone(), locale, now));
        text
    }

    /// Takes a ticket; `None` for one that was used, is too old or was never given.
    #[must_use]
    pub fn redeem(&self, text: &str, now: WallTime) -> Option<Locale> {
        let mut state = self.state();
        let place = state.tickets.iter().position(|(known, ..)| known == text)?;
        let (_, locale, made) = state.tickets.swap_remove(place);
        (now.since(made) < TICKET_LIVES).then_some(locale)
    }

    /// A night was skipped.
    pub fn slept(&self, now: WallTime) {
        self.state().slept = Some(now);
    }

    /// Whether it is still to be said that a night was skipped.
    #[must_use]
    pub fn is_morning(&self, now: WallTime) -> bool {
        self.state().slept.is_some_and(|at| now.since(at) < MORNING_SAID)
    }

    /// What of the guide was done.
    #[must_use]
    pub fn guide(&self) -> Guide {
        self.state().guide.clone()
    }

    /// Notes something for the guide.
    pub fn note(&self, change: impl FnOnce(&mut Guide)) {
        change(&mut self.state().guide);
    }

    /// Notes which page is looked at.
    pub fn visited(&self, path: &str) {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        self.note(|guide| match parts.as_slice() {
            ["messages", _] => guide.why = true,
            ["journeys", _] => guide.map = true,
            ["customers", _] => guide.customer = true,
            ["journeys", _, "numbers"] => guide.numbers = true,
            _ => {}
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> Demo {
        Demo::new("http://doors", "http://shop", "http://mail", "demo@x.example")
    }

    #[test]
    fn a_ticket_lets_in_once_and_not_for_long() {
        let demo = demo();
        let ticket = demo.ticket(Locale::Ru, WallTime(0));
        assert_eq!(demo.redeem("another", WallTime(1)), None);
        assert_eq!(demo.redeem(&ticket, WallTime(1)), Some(Locale::Ru));
        assert_eq!(demo.redeem(&ticket, WallTime(2)), None, "a second time");
        let late = demo.ticket(Locale::En, WallTime(0));
        assert_eq!(demo.redeem(&late, WallTime(61_000)), None, "too late");
    }

    #[test]
    fn pages_that_were_looked_at_are_done() {
        let demo = demo();
        for path in ["/", "/journeys", "/customers", "/messages"] {
            demo.visited(path);
        }
        let guide = demo.guide();
        assert!(!guide.why && !guide.map && !guide.customer && !guide.numbers);
        for path in ["/journeys/cart", "/journeys/cart/numbers", "/customers/1", "/messages/2"] {
            demo.visited(path);
        }
        let guide = demo.guide();
        assert!(guide.why && guide.map && guide.customer && guide.numbers);
    }

    #[test]
    fn a_night_is_spoken_of_for_a_while() {
        let demo = demo();
        assert!(!demo.is_morning(WallTime(0)));
        demo.slept(WallTime(0));
        assert!(demo.is_morning(WallTime(19_000)) && !demo.is_morning(WallTime(20_000)));
    }
}
