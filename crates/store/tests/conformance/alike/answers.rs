//! Everything that can be asked of a store about the few names that are drawn.

use super::draw::{KINDS, NAMES, SHOPS, bucket_of};
use crate::world::{message_id, profile_id};
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_store::*;

const NUMBERS: [u64; 8] = [0, 1, 2, 3, 1 << 63, u64::MAX - 2, u64::MAX - 1, u64::MAX];
const ALL: usize = 1_000;
const EVER: (ShopTime, ShopTime) = (ShopTime(-1_000), ShopTime::NEVER);

/// Each answer with its question.
pub fn answers(store: &Store) -> Vec<String> {
    let mut told = vec![format!("head {:?}", store.head().unwrap()), format!("{:?}", store.suspicion())];
    told.extend(waiting(store));
    told.push(format!("loaded {:#?}", store.load(&everything()).unwrap()));
    told.push(format!("events {:?}", paged_events(store)));
    for shop in SHOPS {
        told.extend(customers(store, shop));
        told.extend(people(store, shop));
        told.extend(messages(store, shop));
        told.extend(sums(store, shop));
    }
    told
}

fn waiting(store: &Store) -> Vec<String> {
    let mut told = vec![
        format!("next due {:?} outbox {:?}", store.next_due().unwrap(), store.next_outbox().unwrap()),
        format!("interrupted {:?}", store.interrupted().unwrap()),
        format!("letters {:?} {:?}", store.letters(2).unwrap(), store.letters(ALL).unwrap()),
        format!("waiting {:?}", store.waiting().unwrap()),
    ];
    for now in [0, 20, i64::MAX].map(ShopTime) {
        told.push(format!(
            "wakeups {:?} {:?}",
            store.wakeups(now, 2).unwrap(),
            store.wakeups(now, ALL).unwrap()
        ));
        for lane in 0..3 {
            let mut outbox = store.outbox(now, lane, ALL).unwrap();
            assert!(outbox.is_sorted_by_key(|m| m.not_before));
            // Which of those that wait equally long is first is nobody's business.
            outbox.sort_by_key(|m| (m.not_before, m.shop, m.id));
            told.push(format!("outbox of lane {lane} at {now:?} {outbox:?}"));
        }
    }
    told
}

fn everything() -> Wanted {
    let mut wanted = Wanted::default();
    for shop in SHOPS {
        let doors = NUMBERS.map(|n| (shop, bucket_of(n), DoorId(n)));
        wanted.identities.extend(doors);
        wanted.orders.extend(doors);
        wanted.addresses.extend(doors);
        // The same twice, and what is asked for with and without its warm half.
        wanted.identities.push(doors[0]);
        wanted.events.extend(NUMBERS.map(|n| (shop, bucket_of(n), n)));
        for n in 0..7 {
            wanted.events.extend(NUMBERS.map(|number| (shop, profile_id(n).bucket(), number)));
            wanted.profiles.extend([true, false].map(|warm| (shop, profile_id(n), warm)));
            wanted.messages.push((shop, message_id(n)));
        }
    }
    wanted
}

/// The numbers of rows are each engine's own: they only lead on.
fn paged_events(store: &Store) -> Vec<EventRow> {
    let (mut after, mut events) = (-1, Vec::new());
    loop {
        let page = store.events(after, 7).unwrap();
        let Some((last, _)) = page.last() else { return events };
        after = *last;
        events.extend(page.into_iter().map(|(_, event)| event));
    }
}

fn customers(store: &Store, shop: ShopId) -> Vec<String> {
    let (mut before, mut listed) = (None, Vec::new());
    loop {
        let page = store.customers(shop, before, 3).unwrap();
        let Some(last) = page.last() else { break };
        before = Some(PageKey { at: last.since, id: last.door.0 });
        listed.extend(page);
    }
    let mut told = vec![format!("customers {listed:?}")];
    let (mut before, mut parked) = (None, Vec::new());
    loop {
        let page = store.parked(shop, before, 2).unwrap();
        let Some(last) = page.last() else { break };
        before = Some(PageKey { at: last.at, id: last.number });
        parked.extend(page);
    }
    told.push(format!("parked {parked:?}"));
    for kind in KINDS {
        for prefix in NAMES.iter().chain(&["a", "Gr"]) {
            let found = [1, ALL].map(|limit| store.search(shop, kind, prefix, limit).unwrap());
            told.push(format!("search {kind:?} {prefix:?} {found:?}"));
        }
    }
    for prefix in NAMES.iter().chain(&["c", "a", "Gr"]) {
        let found = [2, ALL].map(|limit| store.search_words(shop, prefix, limit).unwrap());
        told.push(format!("words {prefix:?} {found:?}"));
    }
    told
}

fn people(store: &Store, shop: ShopId) -> Vec<String> {
    let ids: Vec<ProfileId> = (0..7).map(profile_id).collect();
    let doors = NUMBERS.map(|n| (bucket_of(n), DoorId(n)));
    let mut told = vec![
        format!("profiles {:?}", store.profiles(shop, &ids).unwrap()),
        format!("holders {:?}", store.holders(shop, &doors).unwrap()),
        format!("timeline {:?}", timeline(store, shop, &ids[..4])),
    ];
    for id in &ids {
        let first = store.hot_halves(shop, id.bucket(), None, 5).unwrap();
        let rest = store.hot_halves(shop, id.bucket(), Some(*id), 5).unwrap();
        told.push(format!("hot {first:?} {rest:?}"));
        told.push(format!("identities {:?}", store.identities(shop, *id).unwrap()));
    }
    told.extend(doors.map(|(bucket, door)| format!("order {:?}", store.order(shop, bucket, door).unwrap())));
    told
}

fn timeline(store: &Store, shop: ShopId, ids: &[ProfileId]) -> Vec<String> {
    let (mut before, mut told) = (None, Vec::new());
    loop {
        let page = store.timeline(shop, ids, before, 5).unwrap();
        let Some(last) = page.last() else { return told };
        before = Some(last.key());
        told.extend(page.into_iter().map(|row| match row {
            TimelineRow::Event { event, .. } => format!("{event:?}"),
            TimelineRow::Journal(line) => format!("{:?}", JournalRow { seq: 0, ..line }),
        }));
    }
}

fn messages(store: &Store, shop: ShopId) -> Vec<String> {
    let all = MessageFilter { shop, ..MessageFilter::default() };
    let name = |name: &str| Some(name.to_owned());
    let mut filters = vec![
        all.clone(),
        MessageFilter { profile: Some(profile_id(1)), ..all.clone() },
        MessageFilter { journey: name("cart"), ..all.clone() },
        MessageFilter { step: name("Größe"), ..all.clone() },
        MessageFilter { reason: name("cart"), ..all.clone() },
        MessageFilter { reason: name(""), ..all.clone() },
        MessageFilter { channel: name("sms"), ..all.clone() },
        MessageFilter { from: Some(ShopTime(7)), until: Some(ShopTime(20)), ..all.clone() },
    ];
    for n in 1..=8 {
        let state = MessageState::from_number(n);
        filters.push(MessageFilter { state, ..all.clone() });
        filters.push(MessageFilter {
            state,
            journey: name("cart"),
            until: Some(ShopTime(20)),
            ..all.clone()
        });
    }
    let list = |filter: &MessageFilter| {
        let (mut before, mut listed) = (None, Vec::new());
        loop {
            let page = store.messages(filter, before, 2).unwrap();
            let Some(last) = page.last() else { return listed };
            before = Some(PageKey { at: last.created_at, id: last.id.0 });
            listed.extend(page);
        }
    };
    let mut told: Vec<String> = filters.iter().map(|f| format!("messages {f:?} {:?}", list(f))).collect();
    told.extend((0..7).map(|n| format!("message {:?}", store.message(shop, message_id(n)).unwrap())));
    told
}

fn sums(store: &Store, shop: ShopId) -> Vec<String> {
    let mut told = Vec::new();
    for hours in [(0, 9), (1, 3)] {
        for journey in [None, Some("cart"), Some("")] {
            told.push(format!("numbers {hours:?} {:?}", store.numbers(shop, journey, hours).unwrap()));
        }
        told.extend(NAMES.map(|m| format!("hourly {m} {:?}", store.hourly(shop, m, hours).unwrap())));
    }
    for (from, until) in [EVER, (ShopTime(5), ShopTime(25))] {
        told.push(format!("credits {:?}", store.credits(shop, from, until).unwrap()));
        told.push(format!("buyers {:?}", store.buyers(shop, from, until).unwrap()));
        told.push(format!("blocks {:?}", store.block_credits(shop, from, until).unwrap()));
    }
    told
}
