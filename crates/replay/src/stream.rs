//! What is played: events in the order of time, and the catalogue of each moment.

use beckon_core::desk::Offers;
use beckon_core::event::Incoming;
use beckon_core::ids::MessageId;
use beckon_core::time::ShopTime;
use std::iter::Peekable;

/// Events as they reached the shop, each once, in the order of their arrival. Where the time of one lies before
/// that of an earlier one, it counts as arriving with it: the clock of a shop never runs back.
pub trait Stream {
    /// When the next event arrives; `None` when there is none any more.
    fn next_at(&mut self) -> Option<ShopTime>;
    /// The next event with the moment of its arrival.
    fn next(&mut self) -> Option<(ShopTime, Incoming)>;
    /// Somebody follows a link of a message into the shop. What she does there is the stream's to tell; a past
    /// that lies behind tells nothing more.
    fn came(&mut self, _visit: &Visit) {}
}

/// A visit by the link of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit<'a> {
    /// The address the message went to.
    pub address: &'a str,
    /// The message.
    pub message: MessageId,
    /// When she comes.
    pub at: ShopTime,
}

/// Events that are told as they were, whatever is sent.
pub struct Told<I: Iterator<Item = (ShopTime, Incoming)>>(Peekable<I>);

impl<I: Iterator<Item = (ShopTime, Incoming)>> Told<I> {
    /// The events of an iterator.
    pub fn new(events: impl IntoIterator<IntoIter = I>) -> Told<I> {
        Told(events.into_iter().peekable())
    }
}

impl<I: Iterator<Item = (ShopTime, Incoming)>> Stream for Told<I> {
    fn next_at(&mut self) -> Option<ShopTime> {
        self.0.peek().map(|(at, _)| *at)
    }

    fn next(&mut self) -> Option<(ShopTime, Incoming)> {
        self.0.next()
    }
}

/// What could be ordered at a moment: a replay of March asks for March's stock.
pub trait Catalogue {
    /// The catalogue as it was then.
    fn on(&self, at: ShopTime) -> &dyn Offers;
}

impl<T: Offers> Catalogue for T {
    fn on(&self, _: ShopTime) -> &dyn Offers {
        self
    }
}
