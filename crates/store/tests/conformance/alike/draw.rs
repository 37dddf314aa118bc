//! Commits drawn at random from few names.

use crate::world::{message, message_id, profile_id};
use beckon_core::event::Strength;
use beckon_core::ids::*;
use beckon_core::time::ShopTime;
use beckon_store::*;
use proptest::prelude::*;

pub const SHOPS: [ShopId; 2] = [ShopId(1), ShopId(7)];
const STATES: [MessageState; 8] = {
    use MessageState::*;
    [Approved, Claimed, Handing, Sent, Never, Unknown, Withheld, Ghost]
};
pub const NAMES: [&str; 5] = ["cart", "Größe", "anna@example.org", "", "a\u{10ffff}z"];
pub const KINDS: [DoorKind; 4] = [DoorKind::User, DoorKind::Email, DoorKind::Anonymous, DoorKind::Order];

pub fn shop() -> impl Strategy<Value = ShopId> {
    prop::sample::select(SHOPS.to_vec())
}

/// Few profiles, in low and high buckets, with numbers of either sign.
fn profile_of() -> impl Strategy<Value = ProfileId> {
    (0u64..6).prop_map(profile_id)
}

fn message_of() -> impl Strategy<Value = MessageId> {
    (0u64..6).prop_map(message_id)
}

pub fn number() -> impl Strategy<Value = u64> {
    prop_oneof![0u64..4, (0u64..3).prop_map(|n| u64::MAX - n), Just(1 << 63)]
}

pub fn time() -> impl Strategy<Value = ShopTime> {
    prop_oneof![(0i64..40).prop_map(ShopTime), Just(ShopTime(-5)), Just(ShopTime(1_900_000_000_000))]
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned)
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..12)
}

/// A door's number tells its bucket, as the hash of an identity tells both.
pub fn bucket_of(number: u64) -> Bucket {
    Bucket((number % u64::from(BUCKETS)) as u16)
}

/// The first stands for the one that follows what is stored.
fn version() -> impl Strategy<Value = u64> {
    prop_oneof![15 => Just(1u64), 1 => 2u64..5]
}

fn profiles() -> impl Strategy<Value = Vec<ProfileWrite>> {
    let due = prop::option::of(time());
    let one = (shop(), profile_of(), version(), bytes(), prop::option::of(bytes()), due, any::<bool>());
    let write = one.prop_map(|(shop, id, version, hot, warm, due, woken)| ProfileWrite {
        shop,
        id,
        version,
        hot,
        warm,
        due,
        woken,
    });
    prop::collection::vec(write, 0..3)
}

fn words() -> impl Strategy<Value = Vec<WordsWrite>> {
    let one = (shop(), profile_of(), prop::collection::btree_set(name(), 0..4));
    let write = one.prop_map(|(shop, profile, words)| WordsWrite {
        shop,
        profile,
        words: words.into_iter().filter(|word| !word.is_empty()).collect(),
    });
    prop::collection::vec(write, 0..3)
}

fn identities() -> impl Strategy<Value = Vec<IdentityWrite>> {
    let who = (shop(), number(), prop::sample::select(KINDS.to_vec()), name(), profile_of());
    let one = (who, any::<bool>(), time(), any::<u8>(), 0u32..30_000);
    let write = one.prop_map(|((shop, door, kind, value, profile), proved, since, moves, moves_day)| {
        let strength = if proved { Strength::Proved } else { Strength::Claimed };
        let (bucket, door) = (bucket_of(door), DoorId(door));
        IdentityWrite { shop, bucket, door, kind, value, profile, strength, since, moves, moves_day }
    });
    prop::collection::vec(write, 0..4)
}

fn events() -> impl Strategy<Value = Vec<EventWrite>> {
    let one = (shop(), profile_of(), number(), time(), bytes());
    let write =
        one.prop_map(|(shop, profile, number, at, body)| EventWrite { shop, profile, number, at, body });
    prop::collection::vec(write, 0..6)
}

fn new_message() -> impl Strategy<Value = MessageWrite> {
    let who = (shop(), message_of(), profile_of(), name(), name(), name());
    let when =
        (0u8..3, prop::sample::select(STATES.to_vec()), time(), time(), prop::option::of(time()), bytes());
    (who, when).prop_map(|((shop, id, profile, journey, step, reason), when)| {
        let (lane, state, not_before, created_at, ended_at, body) = when;
        let row = MessageRow { shop, id, profile, journey, step, reason, lane, state, ..message(1) };
        MessageWrite::New(Box::new(MessageRow { not_before, created_at, ended_at, body, ..row }))
    })
}

fn moved_message() -> impl Strategy<Value = MessageWrite> {
    let from = prop_oneof![
        4 => Just(&STATES[..]),
        1 => Just(&STATES[..3]),
        1 => Just(&STATES[2..4]),
    ];
    let to = prop::sample::select(STATES.to_vec());
    let one =
        (shop(), message_of(), from, to, time(), prop::option::of(time()), name(), prop::option::of(name()));
    one.prop_map(|(shop, id, from, to, at, not_before, reason, note)| MessageWrite::Move {
        shop,
        id,
        from,
        to,
        at,
        not_before,
        reason,
        note,
    })
}

fn marked_message() -> impl Strategy<Value = MessageWrite> {
    use Mark::*;
    let marks = vec![Opened, OpenedByMachine, Clicked, ClickedByMachine, Bounced, Complained, Unsubscribed];
    (shop(), message_of(), prop::sample::select(marks), time())
        .prop_map(|(shop, id, mark, at)| MessageWrite::Mark { shop, id, mark, at })
}

fn messages() -> impl Strategy<Value = Vec<MessageWrite>> {
    let body =
        (shop(), message_of(), bytes()).prop_map(|(shop, id, body)| MessageWrite::Body { shop, id, body });
    let one = prop_oneof![6 => new_message(), 1 => moved_message(), 1 => body, 2 => marked_message()];
    prop::collection::vec(one, 0..8)
}

fn orders() -> impl Strategy<Value = Vec<OrderWrite>> {
    let credit = (name(), name(), message_of(), time(), -50i64..50, name());
    let credit = credit.prop_map(|(journey, step, message, at, minor, currency)| CreditWrite {
        journey,
        step,
        message,
        at,
        minor,
        currency,
    });
    let owed = (name(), time(), 0u32..5, -9i64..9).prop_map(|(arm, at, units, minor)| {
        let (block, currency) = ("home".to_owned(), "EUR".to_owned());
        BlockCreditWrite { block, arm, at, units, minor, currency }
    });
    // An order owes a block and arm once.
    let owed = prop::collection::vec(owed, 0..3).prop_map(|mut owed| {
        owed.sort_by(|a, b| a.arm.cmp(&b.arm));
        owed.dedup_by(|a, b| a.arm == b.arm);
        owed
    });
    let placed = prop::option::of((profile_of(), time()));
    let one = (shop(), number(), version(), bytes(), prop::option::of(credit), owed, placed);
    let write = one.prop_map(|(shop, door, version, body, credit, block_credits, placed)| OrderWrite {
        shop,
        bucket: bucket_of(door),
        door: DoorId(door),
        version,
        body,
        credit,
        block_credits,
        placed,
    });
    prop::collection::vec(write, 0..3)
}

fn addresses() -> impl Strategy<Value = Vec<AddressWrite>> {
    let one = (shop(), number(), version(), bytes());
    let write = one.prop_map(|(shop, door, version, body)| AddressWrite {
        shop,
        bucket: bucket_of(door),
        door: DoorId(door),
        version,
        body,
    });
    prop::collection::vec(write, 0..2)
}

fn letter_key() -> impl Strategy<Value = LetterKey> {
    (shop(), number()).prop_map(|(shop, number)| LetterKey { bucket: bucket_of(number), shop, number })
}

/// A commit; its epoch is how much it is off.
pub fn commit() -> impl Strategy<Value = Commit> {
    let seen = (shop(), number(), time()).prop_map(|(shop, number, at)| SeenWrite {
        shop,
        bucket: bucket_of(number),
        number,
        at,
    });
    let line = (shop(), profile_of(), time(), bytes()).prop_map(|(shop, profile, at, body)| JournalWrite {
        shop,
        profile,
        at,
        body,
    });
    let letters = (letter_key(), time(), bytes()).prop_map(|(key, at, body)| LetterWrite { key, at, body });
    let parked = (shop(), number(), time(), name(), bytes());
    let parked = parked.prop_map(|(shop, number, at, reason, body)| ParkedWrite {
        shop,
        bucket: bucket_of(number),
        number,
        at,
        reason,
        body,
    });
    let counts = (shop(), 0u32..4, name(), name(), name(), -5i64..50);
    let counts = counts.prop_map(|(shop, hour, journey, step, metric, n)| CountDelta {
        shop,
        hour,
        journey,
        step,
        metric,
        n,
    });
    let of = |n: usize| 0..n;
    let first =
        (prop_oneof![19 => Just(0u64), 1 => Just(1)], time(), profiles(), words(), identities(), events());
    let second =
        (prop::collection::vec(seen, of(4)), messages(), prop::collection::vec(line, of(4)), orders());
    let letters_done = prop_oneof![9 => Just(Vec::new()), 1 => prop::collection::vec(letter_key(), of(3))];
    // Nothing stands in the inbox: whoever says that he applied it is refused.
    let gone = letter_key().prop_map(|LetterKey { bucket, shop, number }| InboxKey { bucket, shop, number });
    let inbox_done = prop_oneof![19 => Just(Vec::new()), 1 => prop::collection::vec(gone, of(3))];
    let third = (addresses(), prop::collection::vec(letters, of(4)), letters_done, inbox_done);
    let fourth = (prop::collection::vec(parked, of(4)), prop::collection::vec(counts, of(6)));
    (first, second, third, fourth).prop_map(|(first, second, third, fourth)| {
        let (epoch, now, profiles, words, identities, events) = first;
        let (seen, messages, journal, orders) = second;
        let (addresses, letters, letters_done, inbox_done) = third;
        let (parked, counts) = fourth;
        Commit {
            epoch,
            now,
            profiles,
            words,
            identities,
            events,
            seen,
            messages,
            journal,
            orders,
            addresses,
            letters,
            letters_done,
            inbox_done,
            parked,
            counts,
        }
    })
}
