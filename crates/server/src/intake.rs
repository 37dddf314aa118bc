//! The tracking API's way into the engine.

use crate::access::rights::Scope;
use crate::app::{App, Arrival, SHOP};
use crate::ops::names::{EVENTS_FLAGGED, EVENTS_REFUSED, EVENTS_TAKEN};
use crate::run::decider::NotTaken;
use crate::run::task::Task;
use crate::track::{ClaimMode, Flag, Intake, Key, KeyKind, Refused};
use beckon_core::event::{Incoming, Mode};
use beckon_core::ids::{MessageId, ShopId};
use beckon_core::time::{ShopTime, WallTime};
use beckon_render::Link;
use std::sync::Arc;

/// The program as the tracking API sees it.
#[derive(Clone)]
pub struct Tracking(pub Arc<App>);

impl Intake for Tracking {
    fn key(&self, text: &str) -> Option<Key> {
        let state = self.0.shop();
        let mode = if state.settings.mode == "signed" { ClaimMode::Signed } else { ClaimMode::Open };
        let known = state.keys.find(text)?;
        let kind = match known.document.kind.as_str() {
            "write" => KeyKind::Write,
            // A key that may only read reports nothing.
            _ if known.document.may(Scope::Write) => KeyKind::Server,
            _ => return None,
        };
        known.mark(self.0.clock.wall());
        Some(Key { shop: SHOP, kind, mode })
    }

    fn now(&self) -> (ShopTime, WallTime) {
        self.0.clock.read()
    }

    async fn submit(&self, shop: ShopId, events: Vec<Incoming>) -> Result<(), Refused> {
        let count = events.len() as u64;
        // The owner hears of what it commits; who stands by shows what came here.
        let shown = if self.0.role.owns() { Vec::new() } else { events.clone() };
        match self.0.decider.ask(|reply| Task::Events { shop, events, reply }).await {
            Ok(_) => {
                metrics::counter!(EVENTS_TAKEN).increment(count);
                let live = shown.into_iter().filter(|incoming: &Incoming| incoming.event.mode == Mode::Live);
                live.for_each(|incoming| self.0.arrived(Arrival::Event(Arc::new(incoming))));
                Ok(())
            }
            Err(NotTaken::Busy) => Err(Refused::Busy { retry_after_secs: 1 }),
            Err(NotTaken::Unavailable | NotTaken::Refused) => Err(Refused::Unavailable),
        }
    }

    fn message_of(&self, _: ShopId, token: &str) -> Option<MessageId> {
        match self.0.links().read(token).ok()? {
            Link::Click { message, .. }
            | Link::Open { message }
            | Link::Unsubscribe { message, .. }
            | Link::Preferences { message }
            | Link::View { message }
            | Link::Restore { message } => Some(MessageId(message)),
        }
    }

    fn is_signed(&self, _: ShopId, text: &str, signature: &str) -> bool {
        let now = self.0.clock.wall();
        self.0.shop().signing.as_ref().is_some_and(|signing| signing.proves(text, signature, now))
    }

    fn flag(&self, _: ShopId, flag: Flag) {
        let name = if flag.reason.loses_event() { EVENTS_REFUSED } else { EVENTS_FLAGGED };
        metrics::counter!(name, "reason" => flag.reason.code()).increment(1);
        self.0.arrived(Arrival::Flag(flag));
    }

    fn refused(&self, code: &'static str) {
        self.0.arrived(Arrival::Refused { code, count: 1, at: self.0.now() });
    }
}
