//! Plans nobody would write and streams nobody would send: nothing panics, and everything stays bounded.

use crate::shop::{AllInStock, START, browse, cart, journey, news, plan};
use beckon_core::event::{
    Event, Fact, Identity, Incoming, ItemRef, Line, Mode, OrderFact, OrderStatus, Source, Strength, Traits,
};
use beckon_core::ids::{Door, DoorKind, ShopId};
use beckon_core::plan::Plan;
use beckon_core::time::{DAY, MINUTE, SECOND, ShopTime, Span};
use beckon_replay::{Model, Report, Setup, Told, run};
use proptest::prelude::*;

fn setup<'a>(plan: &'a Plan, model: &'a Model, days: i64) -> Setup<'a> {
    let until = START.plus(DAY.times(days));
    Setup { shop: ShopId(1), plan, catalogue: &AllInStock, model, from: START, until }
}

fn play(plan: &Plan, model: &Model, days: i64, events: Vec<(ShopTime, Incoming)>) -> Report {
    let report = run(&setup(plan, model, days), &mut Told::new(events));
    assert_eq!(report.total.approved, report.total.ends(), "{report:?}");
    report
}

fn incoming(number: u64, at: ShopTime, who: u8, fact: Fact) -> (ShopTime, Incoming) {
    let claimed =
        |kind, value: String| Identity { door: Door::new(kind, value), strength: Strength::Claimed };
    let mut identities = vec![claimed(DoorKind::Anonymous, format!("browser-{}", who % 8))];
    let mut traits = Traits::default();
    if matches!(fact, Fact::Identified { .. }) {
        let email = format!("{}@shop.example", who % 5);
        identities.insert(0, claimed(DoorKind::Email, email.clone()));
        traits = Traits { email: Some(email), email_consent: Some(true), ..traits };
    }
    let (mode, source) = (Mode::Live, Source::Browser);
    let event = Event { number, occurred_at: at, received_at: at, mode, source, fact };
    (at, Incoming { event, identities, traits })
}

fn fact(kind: u8, what: u8) -> Fact {
    let item = ItemRef { id: format!("P{}", what % 9), alt: String::new() };
    let line = Line { item: item.clone(), quantity: u32::from(what), price: None };
    let cart = String::new();
    match kind % 8 {
        0 => Fact::Page { path: "/".to_owned() },
        1 => Fact::ProductViewed { item },
        2 => Fact::CartAdded { cart, line },
        3 => Fact::CartRemoved { cart, line },
        4 => Fact::CartIs { cart, lines: vec![line] },
        5 => Fact::Identified { traits: vec!["email".to_owned()] },
        6 => Fact::Heartbeat,
        _ => {
            let (id, status) = (format!("O{what}"), OrderStatus::Completed);
            Fact::Order(OrderFact { id, status, total: None, lines: vec![line] })
        }
    }
}

#[test]
fn a_hundred_thousand_events_of_one_shopper_end_soon_and_write_to_her_as_caps_allow() {
    let plan = plan(vec![cart(), browse(), news()]);
    let facts = (0..100_000u64).map(|n| {
        let at = START.plus(SECOND.times(n as i64 * 20));
        incoming(n, at, 0, fact((n % 8) as u8, (n % 251) as u8))
    });
    let report = play(&plan, &Model::default(), 30, facts.collect());
    assert_eq!((report.events, report.people), (100_000, 1));
    assert!(report.total.sent < 200, "{}", report.total.sent);
}

#[test]
fn a_clock_that_runs_back_does_not_take_time_with_it() {
    let plan = plan(vec![cart()]);
    let times = [0, 60, -100_000, 61, i64::MIN / 2_000, 62, 40, 63];
    let events = times.iter().enumerate().map(|(n, secs)| {
        let at = START.plus(Span(secs * 1_000));
        incoming(n as u64, at, 0, fact(if n == 0 { 5 } else { 2 }, n as u8))
    });
    let report = play(&plan, &Model::default(), 3, events.collect());
    assert_eq!(report.events, 8);
    assert_eq!(report.days.len(), 3);
}

#[test]
fn a_plan_that_never_rests_still_ends() {
    let restless = journey(
        "journey: restless\nclass: T\npriority: 50\nentry: {on: left, after: 0s, again_after: 0s}\nsteps:\n  \
         - message: now\n    template: t\n    deadline: 1s\n",
    );
    let plan = plan(vec![restless]);
    let model = Model { deferred: 1.0, rate_per_sec: 1e9, ..Model::default() };
    let events = (0..500).map(|n| incoming(n, START.plus(MINUTE.times(n as i64)), 0, fact(5, 1)));
    let report = play(&plan, &model, 5, events.collect());
    assert_eq!(report.events, 500);
}

#[test]
fn nothing_at_all_comes_to_nothing() {
    let plan = plan(Vec::new());
    let report = play(&plan, &Model::default(), 2, Vec::new());
    assert_eq!((report.events, report.total.approved, report.days.len()), (0, 0, 2));
    let model = Model::default();
    let (until, from) = (ShopTime(i64::MIN), ShopTime(i64::MAX));
    let report = run(&Setup { until, from, ..setup(&plan, &model, 1) }, &mut Told::new(Vec::new()));
    assert_eq!(report.events, 0);
}

fn span() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("0s"), Just("1s"), Just("15m"), Just("4h"), Just("1d"), Just("40d")]
}

/// A message of class T may not wait for longer than a week.
fn deadline() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("1s"), Just("15m"), Just("4h"), Just("1d"), Just("7d")]
}

fn step(n: usize) -> impl Strategy<Value = String> {
    let beaten = prop_oneof![Just("drop"), Just("postpone"), Just("merge")];
    prop_oneof![
        4 => (deadline(), beaten, 0u8..100).prop_map(move |(deadline, beaten, priority)| format!(
            "  - {{message: m{n}, template: t{n}, deadline: {deadline}, when_beaten: {beaten}, priority: {priority}}}\n"
        )),
        2 => (span(), prop_oneof![Just("here"), Just("start"), Just("last_send")])
            .prop_map(move |(of, from)| format!("  - {{wait: w{n}, for: {of}, from: {from}}}\n")),
        1 => span().prop_map(move |up_to| format!(
            "  - {{wait_for: f{n}, event: Order Completed, up_to: {up_to}, then: [{{goal: g{n}}}]}}\n"
        )),
        1 => Just(format!("  - {{branch: b{n}, when: cart_empty, then: [{{exit: x{n}, reason: empty}}]}}\n")),
    ]
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let class = prop_oneof![Just("T"), Just("R"), Just("A"), Just("B"), Just("C")];
    let entry = prop_oneof![
        Just("on: left"),
        Just("on: event, event: Identify"),
        Just("on: event, event: Order Completed"),
        Just("on: event, event: Product Viewed"),
    ];
    let about = prop_oneof![Just("person"), Just("cart")];
    let steps = (step(0), step(1), step(2)).prop_map(|(a, b, c)| [a, b, c].concat());
    let one = (class, 0u8..100, entry, span(), about, steps);
    prop::collection::vec(one, 1..4).prop_map(|journeys| {
        let text =
            journeys.into_iter().enumerate().map(|(n, (class, priority, entry, after, about, steps))| {
                journey(&format!(
                    "journey: j{n}\nclass: {class}\npriority: {priority}\nabout: {about}\n\
                 entry: {{{entry}, after: {after}}}\nsteps:\n{steps}"
                ))
            });
        plan(text.collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_plan_over_any_stream_ends_and_adds_up(
        plan in any_plan(),
        acts in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), -2_000i64..20_000), 0..300),
        rate in prop_oneof![Just(0.0), Just(0.01), Just(5.0), Just(f64::INFINITY)],
        shares in (0.0..1.0f64, 0.0..1.0f64, 0.0..1.0f64),
    ) {
        let (deferred, dead_addresses, unsubscribed) = shares;
        let model = Model { rate_per_sec: rate, deferred, dead_addresses, unsubscribed, ..Model::default() };
        let mut at = START;
        let events = acts.iter().enumerate().map(|(n, (kind, who, what, secs))| {
            at = at.plus(SECOND.times(*secs));
            incoming(n as u64, at, *who, fact(*kind, *what))
        });
        let events: Vec<_> = events.collect();
        let one = play(&plan, &model, 20, events.clone());
        let two = play(&plan, &model, 20, events);
        prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&two).unwrap());
        let waits = one.longest_wait.map_or(Span(0), |wait| wait.handed.since(wait.due));
        prop_assert!(waits <= DAY.times(41), "{waits}");
    }
}
