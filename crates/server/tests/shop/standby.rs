//! The queue of a program that stands by: what must not be lost goes into the inbox, the owner applies it,
//! and whoever takes over goes on with the same queue.

use crate::seed::{cart, handed, left_carts};
use crate::support::World;
use beckon_core::event::Incoming;
use beckon_core::ids::{Bucket, Door, DoorKind, MessageId};
use beckon_core::input::{Delivered, Feedback, Reaction};
use beckon_core::time::ShopTime;
use beckon_server::app::SHOP;
use beckon_server::run::clerk::Clerk;
use beckon_server::run::decider::{Handle, NotTaken};
use beckon_server::run::task::{Answer, Task, feedback};
use beckon_store::{InboxKey, InboxWrite, MessageRow};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// A clerk beside the shop's own decider, as another program has it.
fn clerk(world: &World, inbox_max: u64) -> (Handle, Arc<OnceLock<u64>>) {
    let app = &world.app;
    let (mut clerk, handle) = Clerk::new(&app.store, &app.clock, &app.state);
    clerk.inbox_max = inbox_max;
    let epoch = Arc::new(OnceLock::new());
    let given = epoch.clone();
    std::thread::spawn(move || clerk.run(&given));
    (handle, epoch)
}

async fn tell(handle: &Handle, events: Vec<Incoming>) -> Result<(), NotTaken> {
    handle.ask(|reply| Task::Events { shop: SHOP, events, reply }).await.map(drop)
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(20), "not within 20 s: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn is_known(world: &World, number: u64) -> bool {
    let door = Door::new(DoorKind::User, format!("user-{number}"));
    !world.app.store.holders(SHOP, &[(door.bucket(SHOP), door.id(SHOP))]).unwrap().is_empty()
}

fn reaction(row: &MessageRow, kind: Reaction) -> Feedback {
    let (journey, step) = (row.journey.clone(), row.step.clone());
    Feedback {
        message: row.id,
        address: row.address,
        journey,
        step,
        kind,
        at: ShopTime(row.created_at.0 + 1),
        first: true,
    }
}

#[tokio::test]
async fn events_are_kept_and_applied_and_an_unsubscribe_is_answered_when_it_is_in_force() {
    let world = World::new();
    left_carts(&world).await;
    let message = handed(&world, Delivered::Sent, "250 ok").await;
    let (standby, _epoch) = clerk(&world, 100);
    tell(&standby, vec![cart(&world, 71, "a@shop.example", "kettle", None)]).await.unwrap();
    until("the owner applies it", || is_known(&world, 71)).await;
    let id: MessageId = message.parse().unwrap();
    let row = || world.app.store.message(SHOP, id).unwrap().unwrap();
    let before = row();
    let react = async |kind| {
        let (profile, said) = (before.profile, reaction(&before, kind));
        standby.ask(|reply| feedback(SHOP, profile, said, reply)).await
    };
    assert!(matches!(react(Reaction::Clicked).await, Ok(Answer::Done)));
    assert!(matches!(react(Reaction::Unsubscribed).await, Ok(Answer::Done)));
    assert!(row().ended_badly_at.is_some(), "it was told before it was in force");
    assert!(row().clicked_at.is_some(), "what came first is applied first");
    let taken = standby.ask(|reply| Task::Take { most: 1, reply }).await;
    assert!(matches!(taken, Err(NotTaken::Unavailable)), "only the owner sends: {taken:?}");
    standby.stop();
}

#[tokio::test]
async fn a_full_inbox_is_answered_busy_and_who_takes_over_works_it_off() {
    let world = World::asleep(&beckon_store::Options::default());
    let (standby, epoch) = clerk(&world, 5);
    let event = |number| cart(&world, number, "a@shop.example", "kettle", None);
    tell(&standby, (1..=3).map(event).collect()).await.unwrap();
    assert_eq!(tell(&standby, (11..=13).map(event).collect()).await, Err(NotTaken::Busy), "all or none");
    tell(&standby, (4..=5).map(event).collect()).await.unwrap();
    assert_eq!(tell(&standby, vec![event(6)]).await, Err(NotTaken::Busy));
    assert_eq!(world.app.store.inbox_rows(100).unwrap(), 5);
    // What cannot be read, and what is known already, hold up nobody.
    let key = InboxKey { bucket: Bucket(7), shop: SHOP, number: 77 };
    let broken = InboxWrite { key, at: ShopTime(1), body: b"{broken".to_vec() };
    world.app.store.put_inbox(&[broken]).unwrap();
    epoch.set(world.app.store.raise_epoch().unwrap()).unwrap();
    standby.arrived();
    until("all are applied", || world.app.store.inbox_rows(100).unwrap() == 0).await;
    assert!((1..=5).all(|number| is_known(&world, number)) && !is_known(&world, 6));
    let parked = world.app.store.parked(SHOP, None, 9).unwrap();
    assert_eq!(parked.len(), 1, "{parked:?}");
    assert_eq!((parked[0].number, parked[0].body.as_slice()), (77, b"{broken".as_slice()));
    assert!(parked[0].reason.contains("cannot be read"));
    // As the owner it decides by itself.
    tell(&standby, vec![event(6), event(1)]).await.unwrap();
    assert!(is_known(&world, 6));
    let events = world.app.store.events(0, 100).unwrap();
    assert_eq!(events.len(), 6, "each once");
    standby.stop();
}
