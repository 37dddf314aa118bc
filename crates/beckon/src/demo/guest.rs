//! Who of all the customers sits before the screen: the one that is no invented shopper. The guide speaks of her.

use beckon_core::event::{Fact, Incoming};
use beckon_core::ids::{Door, DoorKind, ProfileId};
use beckon_server::app::{App, SHOP};
use beckon_sim::shoppers::Shoppers;
use beckon_store::MessageFilter;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;

/// Among so many of the newest messages the guest's is looked for.
const NEWEST: usize = 100;

/// The identities of the invented shoppers.
pub struct Invented(BTreeSet<String>);

impl Invented {
    /// Those of the shoppers.
    pub fn of(shoppers: &Shoppers) -> Invented {
        let people = (0..).map_while(|who| shoppers.person(who));
        let doors = people.flat_map(|person| {
            let devices = person.devices.iter().map(|device| device.anonymous_id.clone());
            devices.chain([person.email.clone()])
        });
        Invented(doors.collect())
    }

    fn is_guest(&self, event: &Incoming) -> bool {
        !event.identities.is_empty()
            && !event.identities.iter().any(|identity| self.0.contains(&identity.door.value))
    }
}

/// Notes what the guest does, as it is committed.
pub async fn watch(app: Arc<App>, invented: Invented) {
    let mut committed = app.decider.shared().committed.subscribe();
    loop {
        match committed.recv().await {
            Ok(events) => {
                for (profile, event) in events.iter().filter(|(_, event)| invented.is_guest(event)) {
                    note(&app, *profile, event);
                }
            }
            // Some were missed in a rush; the next ones count.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

fn note(app: &App, profile: ProfileId, event: &Incoming) {
    let Some(demo) = app.demo.get() else { return };
    let email = event.identities.iter().find(|identity| identity.door.kind == DoorKind::Email);
    demo.note(|guide| {
        guide.profile = Some(profile);
        guide.cart |= matches!(event.event.fact, Fact::CartAdded { .. });
        if let Some(email) = email {
            guide.email = Some(email.door.value.clone());
        }
    });
}

/// A mail was taken: when it is the guest's, the guide leads to it.
pub fn mailed(app: &App, to: &str) {
    let Some(demo) = app.demo.get() else { return };
    let Some(email) = demo.guide().email.filter(|email| email.eq_ignore_ascii_case(to)) else { return };
    let address = Door { kind: DoorKind::Email, value: email }.id(SHOP);
    let filter = MessageFilter { shop: SHOP, ..MessageFilter::default() };
    let rows = app.store.messages(&filter, None, NEWEST).unwrap_or_default();
    if let Some(row) = rows.iter().find(|row| row.address == address) {
        demo.note(|guide| {
            guide.message = Some(row.id);
            guide.profile = Some(row.profile);
        });
    }
}
