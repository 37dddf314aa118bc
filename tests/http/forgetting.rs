//! What is too old goes, and what must stay stays, while the clock moves on.

use crate::house::House;
use beckon_core::time::{DAY, HOUR};
use beckon_server::ops::retention::{KINDS, slice};

fn forget(house: &House) {
    for (what, name) in KINDS {
        let mut cursor = Some(-1);
        while let Some(at) = cursor {
            cursor = slice(house.app(), what, name, at).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_go_first_then_events_and_an_old_link_still_unsubscribes() {
    let house = House::open().await;
    house.fills_cart("b-1", "anna@mail.example", "P-1").await;
    house.pass(HOUR.times(3)).await;
    let letter = house.letter();
    let (events, body) = (house.events().len(), house.messages()[0].body.len());
    assert!(events >= 2 && body > 2);
    forget(&house);
    assert_eq!(house.events().len(), events, "nothing is old yet");
    assert_eq!(house.messages().last().unwrap().body.len(), body);
    let then = house.app().now();
    house.app().clock.jump(then.plus(DAY.times(91)));
    forget(&house);
    assert_eq!(house.events().len(), events);
    // What the jump made due may be written meanwhile; it is new.
    let old: Vec<_> = house.messages().into_iter().filter(|row| row.created_at <= then).collect();
    assert!(old.iter().all(|row| row.handed_at.is_none() || row.body.is_empty()) && !old.is_empty());
    let gone = house.post_form(&letter.path("/u/"), "List-Unsubscribe=One-Click").await;
    assert_eq!(gone.status, 200, "{}", gone.body);
    house.app().clock.jump(house.app().now().plus(DAY.times(400)));
    forget(&house);
    assert_eq!((house.events().len(), house.messages().len()), (0, 0));
    house.close().await;
}
